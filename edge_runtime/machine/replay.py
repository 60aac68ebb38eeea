"""Time travel: what a host brings is recorded, and a run that is restored gets it again.

Takes: a host; to restore, a `Past`. Gives: `Replay`, a host around that host; `past()`, what brings a run back to where it is.
Refuses: to go on where the program asks for something else than the log holds (`RunEnded`, of the type `StateError`); to make a
past of a log that could not be kept whole, as `NoState` with the reason. The log itself is `recording.py`'s.

Between what its host brings a program is deterministic. So a restored run is the same program, run again: as long as the log
lasts, nothing it does reaches the host. The run is *live* from where it was saved on, and questions that were open then are
asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

from ..guard.sealed import Sealed
from ..lower.program import NativeModule
from .host import Answer, Asking, Host, Lent, Question, Ready, Unavailable
from .logbook import Outcome
from .machine import Ending, Machine
from .recording import MONOTONIC, NOW, Recorded, Recorder, does_not_fit
from .stacks import Stacks

_FROM_OUTSIDE: Final = frozenset({"StateError", "Stopped", "TimeoutError", "MemoryError"})


class NoState(Exception, metaclass=Sealed):
    """The run cannot be saved; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What brings a run back: its log, how often the run had called its host, and where after that it was.

    `waiting`: in its next wait. Else after `ticks` ticks of the host's counter. `clock` is what the clock said, so that it
    goes on from there; `frame` the last frame's time.
    """

    log: bytes
    calls: int
    waiting: bool
    ticks: int = 0
    clock: float = 0.0
    frame: float | None = None


@dataclass(frozen=True, slots=True)
class _Later:
    """The arguments of a question that was put before the log ended: they are prepared if it is asked again."""

    prepare: Callable[..., Any]
    given: tuple[Any, ...]
    named: Mapping[str, Any]


class Replay:
    """A host that records another one's answers, or gives recorded ones. `mark` is called after each call of it: a host that
    counts ticks counts them from there. `arrived` is called when a restored run becomes live."""

    def __init__(
        self,
        host: Host,
        past: Past | None = None,
        *,
        mark: Callable[[], None] = lambda: None,
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self.calls = 0
        self.live = past is None
        self.open: dict[int, Question] = {}
        self._host, self._past, self._mark, self._arrived = host, past, mark, arrived
        self._recorder = Recorder()
        self._log = Recorded(past.log if past else b"")
        self._shift = 0.0
        self._frame: float | None = None
        self._frame_shift: float | None = 0.0
        self._prepared = 0
        self._late: list[Answer] = []
        if past is not None and past.calls == 0 and self._is_there:
            self.arrive()

    # To save and to restore.

    @property
    def at_end(self) -> bool:
        """Whether the run has called its host as often as when it was saved."""
        return self._past is None or self.calls >= self._past.calls

    def past(self, *, waiting: bool, ticks: int = 0) -> Past:
        """What brings the run back to this moment. Raises `NoState`."""
        if not self.live:
            raise NoState("the run is still being restored: save it when it goes on")
        if self._recorder.lost:
            raise NoState(self._recorder.lost)
        return Past(
            log=self._recorder.log(),
            calls=self.calls,
            waiting=waiting,
            ticks=ticks,
            clock=self._host.monotonic() + self._shift,
            frame=self._frame,
        )

    def arrive(self) -> None:
        """The run is where it was saved: from here on it is live."""
        past = self._past
        assert past is not None
        self.live, self._past = True, None
        self._recorder = Recorder(past.log)
        self._shift = past.clock - self._host.monotonic()
        if self._frame is not None:
            self._frame_shift = None
        for question in list(self.open.values()):
            self._ask_again(question)
        self._arrived()

    def misfit(self, why: str) -> NoReturn:
        """End a run that does not do what it did."""
        self._log.misfit(why)

    def concluded(self, machine: Machine, ending: Ending) -> Ending:
        """How a run has ended: one that is over before it came to where it was saved does not fit."""
        if self.live or (ending.error is not None and ending.error.type in _FROM_OUTSIDE):
            return ending
        return machine.ended(does_not_fit("the program ended before it came to where it was saved"))

    @property
    def _is_there(self) -> bool:
        past = self._past
        return past is not None and self.at_end and not past.waiting and past.ticks == 0

    # What the machine asks of a host.

    def write(self, stream: str, text: str) -> None:
        """Output; what was seen before is not shown again."""
        if self.live:
            self._host.write(stream, text)
        self._end()

    def now(self) -> float:
        """Recorded."""
        return self._time(NOW)

    def monotonic(self) -> float:
        """Recorded. In a run that was restored it goes on where it stood."""
        return self._time(MONOTONIC)

    def seed(self) -> int:
        """Recorded."""
        if self.live:
            number = self._host.seed()
            self._recorder.seed(number)
        else:
            number = self._log.seed()
        self._end()
        return number

    def bind(self, module: NativeModule, lent: Lent) -> Mapping[str, Any]:
        """As the host. What a function of an embedder gives at once is recorded; a page's only prepare their arguments."""
        bound = self._host.bind(module, lent)
        self._end()
        if module.kind != "memory":
            return bound
        return {
            name: replace(value, prepare=self._recorded(value.prepare)) if isinstance(value, Asking) else value
            for name, value in bound.items()
        }

    def ask(self, question: Question) -> None:
        """A refusal is recorded; nothing is asked twice. A question brings nothing, so it is no place to count from:
        thousands may be asked at once."""
        number = question.number
        refused: str | None = None
        if self.live:
            try:
                self._host.ask(question)
            except Unavailable as missing:
                refused = str(missing)
                self._recorder.refused(number, refused)
        else:
            refused = self._log.refused(number)
        if refused is not None:
            self._end()
            raise Unavailable(refused)
        self.open[number] = question

    def forget(self, number: int) -> None:
        """Of no account to the log: the program decides it."""
        known = self.open.pop(number, None)
        if self.live and known is not None:
            self._host.forget(number)

    def wait(self, seconds: float | None) -> Sequence[Answer]:
        """Recorded."""
        if not self.live and self.at_end and self._past is not None and self._past.waiting:
            self.arrive()
        answers = self._heard(seconds) if self.live else self._replayed()
        self._end()
        return answers

    def stacks(self) -> Stacks:
        """The host's."""
        return self._host.stacks()

    def can_wait(self) -> str | None:
        """As the host; it depends on nothing but the program."""
        return self._host.can_wait()

    # Recording.

    def _heard(self, seconds: float | None) -> list[Answer]:
        came: Sequence[Answer]
        if self._late:
            late, self._late = self._late, []
            came = [*late, *self._host.wait(0)]
        else:
            came = self._host.wait(seconds)
        open_ = self.open
        answers = [
            self._framed(answer) if open_[answer.number].kind == "frame" else answer
            for answer in came
            if answer.number in open_
        ]
        self._recorder.heard(answers, open_)
        return answers

    def _framed(self, answer: Answer) -> Answer:
        """A page's clock begins anew with the page: frames of a restored run go on from the last one."""
        if not isinstance(answer.value, int | float):
            return answer
        if self._frame_shift is None:
            assert self._frame is not None
            self._frame_shift = self._frame - answer.value
        self._frame = answer.value + self._frame_shift
        return replace(answer, value=self._frame)

    def _recorded(self, prepare: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(*given: Any, **named: Any) -> Any:
            self._prepared += 1
            if not self.live:
                outcome = self._given(self._prepared)
                if outcome is None:
                    return _Later(prepare, given, named)
                if outcome.error is not None:
                    raise outcome.error
                return Ready(outcome.value)
            try:
                found = prepare(*given, **named)
            except Exception as error:
                self._keep_direct(Outcome(error=error))
                raise
            if isinstance(found, Ready):
                self._keep_direct(Outcome(found.value))
            return found

        return recorded

    def _keep_direct(self, outcome: Outcome) -> None:
        self._recorder.direct(self._prepared, outcome)
        self._end()

    def _end(self) -> None:
        """The host was called."""
        self.calls += 1
        if self.live:
            self._mark()
            return
        assert self._past is not None
        if self.calls > self._past.calls:
            self.misfit("the program did not come again to the place where it was saved")
        self._mark()
        if self._is_there:
            self.arrive()

    def _time(self, tag: int) -> float:
        if self.live:
            moment = self._host.now() if tag == NOW else self._host.monotonic() + self._shift
            self._recorder.moment(tag, moment)
        else:
            moment = self._log.moment(tag)
        self._end()
        return moment

    # Replaying.

    def _replayed(self) -> list[Answer]:
        heard = self._log.heard(self.open)
        for answer, question in heard:
            if question.kind == "frame":
                self._frame = answer.value
        return [answer for answer, _ in heard]

    def _given(self, number: int) -> Outcome | None:
        """What a native function gave at once."""
        outcome = self._log.direct(number)
        if outcome is not None:
            self._end()
        return outcome

    def _ask_again(self, question: Question) -> None:
        """What nobody had answered when the run was saved."""
        try:
            if isinstance(question.arguments, _Later):
                later = question.arguments
                found = later.prepare(*later.given, **later.named)
                if isinstance(found, Ready):
                    self._late.append(Answer(question.number, found.value))
                    return
                question = self.open[question.number] = replace(question, arguments=found)
            self._host.ask(question)
        except Unavailable as missing:
            self._late.append(Answer(question.number, error=RuntimeError(str(missing))))
        except Exception as error:  # noqa: BLE001 - of a native function: it is its caller's
            self._late.append(Answer(question.number, error=error))
