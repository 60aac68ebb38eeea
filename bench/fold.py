"""What folded names of imported modules gain: programs of several modules with them and without, beside each other.

Takes: nothing; programs whose hot loops read names of other modules. Gives: `report()`: for each, the ratio of its time with
folded names to that without, the median of runs that take turns in one process; and what folding costs the compiler.
Refuses: to judge times; it fails where the two say different things.

Under Pyodide's Python: `mountNodeFS('/repo', '.')`, `sys.path.insert(0, '/repo')`, `from bench.fold import report`.
"""

from __future__ import annotations

import statistics
import time
from contextlib import nullcontext
from typing import Final
from unittest.mock import patch

from edge_runtime import MemoryHost, Session, check, pipeline, run_program

TURNS: Final = 10
REPEATS: Final = 7
COMPILED: Final = 200
_CLOCK: Final = "from time import perf_counter\n"
_SHAPES: Final = """
WIDTH = 16
HEIGHT = 12
SCALE = 0.5
def area(w, h): return w * h
def clamp(value, low, high): return low if value < low else high if value > high else value
def inside(x, y): return 0 <= x < WIDTH and 0 <= y < HEIGHT
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
"""
_GRID: Final = """
import "./shapes.py" as shapes
def at(x, y): return y * shapes.WIDTH + x
def neighbours(cells, x, y):
    count = 0
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        if shapes.inside(x + dx, y + dy):
            count += cells[at(x + dx, y + dy)]
    return count
"""
_IMPORT: Final = 'import "./shapes.py" as shapes, "./grid.py" as grid, math\n'
PROGRAMS: Final = {
    "a call": "for i in range(20_000): shapes.area(i, 2)\nreturn i",
    "a call with constants": (
        "s = 0\nfor i in range(12_000): s += shapes.clamp(i, shapes.WIDTH, shapes.HEIGHT)\nreturn s"
    ),
    "constants": ("s = 0\nfor i in range(12_000): s += i % shapes.WIDTH * shapes.HEIGHT + i // shapes.WIDTH\nreturn s"),
    "functions of math": (
        "s = 0.0\nfor i in range(12_000): s += math.sqrt(i) * math.cos(i / math.pi) + math.fabs(s)\nreturn s"
    ),
    "objects of a class": "return sum([shapes.Point(i, i).x for i in range(10_000)])",
    "cells of a grid": (
        "cells = [1] * (shapes.WIDTH * shapes.HEIGHT)\ns = 0\nfor _ in range(4):\n  for y in range(shapes.HEIGHT):\n"
        "    for x in range(shapes.WIDTH): s += grid.neighbours(cells, x, y)\nreturn s"
    ),
    "names of its own": "s = 0\nfor i in range(20_000): s += i & 3\nreturn s",
}


def report() -> None:
    """The lines of this file."""
    for name, body in PROGRAMS.items():
        indented = body.replace("\n", "\n  ")
        timed = "def timed():\n  began = perf_counter()\n  run()\n  return perf_counter() - began\n"
        entry = f"{_CLOCK}def run():\n  {indented}\n{timed}"
        main = f"{_IMPORT}{entry}print(min([timed() for _ in range({REPEATS})]), run())\n"
        turns = [_turn(main, first=turn % 2 == 0) for turn in range(TURNS)]
        ratio = statistics.median(folded / plain for folded, plain in turns)
        both = statistics.median(folded for folded, _ in turns), statistics.median(plain for _, plain in turns)
        print(f"folded names: {name:26} {both[0] * 1e3:8.1f} ms, plain {both[1] * 1e3:8.1f} ms, ratio {ratio:.2f}")
    costs = [_compiling() for _ in range(TURNS)]
    ratio = statistics.median(folded / plain for folded, plain in costs)
    print(f"folded names: compiling a module that has such, against one that reads none: {ratio:.2f}")


def _turn(main: str, *, first: bool) -> tuple[float, float]:
    """The seconds of a program with folded names and without; `first`: those with go first."""
    said: dict[bool, list[str]] = {}
    for folded in (first, not first):
        with nullcontext() if folded else patch.object(pipeline, "settle", lambda *_: frozenset()):
            host = MemoryHost(sources={"./shapes.py": _SHAPES, "./grid.py": _GRID})
            said[folded] = run_program(main, host, session=Session()).output.split()
    if said[True][1] != said[False][1]:
        raise SystemExit(f"{said[True]} is not {said[False]}: {main}")
    return float(said[True][0]), float(said[False][0])


def _compiling() -> tuple[float, float]:
    """Seconds to compile a long module that reads names of another, and one that has them from elsewhere."""
    functions = "".join(f"def f{i}(x):\n    return shapes.area(x, shapes.WIDTH) + {i}\n" for i in range(COMPILED))
    return _seconds('import "./shapes.py" as shapes\n' + functions), _seconds(
        'from "./shapes.py" import Point as shapes\n' + functions
    )


def _seconds(main: str) -> float:
    began = time.perf_counter()
    if check(main, MemoryHost(sources={"./shapes.py": _SHAPES})):
        raise SystemExit("a module of this file does not compile")
    return time.perf_counter() - began


if __name__ == "__main__":
    report()
