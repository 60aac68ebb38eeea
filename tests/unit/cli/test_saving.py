"""`edge run --save-state` and `--restore-state`: a run leaves in the middle, and another process goes on with it.

Takes: the installed command, in processes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it signals processes")

EDGE = Path(sys.executable).with_name("edge")
SAVED = "saved in 'state': --restore-state 'state' goes on from here\n"
SAVE = ("--save-state", "state")
RESTORE = ("--restore-state", "state")

Edge = Callable[..., tuple[int, str, str]]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """The same, to be signalled."""
    started: list[subprocess.Popen[str]] = []

    def begin(source: str, *options: str, unbuffered: str = "") -> subprocess.Popen[str]:
        tmp_path.joinpath("main.py").write_text(source, encoding="utf-8")
        started.append(
            subprocess.Popen(
                [EDGE, "run", "main.py", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=tmp_path,
                text=True,
                start_new_session=True,
                env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            )
        )
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


ASK = """
import random
secret, names = random.random(), []
print("begins", secret)
try:
    for n in range(3):
        names.append(input("? "))
        print(len(names), names, {"a", "b", "c", "d"})
finally:
    print("ends", secret)
"""


def test_the_end_of_input_saves_and_the_next_run_goes_on(edge: Edge) -> None:
    code, first, err = edge(ASK, *SAVE, given="x\n")
    assert (code, err) == (75, SAVED)
    code, second, err = edge(ASK, *RESTORE, *SAVE, given="y\n")
    assert (code, err) == (75, SAVED)
    code, third, err = edge(ASK, *RESTORE, given="z\n")
    assert (code, err) == (0, "")
    assert first.endswith("\n? "), "the prompt is shown again"
    lines = (first.removesuffix("? ") + second.removesuffix("? ") + third).splitlines()
    assert [line.split(" {")[0] for line in lines[1:-1]] == ["? 1 ['x']", "? 2 ['x', 'y']", "? 3 ['x', 'y', 'z']"]
    assert len({line.split("] ")[1] for line in lines[1:-1]}) == 1  # sets of texts have one order in all three
    assert lines[0].removeprefix("begins") == lines[-1].removeprefix("ends")


def test_the_end_of_events_saves_too(edge: Edge) -> None:
    source = "while True: print(receive())"
    assert edge(source, "--events", "-", *SAVE, given="a\nb\n") == (75, "a\nb\n", SAVED)
    assert edge(source, "--events", "-", *RESTORE, *SAVE, given="c\n") == (75, "c\n", SAVED)
    code, out, err = edge(source, "--events", "-", *RESTORE, given="d\n")
    assert (code, out) == (1, "d\n")
    assert err.startswith("error: RuntimeError: no event source\n")


def test_ctrl_c_saves_where_it_waits(start: Start, edge: Edge) -> None:
    source = """
async def nap(name, seconds):
    try:
        sleep(seconds)
    finally:
        print(name, "slept")
print("on")
gather(nap("a", {0}), nap("b", {0}))
"""
    source = source.format("1")
    process = start(source, *SAVE)
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (75, "")
    assert err.endswith(SAVED)
    assert edge(source, *RESTORE) == (0, "a slept\nb slept\n", "")


COMPUTE = "print('on')\nsleep(0.01)\nn = 0\nwhile n < {}: n += 1\nprint('computed', input())"


def test_ctrl_c_while_it_computes_saves_at_the_next_wait(start: Start, edge: Edge) -> None:
    source = COMPUTE.format(20_000_000).replace("sleep(0.01)\n", "sleep(0.01)\nprint('busy', flush=True)\n")
    process = start(source, *SAVE)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate("")
    assert process.returncode == 75
    assert err.endswith(SAVED)
    assert edge(source, *RESTORE, given="x\n")[1].endswith("computed x\n")


def test_the_second_ctrl_c_stops_it(start: Start) -> None:
    process = start("print('on')\nsleep(0.01)\nprint('busy')\nsleep(0)\nwhile True: pass", *SAVE, unbuffered="1")
    assert process.stdout is not None
    assert process.stderr is not None
    assert [process.stdout.readline(), process.stdout.readline()] == ["on\n", "busy\n"]
    time.sleep(0.2)  # it may wait for the last time
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr.readline() == "note: 'state' is saved when the program waits; Ctrl-C again stops it\n"
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr.readline() == "error: KeyboardInterrupt\n"
    assert process.wait() == 130


WRONG = {
    "another program": ("print(input())", (), "this state is of another program: "),
    "other arguments": (
        ASK,
        ("--", "x"),
        "this state was saved with other options (memory: 536870912 bytes, clock: RealClock, arguments: [], not ",
    ),
    "less memory": (ASK, ("--memory", "256"), "this state was saved with other options (memory: 536870912 bytes,"),
    "another clock": (ASK, ("--virtual-clock",), "this state was saved with other options"),
}


@pytest.mark.parametrize(("source", "options", "message"), WRONG.values(), ids=WRONG)
def test_a_state_of_something_else(edge: Edge, source: str, options: tuple[str, ...], message: str) -> None:
    edge(ASK, *SAVE)
    code, out, err = edge(source, *RESTORE, *options, given="x\n")
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: {message}")


def test_arguments_are_told_apart(edge: Edge) -> None:
    edge(ASK, *SAVE, "--", "a b")
    assert edge(ASK, *RESTORE, "--", "a", "b", given="x\n")[2].startswith(
        "Error: this state was saved with other options"
    )


def test_what_is_no_state(edge: Edge, tmp_path: Path) -> None:
    tmp_path.joinpath("state").write_bytes(b"no state")
    assert edge(ASK, *RESTORE) == (1, "", "Error: these bytes are no saved state of Edge Python\n")
    assert edge(ASK, "--restore-state", "gone")[0] == 2


def test_where_it_cannot_be_written_the_program_goes_on(edge: Edge) -> None:
    code, out, err = edge("try: input()\nexcept EOFError: print('end')", "--save-state", "gone/state")
    assert (code, out) == (0, "end\n")
    assert err == "error: cannot write 'gone/state': No such file or directory\n"
