"""How fast programs run, beside plain Pyodide, MicroPython, Brython and Skulpt, all in workers of one Chromium.

Takes: a built `dist/`, a running browser, the programs of `bench/programs/`, the rivals of `node_modules/`.
Gives: printed lines: for each program the medians and how many times as fast as the others we are; geometric means.
Refuses: to judge times; it fails where our output, or Pyodide's, is not what CPython prints. What a rival cannot run, or runs to
another output, is printed with its reason.

The five take turns, program by program, and only one of them computes at a time. Our time is that of the phase `run`: from the
program's built-ins to its end. Pyodide's is that of `exec` alone.
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
TURNS: Final = 9
RIVAL_TURNS: Final = 1

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


def report(browser: Browser, only: Iterable[str] = (), turns: int = TURNS, rivals: Iterable[str] = RIVALS) -> None:
    """The lines of this file, from a browser that is running."""
    chosen = {name: files for name, files in programs().items() if not only or name in only}
    mounts = {
        "/dist/": ROOT / "dist",
        "/npm/": ROOT / "node_modules",
        "/bench/": FOLDER / "rivals",
        "/programs/": PROGRAMS,
    }
    with Site(mounts) as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(f"{site.url}/index.html")
        runners = ("pyodide", *rivals)
        page.evaluate(START, [{name: KINDS[name] for name in runners}, {"memo": False}])  # options of our worker
        _compare(page, chosen, turns, tuple(rivals))
        page.close()


def _compare(page: Page, chosen: dict[str, dict[str, str]], turns: int, rivals: tuple[str, ...]) -> None:
    ratios: dict[str, list[float]] = {name: [] for name in ("pyodide", *rivals)}
    print(f"{'speed: medians':26} {'ours':>9} {'Pyodide':>9}   {'and how many times as fast as the others we are'}")
    for name, files in chosen.items():
        want = expected(name)
        first = {runner: _run(page, runner, name, files) for runner in ("ours", "pyodide", *rivals)}
        for runner in ("ours", "pyodide"):
            if first[runner]["out"] != want or first[runner]["error"]:
                sys.exit(f"{name} in {runner} gave {first[runner]['error']} {first[runner]['out'][:300]!r}")
        times: dict[str, list[float]] = {"ours": [], "pyodide": []}
        for _ in range(turns):
            for runner, taken in times.items():
                taken.append(_run(page, runner, name, files)["ms"])
        ours, theirs = statistics.median(times["ours"]), statistics.median(times["pyodide"])
        ratio = statistics.median(b / a for a, b in zip(times["ours"], times["pyodide"], strict=True))
        ratios["pyodide"].append(ratio)
        words = [f"{ratio:.3f} Pyodide"]
        for rival in rivals:
            found = first[rival]
            if found["error"] or found["out"] != want:
                words.append(f"{rival}: {_reason(found, want)}")
                continue
            ratios[rival].append(found["ms"] / ours)
            words.append(f"{found['ms'] / ours:.2f} {rival}")
        print(f"{name:26} {ours:9.1f} {theirs:9.1f}   {'; '.join(words)}", flush=True)
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
    entry = f"{name}/main.py" if len(files) > 1 else f"{name}.py"
    found: dict[str, Any] = page.evaluate(RUN, [runner, name, {"files": files, "entry": entry}])
    return found


if __name__ == "__main__":
    names = [one for one in sys.argv[1:] if not one.startswith("-")]
    chromium.run(partial(report, only=names, rivals=() if "--alone" in sys.argv else RIVALS))
