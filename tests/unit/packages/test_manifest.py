"""packages.json: objects of strings and nothing else, each refusal at its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.diagnostics import render_all
from edge_runtime.packages.manifest import Manifest, is_html, read_manifest


def read(text: str | bytes) -> Manifest:
    found = read_manifest(text if isinstance(text, bytes) else text.encode(), "./packages.json")
    assert isinstance(found, Manifest), render_all(found)
    return found


def refused(text: str | bytes) -> list[tuple[str, int, int]]:
    found = read_manifest(text if isinstance(text, bytes) else text.encode(), "./packages.json")
    assert isinstance(found, tuple)
    return [(one.code, one.span.line if one.span else 0, one.span.column if one.span else 0) for one in found]


def test_a_whole_one() -> None:
    found = read(
        '{"imports": {"a": "./a.py", "é": "/b\\"\\\\\\/\\n\\t\\r"}, "extends": "..", "host": {"dom": ""}, "new": {}}'
    )
    assert (found.imports, found.extends, found.host) == ({"a": "./a.py", "é": '/b"\\/\n\t\r'}, "..", {"dom": ""})
    place = found.places["a"]
    assert (place.line, place.column, place.end_column) == (1, 19, 27)
    assert read("{}").imports == {}
    assert read(b"\xef\xbb\xbf{}\r\n").extends is None
    assert read('{"a": {"b": {"c": "d"}}, "e": "f"}').imports == {}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[]", [("manifest-not-object", 1, 1)]),
        ("5", [("manifest-not-object", 1, 1)]),
        ("null", [("manifest-not-object", 1, 1)]),
        ('{"imports": {"a": 1}}', [("manifest-value", 1, 19)]),
        ('{"imports": []}', [("manifest-value", 1, 13)]),
        ('{"imports": null}', [("manifest-value", 1, 13)]),
        ('{"imports": "a"}', [("manifest-not-strings", 1, 13)]),
        ('{"imports": {"a": {}}}', [("manifest-not-strings", 1, 13)]),
        ('{"host": {"a": {"b": "c"}}}', [("manifest-not-strings", 1, 10)]),
        ('{"extends": {}}', [("manifest-extends", 1, 13)]),
        ('{"extends": true}', [("manifest-value", 1, 13)]),
        ('{"other": {"deep": {"er": false}}}', [("manifest-value", 1, 27)]),
        ('{\n"a": "b",\n"a": "b"}', [("manifest-duplicate", 3, 1)]),
        ('{"x": {"a": "", "a": ""}}', [("manifest-duplicate", 1, 17)]),
        ('{"x": "\\u0041"}', [("manifest-escape", 1, 8)]),
        ('{"\\b": ""}', [("manifest-escape", 1, 3)]),
        ('{"a": "b",}', [("json-syntax", 1, 10)]),
        ('{"a": "b"', [("json-syntax", 1, 10)]),
        ("", [("json-syntax", 1, 1)]),
        ("// x\n{}", [("json-syntax", 1, 1)]),
        (b'{"a": "\xc3("}', [("not-utf8", 1, 8)]),
        (b" " * (1024 * 1024 + 1), [("manifest-too-large", 0, 0)]),
        ('{"a": 1, "a": [true], "b": "\\f"}', [("manifest-value", 1, 7), ("manifest-duplicate", 1, 10),
                                               ("manifest-value", 1, 15), ("manifest-escape", 1, 29)]),
    ],
)  # fmt: skip
def test_refusals(text: str | bytes, problems: list[tuple[str, int, int]]) -> None:
    found = refused(text)
    assert found[: len(problems)] == problems
    assert len(found) <= len(problems) + 1


STRINGS = st.text().filter(lambda text: json.dumps(text, ensure_ascii=False).count("\\") == 0)
OBJECTS = st.recursive(STRINGS, lambda inner: st.dictionaries(STRINGS, inner, max_size=3), max_leaves=8)


@given(st.fixed_dictionaries({}, optional={"imports": st.dictionaries(STRINGS, STRINGS), "extends": STRINGS,
                                          "host": st.dictionaries(STRINGS, STRINGS), "more": OBJECTS}))  # fmt: skip
def test_every_object_of_strings_is_accepted(value: dict[str, Any]) -> None:
    found = read(json.dumps(value, ensure_ascii=False))
    assert found.imports == value.get("imports", {})
    assert found.host == value.get("host", {})
    assert found.extends == value.get("extends")


KEYS = st.sampled_from(["imports", "host", "extends", "x"])
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.dictionaries(KEYS, ANYTHING).map(lambda value: json.dumps(value).encode()),
    )
)
def test_anything_else_is_a_diagnostic(data: bytes) -> None:
    found = read_manifest(data, "./packages.json")
    if isinstance(found, tuple):
        assert found
        assert render_all(found)
    else:
        value = json.loads(data.decode("utf-8-sig"))
        assert all(isinstance(one, str) for one in value.get("imports", {}).values())


@pytest.mark.parametrize(
    ("data", "html"),
    [
        (b"<!doctype html>", True),
        (b"\xef\xbb\xbf \r\n\t<html>", True),
        (b"x < 1", False),
        (b"", False),
        (b" {}", False),
    ],
)
def test_html(data: bytes, html: bool) -> None:
    assert is_html(data) is html
