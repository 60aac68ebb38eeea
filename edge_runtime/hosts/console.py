"""What a program has on the command line: standard streams, a file of events, a clock.

Takes: the streams, the run's meter, Ctrl-C, its native modules.
Gives: `Console`, the machine's host interface. Lines answer questions as they come, the oldest question first.
Refuses: what only a page has; input where standard input is closed, or brings the events.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TextIO

from ..lower.program import NativeModule
from ..machine.host import Answer, Lent, Question, Unavailable
from ..machine.limits import RunEnded
from ..machine.stacks import Stacks
from .clocks import NO_FRAMES, Clock
from .greenlets import cannot_wait, new_stacks
from .interrupts import Interrupts, Woken
from .lines import Lines, wait
from .meter import Meter
from .natives import NativeRun
from .standard import Standard

UNREAD: Final = "BrokenPipeError"
"""The type of the end of a program whose output nobody reads."""

_NO_INPUT: Final = "input() has no source here: standard input is closed"
_INPUT_IS_EVENTS: Final = "input() has no source here: standard input brings the events (--events -)"
_NO_EVENTS: Final = "no event source"


class Console:
    """One run's side of the machine's host interface."""

    def __init__(
        self,
        streams: Mapping[str, TextIO],
        *,
        stdin: TextIO | None,
        events: TextIO | None,
        clock: Clock,
        meter: Meter,
        interrupts: Interrupts,
        argv: tuple[str, ...],
        natives: NativeRun,
    ) -> None:
        """`events` may be `stdin` itself: then there is no input."""
        self.save: Callable[[], None] | None = None
        """What is done where the program waits, after Ctrl-C or at the end of what it waits for; None: nothing."""
        self._streams, self._clock, self._meter, self._interrupts = streams, clock, meter, interrupts
        self._natives = natives
        self._standard = Standard(argv)
        self._no_input = _NO_INPUT if stdin is None else _INPUT_IS_EVENTS
        self._input = Lines(stdin) if stdin is not None and stdin is not events else None
        self._events = Lines(events) if events is not None else None
        self._asked: dict[int, Lines] = {}

    def write(self, stream: str, text: str) -> None:
        target = self._streams[stream]
        try:
            try:
                target.write(text)
            except UnicodeEncodeError:
                encoding = target.encoding or "ascii"
                target.write(text.encode(encoding, "backslashreplace").decode(encoding))
            if self._meter.limit is not None:
                target.flush()  # who is killed in the middle of a long call has nothing left to say
        except BrokenPipeError:
            raise RunEnded(UNREAD, "nobody reads what the program prints") from None

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def seed(self) -> int:
        return secrets.randbits(64)

    def bind(self, module: NativeModule, lent: Lent) -> Mapping[str, Any]:
        return self._standard.bind(module.spec, lent) if module.kind == "std" else self._natives.bind(module)

    def ask(self, question: Question) -> None:
        source = {"input": self._input, "receive": self._events}.get(question.kind)
        if source is None:
            raise Unavailable({"input": self._no_input, "receive": _NO_EVENTS}.get(question.kind, NO_FRAMES))
        self._asked[question.number] = source

    def forget(self, number: int) -> None:
        self._asked.pop(number, None)

    def wait(self, seconds: float | None) -> Sequence[Answer]:
        if self.save is None:
            return self._wait_for(seconds)
        while True:
            try:
                if self._interrupts.wished:
                    self._save()
                return self._wait_for(seconds)
            except Woken:
                continue

    def _save(self) -> None:
        assert self.save is not None
        self._flush()
        self.save()  # comes back only where it failed
        self.save, self._interrupts.on_first = None, None

    def _wait_for(self, seconds: float | None) -> Sequence[Answer]:
        self._interrupts.check()
        if seconds == 0 and not self._asked:
            return ()
        if seconds != 0:
            self._flush()
        virtual = self._clock.is_virtual
        answers = self._wait(0 if virtual and seconds is not None else seconds)
        if virtual and seconds and not answers:
            self._clock.sleep(seconds)
        return answers

    def _wait(self, seconds: float | None) -> list[Answer]:
        """The same by the clock on the wall."""
        until = None if seconds is None else time.monotonic() + seconds
        with self._meter.waiting():
            while True:
                left = None if until is None else max(until - time.monotonic(), 0)
                wait(list(dict.fromkeys(self._asked.values())), left, self._interrupts.waiting, self._interrupts.waker)
                answers = self._answers()
                if answers or left == 0:
                    return answers

    def _answers(self) -> list[Answer]:
        """What the lines at hand answer."""
        answers = [self._answer(number, source) for number, source in self._asked.items() if source.ready]
        for answer in answers:
            del self._asked[answer.number]
        return answers

    def _answer(self, number: int, source: Lines) -> Answer:
        try:
            line = source.take()
        except UnicodeError as error:
            return Answer(number, error=error)
        if line is None and self.save is not None:
            self._save()
        if line is None and source is self._events:
            return Answer(number, error=RuntimeError(_NO_EVENTS))
        return Answer(number, line)

    def stacks(self) -> Stacks:
        return new_stacks()

    def can_wait(self) -> str | None:
        return cannot_wait() or self._natives.can_wait()

    def interrupt(self, ending: RunEnded) -> bool:
        """End what native code is running, if any is; from another thread."""
        return self._natives.interrupt(ending)

    def close(self) -> None:
        """The run is over."""
        self._natives.close()

    def _flush(self) -> None:
        """What was printed is seen before the program waits."""
        try:
            self._streams["stdout"].flush()
        except BrokenPipeError:
            raise RunEnded(UNREAD, "nobody reads what the program prints") from None
