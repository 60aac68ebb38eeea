"""What a second run of a program of 100 modules costs in a warm worker, before its first statement.

Takes: a built `dist/`, a running browser. Gives: printed lines, with what the project promises.
Refuses: to judge times; it fails where the program prints something else.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from bench.graph import make_graph
from tests.support.site import Site

MODULES: Final = 100
LEVELS: Final = 6
TURNS: Final = 9
PROMISED: Final = 30

IN_PAGE: Final = """async ([entry, turns]) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const worker = await createWorker({ isolation: 'worker' });
  const results = [];
  for (let turn = 0; turn <= turns; turn += 1) {
    const { ms, phases, out, error } = await worker.run(entry);
    results.push({ ms, phases, out, error: error?.rendered ?? null });
  }
  worker.dispose();
  return results.slice(1);
}"""


def report(browser: Browser) -> None:
    """The lines of this file, from a browser that is running."""
    graph = make_graph(MODULES, LEVELS)
    with Site() as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        for path, text in graph.files.items():
            kind = "application/json" if path.endswith(".json") else "text/x-python"
            site.put(f"/graph/{path}", text, content_type=kind)
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        entry = graph.files["main.py"].replace('from "./', f'from "{site.url}/graph/')
        results: list[dict[str, Any]] = page.evaluate(IN_PAGE, [entry, TURNS])
        page.close()
    for result in results:
        if result["error"] or result["out"] != graph.output:
            sys.exit(f"the program of {MODULES} modules gave {result['error']} {result['out'][:200]!r}")
    before = [result["ms"] - result["phases"]["run"] for result in results]
    _line(f"a second run of {MODULES} modules, before it runs", before, f"at most {PROMISED}")
    _line("  of which linking", [result["phases"]["link"] for result in results])
    _line("  and its run, set up and all", [result["phases"]["run"] for result in results])


def _line(what: str, times: list[float], promise: str = "") -> None:
    spread = f"({min(times):.1f} to {max(times):.1f})"
    print(f"{what:54} {statistics.median(times):9.1f} ms  {spread}  {promise}".rstrip())


if __name__ == "__main__":
    chromium.run(report)
