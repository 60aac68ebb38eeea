"""The standard streams of one run, and the `print` of its standard packages.

Takes: the run's output and input.
Gives: `stdout`, `stderr`, `stdin` as `sys` has them, for text; `print`, which writes to the run's own `stdout`.
Refuses: what is no text; every other method of a file. Nothing in these objects leads to the run behind them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any, Protocol


class _Run(Protocol):
    def write(self, stream: str, text: str) -> None: ...

    def read_line(self) -> str | None: ...

    def seed(self) -> int: ...


class Streams:
    """The streams of one run."""

    def __init__(self, run: _Run) -> None:
        self.stdout = _output(run.write, "stdout")
        self.stderr = _output(run.write, "stderr")
        self.stdin = _input(run.read_line)
        self.seed = run.seed


def printer(stdout: Callable[[], Any]) -> Callable[..., None]:
    """`print`, one write for each call, to what `stdout` gives at that moment."""

    def run_print(*values: Any, **named: Any) -> None:
        if named.get("file") is not None:
            print(*values, **named)
            return
        buffer = io.StringIO()
        print(*values, **{**named, "file": buffer})
        stdout().write(buffer.getvalue())

    return run_print


def _output(write: Callable[[str, str], None], name: str) -> Any:
    """A stream to write to. Its class is made for this run: what a script writes on it stays here."""

    class TextIOWrapper:
        """A standard stream of this run."""

        __slots__ = ()
        __module__ = "_io"
        encoding, errors, mode, closed, newlines, line_buffering = "utf-8", "strict", "w", False, None, True

        def write(self, text: str, /) -> int:
            """Write text, and return how many characters it has."""
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text).__name__}")
            if text:
                write(name, str.__str__(text))
            return len(text)

        def writelines(self, lines: Iterable[str], /) -> None:
            """Write each of some texts; no newline is added."""
            for line in lines:
                self.write(line)

        def flush(self) -> None:
            """Nothing to do: what is written is shown at once."""

        def isatty(self) -> bool:
            """Whether it is a terminal: it is not known to be one."""
            return False

        def readable(self) -> bool:
            """Whether it can be read: no."""
            return False

        def writable(self) -> bool:
            """Whether it can be written to: yes."""
            return True

        def __repr__(self) -> str:
            return f"<_io.TextIOWrapper name='<{name}>' mode='w' encoding='utf-8'>"

    TextIOWrapper.name = f"<{name}>"  # type: ignore[attr-defined]
    return _as_of_io(TextIOWrapper)()


def _input(read_line: Callable[[], str | None]) -> Any:
    """The stream of the run's input."""

    def lines() -> Iterator[str]:
        while (line := read_line()) is not None:
            yield line + "\n"

    def bounded(size: int | None) -> bool:
        return size is not None and size >= 0

    class TextIOWrapper:
        """The standard input of this run."""

        __slots__ = ()
        __module__ = "_io"
        encoding, errors, mode, closed, newlines, name = "utf-8", "strict", "r", False, None, "<stdin>"

        def readline(self, size: int | None = -1, /) -> str:
            """The next line with its newline; an empty text at the end."""
            if bounded(size):
                raise ValueError("stdin reads whole lines: leave the size out")
            return next(lines(), "")

        def read(self, size: int | None = -1, /) -> str:
            """All input that is left."""
            if bounded(size):
                raise ValueError("stdin reads whole lines: use readline(), or read() for all of them")
            return "".join(lines())

        def readlines(self, hint: int | None = -1, /) -> list[str]:
            """All lines that are left, with their newlines."""
            return list(lines())

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> str:
            return next(lines())

        def isatty(self) -> bool:
            """Whether it is a terminal: it is not known to be one."""
            return False

        def readable(self) -> bool:
            """Whether it can be read: yes."""
            return True

        def writable(self) -> bool:
            """Whether it can be written to: no."""
            return False

        def __repr__(self) -> str:
            return "<_io.TextIOWrapper name='<stdin>' mode='r' encoding='utf-8'>"

    return _as_of_io(TextIOWrapper)()


def _as_of_io(made: type) -> type:
    """A class whose methods say, as the class does, that they are of `_io`; errors about a method carry its function."""
    made.__qualname__ = "TextIOWrapper"
    for name, value in vars(made).items():
        if isinstance(value, FunctionType):
            value.__module__, value.__qualname__ = "_io", f"TextIOWrapper.{name}"
    return made
