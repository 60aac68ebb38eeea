"""What a hostile engine may say to its page, from inside a real cell: the page ends it, and is well.

Takes: a built `dist/`, Chromium and Firefox, the ways to misbehave of `forger.js`.
Holds: forged, malformed, oversized and endless messages end the engine with one clear error; the next run is fine; no host
package is called, and no file asked for, that the program did not import; the page does not keep what it was sent.
Every message type and field by itself is `tests/browser/test_protocol.py`'s; how fast the page is meanwhile, `bench/flood.py`'s.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.drivers import Driver
from tests.support.lab import RUNTIME_FILES
from tests.support.site import Site, built

HERE = Path(__file__).parent
MIB = 1024 * 1024

# How each way ends, where it does not by one of the errors below.
WAYS = {
    "unknown": 'ProtocolError: the engine sent a message of unknown type "eval"',
    "malformed": "ProtocolError: the engine sent a 'output' message with a bad 'text'",
    "notAnObject": "ProtocolError: the engine sent a message of unknown type (undefined)",
    "nested": "ProtocolError: the engine sent a 'done' message with a bad 'ending'",
    "twice": "ProtocolError: the engine sent a 'linked' message after its program was linked",
    "late": "ProtocolError: the engine sent a 'needs' message after its program was linked",
    "foreignManifest": "ProtocolError: the engine asked for a manifest that is not called packages.json",
    "hugeText": "ProtocolError: the engine sent a 'output' message with a bad 'text'",
    "hugeList": "ProtocolError: the engine sent a 'needs' message with a bad 'needs'",
    "hugeArguments": "ProtocolError: the engine sent a 'asks' message with a bad 'questions'",
    "floodOfGarbage": 'ProtocolError: the engine sent a message of unknown type "eval"',
}
SPARSE = "ProtocolError: the engine sent a 'needs' message with a bad 'needs'"
# Each breaks a bound on rates or on order, whichever comes first.
FLOODS = (
    "floodOfPrints", "floodOfOutput", "floodOfCalls", "floodOfStrangersCalls", "floodOfWaits", "floodOfForgotten",
    "floodOfIdling", "floodOfAnswers", "floodOfStrays", "floodOfStarts", "floodOfBallast", "floodOfNeeds",
)  # fmt: skip
OVER = (
    "ProtocolError: the engine flooded ",
    "ProtocolError: the engine sent more ",
    "ProtocolError: the engine sent a message 'output' with an unknown field",
    "ProtocolError: the engine sent a 'output' message of a run that never was",
)
# Firefox hands over little of what a worker says that never rests: the page sees no flood, and the time limit ends the run.
HELD_BACK = "TimeoutError: the program computed longer than its limit of 5 s"
# The page at rest has about 5 MiB; a flood that it kept would be hundreds.
MOST_HEAP = 128 * MIB


def put_forger(site: Site, dist: Path) -> None:
    """The page, and the forger as its runtime."""
    site.put("/forged.html", (HERE / "forged.html").read_bytes(), "text/html; charset=utf-8")
    site.put("/runtimes/forger/engine.js", (HERE / "forger.js").read_bytes(), "text/javascript")
    site.put("/runtimes/forger/frame.html", (built(dist) / "frame.html").read_bytes(), "text/html; charset=utf-8")
    for name in RUNTIME_FILES:
        site.put(f"/runtimes/forger/runtime/{name}", "")
    files = {name: {"bytes": 0, "sha256": ""} for name in RUNTIME_FILES}
    site.put("/runtimes/forger/runtime/manifest.json", json.dumps({"files": files}), "application/json")


def forged(driver: Driver, dist: Path, *ways: str) -> tuple[Mapping[str, Any], list[str]]:
    """What came of each way, and what the page asked its server for that is no file of the runtime or the page."""
    with Site() as site:
        put_forger(site, dist)
        report = driver.visit(f"{site.url}/forged.html#{quote(json.dumps(ways))}", timeout=100)
        known = ("/dist/", "/runtimes/", "/forged.html")
        return report, [path for path in site.paths() if not path.startswith(known)]


def test_forged_messages_end_the_engine_and_nothing_else(driver: Driver, dist: Path) -> None:
    report, asked = forged(driver, dist, *WAYS)
    assert {way: found["ended"] for way, found in report.items()} == WAYS
    assert {way: found["next"] for way, found in report.items()} == dict.fromkeys(WAYS, "fine")
    assert {way: found["called"] for way, found in report.items()} == {way: [] for way in WAYS}
    assert asked == []


def test_holes_in_a_list_are_no_entries(driver: Driver, dist: Path) -> None:
    report, asked = forged(driver, dist, "sparse")
    assert (report["sparse"]["ended"], report["sparse"]["next"], asked) == (SPARSE, "fine", [])


@pytest.mark.parametrize("way", FLOODS)
def test_floods_end_the_engine_and_nothing_else(driver: Driver, dist: Path, way: str) -> None:
    report, asked = forged(driver, dist, way)
    assert report[way]["ended"].startswith(OVER) or (driver.name == "firefox" and report[way]["ended"] == HELD_BACK)
    assert (report[way]["next"], report[way]["called"]) == ("fine", [])
    assert report[way]["heap"] < MOST_HEAP
    assert asked == [] or way == "floodOfNeeds"


def test_packages_that_the_program_does_not_import_are_nobody_s(driver: Driver, dist: Path) -> None:
    """The page has `page` and `other`; the engine's program imports `page`, whatever else its engine says."""
    report, asked = forged(driver, dist, "packages")
    kinds, *calls = report["packages"]["ended"].replace("][", "]\n[").split("\n")
    assert json.loads(kinds) == ["failed", "failed", "failed", "host"]
    assert sorted(json.loads(call) for call in calls) == [[1, False], [2, False], [3, False], [4, True]]
    assert report["packages"]["called"] == ["page.f"]
    assert asked == []
