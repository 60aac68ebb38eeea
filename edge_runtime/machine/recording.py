"""What a host brought, on its way into a log and out of it again.

Takes: what a host answered, in order; or the log of an earlier run.
Gives: `Recorder`, which writes entries; `Recorded`, which gives them back in the same order.
Refuses: to give what is not the next entry, as `RunEnded` of the type `StateError`: then the program does not do what it did. A
value that a log cannot keep ends the recording; `lost` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from .host import Answer, Question
from .limits import RunEnded
from .logbook import Damaged, Outcome, Reader, Unkept, Writer

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a log. One with more stops recording."""

_EMPTY, _BATCH, NOW, MONOTONIC, SEED, _REFUSED, _DIRECT = range(1, 8)
_ASKED: Final = {
    _BATCH: "waited", NOW: "asked for the time", MONOTONIC: "asked for the clock", SEED: "asked for a random seed",
}  # fmt: skip
_AGAIN: Final = "the saved state does not fit this run: {}; run the program anew"


def does_not_fit(why: str) -> RunEnded:
    """The end of a run that is not the one that was saved."""
    return RunEnded("StateError", _AGAIN.format(why))


class Recorder:
    """Writes a log, or goes on with one."""

    def __init__(self, log: bytes = b"") -> None:
        self.lost = ""
        self._writer = Writer(log)
        self._empty = 0

    def log(self) -> bytes:
        """What was written so far."""
        self._flush()
        return bytes(self._writer.data)

    def heard(self, answers: Sequence[Answer], questions: dict[int, Question]) -> None:
        """One wait's answers, and to what: those questions are open no more."""
        if not answers:
            self._empty += 1
            return
        writer = self._begin(_BATCH)
        writer.count(len(answers))
        for answer in answers:
            writer.count(answer.number)
            question = questions.pop(answer.number)
            try:
                writer.outcome(answer.value, answer.error)
            except Unkept as unkept:
                what = (
                    f"the answer of {question.name}()" if question.name else f"an answer of the kind '{question.kind}'"
                )
                self._unkept(what, unkept)
                writer = self._writer

    def moment(self, tag: int, moment: float) -> None:
        """What a clock said."""
        self._begin(tag).double(moment)

    def seed(self, number: int) -> None:
        """A random seed."""
        self._begin(SEED).count(number)

    def refused(self, number: int, text: str) -> None:
        """The host refused a question."""
        writer = self._begin(_REFUSED)
        writer.count(number)
        writer.text(text)

    def direct(self, number: int, outcome: Outcome) -> None:
        """What a native function gave at once, the so-manieth."""
        writer = self._begin(_DIRECT)
        writer.count(number)
        try:
            writer.outcome(outcome.value, outcome.error)
        except Unkept as unkept:
            self._unkept("what a native function gave", unkept)

    def _unkept(self, what: str, unkept: Unkept) -> None:
        self._lose(f"this run cannot be saved: {what} is {unkept}, and a state keeps plain data only")

    def _lose(self, why: str) -> None:
        self.lost = self.lost or why
        self._writer = Writer()

    def _begin(self, tag: int) -> Writer:
        """A new entry."""
        if len(self._writer.data) > LONGEST:
            self._lose(f"this run cannot be saved any more: its log has more than {LONGEST >> 20} MiB")
        if self.lost:
            self._writer.data.clear()
        if self._empty:
            self._flush()
        self._writer.data.append(tag)
        return self._writer

    def _flush(self) -> None:
        if self._empty:
            self._writer.data.append(_EMPTY)
            self._writer.count(self._empty)
            self._empty = 0


class Recorded:
    """Reads a log, entry by entry."""

    def __init__(self, log: bytes) -> None:
        self._reader = Reader(log)
        self._empty = 0
        self._misfit: RunEnded | None = None

    def misfit(self, why: str) -> NoReturn:
        """End a run that does not do what it did."""
        self._misfit = does_not_fit(why)
        raise self._misfit

    def heard(self, questions: dict[int, Question]) -> list[tuple[Answer, Question]]:
        """The next wait's answers, and to what: those questions are open no more."""
        if self._empty == 0 and self._upcoming() == _EMPTY:
            self._next(_EMPTY)
            self._empty = self._read(self._reader.count)
        if self._empty:
            self._empty -= 1
            return []
        self._next(_BATCH)
        answers = []
        for _ in range(self._read(self._reader.count)):
            number = self._read(self._reader.count)
            outcome = self._read(self._reader.outcome)
            question = questions.pop(number, None)
            if question is None:
                self.misfit("it has an answer to what the program did not ask")
            answers.append((Answer(number, outcome.value, outcome.error), question))
        return answers

    def moment(self, tag: int) -> float:
        """What that clock said."""
        self._next(tag)
        moment: float = self._read(self._reader.double)
        return moment

    def seed(self) -> int:
        """A random seed."""
        self._next(SEED)
        number: int = self._read(self._reader.count)
        return number

    def refused(self, number: int) -> str | None:
        """What was said to that question, if it was refused."""
        if not self._enters(_REFUSED, number):
            return None
        text: str = self._read(self._reader.text)
        return text

    def direct(self, number: int) -> Outcome | None:
        """What a native function gave at once, the so-manieth, if it did."""
        if not self._enters(_DIRECT, number):
            return None
        outcome: Outcome = self._read(self._reader.outcome)
        return outcome

    def _upcoming(self) -> int:
        """The tag of the next entry; 0: there is none, or empty waits come first."""
        reader = self._reader
        return 0 if self._empty or reader.over else reader.data[reader.at]

    def _enters(self, tag: int, number: int) -> bool:
        """Whether the next entry has that tag and that number. If so, what is read next is its content."""
        if self._upcoming() != tag:
            return False
        ahead = Reader(self._reader.data)
        ahead.at = self._reader.at + 1
        if self._read(ahead.count) != number:
            return False
        self._next(tag)
        self._reader.at = ahead.at
        return True

    def _next(self, tag: int) -> None:
        if self._misfit is not None:
            raise self._misfit
        if self._upcoming() != tag:
            did = _ASKED.get(tag, "did something")
            self.misfit(f"the program {did} where it did not when it was saved")
        self._reader.at += 1

    def _read(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Damaged:
            self.misfit("its log is damaged")
