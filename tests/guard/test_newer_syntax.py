"""Syntax that is newer than the oldest Python of the project: type parameters, aliases, template strings.

Takes: programs, in Pyodide 3.12 and 3.14.
Gives: what the guard refuses in them, and that a class with type parameters leaves no trace of how it is rewritten.
Refuses: nothing. That such programs print what CPython prints is shown by `ordinary/`.
"""

from __future__ import annotations

import pytest

from tests.support.pyodides import RunIn

CODES = """
def run(text):
    from tests.unit.kit import problems
    return [one.code for one in problems(text)]
"""

RUN = """
def run(text):
    from tests.unit.kit import run
    result = run(text)
    return [result.output, result.error.rendered if result.error else ""]
"""


@pytest.mark.parametrize("version", ["3.12", "3.14"])
@pytest.mark.parametrize(
    "text",
    [
        "def f[__x__](): pass",
        "def f[T: a.__code__](): pass",
        "def f[T: (int, open)](): pass",
        "class A[__x__]: pass",
        "class A[__x]: pass",
        "class A[T: a.__code__]: pass",
        "class A[T](metaclass=B): pass",
        "class A[T](a.__code__): pass",
        "class A[T](type): pass",
        "class A[T]:\n  x = T.__code__",
        "class A[T](__x__=1): pass",
        "type __x__ = int",
        "type X = a.__code__",
        "type X[__x__] = int",
        "type X[T: a.__code__] = int",
        "type X[*T] = __classdict__",
        "class A:\n  def f[T: __classdict__](): pass",
    ],
)
def test_scopes_that_run_late_are_checked_like_any_code(version: str, text: str, run_in: RunIn) -> None:
    found = run_in(version, CODES, text)
    assert found == sorted(set(found), key=found.index)
    assert found
    assert all(code.endswith("-refused") or code == "metaclass" for code in found)


@pytest.mark.parametrize(
    "text",
    ["def f[T = a.__code__](): pass", "class A[*T = open]: pass", "type X[**T = a.__code__] = int"],
)
def test_defaults_of_type_parameters(text: str, run_in: RunIn) -> None:
    assert run_in("3.14", CODES, text) in (["attribute-refused"], ["builtin-refused"])


@pytest.mark.parametrize("text", ["t'{f.__code__}'", "t'{1:{f.gi_frame}}'", "t'{1}{(lambda: open)()!r}'"])
def test_template_strings_are_checked_like_any_code(text: str, run_in: RunIn) -> None:
    assert run_in("3.14", CODES, text) in (["attribute-refused"], ["builtin-refused"])


@pytest.mark.parametrize(
    "use",
    [
        "C['text']",
        "C['text', 1]",
        "(lambda T: C[T])('text')",
        "C.__class_getitem__('text')",
    ],
)
def test_text_in_brackets_stays_text(use: str, run_in: RunIn) -> None:
    """CPython's own generic classes make a reference of it, which evaluates it."""
    text = f"from typing import get_args\nclass C[T]: pass\nmade = {use}\nprint(type(get_args(made)[0]) is str)\n"
    assert run_in("3.14", RUN, text) == ["True\n", ""]


def test_no_name_of_the_rewriting_is_in_sight(run_in: RunIn) -> None:
    text = """
class Outer:
    seen = []
    class __Node[T: seen](object, *seen, **{}):
        names = sorted([*locals(), *vars()])
        seen = [T.__name__]
        def look(self): return [*locals(), *globals()], T
    print([name for name in dir() if "<" in name], [name for name in locals() if "<" in name])
    node = __Node
print(Outer.node.names, Outer.node.seen, [name for name in vars(Outer.node) if "<" in name], Outer.node)
print([name for name in Outer.node().look()[0] if "<" in name], Outer.node().look()[1], Outer.node.__type_params__)
print(Outer.node.__qualname__, Outer.node.look.__qualname__, [name for name in globals() if "<" in name])
"""
    printed, error = run_in("3.14", RUN, text)
    assert error == ""
    assert printed.splitlines() == [
        "[] []",
        "['__module__', '__module__', '__qualname__', '__qualname__'] ['T'] [] <class '__main__.Outer.__Node'>",
        "[] T (T,)",
        "Outer.__Node Outer.__Node.look []",
    ]


def test_frames_of_a_class_with_type_parameters(run_in: RunIn) -> None:
    """As CPython's, line for line."""
    _, error = run_in("3.14", RUN, "def f():\n    class C[T]:\n        x = 1 / 0\nf()\n")
    assert [line.strip() for line in error.split("\n") if "-->" in line] == [
        "--> main.py:4:1 in <module>",
        "--> main.py:2:5 in f",
        "--> main.py:2:5 in <generic parameters of C>",
        "--> main.py:3:13 in f.<locals>.C",
    ]
    _, error = run_in("3.14", RUN, "class C[T](int,\n    1 / 0): pass\n")
    assert [line.strip() for line in error.split("\n") if "-->" in line] == [
        "--> main.py:1:1 in <module>",
        "--> main.py:2:5 in <generic parameters of C>",
    ]
