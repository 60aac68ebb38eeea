"""`math`, whole: functions in C on numbers.

Takes: numbers. Gives: CPython's values and errors.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2
    expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm
    ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt
    sumprod tan tanh tau trunc ulp
""".split()
