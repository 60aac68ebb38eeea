"""A compiled, linked program: frozen data.

Takes: nothing; `pipeline.compile_program` makes one.
Gives: what a `Machine` needs to run it, with no name of any package, manifest or platform left in it.
Refuses: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType

from ..source import Source, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One import of a chunk: the module that it means, where it stands, the names that it binds if it is a star."""

    target: int
    span: Span
    star: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A code module. `names` are the modules that `import_module` finds from here, by all their names; `slots` what its
    functions read from modules under names of its own: the position of the import and the name there (folding.py)."""

    spec: str
    digest: str
    source: Source
    code: CodeType
    links: tuple[Link, ...]
    names: Mapping[str, int]
    slots: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeModule:
    """A module whose functions the host brings. `kind` as in `Native` (packages/needs.py): `host`, `std`, `memory`, `wasm`,
    `library`; `digest` is that of its bytes, where it has any."""

    spec: str
    kind: str
    names: tuple[str, ...]
    constants: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True)
class Extern:
    """A native function that the program imports by name."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class ClosingEdge:
    """The import that closes a cycle: reaching it ends the program with an `ImportError`."""

    module: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`modules[0]` is the entry; `order` the chunks in the order of initialisation. A `cycle` ends it after those."""

    modules: tuple[Chunk | NativeModule, ...]
    order: tuple[int, ...]
    cycle: ClosingEdge | None
    externs: tuple[Extern, ...]
    root: str

    @property
    def entry(self) -> Chunk:
        """The chunk that is `__main__`."""
        chunk = self.modules[0]
        assert isinstance(chunk, Chunk)
        return chunk

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every code module, by canonical spec."""
        return {module.spec: module.digest for module in self.modules if isinstance(module, Chunk)}
