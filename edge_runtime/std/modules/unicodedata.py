"""`unicodedata`: what Unicode says of characters.

Takes: text. Gives: the answers of this Python's tables.
Refuses: `UCD`, the undocumented class of `ucd_3_2_0`.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    bidirectional category combining decimal decomposition digit east_asian_width is_normalized lookup mirrored name
    normalize numeric ucd_3_2_0 unidata_version
""".split()
