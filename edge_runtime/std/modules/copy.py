"""`copy`: a copy of its own for each run. What it sets on the new object are names that the script may set."""

from __future__ import annotations

from typing import Any, Final

from ...guard.runtime import guarded_setattr

SURFACE: Final = tuple(
    """
    Error copy deepcopy error replace
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """The state of an object may have any names."""
    space["setattr"] = guarded_setattr
