"""The Pyodides under Node: values, errors, and an engine that died or hangs.

Takes: `tests/support/pyodides.py`. Gives: what it promises, on one version. Refuses: nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import pyodides
from tests.support.pyodides import Engine, EngineError, InsideError, RunIn


def test_values_come_back(run_in: RunIn) -> None:
    code = "import sys\ndef run(given):\n    print('printed, not answered')\n    return [sys.version_info[1], given]\n"
    assert run_in("3.12", code, {"a": [1, None]}) == [12, {"a": [1, None]}]


def test_a_function_of_the_repository_runs_there(run_in: RunIn) -> None:
    assert run_in("3.12", "tests.guard.interpreter:verdicts", {"names": ["__mro__"]}) == {
        "names": {"__mro__": []},
        "examples": {},
    }


def test_an_exception_comes_with_its_traceback(run_in: RunIn) -> None:
    with pytest.raises(InsideError, match=r"ZeroDivisionError: division by zero"):
        run_in("3.12", "def run(_):\n    return 1 / 0\n")


def test_an_engine_that_hangs_is_replaced(run_in: RunIn) -> None:
    with pytest.raises(EngineError, match=r"did not answer within 2 s"):
        run_in("3.12", "def run(_):\n    while True: pass\n", seconds=2)
    assert run_in("3.12", "def run(n):\n    return n\n", 7) == 7


def test_without_node_modules_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pyodides, "ROOT", tmp_path)
    with pytest.raises(EngineError, match=r"node_modules has no pyodide-312: run 'make setup' first"):
        Engine("3.12")
