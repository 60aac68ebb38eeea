"""`operator`: `attrgetter` and `methodcaller` are those that CPython has in Python, with the guard of `getattr`."""

from __future__ import annotations

from typing import Any, Final

from ...guard.runtime import guarded_getattr

SURFACE: Final = tuple(
    """
    abs add and_ attrgetter call concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat
    ifloordiv ilshift imatmul imod imul index indexOf inv invert ior ipow irshift is_ is_not is_none is_not_none
    isub itemgetter itruediv ixor le length_hint lshift lt matmul methodcaller mod mul ne neg not_ or_ pos pow
    rshift setitem sub truediv truth xor
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """Names that the script gives go through the guard, each part of a dotted one."""
    space["getattr"] = guarded_getattr
