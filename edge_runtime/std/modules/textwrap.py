"""`textwrap`, whole: text in lines.

Takes: text. Gives: CPython's lines.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    TextWrapper dedent fill indent shorten wrap
""".split()
