"""Time slices of a run in a page: what the interpreter does when the engine's JavaScript gives it a signal.

Takes: signals (`web/engine/limits.js` decides when), the bridge, the program's code.
Gives: the end of a run that is over its limits or was stopped; else a breath in which the page's messages come in.
Refuses: to disturb the runtime's own code: a signal that finds no script on the stack, or that comes while the scheduler decides
who goes on, in the middle of an import, or deep in nested C, comes again soon after; and where the stack cannot be parked (a
native module is below) the breath waits.
"""

from __future__ import annotations

import encodings
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, NoReturn, Protocol

from ..machine import drivers, groups, questions, scheduler, tasks, waiting
from ..machine.limits import Ender, RunEnded, leave_stack
from . import jspi

_ROOM: Final = 60
"""Calls that a slice may make below the script's deepest."""

_WHOLE: Final = frozenset(
    [str(module.__file__) for module in (scheduler, drivers, questions, tasks, groups, waiting, jspi, encodings)]
    + ["<frozen importlib._bootstrap>"]
)
"""Code that is not to be interrupted: whatever it calls, until that calls the script. An import happens once in an engine: a run
that was saved in the middle of one would not come to that place again."""


class Slicer(Protocol):
    """What slices need of the bridge."""

    def why(self) -> Any:
        """`[type, message]` of a run that is over, or None."""

    def begin(self) -> None:
        """The program begins to compute: its time runs, and slices come."""

    def over(self) -> None:
        """The program has ended, and its slices with it."""

    def breathe(self) -> None:
        """Let the next stack that is parked be so until the page's messages have come in."""

    def due(self) -> bool:
        """Whether it is time for a breath."""

    def handled(self, again: bool) -> None:
        """A signal was taken up. `again`: it came at a bad moment."""


class Slices:
    """The slices of one run, which this `ender` ends."""

    def __init__(self, bridge: Slicer, ffi: Any, parking: jspi.Parking, ender: Ender) -> None:
        self._bridge, self._parking = bridge, parking
        # A method of JavaScript's is looked up once: that takes longer than to call it.
        self._handled, self._why, self._breathe, self._due = bridge.handled, bridge.why, bridge.breathe, bridge.due
        self._can_park = ffi.can_run_sync
        self.before: Callable[[], None] = lambda: None
        """What the host does before a breath."""
        self.show: Callable[[str], None] = lambda _: None
        """What it does where somebody looks at the program in one."""
        self.arrives: Callable[[FrameType], bool] = lambda _: False
        """Whether the program is on its way back to where it was saved (`travel.py`)."""
        self._ender = ender
        self._busy = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the program runs."""
        before = signal.signal(signal.SIGINT, self._signalled)
        try:
            self._bridge.begin()  # no signal comes before there is someone who takes it
            yield
        finally:
            self._bridge.over()  # no more signals; one that is on its way finds no script here
            signal.signal(signal.SIGINT, before)

    def end(self) -> NoReturn:
        """End the run here: its wait was broken off."""
        kind, message = self._why()
        self._ender.end(kind, message)

    def _signalled(self, _number: int, frame: FrameType | None) -> None:
        depth = sys.getrecursionlimit()
        sys.setrecursionlimit(depth + _ROOM)  # the script may have used up all of its own
        again = False
        try:
            if not self._busy:
                # No script on the stack: it has hardly begun, and somebody may wish to hold it before it does anything.
                again = not self._ender.concerns(frame) or self._is_whole(frame) or not _has_stack()
                if not again:
                    self._slice(frame)
        finally:
            sys.setrecursionlimit(depth)
            self._handled(again)

    def _is_whole(self, frame: FrameType | None) -> bool:
        """Whether what was interrupted is the scheduler or an import, or works for it."""
        while frame is not None and not self._ender.owns(frame.f_code):
            if frame.f_code.co_filename in _WHOLE:
                return True
            frame = frame.f_back
        return False

    def _slice(self, frame: Any) -> None:
        self._busy = True
        try:
            why = self._why()
            breathes = why is None and not (self.arrives(frame) and not self._due())
            if breathes and self._can_park():
                self.before()
                self._breathe()
                self._parking.rest(self.show)
                why = self._why()
        except RunEnded as ending:
            why = ending.type, str(ending)
        finally:
            self._busy = False
        if why is not None:
            kind, message = why
            self._ender.end(kind, message)


def _has_stack() -> bool:
    """Whether the stack that C uses has room for a slice: not deep inside of a `repr`, which looks for signals."""
    try:
        leave_stack()
    except RecursionError:
        return False
    return True
