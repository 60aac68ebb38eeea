"""The names that a module's top level binds: a name that is bound there is known, and no other is."""

from __future__ import annotations

import ast

import pytest

from edge_runtime.syntax.exports import outline


def names(text: str) -> set[str]:
    return set(outline(ast.parse(text), walrus=":=" in text).names)


@pytest.mark.parametrize(
    "text",
    [
        "a = b = 1",
        "(a, [b, *c]), d = (1, [2, 3]), 4",
        "a: int = 1",
        "a = 0\na += 1",
        "for a, b in [(1, 2)]: c = 1\nelse: d = 1",
        "while True:\n  a = 1\n  break",
        "if 1: a = 1\nelif 2: b = 1\nelse: c = 1",
        "def f(a, b=1): c = 1",
        "class A:\n  b = 1\n  def c(self): pass",
        "async def f(): pass",
        "try: a = 1\nexcept ValueError as e: b = 1\nelse: c = 1\nfinally: d = 1",
        "try: a = 1\nexcept* ValueError: pass",
        "match [1, {'k': 2, 'z': 3}]:\n  case [a, {'k': b, **c}] if (d := 1): e = 1\n  case f: pass",
        "match [1, 2]:\n  case [a, *b] | (a, b): pass",
        "import ast\nimport ast as b",
        "from ast import parse, walk as w",
        "def f():\n  global g\n  g = 1\nf()",
        "print(a := 1)",
        "[b := c for c in [1]]",
        "x = (lambda q=(a := 1): (b := q))()",
        "def f(x=(a := 1), *, y=(b := 1)): pass",
        "@(d := (lambda f: f))\nclass A: pass",
        "class B: x = (a := 1)",
        "x = lambda: 0\nx.y = 1\nz = {}\nz['k'] = 1",
        "a: int",
        "assert (a := 1)",
        "__all__ = ['a']\n_b = 1",
    ],
)
def test_names_are_those_that_python_binds(text: str) -> None:
    namespace: dict[str, object] = {}
    exec(text, namespace)  # noqa: S102 - the oracle
    bound = set(namespace) - {"__builtins__", "__annotations__"}
    missing, unknown = bound - names(text), names(text) - bound
    assert missing == set()
    assert unknown == set() or any(word in text for word in ("if ", "case ", "except")), "on ways that are not taken"


def test_star_imports_and_future_bind_nothing_here() -> None:
    assert names("from __future__ import annotations\nfrom ast import *\n") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", None),
        ("__all__ = ['a', 'b']", ("a", "b")),
        ("__all__ = ()", ()),
        ("if 1:\n  __all__ = ['a']", ("a",)),
        ("__all__ = ['a']\n__all__ = ['b']", ("b",)),
        ("__all__ = x = ['a']", ("a",)),
        ("__all__ = names", None),
        ("def f():\n  __all__ = ['a']", None),
    ],
)
def test_all(text: str, expected: tuple[str, ...] | None) -> None:
    assert outline(ast.parse(text), walrus=False).all_names == expected


def test_imports_come_in_the_order_of_the_text() -> None:
    text = "import a\ndef f():\n  import b\nif 1:\n  import c\nelse:\n  import d\nimport e"
    found = [(node.names[0].name, top) for node, top in outline(ast.parse(text), walrus=False).imports]
    assert found == [("a", True), ("b", False), ("c", True), ("d", True), ("e", True)]
