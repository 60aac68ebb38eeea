"""The `edge` command in two processes: one runs the program, the other ends it.

Takes: the limits of a run.
Gives: in the process that runs the program a board for its meter; in the one that watches the exit code, once the other is gone.
Refuses: nothing. Where processes cannot fork (Windows), or the standard streams are no files (a test's), everything happens in
one process, and time is best effort.

Why a process: Python looks up between its own instructions only. One that sits in `10 ** 10 ** 9`, or whose stack broke, can
only be ended from outside.

Ctrl-C reaches both processes. The one that watches counts it and tells the other with a signal of its own; where the program
did not even hear the last one, the next ends it.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

from .deadline import out_of_time
from .interrupts import COUNT, INTERRUPTED, SIGNAL
from .meter import BOARD_SIZE, moment_on

_GRACE: Final = 0.3
"""Seconds after the limit in which the program may still end by itself: with its own frames in the error's picture."""
_LOOK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Watched:
    """This process runs the program. `board` is what its meter shows its moments on; None: nobody looks."""

    board: Any


def watch(seconds: float | None) -> Watched | int:
    """Go on in a process that is watched; in the watching one, give the exit code when that is over.

    Call it before threads start: they would not be there in the process that goes on.
    """
    if not hasattr(os, "fork") or not _has_files():
        return Watched(None)
    board = mmap.mmap(-1, BOARD_SIZE + COUNT.size)
    hearing, holding = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, SIGNAL})  # until each can hear its own
    runner = os.fork()
    if runner == 0:
        os.close(holding)
        _end_with_watcher(hearing)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return Watched(board)
    os.close(hearing)
    return _watch(runner, seconds, board)


def _end_with_watcher(hearing: int) -> None:
    """A program does not outlive the process that watches it: when that has gone, however it went, the pipe that it held
    closes, and the kernel sends the signal that was asked for. Its default is to end this process."""
    import fcntl  # noqa: PLC0415 - there is none on Windows

    fcntl.fcntl(hearing, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(hearing, fcntl.F_SETFL, fcntl.fcntl(hearing, fcntl.F_GETFL) | os.O_ASYNC)


def _has_files() -> bool:
    """Whether the standard streams are files, or closed: a test's live in this process's memory."""
    try:
        return all(stream is None or stream.fileno() >= 0 for stream in (sys.stdin, sys.stdout, sys.stderr))
    except (OSError, ValueError):
        return False


def _watch(runner: int, seconds: float | None, board: Any) -> int:
    """Wait for a process; end it where its time is up, or where it does not hear Ctrl-C."""
    deaf = _pass_on(runner, board)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: os.kill(runner, number))
    late = threading.Event()
    if seconds is not None:
        threading.Thread(target=_end_late, args=(runner, board, late), daemon=True).start()
    _, status = os.waitpid(runner, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the exit code is the program's
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    killed = os.WTERMSIG(status)
    if seconds is not None and late.is_set():
        print(f"error: TimeoutError: {out_of_time(seconds)}", file=sys.stderr)
    elif deaf.is_set():
        print(
            "error: KeyboardInterrupt: ended at the second Ctrl-C, in an operation that cannot be interrupted",
            file=sys.stderr,
        )
        return INTERRUPTED
    elif killed in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        return 128 + killed
    else:
        name = signal.Signals(killed).name
        print(f"error: EngineError: Python itself was ended while it ran the program ({name})", file=sys.stderr)
    return 1


def _pass_on(runner: int, board: Any) -> threading.Event:
    """Tell a process of each Ctrl-C. The event is set once it did not hear one, and was ended at the next."""
    deaf = threading.Event()
    told = 0

    def tell(_number: int, _frame: FrameType | None) -> None:
        nonlocal told
        (heard,) = COUNT.unpack_from(board, BOARD_SIZE)
        if heard < told:
            deaf.set()
        told += 1
        os.kill(runner, signal.SIGKILL if deaf.is_set() else SIGNAL)

    signal.signal(signal.SIGINT, tell)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return deaf


def _end_late(runner: int, board: Any, late: threading.Event) -> None:
    """End a process whose time is up, and that does not say so itself."""
    while True:
        time.sleep(_LOOK)
        moment = moment_on(board)
        if moment is not None and time.monotonic() > moment + _GRACE:
            late.set()
            try:
                os.kill(runner, signal.SIGKILL)
            except ProcessLookupError:
                late.clear()
            return
