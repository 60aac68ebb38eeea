"""What tables of pure functions gain and cost: programs with and without, beside each other.

Takes: classic recursions; for `report_in_page` a built `dist/`, a running browser, and the programs of `bench/programs/` too.
Gives: `report()`: for each, the time of its run with tables and without, and the ratio, as medians of runs that take turns in one
process, or in two workers of one page. Programs that would not end without are shown with.
Refuses: to judge times; it fails where the two say different things.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from types import CodeType
from typing import Any, Final

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from bench.speed import PROGRAMS as FOLDER
from bench.speed import programs
from edge_runtime import Session, run_program
from edge_runtime.lower.lowering import lower
from edge_runtime.lower.twins import hooked
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse
from tests.support.site import ROOT, Site

TURNS: Final = 21
PAGE_TURNS: Final = 11
_CLOCK: Final = "from time import perf_counter\n"

FIB: Final = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
ONLY_WITH: Final = {
    "fib(45)": (FIB, "fib(45)"),
    "grid paths 60 x 60": ("def f(r, c): return 1 if r == 0 or c == 0 else f(r - 1, c) + f(r, c - 1)\n", "f(60, 60)"),
}
PROGRAMS: Final = {
    # a table gains
    "fib(18)": (FIB, "fib(18)"),
    "change for 100": (
        (
            "def ways(n, coins):\n    if n == 0: return 1\n    if n < 0 or not coins: return 0\n"
            "    return ways(n - coins[0], coins) + ways(n, coins[1:])\n"
        ),
        "ways(100, (50, 25, 10, 5, 1))",
    ),
    "edit distance": (
        (
            "def d(a, b):\n    if not a or not b: return len(a) + len(b)\n    if a[0] == b[0]: return d(a[1:], b[1:])\n"
            "    return 1 + min(d(a[1:], b), d(a, b[1:]), d(a[1:], b[1:]))\n"
        ),
        "d('kitten', 'sitting')",
    ),
    "hanoi(13)": (
        "def h(n, a, b, c): return 0 if n == 0 else h(n - 1, a, c, b) + 1 + h(n - 1, c, b, a)\n",
        "h(13, 1, 2, 3)",
    ),
    # it does not, and is given up
    "200,000 small fib": (FIB, "sum([fib(i & 3) for i in range(200_000)])"),
    "queens(9)": (
        (
            "def q(n, row, c, d, e):\n    if row == n: return 1\n    s = 0\n    for i in range(n):\n"
            "        if not (c >> i & 1 or d >> row + i & 1 or e >> row - i + n & 1):\n"
            "            s += q(n, row + 1, c | 1 << i, d | 1 << row + i, e | 1 << row - i + n)\n    return s\n"
        ),
        "q(9, 0, 0, 0, 0)",
    ),
    "tak(18, 12, 6)": (
        "def tak(x, y, z):\n    if y >= x: return z\n    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))\n",
        "tak(18, 12, 6)",
    ),
    "every path another": (
        "def leaves(n, path): return 1 if n == 0 else leaves(n - 1, path * 2) + leaves(n - 1, path * 2 + 1)\n",
        "leaves(17, 1)",
    ),
    "words": (
        "def count(n, word): return len(word) if n == 0 else count(n - 1, word + 'a') + count(n - 1, word + 'b')\n",
        "count(16, '')",
    ),
    "lists": ("def total(t, n): return t[0] if n == 0 else total(t, n - 1) + total(t, n - 1)\n", "total([1], 17)"),
    "too deep": (FIB, "[deep(fib) for _ in range(20)]"),
}
_DEEP: Final = "def deep(f):\n    try: return f(5000)\n    except RecursionError: return 0\n"

IN_PAGE: Final = """async () => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const start = (memo) => createWorker({ isolation: 'worker', memo });
  const workers = [await start(false), await start(true)];
  window.measure = async (entry, turns) => {
    const said = new Set();
    const times = [[], []];
    for (let turn = 0; turn < turns; turn += 1) {
      for (const on of turn % 2 ? [0, 1] : [1, 0]) {
        const { phases, out, error } = await workers[on].runEntry(entry);
        times[on].push(phases.run);
        said.add(error?.rendered ?? out);
      }
    }
    return { times, said: [...said] };
  };
}"""


def report() -> None:
    """Measure and print."""
    print(f"memo: one run, in ms{'':34} with   without  with/without")
    for name, (text, asked) in ONLY_WITH.items():
        times, _ = _measured(text, asked, both=False)
        print(f"memo:   {name:40} {times[True]:9.3f}")
    for name, (text, asked) in PROGRAMS.items():
        times, said = _measured(text, asked, both=True)
        if len(said) != 1:
            raise SystemExit(f"the benchmark's program {name} says different things: {said}")
        print(f"memo:   {name:40} {times[True]:9.3f} {times[False]:9.3f} {times[True] / times[False]:9.3f}")


def _measured(text: str, asked: str, *, both: bool) -> tuple[dict[bool, float], set[str]]:
    timed = f"_began = perf_counter()\n_found = {asked}\nprint(perf_counter() - _began, _found)\n"
    program = f"{_CLOCK}{text}{_DEEP}{timed}"
    session = Session()
    times: dict[bool, list[float]] = {True: [], False: []} if both else {True: []}
    said = set()
    for turn in range(TURNS):
        for memo, taken in times.items() if turn % 2 else reversed(times.items()):
            result = run_program(program, session=session, memo=memo)
            if result.error is not None:
                raise SystemExit(f"the benchmark's program failed: {result.error.rendered}")
            took, _, found = result.output.partition(" ")
            taken.append(float(took) * 1_000)
            said.add(found)
    return {memo: statistics.median(taken) for memo, taken in times.items()}, said


def report_in_page(browser: Browser) -> None:
    """Measure in two workers of one page, and print: the recursions, and the programs of `bench/programs/`."""
    with Site({"/dist/": ROOT / "dist", "/programs/": FOLDER}) as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        entries = {}
        for number, (name, (text, asked)) in enumerate(PROGRAMS.items()):
            entries[name] = f"/memo/{number}.py"
            site.put(entries[name], f"{text}{_DEEP}print({asked})\n", content_type="text/x-python")
        same = []
        for name, files in programs().items():
            if any(_hooked(text) for text in files.values()):
                entries[name] = f"/programs/{name}/main.py" if len(files) > 1 else f"/programs/{name}.py"
            else:
                same.append(name)
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(f"{site.url}/index.html")
        page.evaluate(IN_PAGE)
        print(f"memo: one run in a page, in ms{'':24} with   without  with/without")
        for name, entry in entries.items():
            _show(name, page.evaluate("([entry, turns]) => window.measure(entry, turns)", [entry, PAGE_TURNS]))
        page.close()
    print(f"memo: the same code with tables and without, as nothing recursive in them is pure: {', '.join(same)}")


def _hooked(text: str) -> bool:
    """Whether a module has functions with tables."""
    parsed = parse(Source("main.py", text))
    code = lower(parsed) if isinstance(parsed, Parsed) else None
    if not isinstance(code, CodeType):
        raise SystemExit("a program of the benchmark does not compile")
    return any(hooked(code))


def _show(name: str, found: dict[str, Any]) -> None:
    if len(found["said"]) != 1:
        raise SystemExit(f"the benchmark's program {name} says different things: {found['said']}")
    off, on = (statistics.median(times) for times in found["times"])
    ratio = statistics.median(a / b for b, a in zip(*found["times"], strict=True))
    print(f"memo:   {name:40} {on:9.3f} {off:9.3f} {ratio:9.3f}", flush=True)


if __name__ == "__main__":
    chromium.run(report_in_page) if "--page" in sys.argv else report()
