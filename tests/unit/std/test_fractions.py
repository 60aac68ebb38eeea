"""`fractions` and `decimal`: exact arithmetic as CPython does it, and a context of the run's own."""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import Names, curated, pair, same_output

FRACTIONS, DECIMAL = pair("fractions"), pair("decimal")
PARTS = st.tuples(st.integers(-50, 50), st.integers(-50, 50))
DIGITS = st.from_regex(r"\A[+-]?([0-9]{1,6}(\.[0-9]{0,4})?|\.[0-9]{1,3})([eE][+-]?[0-9]{1,2})?\Z")
WORDS = st.sampled_from(["NaN", "sNaN", "Infinity", "-Infinity", "-0", "1_000", "", "x", " 3 "])
ARITHMETIC: list[Callable[[Any, Any], Any]] = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, divmod,
    operator.lt, operator.eq, operator.ge,
]  # fmt: skip
ROUNDINGS = [name for name in dir(decimal) if name.startswith("ROUND_")]


@pytest.fixture(autouse=True)
def fresh_context() -> None:
    """No test sees the context of another."""
    decimal.setcontext(decimal.Context())


@given(PARTS, PARTS, st.sampled_from(ARITHMETIC))
def test_fractions(first: tuple[int, int], second: tuple[int, int], step: Callable[[Any, Any], Any]) -> None:
    FRACTIONS.check(lambda module: step(module.Fraction(*first), module.Fraction(*second)))
    FRACTIONS.check(lambda module: step(module.Fraction(*first), second[0]))
    FRACTIONS.check(lambda module: step(second[0] / 7, module.Fraction(*first)))


@given(st.floats() | DIGITS | WORDS | st.from_regex(r"\A-?[0-9]{1,4}/[0-9]{1,4}\Z"))
def test_fractions_from(value: Any) -> None:
    FRACTIONS.check(lambda module: module.Fraction(value))
    FRACTIONS.check(lambda module: module.Fraction.from_float(value))


@given(PARTS, st.integers(-6, 6))
def test_uses_of_a_fraction(parts: tuple[int, int], power: int) -> None:
    def use(module: Names) -> list[Any]:
        value = module.Fraction(*parts)
        limited = value.limit_denominator(7)
        return [str(value), hash(value), round(value, 2), round(value), limited, value**power, float(value), -value]

    FRACTIONS.check(use)


@given(DIGITS | WORDS, DIGITS | WORDS, st.sampled_from([*ARITHMETIC, operator.pow]), st.integers(1, 12))
def test_decimals(first: str, second: str, step: Callable[[Any, Any], Any], precision: int) -> None:
    def use(module: Names) -> Any:
        with module.localcontext() as context:
            context.prec = precision
            context.Emax = 999
            context.Emin = -999
            return step(module.Decimal(first), module.Decimal(second))

    DECIMAL.check(use)


@given(DIGITS | WORDS, st.sampled_from(ROUNDINGS), st.integers(-3, 5))
def test_rounding(value: str, rounding: str, places: int) -> None:
    DECIMAL.check(
        lambda module: module.Decimal(value).quantize(module.Decimal(1).scaleb(places), getattr(module, rounding))
    )
    DECIMAL.check(lambda module: round(module.Decimal(value), places))
    DECIMAL.check(lambda module: format(module.Decimal(value), f"+015.{abs(places)}f"))


@given(DIGITS | WORDS)
def test_functions_of_decimals(value: str) -> None:
    for method in ("sqrt", "ln", "exp", "normalize", "as_tuple", "to_eng_string", "adjusted", "logb", "radix"):

        def use(module: Names, method: str = method) -> Any:
            with module.localcontext(module.Context(prec=9, Emax=99, Emin=-99)):
                return getattr(module.Decimal(value), method)()

        DECIMAL.check(use)


def test_signals_are_caught_by_the_classes_of_the_module() -> None:
    same_output("""
from decimal import *
from fractions import Fraction

for wrong in (lambda: Decimal(1) / 0, lambda: Decimal("x"), lambda: Decimal(0) / 0, lambda: Decimal("1e999999") ** 9):
    try:
        wrong()
    except (DivisionByZero, Overflow) as signal:
        print("by zero, or too much:", type(signal).__name__)
    except InvalidOperation as signal:
        print("invalid:", signal, isinstance(signal, ArithmeticError))

context = getcontext()
print(context, context.flags[Inexact])
context.prec = 5
context.clear_flags()
print(Decimal(1) / 3, context.flags[Inexact], Decimal(2).sqrt())
with localcontext() as inner:
    inner.prec = 2
    inner.traps[Inexact] = True
    try:
        Decimal(1) / 3
    except Inexact:
        print("inexact")
print(Decimal(1) / 7)
setcontext(BasicContext)
print(getcontext().prec, Decimal(1) / 7)
getcontext().prec = 2
print(BasicContext.prec, Context().prec)
setcontext(Context(prec=3, rounding=ROUND_UP))
print(Decimal(1) / 7, Decimal(7).as_tuple(), Decimal("1.5").as_integer_ratio())
print(Fraction(Decimal("0.125")), Decimal(1) == Fraction(1), Fraction(1, 3) < Decimal("0.4"))
print(DecimalTuple(0, (1, 2), -1), Decimal(DecimalTuple(0, (1, 2), -1)), DecimalTuple(0, (1,), 0).digits)
""")


def test_a_context_ends_with_its_run() -> None:
    from edge_runtime import MemoryHost, run_program

    before = decimal.getcontext().prec
    first = run_program("import decimal\ndecimal.getcontext().prec = 5\nprint(decimal.Decimal(1) / 3)\n", MemoryHost())
    assert first.output == "0.33333\n"
    assert decimal.getcontext().prec == before
    second = run_program("import decimal\nprint(decimal.Decimal(1) / 3)\n", MemoryHost())
    assert second.output == f"{decimal.Decimal(1) / 3}\n"
    assert decimal.Decimal(1) / 3 == decimal.Decimal("0.3333333333333333333333333333")


def test_a_task_changes_its_own_context_only() -> None:
    """It begins with a copy of the one that its maker has: what either changes in place later is its own, flags too."""
    from edge_runtime import MemoryHost, run_program

    source = """
from decimal import Decimal, Inexact, getcontext
async def one():
    getcontext().prec = 3
    await sleep(1)
    return str(Decimal(1) / 3)
async def two():
    await sleep(0.5)
    return getcontext().prec, getcontext().flags[Inexact]
getcontext().prec = 7
print(gather(one(), two()), getcontext().prec, getcontext().flags[Inexact])
"""
    assert run_program(source, MemoryHost()).output == "['0.333', (7, False)] 7 False\n"


def test_templates_of_contexts_are_the_runs_own() -> None:
    first = curated("decimal")
    first["ExtendedContext"].prec = 3
    first["DefaultContext"].prec = 3
    assert curated("decimal")["ExtendedContext"].prec == decimal.ExtendedContext.prec == 9
    assert curated("decimal")["DefaultContext"].prec == decimal.DefaultContext.prec == 28


def test_nothing_is_missing() -> None:
    assert set(curated("decimal")) == {name for name in vars(decimal) if not name.startswith("_")}
    assert set(curated("fractions")) == {"Fraction"}
