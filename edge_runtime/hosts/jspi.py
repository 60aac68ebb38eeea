"""Stacks in a browser: JavaScript Promise Integration.

Takes: `run_sync` of Pyodide, which parks the running stack; the engine's switch (`web/engine/switch.js`).
Gives: `Parking`, for as long as the engine lives; `JspiStacks`, the `Stacks` of one run.
Refuses: to park by itself. The engine says what a parked stack waits for, right before.

Pyodide gives each stack that can be parked a thread state of its own. So these are per stack: how deep calls may go (as deep on
each), the exception that is being handled, the hooks for asynchronous generators. A new stack has those that Python was started
with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol


class Switch(Protocol):
    """The engine's side. A stack goes by its number; the first of a run is 0."""

    def go(self, here: int, to: int) -> None:
        """This stack is about to be parked, then that one goes on."""

    def start(self, here: int, to: int) -> None:
        """The same, where that one has not begun."""

    def end(self, to: int) -> None:
        """This stack is about to end, then that one goes on."""

    def endInto(self, to: int) -> None:  # noqa: N802 - JavaScript's
        """The same, where that one has not begun."""


class _Stack:
    """A stack; `body` is what it will run, None once it has begun."""

    __slots__ = ("body", "number")

    def __init__(self, number: int, body: Callable[[], None] | None) -> None:
        self.number, self.body = number, body


class Parking:
    """What all runs of an engine park with."""

    def __init__(self, run_sync: Callable[[Any], Any]) -> None:
        self._run_sync = run_sync
        # It never comes. Another promise is put in its place where `run_sync` leaves Python.
        self._never = asyncio.get_event_loop().create_future()
        self._new: dict[int, _Stack] = {}
        self._last = 0

    def park(self) -> Any:
        """Park this stack. Gives what the engine's promise does."""
        return self._run_sync(self._never)

    def rest(self, show: Callable[[str], None]) -> Any:
        """The same, for a program that rests. Who wants to look at it meanwhile is shown what he names; then it rests on."""
        while True:
            found = self.park()
            if type(found) is not str:
                return found
            show(found)

    def make(self, body: Callable[[], None]) -> _Stack:
        """A stack that has not begun."""
        self._last += 1
        made = self._new[self._last] = _Stack(self._last, body)
        return made

    def enter(self, number: int) -> None:
        """The whole of a stack. The engine calls it."""
        stack = self._new.pop(number)
        body, stack.body = stack.body, None
        assert body is not None
        body()


class JspiStacks:
    """The stacks of one run. The scheduler's code calls them, in the middle of which no slice parks."""

    only_one: str | None = None

    def __init__(self, parking: Parking, switch: Switch) -> None:
        self._parking, self._switch = parking, switch
        self._here = _Stack(0, None)

    def current(self) -> _Stack:
        """The one that runs."""
        return self._here

    def begin(self, body: Callable[[], None]) -> _Stack:
        """One that has not begun."""
        return self._parking.make(body)

    def switch(self, to: _Stack) -> None:
        """Park this one, go on there."""
        here, self._here = self._here, to
        if to.body is None:
            self._switch.go(here.number, to.number)
        else:
            self._switch.start(here.number, to.number)
        self._parking.park()

    def leave(self, to: _Stack) -> None:
        """Go on there when this one's body has returned."""
        self._here = to
        if to.body is None:
            self._switch.end(to.number)
        else:
            self._switch.endInto(to.number)

    def close(self) -> None:
        """Nothing is left: the scheduler has ended every stack."""
