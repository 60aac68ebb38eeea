"""Tables of what pure functions gave (docs/memoisation.md).

Takes: the code of a module, hooked by the compiler (lower/twins.py); the module's names.
Gives: the built-in names that hooked functions and their twins use, one set for each function and run.
Refuses: to change what a program does. A call is answered where all of this holds, else it is made as it is written, and so are
all later calls of that function in this run:

- the arguments are of built-in immutable types, and small; so is the result, which is a number; none of them is NaN;
- the names that the function stands on mean what they meant when it was looked at;
- the twin ended without any error, and the plain calls would not have gone too deep;
- the table gains: it saved more than it costs.

Keys are the arguments as `marshal` writes them: the same bytes mean the same types and values, signs of zeros and parts of
tuples included. Whoever asks gets a number out of which the hooked function makes a new one (`Pure.leaks` says where it may
not: then only numbers will do of which there is one object each). So nobody sees that a result was there already.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from marshal import dumps, loads
from operator import is_
from sys import getrecursionlimit, setrecursionlimit
from types import CodeType, FunctionType
from typing import Any, Final

from ..guard.sealed import Sealed
from ..lower.folding import facts_of
from ..lower.twins import ASKING, MARSHAL, TWIN, Hooked, hooked, name_of

MOST: Final = 1 << 12
"""Entries of a table; the oldest goes."""
_MOST_OF_ALL: Final = 1 << 14
"""Entries of all tables of a module: where they are many, each has its share."""
_FEWEST: Final = 16
LONGEST_KEY: Final = 512
LARGEST: Final = 1 << 2_048
_ONE_OBJECT: Final = frozenset(range(-5, 257))
"""Integers of which CPython has one object each."""
_ATOMS: Final = frozenset({int, float, str, bytes, bool, type(None)})
_DEEP: Final = 4
_DIVE: Final = 32
"""Twins that may wait for each other, until a recursion is known to go deep."""
_ROOM: Final = 50
"""Calls that built-in functions may nest below the deepest call, and ours."""

_COST: Final = 32
"""What an answer costs, in plain calls."""
_POOR: Final = 96
"""What asking costs beside, where the answer saves less than it costs: small calls that are made often are given up soon."""
_CREDIT: Final = 10_000
"""What a table may cost before it gains."""
_MOST_CREDIT: Final = 1_000_000
"""What earlier gains count for at most: some tens of milliseconds."""

_NOTHING: Final = object()
_Entry = tuple[Any, int, int]


class _Bail(Exception, metaclass=Sealed):
    """The plain code is to do it."""


class _TooFar(Exception, metaclass=Sealed):
    """Plain code is to go down, and to ask on its way back."""


def make_tables(code: CodeType, names: dict[str, Any], builtins: dict[str, Any]) -> None:
    """Put the tables of a module's pure functions into its built-ins. `names` are its globals, of which those are part."""
    found = list(hooked(code)) if facts_of(code).hooked else []
    if not found:
        return
    defined = {(one.co_name, one.co_firstlineno): one for one in code.co_consts if isinstance(one, CodeType)}
    most = min(MOST, max(_FEWEST, _MOST_OF_ALL // len(found)))
    for one in found:
        table = _Table(one, [defined[place] for place in one.helpers], names, builtins, most)
        builtins |= {name_of(part, one.position): value for part, value in table.parts().items()}


class _Table:
    """The table of one function: entries by key. An entry is a result, how deep the calls nest below the caller, and how many
    plain calls it stands for."""

    __slots__ = (
        "_asking", "_builtins", "_credit", "_dive", "_entries", "_expected", "_helpers", "_last", "_left", "_level",
        "_most", "_names", "_on", "_one", "_stands_on", "_twin",
    )  # fmt: skip

    def __init__(
        self, one: Hooked, helpers: list[CodeType], names: dict[str, Any], builtins: dict[str, Any], most: int
    ) -> None:
        self._most = most
        self._one, self._helpers, self._names, self._builtins = one, helpers, names, builtins
        self._stands_on = (one.name, *one.reads, *(name for name, _ in one.helpers), *one.builtins)
        self._expected: tuple[Any, ...] = ()
        made: dict[str, Any] = {}
        exec(one.carrier, names, made)  # noqa: S102 - the compiler's own
        self._asking, self._twin = made[ASKING], made[TWIN]
        self._entries: dict[bytes, _Entry] = {}
        self._credit = _CREDIT
        self._last: object = None
        self._left: list[Any] = []
        self._on = True
        self._level, self._dive = 0, _DIVE

    def parts(self) -> dict[str, Any]:
        """What the code of the function and of its twin calls, by the names of twins.py."""
        return {
            "self": self._asking, "twin": self._twin, "open": self._open, "pack": dumps,
            "enter": self.enter, "pop": self._left.pop, "get": self._entries.get, "keep": self._keep, "tally": self._tally,
            "bail": _Bail, "on": True, "down": True,
        }  # fmt: skip

    def enter(self, *given: Any) -> bool:
        """Leave what the function gives for these arguments. Or leave them: the plain code is to do it."""
        try:
            if not self._on:
                raise _Bail
            self._look()
            if not _ATOMS.issuperset(map(type, given)) and not all(map(_is_plain, given)):
                raise _Bail
            key, box, self._level = dumps(given, MARSHAL), [0, 0], 0
            value = self._tally(self._entries.get(key) or self._twin(key), box)
            if box[1] < _COST:
                self._credit -= _POOR
            limit, needed = getrecursionlimit(), box[0] + self._one.height + _ROOM
            # Refused where the calls stand too deep for so many more. Both are one call of C: nothing comes between them.
            any(map(setrecursionlimit, (max(1, limit - needed), limit)))
        except _TooFar:
            self._builtins[name_of("down", self._one.position)] = None
            self._dive = getrecursionlimit()
            self._left += (given,)
            return False
        except Exception:  # noqa: BLE001 - whatever it is, the plain code says it
            self._on = False
        else:
            self._left += (value,)
            return True
        self._left += (given,)
        try:  # noqa: SIM105 - `suppress` is a call, and here may be room for none: then a later one does it
            self._turn_off()
        except Exception:  # noqa: BLE001, S110 - see above
            pass
        return False

    def _look(self) -> None:
        """Whether the names mean what the compiler took them for, and still the same objects."""
        one, names = self._one, self._names
        if not self._expected:
            itself = names.get(one.name)
            read = [names.get(name, _NOTHING) for name in one.reads]
            helpers = [names.get(name) for name, _ in one.helpers]
            codes = zip((itself, *helpers), (one.code, *self._helpers), strict=True)
            if not all(_has_code(value, code) for value, code in codes) or not all(map(_is_plain, read)):
                raise _Bail
            self._expected = (itself, *read, *helpers, *repeat(_NOTHING, len(one.builtins)))
        if not all(map(is_, map(names.get, self._stands_on, repeat(_NOTHING)), self._expected)):
            raise _Bail

    def _turn_off(self) -> None:
        """Nothing is asked any more: the function does what is written, and calls nothing but itself."""
        one, itself = self._one, self._names.get(self._one.name)
        self._builtins |= dict.fromkeys((name_of("on", one.position), name_of("down", one.position)))
        if _has_code(itself, one.code):
            self._builtins[name_of("self", one.position)] = itself
        self._entries.clear()

    def _open(self, key: bytes) -> Any:
        """The arguments that a twin is called with, where they are fit for it."""
        self._level += 1
        if self._level > self._dive:
            raise _TooFar
        given = loads(key)  # noqa: S302 - we wrote it
        if len(key) > LONGEST_KEY or not all(map(_is_plain, given)):
            raise _Bail
        return given

    def _keep(self, value: Any, key: bytes, box: list[int]) -> _Entry:
        """Enter a result, where it is fit for the table."""
        self._level -= 1
        kind, leaks = type(value), self._one.leaks
        if kind is int:
            fits = value in _ONE_OBJECT if leaks else -LARGEST < value < LARGEST
        else:
            fits = kind is bool or (kind is float and not leaks and value == value)
        if not fits:
            raise _Bail
        self._last = entry = (value, box[0] + 1, min(box[1], _MOST_CREDIT))
        if len(self._entries) >= self._most:
            del self._entries[next(iter(self._entries))]
        self._entries[key] = entry
        return entry

    def _tally(self, entry: _Entry, box: list[int]) -> Any:
        """The result of an entry. Its caller's `box` takes in the depth and number of its calls."""
        value, height, calls = entry
        if entry is not self._last:  # it was there: so many calls are saved
            self._credit = min(self._credit + calls, _MOST_CREDIT)
        self._last = None
        self._credit -= _COST
        if self._credit < 0:
            raise _Bail
        if height > box[0]:
            box[0] = height
        box[1] += calls
        return value


def _has_code(value: Any, code: CodeType) -> bool:
    return type(value) is FunctionType and value.__code__ is code


def _is_plain(value: Any, deep: int = _DEEP) -> bool:
    """Whether a value is one of a built-in immutable type, through and through, and no NaN: `in`, and `==` of tuples, find the
    very same NaN and no copy of it."""
    if type(value) is tuple:
        inside: Iterable[Any] = value
        return deep > 0 and all(_is_plain(one, deep - 1) for one in inside)
    return type(value) in _ATOMS and value == value
