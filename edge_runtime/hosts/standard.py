"""Standard packages for the runs of a host.

Takes: what a run lends: its scheduler and output.
Gives: `OFFICIAL` and `PLANNED`, names of the page's packages; `Standard`: the attributes of a standard package, made when it
is first asked for; `standard_outcome` for the linker.
Refuses: nothing of its own; a host without a power raises in the script.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from ..machine.host import Lent, Question
from ..machine.tasks import Asked
from ..machine.waiting import sleeping
from ..packages.needs import Native
from ..std import exports, left_out
from ..std.library import Library

OFFICIAL: Final = frozenset({"dom", "network", "storage"})
"""Packages of the page that exist, and need its word (`web/page/options.js` has the same)."""

PLANNED: Final = frozenset({"canvas", "turtle", "plot", "ui"})
"""Packages of the page that this release does not carry."""

_LEFT_OUT: Final = "CPython has it, and Edge Python leaves it out on purpose: docs/standard-packages.md says why"


@cache
def standard_outcome(name: str) -> Native:
    """What a standard package exports, and what of CPython's it leaves out."""
    return Native(exports(name), "std", missing=dict.fromkeys(left_out(name), _LEFT_OUT))


class Standard:
    """The standard packages of one run. `argv` is what `sys.argv` says."""

    def __init__(self, argv: tuple[str, ...]) -> None:
        self._argv = argv
        self._library: Library | None = None

    def bind(self, name: str, lent: Lent) -> Mapping[str, Any]:
        """The attributes of a standard package."""
        if self._library is None:
            self._library = Library(_Lent(lent, self._argv))
        return self._library.module(name)


class _Lent:
    """What a run lends to its standard packages."""

    def __init__(self, lent: Lent, argv: tuple[str, ...]) -> None:
        self.argv = argv
        self._host, self._output, self._scheduler = lent.scheduler.host, lent.output, lent.scheduler

    def write(self, stream: str, text: str) -> None:
        self._output.write(stream, text)

    def read_line(self) -> str | None:
        line: str | None = self._scheduler.wait(Asked(self._scheduler, Question(0, "input")))
        return line

    def now(self) -> float:
        return self._host.now()

    def monotonic(self) -> float:
        return self._host.monotonic()

    def seed(self) -> int:
        return self._host.seed()

    def sleep(self, seconds: float) -> None:
        self._scheduler.wait(sleeping(self._scheduler, seconds))
