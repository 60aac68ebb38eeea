"""`cmath`, whole: functions in C on complex numbers.

Takes: numbers. Gives: CPython's values and errors.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    acos acosh asin asinh atan atanh cos cosh e exp inf infj isclose isfinite isinf isnan log log10 nan nanj
    phase pi polar rect sin sinh sqrt tan tanh tau
""".split()
