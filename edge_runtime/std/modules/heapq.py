"""`heapq`, whole: lists as heaps.

Takes: lists. Gives: CPython's order.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    heapify heapify_max heappop heappop_max heappush heappush_max heappushpop heappushpop_max heapreplace
    heapreplace_max merge nlargest nsmallest
""".split()
