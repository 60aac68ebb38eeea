"""What the scheduler keeps: tasks, what a task may wait for, timers.

Takes: coroutines, seconds, questions. Gives: `Task`; `Wait` and its kinds `Turn`, `Sleep`, `Asked`; `Timers`; the error
`CancelledError`, and `Cancelled`, which is what a cancelled coroutine itself gets.
Refuses: to run anything; that is `scheduler.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, ContextVar
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Protocol

from .host import Question, Unavailable
from .stacks import Stack

if TYPE_CHECKING:
    from .scheduler import Scheduler


def cancelled_errors() -> tuple[type[BaseException], type[BaseException]]:
    """`CancelledError` for one run, since a script may write on it; and what a cancelled coroutine itself gets, which is one too,
    under the same name: the compiler sees to it that no handler there catches that one."""
    told = {"__module__": "builtins", "__doc__": "The coroutine was cancelled."}
    outside = type("CancelledError", (BaseException,), dict(told))
    return outside, type("CancelledError", (outside,), dict(told))


BY_HAND: Final = "a coroutine that waits was driven by hand: write 'await' or run(…) in the place of send()"

IN_NEW_TASKS: Final[ContextVar[tuple[Callable[[], None], ...]]] = ContextVar("IN_NEW_TASKS", default=())
"""What standard packages do in the context of each new task, where a copy of a context still shares an object with it."""


def own_context(context: Context) -> Context:
    """A copy of a context for a new task, which shares nothing with it that packages keep there."""
    own = context.copy()
    for prepare in own.get(IN_NEW_TASKS, ()):
        own.run(prepare)
    return own


class Wait(Protocol):
    """What a task waits for. One that is woken gets a value or an error; `result` makes of the value what the script gets."""

    def begin(self, task: Task) -> None:
        """Begin to wait; sees to it that the task is woken. May raise, and then nothing was begun."""

    def abandon(self, task: Task) -> None:
        """The task does not wait for it any more: it was cancelled."""

    def result(self, value: Any) -> Any:
        """What the script gets, or an error."""


class Task:
    """One coroutine that the scheduler drives, or the program's own main code (`coroutine` is None).

    `stack` is where it is parked in the middle of a plain call. Without one it is free: any stack may drive it on. `group` is
    the call of `run`, `gather` or `with_timeout` that made it, `parent` the task that made this call. `ending` makes the error
    that it gets instead of whatever it waits for: it is being cancelled.
    """

    __slots__ = (
        "answer",
        "children",
        "context",
        "coroutine",
        "depth",
        "done",
        "ending",
        "error",
        "given",
        "group",
        "name",
        "parent",
        "place",
        "refused",
        "result",
        "stack",
        "started",
        "traceback",
        "value",
        "wait",
        "watchers",
    )

    def __init__(
        self, coroutine: Any, given: Any, name: str, parent: Task | None, group: Any, context: Context
    ) -> None:
        self.coroutine, self.given, self.name, self.parent, self.group = coroutine, given, name, parent, group
        self.context = context
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.children: dict[Task, None] = {}
        self.watchers: list[Any] = []
        self.started = self.done = False
        self.wait: Wait | None = None
        self.answer: tuple[int, str, Any] | None = None
        """The line or the event that it is about to get: number, kind, value."""
        self.stack: Stack | None = None
        self.value: Any = None
        self.error: BaseException | None = None
        self.result: Any = None
        self.traceback: Any = None
        self.ending: Callable[[], BaseException] | None = None
        self.refused = 0
        self.place = ""


class Turn:
    """The others go on once: `sleep(0)`, and a bare `yield` in a script's `__await__`."""

    __slots__ = ("_scheduler",)

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def begin(self, task: Task) -> None:
        self._scheduler.wake(task)

    def abandon(self, task: Task) -> None:
        """It is in the ready queue, which the scheduler looks after."""

    def result(self, value: Any) -> Any:
        return value


class Sleep:
    """A number of seconds."""

    __slots__ = ("_entry", "_scheduler", "_seconds")

    def __init__(self, scheduler: Scheduler, seconds: float) -> None:
        self._scheduler, self._seconds = scheduler, seconds
        self._entry: list[Any] | None = None

    def begin(self, task: Task) -> None:
        scheduler = self._scheduler
        scheduler.must_be_able_to_wait()
        self._entry = scheduler.timers.add(scheduler.host.monotonic() + self._seconds, lambda: scheduler.wake(task))

    def abandon(self, task: Task) -> None:
        if self._entry is not None:
            self._scheduler.timers.remove(self._entry)

    def result(self, value: Any) -> Any:
        return None


class Asked:
    """The host's answer to a question. `finish` makes the result from its value."""

    __slots__ = ("_finish", "_question", "_scheduler")

    def __init__(self, scheduler: Scheduler, question: Question, finish: Callable[[Any], Any] | None = None) -> None:
        self._scheduler, self._question, self._finish = scheduler, question, finish

    def begin(self, task: Task) -> None:
        scheduler = self._scheduler
        scheduler.must_be_able_to_wait()
        reason: str | None = None
        try:
            scheduler.questions.put(self._question, task)
        except Unavailable as missing:
            reason = str(missing)
        if reason is not None:  # out here, so that no error of ours hangs on the script's
            raise RuntimeError(reason)

    def abandon(self, task: Task) -> None:
        self._scheduler.questions.take_back(self._question)

    def result(self, value: Any) -> Any:
        return value if self._finish is None else self._finish(value)

    @property
    def what(self) -> str:
        """What the script called."""
        question = self._question
        return f"{question.module}.{question.name}" if question.name else question.kind


class Unwinding:
    """The end of a task that was just cancelled."""

    __slots__ = ("_scheduler", "_task", "_waiting")

    def __init__(self, scheduler: Scheduler, task: Task) -> None:
        self._scheduler, self._task = scheduler, task
        self._waiting: Task | None = None

    def begin(self, task: Task) -> None:
        self._waiting = task
        self._task.watchers.append(self)

    def ended(self, _: Task) -> None:
        """It has ended: who cancelled it is the very next."""
        if self._waiting is not None:
            self._scheduler.wake_next(self._waiting)

    def abandon(self, task: Task) -> None:
        self._waiting = None

    def result(self, value: Any) -> Any:
        return None


_FEW: Final = 64


class Timers:
    """What is due when: by deadline, equal ones in the order in which they were added."""

    def __init__(self) -> None:
        self._heap: list[list[Any]] = []
        self._order = count()
        self._removed = 0

    def add(self, deadline: float, act: Callable[[], None]) -> list[Any]:
        """One timer more; what is given back is for `remove`."""
        entry = [deadline, next(self._order), act]
        heappush(self._heap, entry)
        return entry

    def remove(self, entry: list[Any]) -> None:
        """It is not to be due any more. Those that are left are few: the heap never keeps more that were removed than not."""
        if entry[2] is not None:
            entry[2] = None
            self._removed += 1
            if self._removed > _FEW and self._removed * 2 > len(self._heap):
                self._heap = [one for one in self._heap if one[2] is not None]
                heapify(self._heap)
                self._removed = 0

    def first(self) -> float | None:
        """The next deadline."""
        heap = self._heap
        while heap and heap[0][2] is None:
            heappop(heap)
            self._removed -= 1
        deadline: float | None = heap[0][0] if heap else None
        return deadline

    def fire(self, now: float) -> None:
        """Act on all that are due."""
        while (deadline := self.first()) is not None and deadline <= now:
            entry = heappop(self._heap)
            act, entry[2] = entry[2], None
            act()
