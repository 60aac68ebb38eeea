"""What the interpreter does before its memory is kept: all that each start would do again.

Takes: a Pyodide with `edge_runtime` on its path, which runs this once. Gives: the package imported, the standard library's
copies compiled, what programs of every kind need once; copies of the most usual packages that no run has had; and what few
programs need, pressed, so that no program is known to need the standard library's archive.
Refuses: a program of its own that does not compile; to leave anything behind that a run made.
"""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
from contextvars import copy_context
from typing import Any, Final, cast

import edge_runtime
from edge_runtime.hosts.browser import BrowserSession
from edge_runtime.hosts.buildid import build_id
from edge_runtime.hosts.pressed import SELDOM, install, press
from edge_runtime.std import copies
from edge_runtime.std.ahead import AHEAD

SHAPES: Final = """
from dataclasses import dataclass
import math

@dataclass
class Point:
    x: float
    y: float = 0.0

def far(points):
    return [math.hypot(p.x, p.y) for p in points if p.x > 0]

for n, d in enumerate(far([Point(1, 2), Point(3)])):
    print(f"{n}: {d:.2f}")
try:
    {}["gone"]
except KeyError as error:
    print(repr(error))
"""
# The last ones fail: at run time, in the parser, in the guard.
FIRST: Final = ("dataclasses", "typing", "json", "contextlib")
"""Standard packages that are ready for the first run, with all that they need (`re`, `enum`, `collections`, …)."""
PROGRAMS: Final = (
    'print("hello")\n',
    SHAPES,
    "def f(n):\n    return 1 // n\n\nf(0)\n",
    "x = (1,\n",
    "print(open('x'))\n",
)
OPTIONS: Final = {
    "entry": "main.py",
    "mode": "run",
    "probe": False,
    "packages": None,
    "imports": {},
    "hosts": {},
    "args": [],
    "defaults": True,
    "fetch": True,
    "record": False,
    "keep": False,
    "memo": True,
    "loaders": False,
    "maxMemory": 2**29,
}
OUTPUT: Final = 2**20


class Given:
    """Bytes, as JavaScript would hold them."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def to_bytes(self) -> bytes:
        return self._data


class Bridge:
    """A page that hears everything and says nothing."""

    stacks = None

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def run(session: BrowserSession, program: str) -> None:
    """Build a program and run it, as the engine does."""
    step = json.loads(session.begin(json.dumps(OPTIONS), Given(program.encode()), Given(b"")))
    if not step["done"]:
        raise AssertionError(f"the program asks for {step['needs']}")
    if step["diagnostics"]:
        session.checked()
    else:
        session.run(cast("Any", Bridge()), OUTPUT)


def warm() -> None:
    """All of it."""
    install(press(SELDOM))  # first: what pressing frees others take
    for module in pkgutil.walk_packages(edge_runtime.__path__, "edge_runtime."):
        importlib.import_module(module.name)
    copies.preload()
    importlib.import_module("_strptime")  # any program with `datetime` has it
    build_id()  # reads every file of the package
    session = BrowserSession(importlib.import_module("pyodide.ffi"))
    for program in PROGRAMS:
        run(session, program)


copy_context().run(warm)  # what a run notes in its context (`typing_for_c.py`) no later run may find
for _ in range(3):  # what a collection frees may have kept more alive
    gc.collect()
if any(type(found) is copies.Copies for found in gc.get_objects()):
    raise AssertionError("the standard library's copies of a run are still there: later runs would share them")
gc.freeze()  # no engine's collections go through what stays as long as it does (hosts/browser.py, `settle`)
AHEAD.prepare_for(FIRST)  # after that: it goes with the first run
