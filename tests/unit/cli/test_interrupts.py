"""Ctrl-C on the command line: it stops the script wherever it is, with the script's own frames; the second one ends at once.

Takes: the installed command, real processes, signals and terminals. A program says where it is by what it prints: what stands
before a wait was flushed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it needs processes and terminals as Linux has them")

EDGE = Path(sys.executable).with_name("edge")


class Started:
    """The command in a session of its own, as a shell starts it; its program has printed `on`."""

    def __init__(self, tmp_path: Path, source: str, *options: str) -> None:
        path = tmp_path / "main.py"
        path.write_text(source, encoding="utf-8")
        self.process = subprocess.Popen(
            [EDGE, "run", path, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.until("on")

    def until(self, line: str) -> None:
        """Read the program's output up to that line."""
        assert self.process.stdout is not None
        for found in self.process.stdout:
            if found == line + "\n":
                return
        raise AssertionError(f"the program ended before it printed {line!r}: {self.end()}")

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)  # a terminal signals the whole group

    def end(self) -> tuple[int, str, str]:
        """Exit code, the rest of standard output, and standard error."""
        out, error = self.process.communicate(timeout=30)
        return self.process.returncode, out, error


SAY = "import sys\ndef on(word='on'):\n    print(word)\n    sys.stdout.flush()\n"
STOPPED = {
    "computing": ("on()\nwhile True: pass", ["main.py:6:1 in <module>"]),
    "in a function": ("def f():\n    on()\n    while True: pass\nf()", ["main.py:8:1 in <module>", "main.py:7:5 in f"]),
    "in a method of Python's": ("on()\nmax(iter(int, 1), key=lambda n: n)", ["main.py:6:1 in <module>"]),
    "in sleep": ("on()\nsleep(1e6)", ["main.py:6:1 in <module>"]),
    "in input": ("on()\ninput('? ')", ["main.py:6:1 in <module>"]),
    "in await": (
        "async def f():\n    on()\n    await sleep(1e6)\nawait f()",
        ["main.py:8:1 in <module>", "main.py:7:5 in f"],
    ),
    "in gather, all waiting": (
        "async def f(n):\n    sleep(1e6)\nasync def g():\n    on()\n    input()\ngather(*map(f, range(100)), g())",
        ["main.py:10:1 in <module>"],
    ),
    "in gather, one computing": (
        "async def f(n):\n    sleep(1e6)\nasync def g():\n    on()\n    while True: pass\ngather(*map(f, range(9)), g())",
        ["main.py:10:1 in <module>", "main.py:9:5 in g"],
    ),
    "tasks that take turns": (
        "async def f():\n    while True: await sleep(0)\nasync def g():\n    on()\n    await f()\ngather(f(), g())",
        None,
    ),
    "in time.sleep": ("import time\non()\ntime.sleep(1e6)", ["main.py:7:1 in <module>"]),
    "reading standard input": ("on()\nfor line in sys.stdin: pass", ["main.py:6:13 in <module>"]),
    "in a loop that prints": ("import re\non()\nwhile True: print(end='')", ["main.py:7:"]),
}


@pytest.mark.parametrize(("source", "frames"), STOPPED.values(), ids=STOPPED)
def test_it_stops_the_script_with_its_own_frames(tmp_path: Path, source: str, frames: list[str] | None) -> None:
    started = Started(tmp_path, SAY + source)
    started.press_ctrl_c()
    code, _, error = started.end()
    head, *picture = error.splitlines()
    assert (code, head) == (130, "error: KeyboardInterrupt")
    places = [line.split("--> ")[1] for line in picture if "--> " in line]
    assert all(place.startswith("main.py:") for place in places)
    if frames is None:
        assert places
    else:
        assert [place.startswith(frame) for place, frame in zip(places, frames, strict=True)] == [True] * len(frames), (
            error
        )


def test_finally_runs_in_every_task(tmp_path: Path) -> None:
    source = """
async def f(name):
    try:
        sleep(1e6)
    finally:
        print("cleaned", name)
async def g():
    try:
        on()
        await sleep(1e6)
    finally:
        print("cleaned g")
try:
    gather(f("a"), f("b"), g())
finally:
    print("cleaned main")
"""
    started = Started(tmp_path, SAY + source)
    started.press_ctrl_c()
    code, out, error = started.end()
    assert (code, sorted(out.splitlines())) == (130, ["cleaned a", "cleaned b", "cleaned g", "cleaned main"])
    assert out.endswith("cleaned main\n")
    assert error.startswith("error: KeyboardInterrupt\n")


@pytest.mark.parametrize("wait", ["input()", "sleep(1e6)", "gather(nap(), nap())", "for _ in iter(int, 1): pass"])
def test_a_script_that_handles_it_goes_on(tmp_path: Path, wait: str) -> None:
    source = f"""
async def nap():
    await sleep(1e6)
for n in range(3):
    try:
        on(f"{{n}}" if n else "on")
        {wait}
    except KeyboardInterrupt as caught:
        kept = type(caught).__name__
        print("caught", kept)
on("after")
sleep(0)
print(input())
"""
    started = Started(tmp_path, SAY + source)
    for line in ("1", "2", "after"):
        started.press_ctrl_c()
        started.until(line)
    assert started.process.stdin is not None
    started.process.stdin.write("x\n")
    assert started.end() == (0, "x\n", "")


AT_ONCE = "error: KeyboardInterrupt: ended at the second Ctrl-C, before the program had cleaned up\n"
UNWINDING = {
    "a finally that computes": "on()\n    while True: pass\nfinally:\n    on('cleaning')\n    while True: pass",
    "a finally that waits": "on()\n    sleep(1e6)\nfinally:\n    on('cleaning')\n    sleep(1e6)",
    "a handler": "on()\n    input()\nexcept KeyboardInterrupt:\n    on('cleaning')\n    input()",
    "another task's finally": "gather(f(), f())\nfinally:\n    pass",
}


@pytest.mark.parametrize("source", UNWINDING.values(), ids=UNWINDING)
def test_the_second_one_ends_at_once(tmp_path: Path, source: str) -> None:
    task = (
        "async def f():\n    try:\n        on()\n        sleep(1e6)\n    finally:\n        on('cleaning')\n"
        "        while True: pass\n"
    )
    started = Started(tmp_path, SAY + task + "try:\n    " + source)
    started.press_ctrl_c()
    started.until("cleaning")
    started.press_ctrl_c()
    assert started.end() == (130, "", AT_ONCE)


def test_a_program_that_cannot_hear_ends_at_the_second_one(tmp_path: Path) -> None:
    """One operation of C code, which Python does not look up from."""
    started = Started(tmp_path, SAY + "on()\nx = 10 ** 10 ** 9")
    started.press_ctrl_c()
    started.press_ctrl_c()
    code, _, error = started.end()
    assert (code, error.partition(": ended")[0]) == (130, "error: KeyboardInterrupt")


def test_the_command_alone_is_told(tmp_path: Path) -> None:
    """As by `kill -INT`, which names one process."""
    started = Started(tmp_path, SAY + "try:\n    on()\n    sleep(1e6)\nfinally:\n    print('cleaned')")
    started.process.send_signal(signal.SIGINT)
    code, out, error = started.end()
    assert (code, out, error.splitlines()[0]) == (130, "cleaned\n", "error: KeyboardInterrupt")


def test_time_is_not_counted_while_it_waits_for_ctrl_c(tmp_path: Path) -> None:
    started = Started(tmp_path, SAY + "on()\nsleep(0.5)\non('slept')\ninput()", "--timeout", "0.3")
    started.until("slept")
    started.press_ctrl_c()
    assert started.end()[0] == 130
