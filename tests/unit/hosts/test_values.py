"""Values between a program and its page: what crosses comes back equal, and nothing else crosses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.hosts.values import BOOL, BYTES, FLOAT, INT, LIST, MINUS_ZERO, NONE, STR, decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_round_trip(value: Any) -> None:
    back = decode(encode(value, "x"))
    assert back == value
    assert repr(back) == repr(value), "types and signs as well"


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        (None, [NONE, 0]),
        (True, [BOOL, True]),
        (2**70, [INT, 2**70]),
        (1.0, [FLOAT, 1.0]),
        (-0.0, [MINUS_ZERO, 0]),
        ("é", [STR, "é"]),
        (b"\0", [BYTES, b"\0"]),
        ([], [LIST, 0]),
        ((1, 2), [INT, 1, INT, 2, LIST, 2]),
        ({"a": 1}, [STR, "a", INT, 1, 8, 1]),
    ],
)
def test_tokens(value: Any, tokens: list[Any]) -> None:
    assert encode(value, "x") == tokens


def test_depth_meets_no_limit() -> None:
    value: list[Any] = []
    for _ in range(50_000):
        value = [value]
    back = decode(encode(value, "x"))
    for _ in range(50_000):
        (back,) = back
    assert back == []


def test_the_same_value_twice_is_no_circle() -> None:
    shared = [1]
    assert decode(encode([shared, shared, {"a": shared}], "x")) == [[1], [1], {"a": [1]}]


def test_subclasses_cross_as_what_they_are_underneath() -> None:
    class Text(str):
        """Lies about everything."""

        __slots__ = ()

        def __str__(self) -> str:
            return "lie"

    class Number(int):
        pass

    back = decode(encode([Text("true"), Number(5)], "x"))
    assert [type(one) for one in back] == [str, int]
    assert back[1] == 5


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "f() argument 1: object cannot cross to the page"),
        ([{1}], "f() argument 1: set cannot cross to the page"),
        (print, "f() argument 1: builtin_function_or_method cannot cross to the page"),
        ({1: 2}, "f() argument 1: a dict that crosses to the page has str keys, not int"),
        (1j, "f() argument 1: complex cannot cross to the page"),
    ],
)
def test_what_does_not_cross(value: object, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        encode(value, "f() argument 1")
    assert str(caught.value) == message


def test_circles() -> None:
    ring: list[Any] = []
    ring.append({"a": (ring,)})
    with pytest.raises(TypeError, match="contains itself"):
        encode(ring, "f() argument 1")
