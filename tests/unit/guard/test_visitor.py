"""The guard refuses by default, at the exact characters."""

from __future__ import annotations

import ast

import pytest

from edge_runtime.guard import visitor
from edge_runtime.guard.names import METHODS, READABLE, WRITABLE, is_dunder, may_read, may_write
from edge_runtime.guard.rules import RULES
from tests.unit.kit import picture, problems


def refused(text: str) -> list[tuple[str, str]]:
    """Codes, and the underlined text."""
    lines = text.split("\n")
    found = []
    for one in problems(text):
        assert one.span is not None
        end = one.span.end_column - 1 if one.span.end_line == one.span.line else None
        found.append((one.code, lines[one.span.line - 1][one.span.column - 1 : end]))
    return found


@pytest.mark.parametrize(
    ("text", "underlined"),
    [
        ("f.__globals__", "__globals__"),
        ("é.x.__code__.y", "__code__"),
        ("(f\n .__globals__)", "__globals__"),
        ("f.__class__ = 1", "__class__"),
        ("del f.__dict__", "__dict__"),
        ("f.gi_frame", "gi_frame"),
        ("f.tb_next", "tb_next"),
        ("f.mro", "mro"),
        ("f.__𝓰lobals__", "__𝓰lobals__"),
        ("f.__ｃode__ += 1", "__ｃode__"),
    ],
)
def test_attributes(text: str, underlined: str) -> None:
    assert refused(text) == [("attribute-refused", underlined)]


@pytest.mark.parametrize(
    "text",
    [
        "__loader__",
        "__x__ = 1",
        "def __x__(): pass",
        "class __x__: pass",
        "for __x__ in []: pass",
        "with a as __x__: pass",
        "try: pass\nexcept E as __x__: pass",
        "(__x__ := 1)",
        "match 1:\n  case __x__: pass",
        "match 1:\n  case [*__x__]: pass",
        "match 1:\n  case {**__x__}: pass",
        "def f(__x__): pass",
        "def f(*__x__): pass",
        "def f(**__x__): pass",
        "lambda __x__: 0",
        "[1 for __x__ in []]",
        "def f():\n  global __x__",
        "def f():\n  __x__ = 1\n  def g():\n    nonlocal __x__",
        "del __x__",
        "__x__ += 1",
        "__x__: int = 1",
        "class A:\n  __x__ = 1",
        "def f():\n  __class__ = 1",
        "__all__: list = []",
        "def f():\n  def __getattribute__(): pass",
    ],
)
def test_every_form_of_binding(text: str) -> None:
    assert "name-refused" in {code for code, _ in refused(text)}


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n  def __init__(self): pass\n  __slots__ = ('a', 'b')\n  __match_args__ = ('a',)\n  __doc__ = 'x'",
        "class A:\n  __eq__ = __hash__ = None",
        "def f(cls, __eq__):\n  def __init__(self): pass\n  cls.__init__, cls.__eq__ = __init__, __eq__",
        "def __getattr__(name): pass\n__add__ = 1",
        "__all__ = ['x']\n__version__ = '1'\n__author__ = 'me'\nx = 1",
        "print(__name__, f.__name__, x.__class__, x.__dict__)",
        "open = 1\nprint(open)",
        "def f(eval): return eval",
        "_x = __y = 1\nclass A:\n  __z = 1",
        "x.compile\nx.open()\nx.exec = 1",
        "f(__x__=1)",
        "class A:\n  __slots__ = ('a', '__dict__', '__weakref__')",
        "class A:\n  __slots__ = names",
        "x.__dict__ = y\nx.__dict__ |= y\nx.format += 1",
        "type = 1\nclass A(type): pass",
        "match x:\n  case A(format='png') | B(format=None): pass\n  case C(format=f): pass",
        '"{0.name:{1}}".format(a, b)',
        "match x:\n  case A(b=1) | B(): pass",
    ],
)
def test_what_is_let_through(text: str) -> None:
    assert refused(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exec('x')", ("builtin-refused", "exec")),
        ("f = open", ("builtin-refused", "open")),
        ("@compile\ndef f(): pass", ("builtin-refused", "compile")),
        ("class A(metaclass=B): pass", ("metaclass", "metaclass=B")),
        ("class A:\n  def __del__(self): pass", ("finaliser", "__del__")),
        ("class A:\n  async def __del__(self): pass", ("finaliser", "__del__")),
        ("__all__ = f()", ("literal-only", "f()")),
        ("class A:\n  __match_args__ = x", ("literal-only", "x")),
        ("class A(type): pass", ("metaclass", "type")),
        ('"{0.__code__}".format(f)', ("attribute-refused", '"{0.__code__}"')),
        ('"{:{0.gi_frame}}".format(f)', ("attribute-refused", '"{:{0.gi_frame}}"')),
        ('"{0.__dict__}".format_map(f)', ("attribute-refused", '"{0.__dict__}"')),
        ("match x:\n  case str(format=a.b): pass", ("guarded-pattern", "a.b")),
        ("match x:\n  case str(format=[a]): pass", ("guarded-pattern", "[a]")),
        ("match x:\n  case str.format: pass", ("guarded-pattern", "str.format")),
        ("match x:\n  case {a.__class__: 1}: pass", ("guarded-pattern", "a.__class__")),
        ("match x:\n  case a.format.b(c): pass", ("guarded-pattern", "a.format")),
        ("class A:\n  __slots__ = ('__class__',)", ("literal-only", "('__class__',)")),
        ("class A:\n  __match_args__ = ('gi_frame',)", ("literal-only", "('gi_frame',)")),
    ],
)
def test_refusals(text: str, expected: tuple[str, str]) -> None:
    assert refused(text) == [expected]


def test_all_in_one_go_and_in_order() -> None:
    text = "a.__code__\nclass B(metaclass=C):\n  def __del__(self): exec('')\n__x__ = 1"
    assert [code for code, _ in refused(text)] == [
        "attribute-refused",
        "metaclass",
        "finaliser",
        "builtin-refused",
        "name-refused",
    ]


def test_unknown_syntax_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "RULES", {node: rule for node, rule in RULES.items() if node is not ast.Set})
    assert picture("x = 1, {2, 3}\n") == (
        "error: this syntax is not part of Edge Python yet: Set\n"
        "   --> main.py:1:8\n"
        "    |\n"
        "  1 | x = 1, {2, 3}\n"
        "    |        ^^^^^^"
    )


def test_every_node_of_this_python_is_judged_or_refused_knowingly() -> None:
    nodes = {node for node in vars(ast).values() if isinstance(node, type) and issubclass(node, ast.AST)}
    leaves = (ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.expr_context, ast.type_ignore)
    concrete = {node for node in nodes if not node.__subclasses__() and not issubclass(node, leaves)}
    unknown = {node.__name__ for node in concrete - set(RULES)}
    assert unknown <= {
        "alias",  # judged with its import
        "TryStar",  # a class that overrides `split` corrupts memory
        "Interactive", "Expression", "FunctionType",  # roots of other modes
        "Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Suite", "Param", "AugLoad", "AugStore", "Index", "ExtSlice",
        "TypeVar", "TypeVarTuple", "ParamSpec",  # judged with what has them
    }  # fmt: skip


def test_tables_of_names() -> None:
    assert METHODS < READABLE
    assert METHODS < WRITABLE
    assert all(map(is_dunder, READABLE | WRITABLE))
    assert "__del__" not in READABLE | WRITABLE
    for name in ("__globals__", "__code__", "__closure__", "__subclasses__", "__bases__", "__mro__", "__builtins__",
                 "__traceback__", "__self__", "__func__", "__wrapped__", "__getattribute__", "__reduce__",
                 "__reduce_ex__", "__import__", "__loader__", "__spec__", "__base__", "f_globals", "gi_frame",
                 "cr_await", "ag_frame", "tb_frame", "co_code", "func_globals", "mro"):  # fmt: skip
        assert not may_read(name), name
        assert not may_write(name), name
    assert not may_write("__class__")
    assert not may_write("__dict__")


def test_comprehensions_are_nested_no_deeper_than_the_compiler_can_count() -> None:
    """From 3.12 on, 25 of them make CPython write out of bounds."""

    def nested(count: int, around: str = "{}") -> str:
        return around.format("[" * count + "1" + " for a in b]" * count)

    assert refused(nested(20)) == []
    assert [code for code, _ in refused(nested(21))] == ["too-deep"]
    tries = "".join(f"{' ' * level}try:\n" for level in range(15))
    deep = f"{tries}{' ' * 15}x = {nested(8)}\n"
    deep += "".join(f"{' ' * level}finally: pass\n" for level in reversed(range(15)))
    assert [code for code, _ in refused(deep)] == ["too-deep"]
    assert refused("\n".join(f"with a: x = {nested(3)}" for _ in range(30))) == []
