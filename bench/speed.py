"""How fast programs run, beside plain Pyodide, MicroPython, Brython and Skulpt, all in workers of one Chromium.

Takes: a built `dist/`, a running browser, the programs of `bench/programs/`, the rivals of `node_modules/`.
Gives: printed lines: for each program the medians and how many times as fast as the others we are; geometric means.
Refuses: to judge times; it fails where our output, or Pyodide's, is not what CPython prints. What a rival cannot run, or runs to
another output, is printed with its reason.

Pyodide and we take turns, program by program, and only one computes at a time. Our time is that of the phase `run`: from the
program's built-ins to its end. Pyodide's is that of `exec` alone. What a run costs once, whatever it runs, is a line of its own.
Each page runs all programs once before the clock counts, so that the browser has compiled both engines as well as it can; and
there are several pages, because one and the same engine is some percent faster in one page than in another. The others take
minutes: each runs every program once, in a page of its own, its translation counted, and once more where that took less than
two seconds; the better counts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import ROOT, Site

FOLDER: Final = Path(__file__).parent
PROGRAMS: Final = FOLDER / "programs"
RIVALS: Final = ("micropython", "brython", "skulpt")
KINDS: Final = {"pyodide": "module", "micropython": "module", "brython": "classic", "skulpt": "classic"}
PAGES: Final = 3
TURNS: Final = 3
SHORT: Final = 2_000
"""Milliseconds of a run that is worth another."""
"""In each page."""
EMPTY: Final = "an empty program"

START: Final = """async ([rivals, options]) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const ours = await createWorker({ isolation: 'worker', ...options });
  const run = async (name, program) => {
    const result = await ours.runEntry(`/programs/${program.entry}`);
    return { ms: result.phases.run, out: result.out, error: result.error?.rendered ?? null };
  };
  window.runners = { ours: run };
  for (const [name, kind] of Object.entries(rivals)) {
    const worker = new Worker(`/bench/${name}.js`, { type: kind });
    const answer = () => new Promise((done, failed) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = (event) => { event.preventDefault?.(); failed(new Error(`${name}: ${event.message}`)); };
    });
    await answer();
    window.runners[name] = (_, program) => {
      const given = answer();
      worker.postMessage({ files: program.files });
      return given;
    };
  }
}"""
RUN: Final = "([runner, name, program]) => window.runners[runner](name, program)"


def programs() -> dict[str, dict[str, str]]:
    """The texts of each program, by its name."""
    found = {path.stem: {"main.py": path.read_text(encoding="utf-8")} for path in PROGRAMS.glob("*.py")}
    for folder in PROGRAMS.glob("*/"):
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
        if texts:
            found[folder.name] = texts
    return dict(sorted(found.items()))


def expected(name: str) -> str:
    """What CPython prints."""
    path = PROGRAMS / name / "main.py"
    path = path if path.exists() else PROGRAMS / f"{name}.py"
    return subprocess.run([sys.executable, "-B", str(path)], capture_output=True, text=True, check=True).stdout


def report(browser: Browser, only: Iterable[str] = (), pages: int = PAGES, rivals: Iterable[str] = RIVALS) -> None:
    """The lines of this file, from a browser that is running."""
    chosen = {name: files for name, files in programs().items() if not only or name in only}
    wanted = {name: expected(name) for name in chosen}
    mounts = {
        "/dist/": ROOT / "dist",
        "/npm/": ROOT / "node_modules",
        "/bench/": FOLDER / "rivals",
        "/programs/": PROGRAMS,
    }
    with Site(mounts) as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        site.put(f"/programs/{_entry(EMPTY, {})}", "\n", "text/x-python")
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in (EMPTY, *chosen)}
        for _ in range(pages):
            page = _open(browser, site, ("pyodide",))
            for name, files in chosen.items():
                _warm(page, name, files, wanted[name])
            for name, files in {EMPTY: {"main.py": "\n"}, **chosen}.items():
                for _ in range(TURNS):
                    ours, theirs = (_run(page, runner, name, files)["ms"] for runner in ("ours", "pyodide"))
                    times[name].append((ours, theirs))
            page.close()
        middle = statistics.median(ours for ours, _ in times.pop(EMPTY))
        print(f"{'speed: what a run costs once, ' + EMPTY:54} {middle:9.2f} ms")
        others = {rival: _once(browser, site, rival, chosen, wanted) for rival in rivals}
        _compare(times, others)


def _open(browser: Browser, site: Site, runners: Iterable[str]) -> Page:
    page = browser.new_page()
    page.set_default_timeout(0)
    page.goto(f"{site.url}/index.html")
    page.evaluate(START, [{name: KINDS[name] for name in runners}, {"memo": False}])  # options of our worker
    return page


def _warm(page: Page, name: str, files: dict[str, str], want: str) -> None:
    """A run in each engine that is not measured, and whose output must be right."""
    for runner in ("ours", "pyodide"):
        found = _run(page, runner, name, files)
        if found["out"] != want or found["error"]:
            sys.exit(f"{name} in {runner} gave {found['error']} {found['out'][:300]!r}")


def _once(
    browser: Browser, site: Site, rival: str, chosen: dict[str, dict[str, str]], wanted: dict[str, str]
) -> dict[str, float | str]:
    """The time of each program in a rival; or why it does not count."""
    page = _open(browser, site, (rival,))
    found: dict[str, float | str] = {}
    for name, files in chosen.items():
        run = _run(page, rival, name, files)
        if run["error"] or run["out"] != wanted[name]:
            found[name] = _reason(run, wanted[name])
        elif run["ms"] > SHORT:
            found[name] = run["ms"]
        else:
            found[name] = min(run["ms"], _run(page, rival, name, files)["ms"])
    page.close()
    return found


def _compare(times: dict[str, list[tuple[float, float]]], others: dict[str, dict[str, float | str]]) -> None:
    ratios: dict[str, list[float]] = {name: [] for name in ("pyodide", *others)}
    print(f"{'speed: medians':26} {'ours':>9} {'Pyodide':>9}   {'and how many times as fast as the others we are'}")
    for name, pairs in times.items():
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(theirs / ours for ours, theirs in pairs)
        ratios["pyodide"].append(ratio)
        words = [f"{ratio:.3f} Pyodide"]
        for rival, found in others.items():
            taken = found[name]
            if isinstance(taken, str):
                words.append(f"{rival}: {taken}")
            else:
                ratios[rival].append(taken / ours)
                words.append(f"{taken / ours:.2f} {rival}")
        print(f"{name:26} {ours:9.1f} {theirs:9.1f}   {'; '.join(words)}")
    for rival, all_of_it in ratios.items():
        if all_of_it:
            mean, least = statistics.geometric_mean(all_of_it), min(all_of_it)
            print(f"{f'speed, over {rival}: geometric mean, least':44} {mean:.3f}, {least:.3f}")


def _reason(found: dict[str, Any], want: str) -> str:
    """Why a rival's run does not count, in a few words."""
    if found["error"]:
        return "cannot: " + (str(found["error"]).strip().splitlines() or ["?"])[-1][:70]
    pairs = zip(found["out"].splitlines() or [""], want.splitlines(), strict=False)
    return "prints otherwise: " + next((f"{a[:30]!r}" for a, b in pairs if a != b), "less")


def _run(page: Page, runner: str, name: str, files: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(RUN, [runner, name, {"files": files, "entry": _entry(name, files)}])
    return found


def _entry(name: str, files: dict[str, str]) -> str:
    """Where a program begins, on our site."""
    return f"{name}/main.py" if len(files) > 1 else f"{name}.py".replace(" ", "_")


if __name__ == "__main__":
    names = [one for one in sys.argv[1:] if not one.startswith("-")]
    chromium.run(partial(report, only=names, rivals=() if "--alone" in sys.argv else RIVALS))
