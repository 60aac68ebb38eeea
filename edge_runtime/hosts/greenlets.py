"""Stacks outside of browsers: greenlets.

Takes: nothing. Gives: `new_stacks`, the `Stacks` of one run; `cannot_wait`, why there are none.
Refuses: to leave anything behind: after `close` every greenlet of the run is dead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from ..machine.stacks import Stacks

try:
    from greenlet import getcurrent, greenlet
except ImportError:  # in Pyodide; the engine of a page has other stacks (`jspi.py`)
    greenlet = None

NO_GREENLETS: Final = "this Python cannot wait inside a program: pip install greenlet"
ONLY_ONE: Final = "no other task can go on here while one waits inside of a plain call: wait with await, or " + (
    "run the program with <edge-python> or createWorker" if sys.platform == "emscripten" else "pip install greenlet"
)


def new_stacks() -> Stacks:
    """The stacks of a run of this process."""
    return OneStack() if greenlet is None else Greenlets()


def cannot_wait() -> str | None:
    """None, or the sentence why nothing can wait in this process."""
    return NO_GREENLETS if greenlet is None else None


class OneStack:
    """The stack that there is where there are no greenlets. On it a plain call waits as long as no other task has its turn."""

    only_one: str | None = ONLY_ONE

    def current(self) -> None:
        """The one that runs."""

    def begin(self, body: Callable[[], None]) -> None:
        """There is no other."""
        raise RuntimeError(ONLY_ONE)

    def switch(self, to: None) -> None:
        """There is no other."""
        raise RuntimeError(ONLY_ONE)

    def leave(self, to: None) -> None:
        """There is no other."""
        raise RuntimeError(ONLY_ONE)

    def close(self) -> None:
        """Nothing to do."""


class Greenlets:
    """One run's greenlets.

    Python counts a new greenlet's calls from the depth of the one that starts it. A hub that was made at the bottom of the run
    starts all of them, so that each may go as deep as the next, whoever asked for it. It is also what a greenlet that ended
    comes back to, and says where to go on.
    """

    only_one: str | None = None

    def __init__(self) -> None:
        self._hub = greenlet(_hub)
        self._hub.switch(getcurrent())
        self._next: greenlet | None = None

    def current(self) -> greenlet:
        """The greenlet that runs."""
        return getcurrent()

    def begin(self, body: Callable[[], None]) -> greenlet:
        """One that was not started yet."""

        def run(_: Any = None) -> greenlet | None:
            body()
            after, self._next = self._next, None
            return after

        return greenlet(run, parent=self._hub)

    def switch(self, to: greenlet) -> None:
        """Park this one, go on there."""
        if to:
            to.switch()
        else:
            self._hub.switch(to)

    def leave(self, to: greenlet) -> None:
        """Go on there when this one's body has returned."""
        self._next = to

    def close(self) -> None:
        """The hub ends."""
        self._hub.switch(None)


def _hub(first: greenlet) -> None:
    """Start or go on with what it is told. It is back here when a greenlet ended, or wants another started."""
    after: greenlet | None = first
    while after is not None:
        after = after.switch()
