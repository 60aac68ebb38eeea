"""`time`: CPython's functions over the host's clock.

Takes: the run's clocks. Gives: the module, with the functions that ask the time or wait made for each run.
Refuses: clocks of the operating system by number, threads and processes, and a change of the time zone.
`gmtime`, `localtime`, `ctime`, `asctime` and `strftime` without a time use the host's clock; the zone is the system's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from ..facade import in_place_of

if TYPE_CHECKING:
    from ..library import Library

SURFACE: Final = tuple(
    """
    altzone asctime ctime daylight gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns
    process_time process_time_ns sleep strftime strptime struct_time time time_ns timezone tzname
    """.split()
)

_NANOSECONDS: Final = 1_000_000_000


def build(library: Library) -> dict[str, Any]:
    """The functions that need a clock."""
    run = library.run

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

    started = run.monotonic()

    def process_time() -> float:
        return run.monotonic() - started

    def process_time_ns() -> int:
        return int((run.monotonic() - started) * _NANOSECONDS)

    def sleep(seconds: Any, /) -> None:
        if not isinstance(seconds, int | float) and not hasattr(seconds, "__index__"):
            raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
        length = float(seconds)
        if length != length:  # noqa: PLR0124 - NaN is no length
            raise ValueError("Invalid value NaN (not a number)")
        if length < 0:
            raise ValueError("sleep length must be non-negative")
        run.sleep(length)

    def gmtime(seconds: Any = None, /) -> time.struct_time:
        return time.gmtime(run.now() if seconds is None else seconds)

    def localtime(seconds: Any = None, /) -> time.struct_time:
        return time.localtime(run.now() if seconds is None else seconds)

    def ctime(seconds: Any = None, /) -> str:
        return time.ctime(run.now() if seconds is None else seconds)

    def asctime(*given: Any) -> str:
        return time.asctime(*given) if given else time.asctime(localtime())

    def strftime(*given: Any) -> str:
        return time.strftime(given[0], localtime()) if len(given) == 1 else time.strftime(*given)

    def strptime(text: str, form: str = "%a %b %d %H:%M:%S %Y", /) -> time.struct_time:
        return time.strptime(text, form)

    ours = {
        "time": now, "time_ns": now_ns, "monotonic": monotonic, "monotonic_ns": monotonic_ns,
        "perf_counter": perf_counter, "perf_counter_ns": perf_counter_ns, "process_time": process_time,
        "process_time_ns": process_time_ns, "sleep": sleep, "gmtime": gmtime, "localtime": localtime, "ctime": ctime,
        "asctime": asctime, "strftime": strftime, "strptime": strptime,
    }  # fmt: skip
    return {name: in_place_of(getattr(time, name), function) for name, function in ours.items()}
