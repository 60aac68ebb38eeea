"""The words of the ABI, without an engine."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.native import abi
from edge_runtime.native.abi import (
    HAS_NAME,
    HAS_RECEIVER,
    Kind,
    Op,
    Tag,
    dispatch,
    error_of,
    exception_of,
    pack,
    unpack,
)
from edge_runtime.native.classes import make_class
from edge_runtime.native.handles import Handles, Items

INT_128 = st.integers(-(2**127), 2**127 - 1)
PRIMITIVES = st.one_of(st.none(), st.booleans(), INT_128, st.floats(), st.text(), st.binary())


def test_the_numbers_are_those_of_the_contract() -> None:
    assert [tag.value for tag in Tag] == list(range(6))
    assert [op.value for op in Op] == list(range(14))
    assert [kind.value for kind in Kind] == list(range(7))
    assert (abi.VERSION, abi.NOT_PRIMITIVE) == (1, 0xFFFFFFFF)
    assert {0, 1, 2} == HAS_NAME
    assert {0, 1, 2, 3, 4, 5, 6, 7, 10} == HAS_RECEIVER


# ---- primitives ----


@given(PRIMITIVES)
def test_primitives_come_back_as_they_went(value: object) -> None:
    packed = pack(value)
    if packed is None:
        assert isinstance(value, str)  # hypothesis makes lone surrogates
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return
    again = unpack(*packed)
    assert type(again) is type(value)
    if isinstance(value, float):
        assert struct.pack("<d", again) == struct.pack("<d", value)
    else:
        assert again == value


@given(st.integers(-3, 9), st.binary(max_size=40))
def test_whatever_bytes_are_a_value_or_a_value_error(tag: int, data: bytes) -> None:
    try:
        value = unpack(tag, data)
    except ValueError:
        return
    assert pack(value) == (tag, data)


@pytest.mark.parametrize("value", [2**127, -(2**127) - 1, "\ud800", [], {}, object, bytearray(b"x"), 1j])
def test_what_is_not_primitive(value: object) -> None:
    assert pack(value) is None


def test_what_is_underneath_does_not_ask_the_class() -> None:
    class Number(int):
        def __index__(self) -> int:
            return 99

        def to_bytes(self, *_: Any, **__: Any) -> bytes:
            return b"lies"

    class Fraction(float):
        def __float__(self) -> float:
            return 99.0

    class Raw(bytes):
        def __bytes__(self) -> bytes:
            return b"lies"

    class Liar:
        __class__ = int  # type: ignore[assignment] # a lie

    assert pack(Number(5)) == pack(5)
    assert pack(Fraction(0.5)) == pack(0.5)
    assert pack(Raw(b"r")) == pack(b"r")
    assert pack(Liar()) is None
    assert (abi.underneath(Number(5)), abi.underneath([])) == (5, None)


# ---- handles ----


def test_a_handle_is_valid_until_it_is_released() -> None:
    handles = Handles()
    first, second = handles.new("a"), handles.new(None)
    assert 0 not in (first, second)
    handles.release(first)
    handles.release(first)
    handles.release(0)
    third = handles.new("c")
    assert third not in (first, second)
    assert [handles.get(handle, "gone") for handle in (first, second, third, 0)] == ["gone", None, "c", "gone"]
    assert len(handles) == 2
    handles.clear()
    assert len(handles) == 0


def test_handles_begin_again_after_the_last_number_and_pass_over_those_in_use() -> None:
    handles = Handles()
    kept = [handles.new(place) for place in range(3)]
    handles._next = 0xFFFFFFFF
    assert handles.new("last") == 0xFFFFFFFF
    assert handles.new("first") == kept[-1] + 1
    assert [handles.get(handle, None) for handle in kept] == [0, 1, 2]


def test_handles_have_a_limit() -> None:
    handles = Handles(limit=2)
    handles.new(1)
    handles.new(2)
    with pytest.raises(
        RuntimeError, match=r"^more than 2 handles are held: the module does not release what it makes$"
    ):
        handles.new(3)


# ---- operations ----


def do(op: int, receiver: object = None, *args: object, name: str = "") -> Any:
    """One operation."""
    return dispatch(op, receiver, name, list(args))


def test_iter_is_a_list_that_is_drained() -> None:
    items = do(Op.ITER, "abc")
    assert do(Op.TYPE_OF, items) == "list"
    assert do(Op.ITER_NEXT, items) == "a"
    assert do(Op.LEN, items) == 2
    assert do(Op.GET_ITEM, items, 0) == "b"
    assert do(Op.ITER_NEXT, items) == "b"
    assert do(Op.LEN, items) == 1
    assert do(Op.NEW_TUPLE, None, items) == (["c"],)
    assert do(Op.CALL, items, "c", name="index") == 0
    assert do(Op.ITER_NEXT, items) == "c"
    with pytest.raises(StopIteration):
        do(Op.ITER_NEXT, items)
    assert do(Op.LEN, items) == 0


def test_iter_reads_no_further_than_it_is_drained() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in count():
            made.append(number)
            yield number

    items = do(Op.ITER, numbers())
    assert [do(Op.ITER_NEXT, items) for _ in range(3)] == made == [0, 1, 2]


def test_counting_the_items_does_not_copy_them_again() -> None:
    items = Items(range(10))
    first = items.rest()
    assert items.rest() is first
    assert len(items) == 10


@pytest.mark.parametrize(
    ("op", "receiver", "args", "error"),
    [
        (Op.LEN, 3, (), TypeError),
        (Op.ITER, 3, (), TypeError),
        (Op.ITER_NEXT, [1], (), TypeError),
        (Op.GET_ITEM, {}, ("k",), KeyError),
        (Op.GET_ITEM, [], (0,), IndexError),
        (Op.GET_ITEM, [], (), TypeError),
        (Op.SET_ITEM, (), (0, 1), TypeError),
        (Op.NEW_SET, None, ([],), TypeError),
        (14, None, (), RuntimeError),
        (-1, None, (), RuntimeError),
    ],
)
def test_operations_fail_as_python_does(op: int, receiver: object, args: tuple[object, ...], error: type) -> None:
    with pytest.raises(error):
        do(op, receiver, *args)


# ---- classes ----


def stored(value: object) -> Any:
    """A constructor that stores a value as a native one would."""
    return lambda receiver, *_: dispatch(Op.SET_ATTR, receiver, "__rust_id", [value], "m")


def read(receiver: object, spec: str = "m") -> object:
    """The `__rust_id` of an instance, as the module `spec` sees it."""
    return dispatch(Op.GET_ATTR, receiver, "__rust_id", [], spec)


def test_a_native_class_is_a_class() -> None:
    methods = {
        "__init__": stored(7),
        "__add__": lambda _, other: ("sum", other),
        "__repr__": lambda receiver: f"V{read(receiver)}",
        "__getitem__": lambda _, place: place,
        "__eq__": lambda *_: True,
        "size": lambda _, *args, **named: (args, named),
    }
    made = make_class("V", methods, "m")
    instance = made()
    assert (instance + 2, repr(instance), instance[5]) == (("sum", 2), "V7", 5)
    assert instance.size(1, two=2) == ((1,), {"two": 2})
    assert (made.__name__, made.__module__) == ("V", "m")
    with pytest.raises(TypeError, match="unhashable"):
        hash(instance)
    assert [type(vars(made)[name]).__name__ for name in ("size", "__add__")] == ["builtin_function_or_method"] * 2


def test_methods_that_a_script_could_not_define_are_left_out() -> None:
    made = make_class("V", dict.fromkeys(("__del__", "__new__", "__class__", "__reduce__", "ok"), lambda *_: 1))
    assert {name for name in vars(made) if not name.startswith("__")} == {"ok"}
    assert not {"__del__", "__new__", "__class__", "__reduce__"} & set(vars(made))


def test_two_native_classes_are_not_mixed_in_one() -> None:
    first, second = make_class("A", {"__init__": stored(1)}, "m"), make_class("B", {}, "m")
    with pytest.raises(TypeError, match=r"lay-?out conflict"):
        type("Both", (first, second), {})
    assert read(type("Mine", (first,), {})()) == 1


def test_a_class_cannot_pretend_to_be_native() -> None:
    made = make_class("V", {"__init__": stored(1)}, "m")
    fake = type("Fake", (), {abi.HIDDEN: object()})
    with pytest.raises(AttributeError, match="not 'Fake'"):
        read(fake())
    with pytest.raises(AttributeError, match="not 'V'"):
        read(made(), "other")
    with pytest.raises(AttributeError, match="not 'int'"):
        dispatch(Op.SET_ATTR, 5, "__rust_id", [1], "m")


# ---- errors ----


@given(st.sampled_from([kind for kind in Kind if kind is not Kind.CUSTOM]), st.text())
def test_errors_come_back_as_they_went(kind: Kind, message: str) -> None:
    assert error_of(exception_of(kind, message)) == (kind, message)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ZeroDivisionError("z"), (6, "ZeroDivisionError: z")),
        (ZeroDivisionError(), (6, "ZeroDivisionError")),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), (6, None)),
        (RecursionError("deep"), (6, "RecursionError: deep")),
        (KeyError(), (5, "")),
        (KeyError("a", "b"), (5, "('a', 'b')")),
        (StopIteration(7), (6, "StopIteration")),
    ],
)
def test_kind_and_message(error: Exception, expected: tuple[int, str | None]) -> None:
    kind, message = error_of(error)
    assert kind == expected[0]
    assert message.startswith("UnicodeDecodeError: ") if expected[1] is None else message == expected[1]


def test_an_error_that_cannot_say_what_it_is() -> None:
    class Mute(ValueError):
        def __str__(self) -> str:
            raise KeyboardInterrupt

    assert error_of(Mute("x")) == (6, "Mute: <exception str() failed>")


@pytest.mark.parametrize(
    "name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "ExceptionGroup"]
)
def test_no_text_makes_an_error_that_is_none(name: str) -> None:
    message = f"{name}: x"
    error = exception_of(Kind.CUSTOM, message)
    assert (type(error), error.args) == (RuntimeError, (message,))


def test_messages_are_utf_8() -> None:
    assert abi.message_bytes("ä\ud800") == b"\xc3\xa4\\ud800"
