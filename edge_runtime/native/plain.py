"""Functions of plain modules, as a script calls them: the checks around a function that knows only numbers.

Takes: a function's signature and `raw`, the engine's function under it.
Gives: a Python function; one is written for each signature, so that a call costs no loop and no table.
Refuses: arguments that WebAssembly would bend in silence. A wrong number of them is CPython's own `TypeError`.

| type | takes | `raw` gets | gives |
| --- | --- | --- | --- |
| `i32`, `i64` | what CPython takes as an index: int, bool, `__index__` | an exact int, signed | an exact int, signed |
| `f32`, `f64` | what CPython takes as a real number: float, int, bool, `__float__`, `__index__` | an exact float | a float |

Rulings:
- A module does not say whether its integers have a sign, so both readings fit: `i32` takes -2**31 … 2**32 - 1, and a
  number above 2**31 - 1 stands for the same bits. Results are signed always.
- A float beyond the range of `f32` becomes infinite, as rounding has it; `raw` gets it so, and rounds all others. An int
  that is too large for either is an `OverflowError`, as in `float(10**400)`.

`raw(*numbers)` gives nothing of worth for no result, a number for one, a sequence of numbers for several. It may give an
int for a float that is whole, or a text that `float` reads: it becomes a float here. So an engine of JavaScript can keep the
sign of -0.0, which Pyodide would hand over as the int 0; and it has to make a BigInt of each `i64` argument itself.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from .wasmfile import Signature

_BITS: Final = {"i32": 32, "i64": 64}
# Half a step above the largest f32: from here on, rounding gives infinity.
_BEYOND_F32: Final = float(2**128 - 2**103)


def function(spec: str, name: str, signature: Signature, raw: Callable[..., Any]) -> Callable[..., Any]:
    """`raw` behind checks of its arguments. All messages call it `name`."""
    made: Callable[..., Any] = _maker(signature)(raw, _integer_of(name), _real_of(name))
    made.__name__ = made.__qualname__ = name
    made.__doc__ = f"{name}{signature}, a function of the native module {spec}."
    return made


@lru_cache(maxsize=512)
def _maker(signature: Signature) -> Callable[..., Any]:
    """What makes functions of one signature.

    Why source text: one million calls must cost little, and this is a third of what a loop over the arguments costs. Only
    positions and the four types get into the text, never a word of the module's.
    """
    params = [f"arg{position}" for position in range(1, len(signature.params) + 1)]
    lines = ["def make(raw, integer, real):", f"  def call({', '.join([*params, '/']) if params else ''}):"]
    for position, (param, type_) in enumerate(zip(params, signature.params, strict=True), 1):
        if type_ in _BITS:
            half = 1 << _BITS[type_] - 1
            lines.append(f"    if type({param}) is not int or not {-half} <= {param} < {half}:")
            lines.append(f"      {param} = integer({param}, {position}, {_BITS[type_]})")
        else:
            fits = "" if type_ == "f64" else f" or not {-_BEYOND_F32!r} < {param} < {_BEYOND_F32!r}"
            lines.append(f"    if type({param}) is not float{fits}:")
            lines.append(f"      {param} = real({param}, {position}, {type_[1:]})")
    call = f"raw({', '.join(params)})"
    match signature.results:
        case ():
            lines.append(f"    {call}")
        case (only,):
            lines.append(f"    return {_result(call, only)}")
        case several:
            lines.append(f"    given = {call}")
            lines.append(
                f"    return {', '.join(_result(f'given[{index}]', kind) for index, kind in enumerate(several))}"
            )
    lines.append("  return call")
    namespace: dict[str, Any] = {"__builtins__": {"type": type, "int": int, "float": float}}
    exec("\n".join(lines), namespace)  # noqa: S102 the text is made above, from numbers and fixed words
    maker: Callable[..., Any] = namespace["make"]
    return maker


def _result(value: str, kind: str) -> str:
    return value if kind in _BITS else f"float({value})"


def _integer_of(name: str) -> Callable[[object, int, int], int]:
    def integer(value: Any, position: int, bits: int) -> int:
        """Whatever is not an int of the signed range: the rarer cases, and the errors."""
        if not hasattr(type(value), "__index__"):
            raise TypeError(f"{name}() argument {position} must be int, not {type(value).__name__}")
        number = operator.index(value)
        half = 1 << bits - 1
        if -half <= number < half:
            return number
        if half <= number < 2 * half:
            return number - 2 * half
        raise OverflowError(f"{name}() argument {position} does not fit i{bits}: {_shown(number)}")

    return integer


def _real_of(name: str) -> Callable[[object, int, int], float]:
    def real(value: Any, position: int, bits: int) -> float:
        """Whatever is not a float that fits: ints above all, and the errors."""
        kind = type(value)
        if not hasattr(kind, "__float__") and not hasattr(kind, "__index__"):
            raise TypeError(f"{name}() argument {position} must be float, not {kind.__name__}")
        whole = isinstance(value, int)
        try:
            number = float(value)
        except OverflowError:
            if not whole:
                raise
            number = math.inf
        if bits == 32 and abs(number) >= _BEYOND_F32:
            number = math.copysign(math.inf, number)
        if whole and math.isinf(number):
            raise OverflowError(f"{name}() argument {position} does not fit f{bits}: {_shown(operator.index(value))}")
        return number

    return real


def _shown(number: int) -> str:
    """A number for a message. Python itself will not write out very long ones."""
    return str(number) if number.bit_length() <= 128 else f"a number of {number.bit_length()} bits"
