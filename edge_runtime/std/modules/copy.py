"""`copy`: a copy of its own for each run. What it sets on the new object are names that the script may set."""

from __future__ import annotations

from typing import Any, Final

from ...guard.names import GUARDED, may_read, may_write
from ...guard.objects import judged
from ...guard.runtime import guarded_setattr

SURFACE: Final = tuple(
    """
    Error copy deepcopy error replace
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """The state of an object may have any names; C code fetched what the names in `__slots__` give, and nobody looked at it."""
    real = space["_reconstruct"]

    def reconstruct(x: Any, memo: Any, func: Any, args: Any, state: Any = None, *rest: Any, **named: Any) -> Any:
        if isinstance(state, dict):  # exceptions set each name themselves, in C
            state = {name: value for name, value in dict.items(state) if _may_have(name)}
        elif type(state) is tuple and len(state) == 2 and type(state[1]) is dict:
            slots = {name: value for name, value in state[1].items() if type(name) is str and may_read(name)}
            state = state[0], {name: judged(value) if name in GUARDED else value for name, value in slots.items()}
        return real(x, memo, func, args, state, *rest, **named)

    space["_reconstruct"] = reconstruct
    space["setattr"] = guarded_setattr


def _may_have(name: Any) -> bool:
    return (may_write(name) or name == _GENERIC) if type(name) is str else not isinstance(name, str)


_GENERIC: Final = "__orig_class__"
"""What `typing` leaves in an instance of `C[int]`."""
