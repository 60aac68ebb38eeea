"""How much memory a page takes once an engine has started in it, beside plain Pyodide's in a worker.

Takes: a built `dist/`, the Pyodide of `node_modules/`, a running Chromium on Linux.
Gives: printed lines: what the browser's processes for pages hold more than before the start, and after a first program.
Refuses: to judge. On a system without `/proc` it prints that there is nothing to read.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import ROOT, Site

TURNS: Final = 3
SETTLE: Final = 2.0
"""Seconds until a page that has started lets go of what it only started with."""

OURS: Final = """async (isolation) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const worker = await createWorker({ isolation });
  window.run = async () => (await worker.run('print(sum(range(10)))')).out;
}"""
PLAIN: Final = """async () => {
  const worker = new Worker('/bench/pyodide.js', { type: 'module' });
  const answer = () => new Promise((done) => (worker.onmessage = ({ data }) => data.began || done(data)));
  await answer();
  window.run = async () => {
    const given = answer();
    worker.postMessage({ files: { 'main.py': 'print(sum(range(10)))' } });
    return (await given).out;
  };
}"""
KINDS: Final = {
    "ours, in the cell": (OURS, "strict"),
    "ours, in a worker of the page": (OURS, "worker"),
    "plain Pyodide, in a worker": (PLAIN, None),
}


def report(browser: Browser) -> None:
    """The lines of this file, from a browser that is running."""
    if not Path("/proc/self/smaps_rollup").exists():
        print("memory: this system does not say what its processes hold")
        return
    mounts = {"/dist/": ROOT / "dist", "/npm/": ROOT / "node_modules", "/bench/": Path(__file__).parent / "rivals"}
    with Site(mounts) as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        for _ in range(TURNS):
            for kind, (start, given) in KINDS.items():
                context = browser.new_context()
                page = context.new_page()
                page.set_default_timeout(0)
                page.goto(f"{site.url}/index.html")
                taken[kind].append(_taken(browser, page, start, given))
                context.close()
        for kind, pairs in taken.items():
            started, ran = (statistics.median(column) for column in zip(*pairs, strict=True))
            what = f"memory: {kind}"
            print(f"{what:54} {started:9.1f} MiB after the start, {ran:.1f} after a program")


def _taken(browser: Browser, page: Page, start: str, given: str | None) -> tuple[float, float]:
    before = _held(browser)
    page.evaluate(start, given)
    time.sleep(SETTLE)
    started = _held(browser) - before
    if page.evaluate("window.run()") != "45\n":
        sys.exit("the program of the memory benchmark printed something else")
    time.sleep(SETTLE)
    return started, _held(browser) - before


def _held(browser: Browser) -> float:
    """MiB of all processes in which pages run; what several share counts once."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return sum(_share(one["id"]) for one in processes if one["type"] == "renderer")


def _share(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    chromium.run(report)
