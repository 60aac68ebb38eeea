"""The standard packages of one run.

Takes: what a run lends: output, input, clocks.
Gives: `Library.module(name)`: the attributes of a curated module as the script sees them.
Refuses: names that a module's table does not list. Runs share nothing that a script can write: Python modules are
private copies (`copies.py`), C types are immutable, and the few classes that are neither are restored (`machine/pristine.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from ..machine.pristine import restore_shared, restored
from . import exports, table
from .ahead import AHEAD, Ahead
from .streams import Streams


class Run(Protocol):
    """What a run lends its standard packages."""

    @property
    def argv(self) -> tuple[str, ...]:
        """The program's name and arguments."""

    def write(self, stream: str, text: str) -> None:
        """Output; `stream` is `stdout` or `stderr`."""

    def read_line(self) -> str | None:
        """The next line of input without its newline; None at the end."""

    def now(self) -> float:
        """Seconds since 1970, by the host's clock."""

    def monotonic(self) -> float:
        """Seconds from some moment; they never run backwards."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def seed(self) -> int:
        """A random number of 64 bits."""


class Library:
    """One run's modules, each made when it is first asked for."""

    def __init__(self, run: Run, ahead: Ahead = AHEAD) -> None:
        restore_shared()
        self.run = run
        self.streams = Streams(run)
        self.copies = ahead.take(self.streams)
        self._made: dict[str, Mapping[str, Any]] = {}

    def module(self, name: str) -> Mapping[str, Any]:
        """The attributes of a curated module, as the script sees them."""
        made = self._made.get(name)
        if made is None:
            with self.copies.handing_out():
                made = self._made[name] = MappingProxyType(self._make(name))
        return made

    def private(self, name: str) -> dict[str, Any]:
        """Everything in the run's copy of a module (of a C module: in the real one). For `build`, never for scripts."""
        return self.copies.load(name).__dict__

    def _make(self, name: str) -> dict[str, Any]:
        file, names = table(name), exports(name)
        build = getattr(file, "build", None)
        built: dict[str, Any] = build(self) if build else {}
        if not names <= built.keys():
            module = self.copies.load(name)
            built = {word: getattr(module, word) for word in names if word not in built} | built
        return {word: restored(built[word]) for word in sorted(names)}
