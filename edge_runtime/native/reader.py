"""Reads the pieces that WebAssembly binaries are made of: numbers, names, types, constants.

Takes: one section's bytes.
Gives: a `Reader` that goes through them from front to back.
Refuses: with `Malformed` whatever the binary format does not have, or what leads past the section's end. A count is
compared with the bytes that are left before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

# Why a limit: each entry becomes an object, many times as large as its bytes. Engines stop at a million (JavaScript API,
# "Implementation limits"); Pyodide, as large as modules come, has a tenth of what is let through here.
MAX_ENTRIES: Final = 100_000

SECTIONS: Final = {
    0: "custom", 1: "type", 2: "import", 3: "function", 4: "table", 5: "memory", 6: "global", 7: "export", 8: "start",
    9: "element", 10: "code", 11: "data", 12: "data count", 13: "tag",
}  # fmt: skip
_HEAPS: Final = {
    0x69: "exn", 0x6A: "array", 0x6B: "struct", 0x6C: "i31", 0x6D: "eq", 0x6E: "any", 0x6F: "extern", 0x70: "func",
    0x71: "none", 0x72: "noextern", 0x73: "nofunc", 0x74: "noexn",
}  # fmt: skip
_VALUES: Final = {0x7B: "v128", 0x7C: "f64", 0x7D: "f32", 0x7E: "i64", 0x7F: "i32"} | {
    code: f"{name}ref" for code, name in _HEAPS.items()
}
_PACKED: Final = (0x77, 0x78)  # i16 and i8, in structs and arrays only

# Constant expressions: what follows each instruction, one letter an operand (u: an index, s: a signed number, h: a heap
# type, 4 and 8 and V: that many bytes, V being 16).
_CONSTANTS: Final = {
    0x23: "u", 0x41: "s", 0x42: "s", 0x43: "4", 0x44: "8", 0xD0: "h", 0xD2: "u",
    0x6A: "", 0x6B: "", 0x6C: "", 0x7C: "", 0x7D: "", 0x7E: "",
}  # fmt: skip
_PREFIXED: Final = {
    (0xFB, 0): "u", (0xFB, 1): "u", (0xFB, 6): "u", (0xFB, 7): "u", (0xFB, 8): "uu", (0xFB, 26): "", (0xFB, 27): "",
    (0xFB, 28): "", (0xFD, 12): "V",
}  # fmt: skip

_Item = TypeVar("_Item")


class Malformed(Exception):
    """The bytes are no WebAssembly module. The text completes "cannot load module '…': "; `fix` says what to do."""

    def __init__(self, reason: str, offset: int, fix: str | None = None) -> None:
        super().__init__(f"it cannot be read as a WebAssembly module: {reason} (byte {offset})")
        self.reason = reason
        self.offset = offset
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section of a file is: its first byte, its content, its end."""

    kind: int
    start: int
    body: int
    end: int


class Reader:
    """Reads one section from front to back."""

    __slots__ = ("at", "data", "end", "what")

    def __init__(self, data: bytes, section: Section) -> None:
        self.data = data
        self.at = section.body
        self.end = section.end
        self.what = f"its {SECTIONS[section.kind]} section"

    def byte(self) -> int:
        if self.at >= self.end:
            raise Malformed(f"{self.what} ends too early", self.end)
        self.at += 1
        return self.data[self.at - 1]

    def next_is(self, *codes: int) -> bool:
        """Whether the next byte is one of these; it is read only then."""
        found = self.at < self.end and self.data[self.at] in codes
        self.at += found
        return found

    def take(self, size: int) -> bytes:
        if size > self.end - self.at:
            raise Malformed(f"{self.what} ends too early", self.end)
        self.at += size
        return self.data[self.at - size : self.at]

    def u32(self) -> int:
        """An index, size or count."""
        first = self.byte()
        if first < 0x80:
            return first
        self.at -= 1
        return self.unsigned(32)

    def unsigned(self, bits: int) -> int:
        """A number in LEB128, at most as many bytes as its bits need; padding within them is allowed."""
        start, value = self.at, 0
        for shift in range(0, bits, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> bits:
                    break
                return value
        raise Malformed(f"a number in {self.what} has more than {bits} bits", start)

    def skip_signed(self) -> None:
        start = self.at
        while self.byte() >= 0x80:
            if self.at - start >= 10:
                raise Malformed(f"a number in {self.what} has more than 64 bits", start)

    def name(self) -> str:
        start, size = self.at, self.u32()
        try:
            return self.take(size).decode()
        except UnicodeDecodeError:
            raise Malformed(f"a name in {self.what} is not UTF-8", start) from None

    def count(self, limit: int = MAX_ENTRIES) -> int:
        """How many entries follow; each has one byte at least."""
        start, count = self.at, self.u32()
        if count > self.end - self.at:
            raise Malformed(f"{self.what} ends before its {count} entries", start)
        if count > limit:
            raise Malformed(f"{self.what} has more than {limit} entries", start)
        return count

    def many(self, one: Callable[[Reader], _Item], limit: int = MAX_ENTRIES) -> list[_Item]:
        return [one(self) for _ in range(self.count(limit))]

    def value_type(self) -> str:
        start, code = self.at, self.byte()
        known = _VALUES.get(code)
        if known is not None:
            return known
        if code not in (0x63, 0x64):
            raise Malformed(f"0x{code:02x} is no type that this release knows", start)
        self.heap_type()
        return "ref"

    def heap_type(self) -> None:
        if not self.next_is(*_HEAPS):
            self.skip_signed()

    def field(self) -> None:
        """A field of a struct or array: passed over, since no such value crosses to a script."""
        if not self.next_is(*_PACKED):
            self.value_type()
        self.byte()

    def constant(self) -> None:
        """Skip a constant expression."""
        while True:
            start, code = self.at, self.byte()
            if code == 0x0B:
                return
            operands = _PREFIXED.get((code, self.u32())) if code in (0xFB, 0xFD) else _CONSTANTS.get(code)
            if operands is None:
                raise Malformed(f"instruction 0x{code:02x} cannot stand in a constant", start)
            for operand in operands:
                if operand == "u":
                    self.u32()
                elif operand == "s":
                    self.skip_signed()
                elif operand == "h":
                    self.heap_type()
                else:
                    self.take(16 if operand == "V" else int(operand))

    def finish(self) -> None:
        if self.at != self.end:
            raise Malformed(f"{self.what} is longer than its content", self.at)
