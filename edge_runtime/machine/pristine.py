"""Classes that all runs share: C types, and the exceptions that C code raises (`struct.error` and its kin).

Takes: a value that is about to be handed to a script; the moment when a run's library is made.
Gives: the value back; what an earlier run wrote on a shared class is gone.
Refuses: nothing. Classes of a run's private copies are its own and are left alone.

Nearly all C types are immutable, but asking such a type for its `__annotations__` makes it keep a dictionary, and that can
be written to. A few C types and the exceptions of C modules are not immutable at all.
"""

from __future__ import annotations

import sys
from abc import ABC
from types import FunctionType
from typing import Any, Final

_IMMUTABLE: Final = 1 << 8
"""`Py_TPFLAGS_IMMUTABLETYPE`: assigning to an attribute of such a class is a `TypeError`."""
_HEAP: Final = 1 << 9
"""`Py_TPFLAGS_HEAPTYPE`: only such a type keeps annotations."""
_KEPT: Final = ("__annotations__", "__annotations_cache__")

_WITHIN_REACH: Final[tuple[type, ...]] = (type(ABC.__dict__["_abc_impl"]),)
"""Types that are not immutable and that no module exports."""

_first_seen: dict[type, dict[str, Any]] = {}


def is_immutable(cls: type) -> bool:
    """Whether nobody can write to a class."""
    return bool(cls.__flags__ & _IMMUTABLE)


def restored(value: Any) -> Any:
    """The value; where it is a shared class, without what an earlier run left on it."""
    if isinstance(value, type) and not value.__flags__ & _IMMUTABLE and _is_shared(value):
        restore(value)
    return value


def restore(*classes: type) -> None:
    """Make shared classes what they were when they were first seen. For those that scripts reach without being handed
    them: the class of an exception or of an inner object."""
    for cls in classes:
        for kept in (cls.__dict__.get(name) for name in _KEPT):
            if type(kept) is dict and kept and cls.__flags__ & _IMMUTABLE:
                kept.clear()
        if not cls.__flags__ & _IMMUTABLE:
            _restore_attributes(cls)


def _restore_attributes(cls: type) -> None:
    before = _first_seen.setdefault(cls, dict(cls.__dict__))
    for name in cls.__dict__.keys() - before.keys():
        type.__delattr__(cls, name)
    for name, was in before.items():
        fresh = _anew(was)
        if fresh is not was or cls.__dict__.get(name, cls) is not was:
            type.__setattr__(cls, name, fresh)


def _anew(member: Any) -> Any:
    """A member of a class, made once more where it can itself be written to: functions, dictionaries, fields of named
    tuples."""
    if isinstance(member, staticmethod | classmethod):
        return type(member)(_anew(member.__func__))
    if isinstance(member, FunctionType):
        made = FunctionType(
            member.__code__, member.__globals__, member.__name__, member.__defaults__, member.__closure__
        )
        made.__kwdefaults__ = dict(member.__kwdefaults__) if member.__kwdefaults__ else None
        made.__qualname__, made.__doc__, made.__module__ = member.__qualname__, member.__doc__, member.__module__
        return made
    if type(member) is dict:
        return dict(member)
    if type(member).__name__ == "_tuplegetter":
        make, given = member.__reduce__()
        return make(*given)
    return member


def _is_shared(cls: type) -> bool:
    """Whether a class is the process's: it is what its module holds under its name."""
    if cls in _first_seen:
        return True
    module = sys.modules.get(cls.__dict__.get("__module__", ""))
    return module is not None and module.__dict__.get(cls.__name__) is cls


class _CTypes:
    """The immutable types that keep annotations, looked for again when modules were loaded."""

    def __init__(self) -> None:
        self._modules = 0
        self._found: list[type] = []

    def all(self) -> list[type]:
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            self._found = [cls for cls in _classes() if cls.__flags__ & _IMMUTABLE and cls.__flags__ & _HEAP]
        return self._found


def _classes() -> set[type]:
    """Every class of the process."""
    found: set[type] = {object}
    left: list[type] = [object]
    while left:
        inner: list[type] = type.__subclasses__(left.pop())
        for cls in inner:
            if cls not in found:
                found.add(cls)
                left.append(cls)
    return found


_c_types = _CTypes()


def restore_shared() -> None:
    """Take away what earlier runs wrote on types that are within reach without being exported."""
    restore(*_WITHIN_REACH, *_c_types.all())
