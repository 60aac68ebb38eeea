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
from functools import cache
from gc import get_referents
from itertools import count
from sys import getrefcount, intern
from types import AsyncGeneratorType, CodeType, CoroutineType, FunctionType, GeneratorType, ModuleType
from typing import Any, Final
from weakref import getweakrefs, ref

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
    """The number of an object that can be watched. `hash` is set where the object's hash is the number as well: in a page
    JavaScript reads it (`web/engine/hashes.js`). A set finds it by what it is, not by what it refers to; so the set's own
    `discard` can be its callback, and no Python runs when an object dies."""

    __slots__ = ("hash", "number")
    number: int
    __hash__ = object.__hash__
    __eq__ = object.__eq__


class _Kept:
    """The number of an object that cannot be watched: it is kept until nobody else has it."""

    __slots__ = ("hash", "number", "value")
    number: int

    def __init__(self, value: Any) -> None:
        self.value = value


class Addresses:
    """The sequence numbers of one run.

    An object's number is in a weak reference to it, which the object itself leads to: so nothing is found under an address that
    another object has by now. Ours are known by their callbacks. JavaScript makes its own for first hashes: plain ones, whose
    cached hash is the number.

    Whoever asks first takes a number, looks once more, and makes a reference. In between the collector may run, and with it a
    generator's `finally`, which asks for the same object, takes a later number and has its answer. So the largest number among an
    object's references is its own, and a reference without one is not ready.
    """

    def __init__(self) -> None:
        self._watched: set[_Weak] = set()
        self._hashed: set[ref[Any]] = set()
        self._kept: dict[int, _Kept] = {}
        self._turns: deque[_Kept] = deque()
        self._numbers = count(1)
        self._gone, self._hashed_gone = self._watched.discard, self._hashed.discard
        self._look = self._make_look()
        self._identity = self._make_identity()
        self.identity: Final = host_function("id", self._identity, own=True)
        self.base: Final = self._make_base()
        self.plain: Final = Hidden("object", (self.base,), dict(_OF_PLAIN))

    def __len__(self) -> int:
        """How many numbers are kept."""
        return len(self._watched) + len(self._hashed) + len(self._kept)

    def _make_look(self) -> Callable[[Any], int]:
        gone, hashed_gone, kept_at = self._gone, self._hashed_gone, self._kept.get
        weak, plain, references, address, cached, kind, unset = _Weak, ref, getweakrefs, id, hash, type, AttributeError

        def look(value: Any) -> int:
            """The number of an object; 0 where it has none."""
            number = 0
            for one in references(value):
                made_by = kind(one)  # a proxy answers for its object
                if made_by is weak and one.__callback__ is gone:
                    try:
                        said: int = one.number
                    except unset:
                        continue
                    if said > number:
                        number = said
                elif made_by is plain and one.__callback__ is hashed_gone:
                    return cached(one)
            if not number:
                entry = kept_at(address(value))
                if entry is not None:
                    number = entry.number
            return number

        return look

    def _make_identity(self) -> Callable[[Any], int]:
        look, enroll, numbers, following = self._look, self._enroll, self._numbers, next

        def identity(value: Any, /) -> int:
            """A number that no other object of this run has, now or later."""
            return look(value) or enroll(value, following(numbers))

        return identity

    def _make_base(self) -> type:
        gone, hashed_gone, numbers = self._gone, self._hashed_gone, self._numbers
        entry_of, enroll, identity, kept_at = self._entry_of, self._enroll, self._identity, self._kept.get
        weak, plain, references, following, unset = _Weak, ref, getweakrefs, next, AttributeError
        address, cached, kind = id, hash, type
        plain_repr, plain_hash = object.__repr__, object.__hash__
        lines_of = type.__dict__["__mro__"].__get__
        made: type

        def first_hash(value: Any) -> int:
            method = _behind(made, lines_of(kind(value)), "__hash__", plain_hash)
            if method is None:
                raise TypeError(f"unhashable type: {type(value).__name__!r}")
            if method is not plain_hash:
                return int(method(value))
            number = identity(value)
            entry = entry_of(value)
            if entry is not None:
                entry.hash = number
            return number

        def text(value: Any) -> str:
            method = _behind(made, lines_of(kind(value)), "__repr__", plain_repr)
            said: str = method(value)
            if method is not plain_repr:
                return said
            return f"{said[: said.rindex(_AT)]}{_AT}{identity(value):012x}>"

        def hash_of(self: Any, /) -> int:
            """Return hash(self)."""
            number: int
            entry: Any = None
            for one in references(self):
                made_by = kind(one)
                if made_by is weak and one.__callback__ is gone:
                    entry = one
                elif made_by is plain and one.__callback__ is hashed_gone:
                    return cached(one)
            if entry is None and (entry := kept_at(address(self))) is None and lines_of(kind(self))[-2] is made:
                number = enroll(self, following(numbers))  # as `first_hash` does it, with fewer calls
                if (entry := entry_of(self)) is not None:
                    entry.hash = number
                return number
            try:
                number = entry.hash
            except unset:
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

    def _entry_of(self, value: Any) -> Any:
        """What keeps the number of an object; None where JavaScript made it."""
        for one in getweakrefs(value):
            if type(one) is _Weak and one.__callback__ is self._gone:
                return one
        return self._kept.get(id(value))

    def _enroll(self, value: Any, number: int) -> int:
        """The number of an object that had none before this one was taken for it."""
        look = self._look
        if (found := look(value)) != 0:
            return found
        try:
            entry = _Weak(value, self._gone)
        except TypeError:
            return self._keep(value, number).number
        self._watched.add(entry)
        entry.number = number
        return look(value)

    def _keep(self, value: Any, number: int) -> _Kept:
        """What keeps the number of an object that cannot be watched: this one, where it has none by now."""
        entry = _Kept(value)
        entry.number = number
        self._sweep()
        kept = self._kept.setdefault(id(value), entry)
        if kept is entry:
            self._turns.append(entry)
        return kept

    def _sweep(self) -> None:
        """Let go of what nobody else has: like the hand of a clock, a little further each time."""
        turns = self._turns
        for _ in range(_HAND):
            if not turns:
                return
            entry = turns.popleft()
            if getrefcount(entry.value) <= _OURS:
                del self._kept[id(entry.value)]
            else:
                turns.append(entry)


class Sample:
    """One of each kind that `web/engine/hashes.js` looks for in memory. `words`: where they lie, and what is found there."""

    def __init__(self) -> None:
        base = Addresses().base
        hasher: Any = vars(base)["__hash__"]
        cells = dict(zip(hasher.__code__.co_freevars, hasher.__closure__, strict=True))
        gone, hashed_gone, numbers = (cells[name].cell_contents for name in ("gone", "hashed_gone", "numbers"))
        kind = type("kind", (base,), {"__hash__": lambda _: _NUMBER})
        value: Any = kind()
        entry: Any = _Weak(value, gone)
        plain, earlier = ref(value, hashed_gone), ref(value, hashed_gone)
        entry.hash = _NUMBER
        hash(plain), hash(earlier)
        self._things: Final = {
            "type": kind,
            "base": base,
            "other": object,
            "lines": kind.__mro__,
            "bases": kind.__bases__,
            "value": value,
            "number": _NUMBER,
            "entry": entry,
            "entryKind": _Weak,
            "plain": plain,
            "plainKind": ref,
            "earlier": earlier,
            "hasher": hasher,
            "function": FunctionType,
            "code": hasher.__code__,
            "closure": hasher.__closure__,
            "gone": gone,
            "hashedGone": hashed_gone,
            "hashed": hashed_gone.__self__,
            "numbers": numbers,
            "goneCell": cells["gone"],
            "hashedGoneCell": cells["hashed_gone"],
            "numbersCell": cells["numbers"],
            "counted": count(_NUMBER),
            "name": intern("__hash__"),
        }
        size, weak_list = (type.__dict__[name].__get__(kind) for name in ("__basicsize__", "__weakrefoffset__"))
        said = {
            "typeWeakList": type.__weakrefoffset__,
            "size": size,
            "weakList": weak_list,
            "depth": len(kind.__mro__),
            "digits": _NUMBER,
        }
        self.words: Final[dict[str, int]] = {name: id(thing) for name, thing in self._things.items()} | said


def _behind(base: type, lines: tuple[type, ...], name: str, default: Any) -> Any:
    """The method that stands behind the base's own: a class of a script's may have `dict` behind a plain class of its own.
    `lines`: of the object's class; `default`: what `object` has."""
    if lines[-2] is base:
        return default
    at = lines.index(base) if base in lines else len(lines)
    if next((vars(one)[name] for one in lines[:at] if name in vars(one)), None) is vars(base)[name]:
        return default  # the class asks for ours by its name: `__hash__ = Plain.__hash__`
    return next(vars(one)[name] for one in lines[at + 1 :] or lines if name in vars(one))


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
    bare = FunctionType(_code(name, function.__code__), {"__builtins__": {}}, name, None, function.__closure__)
    bare.__module__, bare.__doc__ = "builtins", function.__doc__
    return bare


@cache
def _code(name: str, code: CodeType) -> CodeType:
    """One for all runs: JavaScript knows the method by it."""
    return code.replace(co_name=name, co_qualname=f"object.{name}")
