"""How long a run has computed; waiting is not counted (sandbox.md, "Limits").

Takes: a limit in seconds, or none; for another process that watches, eight bytes that both can see.
Gives: `left`, and the moment at which the time will be up.
Refuses: nothing. One thread computes and waits; others may ask.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_MOMENT: Final = struct.Struct("=d")
BOARD_SIZE: Final = _MOMENT.size
"""Bytes that a board has."""


class Meter:
    """The clock of one run. `board` is writable memory in which another process reads when the time will be up."""

    def __init__(self, limit: float | None, board: Any = None) -> None:
        self.limit = limit
        self._board = board
        self._left = limit or 0.0
        self._until: float | None = None

    @property
    def left(self) -> float:
        """Seconds of computing that are left; below 0 when the time is up."""
        until = self._until
        return self._left if until is None else until - time.monotonic()

    def start(self) -> None:
        """The run computes."""
        if self.limit is not None:
            self._until = time.monotonic() + self._left
            self._show(self._until)

    def stop(self) -> None:
        """The run waits, or is over."""
        if self._until is not None:
            self._left, self._until = self.left, None
            self._show(0.0)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While the run waits for somebody."""
        computing = self._until is not None
        self.stop()
        try:
            yield
        finally:
            if computing:
                self.start()

    def _show(self, moment: float) -> None:
        if self._board is not None:
            _MOMENT.pack_into(self._board, 0, moment)


def moment_on(board: Any) -> float | None:
    """When the time of the run that a board belongs to will be up, by the clock that all processes of this machine share
    (`time.monotonic`); None while it does not compute."""
    moment: float = _MOMENT.unpack_from(board, 0)[0]
    return moment or None
