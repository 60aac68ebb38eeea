"""`itertools`, whole: its types are in C and immutable."""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple(
    """
    accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse
    groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest
    """.split()
)
