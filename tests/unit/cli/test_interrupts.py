"""Ctrl-C on the command line: it stops the script wherever it is, with the script's own frames; the second one ends at once.

Takes: the installed command, real processes and signals. A program says where it is by what it prints.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it needs processes and terminals as Linux has them")

EDGE = Path(sys.executable).with_name("edge")


class Started:
    """The command in a session of its own, as a shell starts it; its program has printed `on`."""

    def __init__(self, folder: Path, source: str, *options: str, buffered: bool = False) -> None:
        """`buffered`: `on` is seen when the program begins to wait, else when it is printed."""
        path = folder / "main.py"
        path.write_text(source, encoding="utf-8")
        self._error = folder / "stderr"
        with self._error.open("wb") as error:
            self.process = subprocess.Popen(
                [EDGE, "run", path, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=error,
                text=True,
                start_new_session=True,
                env=os.environ | {"PYTHONUNBUFFERED": "" if buffered else "1"},
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin, self.process.stdout

    def until(self, line: str) -> None:
        """Read the program's output up to that line."""
        found = None
        while found != line + "\n":
            found = self._out.readline()
            if not found:
                raise AssertionError(f"the program ended before it printed {line!r}: {self.end()}")

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)  # a terminal signals the whole group

    def type(self, text: str) -> None:
        self._in.write(text)
        self._in.flush()

    def end(self) -> tuple[int, str, str]:
        """Exit code, the rest of standard output, and standard error."""
        out = self._out.read()
        return self.process.wait(), out, self._error.read_text(encoding="utf-8")

    def close(self) -> None:
        """Whatever happened, nothing stays behind."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._in.close()
        self._out.close()


Start = Callable[..., Started]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made: list[Started] = []

    def begin(source: str, *options: str, buffered: bool = False) -> Started:
        made.append(Started(tmp_path, SAY + source, *options, buffered=buffered))
        made[-1].until("on")
        return made[-1]

    yield begin
    for started in made:
        started.close()


SAY = "import sys\n\ndef on(word='on'):\n    print(word)\n"
COMPUTE = "    print('on')\n    while True: pass\n"
STOPPED = {
    "computing": ("if 1:\n" + COMPUTE, [r"[67]:\d+ in <module>"]),
    "in a function": ("def f():\n" + COMPUTE + "f()", [r"8:1 in <module>", r"[67]:\d+ in f"]),
    "in a function that Python calls": (
        "def f(n):\n" + COMPUTE + "max([1, 2], key=f)",
        [r"8:1 in <module>", r"[67]:\d+ in f"],
    ),
    "in sleep": ("print('on')\nsleep(1e6)", [r"6:1 in <module>"]),
    "in input": ("print('on')\ninput('? ')", [r"6:1 in <module>"]),
    "in receive": ("print('on')\nreceive()", [r"6:1 in <module>"]),
    "in await": (
        "async def f():\n    print('on')\n    await sleep(1e6)\nawait f()",
        [r"8:1 in <module>", r"7:\d+ in f"],
    ),
    "in gather, all waiting": (
        "async def f(n):\n    sleep(1e6)\nasync def g():\n    print('on')\n    input()\ngather(*map(f, range(100)), g())",
        [r"10:1 in <module>"],
    ),
    "in gather, one computing": (
        "async def f(n):\n    sleep(1e6)\nasync def g():\n" + COMPUTE + "gather(*map(f, range(9)), g())",
        [r"10:1 in <module>", r"[89]:\d+ in g"],
    ),
    "in time.sleep": ("import time\nprint('on')\ntime.sleep(1e6)", [r"7:1 in <module>"]),
    "reading standard input": ("print('on')\nfor line in sys.stdin: pass", [r"6:\d+ in <module>"]),
}


@pytest.mark.parametrize(("source", "frames"), STOPPED.values(), ids=STOPPED)
def test_it_stops_the_script_with_its_own_frames(start: Start, source: str, frames: list[str]) -> None:
    options = ["--events", "-"] if "receive" in source else []
    started = start(source, *options, buffered="while True" not in source)
    started.press_ctrl_c()
    code, _, error = started.end()
    head, *picture = error.splitlines()
    assert (code, head) == (130, "error: KeyboardInterrupt")
    places = [line.split("--> ")[1] for line in picture if "--> " in line]
    assert re.fullmatch("\n".join(rf"main\.py:{frame}" for frame in frames), "\n".join(places)), error


TURNS = {
    "tasks that take turns": "async def f():\n    while True: await sleep(0)\non()\ngather(f(), f())",
    "plain functions that take turns": "async def f():\n    while True: sleep(0)\non()\ngather(f(), f())",
    "a loop that prints": "on()\nwhile True: print(end='')",
    "a loop that starts tasks": "async def f(): pass\non()\nwhile True: run(f())",
}


@pytest.mark.parametrize("source", TURNS.values(), ids=TURNS)
def test_it_never_lands_between_tasks(start: Start, source: str) -> None:
    """Most of the time of these programs is the scheduler's."""
    for _ in range(2):
        started = start(source)
        started.press_ctrl_c()
        code, _, error = started.end()
        head, *picture = error.splitlines()
        assert (code, head) == (130, "error: KeyboardInterrupt"), error
        places = [line for line in picture if "--> " in line]
        assert places
        assert all("--> main.py:" in place for place in places)
        started.close()


def test_finally_runs_in_every_task(start: Start) -> None:
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
    started = start(source)
    started.press_ctrl_c()
    code, out, error = started.end()
    assert (code, sorted(out.splitlines())) == (130, ["cleaned a", "cleaned b", "cleaned g", "cleaned main"])
    assert out.endswith("cleaned main\n")
    assert error.startswith("error: KeyboardInterrupt\n")


@pytest.mark.parametrize("wait", ["input()", "sleep(1e6)", "gather(nap(), nap())", "for _ in iter(int, 1): pass"])
def test_a_script_that_handles_it_goes_on(start: Start, wait: str) -> None:
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
    started = start(source)
    for line in ("1", "2", "after"):
        started.press_ctrl_c()
        started.until(line)
    started.type("x\n")
    assert started.end() == (0, "x\n", "")


AT_ONCE = "error: KeyboardInterrupt: ended at the second Ctrl-C, before the program had cleaned up\n"
UNWINDING = {
    "a finally that computes": "on()\n    while True: pass\nfinally:\n    on('cleaning')\n    while True: pass",
    "a finally that waits": "on()\n    sleep(1e6)\nfinally:\n    on('cleaning')\n    sleep(1e6)",
    "a handler": "on()\n    input()\nexcept KeyboardInterrupt:\n    on('cleaning')\n    input()",
    "another task's finally": "gather(f(), f())\nfinally:\n    pass",
}


@pytest.mark.parametrize("source", UNWINDING.values(), ids=UNWINDING)
def test_the_second_one_ends_at_once(start: Start, source: str) -> None:
    task = (
        "async def f():\n    try:\n        on()\n        sleep(1e6)\n    finally:\n        on('cleaning')\n"
        "        while True: pass\n"
    )
    started = start(task + "try:\n    " + source)
    started.press_ctrl_c()
    started.until("cleaning")
    started.press_ctrl_c()
    assert started.end() == (130, "", AT_ONCE)


def test_a_program_that_cannot_hear_ends_at_the_next_one(start: Start) -> None:
    """It sits in one operation of C code, which never looks up. One that comes before that begins is caught."""
    started = start(
        "while True:\n    try:\n        print('on')\n        sum(iter(int, 1))\n    except KeyboardInterrupt: pass"
    )
    for _ in range(20):
        if started.process.poll() is None:
            started.press_ctrl_c()
            time.sleep(0.1)
    code, _, error = started.end()
    words = "ended at the second Ctrl-C, in an operation that cannot be interrupted"
    assert (code, error) == (130, f"error: KeyboardInterrupt: {words}\n")


def test_the_command_alone_is_told(start: Start) -> None:
    """As by `kill -INT`, which names one process."""
    started = start("try:\n    on()\n    sleep(1e6)\nfinally:\n    print('cleaned')")
    started.process.send_signal(signal.SIGINT)
    code, out, error = started.end()
    assert (code, out, error.splitlines()[0]) == (130, "cleaned\n", "error: KeyboardInterrupt")


def test_time_is_not_counted_while_it_waits_for_ctrl_c(start: Start) -> None:
    started = start("on()\nsleep(0.5)\non('slept')\ninput()", "--timeout", "0.3")
    started.until("slept")
    started.press_ctrl_c()
    assert started.end()[0] == 130
