"""Honest programs behave under the guard exactly as on plain CPython: what they print, and how they end.

Takes: `tests/guard/ordinary/*.py`, the conformance cases that are plain Python, the programs of `tests/unit/std`; natively
and, on 3.12 to 3.14, in Pyodide.
Gives: the first line that differs, by program.
Refuses: a program that the guard refuses and CPython runs: that is a defect of the guard. What differs on purpose is in
`DIFFERENT`, with the reason; an entry that no longer differs is an error too.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache

import pytest

from tests.support.ordinary import Outcome, Program, difference, from_conformance, from_std, is_plain, outcomes, written
from tests.support.pyodides import VERSIONS, RunIn

ENOUGH = 200
ENOUGH_WRITTEN = 60
AT_A_TIME = 100
LONG = 5
"""Lines of a program of the corpora that counts as one that shows something."""

DIFFERENT: Mapping[str, str] = {
    "language-241": "it defines `__match__`, a special name that no Python has; the dialect keeps such names for itself",
    "language-250": "it defines `__cmp__`, a special name of Python 2; the dialect keeps such names for itself",
    "class_swap": "`__class__` may not be assigned: an object keeps its class",
    "except_star": "`except*` is refused: what a class's own `split` returns is taken for an exception, and memory is corrupted",
}
"""Programs that are known to differ, and why."""

WRITTEN = written()


def fit(programs: list[Program], minor: int) -> list[Program]:
    """The programs for this Python."""
    return [program for program in programs if program.since <= minor]


@cache
def corpora() -> list[Program]:
    """What others wrote, and the standard packages' own."""
    return [*from_conformance(), *from_std()]


@cache
def natively(way: str) -> dict[str, Outcome]:
    """What came of every written program in a process of its own."""
    return outcomes(fit(WRITTEN, sys.version_info.minor), way)


def complaints(found: Mapping[str, tuple[Outcome, Outcome]]) -> list[str]:
    """What differs and is not listed, and what is listed and does not differ."""
    said = {name: difference(*pair) for name, pair in found.items()}
    unknown = [f"{name}: {words}" for name, words in said.items() if words is not None and name not in DIFFERENT]
    stale = [name for name, words in said.items() if words is None and name in DIFFERENT]
    return [*unknown, *(f"{name}: it is the same now; take it out of DIFFERENT" for name in stale)]


@pytest.mark.parametrize("program", fit(WRITTEN, sys.version_info.minor), ids=lambda program: program.name)
def test_as_on_cpython(program: Program) -> None:
    name = program.name
    assert not complaints({name: (natively("plain")[name], natively("guarded")[name])})


@pytest.mark.parametrize("program", fit(WRITTEN, sys.version_info.minor), ids=lambda program: program.name)
def test_a_program_says_much_and_ends_well(program: Program) -> None:
    plainly = natively("plain")[program.name]
    assert plainly["ended"] is None or "# ends with" in program.source, plainly["ended"]
    assert len(plainly["printed"]) >= 250, "it prints too little to show anything"


def test_corpora_as_on_cpython(capsys: pytest.CaptureFixture[str]) -> None:
    programs = corpora()
    plainly, here = outcomes(programs, "plain"), outcomes(programs, "guarded")
    wrong = complaints({program.name: (plainly[program.name], here[program.name]) for program in programs})
    assert not wrong, f"{len(wrong)} of {len(programs)}:\n" + "\n".join(wrong)
    with capsys.disabled():
        print(
            f"\nordinary programs: {len(WRITTEN)} written, {len(programs)} of the corpora, {len(DIFFERENT)} known to differ"
        )


@pytest.mark.parametrize("version", VERSIONS)
def test_as_on_every_cpython(version: str, run_in: RunIn) -> None:
    mine = [program for program in fit(WRITTEN, int(version.partition(".")[2])) if not program.dies]
    # Why the long ones only, elsewhere: pages run 3.14, and an engine takes half a minute for them all.
    theirs = [program for program in corpora() if version == VERSIONS[-1] or program.source.count("\n") >= LONG]
    programs = [*mine, *theirs]
    found: dict[str, tuple[Outcome, Outcome]] = {}
    for start in range(0, len(programs), AT_A_TIME):
        part = programs[start : start + AT_A_TIME]
        pairs = run_in(version, "tests.support.ordinary:both", [program.source for program in part])
        found |= {program.name: tuple(pair) for program, pair in zip(part, pairs, strict=True)}
    wrong = complaints(found)
    assert not wrong, f"{len(wrong)} of {len(programs)} on Python {version}:\n" + "\n".join(wrong)


def test_there_are_enough_programs() -> None:
    names = [program.name for program in [*WRITTEN, *corpora()]]
    assert len(set(names)) == len(names)
    assert len(WRITTEN) >= ENOUGH_WRITTEN
    if from_conformance():  # the folder is not everywhere
        assert len(names) >= ENOUGH


def test_every_reason_is_about_a_program() -> None:
    if from_conformance():
        assert DIFFERENT.keys() <= {program.name for program in [*WRITTEN, *corpora()]}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import sys\nprint('same')\nprint(sys.platform)\n", "output line 2"),
        ("import sys\nprint(len(dir(sys)) > 40 and 'much')\n", "output line 1"),
        ("import os\nprint(os.sep)\n", "refused: line 1"),
        ("print(*([] if hasattr(len, '__self__') else [1]), end='')\n", "here prints more"),
        ("import sys\nif sys.platform != 'edge':\n    raise KeyError('k')\n", "the end differs"),
        ("import sys\nif sys.platform == 'edge':\n    raise SystemExit(3)\n", "the end differs"),
    ],
)
def test_a_difference_is_seen(source: str, words: str) -> None:
    program = Program("one", source)
    said = difference(outcomes([program], "plain")["one"], outcomes([program], "guarded")["one"])
    assert said is not None
    assert words in said


def test_a_stale_entry_is_seen() -> None:
    same: Outcome = {"printed": "1\n", "ended": None, "exit": 0, "refused": []}
    other: Outcome = {**same, "printed": "2\n"}
    assert complaints({"one": (same, same), "class_swap": (same, other)}) == []
    assert "output line 1" in complaints({"one": (same, other)})[0]
    assert "take it out" in complaints({"class_swap": (same, same)})[0]


def test_what_is_no_plain_python_is_left_out() -> None:
    assert is_plain("def run(): return 1\nprint(run())")
    assert is_plain("print(1)")
    assert not is_plain("print(run(1))")
    assert not is_plain("from './a.py' import b")
    assert not is_plain("await sleep(1)")
    assert not is_plain("print(id(1))")
