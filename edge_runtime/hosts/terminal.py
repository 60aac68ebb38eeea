"""A program from disk, in a terminal.

Takes: the path of a `.py` file, standard input and output; limits; whether native libraries may run.
Gives: `run_file` -> exit code; output as it comes, errors and diagnostics on standard error.
Refuses: URL modules (the full command line brings them), packages of a page, and what the linker refuses.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from secrets import randbits
from typing import Any, TextIO
from urllib.parse import quote, unquote

from ..diagnostics import render_all
from ..lower.program import NativeModule
from ..machine.host import Answer, Lent, Question, Unavailable
from ..machine.limits import RunEnded, worded
from ..machine.machine import Limits, Machine
from ..machine.stacks import Stacks
from ..packages.linker import MAX_NATIVE_BYTES, Entry
from ..packages.needs import Absent, Bytes, Failed, Need, Outcome
from ..packages.resolver import Settings
from ..pipeline import Session, build, drive
from ..std import NAMES
from .clocks import NO_FRAMES
from .deadline import run_within
from .greenlets import cannot_wait, new_stacks
from .memory_bound import memory_bound
from .meter import Meter
from .natives import NativeRun, NativeStore
from .result import NOT_COMPILED
from .standard import OFFICIAL, PLANNED, Standard, standard_outcome

_KEPT = "/!$&'()*+,;=:@~"
_UNREAD = "BrokenPipeError"
_INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended, as shells expect it: 128 and the signal's number."""


class NoEntry(Exception):
    """The entry cannot be read; the text says why."""


def run_file(
    path: Path,
    stdin: TextIO | None,
    stdout: TextIO,
    stderr: TextIO,
    *,
    arguments: tuple[str, ...] = (),
    limits: Limits | None = None,
    allow_native: bool = False,
    board: Any = None,
) -> int:
    """Compile and run a file; give the exit code: 0, 1 after an error, 2 where it did not compile, or the script's own.

    `arguments` are the program's (`sys.argv`). `allow_native` lets native libraries run, outside the sandbox. `board` is what
    a process that watches this one reads (`watchdog.py`). Raises `NoEntry` where there is no such file to read.
    """
    full = path.resolve()
    try:
        data = full.read_bytes()
    except OSError as error:
        raise NoEntry(f"cannot read '{path}': {error.strerror or error}") from None
    limits = limits or Limits()
    settings = Settings(defaults=NAMES, official=OFFICIAL, planned=PLANNED)
    store = NativeStore(limits.memory, path_of=path_of if allow_native else None)
    built = drive(
        build(Entry(data, location_of(full)), settings, Session()),
        lambda needs: {need.key: _answer(need, store) for need in needs},
    )
    if built.program is None:
        print(render_all(built.diagnostics), file=stderr)
        return NOT_COMPILED
    meter = Meter(limits.time, board)
    host = _Terminal(stdin, stdout, stderr, (str(path), *arguments), store, meter)
    machine = Machine(built.program, host, limits)
    try:
        # A process of its own is bounded; one that lends itself to a program, such as a test's, is not.
        with memory_bound(limits.memory) if board is not None else nullcontext():
            ending = run_within(meter, machine, host.interrupt)
    finally:
        host.close()
    if ending.error is not None and ending.error.type == _UNREAD:
        raise BrokenPipeError
    stdout.flush()
    if ending.error is not None:
        print(worded(ending.error, limits.memory).rendered, file=stderr)
        if ending.error.type == "KeyboardInterrupt":
            return _INTERRUPTED
    return ending.exit_code


def location_of(path: Path) -> str:
    """A path on disk as a location: `/`-separated from the top, escaped as in an address."""
    return "/" + quote(path.as_posix().lstrip("/"), safe=_KEPT, encoding="utf-8", errors="surrogateescape")


def path_of(location: str) -> Path:
    """The path on disk of a location, its query left out; `/C:/…` on Windows loses its first slash."""
    text = unquote(location.partition("?")[0], encoding="utf-8", errors="surrogateescape")
    return Path(text[1:] if sys.platform == "win32" else text)


def _answer(need: Need, store: NativeStore) -> Outcome:
    if need.kind == "native":
        return store.inspect(need)
    if need.kind == "default":
        return standard_outcome(need.spec)
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
            return Bytes(file.read(MAX_NATIVE_BYTES + 1))
    except (FileNotFoundError, NotADirectoryError):
        return Absent()
    except OSError as error:
        if need.kind == "manifest" and isinstance(error, PermissionError):
            return Absent()
        return Failed(error.strerror or str(error))


class _Terminal:
    """The machine's host interface over standard streams."""

    def __init__(
        self,
        stdin: TextIO | None,
        stdout: TextIO,
        stderr: TextIO,
        argv: tuple[str, ...],
        store: NativeStore,
        meter: Meter,
    ) -> None:
        self._stdin = stdin
        self._meter = meter
        self._reading: deque[int] = deque()
        self._standard = Standard(argv)
        self._natives = NativeRun(store)
        self._streams: Mapping[str, TextIO] = {"stdout": stdout, "stderr": stderr}

    def write(self, stream: str, text: str) -> None:
        target = self._streams[stream]
        try:
            try:
                target.write(text)
            except UnicodeEncodeError:
                encoding = target.encoding or "ascii"
                target.write(text.encode(encoding, "backslashreplace").decode(encoding))
            if self._meter.limit is not None:
                target.flush()  # who is killed in the middle of a long call has nothing left to say
        except BrokenPipeError:
            raise RunEnded(_UNREAD, "nobody reads what the program prints") from None

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def seed(self) -> int:
        return randbits(64)

    def ask(self, question: Question) -> None:
        if question.kind == "frame":
            raise Unavailable(NO_FRAMES)
        if question.kind == "event":
            raise Unavailable("no event source")
        if self._stdin is None:
            raise Unavailable("input() has no source here: standard input is closed")
        self._reading.append(question.number)

    def forget(self, number: int) -> None:
        self._reading.remove(number)

    def wait(self, seconds: float | None) -> Sequence[Answer]:
        self._streams["stdout"].flush()
        with self._meter.waiting():
            if self._reading and seconds != 0:
                assert self._stdin is not None
                line = self._stdin.readline()
                return (Answer(self._reading.popleft(), line.removesuffix("\n") if line else None),)
            time.sleep(seconds or 0)
        return ()

    def stacks(self) -> Stacks:
        return new_stacks()

    def can_wait(self) -> str | None:
        return cannot_wait() or self._natives.can_wait()

    def bind(self, module: NativeModule, lent: Lent) -> Mapping[str, Any]:
        return self._standard.bind(module.spec, lent) if module.kind == "std" else self._natives.bind(module)

    def interrupt(self, ending: RunEnded) -> bool:
        """End what native code is running, if any is; from another thread."""
        return self._natives.interrupt(ending)

    def close(self) -> None:
        """The run is over."""
        self._natives.close()
