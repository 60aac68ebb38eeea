"""The cell under attack: whoever holds the engine holds nothing else.

Takes: a built `dist/`, Chromium and Firefox, the probes of `probes.js` in the place of the engine.
Holds: no probe reaches what it aims at, neither in the cell as it is nor in one where nothing was removed from the
worker: no request, no connection, no datagram, nothing stored, nothing read, no tab that heard, no code from a string.
Refuses: to count a probe that reaches nothing in a plain worker of the page's either: this browser does not offer it.

The words of the phases: `strict` is the cell, `bare` the cell with what its prelude removed given back, `worker` a worker.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.cell.ear import Ear
from tests.support.drivers import Driver
from tests.support.lab import RUNTIME_FILES
from tests.support.site import Site, built

HERE = Path(__file__).parent
CELLS = ("strict", "bare")
PHASES = (*CELLS, "worker")
LEAST = 60
# By family, how many a browser has to offer: so that none is lost unseen.
LEAST_OF = {"network": 25, "scripts": 10, "contexts": 12, "storage": 12, "code": 12, "tabs": 5}
# Each aims at a port, not at a path; the ear of the phase hears them.
BY_EAR = ("fetch-port", "fetch-tls", "websocket-port", "webtransport", "rtc")
# One for each power that a worker has: with everything given back, the probe gets as far as to try.
BASIC = {
    "fetch-near",
    "xhr",
    "websocket-near",
    "eventsource-near",
    "import-near",
    "importscripts-near",
    "worker-near",
} | {"font", "inner-fetch", "database-write", "channel-say", "eval", "function-constructor"}
FROZE = "it froze"
MOST_FROZEN = 12
POLICY = re.compile(r"'sha256-[^']+'")


@dataclass(frozen=True, slots=True)
class Finding:
    """One browser's attack: for each phase and probe, by what it reached its aim; '' where it did not."""

    reached: Mapping[str, Mapping[str, str]]
    families: Mapping[str, str]
    said: Mapping[str, Mapping[str, str]]
    leftovers: tuple[str, ...]
    requests: Mapping[str, int]

    def offered(self) -> list[str]:
        """The probes that count: they reach their aim in a plain worker of this browser."""
        return [name for name, how in self.reached["worker"].items() if how]


@pytest.fixture(scope="module")
def finding(driver: Driver, dist: Path) -> Iterator[Finding]:
    """The attack, once for each browser."""
    with ExitStack() as stack:
        here, there = stack.enter_context(Site()), stack.enter_context(Site())
        ears = {phase: stack.enter_context(Ear()) for phase in PHASES}
        _put(here, dist)
        setting = {"here": here.url, "there": there.url, "name": here.url.replace("127.0.0.1", "localhost")}
        setting["ears"] = {phase: ear.port for phase, ear in ears.items()}  # type: ignore[assignment]
        page = f"{here.url}/attack.html#{quote(json.dumps(setting))}"
        report = driver.visit(page, beside=[f"{here.url}/tab.html"], timeout=240)
        asked = [path for site in (here, there) for path in site.paths()]
        yield _judged(report, asked, {phase: ear.heard for phase, ear in ears.items()})


def _put(site: Site, dist: Path) -> None:
    """The pages, and the attacker as a runtime of each phase."""
    for name in ("attack.html", "tab.html"):
        site.put(f"/{name}", (HERE / name).read_bytes(), "text/html; charset=utf-8")
    site.put("/probes.js", (HERE / "probes.js").read_bytes(), "text/javascript")
    engine = "\n".join((HERE / name).read_text() for name in ("probes.js", "engine.js"))
    frame = (built(dist) / "frame.html").read_text()
    manifest = json.dumps({"files": {name: {"bytes": 0, "sha256": ""} for name in RUNTIME_FILES}})
    for phase in PHASES:
        base = f"/runtimes/{phase}"
        site.put(f"{base}/engine.js", engine, "text/javascript")
        site.put(f"{base}/frame.html", _bare(frame) if phase == "bare" else frame, "text/html; charset=utf-8")
        site.put(f"{base}/runtime/manifest.json", manifest, "application/json")
        for name in RUNTIME_FILES:
            site.put(f"{base}/runtime/{name}", "")
        for name in ("fetch-redirect",):
            site.put(f"/hop/{phase}/{name}", redirect=f"{site.url}/hit/{phase}/{name}")


@cache
def _bare(frame: str) -> str:
    """The real frame; before its worker's own script stands the one that gives everything back.

    Its policy names the hash of its script, which is another one now. The rest of the policy is the real one.
    """
    (script,) = re.findall(r"<script>(.*?)</script>", frame, re.DOTALL)
    saver = json.dumps((HERE / "saver.js").read_text())
    changed = (
        f"Blob = class extends Blob {{ constructor(parts, how) {{ super([{saver}, ...parts], how); }} }};\n{script}"
    )
    digest = base64.b64encode(hashlib.sha256(changed.encode()).digest()).decode()
    (_,) = POLICY.findall(frame)
    return POLICY.sub(f"'sha256-{digest}'", frame).replace(script, changed)


def _judged(report: Mapping[str, Any], asked: list[str], ears: Mapping[str, list[str]]) -> Finding:
    reached: dict[str, dict[str, str]] = {}
    said: dict[str, dict[str, str]] = {}
    leftovers: list[str] = []
    requests: dict[str, int] = {}
    for phase in PHASES:
        found = report[phase]
        traces = [path for path in asked if path.startswith((f"/hit/{phase}/", f"/hop/{phase}/"))]
        requests[phase] = len(traces)
        traces += [*found["added"], *found["tab"]]
        other = [*found["gone"], *found["heard"], *ears[phase]]
        hows: dict[str, str] = {}
        for name, probe in found["probes"].items():
            left = [trace for trace in traces if re.search(rf"(/|-){re.escape(name)}$", trace)]
            how = "; ".join([*([probe["got"]] if probe["reached"] else []), *left])
            hows[name] = how or (", ".join(ears[phase]) if name in BY_EAR else "")
        reached[phase] = hows
        said[phase] = {name: probe["got"] for name, probe in found["probes"].items()}
        if phase in CELLS:
            leftovers += [f"{phase}: {trace}" for trace in (*traces, *other)]
    known = ("/dist/", "/runtimes/", "/attack.html", "/tab.html", "/probes.js", "/hit/", "/hop/")
    leftovers += [f"a request of nobody's: {path}" for path in asked if not path.startswith(known)]
    return Finding(reached, report["families"], said, tuple(leftovers), requests)


def test_the_probes_reach_their_aims_where_nothing_holds_them(finding: Finding, driver: Driver) -> None:
    """Else what follows would hold of probes that cannot do anything."""
    offered = finding.offered()
    not_offered = [name for name in finding.families if name not in offered]
    counts = {family: sum(finding.families[name] == family for name in offered) for family in LEAST_OF}
    print(f"{driver.version}: {len(offered)} probes count: {counts}")
    print(f"{driver.version}: not offered: {', '.join(not_offered)}")
    print(f"{driver.version}: requests that reached a server: {dict(finding.requests)}")
    assert len(offered) >= LEAST
    assert {family for family, least in LEAST_OF.items() if counts[family] < least} == set()


@pytest.mark.parametrize("phase", CELLS)
def test_in_the_cell_no_probe_reaches_its_aim(finding: Finding, phase: str) -> None:
    assert {name: how for name, how in finding.reached[phase].items() if how} == {}


def test_in_the_cell_nobody_else_hears_of_it(finding: Finding) -> None:
    """No request, no connection, no datagram, nothing new or gone in the page's storage, nothing that a tab heard."""
    assert finding.leftovers == ()


def test_it_is_not_only_that_names_are_gone(finding: Finding) -> None:
    """With everything given back, probes fail by the policy and the origin; `strict` alone could hide that these do nothing.

    What a browser itself keeps from an opaque origin, which is no secure context, stays away: caches, locks, files.
    """
    absent = re.compile(r"ReferenceError|\bis not (defined|a constructor|a function)|of undefined|no prototype has it")
    given = {name for name in finding.offered() if not absent.search(finding.said["bare"][name])}
    assert given >= BASIC
    assert len(given) >= LEAST
    assert len([name for name in given if finding.said["bare"][name] == FROZE]) <= MOST_FROZEN
