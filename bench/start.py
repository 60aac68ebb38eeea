"""How long a page waits for its first print: at the first visit, a later one, and one more; beside plain Pyodide in a worker.
Then what goes into it: the record of the runtime's files, an engine in the place of one that was ended, twenty elements at once.

Takes: a built `dist/`, Pyodide's npm package. Gives: printed lines: the median of each, the spread, and the promised ratios.
Refuses: to judge: it never fails on a time; it fails where a program prints something else.

Each visit is a navigation of its own in a browser that nobody debugs (`visits.py`), and its time runs from there to the first
print. A cold visit has a new profile; the next two have the same one. All take turns. Plain Pyodide is what its authors show: a
module worker that imports pyodide.mjs, from the same server, with the browser's usual caches. Both may be kept by them: ours as
docs/operators.md says.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.visits import HEAD, Visits, end_with_browsers
from tests.support.site import ROOT, Site, built
from tools.serve import content_type

TURNS: Final = 7
FEW_TURNS: Final = 3  # of what takes long
WAYS: Final = ("strict", "worker", "plain")
ELEMENTS: Final = 20
RECORD_MS, REPLACED_MS = 20, 1000
WARM_RATIO, COLD_RATIO = 0.25, 0.6

OURS = (
    HEAD
    + """<script type="module">
import { createWorker } from '/dist/client.js';
const worker = await createWorker({ isolation: 'ISOLATION' });
worker.onOutput((text) => report([text, performance.now()]));
await worker.run('print("hello")');
</script>"""
)
PLAIN = (
    HEAD
    + """<script type="module">
const worker = new Worker('/plain.js', { type: 'module' });
worker.onmessage = ({ data }) => report([data, performance.now()]);
worker.onerror = ({ message }) => failed(message);
</script>"""
)
PLAIN_WORKER = """
import { loadPyodide } from '/pyodide/pyodide.mjs';
const pyodide = await loadPyodide({ stdout: (text) => postMessage(text + '\\n') });
pyodide.runPython('print("hello")');
"""
# From the call to the record, with its Blobs, as the page's own script does it.
RECORD = (
    HEAD
    + """<script>
const began = performance.now();
const open = indexedDB.open('edge-python-runtime', 1);
open.onsuccess = () => {
  const all = open.result.transaction('runtimes').objectStore('runtimes').getAll();
  all.onsuccess = () => {
    const ms = performance.now() - began;
    if (all.result.length === 1) report(ms);
    else failed(`there are ${all.result.length} records`);
  };
};
</script>"""
)
# A program in one long call of C code has to be ended with its engine. No spare: that would have started before.
REPLACED = (
    HEAD
    + """<script type="module">
import { createWorker } from '/dist/client.js';
const worker = await createWorker({ spare: false });
const times = [];
for (let n = 0; n < TURNS; n += 1) {
  const run = worker.run('sum(range(10 ** 11))');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const began = performance.now();
  worker.stop();
  await run;
  const { promise, resolve } = Promise.withResolvers();
  worker.onOutput(resolve);
  const next = worker.run('print(1)');
  await promise;
  times.push(performance.now() - began);
  await next;
}
worker.dispose();
report(times);
</script>"""
)
TOGETHER = (
    HEAD
    + """<script type="module" src="/dist/edge-python.js"></script>
<script>
const times = [];
addEventListener('output', () => { if (times.push(performance.now()) === ELEMENTS) report(times); });
</script>
<body>"""
    + "<edge-python>print('hello')</edge-python>" * ELEMENTS
)
FILES: Final = {
    "pyodide.mjs": "text/javascript",
    "pyodide.asm.mjs": "text/javascript",
    "pyodide.asm.wasm": "application/wasm",
    "python_stdlib.zip": "application/zip",
    "pyodide-lock.json": "application/json",
}


def report(turns: int = TURNS) -> None:
    """The lines of this file."""
    times: dict[tuple[str, str], list[float]] = {}
    with Site() as site:
        serve(site)
        for turn in range(turns):
            for way in WAYS if turn % 2 else reversed(WAYS):
                with Visits(site) as visits:
                    for visit in ("cold", "warm", "third"):
                        times.setdefault((way, visit), []).append(arrive(visits, f"{site.url}/{way}.html"))
        parts = _parts(site, turns)
    for (way, visit), found in sorted(times.items()):
        what = {"strict": "the cell", "worker": "a plain worker", "plain": "plain Pyodide in a worker"}[way]
        spread = f"{min(found):.0f} to {max(found):.0f}"
        print(f"{f'first print, {visit} visit, {what}':54} {statistics.median(found):9.0f} ms  ({spread})")
    for visit, limit in (("cold", COLD_RATIO), ("warm", WARM_RATIO), ("third", WARM_RATIO)):
        plain = statistics.median(times["plain", visit])
        for way in ("strict", "worker"):
            ratio = statistics.median(times[way, visit]) / plain
            print(f"{f'  {visit}: {way} over plain Pyodide':54} {ratio:9.2f}     at most {limit:g}")
    for what, found, bound in parts:
        most = f"     at most {bound} ms" if bound else ""
        print(f"{what:54} {statistics.median(found):9.0f} ms  ({min(found):.0f} to {max(found):.0f}){most}")


def serve(site: Site) -> None:
    """The pages and the files, with the caching that their authors ask for."""
    for isolation in ("strict", "worker"):
        site.put(f"/{isolation}.html", OURS.replace("ISOLATION", isolation), "text/html; charset=utf-8")
    site.put("/plain.html", PLAIN, "text/html; charset=utf-8")
    site.put("/plain.js", PLAIN_WORKER, "text/javascript")
    folder = built(ROOT / "dist")
    for file in folder.rglob("*"):
        if file.is_file():
            path = f"/dist/{folder.name}/{file.relative_to(folder).as_posix()}"
            site.put(
                path,
                file.read_bytes(),
                content_type(file),
                headers={"Cache-Control": "max-age=31536000, immutable"},
            )
    for name, kind in FILES.items():
        body = (ROOT / "node_modules" / "pyodide" / name).read_bytes()
        site.put(f"/pyodide/{name}", body, kind, headers={"Cache-Control": "max-age=3600"})


def _parts(site: Site, turns: int) -> list[tuple[str, list[float], int]]:
    for name, page in (
        ("record", RECORD),
        ("replaced", REPLACED.replace("TURNS", str(turns))),
        ("together", TOGETHER.replace("ELEMENTS", str(ELEMENTS))),
    ):
        site.put(f"/{name}.html", page, "text/html; charset=utf-8")
    with Visits(site) as visits:
        arrive(visits, f"{site.url}/strict.html")
        records = [visits.visit(f"{site.url}/record.html") for _ in range(turns)]
        replaced = visits.visit(f"{site.url}/replaced.html")
        together = [visits.visit(f"{site.url}/together.html") for _ in range(FEW_TURNS)]
    return [
        ("the record of the runtime's files, read", records, RECORD_MS),
        ("from a stop to the first print of another engine", replaced, REPLACED_MS),
        (f"first print of {ELEMENTS} elements, the first", [min(found) for found in together], 0),
        (f"first print of {ELEMENTS} elements, the last", [max(found) for found in together], 0),
    ]


def arrive(visits: Visits, address: str) -> float:
    """Milliseconds from the navigation to the first print."""
    return printed(visits.visit(address))


def printed(found: tuple[str, float]) -> float:
    """The time of the first print, if it is what the program prints."""
    text, ms = found
    if text != "hello\n":
        sys.exit(f"the benchmark's program failed: it printed {text!r}")
    return ms


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure how long a page waits for its first print.")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"how many of each kind of visit ({TURNS})")
    end_with_browsers()
    report(parser.parse_args().turns)
