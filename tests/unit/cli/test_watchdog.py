"""`edge run` under its watchdog: every runaway program ends with the right error, and nothing outlives the command.

Takes: the installed command, real processes and signals. No time is asserted: `bench/limits_native.py` prints how long it takes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EDGE = Path(sys.executable).with_name("edge")
# Why so much: a busy machine takes half of it to load `re`, before the program begins.
LIMIT = "error: TimeoutError: the program computed longer than its limit of 1 s"
POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork, the limit of time is best effort")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only this kernel bounds the memory of a process")


def edge(tmp_path: Path, source: str, *options: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program with the command, as a shell does."""
    path = tmp_path / "main.py"
    path.write_text(source, encoding="utf-8")
    return subprocess.run(
        [EDGE, "run", path, *options], input=given, capture_output=True, text=True, timeout=60, check=False
    )


RUNAWAY = {
    "a busy loop": "while True: pass",
    "one that catches everything": "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
    "a number that takes for ever": "x = 10 ** 10 ** 9",
    "a regular expression that takes for ever": "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    "a sum without end": "sum(iter(int, 1))",
}


@POSIX
@pytest.mark.parametrize("source", RUNAWAY.values(), ids=RUNAWAY)
def test_the_time_limit_ends_every_program(tmp_path: Path, source: str) -> None:
    done = edge(tmp_path, f"print('before')\n{source}", "--timeout", "1")
    assert (done.returncode, done.stdout) == (1, "before\n")
    assert done.stderr.splitlines()[0] == LIMIT


def test_waiting_is_not_counted(tmp_path: Path) -> None:
    done = edge(tmp_path, "sleep(0.5)\nprint(input())\nsleep(0.5)", "--timeout", "0.3", given="hi\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "hi\n", "")


@LINUX
def test_the_memory_limit_is_an_error_that_can_be_caught(tmp_path: Path) -> None:
    source = """
kept = []
try:
    while True:
        kept.append(bytearray(1_000_000))
except MemoryError:
    print(40 < len(kept) < 68)
    kept.clear()
try:
    "x" * 10 ** 12
except MemoryError:
    print("caught")
while True:
    kept.append("x" * 1_000_000)
"""
    done = edge(tmp_path, source, "--memory", "64")
    assert (done.returncode, done.stdout) == (1, "True\ncaught\n")
    words = "error: MemoryError: the program used more than its limit of 64 MiB"
    assert done.stderr.startswith(f"{words}\n   --> main.py:14:17")


@LINUX
def test_the_bound_is_the_run_s_not_the_command_s(tmp_path: Path) -> None:
    """One MiB is less than Python itself has."""
    done = edge(tmp_path, "print(sum(range(10)))", "--memory", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "45\n", "")


def test_exit_codes_and_streams_come_through(tmp_path: Path) -> None:
    done = edge(tmp_path, "import sys\nprint(input())\nprint('e', file=sys.stderr)\nraise SystemExit(7)", given="é\n")
    assert (done.returncode, done.stdout, done.stderr) == (7, "é\n", "e\n")


@POSIX
@pytest.mark.parametrize("options", ["", "--timeout 5"])
def test_a_reader_who_has_gone_ends_the_program_without_a_word(tmp_path: Path, options: str) -> None:
    path = tmp_path / "main.py"
    path.write_text("while True:\n  try: print('line')\n  except Exception: pass", encoding="utf-8")
    command = f"'{EDGE}' run '{path}' {options} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("line\n", "")


@POSIX
def test_closed_streams(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text("print(input())", encoding="utf-8")
    for closed, said in (
        ("<&-", "error: RuntimeError: input() has no source here"),
        (">&- </dev/null", "error: EOFError"),
    ):
        command = f"'{EDGE}' run '{path}' {closed}"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
        assert done.stderr.startswith(said)
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "-1", "0"])
def test_limits_that_are_none(tmp_path: Path, seconds: str) -> None:
    done = edge(tmp_path, "pass", "--timeout", seconds)
    assert done.returncode == 2
    assert "Invalid value for '--timeout'" in done.stderr


class Running:
    """The command while its program computes: the process that watches, and the one that is watched."""

    def __init__(self, tmp_path: Path) -> None:
        path = tmp_path / "main.py"
        path.write_text("import sys\nsys.stdout.write('on')\nsys.stdout.flush()\nwhile True: pass", encoding="utf-8")
        self.process = subprocess.Popen(
            [EDGE, "run", path, "--timeout", "60"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.read(2) == "on"
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        (self.program,) = map(int, children.split())

    def end(self) -> tuple[int, str]:
        """Wait for the command: exit code and standard error."""
        _, error = self.process.communicate(timeout=30)
        return self.process.returncode, error


@LINUX
def test_ctrl_c_ends_the_program_with_its_own_frames(tmp_path: Path) -> None:
    running = Running(tmp_path)
    os.killpg(running.process.pid, signal.SIGINT)  # a terminal signals the whole group
    code, error = running.end()
    assert (code, error.splitlines()[0]) == (130, "error: KeyboardInterrupt")
    assert error.splitlines()[1].startswith("   --> main.py:")


@LINUX
def test_a_request_to_end_is_passed_on(tmp_path: Path) -> None:
    running = Running(tmp_path)
    running.process.terminate()
    assert running.end() == (128 + signal.SIGTERM, "")


@LINUX
def test_a_dead_interpreter_is_said_in_one_line(tmp_path: Path) -> None:
    running = Running(tmp_path)
    os.kill(running.program, signal.SIGSEGV)
    expected = "error: EngineError: Python itself was ended while it ran the program (SIGSEGV)\n"
    assert running.end() == (1, expected)


@LINUX
def test_a_program_does_not_outlive_its_watcher(tmp_path: Path) -> None:
    running = Running(tmp_path)
    running.process.kill()
    running.end()
    for _ in range(500):
        try:
            os.kill(running.program, 0)
        except ProcessLookupError:
            return
        state = Path(f"/proc/{running.program}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        if state == "Z":
            return
        time.sleep(0.01)
    raise AssertionError("the program still runs")
