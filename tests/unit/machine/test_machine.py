"""Runs: order, depth, and that nothing of a script gets out."""

from __future__ import annotations

import sys
import warnings

import pytest

from edge_runtime import Limits, MemoryHost, run_program
from tests.unit.kit import output, run


def test_dependencies_run_first() -> None:
    sources = {
        "./a.py": 'import "./c.py" as c\nprint("a")',
        "./b.py": 'import "./c.py" as c\nprint("b")',
        "./c.py": 'print("c")',
    }
    assert output('print("main")\nimport "./b.py" as b\nimport "./a.py" as a', sources=sources) == "c\nb\na\nmain\n"


def test_depth_does_not_depend_on_the_host() -> None:
    text = "def f(n): return n and f(n - 1)\nprint(f(%d))"

    def nested(levels: int, size: int) -> bool:
        return (
            nested(levels - 1, size) if levels else run_program(text % size, MemoryHost(), limits=Limits(depth=200)).ok
        )

    assert nested(0, 150)
    assert nested(100, 150)
    assert not nested(0, 210)
    assert not nested(100, 210)


def test_what_a_run_changed_is_put_back() -> None:
    before = sys.getrecursionlimit()
    run("def f(): f()\nf()")
    assert sys.getrecursionlimit() == before
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run("class A:\n    def __bool__(self): return not self.x\nx = ~True\n")
    assert caught == []


@pytest.mark.parametrize(
    "raised",
    ["BaseException(1)", "GeneratorExit", "KeyboardInterrupt", "StopIteration", "MemoryError", "type('E', (BaseException,), {})",
     "BaseExceptionGroup('g', [SystemExit(1)])"],
)  # fmt: skip
def test_whatever_is_raised_is_a_result(raised: str) -> None:
    result = run(f"raise {raised}")
    assert result.error is not None
    assert result.exit_code == 1


def test_an_error_keeps_the_output_before_it() -> None:
    result = run("print('a', end='')\n1/0")
    assert (result.output, result.ok) == ("a", False)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("0", 0), ("True", 1), ("300", 300), ("-1", -1), ("2**31 - 1", 2**31 - 1), ("-2**31", -(2**31)), ("2**31", -1),
     ("-2**31 - 1", -1), ("10**5000", -1)],
)  # fmt: skip
def test_exit_codes_have_32_bits(code: str, expected: int) -> None:
    result = run(f"raise SystemExit({code})")
    assert (result.exit_code, result.ok, result.error) == (expected, expected == 0, None)
