"""What a WebAssembly binary says about itself: imports, exports and their types, memories, tables.

Takes: the bytes of a `.wasm` (WebAssembly core specification 3.0, chapter 5).
Gives: a `Shape`, read from the small sections alone; the sections themselves, for who writes some anew (`bounds.py`).
Refuses: with one `Malformed` what those sections may not hold, and what is larger than any tool makes. Code, data and
elements are left unread: the engine validates them.

Nothing is trusted: no loop runs longer than the bytes that it reads, and what is kept of them is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .reader import MAX_ENTRIES, SECTIONS, Malformed, Reader, Section

MAGIC: Final = b"\0asm"
_MAX_SECTIONS: Final = 10_000
_MAX_FUNCTIONS: Final = 1_000_000
_MAX_VALUES: Final = 1_000
_MAX_TABLES: Final = 1_000
_MAX_READ: Final = 4 * 1024 * 1024
"""How many bytes of types, imports, exports and the like are read at all."""

_ORDER: Final = {kind: place for place, kind in enumerate((1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11))}
_READ: Final = frozenset({1, 2, 3, 4, 5, 6, 7, 13})

_HARMLESS: Final = (b"\x70", b"\x6f")  # func, extern

_KINDS: Final = ("function", "table", "memory", "global", "tag")


@dataclass(frozen=True, slots=True)
class Signature:
    """The type of a function: names like `i32` for its parameters and results."""

    params: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"{_listed(self.params)} -> {self.results[0] if len(self.results) == 1 else _listed(self.results)}"


@dataclass(frozen=True, slots=True)
class Memory:
    """A linear memory; sizes in pages of 64 KiB."""

    minimum: int
    maximum: int | None
    shared: bool
    wide: bool
    """Whether its addresses have 64 bits."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; sizes in entries."""

    head: bytes
    """Its type as it is written, and the mark of a first value before it."""

    limits: Memory
    """They have the form of a memory's."""

    first: bytes
    """The constant that its entries begin as, where one is written."""

    keeps: bool
    """Whether an entry may be an object made at run time, such as an exception; else it is a function or from outside."""


@dataclass(frozen=True, slots=True)
class Global:
    """The type of a global variable."""

    type: str
    mutable: bool


Type = Signature | Memory | Global | None
"""The type of an import or export; None for tables and tags, which nothing here looks at."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a module needs. `kind`: function, table, memory, global or tag."""

    module: str
    name: str
    kind: str
    type: Type


@dataclass(frozen=True, slots=True)
class Export:
    """What a module gives; `kind` as in `Import`."""

    name: str
    kind: str
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A module from outside. `memories` and `tables` are its own; `customs` are the names of its custom sections.

    `collects`: it has types of the garbage collection proposal. `thrown`: the most values that one of its exceptions carries.
    """

    imports: tuple[Import, ...]
    exports: tuple[Export, ...]
    memories: tuple[Memory, ...]
    customs: tuple[str, ...]
    has_start: bool
    tables: tuple[Table, ...] = ()
    collects: bool = False
    thrown: int = 0


def read_shape(data: bytes) -> Shape:
    """The shape of a module. Its cost follows the size of the sections that are read, not that of the code."""
    found: dict[int, Section] = {}
    customs: list[str] = []
    for section in sections(data):
        if section.kind == 0:
            customs.append(Reader(data, section).name())
        else:
            found[section.kind] = section
    if sum(section.end - section.body for section in found.values() if section.kind in _READ) > _MAX_READ:
        raise Malformed(f"its types, imports and exports take more than {_MAX_READ} bytes", len(MAGIC))
    spaces = _Spaces()
    imports: list[Import] = []
    exports: list[Export] = []
    tables: list[Table] = []
    tags: list[Signature] = []
    steps: tuple[tuple[int, Callable[[Reader], None]], ...] = (
        (1, spaces.read_types),
        (2, lambda reader: imports.extend(reader.many(spaces.read_import))),
        (3, lambda reader: spaces.functions.extend(reader.many(spaces.read_signature, _MAX_FUNCTIONS))),
        (4, lambda reader: tables.extend(read_tables(reader))),
        (5, lambda reader: spaces.memories.extend(reader.many(read_memory))),
        (13, lambda reader: tags.extend(reader.many(spaces.read_tag))),
        (6, lambda reader: spaces.globals.extend(reader.many(_read_global))),
        (7, lambda reader: exports.extend(reader.many(spaces.read_export))),
    )
    for kind, step in steps:
        if kind in found:
            reader = Reader(data, found[kind])
            step(reader)
            reader.finish()
    imported = sum(item.kind == "memory" for item in imports)
    return Shape(
        imports=tuple(imports),
        exports=tuple(exports),
        memories=tuple(spaces.memories[imported:]),
        customs=tuple(customs),
        has_start=8 in found,
        tables=tuple(tables),
        collects=spaces.collects,
        thrown=max((len(tag.params) for tag in tags), default=0),
    )


def sections(data: bytes) -> Iterator[Section]:
    """All sections, each inside the file and in its place."""
    if data[:4] != MAGIC:
        raise Malformed("its first bytes are not those of a .wasm file", 0)
    if data[4:8] == b"\x0d\0\x01\0":
        raise Malformed("it is a component, not a module", 4, "build a core module: no target of the wasip2 kind")
    if data[4:8] != b"\x01\0\0\0":
        raise Malformed("it ends within its version" if len(data) < 8 else "its version is not 1", 4)
    whole = Reader(data, Section(0, 0, 8, len(data)))
    last, count = -1, 0
    while whole.at < whole.end:
        start, kind = whole.at, whole.byte()
        size, count = whole.u32(), count + 1
        if kind not in SECTIONS:
            raise Malformed(f"{kind} is no section", start)
        if size > whole.end - whole.at:
            raise Malformed(f"its {SECTIONS[kind]} section is cut off", start)
        if count > _MAX_SECTIONS:
            raise Malformed(f"it has more than {_MAX_SECTIONS} sections", start)
        if kind:
            if _ORDER[kind] <= last:
                raise Malformed(f"its {SECTIONS[kind]} section is there twice or out of order", start)
            last = _ORDER[kind]
        yield Section(kind, start, whole.at, whole.at + size)
        whole.at += size


class _Spaces:
    """What the indices of a module stand for: types first, then functions, globals and memories, imported ones in front."""

    __slots__ = ("_known", "collects", "functions", "globals", "memories", "names", "types")

    def __init__(self) -> None:
        self.collects = False
        self.types: list[Signature | None] = []
        self.functions: list[Signature] = []
        self.globals: list[Global] = []
        self.memories: list[Memory] = []
        self.names: set[str] = set()
        self._known: dict[Signature, Signature] = {}

    def read_types(self, reader: Reader) -> None:
        for _ in range(reader.count()):
            if reader.next_is(0x4E):  # a group of types that know each other
                self.collects = True
                for _ in range(reader.count()):
                    self._read_subtype(reader)
            else:
                self._read_subtype(reader)

    def _read_subtype(self, reader: Reader) -> None:
        if len(self.types) >= MAX_ENTRIES:
            raise Malformed(f"{reader.what} has more than {MAX_ENTRIES} entries", reader.at)
        start, form = reader.at, reader.byte()
        self.collects = self.collects or form != 0x60
        if form in (0x4F, 0x50):
            for _ in range(reader.count()):
                reader.u32()
            start, form = reader.at, reader.byte()
        if form == 0x60:
            params = tuple(reader.many(Reader.value_type, _MAX_VALUES))
            signature = Signature(params, tuple(reader.many(Reader.value_type, _MAX_VALUES)))
            self.types.append(self._known.setdefault(signature, signature))
        elif form in (0x5E, 0x5F):
            for _ in range(1 if form == 0x5E else reader.count()):
                reader.field()
            self.types.append(None)
        else:
            raise Malformed(f"0x{form:02x} is no type that this release knows", start)

    def read_signature(self, reader: Reader) -> Signature:
        start, index = reader.at, reader.u32()
        signature = self.types[index] if index < len(self.types) else None
        if signature is None:
            raise Malformed(f"type {index} is no function type", start)
        return signature

    def read_tag(self, reader: Reader) -> Signature:
        reader.take(1)
        return self.read_signature(reader)

    def read_import(self, reader: Reader) -> Import:
        module, name, start, kind = reader.name(), reader.name(), reader.at, reader.byte()
        match kind:
            case 0:
                signature = self.read_signature(reader)
                self.functions.append(signature)
                return Import(module, name, "function", signature)
            case 1:
                reader.value_type()
                read_memory(reader)  # a table's limits have the same form
                return Import(module, name, "table", None)
            case 2:
                memory = read_memory(reader)
                self.memories.append(memory)
                return Import(module, name, "memory", memory)
            case 3:
                variable = _read_global_type(reader)
                self.globals.append(variable)
                return Import(module, name, "global", variable)
            case 4:
                self.read_tag(reader)
                return Import(module, name, "tag", None)
        raise Malformed(f"{kind} is no kind of import", start)

    def read_export(self, reader: Reader) -> Export:
        start = reader.at
        name = reader.name()
        if name in self.names:
            raise Malformed("two exports have the same name", start)
        self.names.add(name)
        start, kind, index = reader.at, reader.byte(), reader.u32()
        if kind >= len(_KINDS):
            raise Malformed(f"{kind} is no kind of export", start)
        spaces: dict[str, Sequence[Type]] = {
            "function": self.functions,
            "memory": self.memories,
            "global": self.globals,
        }
        space = spaces.get(_KINDS[kind])
        if space is None:
            return Export(name, _KINDS[kind], None)
        if index >= len(space):
            raise Malformed(f"there is no {_KINDS[kind]} {index} to export", start)
        return Export(name, _KINDS[kind], space[index])


def read_tables(reader: Reader) -> list[Table]:
    """The tables of a table section."""
    return reader.many(_read_table, _MAX_TABLES)


def _read_table(reader: Reader) -> Table:
    start = reader.at
    valued = reader.next_is(0x40)
    if valued:
        reader.take(1)
    at = reader.at
    reader.value_type()
    type_, head = reader.data[at : reader.at], reader.data[start : reader.at]
    limits, at = read_memory(reader), reader.at
    if valued:
        reader.constant()
    return Table(head, limits, reader.data[at : reader.at], keeps=not _is_harmless(type_))


def _is_harmless(type_: bytes) -> bool:
    """Whether a reference of this type is a function, or from outside; a number that is not negative names a type."""
    if type_[0] in (0x63, 0x64):
        return type_[1:] in _HARMLESS or type_[-1] & 0x40 == 0
    return type_ in _HARMLESS


def read_memory(reader: Reader) -> Memory:
    """Limits, and what kind of addresses they are for."""
    start, flags = reader.at, reader.byte()
    if flags > 7:
        raise Malformed(f"0x{flags:02x} are no limits that this release knows", start)
    bits = 64 if flags & 4 else 32
    minimum = reader.unsigned(bits)
    maximum = reader.unsigned(bits) if flags & 1 else None
    return Memory(minimum, maximum, shared=bool(flags & 2), wide=bool(flags & 4))


def _read_global(reader: Reader) -> Global:
    variable = _read_global_type(reader)
    reader.constant()
    return variable


def _read_global_type(reader: Reader) -> Global:
    kind, start, mutable = reader.value_type(), reader.at, reader.byte()
    if mutable > 1:
        raise Malformed("a global is neither constant nor variable", start)
    return Global(kind, bool(mutable))


def _listed(types: tuple[str, ...]) -> str:
    """Types as text, a long list cut short."""
    return f"({', '.join(types[:8])}{', …' if len(types) > 8 else ''})"
