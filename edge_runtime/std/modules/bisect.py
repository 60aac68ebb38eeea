"""`bisect`, whole: places in sorted lists.

Takes: sorted lists. Gives: CPython's places.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    bisect bisect_left bisect_right insort insort_left insort_right
""".split()
