"""`string`: a copy of its own for each run. The fields of a `Formatter` go through the guard of `getattr`."""

from __future__ import annotations

from typing import Any, Final

from ...guard.runtime import guarded_getattr

SURFACE: Final = tuple(
    """
    Formatter Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable
    punctuation whitespace
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """`"{0.name}"` reads an attribute whose name is in a text."""
    space["getattr"] = guarded_getattr
