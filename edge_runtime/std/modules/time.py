"""`time`: CPython's functions over the host's clock.

Takes: the run's clocks. Gives: the module, with the functions that ask the time or wait made for each run.
Refuses: clocks of the operating system by number, clocks of processes and threads, and a change of the time zone.
`gmtime`, `localtime`, `ctime`, `asctime` and `strftime` without a time use the host's clock; the zone is the system's.
"""

from __future__ import annotations

import operator
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ..facade import in_place_of

if TYPE_CHECKING:
    from ..library import Library, Run

SURFACE: Final = tuple(
    """
    altzone asctime ctime daylight gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns sleep
    strftime strptime struct_time time time_ns timezone tzname
    """.split()
)

_NANOSECONDS: Final = 1_000_000_000
_LONGEST_SLEEP: Final = 2**63 / _NANOSECONDS
"""Seconds: CPython counts 64 bits of nanoseconds."""


def _whole(seconds: Any) -> int:
    """A number of seconds that is no float; the error for what is no number is worded as this Python words it."""
    if sys.version_info >= (3, 14) and not hasattr(type(seconds), "__index__"):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer or float")
    return int.__int__(operator.index(seconds))


def build(library: Library) -> dict[str, Any]:
    """The functions that need a clock."""
    functions = _clocks(library.run) | _calendars(library.run.now)
    return {name: in_place_of(getattr(time, name), function) for name, function in functions.items()}


def _clocks(run: Run) -> dict[str, Callable[..., Any]]:
    def now() -> float:
        return run.now()

    def now_ns() -> int:
        return int(run.now() * _NANOSECONDS)

    def monotonic() -> float:
        return run.monotonic()

    def monotonic_ns() -> int:
        return int(run.monotonic() * _NANOSECONDS)

    def perf_counter() -> float:
        return run.monotonic()

    def perf_counter_ns() -> int:
        return int(run.monotonic() * _NANOSECONDS)

    def sleep(seconds: Any, /) -> None:
        # In CPython's words, but not by its function: that of a page waits in ways of its own.
        length = float.__float__(seconds) if isinstance(seconds, float) else _whole(seconds)
        if length != length:  # as nothing but NaN is
            raise ValueError("Invalid value NaN (not a number)")
        if length < 0:
            raise ValueError("sleep length must be non-negative")
        if length >= _LONGEST_SLEEP:
            raise OverflowError("timestamp out of range for platform time_t")
        run.sleep(float(length))

    return {
        "time": now, "time_ns": now_ns, "monotonic": monotonic, "monotonic_ns": monotonic_ns,
        "perf_counter": perf_counter, "perf_counter_ns": perf_counter_ns, "sleep": sleep,
    }  # fmt: skip


def _calendars(now: Callable[[], float]) -> dict[str, Callable[..., Any]]:
    def gmtime(seconds: Any = None, /) -> time.struct_time:
        return time.gmtime(now() if seconds is None else seconds)

    def localtime(seconds: Any = None, /) -> time.struct_time:
        return time.localtime(now() if seconds is None else seconds)

    def ctime(seconds: Any = None, /) -> str:
        return time.ctime(now() if seconds is None else seconds)

    def asctime(*given: Any) -> str:
        return time.asctime(*given) if given else time.asctime(localtime())

    def strftime(*given: Any) -> str:
        return time.strftime(given[0], localtime()) if len(given) == 1 else time.strftime(*given)

    def strptime(*given: Any) -> time.struct_time:
        return time.strptime(*given)

    return {
        "gmtime": gmtime, "localtime": localtime, "ctime": ctime, "asctime": asctime, "strftime": strftime,
        "strptime": strptime,
    }  # fmt: skip
