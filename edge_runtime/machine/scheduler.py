"""Who goes on: the one place of a run that waits.

Takes: a host (time, stacks; its questions are `questions.py`'s); tasks and what they wait for (`tasks.py`).
Gives: `Scheduler.wait`, which every waiting function is made of.
Refuses: to let a cancelled task wait again, and a task wait for itself; what ends the program ends every task.

A task is a coroutine that somebody drives: `coroutine.send` runs it on the stack that it is called on. It needs a stack of its
own only from the moment on when it waits in the middle of a plain call: then the stack that it runs on is parked, with all
that stand on it. So a task that waits for its own children drives them right on its own stack (`_park`), and others run on
driver stacks (`drivers.py`), which are used again. `_next` says who is next: who is being cancelled; then first in, first out.

On a parked stack only the task on top can be next. The tasks below it wait for it: it was made by their `run` or `gather`, and
these end when it has ended.
"""

from __future__ import annotations

import math
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from types import FrameType
from typing import Any, Final

from . import drivers as driving
from .host import Host
from .limits import RunEnded, leave_stack
from .questions import Questions
from .stacks import Stack, Stacks
from .tasks import Task, Timers, Turn, Unwinding, Wait, cancelled_errors

WAIT: Final = object()
"""What a coroutine yields when it waits for `Scheduler.requested`."""

_LONGEST: Final = 86_400.0
"""Seconds that a host is asked to wait at most; then it is asked again."""
_ROOM: Final = 40
"""Calls that the scheduler and its host may need to park a task."""
_STILL: Final = 10_000_000
"""Rounds in which no time passes, while somebody waits for a time: only a virtual clock stands so long."""
_PATIENCE: Final = 20
"""How often a cancelled coroutine may try to wait."""


class Scheduler:
    """The tasks of one run: what is done within `running`. It may be used again for the next."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.give_up: Callable[[RunEnded], None] = lambda _: None
        """Sees to it that a script which swallows the end of its run ends all the same, where that is possible."""
        self.cancelled_error, self.cancelled_inside = cancelled_errors()
        self._reset()

    def _reset(self) -> None:
        self.main = Task(None, None, "the program", None, None, copy_context())
        self.after = Task(None, None, "the end of the program", None, None, copy_context())
        """The parent of tasks that finish what others left (`loose.py`). They go on where the program ends by an error."""
        self.current = self.main
        self.tasks: dict[int, Task] = {}
        self.timers = Timers()
        self.questions = Questions(self.host, self.wake)
        self.requested: Wait | None = None
        self._ready: OrderedDict[Task, None] = OrderedDict()
        self._round = 0
        self._stands = (0.0, 0)
        self._unwinding: deque[Task] = deque()
        self._stacks: Stacks | None = None
        self._drivers: driving.Drivers | None = None
        self._full = False
        self._closing = False
        self._look: tuple[Callable[[FrameType], None], Stack] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """A run, on this stack. After it every task has ended, and no stack is left."""
        self._reset()
        self.main.started = True
        stacks = self._stacks = self.host.stacks()
        drivers = self._drivers = driving.Drivers(stacks, self._drive, self._next)
        try:
            yield
        finally:
            self._close(stacks, drivers)

    def _close(self, stacks: Stacks, drivers: driving.Drivers) -> None:
        main = self.main
        self._closing = True
        while left := [*main.children, *self.after.children]:  # the run was ended from outside, in the middle of a wait
            self.unwind(left, _over)
            self._park(main)
        drivers.close()
        stacks.close()
        self._reset()

    # What tasks wait with.

    def wait(self, wait: Wait) -> Any:
        """Park the running task in the middle of a plain call until what it waits for has come."""
        _leave_room(_ROOM)
        task = self.current
        self._begin(task, wait)
        try:
            self._park(task)
        except BaseException:  # of a signal's, in the middle of it
            self._drop(task)
            raise
        value, error = self._taken(task)
        if error is not None:
            if task is self.main and not isinstance(error, RunEnded):
                task.ending = None  # it may catch a `SystemExit`, and go on
            try:
                raise error
            finally:
                del error
        return wait.result(value)

    def complete(self, coroutine: Any) -> Any:
        """Run a coroutine to its end as part of the running task: a module's own code that awaits."""
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                request = coroutine.send(value) if error is None else coroutine.throw(error)
            except StopIteration as stop:
                return stop.value
            value = error = None
            try:
                value = self.wait(self._wait_of(request))
            except BaseException as raised:  # noqa: BLE001 - it is the coroutine's
                error = raised

    def wake(self, task: Task, value: Any = None, error: BaseException | None = None) -> None:
        """What a task waits for has come: it is ready."""
        if task.done:
            return
        task.wait, task.value, task.error = None, value, error
        if task.ending is None:
            self._ready[task] = None
        else:
            self.wake_next(task)

    def wake_next(self, task: Task) -> None:
        """The same, and no other task is before it."""
        task.wait = None
        if task.ending is not None:
            task.error = task.ending()
        self._unwinding.appendleft(task)

    def must_be_able_to_wait(self) -> None:
        """Raise `RuntimeError` with the host's sentence where it cannot wait here."""
        reason = self.host.can_wait()
        if reason is not None:
            raise RuntimeError(reason)

    def cancelled(self, text: str) -> BaseException:
        """What is raised inside a cancelled coroutine. Made past whatever a script wrote on the class."""
        error: BaseException = _NEW(self.cancelled_inside, text)
        return error

    def too_many(self, text: str) -> RunEnded:
        """The program ends: it makes tasks without end."""
        ended = RunEnded("RuntimeError", text)
        self.end(ended)
        return ended

    def adopt(self, task: Task) -> None:
        """A new task of the running one's: ready, not started."""
        self.tasks[id(task.given)] = task
        assert task.parent is not None
        task.parent.children[task] = None
        self._ready[task] = None

    def _begin(self, task: Task, wait: Wait) -> None:
        if task.ending is not None and not isinstance(wait, Unwinding):
            raise self._again(task)
        task.wait = wait
        try:
            wait.begin(task)
        except BaseException:
            task.wait = None
            raise

    def _again(self, task: Task) -> BaseException:
        """The error for a wait of a task that is being cancelled."""
        assert task.ending is not None
        task.refused += 1
        error = task.ending()
        if not issubclass(type(error), self.cancelled_error):
            return error
        if task.refused > _PATIENCE:
            ended = RunEnded(
                "RuntimeError", f"{task.name!r} was cancelled, and goes on waiting: let CancelledError pass"
            )
            self.end(ended)
            task.ending = lambda: RunEnded(ended.type, str(ended))  # each with a traceback of its own
            self.give_up(ended)
            return ended
        return self.cancelled(f"{task.name!r} was cancelled: its 'finally' and '__exit__' cannot wait")

    def _wait_of(self, request: Any) -> Wait:
        """What a coroutine that yielded waits for."""
        wait, self.requested = self.requested, None
        if request is None:
            return Turn(self)
        if request is WAIT and wait is not None:
            return wait
        raise TypeError(f"a coroutine can only wait for what is awaitable here: it yielded {type(request).__name__}")

    @staticmethod
    def _taken(task: Task) -> tuple[Any, BaseException | None]:
        value, error = task.value, task.error
        task.value = task.error = task.answer = None
        return value, error

    def _drop(self, task: Task) -> None:
        if task.wait is not None:
            task.wait.abandon(task)
            task.wait = None
        self._ready.pop(task, None)
        self.questions.give_back(task)

    # Stacks.

    def _park(self, task: Task) -> None:
        """Until the task is next, let others go on: its own children right here, the others where they stand."""
        stacks, drivers = self._stacks, self._drivers
        assert stacks is not None
        assert drivers is not None
        while True:
            chosen = self._next()
            if chosen is task:
                break
            if chosen.stack is None and self._may_drive(task, chosen):
                self._drive(chosen)
                continue
            if chosen.stack is None and drivers.full and not self._full:
                self._full = True
                if chosen.ending is not None:
                    self._unwinding.appendleft(chosen)
                self.too_many(
                    f"more than {driving.MOST_STACKS:,} coroutines wait inside of plain calls at the same time"
                )
                continue
            reason = stacks.only_one or self.host.can_wait()
            if reason is not None:
                if chosen.stack is None and chosen.ending is not None:  # it unwinds, and cannot wait again
                    self._drive(chosen)
                    continue
                self._ready[chosen] = None
                self._ready.move_to_end(chosen, last=False)
                if task in self._ready:  # the others have their turn when it can be parked
                    del self._ready[task]
                    break
                self._drive(self._own_of(task, reason))
                continue
            task.stack = stacks.current()
            stacks.switch(drivers.stack_for(chosen))
            while self._look is not None:
                look, back = self._look
                look(sys._getframe())
                stacks.switch(back)
            break
        task.stack = None
        self.current = task

    def visit(self, task: Task, look: Callable[[FrameType], None]) -> None:
        """Have the stack that a task is parked on look at itself: `look` gets its innermost frame, and never raises. From another
        stack nobody may walk it: parts of its frames lie where the running one has its own."""
        stacks = self._stacks
        assert stacks is not None
        self._look = look, stacks.current()
        stacks.switch(task.stack)
        self._look = None

    def _own_of(self, task: Task, reason: str) -> Task:
        """The first of the ready ones that may run on top of a task which cannot be parked."""
        for ready in self._ready:
            if ready.stack is None and self._may_drive(task, ready):
                del self._ready[ready]
                return ready
        raise RuntimeError(reason)

    @staticmethod
    def _may_drive(task: Task, chosen: Task) -> bool:
        """Whether it may run on top of the task that waits: one that the task waits for, and one that will not wait."""
        if chosen.ending is not None:
            return not chosen.started or isinstance(task.wait, Unwinding)
        return chosen.group is not None and chosen.group is task.wait

    def _drive(self, task: Task) -> None:
        """Run a free task on this stack until it ends or waits without a stack."""
        self.current = task
        if task.ending is not None and not task.started:
            task.coroutine.close()
            self._finish(task, None, None)
            return
        value, error = self._taken(task)
        coroutine, run = task.coroutine, task.context.run
        task.started = True
        while True:
            try:
                request = run(coroutine.send, value) if error is None else run(coroutine.throw, error)
            except StopIteration as stop:
                self._finish(task, stop.value, None)
                return
            except BaseException as raised:  # noqa: BLE001 - whoever waits for the task gets it
                self._finish(task, None, raised)
                return
            value = error = None
            try:
                self._begin(task, self._wait_of(request))
            except BaseException as refused:  # noqa: BLE001 - it is the coroutine's
                error = refused
            else:
                return

    def _finish(self, task: Task, result: Any, error: BaseException | None) -> None:
        """The task ended: tell those who wait for it."""
        task.done = True
        task.stack = None
        self.tasks.pop(id(task.given), None)
        assert task.parent is not None
        task.parent.children.pop(task, None)
        if error is not None:
            trace = _TRACEBACK.__get__(error)
            error = _WITH_TRACEBACK(error, trace.tb_next if trace else None)  # without the frame of ours
        if task.ending is not None and (error is None or issubclass(type(error), self.cancelled_error)):
            error = _NEW(self.cancelled_error, f"{task.name!r} was cancelled")
        elif type(error) is self.cancelled_inside:  # one that was kept, and raised where nobody is cancelled
            error = _NEW(self.cancelled_error, f"{task.name!r} raised CancelledError")
        elif error is not None and issubclass(type(error), SystemExit | KeyboardInterrupt | RunEnded):
            self.end(error)
        task.result, task.error = result, error
        task.traceback = None if error is None else _TRACEBACK.__get__(error)
        for watcher in task.watchers:
            watcher.ended(task)
        if self._closing and not self.main.children and not self.after.children:
            self._unwinding.appendleft(self.main)

    # Who is next.

    def _next(self) -> Task:
        """The task that goes on now."""
        while True:
            try:
                if self._unwinding:
                    return self._unwinding.popleft()
                if self._ready:
                    if self._round > 0:
                        self._round -= 1
                        return self._ready.popitem(last=False)[0]
                    self._look_up()
                else:
                    self._wait_for_host()
                self._round = len(self._ready)
            except BaseException as ending:  # noqa: BLE001 - the run was ended from outside
                self.end(ending)

    def _look_up(self) -> None:
        """Once in each round of the ready queue: what came meanwhile."""
        if self.questions.open:
            self.questions.deliver(self.host.wait(0))
        if self.timers.first() is not None:
            now = self.host.monotonic()
            self.timers.fire(now)
            then, rounds = self._stands
            self._stands = now, rounds + 1 if now == then else 0
            if rounds > _STILL:
                self._stands = now, 0
                raise RuntimeError("the virtual clock stands still while tasks take turns: sleep(0.01) lets time pass")

    def _wait_for_host(self) -> None:
        seconds: float | None
        deadline = self.timers.first()
        if deadline == math.inf:
            seconds = None
        elif deadline is not None:
            seconds = min(max(deadline - self.host.monotonic(), 0.0), _LONGEST)
        elif self.questions.open:
            seconds = None
        else:
            raise RuntimeError("deadlock: every task waits for another, and nothing is left to come")
        self.questions.deliver(self.host.wait(seconds))
        if deadline is not None:
            self.timers.fire(self.host.monotonic())

    # Ends.

    def end(self, error: BaseException) -> None:
        """The program ends with it: every other task unwinds, then it is raised in the main one."""
        ending: Callable[[], BaseException]
        if isinstance(error, RunEnded):
            kind, message = error.type, str(error)
            ending = lambda: RunEnded(kind, message)  # noqa: E731
        else:
            ending = lambda: self.cancelled("the program ends")  # noqa: E731
        main = self.main
        waiting = main.wait is not None or main in self._ready
        if main.ending is None or isinstance(error, RunEnded):
            main.ending = lambda: error
        if waiting and not main.children:
            self._drop(main)
            self.wake(main)
        elif main.wait is not None:
            main.wait.abandon(main)
        self.unwind(list(main.children), ending)
        if isinstance(error, RunEnded):
            self.unwind(list(self.after.children), ending)

    def unwind(self, tasks: Iterable[Task], ending: Callable[[], BaseException], running: Task | None = None) -> None:
        """Cancel tasks: their children first, newest first. Each of the innermost is next in turn, and a parent when the last of
        its children has ended. `running` is the one that asks for it: it goes on."""
        leaves: list[Task] = []
        left = list(tasks)
        while left:
            task = left.pop()
            if task.done or task.ending is not None:
                continue
            task.ending = ending
            if task is running:
                continue
            if task.children:
                left += task.children
                if task.wait is not None:
                    task.wait.abandon(task)
            else:
                leaves.append(task)
        for task in leaves:
            self._drop(task)
            if task.started:
                task.error = ending()
        self._unwinding.extendleft(reversed(leaves))
        self.questions.hand_out()


_NEW: Final[Any] = BaseException.__dict__["__new__"]
_TRACEBACK: Final[Any] = BaseException.__dict__["__traceback__"]
_WITH_TRACEBACK: Final[Any] = BaseException.__dict__["with_traceback"]


def _leave_room(calls: int) -> None:
    """Raise `RecursionError` here, before anything is begun, where the scheduler could not go so many calls deep."""
    if calls:
        _leave_room(calls - 1)
    else:
        leave_stack()


def _over() -> BaseException:
    return RunEnded("Stopped", "the run is over")
