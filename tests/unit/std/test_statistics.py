"""`statistics`: the same numbers as CPython's."""

from __future__ import annotations

import fractions
import statistics
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.std.library import Library
from tests.unit.std.differential import Names, Pair, Recorder, curated, same_output

LIBRARY = Library(Recorder())
STATISTICS = Pair(
    {**vars(statistics), **vars(fractions)},
    {**LIBRARY.module("statistics"), **LIBRARY.module("fractions")},
)
PARTS = st.tuples(st.integers(-50, 50), st.integers(1, 50))  # each module makes its own Fraction of them
NUMBERS = st.integers(-50, 50) | st.floats(-1e6, 1e6) | st.decimals(-100, 100, places=2)
ALIKE = (
    st.lists(st.integers(-50, 50), max_size=8)
    | st.lists(st.floats(-1e6, 1e6), max_size=8)
    | st.lists(st.decimals(-100, 100, places=2), max_size=8)
    | st.lists(PARTS, max_size=8)
    | st.lists(NUMBERS, max_size=5)
)
FUNCTIONS = (
    "mean fmean geometric_mean harmonic_mean median median_low median_high median_grouped mode multimode pstdev pvariance "
    "stdev variance quantiles"
).split()


@given(st.sampled_from(FUNCTIONS), ALIKE)
def test_functions(function: str, data: list[Any]) -> None:
    def use(module: Names) -> Any:
        return getattr(module, function)([module.Fraction(*item) if isinstance(item, tuple) else item for item in data])

    STATISTICS.check(use)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), max_size=6))
def test_pairs(points: list[tuple[float, float]]) -> None:
    first, second = [x for x, _ in points], [y for _, y in points]
    for function in ("covariance", "correlation", "linear_regression"):
        STATISTICS.call(function, first, second)


@given(st.lists(st.floats(-1e3, 1e3), max_size=6), st.integers(0, 6), st.sampled_from(["exclusive", "inclusive", "x"]))
def test_quantiles(data: list[float], count: int, method: str) -> None:
    STATISTICS.call("quantiles", data, n=count, method=method)
    STATISTICS.call("fmean", data, weights=[1.0] * count)


@given(st.floats(-100, 100), st.floats(-1, 50), st.floats(-100, 100))
def test_normal_distributions(mu: float, sigma: float, at: float) -> None:
    def use(module: Names) -> list[Any]:
        normal = module.NormalDist(mu, sigma)
        other = normal * 2 + at
        return [normal, normal.pdf(at), normal.cdf(at), normal.zscore(at), normal.overlap(other), other - normal]

    STATISTICS.check(use)
    STATISTICS.check(lambda module: module.NormalDist(mu, sigma).samples(3, seed=7))
    STATISTICS.check(lambda module: module.NormalDist(mu, sigma).quantiles(5))


def test_errors_are_caught_by_the_class_of_the_module() -> None:
    same_output("""
import statistics
from decimal import Decimal
from fractions import Fraction
for wrong in (lambda: statistics.mean([]), lambda: statistics.stdev([1]), lambda: statistics.NormalDist(0, -1)):
    try:
        wrong()
    except statistics.StatisticsError as error:
        print("caught", error)
print(statistics.mean([Fraction(1, 2), Fraction(1, 3)]), statistics.mean([Decimal("0.5"), Decimal("0.75")]))
print(statistics.mode("aabb"), statistics.multimode("aabb"), statistics.median(["a", "b", "c"]))
print(statistics.variance([Fraction(1), Fraction(3)]), statistics.linear_regression([1, 2], [3, 5]).slope)
print(statistics.NormalDist.from_samples([1, 2, 3]).inv_cdf(0.5), statistics.stdev([1.5, 2.5, Fraction(7, 2)]))
""")


def test_nothing_is_missing() -> None:
    assert set(curated("statistics")) == set(statistics.__all__)
