"""`make bench`: the measurements that the project promises, printed as one report and written into docs/performance.md.

Takes: a built `dist/`, the browser of `playwright.config.py`; names of parts, if not all: `python -m bench.run limits deep`.
Gives: the machine and its versions, the lines of each part, and how long each took. Some parts by name are printed only.
Refuses: to judge: it never fails on a time (the machine is noisy); it fails where a part does, once all have run.

Each part is a process of its own, `python -m bench.NAME`. One that dies, or does not come to an end, takes no other's lines with
it; and what has been measured is written after each part, so that nothing is lost where all of it is broken off.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.browser import launch_options
from tests.support.site import ROOT

PACKAGES: Final = ("pyodide", "@micropython/micropython-webassembly-pyscript", "brython", "skulpt")
PARTS: Final = (
    "bytes",
    "start",
    "speed",
    "memo --page",
    "again",
    "memory",
    "modules --page",
    "native_browser",
    "waiting",
    "cell",
    "limits",
    "replay",
    "flood",
    "deep",
    "modules",
    "guard",
    "limits_native",
    "memo",
    "fold",
    "native",
    "waiting_native",
)
"""What the project promises first, first."""
MOST: Final = 600.0
"""Seconds after which a part is broken off: about twice what the longest takes on a slow machine."""

PERFORMANCE: Final = ROOT / "docs" / "performance.md"
MARK: Final = "## The last report of `make bench`"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A process that prints lines."""

    name: str
    command: tuple[str, ...]
    most: float = MOST


def main(names: Iterable[str]) -> None:
    """Measure, print, and write the report as it grows."""
    chosen = tuple(names)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"bench: there is no part {unknown[0]!r}; the parts are: {', '.join(PARTS)}")
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    for line in _machine():
        say(line)
    failed = 0
    for part in parts(chosen or PARTS):
        failed += not run(part, say)
        if not chosen:
            _write(lines)
    sys.exit(f"bench: {failed} of the parts broke off" if failed else 0)


def parts(names: Iterable[str]) -> Iterator[Part]:
    """The processes of parts by name: `memo --page` is `python -m bench.memo --page`."""
    for name in names:
        module, *options = name.split()
        yield Part(name, (sys.executable, "-u", "-m", f"bench.{module}", *options))


def run(part: Part, say: Say) -> bool:
    """Say the lines of a part as they come, then how long it took; whether it came to its end."""
    began = time.monotonic()
    late = threading.Event()
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as problems,
        subprocess.Popen(
            part.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=problems, text=True
        ) as process,
    ):

        def end() -> None:
            late.set()
            process.terminate()  # Playwright's driver notices, and closes the browser

        timer = threading.Timer(part.most, end)
        timer.start()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                say(line.rstrip("\n"))
            code = process.wait()
        finally:
            timer.cancel()
            process.terminate()
        problems.seek(0)
        told = problems.read()
    took = f"took {time.monotonic() - began:.0f} s"
    if code == 0:
        say(f"({part.name} {took})")
        return True
    sys.stderr.write(told)
    why = "it did not come to an end" if late.is_set() else (told.strip().splitlines() or [f"it ended with {code}"])[-1]
    say(f"({part.name} broke off, {took}: {why})")
    return False


def _machine() -> Iterator[str]:
    yield f"date      {datetime.now(UTC):%Y-%m-%d}"
    yield f"machine   {platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
    yield f"python    {platform.python_version()}"
    for name in PACKAGES:
        version = json.loads((ROOT / "node_modules" / name / "package.json").read_text("utf-8"))["version"]
        yield f"npm       {name} {version}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield f"browser   Chromium {browser.version}"
        browser.close()


def _write(lines: list[str]) -> None:
    """The report so far, in the place of the last one."""
    text = PERFORMANCE.read_text("utf-8").partition(MARK)[0].rstrip()
    report = "".join(f"{line}\n" for line in lines)
    PERFORMANCE.write_text(f"{text}\n\n{MARK}\n```text\n{report}```\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
