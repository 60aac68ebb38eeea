"""`textwrap` and `pprint`: the same lines as CPython's."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import curated, pair, same_output

TEXTWRAP, PPRINT = pair("textwrap"), pair("pprint")
TEXTS = st.text("ab -\u2014\t\n.!", max_size=80)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "initial_indent": st.sampled_from(["", "* ", "          "]),
        "subsequent_indent": st.sampled_from(["", "  "]),
        "expand_tabs": st.booleans(),
        "tabsize": st.integers(0, 9),
        "replace_whitespace": st.booleans(),
        "drop_whitespace": st.booleans(),
        "break_long_words": st.booleans(),
        "break_on_hyphens": st.booleans(),
        "fix_sentence_endings": st.booleans(),
        "max_lines": st.integers(1, 4),
        "placeholder": st.sampled_from([" [...]", "…"]),
    },
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=20,
)


# Why lines are wider than any indent: CPython's own wrapping never ends for some that are not.
@given(TEXTS, st.integers(12, 30), OPTIONS)
def test_wrapping(text: str, width: int, options: dict[str, Any]) -> None:
    for function in ("wrap", "fill", "shorten"):
        TEXTWRAP.call(function, text, width, **options)
    TEXTWRAP.check(lambda module: module.TextWrapper(width=width, **options).wrap(text))


@given(TEXTS, st.sampled_from(["", "  ", "> "]))
def test_indenting(text: str, prefix: str) -> None:
    TEXTWRAP.call("dedent", text)
    TEXTWRAP.call("indent", text, prefix)
    TEXTWRAP.call("indent", text, prefix, lambda line: line.startswith("a"))


@given(
    VALUES,
    st.integers(1, 60),
    st.integers(0, 4),
    st.none() | st.integers(1, 3),
    st.booleans(),
    st.booleans(),
)
def test_pretty(value: Any, width: int, indent: int, depth: int | None, compact: bool, numbers: bool) -> None:
    options = {"width": width, "indent": indent, "depth": depth, "compact": compact, "underscore_numbers": numbers}
    PPRINT.call("pformat", value, **options)
    PPRINT.call("saferepr", value)
    PPRINT.call("isreadable", value)
    PPRINT.call("isrecursive", value)


def test_pprint_prints_where_the_run_prints() -> None:
    same_output("""
from pprint import PrettyPrinter, pp, pprint
from collections import OrderedDict, Counter, defaultdict, deque, ChainMap, UserDict
from dataclasses import dataclass

@dataclass
class Point:
    x: int
    name: str

loop = [1]
print("before")
pprint({"b": list(range(40)), "a": (1,)})
pp({"b": 1, "a": 2})
PrettyPrinter(width=20).pprint([Point(1, "first"), Point(2, "a second one")])
pprint([OrderedDict(a=1), Counter("aab"), defaultdict(int, a=1), deque([1]), ChainMap({1: 2}), UserDict(a=1)], width=30)

class File:
    def __init__(self): self.text = ""
    def write(self, text): self.text += text

file = File()
pprint([1, 2], stream=file)
print(repr(file.text))

class Mine(PrettyPrinter):
    def format(self, value, context, maxlevels, level):
        if isinstance(value, int):
            return f"<{value}>", True, False
        return super().format(value, context, maxlevels, level)

Mine().pprint([1, [2], {"a": 3}])
print("after")
""")


def test_nothing_is_missing() -> None:
    import pprint
    import textwrap

    assert set(curated("textwrap")) == set(textwrap.__all__)
    assert set(curated("pprint")) == set(pprint.__all__)


def test_a_wrapper_of_the_script() -> None:
    same_output("""
import textwrap

class Shouting(textwrap.TextWrapper):
    def _split(self, text):
        return [piece.upper() for piece in super()._split(text)]

print(Shouting(width=12).fill("the quick brown fox jumps"))
print(textwrap.shorten("Hello  world!", width=11), textwrap.dedent('''
    one
      two
'''))
""")
