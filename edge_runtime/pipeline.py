"""The way of a program, readable in one place.

Takes: an entry, what the host says (`Settings`), a session's caches, and outcomes for the needs that it yields.
Gives: a frozen `Program`, or every diagnostic.
Refuses: whatever a stage refuses; nothing half compiled leaves here.

`build` is a generator, because asking is the host's business: it yields batches of needs and is sent their outcomes. A
host that can block drives it with `drive`; the browser's host awaits each batch.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from .diagnostics import Diagnostic
from .guard.visitor import check as check_guard
from .lower.folding import facts_of, settle, stands
from .lower.lowering import lower
from .lower.program import Chunk, ClosingEdge, Extern, Link, NativeModule, Program
from .lower.twins import linked, unhooked
from .packages.graph import CodeNode, Graph, NativeNode
from .packages.integrity import digest_of
from .packages.linker import Entry, Linker
from .packages.needs import Need, Outcome
from .packages.resolver import Settings
from .source import Source
from .syntax.parse import Parsed, parse

Compiled = CodeType | tuple[Diagnostic, ...]
Outcomes = Mapping[str, Outcome]
Stored = tuple[Parsed, CodeType, Mapping[tuple[int, ...], CodeType]]
"""A module of an earlier visit: what the linker needs of it, its code, and its codes with names of fewer imports folded."""
Build = Generator["Batch", Outcomes, "Built"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What must be known next, all at once. `root` is the location of the program's root once it is known."""

    needs: list[Need]
    root: str | None


@dataclass(slots=True)
class Session:
    """What a host keeps across runs: parsed and compiled modules, by (spec, digest of the source); and `kept`, what the host has
    of earlier snippets, whose names go on. `stored` may have what an earlier session made of a module; `compilations` counts
    the modules that were compiled in this one."""

    parsed: dict[tuple[str, str], Parsed | tuple[Diagnostic, ...]] = field(default_factory=dict)
    compiled: dict[tuple[str, str], Compiled] = field(default_factory=dict)
    plainer: dict[tuple[str, str, tuple[int, ...]], CodeType] = field(default_factory=dict)
    """Modules compiled once more, with names of fewer of their imports folded (lower/folding.py)."""
    kept: Any = None
    stored: Callable[[Source, str], Stored | None] | None = None
    compilations: int = 0

    def parse(self, source: Source, digest: str) -> Parsed | tuple[Diagnostic, ...]:
        """What there is of a module, else what the parser says."""
        key = (source.spec, digest)
        known = self.parsed.get(key)
        if known is None:
            found = self.stored(source, digest) if self.stored else None
            if found is None:
                known = parse(source)
            else:
                known, self.compiled[key], plainer = found
                self.plainer.update({(*key, folded): code for folded, code in plainer.items()})
            self.parsed[key] = known
        return known

    def forget(self, digest: str) -> None:
        """Drop the modules of these bytes."""
        for key in [key for key in self.parsed if key[1] == digest]:
            del self.parsed[key]
            self.compiled.pop(key, None)
        for place in [place for place in self.plainer if place[1] == digest]:
            del self.plainer[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A program, or why there is none. `root` is the location of its root, `keys` every need that was asked."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    root: str
    keys: tuple[str, ...]


def build(
    entry: Entry,
    settings: Settings,
    session: Session,
    clock: Callable[[str], None] | None = None,
    *,
    keep: bool = False,
    memo: bool = True,
) -> Build:
    """source -> scan, parse -> link -> check -> lower -> Program. `clock` is told as each phase ends. `keep`: the entry is a
    snippet, whose names may have been bound by earlier ones, and which shows the value of its last expression. `memo`: recursive
    calls of pure functions may be answered from a table (lower/twins.py).

    Modules are checked and lowered as they come, because their trees are most of the memory that a build takes.
    """
    clock = clock or _no_clock
    with _snippet(entry, session) if keep else nullcontext():
        linker = Linker(entry, settings, session.parse)
        compiled = _compile_new(linker, session, keep=keep)
        while needs := linker.needs():
            outcomes = yield Batch(needs, linker.root)
            with _collector_paused():
                for key, outcome in outcomes.items():
                    linker.supply(key, outcome)
                clock("link")
                compiled |= _compile_new(linker, session, keep=keep)
                clock("compile")
        graph = linker.finish()
        clock("link")
    specs = [parsed.source.spec for parsed in linker.parsed_modules()]
    diagnostics = [] if isinstance(graph, Graph) else list(graph)
    diagnostics += [found for spec in specs if isinstance(code := compiled[spec], tuple) for found in code]
    program = None
    if isinstance(graph, Graph) and not diagnostics:
        with _collector_paused():
            program = assemble(graph, compiled, session, memo=memo, keep=keep)
    clock("compile")
    return Built(
        program=program,
        diagnostics=_in_order(diagnostics, specs),
        root=linker.root or "/",
        keys=tuple(linker.used),
    )


@contextmanager
def _snippet(entry: Entry, session: Session) -> Iterator[None]:
    """A snippet's code is not that of a program of the same text, and hardly anybody writes it twice: it is not kept."""
    digest = digest_of(entry.data)
    session.forget(digest)
    try:
        yield
    finally:
        session.forget(digest)


def _no_clock(_phase: str) -> None:
    """Nobody measures."""


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Trees are many small objects and none of them garbage: looking for cycles among them is a third of compiling."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def drive(steps: Build, supply: Callable[[list[Need]], Outcomes]) -> Built:
    """Run a build with a host that answers at once."""
    try:
        batch = next(steps)
        while True:
            batch = steps.send(supply(batch.needs))
    except StopIteration as stop:
        built: Built = stop.value
        return built


def _compile_new(linker: Linker, session: Session, *, keep: bool) -> dict[str, Compiled]:
    """Check and lower the modules that parsed since this was asked last, by their specs."""
    entry = linker.parsed_modules()[0] if keep and linker.parsed_modules() else None
    return {
        parsed.source.spec: compile_module(parsed, digest, session, keep=parsed is entry)
        for parsed, digest in linker.parsed_since()
    }


def compile_module(parsed: Parsed, digest: str, session: Session, *, keep: bool = False) -> Compiled:
    """Check and lower one module; the result depends on its spec and source alone, and on whether it is a snippet."""
    key = (parsed.source.spec, digest)
    known = session.compiled.get(key)
    if known is None:
        session.compilations += 1
        try:
            known = session.compiled[key] = check_guard(parsed, keep=keep) or lower(parsed, keep=keep)
        except BaseException:
            session.parsed.pop(key, None)  # lowering uses the tree up: half of it must not be compiled by a later run
            raise
    return known


def assemble(
    graph: Graph, compiled: Mapping[str, Compiled], session: Session, *, memo: bool = True, keep: bool = False
) -> Program:
    """Put the compiled modules of a sound graph together. Which names are folded is the program's matter: a module of a session
    that keeps its names may be changed by any later snippet."""
    codes = {index: _code(compiled[node.spec]) for index, node in enumerate(graph.nodes) if isinstance(node, CodeNode)}
    facts = {index: facts_of(code) for index, code in codes.items()}
    settled = frozenset() if keep else settle(graph, facts)
    chunks = {}
    for index, node in enumerate(graph.nodes):
        if isinstance(node, CodeNode):
            slots = tuple(slot for slot in facts[index].slots if node.targets[slot[0]] in settled)
            code = codes[index]
            if slots != facts[index].slots:
                code = _less_folded(node, tuple(sorted({position for position, _ in slots})), session)
            if facts[index].hooked:
                code = linked(code, stand=stands(graph, facts, settled, index)) if memo else unhooked(code)
            chunks[index] = _chunk(index, node, graph, code, slots)
    modules = tuple(
        chunks[index] if isinstance(node, CodeNode) else _native(node) for index, node in enumerate(graph.nodes)
    )
    cycle = None
    if graph.cycle is not None:
        node = graph.nodes[graph.cycle.module]
        assert isinstance(node, CodeNode)
        cycle = ClosingEdge(graph.cycle.module, node.parsed.imports[graph.cycle.index].span, graph.cycle.text)
    return Program(modules=modules, order=graph.order, cycle=cycle, externs=_externs(graph), root=graph.root)


def _less_folded(node: CodeNode, folded: tuple[int, ...], session: Session) -> CodeType:
    """A module that compiled, compiled again: this program may set names that its code takes for settled."""
    key = (node.spec, node.digest, folded)
    known = session.plainer.get(key)
    if known is None:
        session.compilations += 1
        parsed = parse(node.parsed.source)
        assert isinstance(parsed, Parsed)
        if check_guard(parsed):
            raise AssertionError("a module that was judged once is refused now")
        known = session.plainer[key] = _code(lower(parsed, folded=folded))
    return known


def _code(code: Compiled) -> CodeType:
    assert isinstance(code, CodeType)
    return code


def _chunk(index: int, node: CodeNode, graph: Graph, code: CodeType, slots: tuple[tuple[int, str], ...]) -> Chunk:
    stars = graph.stars.get(index, {})
    links = tuple(
        Link(target=target, span=item.span, star=stars.get(position))
        for position, (item, target) in enumerate(zip(node.parsed.imports, node.targets, strict=True))
    )
    # By canonical spec every module of the program is found; by spec or alias as written, those of this module.
    names = (
        {other.spec: place for place, other in enumerate(graph.nodes)}
        if "import_module" in node.parsed.source.text
        else {}
    )
    names |= {
        item.spec.partition("#")[0]: target for item, target in zip(node.parsed.imports, node.targets, strict=True)
    }
    return Chunk(
        spec=node.spec,
        digest=node.digest,
        source=node.parsed.source,
        code=code,
        links=links,
        names=names,
        slots=slots,
    )


def _native(node: NativeNode) -> NativeModule:
    native = node.native
    return NativeModule(
        spec=node.spec,
        kind=native.kind,
        names=tuple(sorted(native.names)),
        constants=native.constants,
        digest=node.digest,
    )


def _externs(graph: Graph) -> tuple[Extern, ...]:
    found: dict[Extern, None] = {}
    for node in graph.nodes:
        if not isinstance(node, CodeNode):
            continue
        for item, target in zip(node.parsed.imports, node.targets, strict=True):
            native = graph.nodes[target]
            if isinstance(native, NativeNode) and native.native.kind != "std":
                names = native.native.names
                found.update({Extern(native.spec, name.name): None for name in item.names if name.name in names})
    return tuple(found)


def _in_order(diagnostics: list[Diagnostic], specs: list[str]) -> tuple[Diagnostic, ...]:
    """Manifests first, then modules in the order of discovery, each in the order of its text."""
    place = {spec: index for index, spec in enumerate(specs)}

    def key(found: Diagnostic) -> tuple[int, int, int]:
        span = found.span
        return place.get(found.spec, -1), span.line if span else 0, span.column if span else 0

    return tuple(dict.fromkeys(sorted(diagnostics, key=key)))
