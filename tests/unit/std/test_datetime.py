"""`datetime` and `calendar`: dates, times and calendars as CPython's."""

from __future__ import annotations

import calendar
import datetime as dt
import operator
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edge_runtime import MemoryHost, run_program
from tests.unit.std.differential import Names, curated, pair, same_output

DATETIME, CALENDAR = pair("datetime"), pair("calendar")
FORMATS = st.lists(
    st.sampled_from(
        ["%Y", "%m", "%d", "%H", "%M", "%S", "%f", "%j", "%a", "%B", "%p", "%I", "%U", "%z", "%Z", "%%", "-", " "]
    ),
    max_size=6,
).map("".join)
MOMENTS = st.datetimes(min_value=dt.datetime(1000, 1, 1))  # noqa: DTZ001 - zones are what the tests add
STEPS: list[Callable[[Any, Any], Any]] = [operator.add, operator.sub, operator.lt, operator.eq]


def moment(module: Names, at: dt.datetime, zone: int | None = None) -> Any:
    """A datetime of a module's own class."""
    made = None if zone is None else module.timezone(module.timedelta(minutes=zone))
    return module.datetime(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, tzinfo=made)


@given(MOMENTS, st.timedeltas(), st.sampled_from(STEPS))
def test_arithmetic(at: dt.datetime, span: dt.timedelta, step: Callable[[Any, Any], Any]) -> None:
    def use(module: Names) -> list[Any]:
        delta = module.timedelta(span.days, span.seconds, span.microseconds)
        return [repr(delta), delta.total_seconds(), step(moment(module, at), delta), step(delta, delta), delta / 3]

    DATETIME.check(use)


@given(MOMENTS, MOMENTS, st.none() | st.integers(-1500, 1500), st.sampled_from(STEPS))
def test_two_moments(first: dt.datetime, second: dt.datetime, zone: int | None, step: Any) -> None:
    DATETIME.check(lambda module: step(moment(module, first, zone), moment(module, second, zone)))
    DATETIME.check(lambda module: step(moment(module, first, zone), moment(module, second)))


@given(MOMENTS, FORMATS, st.none() | st.integers(-1439, 1439))
def test_formats(at: dt.datetime, layout: str, zone: int | None) -> None:
    DATETIME.check(lambda module: moment(module, at, zone).strftime(layout))
    DATETIME.check(lambda module: format(moment(module, at, zone).date(), layout))
    DATETIME.check(lambda module: module.datetime.strptime(at.strftime(layout), layout))
    DATETIME.check(lambda module: module.datetime.strptime("2024-01", layout))


@given(
    MOMENTS, st.sampled_from("isoformat ctime timetuple utctimetuple isocalendar weekday toordinal date time".split())
)
def test_methods(at: dt.datetime, method: str) -> None:
    DATETIME.check(lambda module: getattr(moment(module, at), method)())
    DATETIME.check(lambda module: module.datetime.fromisoformat(at.isoformat()))


@given(st.text("0123456789-:.TZ+W ", max_size=20))
def test_reading(text: str) -> None:
    for name in ("date", "time", "datetime"):
        DATETIME.check(lambda module, name=name: getattr(module, name).fromisoformat(text))


@given(st.integers(-5, 14), st.integers(-5, 40), st.integers(-1, 25))
def test_what_does_not_exist(month: int, day: int, hour: int) -> None:
    DATETIME.check(lambda module: module.datetime(2023, month, day, hour))
    DATETIME.check(lambda module: module.time(hour, day))


def test_zones_and_subclasses_of_a_program() -> None:
    same_output("""
from datetime import *

class Winter(tzinfo):
    def utcoffset(self, when): return timedelta(hours=1)
    def dst(self, when): return timedelta(0)
    def tzname(self, when): return "Winter"

at = datetime(2024, 1, 2, 3, 4, 5, tzinfo=Winter())
print(at, at.tzname(), at.astimezone(timezone.utc), at.astimezone(UTC).isoformat(), repr(timezone.min))

class Day(date):
    def next(self): return self + timedelta(days=1)

print(Day(2024, 2, 28).next(), type(Day(2024, 2, 28).next()).__name__, Day.fromordinal(1), date.max, MINYEAR, MAXYEAR)
print(datetime.strptime("Tue Feb 06 2024", "%a %b %d %Y"), f"{at:%H:%M}", at.replace(hour=5).time())
print(datetime.combine(date(2024, 1, 1), time(1)), timedelta(weeks=1, hours=-1), date(2024, 1, 1).isocalendar().week)
try:
    datetime(2024, 13, 1)
except ValueError as error:
    print(error)
print(isinstance(datetime.now(), datetime), date.today() <= date.max, datetime.now(UTC).tzinfo, datetime.fromtimestamp(0, UTC))
""")


def test_the_cache_of_formats_is_not_poisoned() -> None:
    """A format of the script's own class that claims to equal another would stand for it in later runs."""
    dt.datetime.strptime("+0000", "%z")  # from here on CPython 3.11 has what its C code imports
    poison = """
import datetime
class Liar(str):
    def __hash__(self): return hash("%Y")
    def __eq__(self, other): return True
print(datetime.datetime.strptime("05", Liar("%m")).month)
"""
    first = run_program(poison, MemoryHost())
    assert first.output == "5\n"
    second = run_program("import datetime\nprint(datetime.datetime.strptime('2024', '%Y').year)\n", MemoryHost())
    assert second.output == "2024\n"


def test_a_calendar_of_the_run() -> None:
    program = (
        "import calendar\nprint(calendar.firstweekday())\ncalendar.setfirstweekday(6)\ncalendar.prmonth(2024, 2)\n"
    )
    for _ in range(2):
        result = run_program(program, MemoryHost())
        assert result.output.startswith("0\n   February 2024\nSu Mo Tu")
    assert calendar.firstweekday() == 0


@given(st.integers(1, 9999), st.integers(-1, 14), st.integers(0, 6))
def test_months(year: int, month: int, first: int) -> None:
    for function in ("monthrange", "monthcalendar", "month"):
        CALENDAR.call(function, year, month)
    CALENDAR.call("isleap", year)
    CALENDAR.call("leapdays", year, year + 100)
    CALENDAR.call("weekday", year, month, 3)
    CALENDAR.check(lambda module: module.TextCalendar(first).formatmonth(year, month))
    CALENDAR.check(lambda module: module.HTMLCalendar(first).formatmonth(year, month))
    CALENDAR.check(lambda module: list(module.Calendar(first).itermonthdays4(year, month)))


def test_whole_years() -> None:
    same_output("""
import calendar
from datetime import date
print(calendar.calendar(2024, w=3, m=4))
calendar.prcal(2023)
calendar.prmonth(2024, 2, w=3)
calendar.TextCalendar(6).pryear(2025)
print(list(calendar.day_name), calendar.month_abbr[2], list(calendar.month_name)[1:3], calendar.weekheader(2))
print(calendar.timegm((1970, 1, 2, 0, 0, 0)), calendar.MONDAY, calendar.SUNDAY)
print(calendar.HTMLCalendar().formatyearpage(2024)[:99])
for wrong in (lambda: calendar.monthrange(2024, 13), lambda: calendar.setfirstweekday(9)):
    try:
        wrong()
    except (calendar.IllegalMonthError, calendar.IllegalWeekdayError) as error:
        print(type(error).__name__, error)

class Short(calendar.TextCalendar):
    def formatday(self, day, weekday, width): return "." if day == 0 else str(day)

print(Short().formatmonth(2024, 2))
""")


def test_what_is_left_out() -> None:
    assert set(dt.__all__) == set(curated("datetime"))
    assert set(calendar.__all__) - set(curated("calendar")) == {"LocaleTextCalendar", "LocaleHTMLCalendar"}
