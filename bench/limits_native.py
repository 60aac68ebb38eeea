"""How soon the `edge` command ends runaway programs: beside the limit, which is 1 s.

Takes: the installed command. Gives: `report()`, which prints the median and the slowest of several runs of each program, and what
starting the command costs. Refuses: a program that ended in another way than by the limit.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

EDGE: Final = Path(sys.executable).with_name("edge")
LIMIT: Final = 1.0
TURNS: Final = 5
PROGRAMS: Final = {
    "busy loop": "while True: pass",
    "catches everything": "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
    "10 ** 10 ** 9": "10 ** 10 ** 9",
    "regular expression": "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    "endless output": "while True: print(1)",
}


def report() -> None:
    """Measure and print."""
    print(f"edge run --timeout {LIMIT:g}: ended after (limit {LIMIT + 0.5:g} s), of {TURNS} runs")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "main.py")
        empty = statistics.median(_seconds(path, "pass", "") for _ in range(TURNS))
        print(f"  {'an empty program':<20} {empty:6.2f} s")
        for name, source in PROGRAMS.items():
            times = [_seconds(path, source, "TimeoutError") - empty for _ in range(TURNS)]
            print(f"  {name:<20} {statistics.median(times):6.2f} s   slowest {max(times):.2f} s")


def _seconds(path: Path, source: str, error: str) -> float:
    path.write_text(source, encoding="utf-8")
    began = time.perf_counter()
    command = [str(EDGE), "run", str(path), "--timeout", str(LIMIT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    took = time.perf_counter() - began
    if error not in done.stderr or bool(error) != bool(done.stderr):
        raise AssertionError(f"{source!r} ended with {done.stderr!r}")
    return took


if __name__ == "__main__":
    report()
