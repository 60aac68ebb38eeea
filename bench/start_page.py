"""What a page gains by what it does ahead: programs fetched while the engine starts, compiled code of the visit before, a spare.

Takes: `dist/`, Chromium; how many modules and rounds: `python -m bench.start_page 1000 7`.
Gives: printed medians: a warm visit with and without, taking turns in one browser that nobody debugs (`visits.py`); from a stop
to the next run's first print.
Refuses: nothing.
"""

import json
import statistics
import sys
from typing import Any

from bench.graph import make_graph
from bench.visits import HEAD, Visits, end_with_browsers
from tests.support.site import JSON, PYTHON, Site

MODULE = """<script type="module">
import { createWorker } from '/dist/edge-python.js?setElement=false';
const chosen = new URLSearchParams(location.search).has('yes');
"""
# `?yes` does ahead what can be.
VISIT = (
    HEAD
    + MODULE
    + """
const entry = new URL('/app/main.py', location.href).href;
if (!chosen) await new Promise((resolve) => {
  const request = indexedDB.deleteDatabase('edge-python-code');
  request.onsuccess = request.onerror = resolve;
});
const began = performance.now();
const worker = await createWorker(chosen ? { prefetch: { entry } } : {});
const started = performance.now();
const { ok, phases, compiled } = await worker.runEntry(entry);
const ended = performance.now();
worker.dispose();
report({ ok, compiled, start: started - began, program: ended - started, whole: ended - began, ...phases });
</script>"""
)
# A program in one long call of C code has to be ended with its engine. `?yes` has a spare one.
REPLACED = (
    HEAD
    + MODULE
    + """
const worker = await createWorker({ spare: chosen });
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
report(times);
</script>"""
)


def visit(visits: Visits, page: str, *, ahead: bool) -> dict[str, Any]:
    """One visit to the page."""
    found: dict[str, Any] = visits.visit(page + "?yes" * ahead)
    assert found["ok"]
    return found


def main(modules: int, rounds: int) -> None:
    """Measure and print."""
    files = make_graph(modules).files if modules > 1 else {"main.py": "print(1)\n", "packages.json": "{}"}
    with Site() as site:
        page = site.put("/visit.html", VISIT, "text/html; charset=utf-8")
        replaced = site.put("/replaced.html", REPLACED, "text/html; charset=utf-8")
        for path, text in files.items():
            site.put(f"/app/{path}", text, JSON if path.endswith(".json") else PYTHON)
        with Visits(site) as visits:
            visit(visits, page, ahead=True)
            found: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
            for _ in range(rounds):
                found[False].append(visit(visits, page, ahead=False))
                visit(visits, page, ahead=True)  # leaves the code that the next one finds
                found[True].append(visit(visits, page, ahead=True))
            times = {spare: visits.visit(replaced + "?yes" * spare) for spare in (True, False)}
    for ahead, all_visits in found.items():
        fields = ("start", "program", "whole", "fetch", "link", "compile", "compiled")
        medians = {field: round(statistics.median(each[field] for each in all_visits)) for field in fields}
        print(f"{modules} modules, {'ahead' if ahead else 'plain'}: {json.dumps(medians)}")
    for spare, found_times in times.items():
        print(f"from a stop to the next run's end, spare {spare}: {[round(each) for each in found_times]} ms")


if __name__ == "__main__":
    end_with_browsers()
    main(*(int(each) for each in (*sys.argv[1:], *("1000", "7")[len(sys.argv) - 1 :])))
