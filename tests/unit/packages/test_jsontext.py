"""JSON with places: accepts what `json` accepts, with equal values, and refuses the rest at its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.packages.jsontext import BadJson, Node, read_json


def value_of(node: Node) -> Any:
    if node.kind == "object":
        return {key.value: value_of(value) for key, value in node.members}
    return [value_of(item) for item in node.items] if node.kind == "array" else node.value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.booleans(), st.sampled_from([None, 0, 2]))
def test_what_json_writes_is_read(value: Any, ascii_only: bool, indent: int | None) -> None:
    node = read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert isinstance(node, Node)
    assert value_of(node) == value


LETTERS = list("""{}[],:"\\ \n\r\t0123-.eEutrfnabl/\x00é'""")
TEXT = st.one_of(st.text(), st.lists(st.sampled_from(LETTERS), max_size=30).map("".join))


@given(TEXT)
def test_any_text_is_judged_as_json_judges_it(text: str) -> None:
    def refuse(_: str) -> None:
        raise ValueError

    try:
        expected = json.loads(text, parse_constant=refuse)
    except ValueError:
        found = read_json(text)
        assert isinstance(found, BadJson)
        assert 1 <= found.span.line <= text.count("\n") + 2
    else:
        node = read_json(text)
        assert isinstance(node, Node)
        assert value_of(node) == expected


def test_places() -> None:
    node = read_json('{\n  "é": ["a",\n    { "b": 12 }]\n}')
    assert isinstance(node, Node)
    ((key, value),) = node.members
    assert (key.span.line, key.span.column, key.span.end_column) == (2, 3, 6)
    ((_, number),) = value.items[1].members
    assert (number.span.line, number.span.column, number.span.end_column) == (3, 12, 14)
    assert (value.span.line, value.span.end_line) == (2, 3)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '"' * 100_000, "1" * 5_000, "\\" * 10_000, '"' + "\\u" * 9_999]
)
def test_hostile_texts(text: str) -> None:
    assert isinstance(read_json(text), Node | BadJson)


def test_escapes() -> None:
    node = read_json(r'"\u00e9\ud83d\ude42\n\b\ud800"')
    assert isinstance(node, Node)
    assert node.value == "é🙂\n\b\ud800"
    assert [escape for escape, _ in node.escapes] == [r"\u00e9", r"\ud83d", r"\ude42", r"\b", r"\ud800"]


def test_every_kind_of_space() -> None:
    assert isinstance(read_json("\t\r\n {\r}\r "), Node)
    assert isinstance(read_json("\u00a0{}"), BadJson)
