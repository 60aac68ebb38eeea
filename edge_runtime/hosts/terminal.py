"""A program from disk, in a terminal.

Takes: the path of a `.py` file, standard input and output.
Gives: `run_file` -> exit code; output as it comes, errors and diagnostics on standard error.
Refuses: URL modules (the full command line brings them), packages of a page, and what the linker refuses.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote, unquote

from ..diagnostics import render_all
from ..machine.host import Unavailable
from ..machine.machine import Machine
from ..packages.linker import MAX_MODULE_BYTES, Entry
from ..packages.needs import Absent, Bytes, Failed, Need, Outcome
from ..packages.resolver import Settings
from ..pipeline import Session, build, drive
from ..std import PLANNED
from .result import NOT_COMPILED

_OFFICIAL = frozenset({"dom"})
_KEPT = "/!$&'()*+,;=:@~"


class NoEntry(Exception):
    """The entry cannot be read; the text says why."""


def run_file(path: Path, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Compile and run a file; give the exit code: 0, 1 after an error, 2 where it did not compile, or the script's own.

    Raises `NoEntry` where there is no such file to read.
    """
    full = path.resolve()
    try:
        data = full.read_bytes()
    except OSError as error:
        raise NoEntry(f"cannot read '{path}': {error.strerror or error}") from None
    settings = Settings(official=_OFFICIAL, planned=PLANNED)
    built = drive(
        build(Entry(data, location_of(full)), settings, Session()),
        lambda needs: {need.key: _answer(need) for need in needs},
    )
    if built.program is None:
        print(render_all(built.diagnostics), file=stderr)
        return NOT_COMPILED
    ending = Machine(built.program, _Terminal(stdin, stdout, stderr)).run()
    stdout.flush()
    if ending.error is not None:
        print(ending.error.rendered, file=stderr)
    return ending.exit_code


def location_of(path: Path) -> str:
    """A path on disk as a location: `/`-separated from the top, escaped as in an address."""
    return "/" + quote(path.as_posix().lstrip("/"), safe=_KEPT, encoding="utf-8", errors="surrogateescape")


def path_of(location: str) -> Path:
    """The path on disk of a location, its query left out; `/C:/…` on Windows loses its first slash."""
    text = unquote(location.partition("?")[0], encoding="utf-8", errors="surrogateescape")
    return Path(text[1:] if sys.platform == "win32" else text)


def _answer(need: Need) -> Outcome:
    if need.remote:
        return Failed(
            "this release of the command line reads local files only", "download it, and import it by its path"
        )
    if need.kind == "host":
        return Failed(f"'{need.spec}' is a package of the page, and there is no page here")
    path = path_of(need.location)
    try:
        if path.is_dir():
            return Absent() if need.kind == "manifest" else Failed("it is a directory")
        with path.open("rb") as file:
            return Bytes(file.read(MAX_MODULE_BYTES + 1))
    except (FileNotFoundError, NotADirectoryError):
        return Absent()
    except OSError as error:
        if need.kind == "manifest" and isinstance(error, PermissionError):
            return Absent()
        return Failed(error.strerror or str(error))


class _Terminal:
    """The machine's host interface over standard streams."""

    def __init__(self, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        self._stdin = stdin
        self._streams: Mapping[str, TextIO] = {"stdout": stdout, "stderr": stderr}

    def write(self, stream: str, text: str) -> None:
        target = self._streams[stream]
        try:
            target.write(text)
        except UnicodeEncodeError:
            encoding = target.encoding or "ascii"
            target.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def read_line(self, prompt: str) -> str | None:
        self._streams["stdout"].flush()
        line = self._stdin.readline()
        return line.removesuffix("\n") if line else None

    def next_event(self) -> str:
        raise Unavailable("no event source")

    def sleep(self, seconds: float) -> None:
        self._streams["stdout"].flush()
        time.sleep(seconds)

    def bind(self, module: str) -> Mapping[str, Callable[..., Any]]:
        return {}
