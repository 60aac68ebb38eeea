"""A program from disk, in a terminal.

Takes: the path of a `.py` file, standard input and output, events; a clock, limits; whether native libraries may run.
Gives: `run_file` -> exit code; output as it comes, errors and diagnostics on standard error.
Refuses: URL modules (the full command line brings them), packages of a page, and what the linker refuses.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, NoReturn, TextIO
from urllib.parse import quote, unquote

from ..diagnostics import render_all
from ..machine.limits import worded
from ..machine.machine import Ending, Limits, Machine
from ..packages.linker import MAX_NATIVE_BYTES, Entry
from ..packages.needs import Absent, Bytes, Failed, Need, Outcome
from ..packages.resolver import Settings
from ..pipeline import Session, build, drive
from ..std import NAMES
from .clocks import Clock, RealClock
from .console import UNREAD, Console
from .deadline import run_within
from .interrupts import INTERRUPTED, Interrupts
from .memory_bound import memory_bound
from .meter import Meter
from .natives import NativeRun, NativeStore
from .result import NOT_COMPILED
from .saving import Saving
from .standard import OFFICIAL, PLANNED, standard_outcome

_KEPT = "/!$&'()*+,;=:@~"
_CRITICAL = frozenset(
    {f"edge_runtime.machine.{name}" for name in ("scheduler", "tasks", "groups", "waiting", "loose")}
    | {"edge_runtime.hosts.greenlets"}
)
"""Modules that keep track of the program's tasks: Ctrl-C waits until they are left."""


class NoEntry(Exception):
    """The entry cannot be read; the text says why."""


def run_file(
    path: Path,
    stdin: TextIO | None,
    stdout: TextIO,
    stderr: TextIO,
    *,
    arguments: tuple[str, ...] = (),
    events: TextIO | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
    save_state: Path | None = None,
    restore_state: bytes | None = None,
    allow_native: bool = False,
    memo: bool = True,
    board: Any = None,
) -> int:
    """Compile and run a file; give the exit code: 0, 1 after an error, 2 where it did not compile, or the script's own.

    `arguments` are the program's (`sys.argv`); `events` brings what `receive()` gets, a line each, and may be `stdin` itself;
    `clock` is the one on the wall, if not said. `memo`: recursive calls of pure functions may be answered from a table.
    `allow_native` lets native libraries run, outside the sandbox. `board` is what a process that watches this one reads
    (`watchdog.py`). `save_state` is where Ctrl-C, or the end of input or events, saves the run before the process leaves;
    `restore_state` is such a state to go on from. Raises `BadState`, and `NoEntry` where there is no such file to read.
    """
    full = path.resolve()
    try:
        data = full.read_bytes()
    except OSError as error:
        raise NoEntry(f"cannot read '{path}': {error.strerror or error}") from None
    limits = limits or Limits()
    interrupts = Interrupts(_CRITICAL, lambda: _end_at_once(stdout, stderr), board)
    with interrupts.heard():
        store = NativeStore(limits.memory, path_of=path_of if allow_native else None)
        built = drive(
            build(
                Entry(data, location_of(full)),
                Settings(defaults=NAMES, official=OFFICIAL, planned=PLANNED),
                Session(),
                memo=memo,
            ),
            lambda needs: {need.key: _answer(need, store) for need in needs},
        )
        if built.program is None:
            print(render_all(built.diagnostics), file=stderr)
            return NOT_COMPILED
        meter = Meter(limits.time, board)
        host = Console(
            {"stdout": stdout, "stderr": stderr},
            stdin=stdin,
            events=events,
            clock=clock or RealClock(),
            meter=meter,
            interrupts=interrupts,
            argv=(str(path), *arguments),
            natives=NativeRun(store),
        )
        saving = None
        if save_state is not None or restore_state is not None:
            options = (
                f"memory: {limits.memory} bytes, clock: {type(clock).__name__}, arguments: {json.dumps(arguments)}"
            )
            saving = Saving(
                built.program, options, save_state, restore_state, stderr, lambda code: _leave(code, stdout)
            )
            if saving.may_save:
                host.save, interrupts.on_first = saving.save, saving.later
        replay = saving.around(host) if saving else None
        machine = Machine(built.program, replay or host, limits)
        try:
            # A process of its own is bounded; one that lends itself to a program, such as a test's, is not.
            with memory_bound(limits.memory) if board is not None else nullcontext():
                ending = run_within(meter, machine, host.interrupt)
            if replay is not None:
                ending = replay.concluded(machine, ending)
        finally:
            host.close()
    return _tell(ending, limits, stdout, stderr)


def _tell(ending: Ending, limits: Limits, stdout: TextIO, stderr: TextIO) -> int:
    """Say how a run ended; give the exit code."""
    error = ending.error
    if error is not None and error.type == UNREAD:
        raise BrokenPipeError
    stdout.flush()
    if error is None:
        return ending.exit_code
    interrupted = error.type == "KeyboardInterrupt"
    if interrupted and stderr.isatty():
        print(file=stderr)  # the terminal shows "^C", and ends no line
    print(worded(error, limits.memory).rendered, file=stderr)
    return INTERRUPTED if interrupted else ending.exit_code


def _leave(code: int, stdout: TextIO) -> NoReturn:
    """Leave a program as it stands: nothing of it runs any more."""
    with suppress(Exception):
        stdout.flush()
    os._exit(code)


def _end_at_once(stdout: TextIO, stderr: TextIO) -> NoReturn:
    """Leave a program where it is. Its output may be just being written: then what is left of it is lost."""
    with suppress(Exception):
        stdout.flush()
        print("error: KeyboardInterrupt: ended at the second Ctrl-C, before the program had cleaned up", file=stderr)
        stderr.flush()
    os._exit(INTERRUPTED)


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
