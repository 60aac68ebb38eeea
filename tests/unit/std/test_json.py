"""`json`: the same texts, values and errors as CPython's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import curated, pair, same_output

JSON = pair("json")
KEYS = st.text(max_size=4) | st.integers(-9, 9) | st.floats() | st.booleans() | st.none()
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
VALUES = st.recursive(
    PLAIN | st.binary(max_size=2) | st.complex_numbers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.frozensets(st.integers(0, 3), max_size=2)
    ),
    max_leaves=15,
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "skipkeys": st.booleans(),
        "ensure_ascii": st.booleans(),
        "check_circular": st.booleans(),
        "allow_nan": st.booleans(),
        "indent": st.none() | st.integers(-1, 3) | st.sampled_from(["", "\t"]),
        "separators": st.none() | st.just((",", ":")) | st.just((" ; ", " = ")),
        "default": st.none() | st.just(repr) | st.just(list),
        "sort_keys": st.booleans(),
    },
)
TEXTS = st.text('{}[]",:0123456789.eE+-truefalsn \\u/\n\tNaIity', max_size=20)


@given(VALUES, OPTIONS)
def test_dumps(value: Any, options: dict[str, Any]) -> None:
    JSON.call("dumps", value, **options)
    JSON.check(lambda module: list(module.JSONEncoder(**options).iterencode(value)))


@given(TEXTS | st.text(max_size=8) | st.binary(max_size=8))
def test_loads(text: Any) -> None:
    JSON.call("loads", text)
    JSON.call("loads", text, strict=False, parse_float=repr, parse_int=repr, parse_constant=repr)
    JSON.call("loads", text, object_hook=sorted, object_pairs_hook=lambda pairs: pairs)
    JSON.check(lambda module: module.JSONDecoder(strict=False).raw_decode(text, 1))


@given(VALUES)
def test_there_and_back(value: Any) -> None:
    JSON.check(lambda module: module.loads(module.dumps(value)))
    JSON.check(lambda module: module.loads(module.dumps(value).encode("utf-16")))


def test_classes_and_hooks_of_a_program() -> None:
    same_output("""
import json

class Point:
    def __init__(self, x): self.x = x

class Encoder(json.JSONEncoder):
    item_separator = ","
    def default(self, value):
        if isinstance(value, Point):
            return {"point": value.x}
        return super().default(value)

class Decoder(json.JSONDecoder):
    def decode(self, text):
        return "decoded", super().decode(text)

def revive(found):
    return Point(found["point"]) if "point" in found else found

print(json.dumps([Point(1), {"a": Point(2)}], cls=Encoder), Encoder(indent=1, sort_keys=True).encode({"b": 1, "a": [2]}))
print(json.loads('{"point": 7}', object_hook=revive).x, json.loads("[1]", cls=Decoder))
print(json.loads('{"a": 1, "a": 2}', object_pairs_hook=list), json.loads("1.10", parse_float=str))

class File:
    def __init__(self, text=""): self.text = text
    def read(self): return self.text
    def write(self, text): self.text += text

file = File()
json.dump({"k": [1, 2.5, None]}, file, indent=2)
print(file.text, json.load(file))
circle = []
circle.append(circle)
for wrong in (lambda: json.loads("{'a': 1}"), lambda: json.loads('["abc'), lambda: json.loads(""), lambda: json.loads("[1,]"),
              lambda: json.JSONDecoder().raw_decode("x"), lambda: json.JSONDecoder().parse_string('"\\\\x"', 1)):
    try:
        wrong()
    except json.JSONDecodeError as error:
        print("decode:", error, "|", error.msg, error.pos, error.lineno, error.colno, repr(error.doc))
for wrong in (lambda: json.dumps(circle), lambda: json.dumps({1: object}), lambda: json.dumps(float("nan"), allow_nan=False),
              lambda: json.loads(1), lambda: json.dumps({(1, 2): 3})):
    try:
        wrong()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)

def broken(pairs):
    raise KeyError("hook")

try:
    json.loads('{"a": 1}', object_pairs_hook=broken)
except KeyError as error:
    print("own", error)
""")


def test_an_error_carries_nothing_of_the_library() -> None:
    module = curated("json")
    for text in ("{", '["abc', "[1, 2", ""):
        with pytest.raises(module["JSONDecodeError"]) as caught:
            module["loads"](text)
        assert caught.type is module["JSONDecodeError"]
        assert caught.value.__context__ is None or type(caught.value.__context__) is StopIteration


def test_nothing_is_missing() -> None:
    import json

    assert set(curated("json")) == set(json.__all__)
