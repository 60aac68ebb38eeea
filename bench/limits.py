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
TURNS: Final = 5

BUSY: Final = {
    "for loop": "for i in range(6_000_000):\n    pass\n",
    "while loop": "i = 0\nwhile i < 3_000_000:\n    i += 1\n",
    "recursion": "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(25)\n",
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
    "endless output": ("TimeoutError", "i = 0\nwhile True:\n    print(i)\n    i += 1\n"),
    "endless recursion": ("RecursionError", "def f(n):\n    return f(n + 1)\nf(0)\n"),
    "memory without end": ("MemoryError", "x = []\nwhile True: x.append(bytes(10 ** 6))\n"),
    "memory, caught": (
        "MemoryError",
        "x = []\nwhile True:\n    try:\n        while True: x.append(bytes(10 ** 6))\n    except MemoryError: pass\n",
    ),
}

START: Final = """async (options) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  if (window.engines === undefined) {
    const made = Worker;
    window.engines = 0;
    window.Worker = function (...given) { window.engines += 1; return new made(...given); };
  }
  window.w?.dispose();
  window.w = await createWorker(options);
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
           ok: next.ok && next.out === "1\\n", replaced: window.engines > before, longest, prints, computed: result.phases.run };
}"""


def report(browser: Browser) -> None:
    """The lines of this file, from a browser that is running."""
    with Site() as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        _put_engine_without_slices(site)
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        _price(page)
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


def _price(page: Page) -> None:
    """Busy programs in turns with and without slices: the fastest of each, for the machine is noisy."""
    best: dict[tuple[str, str], float] = {}
    for _ in range(2):
        for how, options in (("with", {}), ("without", {"runtime": "/bare/"})):
            page.evaluate(START, options)
            for _ in range(TURNS):
                for name, source in BUSY.items():
                    found: dict[str, Any] = page.evaluate(RUN, source)
                    if found["type"] is not None:
                        sys.exit(f"{name} failed: {found}")
                    best[name, how] = min(best.get((name, how), 1e9), found["computed"])
    ratios = [best[name, "with"] / best[name, "without"] for name in BUSY]
    for name, ratio in zip(BUSY, ratios, strict=True):
        both = f"{best[name, 'with']:.0f} ms, {best[name, 'without']:.0f} ms without"
        print(f"{'Chromium: time slices, ' + name:58} {(ratio - 1) * 100:+6.1f} %  ({both})")
    mean = statistics.geometric_mean(ratios)
    print(f"{'Chromium: time slices, geometric mean':58} {(mean - 1) * 100:+6.1f} %  at most 4 %")


def _runaways(page: Page) -> None:
    page.evaluate(START, {"limits": {"timeout": SECONDS}})
    for name, (error, source) in RUNAWAY.items():
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
