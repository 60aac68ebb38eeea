"""Functions of plain modules: which arguments pass, what the engine's side gets, what a script gets back."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.machine.builtins import host_function
from edge_runtime.native.plain import function
from edge_runtime.native.wasmfile import Signature

BELOW_INFINITY = 3.4028235677973362e38  # the largest float that rounds to an f32 that is finite


def echo(*types: str) -> Callable[..., Any]:
    """A function that gives back what its engine's side got; always as a tuple."""
    return function("./kit.wasm", "f", Signature(types, ()), _keep)


GOT: list[Any] = []


def _keep(*numbers: Any) -> None:
    GOT[:] = numbers


def got(function_: Callable[..., Any], *arguments: Any) -> list[Any]:
    assert function_(*arguments) is None
    return list(GOT)


class Index:
    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class Real:
    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return self.value


class Mine(int):
    def __int__(self) -> int:
        return 99


class Half(float):
    pass


class Bad:
    def __index__(self) -> int:
        raise ZeroDivisionError("mine")


# ---- integers ----


@pytest.mark.parametrize(("kind", "bits"), [("i32", 32), ("i64", 64)])
def test_what_an_integer_parameter_takes(kind: str, bits: int) -> None:
    take = echo(kind)
    half = 2 ** (bits - 1)
    cases = [
        (0, 0), (-1, -1), (half - 1, half - 1), (-half, -half),
        (half, -half), (2 * half - 1, -1),  # the unsigned reading of the same bits
        (True, 1), (Index(7), 7), (Index(2 * half - 2), -2), (Mine(5), 5),
    ]  # fmt: skip
    for given_, expected in cases:
        (found,) = got(take, given_)
        assert found == expected
        assert type(found) is int


@pytest.mark.parametrize(("kind", "bits"), [("i32", 32), ("i64", 64)])
def test_an_integer_that_does_not_fit(kind: str, bits: int) -> None:
    take = echo("f64", kind)
    for number in (2**bits, -(2 ** (bits - 1)) - 1):
        with pytest.raises(OverflowError) as caught:
            take(1.0, number)
        assert str(caught.value) == f"f() argument 2 does not fit {kind}: {number}"


def test_a_very_long_integer_is_not_written_out() -> None:
    with pytest.raises(OverflowError, match=r"^f\(\) argument 1 does not fit i64: a number of 40001 bits$"):
        echo("i64")(2**40000)
    with pytest.raises(OverflowError, match=r"^f\(\) argument 1 does not fit f64: a number of 40001 bits$"):
        echo("f64")(2**40000)


@pytest.mark.parametrize("value", ["1", 1.0, None, b"1", [1], Real(1.0), 1j])
def test_what_is_no_integer(value: object) -> None:
    with pytest.raises(TypeError) as caught:
        echo("i32", "i64")(1, value)
    assert str(caught.value) == f"f() argument 2 must be int, not {type(value).__name__}"


def test_an_error_of_the_script_passes_through() -> None:
    with pytest.raises(ZeroDivisionError, match="mine"):
        echo("i32")(Bad())


@given(st.integers(-(2**40), 2**40))
def test_every_integer_keeps_its_bits_or_is_refused(number: int) -> None:
    if -(2**31) <= number < 2**32:
        (found,) = got(echo("i32"), number)
        assert -(2**31) <= found < 2**31
        assert found % 2**32 == number % 2**32
    else:
        with pytest.raises(OverflowError):
            echo("i32")(number)


# ---- floats ----


@pytest.mark.parametrize("kind", ["f32", "f64"])
def test_what_a_float_parameter_takes(kind: str) -> None:
    take = echo(kind)
    cases = [
        (1.5, 1.5), (2, 2.0), (True, 1.0), (Real(2.5), 2.5), (Index(3), 3.0), (Half(0.5), 0.5),
        (math.inf, math.inf), (-math.inf, -math.inf), (2**100, 2.0**100),
    ]  # fmt: skip
    for given_, expected in cases:
        (found,) = got(take, given_)
        assert found == expected
        assert type(found) is float
    assert math.isnan(got(take, math.nan)[0])
    assert math.copysign(1, got(take, -0.0)[0]) == -1


@pytest.mark.parametrize("value", ["1", None, b"1", [1], 1j])
def test_what_is_no_float(value: object) -> None:
    for kind in ("f32", "f64"):
        with pytest.raises(TypeError) as caught:
            echo("i32", kind)(1, value)
        assert str(caught.value) == f"f() argument 2 must be float, not {type(value).__name__}"


def test_a_float_beyond_f32_is_infinite() -> None:
    take = echo("f32")
    assert got(take, 1e300) == [math.inf]
    assert got(take, -1e300) == [-math.inf]
    assert got(take, Real(1e300)) == [math.inf]
    assert got(take, BELOW_INFINITY) == [BELOW_INFINITY]
    assert got(take, math.nextafter(BELOW_INFINITY, math.inf)) == [math.inf]
    assert got(echo("f64"), 1e300) == [1e300]


def test_an_integer_beyond_the_floats() -> None:
    assert got(echo("f64"), 10**300) == [1e300]
    for kind, number in (("f32", 2**128), ("f32", -(2**128)), ("f64", -(10**400)), ("f64", Mine(2**1024))):
        with pytest.raises(OverflowError, match=rf"^f\(\) argument 1 does not fit {kind}: "):
            echo(kind)(number)


@given(st.floats(allow_nan=False))
def test_whatever_passes_as_f32_can_be_packed_as_one(number: float) -> None:
    """`raw` never meets a float that an engine's packing refuses."""
    (found,) = got(echo("f32"), number)
    rounded = struct.unpack("<f", struct.pack("<f", found))[0]
    assert math.isclose(rounded, number, rel_tol=2**-23, abs_tol=2**-149) or math.isinf(rounded)
    assert math.copysign(1, rounded) == math.copysign(1, number)


# ---- counts and keywords, in CPython's words ----


@pytest.mark.parametrize(
    ("types", "arguments", "named", "text"),
    [
        (("i32", "i32"), (1, 2, 3), {}, "add() takes 2 positional arguments but 3 were given"),
        ((), (1,), {}, "add() takes 0 positional arguments but 1 was given"),
        (("i32", "i32"), (1,), {}, "add() missing 1 required positional argument: 'arg2'"),
        (("i32", "f32"), (), {}, "add() missing 2 required positional arguments: 'arg1' and 'arg2'"),
        (("i32",), (1,), {"x": 1}, "add() got an unexpected keyword argument 'x'"),
        (
            ("i32",),
            (),
            {"arg1": 1},
            "add() got some positional-only arguments passed as keyword arguments: 'arg1'",
        ),
    ],
)
def test_wrong_calls(types: tuple[str, ...], arguments: tuple[Any, ...], named: dict[str, Any], text: str) -> None:
    bare = function("./kit.wasm", "add", Signature(types, ("i32",)), lambda *_: 0)
    for add in (bare, host_function("add", bare)):  # as a script has it, too
        with pytest.raises(TypeError) as caught:
            add(*arguments, **named)
        assert str(caught.value) == text


# ---- results ----


@pytest.mark.parametrize(
    ("results", "given_", "expected"),
    [
        ((), None, None),
        ((), 5, None),
        (("i32",), -1, -1),
        (("i64",), 2**62 + 1, 2**62 + 1),
        (("f64",), 2, 2.0),  # a whole number from JavaScript
        (("f32",), 0.5, 0.5),
        (("f64",), "-0.0", -0.0),  # the only way that Pyodide leaves it
        (("i32", "f64"), [1, 2], (1, 2.0)),
        (("f32", "i64", "f32"), (1, 2, 3), (1.0, 2, 3.0)),
    ],
)
def test_results(results: tuple[str, ...], given_: object, expected: object) -> None:
    found = function("./kit.wasm", "f", Signature((), results), lambda: given_)()
    assert repr(found) == repr(expected)


def test_functions_of_one_signature_do_not_mix() -> None:
    signature = Signature(("i32",), ("i32",))
    one = function("./a.wasm", "one", signature, lambda number: number + 1)
    two = function("./b.wasm", "two", signature, lambda number: number + 2)
    assert (one(1), two(1)) == (2, 3)
    assert (one.__name__, two.__name__) == ("one", "two")
    assert one.__doc__ == "one(i32) -> i32, a function of the native module ./a.wasm."
    with pytest.raises(TypeError, match=r"^one\(\) argument 1"):
        one("x")


def test_no_name_of_a_module_becomes_code() -> None:
    name = "f():\n  raise SystemExit\ndef g"
    made = function("x", name, Signature(("i32",), ("i32",)), lambda number: number)
    assert made(3) == 3
    assert made.__code__.co_names == ("type", "int")


def test_as_many_parameters_as_a_module_can_have() -> None:
    count = 32
    made = function("x", "f", Signature(("i64",) * count, ("i64",) * count), lambda *numbers: numbers)
    assert made(*range(count)) == tuple(range(count))


def test_around_a_real_engine() -> None:
    store = wasmtime.Store()
    text = """(module (func (export "mix") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
      local.get 3 local.get 2 local.get 1 local.get 0))"""
    exported = wasmtime.Instance(store, wasmtime.Module(store.engine, text), []).exports(store)["mix"]
    assert isinstance(exported, wasmtime.Func)
    types = ("i32", "i64", "f32", "f64")
    mix = function("x", "mix", Signature(types, types[::-1]), lambda *numbers: exported(store, *numbers))
    assert repr(mix(2**32 - 1, 2**64 - 2, 1e300, 7)) == "(7.0, inf, -2, -1)"
