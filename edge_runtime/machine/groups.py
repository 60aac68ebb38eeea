"""`run`, `gather`, `with_timeout`: waiting for coroutines.

Takes: coroutines, or other awaitable objects, as a script gives them.
Gives: `Group`, one such call as a `Wait`: it makes the tasks, joins those that another task drives already, and has the results
when all have ended.
Refuses: what is no coroutine, with what to write; one twice; one that waits for the caller.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from contextvars import copy_context
from types import AsyncGeneratorType, CoroutineType, FrameType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

from ..guard.names import FROM
from ..source import place_name
from .errors import said_of
from .tasks import BY_HAND, Task, Unwinding, own_context

if TYPE_CHECKING:
    from .scheduler import Scheduler

_ATTRIBUTES: Final[Any] = BaseException.__dict__["__dict__"]
_WITH_TRACEBACK: Final[Any] = BaseException.__dict__["with_traceback"]
_MRO: Final[Any] = type.__dict__["__mro__"]
_NAMES: Final[Any] = type.__dict__["__dict__"]

MOST_TASKS: Final = 200_000
"""How many tasks there may be: a program in which each makes two more would not come to an end."""
_DEEPEST: Final = 200
"""How deep tasks may stand within tasks. Where each has a stack of its own, calls alone would not come to an end."""


class Group:
    """One call. `seconds` bounds it: then its coroutine is cancelled."""

    def __init__(self, scheduler: Scheduler, name: str, given: Sequence[Any], seconds: float | None = None) -> None:
        """Refuse what is no coroutine. Called where the script called, for what is copied of its context."""
        seen: set[int] = set()
        for one in given:
            check_coroutine(name, one)
            if id(one) in seen:
                raise RuntimeError(f"{name}() got the coroutine {name_of(one)!r} twice")
            seen.add(id(one))
        self._scheduler, self._name, self._given, self._seconds = scheduler, name, given, seconds
        self.what = name
        self._context = copy_context()
        self._place = place()
        self._owner: Task | None = None
        self._timer: list[Any] | None = None
        self._timed_out = False
        self._left = 0
        self._failed: list[Task] = []
        self.tasks: list[Task] = []

    def begin(self, task: Task) -> None:
        scheduler = self._scheduler
        if task.depth >= _DEEPEST:
            raise RecursionError("maximum recursion depth exceeded: coroutines wait for coroutines that they made")
        found = [scheduler.tasks.get(id(one)) for one in self._given]
        for known, one in zip(found, self._given, strict=True):
            if known is not None:
                self._check_join(task, known)
            elif isinstance(one, CoroutineType):
                _check_fresh(one)
        if len(scheduler.tasks) + found.count(None) > MOST_TASKS:
            raise scheduler.too_many(f"more than {MOST_TASKS:,} coroutines at the same time")
        self._owner = task
        task.place = self._place
        for known, one in zip(found, self._given, strict=True):
            joined = known or self._adopted(one, task)
            joined.watchers.append(self)
            self.tasks.append(joined)
        self._left = len(self.tasks)
        if self._seconds is not None:
            deadline = scheduler.host.monotonic() + self._seconds
            self._timer = scheduler.timers.add(deadline, self._expire)
        if not self.tasks:
            scheduler.wake(task)

    def _adopted(self, one: Any, parent: Task) -> Task:
        coroutine = one if isinstance(one, CoroutineType) else _awaiting(one)
        made = Task(coroutine, one, name_of(one), parent, self, own_context(self._context))
        self._scheduler.adopt(made)
        return made

    def _check_join(self, task: Task, known: Task) -> None:
        above: Task | None = task
        while above is not None:
            if above is known:
                raise RuntimeError(
                    f"{self._name}() inside {self._name}() of the same coroutine {known.name!r}: it would wait for itself"
                )
            above = above.parent
        chain = _chain(known, task)
        if chain:
            lines = [f"{self._place} in {task.name}: waits for {known.name}"]
            lines += [f"{one.place} in {one.name}: waits for {next_.name}" for one, next_ in chain]
            raise RuntimeError("\n".join(["deadlock: each of these waits for another", *lines]))

    def ended(self, task: Task) -> None:
        """One of the tasks has ended."""
        if self._owner is None:
            return
        if task.error is not None:
            self._failed.append(task)
        self._left -= 1
        if self._left == 0:
            self._stop_timer()
            self._scheduler.wake(self._owner)

    def _expire(self) -> None:
        self._timed_out = True
        name = self.tasks[0].name
        scheduler = self._scheduler
        scheduler.unwind(self.tasks, lambda: scheduler.cancelled(f"{name!r} took too long"))

    def abandon(self, task: Task) -> None:
        """Only its own children are waited for now: they are being cancelled."""
        self._stop_timer()
        for joined in self.tasks:
            if joined.group is not self and not joined.done:
                joined.watchers.remove(self)
                self._left -= 1
        if not any(joined.group is self and not joined.done for joined in self.tasks):
            self._owner = None

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._scheduler.timers.remove(self._timer)

    def result(self, _: Any) -> Any:
        if len(self.tasks) < len(self._given):
            raise RuntimeError(BY_HAND)
        failed = self._failed
        cancelled = self._scheduler.cancelled_error
        if self._timed_out and all(type(task.error) is cancelled for task in failed):
            raise TimeoutError(f"{self.tasks[0].name!r} took longer than {self._seconds:g} s")
        if not failed:
            results = [task.result for task in self.tasks]
            return results if self._name == "gather" else results[0]
        first, *others = failed
        assert first.error is not None
        error: BaseException = _WITH_TRACEBACK(first.error, first.traceback)
        for other in others:
            if other.error is not error:
                _add_note(error, _note(other))
        raise error


def check_coroutine(name: str, value: Any) -> None:
    """Raise `TypeError`, with what to write, for what is no coroutine."""
    if isinstance(value, CoroutineType):
        return
    function = value.__func__ if type(value) is MethodType else value
    if type(function) is FunctionType:
        if inspect.iscoroutinefunction(function):
            called = function.__name__
            raise TypeError(f"{name}() takes coroutines, and {called!r} is a function: call it: {called}()")
        if inspect.isasyncgenfunction(function):
            raise TypeError(f"{name}() takes coroutines, not asynchronous generators: loop over it with 'async for'")
    if isinstance(value, AsyncGeneratorType):
        raise TypeError(f"{name}() takes coroutines, not asynchronous generators: loop over it with 'async for'")
    if not any("__await__" in _NAMES.__get__(base) for base in _MRO.__get__(type(value))):
        hint = f": write {name}(*…)" if type(value) in (list, tuple) else ""
        raise TypeError(f"{name}() takes coroutines, not {type(value).__name__}{hint}")


def name_of(one: Any) -> str:
    """What a coroutine is called in messages."""
    return one.cr_code.co_name if isinstance(one, CoroutineType) else type(one).__name__


def place() -> str:
    """The file and line of the script that runs now."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if FROM in frame.f_builtins:
            return f"{place_name(frame.f_code.co_filename)}:{frame.f_lineno}"
        frame = frame.f_back
    return "?"


async def _awaiting(one: Any) -> Any:
    return await one


def _check_fresh(coroutine: Any) -> None:
    state = inspect.getcoroutinestate(coroutine)
    if state == inspect.CORO_CLOSED:
        raise RuntimeError("cannot reuse already awaited coroutine")
    if state != inspect.CORO_CREATED:
        raise RuntimeError("coroutine is being awaited already")


def _chain(start: Task, target: Task) -> list[tuple[Task, Task]]:
    """How `start` waits for `target`: pairs of who waits and for whom; none where it does not."""
    came: dict[Task, Task | None] = {start: None}
    left = [start]
    while left:
        task = left.pop()
        for next_ in task.wait.tasks if isinstance(task.wait, Group) else ():
            if next_.done or next_ in came:
                continue
            came[next_] = task
            if next_ is target:
                chain: list[tuple[Task, Task]] = []
                at = next_
                while (before := came[at]) is not None:
                    chain.insert(0, (before, at))
                    at = before
                return chain
            left.append(next_)
    return []


def _note(task: Task) -> str:
    where = ""
    trace = task.traceback
    while trace is not None:
        if FROM in trace.tb_frame.f_builtins:
            where = f" ({place_name(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})"
        trace = trace.tb_next
    assert task.error is not None
    return f"another coroutine, {task.name}{where}, raised {said_of(task.error)}"


def _add_note(error: BaseException, note: str) -> None:
    """As `add_note`, and nothing of the script's runs."""
    attributes = _ATTRIBUTES.__get__(error)
    notes = dict.get(attributes, "__notes__")
    if type(notes) is list:
        notes.append(note)
    else:
        dict.__setitem__(attributes, "__notes__", [note])


def cancel(scheduler: Scheduler, value: Any) -> None:
    """Cancel a coroutine; it has ended when this returns."""
    check_coroutine("cancel", value)
    task = scheduler.tasks.get(id(value))
    if task is None:
        if isinstance(value, CoroutineType) and inspect.getcoroutinestate(value) == inspect.CORO_CREATED:
            value.close()
        return
    if task.ending is not None:
        return
    name = task.name
    ending: Callable[[], BaseException] = lambda: scheduler.cancelled(f"{name!r} was cancelled")  # noqa: E731
    running = scheduler.current
    scheduler.unwind([task], ending, running)
    if running.ending is ending:
        raise ending()
    scheduler.wait(Unwinding(scheduler, task))
