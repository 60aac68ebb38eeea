"""Every attack of `families/`, on plain CPython and under the guard: here on this Python, and on 3.12 to 3.14 in Pyodides.

Takes: nothing. Holds: sandbox.md, "Layer 1", "Known traps" and "Evidence"; issue 4, "Must hold". In Chromium:
test_chromium.py. `python -m tests.guard.count --how` shows what stopped each.
"""

import sys
from pathlib import Path

import pytest

from tests.guard.cases import FAMILIES, Case, read_all, read_family
from tests.guard.exhaustion import judge_exhaustion, judge_killers
from tests.guard.verdicts import Verdict, hold, judge, play_here, play_in
from tests.support.pyodides import VERSIONS, RunIn

ENOUGH = 15
HERE = sys.version_info[:2]
ONE_ENGINE = [case for case in read_all() if not case.alone]


@pytest.fixture(scope="module")
def here() -> list[Verdict]:
    """What became of the cases on this Python."""
    return judge([case for case in ONE_ENGINE if case.fits(HERE)], play_here)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_of_a_family_gets_through(family: str, here: list[Verdict]) -> None:
    found = [one for one in here if one.case.family == family]
    assert found
    hold(found)


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_gets_through_on_newer_pythons(version: str, run_apart: RunIn) -> None:
    number = tuple(map(int, version.split(".")))
    hold(judge([case for case in ONE_ENGINE if case.fits(number)], play_in(run_apart, version)))


@pytest.mark.timeout(600)
def test_nothing_eats_more_than_it_may(tmp_path: Path) -> None:
    hold(judge_exhaustion([case for case in read_all() if case.dies and case.fits(HERE)], tmp_path))


def test_no_source_kills_an_engine() -> None:
    hold(judge_killers([case for case in read_all() if case.kills], "3.14"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_enough_cases(family: str) -> None:
    assert len(read_family(family)) >= ENOUGH


def test_every_known_trap_is_a_case() -> None:
    names = " ".join(case.name for case in read_all() if case.name.startswith("trap: "))
    words = """deep tree|super().format|format of a subclass|S.format|s.format += w|guards' own names|class C[T]|__classdict__
        |__slots__ = ("__class__",)|metaclass|overrides split|overrides derive|ExceptionGroup.split = …|function attributes
        |get_type_hints|singledispatch.register|dataclass pastes|update_wrapper(assigned=…)|namedtuple|make_dataclass
        |functional Enum|.obj on an AttributeError|gi_…"""
    assert [word for word in words.split("|") if word.strip() not in names] == []


def test_a_harmless_program_is_no_case() -> None:
    """The oracle does not take the guard's word: what wins nothing on plain CPython is void, and so is what is refused for
    another reason; what wins under the guard is a way out."""

    def verdict(program: str, wins: str | None = None) -> str | None:
        case = Case(family=FAMILIES[0], name="made up", programs=(program,), wins=wins)
        (found,) = judge([case], play_here)
        return found.wrong

    assert (verdict("print(().__class__.__nothing__)\n") or "").startswith(
        "void: plain CPython does not give the prize"
    )
    assert (verdict("import secret\nprint(secret.TOKEN)\n") or "").startswith("void: it stopped at not-declared")
    assert (verdict("print('to' + 'ken')\n", "token") or "").startswith("a way out: it printed")
    assert verdict("print('token')\n", "token") == "void: the program says its own prize"
    behind = verdict("print('edge' + '_runtime', 'to' + 'ken')\nprint(int.__base__)\n", "<class 'object'>")
    assert behind is None
    assert "names what is behind: 'edge_runtime'" in (
        verdict("print('edge' + '_runtime')\nprint(getattr(int, '__base__'))\n", "<class 'object'>") or ""
    )
