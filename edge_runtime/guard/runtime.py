"""Guards that run with the program, where names are not static.

Takes: objects and names that a script computed.
Gives: what the built-in function of the same name gives; for a wrong call its own error, in CPython's words.
Refuses: names that the static rules refuse, as an `AttributeError` (for `hasattr` they are not there); names that are not
exactly `str`.

This is the first layer's beginning: `str.format` and class creation are not guarded yet (SECURITY.md says so).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .names import may_read, may_write


def _allowed(
    real: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any], *, most: int, write: bool = False
) -> bool:
    """Whether a call of `real(object, name, …)` may go on. A call that `real` refuses is refused by it, in its words."""
    if named or not 2 <= len(given) <= most:
        real(*given, **named)
    name = given[1]
    if type(name) is not str:
        if not isinstance(name, str):
            real(*given)
        raise TypeError(f"attribute name must be exactly a string, not '{type(name).__name__}'")
    return may_write(name) if write else may_read(name)


def _refusal(name: str) -> AttributeError:
    return AttributeError(f"the attribute {name!r} is not available in Edge Python", name=name)


def guarded_getattr(*given: Any, **named: Any) -> Any:
    """`getattr` for allowed names."""
    if not _allowed(getattr, given, named, most=3):
        raise _refusal(given[1])
    return copied_dict(given[0]) if given[1] == "__dict__" else getattr(*given)


def guarded_hasattr(*given: Any, **named: Any) -> bool:
    """`hasattr` for allowed names."""
    return _allowed(hasattr, given, named, most=2) and hasattr(*given)


def guarded_setattr(*given: Any, **named: Any) -> None:
    """`setattr` for allowed names."""
    if named or len(given) != 3:
        setattr(*given, **named)
    if not _allowed(setattr, given, named, most=3, write=True):
        raise _refusal(given[1])
    setattr(*given)


def guarded_delattr(*given: Any, **named: Any) -> None:
    """`delattr` for allowed names."""
    if not _allowed(delattr, given, named, most=2, write=True):
        raise _refusal(given[1])
    delattr(*given)


def copied_dict(value: Any) -> Any:
    """`value.__dict__` as a copy, without what a script may not read: a class's holds the way to every other class."""
    return public_names(value.__dict__)


def public_names(namespace: Any) -> dict[str, Any]:
    """A copy of a namespace as scripts may see it."""
    return {
        name: value
        for name, value in namespace.items()
        if type(name) is not str
        or (may_read(name) and name != "__dict__")  # the descriptor would hand out the real one
    }
