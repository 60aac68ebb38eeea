"""A program of a thousand modules: linked, compiled and run in memory, and in Chromium with an empty store and a full one.

Takes: nothing; for `report_in_page` a built `dist/`, a running browser.
Gives: printed lines: medians of several runs, with the spread, and what each must stay under; lines and modules a second.
Refuses: to judge times; it fails where the program prints something else.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from bench.graph import GraphProgram, make_graph
from edge_runtime import MemoryHost, Session, check, run_program
from tests.support.site import Site

TURNS: Final = 7
MODULES: Final = 1_000
LEVELS: Final = 12

IN_PAGE: Final = """
async ({ entry, turns }) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const posted = [];
  const post = MessagePort.prototype.postMessage; // the cell's line
  MessagePort.prototype.postMessage = function (message, ...rest) {
    posted.push(message.type);
    return post.call(this, message, ...rest);
  };
  const results = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const began = performance.now();
    const worker = await createWorker();
    const started = performance.now() - began;
    posted.length = 0;
    const first = await worker.run(entry);
    const trips = posted.filter((type) => type === 'supplied').length;
    const again = await worker.run(entry);
    results.push({ started, out: first.out, ok: first.ok, error: first.error?.rendered, ms: first.ms, phases: first.phases, trips,
                   again: again.ms, againPhases: again.phases });
    worker.dispose();
  }
  return results;
}
"""


def report() -> None:
    """Link and compile in memory, then run, then run again in the same session."""
    graph = make_graph(MODULES, LEVELS)
    host, entry = _memory_host(graph), graph.files["main.py"]
    times = _times(lambda: _expect(not check(entry, host), "diagnostics"))
    _line("native: link + compile, per module", [whole / MODULES for whole in times], "ms", 1.0)
    _rates("native: link + compile", statistics.median(times), graph)

    def run(session: Session) -> None:
        result = run_program(entry, host, session=session)
        _expect(result.output == graph.output, f"wrong output {result.output!r}")

    session = Session()
    _line("native: link + compile + run", _times(lambda: run(Session())), "ms")
    run(session)
    _line("native: the same again in one session", _times(lambda: run(session)), "ms")


def _memory_host(graph: GraphProgram) -> MemoryHost:
    sources = {f"./{path}": text for path, text in graph.files.items() if path.endswith(".py") and path != "main.py"}
    manifests = {
        ("./" + path.removesuffix("packages.json") if "/" in path else ""): text
        for path, text in graph.files.items()
        if path.endswith("packages.json")
    }
    return MemoryHost(sources=sources, manifests=manifests)


def report_in_page(browser: Browser) -> None:
    """The same program as URL modules: cold, then with a warm store in fresh workers, then again in a live worker."""
    graph = make_graph(MODULES, LEVELS)
    with Site() as site:
        site.put("/index.html", "<!doctype html><title>bench</title>", content_type="text/html")
        for path, text in graph.files.items():
            kind = "application/json" if path.endswith(".json") else "text/x-python"
            site.put(f"/graph/{path}", text, content_type=kind)
        entry = graph.files["main.py"].replace('from "./', f'from "{site.url}/graph/')
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{site.url}/index.html")
        cold = _turns(page, entry, graph, 1)[0]
        print(f"{'browser: cold store, fetch of ' + str(MODULES) + ' modules':54} {cold['ms']:9.0f} ms  (one run)")
        _rates("browser: link + compile, cold store", cold["phases"]["link"] + cold["phases"]["compile"], graph)
        print(f"{'browser: round trips, cold':54} {cold['trips']:9} for {LEVELS} levels, at most {2 * LEVELS}")
        page.reload()
        site.clear_log()
        warm = _turns(page, entry, graph, TURNS)
        asked = [path for path in site.paths() if path.startswith("/graph/")]
        print(f"{'browser: module requests with a warm store':54} {len(asked):9}")
        _line("browser: worker start (in the cell)", [turn["started"] for turn in warm], "ms")
        _line("browser: warm store, started worker, in all", [turn["ms"] for turn in warm], "ms", 2_000)
        for phase in ("fetch", "link", "compile", "run"):
            _line(f"browser:   of which {phase}", [turn["phases"][phase] for turn in warm], "ms")
        _line("browser: the same again in a live worker", [turn["again"] for turn in warm], "ms")
        context.close()


def _turns(page: Page, entry: str, graph: GraphProgram, turns: int) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = page.evaluate(IN_PAGE, {"entry": entry, "turns": turns})
    for result in results:
        _expect(result["ok"] and result["out"] == graph.output, f"wrong: {result['out'][:200]!r} {result['error']}")
    return results


def _times(work: Callable[[], None]) -> list[float]:
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1_000)
    return times


def _rates(what: str, milliseconds: float, graph: GraphProgram) -> None:
    lines = sum(text.count("\n") for path, text in graph.files.items() if path.endswith(".py"))
    each_second = 1_000 / milliseconds
    print(f"{what:54} {lines * each_second:9,.0f} lines a second, {(MODULES + 1) * each_second:,.0f} modules a second")


def _line(what: str, times: list[float], unit: str, limit: float | None = None) -> None:
    middle, low, high = statistics.median(times), min(times), max(times)
    promise = f"  at most {limit:g} {unit}" if limit is not None else ""
    print(f"{what:54} {middle:9.2f} {unit}  ({low:.2f} to {high:.2f}){promise}")


def _expect(truth: bool, what: str) -> None:
    if not truth:
        sys.exit(f"the benchmark's program failed: {what}")


if __name__ == "__main__":
    chromium.run(report_in_page) if "--page" in sys.argv else report()
