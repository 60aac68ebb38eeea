"""Addresses out of sight: `id`, default `repr` and default hash of a script's objects are sequence numbers.

Takes: objects that a script asks about. Gives: `Addresses`, the numbers of one run: `identity` is the script's `id`, `base` the
class under every class of the script that derives from nothing else.
Refuses: nothing. Functions, generators and `object()` keep CPython's own `repr` and hash, which are made in C
(docs/replay.md lists what is left).

Why: where an object lies in memory differs from run to run, and with it the order in which a set of instances is walked. A run
that is replayed has to see what it saw before, so objects are counted instead, in the order in which somebody first asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from sys import getrefcount
from types import FunctionType
from typing import Any, Final
from weakref import ref

from ..guard.sealed import host_function

_AT: Final = " at 0x"
_HAND: Final = 2
"""Kept entries that are looked at for each new one: at most as many dead ones as living ones are ever kept."""


class _Weak(ref[Any]):
    """The number of an object that says when it dies. `hash` is set where its hash is the number as well."""

    __slots__ = ("address", "hash", "number")
    address: int


class _Kept:
    """The number of an object that cannot be watched: it is kept until nobody else has it."""

    __slots__ = ("address", "hash", "number", "value")
    address: int

    def __init__(self, value: Any) -> None:
        self.value = value


class Addresses:
    """The sequence numbers of one run."""

    def __init__(self) -> None:
        self._entries: dict[int, Any] = {}
        self._kept: deque[_Kept] = deque()
        self._last = 0
        self.identity: Final = host_function("id", self._make_identity(), own=True)
        self.base: Final = self._make_base()

    def _make_identity(self) -> Callable[[Any], int]:
        entries, enroll, address = self._entries, self._enroll, id

        def identity(value: Any, /) -> int:
            """A number that no other object of this run has, now or later."""
            try:
                number: int = entries[address(value)].number
            except KeyError:
                number = enroll(value).number
            return number

        return identity

    def _make_base(self) -> type:
        entries, enroll, address = self._entries, self._enroll, id
        plain_repr, plain_hash = object.__repr__, object.__hash__
        missing = (KeyError, AttributeError)
        made: type

        def defined(value: Any, name: str) -> Any:
            """The method that stands behind ours: a class of a script's may have `dict` behind a plain class of its own."""
            lines = type.__dict__["__mro__"].__get__(type(value))
            behind = lines[lines.index(made) + 1 :] if made in lines else lines
            return next(vars(one)[name] for one in behind if name in vars(one))

        def first_hash(value: Any) -> int:
            method = defined(value, "__hash__")
            if method is None:
                raise TypeError(f"unhashable type: {type(value).__name__!r}")
            if method is not plain_hash:
                return int(method(value))
            entry = entries.get(address(value)) or enroll(value)
            entry.hash = entry.number
            return int(entry.hash)

        def text(value: Any) -> str:
            method = defined(value, "__repr__")
            said: str = method(value)
            if method is not plain_repr:
                return said
            entry = entries.get(address(value)) or enroll(value)
            return f"{said[: said.rindex(_AT)]}{_AT}{entry.number:012x}>"

        def hash_of(self: Any, /) -> int:
            """Return hash(self)."""
            try:
                number: int = entries[address(self)].hash
            except missing:
                number = first_hash(self)
            return number

        def repr_of(self: Any, /) -> str:
            """Return repr(self)."""
            return text(self)

        methods = {"__hash__": _bare("__hash__", hash_of), "__repr__": _bare("__repr__", repr_of)}
        made = type("object", (), {"__slots__": (), **methods})
        del made.__slots__  # type: ignore[attr-defined] # no attribute that `object` has not
        return made

    def _enroll(self, value: Any) -> Any:
        """A new number."""
        address = id(value)
        entry: Any
        try:
            entry = _Weak(value, self._died)
        except TypeError:
            entry = _Kept(value)
            self._sweep()
            self._kept.append(entry)
        self._last += 1
        entry.address, entry.number = address, self._last
        self._entries[address] = entry
        return entry

    def _died(self, entry: _Weak) -> None:
        if self._entries.get(entry.address) is entry:
            del self._entries[entry.address]

    def _sweep(self) -> None:
        """Let go of what nobody else has: like the hand of a clock, a little further each time."""
        kept = self._kept
        for _ in range(min(_HAND, len(kept))):
            entry = kept.popleft()
            if getrefcount(entry.value) <= _OURS:
                del self._entries[entry.address]
            else:
                kept.append(entry)


def _references() -> int:
    """What `getrefcount` says of a value that only an entry holds."""
    entry = _Kept([])
    return getrefcount(entry.value)


_OURS: Final = _references()


def _bare(name: str, function: Any) -> FunctionType:
    """The function with no names around it but those that it closes over: scripts see it as a method of their classes."""
    code = function.__code__.replace(co_name=name, co_qualname=f"object.{name}")
    bare = FunctionType(code, {"__builtins__": {}}, name, None, function.__closure__)
    bare.__module__, bare.__doc__ = "builtins", function.__doc__
    return bare
