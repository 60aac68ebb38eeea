"""How fast programs run, beside plain Pyodide, MicroPython, Brython and Skulpt, all in workers of one Chromium.

Takes: a built `dist/`, a running browser, the programs of `bench/programs/`, the rivals of `node_modules/`.
Gives: printed lines (comparison.py): for each program the medians and how many times as fast as the others we are; geometric
means, and on how many programs we are ahead of each rival.
Refuses: to judge times; it fails where our output, or Pyodide's, is not what CPython prints. What a rival cannot run, or runs to
another output, is printed with its reason.

Pyodide and we take turns, program by program, now one first and now the other, and only one computes at a time: what our
engine does after a run, while nothing runs, is waited for. Our time is that of the phase `run`: from the
program's built-ins to its end. Pyodide's is that of `exec` alone. What a run costs once, whatever it runs, is a line of its own.
Each page runs all programs once before the clock counts, so that the browser has compiled both engines as well as it can; and
there are several pages, because one and the same engine is some percent faster in one page than in another.

The others take many times as long, so each runs a program once, in a page of its own, its translation counted; a short one once
more, and the better counts; one that comes near to us as often as we do, and the median counts. A run that has taken `TIMES` as
long as ours, and `LEAST` at least, is broken off: more need not be known to say who is ahead.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Error, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from bench.comparison import Time, beside, beside_pyodide
from tests.support.site import ROOT, Site

FOLDER: Final = Path(__file__).parent
PROGRAMS: Final = FOLDER / "programs"
RIVALS: Final = ("micropython", "brython", "skulpt")
PAGES: Final = 5
TURNS: Final = 2
"""In each page."""
TIMES: Final = 20.0
LEAST: Final = 3_000.0
"""Milliseconds that a rival always has."""
LONGEST: Final = 60_000.0
"""Milliseconds after which a run of Pyodide's is given up; our worker has a limit of its own, which is as long."""
IDLE: Final = 150
"""Milliseconds until our engine has done what it does after a run."""
SHORT: Final = 2_000.0
"""Milliseconds of a rival's run that is worth another."""
NEAR: Final = 3.0
"""A rival that takes no more than so many times our time runs as often as we do."""
EMPTY: Final = "an empty program"

START: Final = "async ([name, options]) => (await import('/bench/runners.js')).start(name, options)"
RUN: Final = "async ([name, program, most]) => (await import('/bench/runners.js')).run(name, program, most)"


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
            page = _open(browser, site, ("ours", "pyodide"))
            for name, files in chosen.items():
                for runner in ("ours", "pyodide"):
                    _right(page, runner, name, files, wanted[name])  # not measured
            for name, files in {EMPTY: {"main.py": "\n"}, **chosen}.items():
                for turn in range(TURNS):
                    taken: dict[str, float] = {}
                    for runner in ("ours", "pyodide") if turn % 2 == 0 else ("pyodide", "ours"):
                        taken[runner] = _right(page, runner, name, files, wanted.get(name, ""))
                        page.wait_for_timeout(IDLE)
                    times[name].append((taken["ours"], taken["pyodide"]))
            page.close()
        middle = statistics.median(ours for ours, _ in times.pop(EMPTY))
        print(f"{'speed: what a run costs once, ' + EMPTY:54} {middle:9.2f} ms", flush=True)
        print("\n".join(beside_pyodide(times)), flush=True)
        medians = {name: statistics.median(ours for ours, _ in pairs) for name, pairs in times.items()}
        for rival in rivals:
            print("\n".join(beside(rival, _rival(browser, site, rival, chosen, wanted, medians), medians)), flush=True)


def _open(browser: Browser, site: Site, runners: Iterable[str]) -> Page:
    """A page in which some are ready to run programs."""
    page = browser.new_page()
    page.goto(f"{site.url}/index.html")
    for name in runners:
        page.evaluate(START, [name, {"memo": False}])  # options of our worker
    return page


def _right(page: Page, runner: str, name: str, files: dict[str, str], want: str) -> float:
    """What a run took, whose output must be right."""
    found = _run(page, runner, name, files, LONGEST)
    if found["late"] or found["error"] or found["out"] != want:
        why = "did not come to an end" if found["late"] else f"gave {found['error']} {found['out'][:300]!r}"
        sys.exit(f"{name} in {runner} {why}")
    ms: float = found["ms"]
    return ms


def _rival(
    browser: Browser,
    site: Site,
    rival: str,
    chosen: dict[str, dict[str, str]],
    wanted: dict[str, str],
    ours: dict[str, float],
) -> dict[str, Time | str]:
    """What a rival takes for each program; or why that does not count. One that breaks down takes no other's lines with it."""
    found: dict[str, Time | str] = {}
    try:
        page = _open(browser, site, (rival,))
        for name, files in chosen.items():
            found[name] = _time(page, rival, name, files, wanted[name], ours[name])
        page.close()
    except Error as error:
        found |= dict.fromkeys(chosen.keys() - found.keys(), f"cannot: {error.message.splitlines()[0][:70]}")
    return found


def _time(page: Page, rival: str, name: str, files: dict[str, str], want: str, ours: float) -> Time | str:
    most = max(TIMES * ours, LEAST)
    taken: list[float] = []
    turns = 1
    while len(taken) < turns:
        found = _run(page, rival, name, files, most)
        if taken and (found["late"] or found["error"]):
            break  # it has shown that it can do better
        if found["late"]:
            return Time(most, late=True)
        if found["error"] or found["out"] != want:
            return _reason(found, want)
        taken.append(found["ms"])
        turns = 1 if taken[0] > SHORT else 2 if min(taken) > NEAR * ours else PAGES * TURNS
    return Time(min(taken) if turns < PAGES * TURNS else statistics.median(taken))


def _reason(found: dict[str, Any], want: str) -> str:
    """Why a rival's run does not count, in a few words."""
    if found["error"]:
        return "cannot: " + (str(found["error"]).strip().splitlines() or ["?"])[-1][:70]
    pairs = zip(found["out"].splitlines() or [""], want.splitlines(), strict=False)
    return "prints otherwise: " + next((f"{a[:30]!r}" for a, b in pairs if a != b), "less")


def _run(page: Page, runner: str, name: str, files: dict[str, str], most: float) -> dict[str, Any]:
    program = {"files": files, "entry": _entry(name, files)}
    found: dict[str, Any] = page.evaluate(RUN, [runner, program, most])
    return found


def _entry(name: str, files: dict[str, str]) -> str:
    """Where a program begins, on our site."""
    return f"{name}/main.py" if len(files) > 1 else f"{name}.py".replace(" ", "_")


if __name__ == "__main__":
    names = [one for one in sys.argv[1:] if not one.startswith("-")]
    chromium.run(partial(report, only=names, rivals=() if "--alone" in sys.argv else RIVALS))
