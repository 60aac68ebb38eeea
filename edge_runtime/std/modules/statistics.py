"""`statistics`, whole: means, spreads and distributions.

Takes: numbers. Gives: CPython's values, of the run's own `Fraction` and `NormalDist`.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    NormalDist StatisticsError correlation covariance fmean geometric_mean harmonic_mean kde kde_random
    linear_regression mean median median_grouped median_high median_low mode multimode pstdev pvariance
    quantiles stdev variance
""".split()
