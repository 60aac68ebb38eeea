"""The verdicts about names, against the interpreter's own types: nothing that leads behind the language may be read."""

from __future__ import annotations

import types

import pytest

from edge_runtime.guard.names import is_dunder, is_hidden, may_read
from tests.unit.kit import run


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (types.GeneratorType, "gi_"),
        (types.CoroutineType, "cr_"),
        (types.AsyncGeneratorType, "ag_"),
        (types.TracebackType, "tb_"),
        (types.CodeType, "co_"),
    ],
)
def test_insides_of_the_interpreters_types(kind: type, prefix: str) -> None:
    inside = [name for name in vars(kind) if name.startswith(prefix)]
    assert inside
    assert all(is_hidden(name) and not may_read(name) for name in inside)


def test_frames() -> None:
    data = [name for name, value in vars(types.FrameType).items() if not is_dunder(name) and not callable(value)]
    leading = {"f_back", "f_code", "f_builtins", "f_globals", "f_locals", "f_generator", "f_trace"} & set(data)
    assert leading
    assert not any(may_read(name) for name in leading)


@pytest.mark.parametrize(
    ("name", "dunder"),
    [("__x__", True), ("____", False), ("_____", True), ("__x", False), ("x__", False), ("_x_", False)],
)
def test_dunder(name: str, dunder: bool) -> None:
    assert is_dunder(name) is dunder


def test_functions_and_types_lead_nowhere() -> None:
    for name in ("__globals__", "__closure__", "__code__", "__builtins__", "__getattribute__", "__subclasses__", "mro",
                 "__mro__", "__bases__", "__base__", "__reduce__", "__reduce_ex__", "__self__", "__func__"):  # fmt: skip
        assert not may_read(name)


OTHER_FORMS = {
    "getattr": "getattr(g, 'ｇi_frame')",
    "getattr of a dunder": "getattr(f, '__ｃode__')",
    "setattr": "setattr(f, '__ｃode__', 1)",
    "a field of a template": "'{0.ｇi_frame}'.format(g)",
    "a computed template": "('{0.__ｃode__' + '}').format(f)",
    "slots": "type('C', (), {'__slots__': ('__ｃlass__',)})()",
    "a namespace": "type('C', (), {'__ｄel__': f})",
    "fields of a named tuple": "namedtuple('C', ['ｇi_frame'])",
    "fields of a data class": "make_dataclass('C', ['ｇi_frame'])",
    "a field of a data class, as a dunder": "make_dataclass('C', ['__ｃode__'])",
    "members": "Enum('E', ['__ｃlass__'])",
    "attrgetter": "attrgetter('ｇi_frame')(g)",
    "a keyword": "h(**{'ｈidden': 1})",
}


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_a_string_is_judged_as_it_is_used(name: str) -> None:
    """Only the parser takes other forms of a letter for the letter itself; text that is parsed later is judged then."""
    text = f"""
from collections import namedtuple
from dataclasses import make_dataclass
from enum import Enum
from operator import attrgetter
def f(): pass
def h(hidden): pass
g = (i for i in ())
try:
    made = {OTHER_FORMS[name]}
except (AttributeError, TypeError, ValueError) as error:
    print("refused")
else:
    print([name for name in dir(made) if name in ("gi_frame", "__code__", "hidden")])
"""
    result = run(text)
    assert result.error is None, result.error.rendered
    assert result.output in ("refused\n", "[]\n")


def test_a_string_of_another_form_is_a_name_of_its_own() -> None:
    """As on CPython."""
    text = """
class C: pass
c = C()
setattr(c, "ﬁ", 1)
c.ﬁ = 2
print(vars(c), getattr(c, "fi"), getattr(c, "ﬁ"), "{0.ﬁ} {0.fi}".format(c), (lambda **k: k)(**{"ﬁ": 3}))
"""
    assert run(text).output == "{'ﬁ': 1, 'fi': 2} 2 1 1 2 {'ﬁ': 3}\n"
