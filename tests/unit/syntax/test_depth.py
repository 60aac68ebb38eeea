"""Code that would kill the parser is refused before it, and ordinary code never is."""

from __future__ import annotations

import pytest

from edge_runtime.source import Source
from edge_runtime.syntax.depth import seems_too_deep
from edge_runtime.syntax.parse import Parsed, parse
from tests.unit.kit import problems

N = 9_000


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "-" * N + "1",
        "x = 1" + "+1" * N,
        "x = a" + ".b" * N,
        "x = a" + "()" * N,
        "x = " + "not " * N + "1",
        "if x: pass\n" + "elif x: pass\n" * N,
        "x = " + "a if b else " * N + "c",
        "x = " + "lambda: " * N + "1",
        "x = 1" + " \\\n + 1" * N,
        "x = (\n" + "1 +\n" * N + "1)",
        "x = " + "(" * N,
        "x = " + "await " * N + "y",
        "a" + " = a" * N,
    ],
)
def test_what_a_machine_wrote(text: str) -> None:
    found = problems(text)
    assert found
    assert found[0].code in ("too-deep", "syntax")


@pytest.mark.parametrize(
    "text",
    [
        "x = [\n" + "1,\n" * N + "]\n",
        "x = {" + "'a': [1, 2],\n" * N + "}\n",
        "x = 1\n" * N,
        "f(" + "1, " * N + "a=1)\n",
        "def f():\n" + "    x = 1\n" * N,
        "x = '''" + "a + b\n" * N + "'''\n",
        "# " + "a + b " * N + "\n",
        "x = [" + "'a' 'b'\n" * 1_000 + "]\n",
    ],
)
def test_what_is_only_long(text: str) -> None:
    assert seems_too_deep(text) is None
    assert isinstance(parse(Source("./main.py", text)), Parsed)
    assert problems(text) == ()


def test_place() -> None:
    found = seems_too_deep("y = 1\n" * 10 + "x = 1" + "+1" * N)
    assert found is not None
    assert found.line == 11
    assert found.column > 1_000


@pytest.mark.parametrize(("levels", "codes"), [(450, []), (520, ["too-deep"])])
@pytest.mark.parametrize("start", ["x = ", "x.__dict__\nx = "])
def test_exact_bound_on_the_tree(start: str, levels: int, codes: list[str]) -> None:
    assert [found.code for found in problems(start + "-" * levels + "1")] == codes
