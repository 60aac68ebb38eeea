"""What a machine asks of its host: one small interface.

Takes and gives: as the methods say. `machine` calls it; `hosts/` implements it, once for each platform.
Refuses: a host without a power raises `Unavailable` with the sentence that the script sees.

Questions and answers are not frozen, as other data here is: a frozen one takes several times as long to make, and each call of
the page makes both.

Whatever takes time is a `Question`. The host begins it in `ask`, and its `Answer` comes out of `wait`, the only call that may
take long. Who of the script's tasks goes on meanwhile is the scheduler's business (`scheduler.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ..guard.sealed import Sealed
from ..lower.program import NativeModule
from .stacks import Stacks

if TYPE_CHECKING:
    from .output import Output
    from .scheduler import Scheduler


class Unavailable(Exception, metaclass=Sealed):
    """The host has no such power; the script sees a `RuntimeError` with this text."""


@dataclass(slots=True)
class Question:
    """What only the host can answer. `kind` is `input`, `receive`, `frame` or `call`; `text` is the prompt of an input;
    `module`, `name` and `arguments` are a call's, the arguments in the form that the host's own `Asking` gave them.
    Numbers count from 1 within a run; 0: it was not put yet."""

    number: int
    kind: str
    text: str = ""
    module: str = ""
    name: str = ""
    arguments: Any = None


@dataclass(slots=True)
class Answer:
    """The answer to the question of that number: a line or None (the end of input), an event, seconds of the page's clock
    (a frame), what a call gave; or the error that is raised in the task that asked."""

    number: int
    value: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """What `Asking.prepare` gives where there is nothing to wait for: the value itself."""

    value: Any


@dataclass(frozen=True, slots=True)
class Asking:
    """A native function that is a question to the host. In what `bind` gives it stands for itself: the machine makes the
    function that scripts see. `prepare` takes the call's arguments and gives `Question.arguments`, or `Ready`; it may raise,
    and never waits. `finish` makes the function's result from the answer's value."""

    prepare: Callable[..., Any]
    finish: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Lent:
    """What a run lends its native modules: where it prints, and who lets it wait."""

    output: Output
    scheduler: Scheduler


class Host(Protocol):
    """Output, questions, time and native functions of one run."""

    def write(self, stream: str, text: str) -> None:
        """Output of the script; `stream` is `stdout` or `stderr`. One call for each `print`."""

    def now(self) -> float:
        """Seconds since 1970."""

    def monotonic(self) -> float:
        """Seconds from some moment; they never run backwards."""

    def seed(self) -> int:
        """A random number of 64 bits, for the run's own random numbers."""

    def bind(self, module: NativeModule, lent: Lent) -> Mapping[str, Any]:
        """The attributes of a native module as a script sees them (functions through `host_function`, or `Asking`), asked for
        once in a run, before its first statement. Raises `ImportError` where the module does not start."""

    def ask(self, question: Question) -> None:
        """Begin it. It may be gathered and sent later, at the latest in the next `wait`."""

    def forget(self, number: int) -> None:
        """Nobody waits for that answer any more: its task was cancelled. One that comes all the same is dropped."""

    def wait(self, seconds: float | None) -> Sequence[Answer]:
        """Answers, in the order in which they came. 0: those at hand. None: until there is one. Else: until then at most; there
        may be none. Raises `RunEnded` where the run was ended meanwhile."""

    def stacks(self) -> Stacks:
        """The stacks that tasks are parked on; asked for once in a run, at its start."""

    def can_wait(self) -> str | None:
        """None, or the sentence why the running code cannot wait: there is no way to park a stack, or a native module stands
        below it."""
