"""What a module imports, with the exact place of every spec; and what does not parse."""

from __future__ import annotations

import ast

import pytest

from edge_runtime.diagnostics import Diagnostic
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse


def parsed(text: str) -> Parsed:
    found = parse(Source("./main.py", text))
    assert isinstance(found, Parsed), found
    return found


def refused(text: str) -> tuple[Diagnostic, ...]:
    found = parse(Source("./main.py", text))
    return found.problems if isinstance(found, Parsed) else found


@pytest.mark.parametrize(
    ("text", "spec", "underlined"),
    [
        ("from a import f", "a", "a"),
        ("from   a.b import f", "a.b", "a.b"),
        ("from \\\n  a import f", "a", "from"),
        ("s = '中'; from a import f", "a", "a"),
        ("import a", "a", "a"),
        ("import x as y, é.b as c", "é.b", "é.b"),
        ("if 1:\n  import a", "a", "a"),
        ('import "./é.py" as a', "./é.py", '"./é.py"'),
    ],
)
def test_spans(text: str, spec: str, underlined: str) -> None:
    item = next(item for item in parsed(text).imports if item.spec == spec)
    line = text.split("\n")[item.span.line - 1]
    assert line[item.span.column - 1 : item.span.end_column - 1] == underlined


def test_names() -> None:
    first, second, third, fourth = parsed("from a import (f, g as h,)\nimport b as c, d\nfrom e import *\n").imports
    assert [(name.name, name.bound) for name in first.names] == [("f", "f"), ("g", "h")]
    assert (second.spec, second.bound, second.names, second.star) == ("b", "c", (), False)
    assert (third.spec, third.bound) == ("d", "d")
    assert (fourth.star, fourth.names, fourth.bound) == (True, (), None)


def test_top_is_outside_functions_and_classes() -> None:
    text = "import a\nif 1:\n  import b\ndef f():\n  import c\nclass A:\n  import d\ntry:\n  import e\nexcept E:\n  import g"
    assert {item.spec: item.top for item in parsed(text).imports} == {
        "a": True, "b": True, "c": False, "d": False, "e": True, "g": True,
    }  # fmt: skip


def test_future_features_are_no_imports() -> None:
    found = parsed("from __future__ import annotations, division\nx: undefined = 1\n")
    assert (found.imports, found.future) == ((), ("annotations", "division"))
    assert found.names == {"x"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("from . import a", ["relative-import"]),
        ("from .a import b\nfrom ...c import *", ["relative-import", "relative-import"]),
        ("import a.b, c.d as e, f.g", ["dotted-needs-as", "dotted-needs-as"]),
        ('import "./a.py"', ["quoted-needs-as"]),
        ("def f():\n  from a import *", ["star-not-top"]),
        ("class A:\n  from a import *", ["star-not-top"]),
        ("from __future__ import nothing", ["future-unknown"]),
        ("x = '\0'", ["is-binary"]),
    ],
)
def test_forms_that_are_refused(text: str, codes: list[str]) -> None:
    assert [found.code for found in refused(text)] == codes


@pytest.mark.parametrize(
    ("spec", "fix"),
    [
        ("./lib/util.py", 'import "./lib/util.py" as util'),
        ("./my-kit.py", 'import "./my-kit.py" as my_kit'),
        ("./1.py", 'import "./1.py" as module'),
        ("./class.py", 'import "./class.py" as module'),
        ("https://x.test/", 'import "https://x.test/" as module'),
    ],
)
def test_proposed_names_can_be_bound(spec: str, fix: str) -> None:
    (found,) = refused(f'import "{spec}"')
    assert found.fix == fix
    ast.parse(fix.replace(f'"{spec}"', "spec"))


@pytest.mark.parametrize("text", ["def f(:", "x = (", "'abc", "if True\n  pass", "  x", "x = 08", "é = ) 1", "f'{'",
                                  "x\n\t y", "from a import", "'''", "x = 1 +"])  # fmt: skip
def test_syntax_errors_are_cpythons(text: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        ast.parse(text)
    (found,) = refused(text)
    assert found.span is not None
    assert found.message == caught.value.msg
    assert (found.span.line, found.span.column) == (caught.value.lineno, max(1, caught.value.offset or 1))


def test_syntax_error_behind_a_quoted_spec_has_its_true_column() -> None:
    text = "from './é中.py' import f; x = = 1"
    (found,) = refused(text)
    assert found.span is not None
    assert (found.message, found.span.column) == ("invalid syntax", text.index("= 1") + 1)
