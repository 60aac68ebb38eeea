"""Plain modules in wasmtime: numbers through unchecked calls must arrive as they are."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.machine.limits import RunEnded
from edge_runtime.native.wasmtime import Natives
from tests.native.probe import load, natives

PLAIN = """
 (func (export "i32") (param i32) (result i32) (local.get 0))
 (func (export "i64") (param i64) (result i64) (local.get 0))
 (func (export "f32") (param f32) (result f32) (local.get 0))
 (func (export "f64") (param f64) (result f64) (local.get 0))
 (func (export "unsigned") (param i32) (result i64) (i64.extend_i32_u (local.get 0)))
 (func (export "all") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
   (local.get 3) (local.get 2) (local.get 1) (local.get 0))
 (func (export "nothing"))
 (func (export "three") (result i32 i32 i32) (i32.const 1) (i32.const -2) (i32.const 3))
 (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
 (func (export "forever") (loop (br 0)))
 (global (export "LIMIT") i32 (i32.const -7))
 (global (export "BIG") i64 (i64.const -9223372036854775808))
 (global (export "HALF") f32 (f32.const 0.5))
 (global (export "PI") f64 (f64.const 3.141592653589793))
"""


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """The module's attributes; no test here ends it."""
    return load(PLAIN, "./plain.wasm")


@pytest.fixture
def run() -> Iterator[Natives]:
    """The modules of one run."""
    made = natives()
    yield made
    made.close()


@given(number=st.integers(-(2**31), 2**31 - 1))
def test_i32(plain: dict[str, Any], number: int) -> None:
    assert plain["i32"](number) == number
    assert plain["unsigned"](number) == number % 2**32
    assert plain["unsigned"](number % 2**32) == number % 2**32


@given(number=st.integers(-(2**63), 2**63 - 1))
def test_i64(plain: dict[str, Any], number: int) -> None:
    assert plain["i64"](number) == number


@given(number=st.floats())
def test_f64(plain: dict[str, Any], number: float) -> None:
    assert repr(plain["f64"](number)) == repr(number)


@given(number=st.floats(width=32))
def test_f32(plain: dict[str, Any], number: float) -> None:
    assert repr(plain["f32"](number)) == repr(number)


def test_f32_rounds_as_the_type_does(plain: dict[str, Any]) -> None:
    largest = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
    assert plain["f32"](0.1) == struct.unpack("<f", struct.pack("<f", 0.1))[0]
    assert plain["f32"](largest * 1.00000001) == largest
    assert plain["f32"](1e300) == float("inf")


def test_several_values_and_none(plain: dict[str, Any]) -> None:
    assert plain["all"](-1, 2**40, 0.5, 1e300) == (1e300, 0.5, 2**40, -1)
    assert plain["three"]() == (1, -2, 3)
    assert plain["nothing"]() is None


def test_globals_are_constants(plain: dict[str, Any]) -> None:
    found = {name: plain[name] for name in ("LIMIT", "BIG", "HALF", "PI")}
    assert found == {"LIMIT": -7, "BIG": -(2**63), "HALF": 0.5, "PI": 3.141592653589793}


@pytest.mark.parametrize(("numbers", "why"), [((1, 0), "divide by zero"), ((-(2**31), -1), "integer overflow")])
def test_a_trap_ends_the_module(run: Natives, numbers: tuple[int, int], why: str) -> None:
    module = load(PLAIN, "./plain.wasm", run)
    with pytest.raises(RuntimeError, match=rf"^native module './plain\.wasm' trapped: {why}$"):
        module["divide"](*numbers)
    with pytest.raises(RuntimeError, match=rf"^native module './plain\.wasm' trapped earlier: {why}$"):
        module["nothing"]()


def test_an_endless_loop_ends_with_the_run(run: Natives) -> None:
    module = load(PLAIN, "./plain.wasm", run)
    ending = RunEnded("TimeoutError", "the time is over")
    timer = threading.Timer(0.05, run.interrupt, (ending,))
    timer.start()
    with pytest.raises(RunEnded) as caught:
        module["forever"]()
    timer.join()
    assert caught.value is ending
    with pytest.raises(RunEnded):
        module["nothing"]()


def test_after_the_run_no_call_reaches_the_engine(run: Natives) -> None:
    module = load(PLAIN, "./plain.wasm", run)
    run.close()
    with pytest.raises(RuntimeError, match="its program is over"):
        module["nothing"]()
