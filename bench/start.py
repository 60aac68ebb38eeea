"""How long a page waits for its first print: at the first visit, a later one, and one more; beside plain Pyodide in a worker.

Takes: a built `dist/`, Pyodide's npm package. Gives: printed lines: the median of each, the spread, and the promised ratios.
Refuses: to judge: it never fails on a time; it fails where a program prints something else.

Each visit is a navigation of its own, and its time runs from there to the first print. All take turns in one Chromium; a cold
visit has a profile of its own, that no visit had before. Plain Pyodide is what its authors show: a module worker that imports
pyodide.mjs, from the same server, with the browser's usual caches. Both may be kept by them: ours as docs/operators.md says.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import ROOT, Site, built
from tools.serve import content_type

TURNS: Final = 7
WAYS: Final = ("strict", "worker", "plain")
WINDOW_MS: Final = 700  # a new window loads pages of the browser's own, which visitors' have long loaded
WARM_RATIO, COLD_RATIO = 0.25, 0.6

OURS = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>start</title>
<script type="module">
import { createWorker } from '/dist/client.js';
const worker = await createWorker({ isolation: 'ISOLATION' });
worker.onOutput((text) => { window.found = [text, performance.now()]; });
await worker.run('print("hello")');
</script>"""
PLAIN = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>start</title>
<script type="module">
const worker = new Worker('/plain.js', { type: 'module' });
worker.onmessage = ({ data }) => { window.found = [data, performance.now()]; };
</script>"""
PLAIN_WORKER = """
import { loadPyodide } from '/pyodide/pyodide.mjs';
const pyodide = await loadPyodide({ stdout: (text) => postMessage(text + '\\n') });
pyodide.runPython('print("hello")');
"""
FILES: Final = {
    "pyodide.mjs": "text/javascript",
    "pyodide.asm.mjs": "text/javascript",
    "pyodide.asm.wasm": "application/wasm",
    "python_stdlib.zip": "application/zip",
    "pyodide-lock.json": "application/json",
}


def report(browser: Browser, turns: int = TURNS) -> None:
    """The lines of this file, from a browser that is running."""
    times: dict[tuple[str, str], list[float]] = {}
    with Site() as site:
        for isolation in ("strict", "worker"):
            site.put(f"/{isolation}.html", OURS.replace("ISOLATION", isolation), "text/html; charset=utf-8")
        site.put("/plain.html", PLAIN, "text/html; charset=utf-8")
        site.put("/plain.js", PLAIN_WORKER, "text/javascript")
        folder = built(ROOT / "dist")
        for file in folder.rglob("*"):
            if file.is_file():
                path = f"/dist/{folder.name}/{file.relative_to(folder).as_posix()}"
                site.put(path, file.read_bytes(), content_type(file), headers={"Cache-Control": "max-age=31536000, immutable"})
        for name, kind in FILES.items():
            body = (ROOT / "node_modules" / "pyodide" / name).read_bytes()
            site.put(f"/pyodide/{name}", body, kind, headers={"Cache-Control": "max-age=3600"})
        for turn in range(turns):
            for way in WAYS if turn % 2 else reversed(WAYS):
                context: Any = browser.new_context()
                for visit in ("cold", "warm", "third"):
                    times.setdefault((way, visit), []).append(_visit(context, f"{site.url}/{way}.html"))
                context.close()
    for (way, visit), found in sorted(times.items()):
        what = {"strict": "the cell", "worker": "a plain worker", "plain": "plain Pyodide in a worker"}[way]
        spread = f"{min(found):.0f} to {max(found):.0f}"
        print(f"{f'first print, {visit} visit, {what}':54} {statistics.median(found):9.0f} ms  ({spread})")
    for visit, limit in (("cold", COLD_RATIO), ("warm", WARM_RATIO), ("third", WARM_RATIO)):
        plain = statistics.median(times["plain", visit])
        for way in ("strict", "worker"):
            ratio = statistics.median(times[way, visit]) / plain
            print(f"{f'  {visit}: {way} over plain Pyodide':54} {ratio:9.2f}     at most {limit:g}")


def _visit(context: Any, address: str) -> float:
    page = context.new_page()
    page.wait_for_timeout(WINDOW_MS)
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.found", timeout=120_000)
    text, ms = page.evaluate("found")
    if text != "hello\n":
        sys.exit(f"the benchmark's program failed: it printed {text!r}")
    page.wait_for_timeout(300)  # what it keeps for later visits
    page.close()
    return float(ms)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure how long a page waits for its first print.")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"how many of each kind of visit ({TURNS})")
    chosen = parser.parse_args().turns
    chromium.run(lambda browser: report(browser, chosen))
