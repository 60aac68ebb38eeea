"""`pprint`, whole: values over several lines.

Takes: values. Gives: CPython's lines, printed where the run prints.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    PrettyPrinter isreadable isrecursive pformat pp pprint saferepr
""".split()
