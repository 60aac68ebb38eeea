"""Ctrl-C while a program runs.

Takes: signals; what the run's scheduler is made of; a board that the watching process reads (`watchdog.py`).
Gives: `KeyboardInterrupt` in the script, where it computes or waits; the end of the process at the second Ctrl-C, while the
first is still being dealt with.
Refuses: to raise inside the scheduler, which would lose track of its tasks: there it comes as soon as that is left.

A program that catches `KeyboardInterrupt` and goes on, as a prompt does, may be interrupted again: the first one is over when
nothing holds its exception any more.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, NoReturn

from ..guard.sealed import Sealed
from ..lower.lowering import FROM

INTERRUPTED: Final = 130
"""The exit code of a program that Ctrl-C ended, as shells expect it: 128 and the signal's number."""
SIGNAL: Final[int] = getattr(signal, "SIGUSR1", signal.SIGINT)
"""What the watching process sends: Ctrl-C reaches both processes, and only one of them is to count."""
COUNT: Final = struct.Struct("=q")

_HAS_TIMER: Final = hasattr(signal, "setitimer")
_AGAIN: Final = 0.0005
"""Seconds until a signal that came inside the scheduler is tried again."""


class Woken(BaseException, metaclass=Sealed):
    """Raised in a wait: somebody wished something. No script is below."""


class Interrupts:
    """Ctrl-C of one run. `critical` are the names of modules in which nothing may be raised; `end` ends the process."""

    def __init__(self, critical: frozenset[str], end: Callable[[], None], board: Any = None) -> None:
        self._critical, self._end, self._board = critical, end, board
        self.on_first: Callable[[], None] | None = None
        """What the first Ctrl-C does where the program computes, instead of stopping it; where it waits, `Woken` is raised."""
        self.wished = False
        # A class of this run's own: a script may write to it, and to exceptions of this one others may refer weakly.
        self._class: Any = type("KeyboardInterrupt", (KeyboardInterrupt,), {"__module__": "builtins"})
        self._raised: weakref.ref[BaseException] | None = None
        self._count = 0
        self._pending = False
        self._waits = False
        self._over = True
        self.waker: int | None = None
        """A descriptor that has something once a signal came: who waits for the system's answer must wait for this too. A signal
        right before the wait begins does not end it, and Python hears of it only afterwards."""

    @contextmanager
    def heard(self) -> Iterator[None]:
        """While the program runs. Only a process's main thread hears signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        number = signal.SIGINT if self._board is None else SIGNAL
        before = signal.signal(number, self._signalled)
        self._over = False
        try:
            with _signals_seen() as self.waker:
                _unblock(number)
                yield
        finally:
            self._over, self.waker = True, None
            self._put_off(0)
            # A process of its own that is about to end hears nothing more.
            signal.signal(number, before if self._board is None else signal.SIG_IGN)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While the program waits: here it may be interrupted, and one that is late comes now."""
        self._waits = True
        try:
            self.check()
            if self.wished and self.on_first is not None:
                raise Woken  # it came after the wait had begun
            yield
        finally:
            self._waits = False

    def check(self) -> None:
        """Raise what was put off."""
        if self._pending:
            self._raise()

    def _signalled(self, _number: int, frame: FrameType | None) -> None:
        self._count += 1
        if self._board is not None:
            COUNT.pack_into(self._board, len(self._board) - COUNT.size, self._count)
        if self.on_first is not None and not self.wished and not self._over:
            self.wished = True
            if self._waits:
                raise Woken
            self.on_first()
            return
        if self._pending or self._is_unwinding():
            self._end()
        self._try(frame)

    def _is_unwinding(self) -> bool:
        """Whether the first Ctrl-C is still being dealt with."""
        if self._raised is None or self._raised() is None:
            return False
        gc.collect()  # an exception and its frames hold each other
        return self._raised() is not None

    def _try(self, frame: FrameType | None) -> None:
        if self._over:
            return
        if self._waits or self._computes(frame) or not _HAS_TIMER:
            self._raise()
        self._pending = True
        signal.signal(signal.SIGALRM, self._once_more)
        self._put_off(_AGAIN)

    def _put_off(self, seconds: float) -> None:
        """Be called again after that time, or not any more."""
        if self._pending and _HAS_TIMER:
            signal.setitimer(signal.ITIMER_REAL, seconds)

    def _once_more(self, _number: int, frame: FrameType | None) -> None:
        if self._pending:
            self._try(frame)

    def _computes(self, frame: FrameType | None) -> bool:
        """Whether code of the program runs, or what it called of the runtime's, but for the scheduler."""
        while frame is not None and frame.f_globals.get("__name__") not in self._critical:
            if FROM in frame.f_builtins:
                return True
            frame = frame.f_back
        return False

    def _raise(self) -> NoReturn:
        self._put_off(0)
        self._pending = False
        error = self._class()
        self._raised = weakref.ref(error)
        raise error


@contextmanager
def _signals_seen() -> Iterator[int | None]:
    """A descriptor to which each signal of this process writes a byte at once. None where the system cannot wait for one."""
    if sys.platform == "win32":
        yield None
        return
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


def _unblock(number: int) -> None:
    """Let signals in that came before anybody could hear them."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
