"""Calls of built-in functions by their names go straight to ours, and to what a script puts in their place."""

from __future__ import annotations

import ast

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.guard.visitor import check
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse

MODULE = """
said = []
class A: x = 1
def f(name="x"): print(getattr(A, name), getattr(A, "x"), hasattr(A, "y"), repr(name))
"""


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("print(1)", "<call print>"),
        ("repr(x)", "<call repr>"),
        ("delattr(x, 'a')", "<call delattr>"),
        ("getattr(x, 'a')", "<getattr>"),
        ("getattr(x, 'a', 1)", "<getattr>"),
        ("hasattr(x, 'a')", "<hasattr>"),
        ("setattr(x, 'a', 1)", "<setattr>"),
        ("getattr(x, a)", "<call getattr>"),
        ("getattr(x)", "<call getattr>"),
        ("getattr(*x, 'a')", "<call getattr>"),
        ("getattr(x, 'a', *y)", "<call getattr>"),
        ("getattr(x, 'a', b=1)", "<call getattr>"),
        ("getattr(x, b'a')", "<call getattr>"),
        ("hasattr(x, 'a', 1)", "<call hasattr>"),
        ("getattr(x, '__globals__')", "<call getattr>"),
        ("getattr(x, 'gi_frame')", "<call getattr>"),
        ("getattr(x, 'format')", "<call getattr>"),
        ("getattr(x, '__class__')", "<call getattr>"),
        ("setattr(x, '__module__', 1)", "<call setattr>"),
        ("setattr(x, '__dict__', 1)", "<call setattr>"),
        ("setattr(x, 'print', 1)", "<call setattr>"),
    ],
)
def test_what_a_call_becomes(text: str, becomes: str) -> None:
    assert _called(text) == becomes


@pytest.mark.parametrize(
    "text",
    [
        "print(1)\nprint = f",
        "print(1)\ndef f(print): pass",
        "print(1)\nclass A:\n    def print(self): pass",
        "print(1)\nimport a as print",
        "print(1)\nfrom a import *",
        "x = print",
    ],
)
def test_a_name_that_may_be_another_thing_stays(text: str) -> None:
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed)
    assert check(parsed) == ()
    first: ast.AST = parsed.tree.body[0]
    assert any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(first))


def test_other_modules_may_put_something_in_their_place() -> None:
    main = """
import "./m.py" as m
m.f()
m.print = lambda *given: m.said.append(given)
m.f()
for m.getattr in [lambda *_: "mine"]: m.f("y")
setattr(m, "repr", lambda _: "shown")
name = "has" + "attr"
setattr(m, name, lambda *_: "has")
m.f("z")
del m.print, m.repr, m.hasattr
m.__setattr__("getattr", lambda *_: "last")
m.f()
print(m.said)
"""
    result = run_program(main, MemoryHost(sources={"./m.py": MODULE}))
    assert result.error is None, result.error
    assert result.output == (
        "1 1 False 'x'\nlast last False 'x'\n"
        "[(1, 1, False, \"'x'\"), ('mine', 'mine', False, \"'y'\"), ('mine', 'mine', 'has', 'shown')]\n"
    )


@pytest.mark.parametrize(
    "change",
    ["m.print = f", "setattr(m, 'print', f)", "m.__setattr__('print', f)", "object.__setattr__(m, 'print', f)"],
)
def test_every_way_to_put_it_there(change: str) -> None:
    main = f'import "./m.py" as m\ndef f(*given): m.said.append(given)\n{change}\nm.f()\nprint(len(m.said))'
    result = run_program(main, MemoryHost(sources={"./m.py": MODULE}))
    assert (result.error, result.output) == (None, "1\n")


def test_runs_share_nothing_that_was_put_in_their_place() -> None:
    main = 'import "./m.py" as m\nprint = m.said.append\nm.print = print\nm.f()'
    host = MemoryHost(sources={"./m.py": MODULE})
    assert run_program(main.replace("print = m.said.append\nm.print = print", ""), host).output == "1 1 False 'x'\n"
    assert run_program('import "./m.py" as m\nm.print = len\n', host).ok
    assert run_program('import "./m.py" as m\nm.f()', host).output == "1 1 False 'x'\n"


def test_a_name_is_judged_however_often_it_is_asked_for() -> None:
    main = """
class A: pass
for _ in range(3):
    for name in "x", "__globals__", "format", "gi_frame", "__class__":
        print(name, hasattr(A, name), getattr("", name, None) is type, sep=" ", end=";")
    try: setattr(A, "__module__", 1)
    except AttributeError as error: print(error)
"""
    line = "x False False;__globals__ False False;format False False;gi_frame False False;__class__ True False;"
    result = run_program(main.replace('getattr("", name, None)', 'getattr(A, "x", None)'), MemoryHost())
    assert result.error is None, result.error
    lines = result.output.splitlines()
    assert len(lines) == 3
    assert set(lines) == {lines[0]}
    assert lines[0].startswith(line)


def _called(text: str) -> str:
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed)
    assert check(parsed) == ()
    (statement,) = parsed.tree.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert isinstance(statement.value.func, ast.Name)
    return statement.value.func.id
