"""Classes that runs share and that a script could write to: exceptions that C code raises (`struct.error` and its kin).

Takes: a value that is about to be handed to a script.
Gives: it back; a shared class that can be written to is as it was when it was first seen.
Refuses: nothing. Classes of a run's private copies are its own and are left alone.
"""

from __future__ import annotations

import sys
from typing import Any, Final

_IMMUTABLE: Final = 1 << 8
"""`Py_TPFLAGS_IMMUTABLETYPE`: assigning to an attribute of such a class is a `TypeError`."""

_first_seen: dict[type, dict[str, Any]] = {}


def restored(value: Any) -> Any:
    """The value; where it is a shared class, without what an earlier run left on it."""
    if isinstance(value, type) and not value.__flags__ & _IMMUTABLE and _is_shared(value):
        restore(value)
    return value


def restore(cls: type) -> None:
    """Make a shared class what it was when it was first seen. For those that scripts reach without being handed them:
    the class of an exception or of an inner object."""
    before = _first_seen.setdefault(cls, dict(cls.__dict__))
    for name in cls.__dict__.keys() - before.keys():
        type.__delattr__(cls, name)
    for name, was in before.items():
        if cls.__dict__.get(name, cls) is not was:
            type.__setattr__(cls, name, was)


def _is_shared(cls: type) -> bool:
    """Whether a class is the process's: it is what its module holds under its name."""
    module = sys.modules.get(cls.__dict__.get("__module__", ""))
    return cls in _first_seen or (module is not None and module.__dict__.get(cls.__name__) is cls)
