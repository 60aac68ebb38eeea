"""Standard packages of the dialect.

Takes: nothing yet. Gives: `PLANNED`, the names that `browser.md` lists and that this release does not carry.
Refuses: nothing; importing one of them is a diagnostic of the linker that says so.
"""

from __future__ import annotations

from typing import Final

PLANNED: Final = frozenset(
    "json re math cmath struct random statistics itertools functools collections collections.abc abc contextlib copy "
    "string textwrap pprint datetime calendar decimal fractions heapq bisect operator dataclasses enum typing base64 "
    "hashlib unicodedata sys time test".split()
)
