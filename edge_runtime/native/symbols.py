"""Which symbols a shared library exports, and for which machine it was made, without loading it.

Takes: the bytes of an ELF (`.so`), Mach-O (`.dylib`) or PE (`.dll`) file of 64 bits.
Gives: `Symbols`.
Refuses: with `NotALibrary` what is none, or is cut off. No loop is longer than the bytes it reads.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_ELF: Final = b"\x7fELF"
_MACH: Final = b"\xcf\xfa\xed\xfe"
_FAT: Final = b"\xca\xfe\xba\xbe"
_PE: Final = b"MZ"

_ELF_MACHINES: Final = {62: "x86_64", 183: "aarch64", 243: "riscv64"}
_MACH_MACHINES: Final = {0x01000007: "x86_64", 0x0100000C: "aarch64"}
_PE_MACHINES: Final = {0x8664: "x86_64", 0xAA64: "aarch64"}

_DYNAMIC_SYMBOLS: Final = 11
_MOST_SLICES: Final = 64


class NotALibrary(Exception):
    """The bytes are no shared library; the text completes "cannot load module '…': "."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """`system` is `linux`, `darwin` or `win32`, as in `sys.platform`; `machine` like `x86_64`."""

    system: str
    machine: str
    names: frozenset[str]


def read_symbols(data: bytes, machine: str) -> Symbols:
    """The symbols of a library; of one for several machines, those for `machine` where it is among them."""
    try:
        if data.startswith(_ELF):
            return _elf(data)
        if data.startswith(_FAT):
            data = _slice(data, machine)
        if data.startswith(_MACH):
            return _mach(data)
        if data.startswith(_PE):
            return _pe(data)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise NotALibrary("it is a shared library that is cut off or damaged") from None
    raise NotALibrary("it is not a shared library of 64 bits (ELF, Mach-O or PE)")


def _at(layout: str, data: bytes, offset: int) -> tuple[Any, ...]:
    if offset < 0:
        raise IndexError
    return struct.unpack_from(layout, data, offset)


def _text(data: bytes, offset: int) -> str:
    end = data.find(b"\0", offset)
    if end < 0 or offset > len(data):
        raise IndexError
    return data[offset:end].decode()


def _entries(data: bytes, offset: int, count: int, size: int) -> Iterator[int]:
    """Where the entries of a table are, which must lie within the file."""
    if offset < 0 or offset + count * size > len(data):
        raise IndexError
    yield from range(offset, offset + count * size, size)


def _elf(data: bytes) -> Symbols:
    if data[4:6] != b"\2\1":
        raise NotALibrary("it is an ELF file, but not a little-endian one of 64 bits")
    machine = _ELF_MACHINES.get(_at("<H", data, 18)[0], "another machine")
    table = _at("<Q", data, 40)[0]
    size, count = _at("<HH", data, 58)
    sections = [_at("<IIQQQQIIQQ", data, place) for place in _entries(data, table, count, size)]
    names: set[str] = set()
    for section in sections:
        if section[1] == _DYNAMIC_SYMBOLS:
            strings = sections[section[6]][4]
            for place in _entries(data, section[4], section[5] // 24, 24):
                name, info, where = _at("<IBxH", data, place)
                # Global or weak, defined here; a function, or the table of the host.
                if where and info >> 4 in (1, 2) and info & 15 in (0, 1, 2):
                    names.add(_text(data, strings + name))
    return Symbols("linux", machine, frozenset(names))


def _slice(data: bytes, machine: str) -> bytes:
    """The part of a Mach-O file for several machines that is for `machine`, else the first."""
    count = min(_at(">I", data, 4)[0], _MOST_SLICES)
    parts = [_at(">IIII", data, place) for place in _entries(data, 8, count, 20)]
    fitting = [part for part in parts if _MACH_MACHINES.get(part[0]) == machine] or parts
    _, _, offset, size = fitting[0]
    return data[offset : offset + size]


def _mach(data: bytes) -> Symbols:
    machine = _MACH_MACHINES.get(_at("<I", data, 4)[0], "another machine")
    names: set[str] = set()
    place = 32
    for _ in range(min(_at("<I", data, 16)[0], len(data) // 8)):
        command, size = _at("<II", data, place)
        if command == 2:
            symbols, count, strings = _at("<III", data, place + 8)
            for entry in _entries(data, symbols, count, 16):
                name, kind = _at("<IB", data, entry)
                if kind & 0x1F == 0x0F:  # external, not private, defined in a section
                    names.add(_text(data, strings + name).removeprefix("_"))
        place += max(size, 8)
    return Symbols("darwin", machine, frozenset(names))


def _pe(data: bytes) -> Symbols:
    header = _at("<I", data, 0x3C)[0]
    if data[header : header + 4] != b"PE\0\0":
        raise NotALibrary("it is not a shared library of 64 bits (ELF, Mach-O or PE)")
    number, count = _at("<HH", data, header + 4)
    optional = header + 24
    sections = optional + _at("<H", data, header + 20)[0]
    if _at("<H", data, optional)[0] != 0x20B:
        raise NotALibrary("it is a Windows library, but not one of 64 bits")
    ranges = [_at("<IIII", data, place + 8) for place in _entries(data, sections, count, 40)]

    def offset(address: int) -> int:
        for virtual_size, virtual, _, raw in ranges:
            if virtual <= address < virtual + virtual_size:
                return int(raw + address - virtual)
        raise IndexError

    names: set[str] = set()
    directory = _at("<I", data, optional + 112)[0]
    if directory:
        found, table = _at("<I4xI", data, offset(directory) + 24)
        for entry in _entries(data, offset(table), found, 4) if found else ():
            names.add(_text(data, offset(_at("<I", data, entry)[0])))
    return Symbols("win32", _PE_MACHINES.get(number, "another machine"), frozenset(names))
