"""What a page gains by what it does ahead: programs fetched while the engine starts, compiled code of the visit before, a spare.

Takes: `dist/`, Chromium; how many modules and rounds: `python -m bench.start_page 1000 7`.
Gives: printed medians: a warm visit with and without, taking turns in one browser; from a stop to the next run's first print.
Refuses: nothing.
"""

import json
import statistics
import sys
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from bench.graph import make_graph
from tests.support.browser import launch_options
from tests.support.site import JSON, PYTHON, Site

PAGE = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><script type="module">
import { createWorker } from '/dist/edge-python.js?setElement=false';
Object.assign(window, { createWorker, ready: true });
</script>"""
VISIT = """async ([url, ahead]) => {
  if (!ahead) await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase('edge-python-code');
    request.onsuccess = request.onerror = resolve;
  });
  const began = performance.now();
  const worker = await createWorker(ahead ? { prefetch: { entry: url } } : {});
  const started = performance.now();
  const { ok, phases, compiled } = await worker.runEntry(url);
  const ended = performance.now();
  worker.dispose();
  return { ok, compiled, start: started - began, program: ended - started, whole: ended - began, ...phases };
}"""
# A program in one long call of C code has to be ended with its engine.
REPLACED = """async (spare) => {
  const worker = await createWorker({ spare });
  const times = [];
  for (let n = 0; n < 3; n += 1) {
    const run = worker.run('sum(range(10 ** 11))');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const began = performance.now();
    worker.stop();
    await run;
    await worker.run('print(1)');
    times.push(performance.now() - began);
  }
  worker.dispose();
  return times;
}"""


def visit(context: BrowserContext, site: Site, *, ahead: bool) -> dict[str, Any]:
    """One visit to the page."""
    page = context.new_page()
    page.goto(site.url + "/index.html")
    page.wait_for_function("window.ready")
    found: dict[str, Any] = page.evaluate(VISIT, [site.url + "/app/main.py", ahead])
    page.close()
    assert found["ok"]
    return found


def main(modules: int, rounds: int) -> None:
    """Measure and print."""
    files = make_graph(modules).files if modules > 1 else {"main.py": "print(1)\n", "packages.json": "{}"}
    with sync_playwright() as play, Site() as site:
        site.put("/index.html", PAGE, "text/html")
        for path, text in files.items():
            site.put(f"/app/{path}", text, JSON if path.endswith(".json") else PYTHON)
        browser = play.chromium.launch(**launch_options())
        context = browser.new_context()
        visit(context, site, ahead=True)
        found: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for _ in range(rounds):
            found[False].append(visit(context, site, ahead=False))
            visit(context, site, ahead=True)  # leaves the code that the next one finds
            found[True].append(visit(context, site, ahead=True))
        for ahead, visits in found.items():
            fields = ("start", "program", "whole", "fetch", "link", "compile", "compiled")
            medians = {field: round(statistics.median(each[field] for each in visits)) for field in fields}
            print(f"{modules} modules, {'ahead' if ahead else 'plain'}: {json.dumps(medians)}")
        page = context.new_page()
        page.goto(site.url + "/index.html")
        page.wait_for_function("window.ready")
        for spare in (True, False):
            times = page.evaluate(REPLACED, spare)
            print(f"from a stop to the next run's end, spare {spare}: {[round(each) for each in times]} ms")
        browser.close()


if __name__ == "__main__":
    main(*(int(each) for each in (*sys.argv[1:], *("1000", "7")[len(sys.argv) - 1 :])))
