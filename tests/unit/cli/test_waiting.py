"""`edge run` waits: for lines that are typed or piped, for events, by a clock that may be virtual.

Takes: the installed command, in processes and in terminals of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it needs terminals and named pipes")

EDGE = Path(sys.executable).with_name("edge")

if sys.platform != "win32":
    from tests.support.terminal import CTRL_C, CTRL_D, Terminal

Open = Callable[..., "Terminal"]
Edge = Callable[..., tuple[int, str, str]]


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """A terminal in which `edge` runs a program."""
    opened: list[Terminal] = []

    def begin(source: str, *options: str) -> Terminal:
        tmp_path.joinpath("main.py").write_text(source, encoding="utf-8")
        opened.append(Terminal([EDGE, "run", "main.py", *options], tmp_path))
        return opened[-1]

    yield begin
    for terminal in opened:
        terminal.close()


TICKS = """
async def tick():
    for n in range(3):
        sleep(0.01)
        print("tick", n)
async def ask():
    print("hello", input("? "))
"""


def test_others_go_on_while_one_waits_for_a_line(open_terminal: Open) -> None:
    seen = open_terminal(TICKS + "gather(ask(), tick())")
    assert seen.until("tick 2\n") == "? tick 0\ntick 1\ntick 2\n"
    seen.type("you\n")
    assert seen.end() == (0, "? tick 0\ntick 1\ntick 2\nyou\nhello you\n")


def test_a_prompt_that_somebody_waits_at_for_a_while(open_terminal: Open) -> None:
    source = """
async def ask():
    return input("? ")
try:
    with_timeout(0.05, ask())
except TimeoutError:
    print("late")
print(input("again? "))
"""
    seen = open_terminal(source)
    seen.until("late\nagain? ")
    seen.type("x\n")
    assert seen.end() == (0, "? late\nagain? x\nx\n")


def test_ctrl_c_at_a_prompt(open_terminal: Open) -> None:
    seen = open_terminal("name = input('name? ')")
    seen.until("name? ")
    seen.type(CTRL_C)
    line = "  1 | name = input('name? ')\n    |        ^^^^^^^^^^^^^^^\n"
    picture = f"error: KeyboardInterrupt\n   --> main.py:1:8 in <module>\n    |\n{line}"
    assert seen.end() == (130, f"name? ^C\n{picture}")


def test_ctrl_d_ends_one_question(open_terminal: Open) -> None:
    source = "for n in range(3):\n    try: print(repr(input(f'{n}? ')))\n    except EOFError: print('end')"
    seen = open_terminal(source)
    seen.until("0? ")
    seen.type(CTRL_D)
    seen.until("1? ")
    seen.type("ab" + CTRL_D)  # in the middle of a line it hands over what is there
    seen.type("c\n")
    seen.until("2? ")
    seen.type("d\n")
    code, shown = seen.end()
    assert code == 0
    assert [line for line in shown.splitlines() if line.startswith(("'", "end"))] == ["'abc'", "'d'"]
    assert "0? end\n1? " in shown


@pytest.mark.parametrize(
    "source", ["print(1)", "async def f(): input()\ntry: with_timeout(0.01, f())\nexcept TimeoutError: print(1)"]
)
def test_it_does_not_wait_for_a_terminal_at_its_end(open_terminal: Open, source: str) -> None:
    assert open_terminal(source).end() == (0, "1\n")


def test_what_was_not_read_is_left_for_others(tmp_path: Path) -> None:
    """The rest of a terminal's line is the shell's: nothing reads ahead of a question."""
    tmp_path.joinpath("main.py").write_text("print('no question')", encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f"'{EDGE}' run main.py; cat"],
        cwd=tmp_path,
        input="a\nb\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("no question\na\nb\n", "")


def test_input_from_a_pipe(edge: Edge) -> None:
    source = TICKS + "gather(ask(), ask(), tick())\ntry: input()\nexcept EOFError as e: print(e)"
    code, out, err = edge(source, given="a\nb")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "? ? hello a"
    *others, last = out.splitlines()[1:]
    assert last == "EOF when reading a line"
    assert [line for line in others if line != "hello b"] == ["tick 0", "tick 1", "tick 2"], (
        "on a busy machine before it"
    )
    assert "hello b" in others
    assert edge("try: input()\nexcept EOFError: print('end')", given=None) == (0, "end\n", "")


def test_standard_input_that_is_no_text(tmp_path: Path) -> None:
    tmp_path.joinpath("main.py").write_text("try: input()\nexcept UnicodeDecodeError: print('no text')\nprint(input())")
    done = subprocess.run(
        [EDGE, "run", "main.py"],
        cwd=tmp_path,
        input=b"\xff\xfe\nok\n",
        env=os.environ | {"PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (b"no text\nok\n", b"")


ALL_EVENTS = "for n in range(9):\n    print(repr(receive()))"
NO_MORE = "error: RuntimeError: no event source\n   --> main.py:2:16 in <module>"


@pytest.mark.parametrize(("text", "shown"), [("a\n\nb c", "'a'\n''\n'b c'\n"), ("", ""), ("é\r\n", "'é'\n")])
def test_events_of_a_file(edge: Edge, tmp_path: Path, text: str, shown: str) -> None:
    tmp_path.joinpath("events").write_bytes(text.encode())
    code, out, err = edge(ALL_EVENTS, "--events", "events")
    assert (code, out) == (1, shown)
    assert err.startswith(NO_MORE)


def test_events_of_standard_input(edge: Edge) -> None:
    code, out, err = edge(ALL_EVENTS, "--events", "-", given="a\nb\n")
    assert (code, out) == (1, "'a'\n'b'\n")
    assert err.startswith(NO_MORE)
    code, out, err = edge("print(receive())\ninput()", "--events", "-", given="a\nb\n")
    assert (code, out) == (1, "a\n")
    words = "input() has no source here: standard input brings the events (--events -)"
    assert err.startswith(f"error: RuntimeError: {words}\n")


def test_events_and_input_at_once(edge: Edge, tmp_path: Path) -> None:
    tmp_path.joinpath("events").write_text("e1\ne2\n", encoding="utf-8")
    source = "async def e(): return receive()\nasync def i(): return input()\nprint(gather(e(), i(), e(), i()))"
    assert edge(source, "--events", "events", given="l1\nl2\n") == (0, "['e1', 'l1', 'e2', 'l2']\n", "")


def test_events_of_a_named_pipe_as_they_come(open_terminal: Open, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    seen = open_terminal("print('got', receive())\nprint('got', receive())\nreceive()", "--events", "pipe")
    with (tmp_path / "pipe").open("w", encoding="utf-8") as pipe:
        for event in ("one", "two"):
            pipe.write(event + "\n")
            pipe.flush()
            seen.until(f"got {event}\n")
    code, shown = seen.end()
    assert code == 1
    assert "error: RuntimeError: no event source\n   --> main.py:3:1" in shown


def test_ctrl_c_before_a_named_pipe_is_opened(open_terminal: Open, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    seen = open_terminal("receive()", "--events", "pipe")
    code, shown = seen.type_until_it_ends(CTRL_C)
    assert code in {130, -signal.SIGINT}  # the latter where it came before Python had begun
    assert "Traceback" not in shown or code < 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "Error: cannot read 'gone': No such file or directory\n"),
        (".", "Error: cannot read '.': Is a directory\n"),
    ],
)
def test_events_that_cannot_be_read(edge: Edge, name: str, message: str) -> None:
    assert edge("receive()", "--events", name) == (1, "", message)


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="this system has no such file")
def test_one_stream_is_not_both(edge: Edge, tmp_path: Path) -> None:
    code, out, err = edge("print(input())", "--events", "/dev/stdin", given="a\n")
    assert (code, out) == (2, "")
    assert err.endswith(
        "Error: '/dev/stdin' is standard input, where input() reads: take '--events -' to have events there\n"
    )
    tmp_path.joinpath("both").write_text("a\nb\n", encoding="utf-8")
    command = f"'{EDGE}' run main.py --events both < both"  # a file on disk may be read twice
    tmp_path.joinpath("main.py").write_text("print(input(), receive())", encoding="utf-8")
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("a a\n", "")


def test_no_events_and_no_frames_without_a_word(edge: Edge) -> None:
    assert edge("receive()", given="a\n")[2].startswith("error: RuntimeError: no event source\n")
    words = "frame() needs a page: there are no animation frames here"
    assert edge("frame()")[2].startswith(f"error: RuntimeError: {words}\n")


def test_a_virtual_clock_jumps(edge: Edge) -> None:
    source = """
import time
async def nap(name, seconds):
    sleep(seconds)
    print(name, time.monotonic())
gather(nap("late", 3e6), nap("soon", 1e6), nap("later", 3e6))
time.sleep(1e6)
print(time.time(), input())
"""
    shown = "soon 1000000.0\nlate 3000000.0\nlater 3000000.0\n4000000.0 x\n"
    assert edge(source, "--virtual-clock", "--timeout", "30", given="x\n") == (0, shown, "")
    assert edge(source, "--virtual-clock", given="x\n") == (0, shown, "")
