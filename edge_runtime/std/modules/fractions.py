"""`fractions`, whole: exact quotients.

Takes: numbers and text. Gives: CPython's `Fraction`, the run's own.
Refuses: nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = ("Fraction",)


def patch(namespace: dict[str, Any], _: Copies) -> None:
    """`Decimal` in C compares itself to what the process's `numbers` calls a `Rational`; the list there holds no class
    alive."""
    importlib.import_module("numbers").Rational.register(namespace["Fraction"])
