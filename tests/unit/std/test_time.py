"""`time`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: clocks that are not the host's.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.std.library import Library
from tests.unit.std.differential import Recorder
from tests.unit.std.kit import forgotten, same_output


@dataclass
class _Clock(Recorder):
    at: float = 86_400.5
    slept: float = 0.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return 7.25 + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def test_the_clock_is_the_host_s() -> None:
    run = _Clock()
    time = Library(run).module("time")
    assert (time["time"](), time["time_ns"]()) == (86_400.5, 86_400_500_000_000)
    assert (time["monotonic"](), time["monotonic_ns"](), time["perf_counter"]()) == (7.25, 7_250_000_000, 7.25)
    assert time["gmtime"]()[:6] == (1970, 1, 2, 0, 0, 0)
    assert time["strftime"]("%Y-%m-%d", time["gmtime"]()) == "1970-01-02"
    assert time["ctime"]() == time["asctime"]() == time["asctime"](time["localtime"](86_400))
    assert time["strftime"]("%Y") == str(time["localtime"]()[0])
    time["sleep"](2.5)
    assert run.slept == 2.5
    assert time["perf_counter_ns"]() == 9_750_000_000
    run.at = 0.0
    assert time["gmtime"]().tm_year == 1970


class _Odd(float):
    def __lt__(self, other: object) -> bool:
        return False

    def __float__(self) -> float:
        return 1.0


@pytest.mark.parametrize(
    ("length", "error", "message"),
    [
        (-1, ValueError, "sleep length must be non-negative"),
        (-1.0, ValueError, "sleep length must be non-negative"),
        (_Odd(-1.0), ValueError, "sleep length must be non-negative"),
        (float("nan"), ValueError, "Invalid value NaN (not a number)"),
        (float("inf"), OverflowError, "timestamp out of range for platform time_t"),
        (1e30, OverflowError, "timestamp out of range for platform time_t"),
        ("1", TypeError, "'str' object cannot be interpreted as an integer"),
    ],
)
def test_lengths_that_are_none(
    length: object, error: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the platform's own `sleep` would take them, as that of a page does with -1.0."""
    monkeypatch.setattr("time.sleep", lambda _length: None)
    run = _Clock()
    with pytest.raises(error) as caught:
        Library(run).module("time")["sleep"](length)
    assert (str(caught.value), run.slept) == (message, 0.0)


@given(st.integers(0, 4_000_000_000), st.text("%YmdHMSjpaAbBUwWyZc ", max_size=8))
def test_dates_as_cpython(seconds: int, form: str) -> None:
    same_output(f"""
        from time import *
        moment = gmtime({seconds})
        print(moment, tuple(localtime({seconds})), ctime({seconds}), asctime(moment), mktime(localtime({seconds})))
        try: print(strftime({form!r}, moment))
        except ValueError as error: print(error)
        print(strptime(strftime("%Y-%m-%d %H:%M:%S", moment), "%Y-%m-%d %H:%M:%S"))
        """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        import time
        print(time.timezone, time.altzone, time.daylight, time.tzname, time.strptime("1 Jan 2020", "%d %b %Y").tm_yday)
        print(time.struct_time((2020, 1, 2, 3, 4, 5, 3, 2, -1)), time.mktime((2020, 1, 2, 3, 4, 5, 0, 0, -1)))
        for bad in (lambda: time.sleep(-1), lambda: time.sleep("a"), lambda: time.sleep(float("nan")),
                    lambda: time.sleep(-1.0), lambda: time.sleep(1e30), lambda: time.sleep(float("inf")), lambda: time.sleep(1j),
                    lambda: time.gmtime("a"),
                    lambda: time.strptime("a", "%Y"), lambda: time.struct_time((1,)), lambda: time.asctime((1, 2)),
                    lambda: time.strftime(1), lambda: time.gmtime(1e30)):
            try: bad()
            except Exception as error: print(type(error).__name__, error)
        print(time.sleep(0), time.time_ns() > 10 ** 18, time.time() > 10 ** 9, time.monotonic() <= time.monotonic())
        """)


def test_a_shared_class_is_restored() -> None:
    if time_class_is_immutable():
        pytest.skip("this Python's struct_time cannot be written to")
    forgotten(
        "import time\ntime.struct_time.left = 'left'", "import time\nprint(getattr(time.struct_time, 'left', 'clean'))"
    )


def time_class_is_immutable() -> bool:
    import time

    return bool(time.struct_time.__flags__ & 1 << 8)
