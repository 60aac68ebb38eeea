"""What holds for every test.

Gives: tests of made-up values that may take as long as they need. A deadline for each value would be a timed assertion, which
fails where the machine is busy.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("edge", deadline=None)
settings.load_profile("edge")
