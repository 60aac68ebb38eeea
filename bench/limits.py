"""Limits in Chromium: what time slices cost, how soon runaway programs end, how the page answers meanwhile.

Takes: a built `dist/`, a browser.
Gives: printed lines: the price of the slices on busy programs; for each runaway program the time beyond its limit and the time
until the next program has run, with what the project promises; the longest wait for the page while a program floods it.
Refuses: to judge times; it fails where a program ends with another error than it should.
"""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import Site, built

SECONDS: Final = 1.0
PATIENCE: Final = 60.0
"""Seconds for what ends by itself, or takes all memory: time must not be what ends it."""
PAGES: Final = 4
TURNS: Final = 4
"""In each page that count, after one that does not: the browser compiles an engine while it runs."""

BUSY: Final = {
    "for loop": "for i in range(6_000_000):\n    pass\n",
    "while loop": "i = 0\nwhile i < 3_000_000:\n    i += 1\n",
    "recursion": "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(30)\n",
    "calls": "def f(x):\n    return x\nfor i in range(1_500_000):\n    f(i)\n",
}
RUNAWAY: Final = {
    "busy loop": ("TimeoutError", "while True: pass\n"),
    "loop that catches everything": (
        "TimeoutError",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
    ),
    "catastrophic regular expression": ("TimeoutError", "import re\nre.match('(a*)*b', 'a' * 40)\n"),
    "10 ** 10 ** 9": ("TimeoutError", "x = 10 ** 10 ** 9\n"),
    "long call of C code": ("TimeoutError", "max(iter(lambda: 1, 0))\n"),
    "C code that never looks up": ("TimeoutError", "sum(range(10 ** 12))\n"),
    "endless output": ("TimeoutError", "i = 0\nwhile True:\n    print(i)\n    i += 1\n"),
    "endless recursion": ("RecursionError", "def f(n):\n    return f(n + 1)\nf(0)\n"),
    "memory without end": ("MemoryError", "x = []\nwhile True: x.append(bytes(10 ** 6))\n"),
    "memory, caught": (
        "MemoryError",
        "x = []\nwhile True:\n    try:\n        while True: x.append(bytes(10 ** 6))\n    except MemoryError: pass\n",
    ),
}

# Two engines in turns; which starts first, and which runs first, changes: the browser compiles one better than the other.
PRICE: Final = """async ([programs, turns, reversed]) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const runtimes = { with: {}, without: { runtime: '/bare/' } };
  const names = reversed ? ['without', 'with'] : ['with', 'without'];
  const engines = {};
  const same = { isolation: 'strict', spare: false, memo: false }; // no tables: the busy programs are to be busy
  for (const name of names) engines[name] = await createWorker({ ...same, ...runtimes[name] });
  const results = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [program, source] of Object.entries(programs)) {
      const both = { program };
      for (const name of names) {
        const { phases, error } = await engines[name].run(source);
        if (error !== null || phases.plain !== undefined) throw new Error(error?.rendered ?? `${name}: the snapshot was refused`);
        both[name] = phases.run;
      }
      if (turn > 0) results.push(both);
    }
    names.reverse();
  }
  for (const engine of Object.values(engines)) engine.dispose();
  return results;
}"""
START: Final = """async (options) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  if (window.engines === undefined) { // each lives in a frame of its own
    const made = document.createElement;
    window.engines = 0;
    document.createElement = function (name, ...rest) {
      if (name === 'iframe') window.engines += 1;
      return made.call(this, name, ...rest);
    };
  }
  window.w?.dispose();
  // No spare: it would be another frame, and hide what an engine's end costs.
  window.w = await createWorker({ isolation: 'strict', spare: false, ...options });
}"""
# A clock in the page itself: how late a task of a few milliseconds comes.
RUN: Final = """async (source) => {
  const before = window.engines;
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 4);
    last = now;
  }, 4);
  let prints = 0;
  w.onOutput(() => { prints += 1; });
  const began = performance.now();
  const result = await w.run(source);
  const ended = performance.now();
  clearInterval(beat);
  w.onOutput(null);
  const next = await w.run('print(1)');
  return { ms: ended - began, type: result.error?.type ?? null, error: result.error?.rendered, next: performance.now() - ended,
           ok: next.ok && next.out === "1\\n", replaced: window.engines > before, longest, prints };
}"""


def report(browser: Browser) -> None:
    """The lines of this file, from a browser that is running."""
    with Site() as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        _put_engine_without_slices(site)
        _price(browser, site)
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        _runaways(page)
        page.close()


def _put_engine_without_slices(site: Site) -> None:
    """The runtime as it is, but for the call that gives the interpreter its buffer."""
    engine = (site.answer("/dist/engine.js") or sys.exit("no dist/")).body.decode()
    engine, found = re.subn(r"[\w$]+\.setInterruptBuffer\(", "void (", engine)
    if found != 1:
        sys.exit("the call of setInterruptBuffer is not in engine.js")
    site.put("/bare/engine.js", engine, "text/javascript")
    runtime = built(Path(__file__).parent.parent / "dist") / "runtime"
    site.put("/bare/frame.html", (runtime.parent / "frame.html").read_bytes(), "text/html; charset=utf-8")
    for file in runtime.iterdir():
        kind = "application/wasm" if file.suffix == ".wasm" else "application/octet-stream"
        site.put(f"/bare/runtime/{file.name}", file.read_bytes(), kind)


def _price(browser: Browser, site: Site) -> None:
    """Busy programs with and without slices."""
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in BUSY}
    for number in range(PAGES):
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        for both in page.evaluate(PRICE, [BUSY, 1 + TURNS, number % 2 == 1]):
            pairs[both["program"]].append((both["with"], both["without"]))
        page.close()
    ratios = []
    for name, found in pairs.items():
        ratios.append(statistics.median(mine / theirs for mine, theirs in found))
        mine, theirs = (statistics.median(column) for column in zip(*found, strict=True))
        both = f"{mine:.0f} ms, {theirs:.0f} ms without"
        print(f"{'Chromium: time slices, ' + name:58} {(ratios[-1] - 1) * 100:+6.1f} %  ({both})")
    mean = statistics.geometric_mean(ratios)
    print(f"{'Chromium: time slices, geometric mean':58} {(mean - 1) * 100:+6.1f} %  at most 4 %")


def _runaways(page: Page) -> None:
    given = 0.0
    for name, (error, source) in RUNAWAY.items():
        timeout = SECONDS if error == "TimeoutError" else PATIENCE
        if timeout != given:
            page.evaluate(START, {"limits": {"timeout": timeout}})
            given = timeout
        found: dict[str, Any] = page.evaluate(RUN, source)
        if found["type"] != error or not found["ok"]:
            sys.exit(f"{name} ended with {found['type']}, not {error}; the next run: {found['ok']}")
        over = found["ms"] - SECONDS * 1_000
        ended = (
            f"{over:+7.0f} ms after its limit, at most +500"
            if error == "TimeoutError"
            else f"{found['ms']:7.0f} ms in all"
        )
        limit, engine = (2_500, "a fresh engine") if found["replaced"] else (1_000, "the same engine")
        then = f"the next run {found['next']:.0f} ms later ({engine}; at most {limit:,})"
        print(f"{'Chromium: ' + name:42} {error:14} {ended}; {then}")
        if name == "endless output":
            late = f"{found['longest']:.0f} ms at most during {found['prints']:,} prints"
            print(f"{'Chromium: a task of the page is late by':42} {late} (below 50)")


if __name__ == "__main__":
    chromium.run(report)
