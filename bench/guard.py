"""What the language guard costs: compiling, running, `str.format`.

Takes: nothing; the standard library's own text for compiling, small classic programs for running.
Gives: `report()`: printed lines with ratios. Both sides of a ratio take turns in one process.
Refuses: to judge times.
"""

from __future__ import annotations

import ast
import builtins
import gc
import math
import statistics
import time
import timeit
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from edge_runtime.guard.names import FORMATS
from edge_runtime.guard.runtime import HELPERS, TYPE, build_class
from edge_runtime.guard.visitor import check
from edge_runtime.lower.lowering import lower
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse

TURNS: Final = 15

PROGRAMS: Final = {
    "fibonacci": "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(19)\n",
    "sieve": "n = 40_000\nflags = [True] * n\nfor i in range(2, 200):\n    if flags[i]:\n"
    "        for j in range(i * i, n, i): flags[j] = False\n",
    "objects": "class V:\n    def __init__(self, x, y): self.x = x; self.y = y\n"
    "    def __add__(self, o): return V(self.x + o.x, self.y + o.y)\n"
    "    def __eq__(self, o): return type(o) is V and self.x == o.x\n"
    "v = V(0, 0)\nfor i in range(9_000):\n    v = v + V(i, 1)\n    v == v\n",
    "words": "text = 'the quick brown fox jumps over the lazy dog ' * 700\ncount = {}\n"
    "for word in text.split(): count[word] = count.get(word, 0) + 1\nsorted(count.items())\n",
    "queens": "def q(n, row=0, c=0, d=0, e=0):\n    if row == n: return 1\n    s = 0\n    for i in range(n):\n"
    "        if not (c >> i & 1 or d >> row + i & 1 or e >> row - i + n & 1):\n"
    "            s += q(n, row + 1, c | 1 << i, d | 1 << row + i, e | 1 << row - i + n)\n    return s\nq(6)\n",
    "generators": "def g(n):\n    for i in range(n): yield i * i\ntotal = sum(x for x in g(30_000) if x % 3)\n",
    "matching": "def f(x):\n    match x:\n        case [a, b]: return a + b\n        case {'k': v}: return v\n"
    "        case int(n): return n\n        case _: return 0\nfor i in range(8_000): f([i, 1]); f({'k': i}); f(i)\n",
    "formatting": "out = []\nfor i in range(9_000):\n    out.append(f'{i:>6}|{i / 3:.2f}')\n    out.append('{:>6}'.format(i))\n",
}


def report() -> None:
    """Measure and print."""
    alone, whole = _compile_ratios()
    _print("guard: compile, over ast.parse + compile", alone, "at most 1.30")
    _print("guard:   and all that lowering does", whole)
    ratios = {name: _run_ratio(text) for name, text in PROGRAMS.items()}
    for name, ratio in ratios.items():
        _print(f"guard:   {name}", ratio)
    mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios.values()))
    _print("guard: running, geometric mean over unguarded", mean, "at most 1.03")
    for words, seconds in _format_costs():
        print(f"{words:54} {seconds * 1e6:9.3f} us")


def _print(words: str, ratio: float, bound: str = "") -> None:
    print(f"{words:54} {ratio:9.3f} x  {bound}".rstrip())


def _alternately(first: Callable[[], Any], second: Callable[[], Any]) -> float:
    """The ratio of the two's best times, taking turns."""
    times: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    gc.disable()  # as the pipeline does while it compiles
    try:
        for _ in range(TURNS):
            for function, taken in zip((first, second), times, strict=True):
                began = time.perf_counter()
                function()
                taken.append(time.perf_counter() - began)
    finally:
        gc.enable()
    return min(times[1]) / min(times[0])


def _compile_ratios() -> tuple[float, float]:
    """Checking and rewriting, beside what parsing and compiling takes anyway; then with folding and tables."""
    text = _ordinary_source()

    warnings.simplefilter("ignore")  # some of them are about mistakes

    def plain() -> None:
        compile(ast.parse(text), "main.py", "exec", dont_inherit=True)

    source = Source("main.py", text)

    def checked() -> Parsed:
        parsed = Parsed(source, ast.parse(text), (), frozenset(), None, (), ())
        assert check(parsed) == ()
        return parsed

    def guarded() -> None:
        compile(checked().tree, "main.py", "exec", dont_inherit=True)

    return _alternately(plain, guarded), _alternately(plain, lambda: lower(checked()))


def _ordinary_source() -> str:
    """Programs that people wrote: those of the tests."""
    folder = Path(__file__).parent.parent / "tests" / "guard" / "ordinary"
    parts: list[str] = []
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        parsed = parse(Source("main.py", text))
        if isinstance(parsed, Parsed) and not parsed.imports and check(parsed) == ():
            parts.append(text)
    return "\n".join(parts)


def _run_ratio(text: str) -> float:
    body = "\n".join(f"    {line}" for line in text.splitlines())
    text = f"def main():\n{body}\nmain()\n"
    plain = compile(text, "main.py", "exec", dont_inherit=True)
    guarded = _guarded(text)
    own = {**vars(builtins), **HELPERS, "type": TYPE, "__build_class__": build_class}
    return _alternately(
        lambda: exec(plain, {"__name__": "__main__"}),  # noqa: S102 - a program of ours
        lambda: exec(guarded, {"__name__": "__main__", "__builtins__": own}),  # noqa: S102 - a program of ours
    )


def _guarded(text: str) -> Any:
    parsed = Parsed(Source("main.py", text), ast.parse(text), (), frozenset(), None, (), ())
    assert check(parsed) == ()
    return lower(parsed)


def _format_costs() -> list[tuple[str, float]]:
    names = {"f": HELPERS[FORMATS], "str": str}
    read = "(f[t] if type(t) is str else None)"  # what a call by a name becomes (guard/rewrites.py)
    plain = _best("t.format(1, 2)", {"t": "{:>4} {}"})
    return [
        ("guard: 'literal'.format(…), added", 0.0),  # the code is the same; a test holds that
        ("guard: template.format(…), added", _best(f"{read}(1, 2)", {**names, "t": "{:>4} {}"}) - plain),
        (
            "guard: template.format(…) with an attribute, added",
            _best(f"{read}(1, 2)", {**names, "t": "{0.real:>4} {1}"})
            - _best("t.format(1, 2)", {"t": "{0.real:>4} {1}"}),
        ),
        ("guard: a class statement, added", _class_statement()),
    ]


def _class_statement() -> float:
    text = "class A(B):\n    def f(self): pass"
    code = compile(text, "main.py", "exec", dont_inherit=True)
    own = {**vars(builtins), "__build_class__": build_class}
    plain = _best("exec(code, space)", {"code": code, "space": {"__name__": "m", "B": object}}, 20_000)
    return (
        _best("exec(code, space)", {"code": code, "space": {"__name__": "m", "B": object, "__builtins__": own}}, 20_000)
        - plain
    )


def _best(statement: str, names: dict[str, Any], number: int = 200_000) -> float:
    return min(timeit.repeat(statement, globals=names, number=number, repeat=7)) / number


if __name__ == "__main__":
    report()
