"""Nothing within reach of a script leads behind the language, on each supported Python.

Takes: the walk (`walk_run.py`), natively in a process of its own and in Pyodide 3.12 to 3.14.
Gives: a failure with the path to each way out, and with whatever one run can leave for the next.
Refuses: a walk that sees nothing: on bare CPython it must find each way out, and in a guarded run what was planted there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.guard.walk_judge import KINDS
from tests.support.pyodides import VERSIONS, RunIn
from tests.support.site import ROOT

RUN = "tests.guard.walk_run:run"
SECONDS = 900
PLAIN = {"a module", "a frame", "a code object", "a cell", "a module's namespace", "the real type", "a raw gadget"}

pytestmark = pytest.mark.timeout(SECONDS + 60)  # a bound for a machine with much else to do; it takes about a minute


def natively(argument: dict[str, Any]) -> dict[str, Any]:
    """One walk in a process of its own: it calls what it finds."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.guard.walk_run", json.dumps(argument)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module", params=("native", *VERSIONS))
def walked(request: pytest.FixtureRequest, run_in: RunIn) -> dict[str, Any]:
    """A walk over a guarded run, and over another."""
    argument = {"walk": "guarded", "twice": True}
    found: dict[str, Any] = (
        natively(argument) if request.param == "native" else run_in(request.param, RUN, argument, seconds=SECONDS)
    )
    print(f"Python {found['python']}: {found['objects']} objects, {found['calls']} calls")
    return found


def test_nothing_leads_behind(walked: dict[str, Any]) -> None:
    assert walked["complete"], "the walk's budget ended before the walk"
    assert walked["findings"] == []


def test_what_a_run_writes_the_next_does_not_see(walked: dict[str, Any]) -> None:
    assert walked["shared"] == []


def test_the_walk_is_one(walked: dict[str, Any]) -> None:
    """So many objects and calls that it was no short cut."""
    assert walked["objects"] > 10_000
    assert walked["calls"] > 200_000


def test_on_bare_cpython_it_finds_the_ways_out() -> None:
    found = natively({"walk": "plain"})
    assert {kind for kind, _ in found["findings"]} >= PLAIN


@pytest.mark.parametrize("version", ["native", "3.14"])
def test_it_finds_what_is_planted(version: str, run_in: RunIn) -> None:
    """One thing of each kind, as the attribute, item, result and error of what a script is given."""
    argument = {"walk": "planted", "modules": ["math"]}
    found = natively(argument) if version == "native" else run_in(version, RUN, argument, seconds=SECONDS)
    planted = {kind for kind, path in found["findings"] if path.startswith("plant_")}
    assert planted == set(KINDS)
    paths = [path for kind, path in found["findings"] if kind == "a module" and path.startswith("plant_")]
    assert sorted(path.partition("[")[0].partition(".")[0].partition("(")[0] for path in paths) == [
        "plant_answer", "plant_attribute", "plant_error", "plant_module",
    ]  # fmt: skip


def test_it_finds_what_two_runs_share() -> None:
    found = natively({"walk": "planted", "modules": ["math"], "twice": True})
    assert any(path.startswith("plant_shared") for path in found["shared"])
