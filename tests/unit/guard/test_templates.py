"""Templates of `str.format`: what is judged is what `format` does, and a method that is kept is that of the text at hand."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge_runtime.guard.names import FORMAT, FORMATS, may_read
from edge_runtime.guard.runtime import format_helpers
from edge_runtime.guard.templates import refused_in
from edge_runtime.guard.visitor import check
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse
from tests.unit.kit import output, run


class Witness:
    """Anything that a field may ask for; it writes down the attributes."""

    def __init__(self, fetched: list[str]) -> None:
        object.__setattr__(self, "_fetched", fetched)

    def __getattribute__(self, name: str) -> Any:
        fetched: list[str] = object.__getattribute__(self, "_fetched")
        fetched.append(name)
        return self

    def __getitem__(self, _: object) -> Witness:
        return self

    def __format__(self, _: str) -> str:
        return "w"

    def __str__(self) -> str:
        return "w"

    __repr__ = __str__


HIDDEN = "__code__", "gi_frame", "__globals__", "__dict__", "mro"
ATTACKS = [
    text.replace("NAME", name)
    for name in HIDDEN
    for text in (
        "{0.NAME}",
        "{.NAME}",
        "{a.NAME}",
        "{0[0].NAME}",
        "{0.x.NAME[1]}",
        "{0[a.b].NAME}",
        "{0[]].NAME}",
        "{0.NAME!r}",
        "{0!s:{1.NAME}}",
        "{0:{1.NAME}}",
        "{0:>{1}.{1.NAME}}",
        "{0:{1:{1.NAME}}}",
        "{{{0.NAME}}}",
        "}}{{{0.NAME}",
        "{0.NAME}{",
        "{0.x}{0.NAME",
        "{0.x.}{0.NAME}",
        "x" * 5_000 + "{0.NAME}",
        "{0}" * 2_000 + "{0.NAME}",
    )
]
HARMLESS = ["", "{}", "{0.x}", "{{0.__code__}}", "{0[__code__]}", "{0[.__code__]}", "{0:.3f}", "{0!r:>{1.x}}", "a.b {}"]
PARTS = [*"{}.[]!:01ax \n", "{{", "}}", "{0", "{0.", "{a.x", ":{1.", "!r", ".x", *(f".{name}" for name in HIDDEN)]


def another(text: str) -> str:
    """An equal text that is another object."""
    return "".join(list(text))


@pytest.mark.parametrize("template", ATTACKS)
def test_an_attack_fetches_nothing_however_often_it_is_tried(template: str) -> None:
    read = format_helpers()[FORMAT]
    fetched: list[str] = []
    for _ in range(2):
        with suppress(AttributeError, ValueError):
            read(template)(Witness(fetched), Witness(fetched), a=Witness(fetched))
    assert not set(fetched) & set(HIDDEN)


def test_attacks_of_a_program() -> None:
    text = f"""
class Any:
    def __getattr__(self, name): return self
    def __getitem__(self, name): return self
    def __format__(self, spec): return "safe"
def f(): yield
def by_name(template): return template.format(f, f, a=f)
def by_item(template): return [template][0].format(f, f, a=f)
def not_f(template): return template.format(Any(), Any(), a=Any())
for template in {ATTACKS}:
    for way in (not_f, by_name, by_item) * 2:
        try: print(way(template))
        except (AttributeError, ValueError, TypeError) as error: print(type(error).__name__)
"""
    said = output(text).split()
    assert not any(word in line for line in said for word in ("code", "frame", "object", "{'"))
    assert said.count("AttributeError") > 500


def test_most_attacks_would_work() -> None:
    won = 0
    for template in ATTACKS:
        fetched: list[str] = []
        with suppress(ValueError):
            (template.replace("{.", "{0.")).format(Witness(fetched), Witness(fetched), a=Witness(fetched))
        won += bool(set(fetched) & set(HIDDEN))
    assert won >= len(HIDDEN) * 14


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@example("{0:{1:{1.gi_frame}}}")
def test_what_is_judged_is_what_format_does(template: str) -> None:
    verdict = refused_in(template)
    fetched: list[str] = []
    with suppress(ValueError, IndexError, KeyError):
        template.format(*[Witness(fetched)] * 20, a=Witness(fetched), x=Witness(fetched))
    wrong = [name for name in fetched if name != "__class__" and (not may_read(name) or name == "__dict__")]
    assert verdict is not None or not wrong
    read = format_helpers()[FORMAT]
    for _ in range(2):
        if verdict is None:
            assert read(template).__self__ is template
        else:
            with pytest.raises(AttributeError, match="not available in Edge Python"):
                read(template)


@pytest.mark.parametrize("template", HARMLESS)
def test_a_harmless_template_is_kept(template: str) -> None:
    read = format_helpers()[FORMAT]
    assert read(template) is read(another(template))


def test_what_is_kept_is_bounded() -> None:
    helpers = format_helpers()
    read, kept = helpers[FORMAT], helpers[FORMATS]
    for number in range(5_000):
        read(f"{{}} {number}")
    assert 0 < len(kept) <= 500
    read("long " * 1_000)
    read("{0.x}")
    assert max(map(len, kept)) <= 1_000
    assert "{0.x}" in kept


def test_runs_keep_nothing_of_each_other() -> None:
    first, second = "{} first", another("{} first")
    assert first is not second
    assert format_helpers()[FORMATS][first].__self__ is first
    assert format_helpers()[FORMATS][second].__self__ is second


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("t.format(1)", "(<formats>[t] if <type>(t) is <class str> else <format>(t))(1)"),
        ("a.b.format(*c, **d)", "<format>(a.b)(*c, **d)"),
        ("str(t).format()", "<format>(str(t))()"),
        ("f(t).format(t.format())", "<format>(f(t))((<formats>[t] if <type>(t) is <class str> else <format>(t))())"),
        ("f = t.format", "f = <attribute format>(t)"),
        ("map(t.format, x)", "map(<attribute format>(t), x)"),
        ("t.format.__call__(1)", "<attribute format>(t).__call__(1)"),
        ("t.format_map(x)", "<attribute format_map>(t)(x)"),
        ("'{}'.format(1)", "'{}'.format(1)"),
    ],
)
def test_only_what_is_called_at_once_may_be_an_earlier_one(text: str, becomes: str) -> None:
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed)
    assert check(parsed) == ()
    assert ast.unparse(parsed.tree) == becomes


def test_a_subclass_is_never_taken_for_a_template() -> None:
    text = """
class Same(str):
    def __hash__(self): said.append("hash"); return hash("{0.x}")
    def __eq__(self, other): said.append("eq"); return True
class Own(Same):
    def format(self, *given): return "its own"
class A: x = 1
def f(): pass
def shown(template, value):
    first = template.format(value)
    second = [template][0].format(value)
    return first if first == second else (first, second)
said = []
for _ in range(2):
    print(shown("{0.x}", A()), shown(Own("{0.x}"), A()), shown(Same("{0.__name__}"), f), said)
    try: print(shown(Same("{0.__code__}"), f))
    except AttributeError as error: print(error.name, said)
"""
    assert output(text) == "1 its own f []\n__code__ []\n" * 2


def test_what_a_script_holds_is_a_method_of_its_own_text() -> None:
    text = """
one, other = "".join(["{", "}"]), "".join(["{", "}"])
one.format(1), other.format(1)
f, g = one.format, other.format
print(f == one.format, f is one.format, f == g, hash(f) == hash(g), f(1), g(2))
"""
    assert output(text) == "True False False False 1 2\n"


def test_errors_are_those_of_cpython_the_second_time_too() -> None:
    text = """
class A: x = 1
def show(template, *given, **named):
    try: print(template.format(*given, **named))
    except Exception as error: print(type(error).__name__, error, error.__context__)
def wrong(): raise LookupError("evaluated")
for _ in range(2):
    show("{} {}", 1), show("{a}", 1), show("{", 1), show("{0.y}", A()), show("{0:d}", "x"), show("{} {0}", 1)
    show(3), show([]), show(None), show(b"{}")
    for template in "{0.gi_frame}", 3, "{}":
        try: template.format(wrong())
        except Exception as error: print(type(error).__name__, error)
"""
    once = """IndexError Replacement index 1 out of range for positional args tuple None
KeyError 'a' None
ValueError Single '{' encountered in format string None
AttributeError 'A' object has no attribute 'y' None
ValueError Unknown format code 'd' for object of type 'str' None
ValueError cannot switch from automatic field numbering to manual field specification None
AttributeError 'int' object has no attribute 'format' None
AttributeError 'list' object has no attribute 'format' None
AttributeError 'NoneType' object has no attribute 'format' None
AttributeError 'bytes' object has no attribute 'format' None
"""
    rest = "AttributeError the attribute 'gi_frame' is not available in Edge Python; "
    lines = output(text).splitlines(keepends=True)
    half = lines[: len(lines) // 2]
    assert half == lines[len(lines) // 2 :]
    assert "".join(half[:10]) == once
    assert half[10].startswith(rest)
    assert half[11:] == ["AttributeError 'int' object has no attribute 'format'\n", "LookupError evaluated\n"]


def test_a_picture_shows_the_line_of_the_script_alone() -> None:
    result = run("def f(t):\n    return t.format()\nt = '{}'\nf('')\nf(t)\n")
    assert result.error
    assert "return t.format()" in result.error.rendered
    assert "runtime.py" not in result.error.rendered
