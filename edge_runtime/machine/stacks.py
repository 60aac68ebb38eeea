"""Stacks: the one thing that scheduling needs of a platform.

Takes and gives: as the methods say; `scheduler.py` calls them. `hosts/greenlets.py` and `hosts/jspi.py` implement them.
Refuses: to decide anything. A stack runs because another one named it, and for no other reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Stack = Any
"""A parked or running stack, as its `Stacks` knows it. The scheduler looks into none."""


class Stacks(Protocol):
    """The stacks of one run. Exactly one of them runs at any moment."""

    only_one: str | None
    """None; or, where there is no other than the one that the run began on, the sentence for who needs another."""

    def current(self) -> Stack:
        """The one that runs."""

    def begin(self, body: Callable[[], None]) -> Stack:
        """A new one that runs `body` when it is first switched to. `body` never raises, and its last act is `leave`."""

    def switch(self, to: Stack) -> None:
        """Park the running stack and go on in that one. Comes back when somebody switches to this one again."""

    def leave(self, to: Stack) -> None:
        """The running stack ends when its body returns, which it does next, and that one goes on."""

    def close(self) -> None:
        """The run is over, and every stack that was begun has ended. Called on the stack that the run began on."""
