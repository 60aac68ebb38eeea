"""Writes bounds into a `.wasm`: no engine gives its memories and tables more, whatever its code asks for.

Takes: the bytes of a module that was read (`binary.py`); the pages that its memories may have.
Gives: the same bytes with a maximum in each memory and each table; the same object where nothing had to change.
Refuses: with `TooLarge` a module that has more than that at the start.

What is left after all minimums is shared out in equal parts. A memory that cannot grow further answers `memory.grow` with -1,
and a table `table.grow`, as at every limit; so a module meets its bound in an orderly way, in every engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..guard.sealed import Sealed
from . import PAGE
from .binary import Memory, read_memory, read_tables, sections
from .reader import Reader

MAX_SLOTS: Final = 1_000_000
"""Entries of all tables of a module: a hundred times what large programs have, and some tens of MiB in an engine."""

_ADDRESSED: Final = {(5, False): 2**16, (5, True): 2**48, (4, False): 2**32 - 1, (4, True): 2**64 - 1}
"""The largest maximum by section and width: of 64 bits, engines take 48 for memories."""


class TooLarge(Exception, metaclass=Sealed):
    """A valid module that wants more than there is. The text completes "cannot load module '…': "; `fix` says what to do."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.fix = fix


def bounded(data: bytes, pages: int) -> bytes:
    """The same module, its own memories together never more than `pages`, its tables never more than `MAX_SLOTS`."""
    parts: list[bytes] = []
    at = 0
    for section in sections(data):
        if section.kind not in (4, 5):
            continue
        reader = Reader(data, section)
        content = _tables(reader) if section.kind == 4 else _memories(reader, pages)
        reader.finish()
        if content is not None:
            parts += (data[at : section.start], bytes((section.kind,)), _unsigned(len(content)), content)
            at = section.end
    return b"".join((*parts, data[at:])) if parts else data


def _memories(reader: Reader, pages: int) -> bytes | None:
    """The memory section anew; None where it stays as it is."""
    memories = reader.many(read_memory)
    needed = sum(memory.minimum for memory in memories)
    if needed > pages:
        start, limit = needed * PAGE / 2**20, pages * PAGE / 2**20
        raise TooLarge(
            f"it needs {start:g} MiB of memory at the start, and {limit:g} MiB is the limit",
            "build it with a smaller initial memory, or raise the memory limit",
        )
    shared = _shared_out(5, memories, pages)
    return None if shared is None else _unsigned(len(memories)) + b"".join(shared)


def _tables(reader: Reader) -> bytes | None:
    """The table section anew; None where it stays as it is."""
    tables = read_tables(reader)
    needed = sum(table.limits.minimum for table in tables)
    if needed > MAX_SLOTS:
        raise TooLarge(
            f"its tables have {needed:,} entries at the start, and {MAX_SLOTS:,} is the limit",
            "build it with smaller tables",
        )
    shared = _shared_out(4, [table.limits for table in tables], MAX_SLOTS)
    if shared is None:
        return None
    entries = (table.head + limits + table.first for table, limits in zip(tables, shared, strict=True))
    return _unsigned(len(tables)) + b"".join(entries)


def _shared_out(kind: int, all_limits: Sequence[Memory], total: int) -> list[bytes] | None:
    """Limits that together stay within `total`, as they are written; None where all of them do already."""
    spare = total - sum(limits.minimum for limits in all_limits)
    written, changed = [], False
    for limits in all_limits:
        wanted = _ADDRESSED[kind, limits.wide] if limits.maximum is None else limits.maximum
        most = min(wanted, limits.minimum + spare // len(all_limits))
        changed = changed or most < wanted
        flags = 1 | limits.shared << 1 | limits.wide << 2
        written.append(bytes((flags,)) + _unsigned(limits.minimum) + _unsigned(most))
    return written if changed else None


def _unsigned(number: int) -> bytes:
    """A number in LEB128."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
