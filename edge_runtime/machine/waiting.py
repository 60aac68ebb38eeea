"""The built-in functions that wait.

Takes: a run's scheduler and output.
Gives: `waiting_functions`, by name, each as the script calls it; `Waiting.later`, which finds what `await f(…)` calls.
Refuses: what cannot be waited for, in words that say what to write.

Each of them only makes a `Wait` (`tasks.py`, `groups.py`). A plain call parks the stack with it. Its twin, which `await` gets,
yields it to whoever drives the coroutine, and needs no stack.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import FunctionType, MethodType, coroutine
from typing import Any

from ..guard.sealed import forget_objects, host_function, renamed
from .groups import Group, cancel
from .host import Asking, Question, Ready
from .output import Output
from .scheduler import WAIT, Scheduler
from .tasks import BY_HAND, Asked, Sleep, Turn, Wait

Prepare = Callable[..., Wait | Ready]


class Waiting:
    """The waiting functions of one run, built-in ones and those of native modules."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._twins: dict[int, Callable[..., Any]] = {}
        self._kept: list[Any] = []

    def function(self, name: str, prepare: Prepare, *, own: bool = False) -> Any:
        """A function that waits for what `prepare` gives, as a script sees it."""
        scheduler = self._scheduler
        if isinstance(prepare, FunctionType):
            prepare = renamed(prepare, name)

        def wait(*given: Any, **named: Any) -> Any:
            prepared = prepare(*given, **named)
            return prepared.value if isinstance(prepared, Ready) else scheduler.wait(prepared)

        @coroutine
        def wait_later(*given: Any, **named: Any) -> Generator[object, Any, Any]:
            try:
                prepared = prepare(*given, **named)
                if isinstance(prepared, Ready):
                    return prepared.value
                scheduler.requested = prepared
                value = yield WAIT
                if scheduler.requested is prepared:  # nobody began it: a script sent the value
                    scheduler.requested = None
                    raise RuntimeError(BY_HAND)
                return prepared.result(value)
            except BaseException as error:
                if not own:
                    forget_objects(error)  # as `host_function` does for the plain call
                raise

        wait.__doc__ = prepare.__doc__
        made = host_function(name, wait, own=own)
        self._kept.append(made)
        self._twins[id(made)] = wait_later
        return made

    def native(self, module: str, name: str, asking: Asking) -> Any:
        """A function of a native module that is a question to the host."""

        scheduler, prepare_arguments, finish = self._scheduler, asking.prepare, asking.finish

        def prepare(*given: Any, **named: Any) -> Wait | Ready:
            arguments = prepare_arguments(*given, **named)
            if type(arguments) is Ready:
                return arguments
            return Asked(scheduler, Question(0, "call", "", module, name, arguments), finish)

        return self.function(name, prepare)

    def later(self) -> Callable[[Any], Any]:
        """What the compiler puts around the callee in `await f(…)`: it gives the function, or its twin that can be awaited.
        It looks at nothing of a value but its type: whatever a script made must not notice."""
        twins = self._twins.get

        def later(function: Any) -> Any:
            kind = type(function)
            if kind is FunctionType or kind is MethodType:
                return function
            return twins(id(function), function)

        return later


def waiting_functions(waiting: Waiting, scheduler: Scheduler, output: Output) -> dict[str, Any]:
    """The built-in ones."""

    def sleep(seconds: float, /) -> Wait:
        """Wait for a number of seconds; the others go on meanwhile."""
        return sleeping(scheduler, seconds)

    def read(*given: Any, **named: Any) -> Wait:
        """A line of input, without its newline."""
        if named:
            raise TypeError("input() takes no keyword arguments")
        if len(given) > 1:
            raise TypeError(f"input expected at most 1 argument, got {len(given)}")
        text = str.__str__(str(given[0])) if given else ""
        if text:
            output.write("stdout", text)
        return Asked(scheduler, Question(0, "input", text), _line)

    def receive() -> Wait:
        """The next event, oldest first."""
        return Asked(scheduler, Question(0, "receive"), str)

    def frame() -> Wait:
        """Wait for the page's next animation frame; its time in seconds."""
        return Asked(scheduler, Question(0, "frame"), float)

    def run(*coroutines: Any) -> Wait:
        """Run coroutines at the same time until all have ended; the first one's result."""
        if not coroutines:
            raise TypeError("run() takes at least one coroutine")
        return Group(scheduler, "run", coroutines)

    def gather(*coroutines: Any) -> Wait:
        """Run coroutines at the same time until all have ended; the list of their results."""
        return Group(scheduler, "gather", coroutines)

    def with_timeout(seconds: float, coroutine: Any, /) -> Wait:
        """Run a coroutine; where it takes longer than so many seconds, it is cancelled, and TimeoutError is raised."""
        return Group(scheduler, "with_timeout", (coroutine,), number_of_seconds("with_timeout", seconds))

    def cancel_now(coroutine: Any, /) -> Ready:
        """Cancel a coroutine: CancelledError is raised where it waits. It has ended when this returns."""
        cancel(scheduler, coroutine)
        return Ready(None)

    functions: dict[str, Prepare] = {
        "sleep": sleep,
        "input": read,
        "receive": receive,
        "frame": frame,
        "run": run,
        "gather": gather,
        "with_timeout": with_timeout,
        "cancel": cancel_now,
    }
    return {name: waiting.function(name, prepare, own=True) for name, prepare in functions.items()}


def sleeping(scheduler: Scheduler, seconds: float) -> Wait:
    """The wait for a number of seconds."""
    length = number_of_seconds("sleep", seconds)
    return Sleep(scheduler, length) if length > 0 else Turn(scheduler)


def number_of_seconds(name: str, value: Any) -> float:
    """A length of time as a script gave it."""
    if not isinstance(value, int | float):
        raise TypeError(f"{name}() takes a number of seconds, not {type(value).__name__}")
    try:
        seconds = float(value)
    except OverflowError:
        raise OverflowError(f"{name}() got more seconds than a float holds: float('inf') waits for ever") from None
    if not seconds >= 0:
        raise ValueError(f"{name} length must be non-negative")
    return seconds


def _line(line: str | None) -> str:
    if line is None:
        raise EOFError("EOF when reading a line")
    return str(line)
