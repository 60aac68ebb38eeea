"""The standard library's archive, in an engine that has started without it.

Takes: what reads the archive, which is `zipimport` alone; the engine, which can have it brought; what parks a program.
Gives: `Archive`: who reads it first has it brought. A program waits for it, and does not notice.
Refuses: to read an archive that does not come, and to wait where nothing can be parked, with a `LookupError`. It is no
`ImportError`, which `encodings` takes for an encoding that there is not.

The memory from which an engine goes on holds all that programs are known to import (`tools/build/warm.py`).
"""

from __future__ import annotations

import zipimport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NoReturn, Protocol

from .jspi import Parking

_READERS: Final = ("_get_data", "_read_directory")
"""Functions of `zipimport` that open an archive, which is their first argument."""

_LATER: Final = "is on its way: run the program once more"


class Bringer(Protocol):
    """The engine (`web/engine/library.js`)."""

    def ask(self) -> None:
        """Have it brought, unless it is on its way."""

    def here(self) -> bool:
        """Whether it has come."""

    def why(self) -> str:
        """Why it did not come, the last time that it was asked for."""


class Waiter(Protocol):
    """What this needs of a run's bridge."""

    def library(self) -> None:
        """Let the next stack that is parked be so until the archive has come, or will not, or the run is over."""

    def why(self) -> Any:
        """`[type, message]` of a run that is over, or None."""


@dataclass(frozen=True, slots=True)
class _Run:
    bridge: Waiter
    end: Callable[[], NoReturn]


class Archive:
    """An engine's."""

    def __init__(self, ffi: Any, parking: Parking) -> None:
        self._ffi, self._parking = ffi, parking
        self._place = ""
        self._bringer: Bringer | None = None
        """Who brings it, in an engine that started without."""
        self._run: _Run | None = None
        self._real = {name: getattr(zipimport, name) for name in _READERS}

    def expect(self, place: str, bringer: Bringer) -> None:
        """It is not there, at its place on the path: from now on it is brought when something reads it."""
        self._place, self._bringer = place, bringer
        for name, real in self._real.items():
            setattr(zipimport, name, self._watched(real))

    @contextmanager
    def during(self, bridge: Waiter, end: Callable[[], NoReturn]) -> Iterator[None]:
        """While a program runs, which `end` ends where its wait was broken off."""
        self._run = _Run(bridge, end)
        try:
            yield
        finally:
            self._run = None

    def _watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def read(archive: str, *given: Any) -> Any:
            if archive == self._place:
                self._bring(given)
            return real(archive, *given)

        return read

    def _bring(self, given: tuple[Any, ...]) -> None:
        bringer, run = self._bringer, self._run
        assert bringer is not None
        if bringer.here():
            return self._settle()
        if run is None or not self._ffi.can_run_sync():
            bringer.ask()
            raise LookupError(f"{self._subject(given)} {_LATER}")
        run.bridge.library()
        self._parking.park()
        if run.bridge.why() is not None:
            run.end()
        if not bringer.here():
            raise LookupError(
                f"{self._subject(given)} did not come ({bringer.why()}): see to the network, and try again"
            )
        return self._settle()

    def _settle(self) -> None:
        """It is there: nothing is watched any more."""
        for name, real in self._real.items():
            setattr(zipimport, name, real)

    def _subject(self, given: tuple[Any, ...]) -> str:
        """What is missing, by what a reader was given: the entry of a file, which begins with its path, or nothing."""
        path = str(given[0][0]).removeprefix(self._place) if given else ""
        name = path.strip("/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return f"the standard library's module {name!r}" if name else "the standard library"
