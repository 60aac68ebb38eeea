"""Time for hosts of this process: real, or made up.

Takes: seconds to sleep. Gives: `RealClock`, `VirtualClock`: now, monotonic, sleep.
Refuses: nothing. A virtual clock moves only when somebody sleeps, and then at once.
"""

from __future__ import annotations

import time
from typing import Final, Protocol

NO_FRAMES: Final = "frame() needs a page: there are no animation frames here"
"""What a host without a page says."""


class Clock(Protocol):
    """What a host needs of time."""

    def now(self) -> float:
        """Seconds since 1970."""

    def monotonic(self) -> float:
        """Seconds from some moment; they never run backwards."""

    @property
    def is_virtual(self) -> bool:
        """Whether waiting for it takes no time."""

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""


class RealClock:
    """The machine's own time."""

    is_virtual = False

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds from some moment; they never run backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        time.sleep(seconds)


class VirtualClock:
    """Time that passes only while a program sleeps, and then takes none: programs that only sleep end at once, and always in the
    same way. It begins at `start`, in seconds since 1970."""

    is_virtual = True

    def __init__(self, start: float = 0.0) -> None:
        self._start, self._passed = start, 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return self._start + self._passed

    def monotonic(self) -> float:
        """Seconds that have passed."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let so much time pass, at once."""
        self._passed += seconds
