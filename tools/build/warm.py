"""What the interpreter does before its memory is kept: all that each start would do again.

Takes: a Pyodide with `edge_runtime` on its path. Gives: the modules imported, the standard library's copies compiled, what programs
of every kind need once.
Refuses: to leave anything behind that is one run's: what a program made is gone when this is over.
"""

import gc
import importlib
import json
import pkgutil
import sys
from typing import Any

import edge_runtime
import pyodide.ffi
from edge_runtime.hosts.browser import BrowserSession
from edge_runtime.hosts.buildid import build_id
from edge_runtime.std import copies

PROGRAMS = (
    'print("hello")\n',
    "from dataclasses import dataclass\nimport math\n\n@dataclass\nclass Point:\n    x: float\n    y: float = 0.0\n\n"
    "def far(points):\n    return [math.hypot(p.x, p.y) for p in points if p.x > 0]\n\n"
    'for n, d in enumerate(far([Point(1, 2), Point(3)])):\n    print(f"{n}: {d:.2f}")\n'
    'try:\n    {}["gone"]\nexcept KeyError as error:\n    print(repr(error))\n',
    "def f(n):\n    return 1 // n\n\nf(0)\n",
    "x = (1,\n",
    "print(open('x'))\n",
)


class Given:
    """Bytes, as JavaScript would hold them."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def to_bytes(self) -> bytes:
        return self._data


class Bridge:
    """A page that is not there."""

    stacks = None

    def __init__(self) -> None:
        self.written: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None

    def write(self, stream: str, text: str) -> None:
        self.written.append(text)

    def due(self) -> bool:
        return False

    def looks(self) -> int:
        return 0


def options(entry: str) -> str:
    return json.dumps({
        "entry": entry, "probe": "", "packages": None, "imports": {}, "hosts": {}, "defaults": True, "args": [], "mode": "run",
        "fetch": True, "record": False, "keep": False, "loaders": False, "maxMemory": 2**29, "maxOutput": 2**20, "timeout": 60_000,
    })


def run(session: BrowserSession, program: str) -> None:
    step = json.loads(session.begin(options("main.py"), Given(program.encode()), Given(b"")))
    if not step["done"]:
        raise AssertionError(f"the program asks for {step['needs']}")
    if step["diagnostics"]:
        session.checked()
    else:
        session.run(Bridge(), 2**20)


for module in pkgutil.walk_packages(edge_runtime.__path__, "edge_runtime."):
    try:
        importlib.import_module(module.name)
    except Exception as e:
        print('X', module.name, e)
copies.preload()
build_id()
session = BrowserSession(pyodide.ffi)
for program in PROGRAMS:
    run(session, program)
del session, program, module, Bridge, Given, PROGRAMS, run, options
for _ in range(3):
    gc.collect()
