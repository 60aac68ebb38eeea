"""Time slices of a run in a page: what the interpreter does when the engine's JavaScript gives it a signal.

Takes: signals (`web/engine/limits.js` decides when), the bridge, the program's code.
Gives: the end of a run that is over its limits or was stopped; else a breath in which the page's messages come in.
Refuses: to disturb the runtime's own code: a signal that finds no script on the stack does nothing, and where the stack cannot
be parked (a native module is below) the breath waits.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, Final, NoReturn, Protocol

from ..lower.program import Chunk, Program
from ..machine.limits import Ender

_ROOM: Final = 60
"""Calls that a slice may make below the script's deepest."""


class Slicer(Protocol):
    """What slices need of the bridge."""

    def why(self) -> Any:
        """`[type, message]` of a run that is over, or None."""

    def begin(self) -> None:
        """The program begins to compute: its time runs, and slices come."""

    def over(self) -> None:
        """The program has ended, and its slices with it."""

    def breathe(self) -> Any:
        """A promise that is kept once the page's messages have come in."""


class Slices:
    """The slices of one run."""

    def __init__(self, bridge: Slicer, ffi: Any, program: Program) -> None:
        self._bridge, self._ffi = bridge, ffi
        self._ender = Ender(_codes(program))
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
            self._ender.close()
            signal.signal(signal.SIGINT, before)

    def end(self) -> NoReturn:
        """End the run here: its wait was broken off."""
        kind, message = self._bridge.why()
        self._ender.end(kind, message)

    def _signalled(self, _number: int, frame: FrameType | None) -> None:
        depth = sys.getrecursionlimit()
        sys.setrecursionlimit(depth + _ROOM)  # the script may have used up all of its own
        try:
            if not self._busy and self._ender.concerns(frame):
                self._slice()
        finally:
            sys.setrecursionlimit(depth)

    def _slice(self) -> None:
        self._busy = True
        try:
            why = self._bridge.why()
            if why is None and self._ffi.can_run_sync():
                self._ffi.run_sync(self._bridge.breathe())
                why = self._bridge.why()
        finally:
            self._busy = False
        if why is not None:
            kind, message = why
            self._ender.end(kind, message)


def _codes(program: Program) -> list[CodeType]:
    return [module.code for module in program.modules if isinstance(module, Chunk)]
