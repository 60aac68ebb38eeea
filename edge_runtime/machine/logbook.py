"""The log of a run as bytes: entries, and the plain values in them.

Takes: entries, one after the other; or the bytes of a log. Gives: its bytes; or the entries again.
Refuses: values that are not plain data, or whose parts are shared, as `Unkept` that names them; bytes that are no log, as
`Damaged`. Reading trusts nothing: no length is believed before it was compared with what is left.
"""

from __future__ import annotations

import builtins
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ..guard.sealed import Sealed

_DOUBLE: Final = struct.Struct("<d")
_ENOUGH_BITS: Final = 70
"""Bits of a count or a length: none of this machine's is longer."""

NONE, FALSE, TRUE, INT, MINUS, FLOAT, STR, BYTES, LIST, TUPLE, DICT = range(11)


class Unkept(Exception, metaclass=Sealed):
    """A value that a log cannot keep. The text says what it is: `a Point`."""


class Damaged(Exception, metaclass=Sealed):
    """These bytes are no log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What something gave, or the error that it raised."""

    value: Any = None
    error: BaseException | None = None


class Writer:
    """Appends to a log."""

    __slots__ = ("data",)

    def __init__(self, data: bytes | bytearray = b"") -> None:
        self.data = bytearray(data)

    def count(self, number: int) -> None:
        """A number that is not negative, seven bits a byte, lowest first."""
        data = self.data
        if number <= 0x7F:  # most are
            data.append(number)
            return
        while number > 0x7F:
            data.append(number & 0x7F | 0x80)
            number >>= 7
        data.append(number)

    def double(self, number: float) -> None:
        """A float, bit by bit."""
        self.data += _DOUBLE.pack(number)

    def raw(self, data: bytes) -> None:
        """Bytes, with their length before them."""
        self.count(len(data))
        self.data += data

    def text(self, text: str) -> None:
        """Text, half surrogate pairs too."""
        self.raw(text.encode("utf-8", "surrogatepass"))

    def outcome(self, value: Any, error: BaseException | None = None) -> None:
        """A value or an error; nothing of it where it cannot be kept."""
        if error is None and type(value) in _PARTLESS:  # as below, by a shorter way
            self.data += b"\0\1"
            self._leaf(value)
            return
        before = len(self.data)
        try:
            if error is None:
                self.data.append(0)
                self.value(value)
            else:
                self.data.append(1)
                self.error(error)
        except Unkept:
            del self.data[before:]
            raise

    def error(self, error: BaseException) -> None:
        """An error of a built-in class, with what it was made of."""
        name = type(error).__name__
        if _error_class(name) is not type(error):
            raise Unkept(f"an error of the class {name}")
        self.text(name)
        self.value(tuple(error.args))

    def value(self, value: Any) -> None:
        """A plain value: parts before what they are in, so that no depth meets a limit."""
        start = len(self.data)
        parts, seen = 0, set()
        stack: list[Any] = [value]
        while stack:
            one = stack.pop()
            if type(one) is _Full:
                self.data.append(one.tag)
                self.count(one.size)
                parts += 1
                continue
            size = self._leaf(one)
            parts += size
            if size:
                continue
            kind = type(one)
            if id(one) in seen and (one or kind is not tuple):
                raise Unkept("a value whose parts are shared")
            seen.add(id(one))
            stack.append(_Full(_TAGS[kind], len(one)))
            if kind is dict:
                for key, inner in reversed(one.items()):
                    stack += (inner, key)
            else:
                stack.extend(reversed(one))
        head = Writer()
        head.count(parts)
        self.data[start:start] = head.data

    def _leaf(self, one: Any) -> int:
        """1 if it was a value without parts, 0 if it is a container."""
        kind = type(one)
        if one is None or kind is bool:
            self.data.append(NONE if one is None else TRUE if one else FALSE)
        elif kind is int:
            self.data.append(INT if one >= 0 else MINUS)
            self.raw(abs(one).to_bytes((one.bit_length() + 7) // 8, "little"))
        elif kind is float:
            self.data.append(FLOAT)
            self.double(one)
        elif kind is str:
            self.data.append(STR)
            self.text(one)
        elif kind is bytes:
            self.data.append(BYTES)
            self.raw(one)
        elif kind in _TAGS:
            return 0
        else:
            name = kind.__name__
            raise Unkept(f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}")
        return 1


_PARTLESS: Final = frozenset({type(None), bool, int, float, str, bytes})
_TAGS: Final[dict[type, int]] = {list: LIST, tuple: TUPLE, dict: DICT}


class _Full:
    """On the stack of `Writer.value`: all parts of a container were written."""

    __slots__ = ("size", "tag")

    def __init__(self, tag: int, size: int) -> None:
        self.tag, self.size = tag, size


class Reader:
    """Reads a log from a place on."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes | bytearray) -> None:
        self.data, self.at = data, 0

    @property
    def over(self) -> bool:
        """Whether all was read."""
        return self.at >= len(self.data)

    def byte(self) -> int:
        """The next byte."""
        if self.over:
            raise Damaged
        self.at += 1
        return self.data[self.at - 1]

    def count(self) -> int:
        """See `Writer.count`."""
        number, shift = 0, 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
            if shift > _ENOUGH_BITS:
                raise Damaged

    def double(self) -> float:
        """See `Writer.double`."""
        number: float = _DOUBLE.unpack(self._take(8))[0]
        return number

    def raw(self) -> bytes:
        """See `Writer.raw`."""
        return self._take(self.count())

    def text(self) -> str:
        """See `Writer.text`."""
        try:
            return self.raw().decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Damaged from None

    def outcome(self) -> Outcome:
        """See `Writer.outcome`."""
        match self.byte():
            case 0:
                return Outcome(self.value())
            case 1:
                return Outcome(error=self.error())
            case _:
                raise Damaged

    def error(self) -> BaseException:
        """See `Writer.error`."""
        kind, given = _error_class(self.text()), self.value()
        if kind is None or type(given) is not tuple:
            raise Damaged
        try:
            made = kind(*given)
        except Exception:  # noqa: BLE001 - only a log that nobody wrote has other arguments than it takes
            raise Damaged from None
        return made

    def value(self) -> Any:
        """See `Writer.value`."""
        stack: list[Any] = []
        parts = self.count()
        if parts > len(self.data) - self.at:
            raise Damaged
        for _ in range(parts):
            self._part(stack)
        if len(stack) != 1:
            raise Damaged
        return stack[0]

    def _part(self, stack: list[Any]) -> None:
        tag = self.byte()
        if tag in _LEAVES:
            stack.append(_LEAVES[tag](self))
            return
        if tag not in (LIST, TUPLE, DICT):
            raise Damaged
        size = self.count() * (2 if tag == DICT else 1)
        if size > len(stack):
            raise Damaged
        parts = stack[len(stack) - size :]
        del stack[len(stack) - size :]
        if tag == DICT:
            try:
                stack.append(dict(zip(parts[::2], parts[1::2], strict=True)))
            except TypeError:  # a key that cannot be one
                raise Damaged from None
        else:
            stack.append(parts if tag == LIST else tuple(parts))

    def natural(self) -> int:
        """A whole number of any length."""
        return int.from_bytes(self.raw(), "little")

    def _take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise Damaged
        self.at += size
        return bytes(self.data[self.at - size : self.at])


_LEAVES: Final[dict[int, Callable[[Reader], Any]]] = {
    NONE: lambda _: None,
    FALSE: lambda _: False,
    TRUE: lambda _: True,
    INT: Reader.natural,
    MINUS: lambda reader: -reader.natural(),
    FLOAT: Reader.double,
    STR: Reader.text,
    BYTES: Reader.raw,
}


def _error_class(name: str) -> type[BaseException] | None:
    """The built-in exception of that name."""
    kind = vars(builtins).get(name)
    if isinstance(kind, type) and issubclass(kind, BaseException) and kind.__name__ == name:
        return kind
    return None
