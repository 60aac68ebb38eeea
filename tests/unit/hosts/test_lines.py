"""Lines of a stream: what has come, the end, bytes that are no text; and that nothing waits for what is there."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

import pytest

from edge_runtime.hosts.interrupts import Interrupts
from edge_runtime.hosts.lines import Lines, wait


def read_all(lines: Lines, most: int = 20) -> list[str | None]:
    """Every line to the first end."""
    found: list[str | None] = []
    while len(found) < most and (not found or found[-1] is not None):
        while not lines.ready:
            wait([lines], None, nullcontext)
        found.append(lines.take())
    return found


class Pipe:
    """A pipe whose one end is read as a text stream."""

    def __init__(self, encoding: str = "utf-8", errors: str = "strict") -> None:
        reading, writing = os.pipe()
        self.stream: TextIO = os.fdopen(reading, encoding=encoding, errors=errors)
        self._writing = os.fdopen(writing, "wb", buffering=0)
        self.lines = Lines(self.stream)

    def write(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._writing.write(piece)

    def end(self) -> None:
        self._writing.close()

    def close(self) -> None:
        self.end()
        self.stream.close()


MakePipe = Callable[..., Pipe]


@pytest.fixture
def make_pipe() -> Iterator[MakePipe]:
    made: list[Pipe] = []

    def make(*how: str) -> Pipe:
        made.append(Pipe(*how))
        return made[-1]

    yield make
    for pipe in made:
        pipe.close()


TEXTS = {
    "nothing": b"",
    "one": b"a\n",
    "empty lines": b"\n\nb\n\n",
    "no newline at the end": b"a\nb",
    "of Windows": b"a\r\nb\r\n",
    "of old machines": b"a\rb\r",
    "a return at the end": b"a\r",
    "mixed": b"a\rb\r\n\r\nc\n\rd",
    "other ends of lines in the text": "a\x0bb\x0cc\x1cd\x85e\u2028f\n".encode(),
    "wide": "é中😀\nß\n".encode(),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_as_python_reads_them(make_pipe: MakePipe, text: bytes, size: int) -> None:
    pipe = make_pipe()
    pipe.write(*(text[at : at + size] for at in range(0, len(text), size)))
    pipe.end()
    expected = [line.removesuffix("\n") for line in io.TextIOWrapper(io.BytesIO(text), encoding="utf-8")]
    assert read_all(pipe.lines) == [*expected, None]
    assert read_all(pipe.lines) == [None]  # and again, whenever it is asked
    memory = Lines(io.StringIO(text.decode(), newline=None))
    assert read_all(memory) == [*expected, None]


@pytest.mark.parametrize("cut", range(1, 7))
def test_a_character_in_two_pieces(make_pipe: MakePipe, cut: int) -> None:
    pipe = make_pipe()
    whole = "é中x\n".encode()
    pipe.write(whole[:cut])
    wait([pipe.lines], None, nullcontext)
    pipe.write(whole[cut:])
    wait([pipe.lines], None, nullcontext)
    assert pipe.lines.ready is True
    assert pipe.lines.take() == "é中x"


def test_a_line_that_is_no_text_is_an_error_once(make_pipe: MakePipe) -> None:
    pipe = make_pipe()
    pipe.write(b"a\n\xff\nb\n\xe4")
    pipe.end()
    wait([pipe.lines], None, nullcontext)
    assert pipe.lines.take() == "a"
    with pytest.raises(UnicodeDecodeError):
        pipe.lines.take()
    assert pipe.lines.take() == "b"
    wait([pipe.lines], None, nullcontext)
    with pytest.raises(UnicodeDecodeError):
        pipe.lines.take()
    assert read_all(pipe.lines) == [None]


def test_other_encodings_and_escapes(make_pipe: MakePipe) -> None:
    pipe = make_pipe("utf-16-le")
    pipe.write("aĊb\n中\n".encode("utf-16-le"))  # a letter that has the byte of a newline
    pipe.end()
    assert read_all(pipe.lines) == ["aĊb", "中", None]
    pipe = make_pipe("utf-8", "surrogateescape")
    pipe.write(b"\xff\n")
    pipe.end()
    assert read_all(pipe.lines) == ["\udcff", None]


def test_only_whole_lines_come(make_pipe: MakePipe) -> None:
    pipe = make_pipe()
    wait([pipe.lines], 0, nullcontext)
    assert pipe.lines.ready is False
    pipe.write(b"ab")
    wait([pipe.lines], 0, nullcontext)
    assert pipe.lines.ready is False
    pipe.write(b"c\nd\nrest")
    wait([pipe.lines], 0, nullcontext)
    assert [pipe.lines.take(), pipe.lines.take(), pipe.lines.ready] == ["abc", "d", False]


def test_two_streams_and_the_one_that_has_something(make_pipe: MakePipe, tmp_path: Path) -> None:
    silent, pipe = make_pipe(), make_pipe()
    pipe.write(b"a\n")
    streams = [silent.lines, pipe.lines]
    wait(streams, None, nullcontext)
    assert [stream.ready for stream in streams] == [False, True]
    file = tmp_path / "events"
    file.write_text("1\n2\n", encoding="utf-8")
    with file.open(encoding="utf-8") as opened:
        assert read_all(Lines(opened)) == ["1", "2", None]


@pytest.mark.skipif(sys.platform == "win32", reason="the system cannot wait for such a descriptor")
def test_a_signal_right_before_the_wait_ends_it(make_pipe: MakePipe) -> None:
    """Its handler does nothing here: what was too late for the handler must not be slept through."""
    interrupts = Interrupts(frozenset(), lambda: None)
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with interrupts.heard():
            for streams in ([], [make_pipe().lines]):
                signal.raise_signal(signal.SIGUSR1)
                wait(streams, None, interrupts.waiting, interrupts.waker)
            assert interrupts.waker is not None
            with pytest.raises(BlockingIOError):
                os.read(interrupts.waker, 1)  # a second wait stands still again
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert interrupts.waker is None
