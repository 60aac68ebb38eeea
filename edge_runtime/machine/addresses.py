"""Addresses out of sight: `id`, default `repr` and default hash of a script's objects are sequence numbers.

Takes: objects that a script asks about. Gives: `Addresses`, the numbers of one run: `identity` is the script's `id`, `base` the
class under every class of the script that derives from nothing else, `plain` that of what its `object()` makes; `showing` wraps
`repr` and its kin, `shown` mends a text that they made.
Refuses: nothing. Functions, generators and their kin keep CPython's own hash, and their own `repr` where C code asks for it,
as an f-string does (docs/replay.md lists what is left).

Why: where an object lies in memory differs from run to run, and with it the order in which a set of instances is walked. A run
that is replayed has to see what it saw before, so objects are counted instead, in the order in which somebody first asked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from gc import get_referents
from itertools import count
from sys import getrefcount, intern
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, ModuleType
from typing import Any, Final
from weakref import ref

from ..guard.sealed import Hidden, host_function

_AT: Final = " at 0x"
_ADDRESS: Final = re.compile(_AT + "(?!00)([0-9a-fA-F]+)")
"""An address in a text. Numbers of ours begin with zeros."""
_MOST_HELD: Final = 2_000
"""Objects that are looked through for those whose addresses a text says."""
_OPAQUE: Final = (type, ModuleType, FunctionType, GeneratorType, CoroutineType, AsyncGeneratorType, str, bytes)
"""What a text of it says nothing of what it holds."""
_OF_PLAIN: Final = {
    "__slots__": (), "__module__": "builtins", "__doc__": object.__doc__, "__class__": property(lambda _: object),
}  # fmt: skip
_NUMBER: Final = 300_001
"""The number of a sample: an int of one digit that is nobody else's."""
_HAND: Final = 2
"""Kept entries that are looked at for each new one: at most as many dead ones as living ones are ever kept."""


class _Weak(ref[Any]):
    """The number of an object that says when it dies. `hash` is set where its hash is the number as well, and `method` with it:
    what gave that hash. In a page JavaScript reads both (`web/engine/hashes.js`)."""

    __slots__ = ("address", "hash", "method", "number")
    address: int


class _Kept:
    """The number of an object that cannot be watched: it is kept until nobody else has it."""

    __slots__ = ("address", "hash", "method", "number", "value")
    address: int

    def __init__(self, value: Any) -> None:
        self.value = value


class Addresses:
    """The sequence numbers of one run."""

    def __init__(self) -> None:
        self._entries: dict[int, Any] = {}
        self._kept: deque[_Kept] = deque()
        self._next = count(1).__next__
        self._when_it_dies = self._forgetter()
        self.identity: Final = host_function("id", self._make_identity(), own=True)
        self.base: Final = self._make_base()
        self.plain: Final = Hidden("object", (self.base,), dict(_OF_PLAIN))

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
        entries, enroll, address, kind = self._entries, self._enroll, id, type
        plain_repr, plain_hash = object.__repr__, object.__hash__
        lines_of = type.__dict__["__mro__"].__get__
        weak, forget, following, unwatched = _Weak, self._when_it_dies, self._next, TypeError
        missing = (KeyError, AttributeError)
        made: type

        def defined(value: Any, name: str, plain: Any) -> Any:
            """The method that stands behind ours: a class of a script's may have `dict` behind a plain class of its own."""
            lines = lines_of(kind(value))
            if lines[-2] is made:
                return plain
            behind = lines[lines.index(made) + 1 :] if made in lines else lines
            return next(vars(one)[name] for one in behind if name in vars(one))

        def first_hash(value: Any) -> int:
            method = defined(value, "__hash__", plain_hash)
            if method is None:
                raise TypeError(f"unhashable type: {type(value).__name__!r}")
            if method is not plain_hash:
                return int(method(value))
            entry = entries.get(address(value)) or enroll(value)
            number: int = entry.number
            entry.hash, entry.method = number, hasher
            return number

        def text(value: Any) -> str:
            method = defined(value, "__repr__", plain_repr)
            said: str = method(value)
            if method is not plain_repr:
                return said
            entry = entries.get(address(value)) or enroll(value)
            return f"{said[: said.rindex(_AT)]}{_AT}{entry.number:012x}>"

        def hash_of(self: Any, /) -> int:
            """Return hash(self)."""
            if (where := address(self)) not in entries and lines_of(kind(self))[-2] is made:
                try:
                    entry: Any = weak(self, forget)
                except unwatched:
                    return first_hash(self)
                number: int = following()  # what follows is `enroll` and `first_hash`, without their calls
                entry.address, entry.method, entry.number, entry.hash = where, hasher, number, number
                entries[where] = entry
                return number
            try:
                number = entries[where].hash
            except missing:
                number = first_hash(self)
            return number

        def repr_of(self: Any, /) -> str:
            """Return repr(self)."""
            return text(self)

        hasher = _bare("__hash__", hash_of)
        methods = {"__hash__": hasher, "__repr__": _bare("__repr__", repr_of)}
        made = type("object", (), {"__slots__": (), **methods})
        del made.__slots__  # type: ignore[attr-defined] # no attribute that `object` has not
        return made

    def showing(self, function: Callable[..., str]) -> Callable[..., str]:
        """`repr`, `ascii` or `format`, whose texts say no addresses."""

        def show(*given: Any, **named: Any) -> str:
            text = function(*given, **named)
            return self.shown(text, given) if _AT in text else text

        show.__doc__ = function.__doc__
        return show

    def shown(self, text: str, values: Sequence[Any]) -> str:
        """The text of these values with the numbers of objects in the place of their addresses: of functions, generators and all
        whose `repr` is made in C. They are looked for in what the values hold."""
        if _AT not in text:
            return text
        wanted = {int(one, 16) for one in _ADDRESS.findall(text)}
        found = _held(values, wanted)
        if not found:
            return text

        def number(match: re.Match[str]) -> str:
            value = found.get(int(match[1], 16), found)
            return match[0] if value is found else f"{_AT}{self.identity(value):012x}"

        return _ADDRESS.sub(number, text)

    def entry_of(self, value: Any) -> Any:
        """What keeps the number of an object that has one."""
        return self._entries[id(value)]

    def _enroll(self, value: Any) -> Any:
        """A new number."""
        address = id(value)
        entry: Any
        try:
            entry = _Weak(value, self._when_it_dies)
        except TypeError:
            entry = _Kept(value)
            self._sweep()
            self._kept.append(entry)
        entry.address, entry.number = address, self._next()
        self._entries[address] = entry
        return entry

    def _forgetter(self) -> Callable[[_Weak], None]:
        entries = self._entries

        def forget(entry: _Weak) -> None:
            if entries.get(entry.address) is entry:
                del entries[entry.address]

        return forget

    def _sweep(self) -> None:
        """Let go of what nobody else has: like the hand of a clock, a little further each time."""
        kept = self._kept
        for _ in range(min(_HAND, len(kept))):
            entry = kept.popleft()
            if getrefcount(entry.value) <= _OURS:
                del self._entries[entry.address]
            else:
                kept.append(entry)


class Sample:
    """One of each kind that `web/engine/hashes.js` looks for in memory. `words`: where they lie, and what is found there."""

    def __init__(self) -> None:
        addresses = Addresses()
        kind = type("kind", (addresses.base,), {})
        value: Any = kind()
        hash(value)
        entry = addresses.entry_of(value)
        entry.hash = _NUMBER
        size, weak_list = (type.__dict__[name].__get__(kind) for name in ("__basicsize__", "__weakrefoffset__"))
        self.kept: Final = kind, value, entry
        self.words: Final = [
            *(id(kind), size, weak_list, id(object)),
            *(id(entry), id(_Weak), entry.__sizeof__()),
            *(id(_NUMBER), _NUMBER, id(entry.method), id(intern("__hash__"))),
        ]


def _references() -> int:
    """What `getrefcount` says of a value that only an entry holds."""
    entry = _Kept([])
    return getrefcount(entry.value)


_OURS: Final = _references()


def _held(values: Sequence[Any], wanted: set[int]) -> dict[int, Any]:
    """The objects at these addresses among what the values hold, themselves included. Nothing of a script's runs."""
    found: dict[int, Any] = {}
    seen: set[int] = set()
    left: deque[Any] = deque(values)
    while left and len(found) < len(wanted) and len(seen) < _MOST_HELD:
        value = left.popleft()
        where = id(value)
        if where in seen:
            continue
        seen.add(where)
        if where in wanted:
            found[where] = value
        if not issubclass(type(value), _OPAQUE):  # `isinstance` would ask the value itself
            left.extend(get_referents(value))
    return found


def _bare(name: str, function: Any) -> FunctionType:
    """The function with no names around it but those that it closes over: scripts see it as a method of their classes."""
    code = function.__code__.replace(co_name=name, co_qualname=f"object.{name}")
    bare = FunctionType(code, {"__builtins__": {}}, name, None, function.__closure__)
    bare.__module__, bare.__doc__ = "builtins", function.__doc__
    return bare
