"""`datetime` and `date` ask the host for the time."""

from __future__ import annotations

from textwrap import dedent

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.hosts.clocks import VirtualClock
from tests.unit.std.kit import same_output


@pytest.mark.parametrize(
    "ask", ["print(datetime.now(timezone.utc))", "ask = datetime.now\nprint(ask(tz=timezone.utc))"]
)
def test_the_clock_is_the_hosts(ask: str) -> None:
    source = f"from datetime import datetime, timezone\n{ask}\nsleep(1.5)\n{ask}\n"
    result = run_program(source, MemoryHost(clock=VirtualClock(1_000_000_000.25)))
    assert result.output == "2001-09-09 01:46:40.250000+00:00\n2001-09-09 01:46:41.750000+00:00\n"


def test_of_every_class() -> None:
    """Also of a subclass, of an instance, and without a time zone; all say the same moment."""
    source = """
        from datetime import date, datetime, timedelta, timezone
        class Mine(datetime):
            pass
        now = datetime.now()
        print(now == datetime.today() == Mine.now() == now.now(), now.date() == date.today())
        print(type(Mine.now()), type(Mine.today()))
        print(datetime.utcnow() == datetime.now(timezone.utc).replace(tzinfo=None), datetime.utcnow().tzinfo)
        print(datetime.now(timezone(timedelta(hours=2))) == datetime.now(timezone.utc))
    """
    result = run_program(dedent(source), MemoryHost(clock=VirtualClock(1_000_000_000)))
    assert result.output == ("True True\n<class '__main__.Mine'> <class '__main__.Mine'>\nTrue None\nTrue\n"), (
        result.error
    )


@pytest.mark.parametrize(
    "source", ["datetime.now(5)", "datetime.nowhere()", "date.now()", "time.now", "[].now", "x.today()"]
)
def test_errors_are_cpythons(source: str) -> None:
    same_output(
        f"from datetime import date, datetime, time\ntry: {source}\nexcept Exception as error: print(type(error), error)\n"
    )
