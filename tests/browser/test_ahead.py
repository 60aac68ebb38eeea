"""What an engine does before a program asks: in Chromium, because only there is an engine as pages have it.

Takes: `dist/` as a page loads it. Holds: the engine installs `web/engine/hashes.js`, and makes standard modules for the next run
in idle time (`web/engine/idle.js`). What both do is tested without a browser.
"""

from __future__ import annotations

import pytest

from tests.support.lab import Lab

pytestmark = pytest.mark.usefixtures("dist")

# Where no call of Python's is left, only what needs none goes well.
AT_THE_BOTTOM = """
class Thing: pass
seen, new = Thing(), [Thing() for _ in range(3)]
hash(seen)

def deepest():
    try:
        return deepest()
    except RecursionError:
        pass
    try:
        return hash(seen), *map(hash, new)
    except RecursionError:
        return "hashing calls Python"

def usual():
    return "a call"

def deepest_call():
    try:
        return deepest_call()
    except RecursionError:
        pass
    try:
        return usual()
    except RecursionError:
        return "no call is left"

print(deepest(), deepest_call())
"""
MODULES = """
import dataclasses, json, re, typing
from random import random

@dataclasses.dataclass
class Point:
    x: int

print(Point(1), json.dumps([1]), re.sub("a", "b", "aa"), typing.Optional[typing.List["Point"]], random() < 1)
print([hasattr(one, "left") for one in (re.sub, dataclasses.field, json.dumps, typing.get_args)])
for one in (re.sub, dataclasses.field, json.dumps, typing.get_args):
    one.left = 1
"""
SAID = "Point(x=1) [1] bb typing.List[ForwardRef('Point')] | None True\n[False, False, False, False]\n"
# The engine says with its timers what it does: 50 ms after a run the first part of the modules, then the others one by one.
TOLD = """
const Real = Worker;
const told = new BroadcastChannel('idle');
window.parts = [0, 0];
told.onmessage = ({ data }) => { window.parts[data === 50 ? 0 : 1] += 1; };
const before = `
  const told = new BroadcastChannel('idle');
  const wait = self.setTimeout;
  self.setTimeout = (work, ms, ...given) => wait(() => {
    if (ms === 50 || ms === 1) told.postMessage(ms);
    work();
  }, ms, ...given);
`;
window.Worker = class extends Real {
  constructor(url, options) {
    super(URL.createObjectURL(new Blob([before, `importScripts(${JSON.stringify(String(url))})`])), options);
  }
};
"""


def test_an_engine_makes_its_hashes_and_its_modules_ahead(lab: Lab) -> None:
    lab.open(script=TOLD)
    lab.start("{ isolation: 'worker', spare: false }")
    assert lab.run(AT_THE_BOTTOM)["out"] == "(1, 2, 3, 4) no call is left\n"
    for _ in range(3):
        result = lab.run(MODULES)
        assert (result["out"], result["error"]) == (SAID, None)
        lab.page.wait_for_function("parts[0] > 0 && parts[1] > 10")
        lab.evaluate("() => { window.parts = [0, 0]; }")


LATE = """
def lines():
    try:
        yield 1
    finally:
        print("late")
        while True:
            pass

one = lines()
next(one)
again = [one]
again.append(again)
"""


def test_a_program_has_no_say_after_its_end(lab: Lab) -> None:
    """What it left in cycles goes a moment later: a generator of it does not run on then."""
    lab.start("{ isolation: 'worker', spare: false }")
    assert lab.run(LATE)["ok"]
    lab.page.wait_for_timeout(300)
    lab.evaluate("() => { window.result = null; w.run('print(1)').then((found) => { result = found; }); }")
    lab.page.wait_for_function("result !== null", timeout=10_000)
    assert lab.evaluate("[result.out, result.error]") == ["1\n", None]
