"""Guards that run with the program, where names are not static.

Takes: objects and names that a script computed.
Gives: what the built-in function of the same name gives.
Refuses: names that the static rules refuse, as an `AttributeError`; names that are not exactly `str`.

This is the first layer's beginning: `str.format` and class creation are not guarded yet (SECURITY.md says so).
"""

from __future__ import annotations

import types
from typing import Any, Final

from .names import is_dunder, may_read, may_write

_NONE_GIVEN: Final = object()


def _checked(name: object, function: str, *, write: bool = False) -> str:
    if type(name) is not str:
        raise TypeError(f"{function}(): attribute name must be exactly a string, not {type(name).__name__!r}")
    if not (may_write(name) if write else may_read(name)):
        raise AttributeError(f"the attribute {name!r} is not available in Edge Python")
    return name


def guarded_getattr(value: Any, name: Any, default: Any = _NONE_GIVEN, /) -> Any:
    """`getattr` for allowed names."""
    checked = _checked(name, "getattr")
    if checked == "__dict__":
        return copied_dict(value)
    return getattr(value, checked) if default is _NONE_GIVEN else getattr(value, checked, default)


def guarded_hasattr(value: Any, name: Any, /) -> bool:
    """`hasattr` for allowed names."""
    return hasattr(value, _checked(name, "hasattr"))


def guarded_setattr(value: Any, name: Any, new: Any, /) -> None:
    """`setattr` for allowed names."""
    setattr(value, _checked(name, "setattr", write=True), new)


def guarded_delattr(value: Any, name: Any, /) -> None:
    """`delattr` for allowed names."""
    delattr(value, _checked(name, "delattr", write=True))


def copied_dict(value: Any) -> Any:
    """`value.__dict__` as a copy, without what the runtime keeps in a module's."""
    found = value.__dict__
    if isinstance(value, types.ModuleType):
        return public_names(found)
    return dict(found)


def public_names(namespace: Any) -> dict[str, Any]:
    """A copy of a namespace as scripts may see it."""
    return {name: value for name, value in namespace.items() if not is_dunder(name) or may_read(name)}
