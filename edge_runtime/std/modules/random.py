"""`random`: a copy of its own for each run, so its generator is seeded afresh and shared with nobody.

`SystemRandom` and the seed take their bytes from the host (`Host.seed`), so that a recorded run can be given them again.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple(
    """
    Random SystemRandom betavariate binomialvariate choice choices expovariate gammavariate gauss getrandbits
    getstate lognormvariate normalvariate paretovariate randbytes randint random randrange sample seed setstate
    shuffle triangular uniform vonmisesvariate weibullvariate
    """.split()
)
