"""`math` and `cmath`: the same values and errors as CPython's, on any numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import curated, pair, same_output

MATH, CMATH = pair("math"), pair("cmath")

FLOATS = st.floats() | st.integers(-1000, 1000)
COMPLEX = st.complex_numbers() | FLOATS
SMALL = st.integers(-5, 40)
# Why bounded: `10 ** 10 ** 9` and its kin are bounded by the limits of a run, not here.
BY_ARGUMENTS: dict[str, tuple[st.SearchStrategy[tuple[Any, ...]], str]] = {
    "floats": (
        st.tuples(FLOATS),
        """acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp gamma
        isfinite isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp""",
    ),
    "pairs": (st.tuples(FLOATS, FLOATS), "atan2 copysign fmod isclose log nextafter pow remainder"),
    "integers": (st.tuples(SMALL), "factorial isqrt comb perm gcd lcm"),
    "pairs of integers": (st.tuples(SMALL, SMALL), "comb perm gcd lcm ldexp"),
    "lists": (st.tuples(st.lists(FLOATS)), "fsum prod"),
    "triples": (st.tuples(FLOATS, FLOATS, FLOATS), "fma hypot"),
}
COMPLEX_FUNCTIONS = (
    "acos acosh asin asinh atan atanh cos cosh exp isfinite isinf isnan log log10 phase polar sin sinh sqrt tan tanh"
)


@pytest.mark.parametrize("arguments", BY_ARGUMENTS)
def test_functions(arguments: str) -> None:
    strategy, functions = BY_ARGUMENTS[arguments]

    @given(st.sampled_from(functions.split()), strategy)
    def holds(function: str, values: tuple[Any, ...]) -> None:
        MATH.call(function, *values)

    holds()


@given(st.lists(st.tuples(FLOATS, FLOATS), max_size=5))
def test_points(points: list[tuple[float, float]]) -> None:
    MATH.call("dist", [x for x, _ in points], [y for _, y in points])
    MATH.call("sumprod", [x for x, _ in points], [y for _, y in points])


@given(st.sampled_from(COMPLEX_FUNCTIONS.split()), COMPLEX)
def test_complex(function: str, value: complex) -> None:
    CMATH.call(function, value)


@given(COMPLEX, COMPLEX)
def test_complex_pairs(first: complex, second: complex) -> None:
    CMATH.call("log", first, second)
    CMATH.call("rect", first, second)
    CMATH.call("isclose", first, second, rel_tol=0.5)


@pytest.mark.parametrize("name", ["math", "cmath"])
def test_nothing_is_missing(name: str) -> None:
    both = pair(name)
    assert {word for word in both.real if not word.startswith("_")} == set(both.ours)
    for constant in ("e", "pi", "tau", "inf", "nan"):
        assert repr(both.ours[constant]) == repr(both.real[constant])


def test_wrong_arguments() -> None:
    for values in ((), ("1",), (None,), (1, 2, 3)):
        MATH.call("sqrt", *values)
        CMATH.call("sqrt", *values)


def test_numbers_of_the_script() -> None:
    same_output("""
from math import ceil, floor, hypot, isqrt, trunc, sqrt

class Metres:
    def __init__(self, n): self.n = n
    def __float__(self): return float(self.n)
    def __index__(self): return self.n
    def __ceil__(self): return "up"
    def __floor__(self): return "down"
    def __trunc__(self): return "cut"

m = Metres(9)
print(ceil(m), floor(m), trunc(m), isqrt(m), sqrt(m), hypot(m, 12))
""")


def test_a_function_is_not_writable() -> None:
    with pytest.raises(AttributeError):
        curated("math")["sqrt"].mark = 1
