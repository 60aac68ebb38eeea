"""Imports become loads from the program's tables; everything else is compiled as it stands."""

from __future__ import annotations

import marshal
from types import CodeType

import pytest

from edge_runtime.guard.names import GUARDED
from edge_runtime.guard.runtime import HELPERS
from edge_runtime.guard.visitor import check
from edge_runtime.lower.lowering import lower, with_steady_sets
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse
from tests.unit.kit import messages, output, picture, problems

M = {"./m.py": "x = 1\ny = 2\n_z = 3\nclass C: pass"}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ('from "./m.py" import x, y as z\nprint(x, z)', "1 2"),
        ('import "./m.py" as m, "./m.py" as n\nprint(m is n, m.x)', "True 1"),
        ('from "./m.py" import *\nprint(x, y)', "1 2"),
        ('if True:\n    from "./m.py" import x\nprint(x)', "1"),
        ('try:\n    from "./m.py" import x\nfinally:\n    print(x)', "1"),
        ('def f():\n    from "./m.py" import x\n    return x\nprint(f(), "x" in globals())', "1 False"),
        ('def f():\n    global x\n    from "./m.py" import x\nf()\nprint(x)', "1"),
        ('class A:\n    from "./m.py" import x as y\n    import "./m.py" as m\nprint(A.y, A.m.x)', "1 1"),
        ('class A:\n    from "./m.py" import x as __p\n    q = __p\nprint(A.q)', "1"),
        ('for i in [1]:\n    import "./m.py" as m\nelse:\n    print(m.x)', "1"),
        ('match 1:\n    case 1:\n        from "./m.py" import x\nprint(x)', "1"),
        ('with C() if 0 else D():\n    from "./m.py" import x\nprint(x)', "1"),
        ('f = lambda: m.x\nimport "./m.py" as m\nprint(f())', "1"),
        ('x: int; from "./m.py" import x; print(x)', "1"),
        ("import m\nprint(m.x)", "1"),
        ('"""doc"""\nfrom __future__ import annotations\nimport m\ndef f(a: undefined): pass\nprint(__doc__)', "doc"),
    ],
)
def test_every_place(text: str, printed: str) -> None:
    prelude = (
        "" if "__future__" in text else "class D:\n    def __enter__(self): pass\n    def __exit__(self, *a): pass\n"
    )
    assert output(prelude + text, sources=M, manifests={"": {"imports": {"m": "./m.py"}}}) == f"{printed}\n"


@pytest.mark.parametrize(
    "text",
    [
        "return 1",
        "x = 1; break",
        "def f():\n    x = 1\n    global x",
        "é = '中'; yield é",
        "def f():\n  nonlocal x",
        "def f(a, a): pass",
        "for i in x:\n  def f(): continue",
        "def f():\n  x: int = 1\n  global x",
        "[(yield 1) for x in y]",
    ],
)
def test_what_only_the_compiler_notices(text: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(text, "main.py", "exec")
    (found,) = problems(text)
    assert found.span is not None
    assert (found.code, found.message, found.span.line) == ("syntax", caught.value.msg, caught.value.lineno)
    line = text.split("\n")[found.span.line - 1]
    offset = (caught.value.offset or 1) - 1
    assert found.span.column in {offset + 1, len(line.encode()[:offset].decode()) + 1}


def test_a_compilers_problem_in_a_module_has_its_place() -> None:
    assert picture('import "./a.py" as a', sources={"./a.py": "é = 1; return é"}) == (
        "error: 'return' outside function\n   --> a.py:1:8\n    |\n  1 | é = 1; return é\n    |        ^^^^^^^^"
    )


def test_names_of_the_lowering_cannot_be_spelled() -> None:
    from edge_runtime.lower.lowering import FROM, STAR, module_name

    assert not any(name.isidentifier() for name in (FROM, STAR, module_name(0), *HELPERS))


@pytest.mark.parametrize(
    "text",
    [
        "'{} {:>{}}'.format(a, b, c)",
        "'{0.name}'.format_map(a)",
        "'{a[b]!r:10}'.format(**a)",
        "a.__class__.__name__",
        "a.name.items()[0].value()",
        "a.format = b",
        "type(a) is int",
    ],
)
def test_what_costs_nothing(text: str) -> None:
    """The code is that of CPython, but for the name of the real `type`."""
    source = Source("main.py", text)
    parsed = parse(source)
    assert isinstance(parsed, Parsed)
    assert check(parsed) == ()
    code, plain = lower(parsed), compile(text, "main.py", "exec")
    assert isinstance(code, CodeType)
    assert code.co_code == plain.co_code
    assert code.co_consts[:-1] == plain.co_consts  # the last are its facts (folding.py)
    assert [name.strip("<>") for name in code.co_names] == list(plain.co_names)


@pytest.mark.parametrize(
    "text",
    [
        "x.format",
        "'a'.__new__",
        "'a'.__setattr__",
        "f(x.__class__)",
        "[y.__class__ for y in x]",
        "x.y.__dict__ |= z",
        "x.format += 1",
        "f'{x.__class__}'",
        "(x.format for x in y)",
    ],
)
def test_a_guarded_attribute_is_read_by_a_helper(text: str) -> None:
    source = Source("main.py", text)
    parsed = parse(source)
    assert isinstance(parsed, Parsed)
    assert check(parsed) == ()
    code = lower(parsed)
    assert isinstance(code, CodeType)
    assert not GUARDED & _names(code)


def _names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def test_warnings_of_the_compiler_are_kept_to_ourselves(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages("x = 1 is 1\ns = '\\d'\nassert (1, 'x')\n") == []
    assert capsys.readouterr() == ("", "")


def sets(code: CodeType) -> list[list[object]]:
    """The elements of the constant sets of a code, as they are walked."""
    found = [list(one) for one in code.co_consts if isinstance(one, frozenset)]
    return found + [one for inner in code.co_consts if isinstance(inner, CodeType) for one in sets(inner)]


def test_constant_sets_are_walked_in_one_order_however_the_code_came() -> None:
    parsed = parse(Source("./a.py", "def f():\n    return {8, 0, 16}, {640000, 0, 1280000}\nfor x in {8, 0, 16}: pass"))
    assert isinstance(parsed, Parsed)
    code = lower(parsed)
    assert isinstance(code, CodeType)
    order = sets(code)
    assert len(order) == 3
    assert sets(with_steady_sets(marshal.loads(marshal.dumps(code)))) == order  # noqa: S302 - the test made it
    assert sets(with_steady_sets(code)) == order


def test_code_without_sets_is_the_same_code() -> None:
    code = compile("def f(): return 1, (2, 3)", "a.py", "exec")
    assert with_steady_sets(code) is code
