"""Guards that run with the program, where names are not static.

Takes: objects and names that a script computed; attributes of `GUARDED`, which are read through `HELPERS`.
Gives: what the built-in function of the same name gives; for a wrong call its own error, in CPython's words.
Refuses: names that the static rules refuse, as an `AttributeError` (for `hasattr` they are not there); names that are not
exactly `str`; objects that lead behind the language (`objects.py`).
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from .classes import TYPE, build_class, judged_slots, script_type
from .generic import generic_class
from .names import (
    AITER,
    CANCELLED,
    DIRECT,
    FORMAT,
    FORMATS,
    GENERIC,
    GUARDED,
    LATER,
    MOMENTS,
    PLAIN,
    REAL,
    may_read,
    may_write,
)
from .objects import judged, judged_dict, look_again, public_names, refusal
from .rules import BUILTIN_CLASSES
from .waiting import Cancelled, asynchronous, later

__all__ = [
    "HELPERS", "TYPE", "build_class", "copied_dict", "format_helpers", "guarded_delattr", "guarded_getattr", "guarded_hasattr",
    "guarded_setattr", "judged_dict", "judged_getattr", "public_names",
]  # fmt: skip


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
    if write:
        return may_write(name) or (name == "__dict__" and real is setattr)
    return may_read(name)


_READ: Final[set[str]] = set()
_WRITTEN: Final[set[str]] = set()
"""Names that were judged, and are no more than names: reading or setting them needs no second look."""
_MAX_KEPT: Final = 2_000
_MAX_LENGTH: Final = 100
_MOST_FORMATS: Final = 500
_LONGEST_FORMAT: Final = 1_000
"""Templates whose methods a run keeps, and characters of one."""


def _remember(name: str, names: set[str]) -> None:
    if name not in GUARDED and name not in DIRECT and name != "__dict__" and len(name) <= _MAX_LENGTH:
        if len(names) >= _MAX_KEPT:
            names.clear()
        names.add(name)


def guarded_getattr(*given: Any, **named: Any) -> Any:
    """`getattr` for allowed names."""
    if not named and 2 <= len(given) <= 3 and type(given[1]) is str and given[1] in _READ:  # the usual call
        return getattr(*given)
    if not _allowed(getattr, given, named, most=3):
        raise refusal(given[1])
    _remember(given[1], _READ)
    return judged_getattr(*given)


def judged_getattr(value: Any, name: str, *default: Any) -> Any:
    """`getattr` for trusted code with a script's objects: any name, but no object that a script may not have."""
    found = getattr(value, name, *default)
    if name not in GUARDED:
        return found
    return judged_dict(found, value) if name == "__dict__" else judged(found)


def guarded_hasattr(*given: Any, **named: Any) -> bool:
    """`hasattr` for allowed names."""
    if not named and len(given) == 2 and type(given[1]) is str and given[1] in _READ:
        return hasattr(*given)
    return _allowed(hasattr, given, named, most=2) and hasattr(*given)


def guarded_setattr(*given: Any, **named: Any) -> None:
    """`setattr` for allowed names, and for `__dict__` of an instance."""
    if not named and len(given) == 3 and type(given[1]) is str and given[1] in _WRITTEN:
        setattr(*given)
        return
    if named or len(given) != 3:
        setattr(*given, **named)
    if given[1] == "__dict__" and isinstance(given[2], dict) and type(given[2]) is not dict:
        raise TypeError(f"__dict__ must be set to a dict, not a {type(given[2]).__name__!r}; write dict(…) around it")
    if not _allowed(setattr, given, named, most=3, write=True):
        raise refusal(given[1])
    _remember(given[1], _WRITTEN)
    setattr(*given)
    look_again(given[0], given[1])


def guarded_delattr(*given: Any, **named: Any) -> None:
    """`delattr` for allowed names."""
    if not _allowed(delattr, given, named, most=2, write=True):
        raise refusal(given[1])
    delattr(*given)


def copied_dict(value: Any) -> Any:
    """`value.__dict__` as a script sees it."""
    return judged_dict(value.__dict__, value)


# ---- what rewritten code calls (rewrites.py) ----


def _format(value: Any) -> Callable[..., str]:
    method: Callable[..., str] = judged(value.format)
    return method


class _Formats(dict[str, Callable[..., str]]):
    """`format` of the templates that were judged: the verdict depends on their text alone. What is here is safe, whoever asks.
    Rewritten code looks here where it calls the method at once: nobody sees that it is that of an earlier, equal text."""

    __slots__ = ()

    def __missing__(self, template: str) -> Callable[..., str]:
        if type(template) is not str:  # a collection ran between that question and this, and set the name
            return _format(template)
        method = _format(template) if "." in template else template.format
        if len(self) >= _MOST_FORMATS:
            self.clear()
        if len(template) <= _LONGEST_FORMAT:
            self[template] = method
        return method


def format_helpers() -> dict[str, Any]:
    """What reads `format` where it is only called. They are of one run: when it is restored it has to make as many calls as the
    first time."""
    formats = _Formats()

    def called(value: Any) -> Any:
        return formats[value] if type(value) is str else _format(value)  # a subclass says what equals what

    return {FORMAT: called, FORMATS: formats}


def _format_map(value: Any) -> Any:
    return judged(value.format_map)


def _evaluate(value: Any) -> Any:
    return judged(value._evaluate)  # noqa: SLF001 - a script's own, or one that is refused


def _class(value: Any) -> Any:
    found = value.__class__
    return script_type(found) if isinstance(found, type) else found


def _new(value: Any) -> Any:
    return judged(value.__new__)


def _get(value: Any) -> Any:
    return judged(value.__get__)


def _setattr(value: Any) -> Any:
    return judged(value.__setattr__)


def _delattr(value: Any) -> Any:
    return judged(value.__delattr__)


class _Place:
    """An attribute as something that is read and set: the target of an assignment."""

    __slots__ = ("name", "owner")

    def __init__(self, owner: Any, name: str) -> None:
        self.owner, self.name = owner, name

    def __getitem__(self, _: None) -> Any:
        return guarded_getattr(self.owner, self.name)

    def __setitem__(self, _: None, value: Any) -> None:
        guarded_setattr(self.owner, self.name, value)


HELPERS: Final[Mapping[str, Any]] = {
    "<attribute format>": _format,
    "<attribute format_map>": _format_map,
    **format_helpers(),
    "<attribute _evaluate>": _evaluate,
    "<attribute __class__>": _class,
    "<attribute __new__>": _new,
    "<attribute __get__>": _get,
    "<attribute __setattr__>": _setattr,
    "<attribute __delattr__>": _delattr,
    "<attribute __dict__>": copied_dict,
    "<place>": _Place,
    "<judged>": judged,
    "<slots>": judged_slots,
    "<type>": type,
    **{f"<class {name}>": getattr(builtins, name) for name in BUILTIN_CLASSES},
    GENERIC: generic_class,
    AITER: asynchronous,
    LATER: later,
    CANCELLED: Cancelled,
    PLAIN: object,
    **{f"<{name}>": getattr(builtins, name) for name in REAL},
    "<call getattr>": guarded_getattr,
    "<call hasattr>": guarded_hasattr,
    "<call setattr>": guarded_setattr,
    "<call delattr>": guarded_delattr,
    "<call print>": print,
    "<call repr>": repr,
    **{f"<moment {name}>": operator.attrgetter(name) for name in MOMENTS},
}
"""The built-in names that rewritten code uses; no source can spell them. A machine has its own `<later>`, `<Cancelled>`,
`<plain object>`, `<moment now>`, `<format>`, `<formats>` and `<call print>`."""
