"""The questions of one run that wait for their answers.

Takes: questions, the tasks that ask them; a host, what wakes a task.
Gives: `Questions`: each answer to the task that asked. A line or an event that was for a task which is gone, or which was
cancelled before it went on, is for who asks for the next.
Refuses: nothing; the host does.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from .host import Answer, Host, Question

if TYPE_CHECKING:
    from .tasks import Task

_FOR_ANYONE: Final = frozenset(("input", "receive"))
"""What must not be lost: there is each line and each event but once."""


class Questions:
    """Of one run."""

    def __init__(self, host: Host, wake: Callable[..., None]) -> None:
        self._host, self._wake = host, wake
        self.open: dict[int, Task] = {}
        self._kinds: dict[int, str] = {}
        self._returned: list[tuple[int, str, Any]] = []
        self._number = 0

    def put(self, question: Question, task: Task) -> None:
        """A task asks. Raises `Unavailable`, and then nothing was asked."""
        kind = question.kind
        if self._returned and self._give_returned(kind, task):
            return
        self._number = question.number = number = self._number + 1
        self._host.ask(question)
        self.open[number] = task
        if kind in _FOR_ANYONE:
            self._kinds[number] = kind

    def take_back(self, question: Question) -> None:
        """Its task does not wait for the answer any more."""
        if self.open.pop(question.number, None) is not None:
            self._host.forget(question.number)

    def deliver(self, answers: Iterable[Answer]) -> None:
        """These have come."""
        for answer in answers:
            number, value = answer.number, answer.value
            task = self.open.pop(number, None)
            kind = self._kinds.pop(number, None) if self._kinds else None
            kept = kind is not None and value is not None and answer.error is None
            if task is not None:
                self._wake(task, value, answer.error)
            if kept:
                assert kind is not None
                if task is not None:
                    task.answer = number, kind, value
                else:
                    insort(self._returned, (number, kind, value))
                    self.hand_out()

    def give_back(self, task: Task) -> None:
        """What the task was about to get is for another one."""
        if task.answer is not None:
            insort(self._returned, task.answer)
            task.answer = None

    def hand_out(self) -> None:
        """What was given back, to those who wait: who asked first before."""
        for number in [number for number in self.open if number in self._kinds] if self._returned else ():
            if self._give_returned(self._kinds[number], self.open[number]):
                del self.open[number]
                self._host.forget(number)

    def _give_returned(self, kind: str, task: Task) -> bool:
        """Give a task what another left, if there is something."""
        found = next((one for one in self._returned if one[1] == kind), None)
        if found is None:
            return False
        self._returned.remove(found)
        self._wake(task, found[2])
        task.answer = found
        return True
