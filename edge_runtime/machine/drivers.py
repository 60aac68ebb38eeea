"""Stacks that drive tasks which stand on none.

Takes: a run's stacks; how a task is driven, and who is next.
Gives: `Drivers`: the stack to switch to where a task is to go on. A driver keeps itself for later tasks while none needs it.
Refuses: nothing. `full` says where another task cannot have a stack: each keeps one that waits in the middle of a plain call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .stacks import Stack, Stacks
from .tasks import Task

_MOST_IDLE: Final = 8
MOST_STACKS: Final = 20_000
"""How many tasks may wait inside of plain calls at the same time: each keeps a stack."""


class Drivers:
    """Of one run."""

    def __init__(self, stacks: Stacks, drive: Callable[[Task], None], next_task: Callable[[], Task]) -> None:
        self._stacks, self._drive, self._next_task = stacks, drive, next_task
        self._idle: list[Stack] = []
        self._begun = 0
        self._assigned: Task | None = None
        self._home: Stack | None = None

    @property
    def full(self) -> bool:
        """Whether there is no stack for one task more."""
        return not self._idle and self._begun >= MOST_STACKS

    def stack_for(self, task: Task) -> Stack:
        """Where the task stands, or a stack that will drive it."""
        if task.stack is not None:
            return task.stack
        self._assigned = task
        if self._idle:
            return self._idle.pop()
        self._begun += 1
        return self._stacks.begin(self._body)

    def close(self) -> None:
        """No task is left: the idle ones end."""
        self._home = self._stacks.current()
        while self._idle:
            self._stacks.switch(self._idle.pop())

    def _body(self) -> None:
        stacks = self._stacks
        here = stacks.current()
        while True:
            task, self._assigned = self._assigned, None
            if task is None:
                self._begun -= 1
                stacks.leave(self._home)
                return
            while task.stack is None:
                self._drive(task)
                task = self._next_task()
            if len(self._idle) >= _MOST_IDLE:
                self._begun -= 1
                stacks.leave(task.stack)
                return
            self._idle.append(here)
            stacks.switch(task.stack)
