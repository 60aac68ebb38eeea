"""Lowering for waiting programs changes no place of an error, on any supported Python.

Takes: the programs of `places.py`. Holds: design.md, "spans are kept for tracebacks".
"""

import pytest

from tests.guard.places import differences, programs
from tests.support.pyodides import VERSIONS, RunIn

ENOUGH = 25


def test_places_are_those_of_code_that_was_not_lowered() -> None:
    assert differences() == []
    assert len(programs()) >= ENOUGH


@pytest.mark.parametrize("version", VERSIONS)
def test_on_newer_pythons(version: str, run_in: RunIn) -> None:
    assert run_in(version, "tests.guard.places:differences") == []
