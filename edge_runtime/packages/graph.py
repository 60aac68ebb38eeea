"""The module graph of a program that linked.

Takes: modules with their imports resolved.
Gives: `Graph` (frozen), the order of initialisation, the names that stars bind, problems of names.
Refuses: names that a module does not export, as diagnostics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..diagnostics import Diagnostic, edit_distance_hint, problem
from ..source import place_name
from ..syntax.parse import Import, Parsed
from .needs import Native


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeNode:
    """A code module. `targets` are the indexes of the modules that its imports mean, in the order of `parsed.imports`."""

    spec: str
    digest: str
    parsed: Parsed
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeNode:
    """A native module; `digest` is that of its bytes, where it has any."""

    spec: str
    digest: str
    native: Native


GraphNode = CodeNode | NativeNode


@dataclass(frozen=True, slots=True)
class Cycle:
    """The first import edge that closes a cycle: the module it stands in, which of its imports it is, and the chain."""

    module: int
    index: int
    chain: tuple[str, ...]

    @property
    def text(self) -> str:
        """`a.py -> b.py -> a.py`."""
        return " -> ".join(place_name(spec) for spec in self.chain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """`nodes[0]` is the entry. `order`: indexes in the order of initialisation, the entry last unless a `cycle` stops it.
    `stars`: for each module, the names that each of its star imports binds, by import index."""

    root: str
    nodes: tuple[GraphNode, ...]
    order: tuple[int, ...]
    cycle: Cycle | None
    stars: Mapping[int, Mapping[int, tuple[str, ...]]]


def initialisation(nodes: Sequence[GraphNode]) -> tuple[tuple[int, ...], Cycle | None]:
    """Depth first, imports in the order of the text, as Python would run them; stops at the first closing edge."""
    done: list[int] = []
    state = {0: 1}  # 1: begun, 2: done
    path = [(0, 0)]
    while path:
        index, step = path.pop()
        node = nodes[index]
        if isinstance(node, NativeNode) or step == len(node.targets):
            state[index] = 2
            done.append(index)
            continue
        path.append((index, step + 1))
        target = node.targets[step]
        if state.get(target) == 1:
            on_path = [nodes[visited].spec for visited, _ in path]
            chain = (*on_path[on_path.index(nodes[target].spec) :], nodes[target].spec)
            return tuple(done), Cycle(index, step, chain)
        if target not in state:
            state[target] = 1
            path.append((target, 0))
    return tuple(done), None


def exported_names(nodes: Sequence[GraphNode]) -> list[set[str]]:
    """What every module exports: what it binds, and what its stars bring; cycles of stars are followed to their end."""
    names = [
        set(node.parsed.names) if isinstance(node, CodeNode) else {*node.native.names, *node.native.constants}
        for node in nodes
    ]
    stars = [
        (index, node.targets[position])
        for index, node in enumerate(nodes)
        if isinstance(node, CodeNode)
        for position, item in enumerate(node.parsed.imports)
        if item.star
    ]
    changed = bool(stars)
    while changed:
        changed = False
        for index, target in stars:
            new = set(star_names(nodes[target], names[target])) - names[index]
            if new:
                names[index] |= new
                changed = True
    return names


def star_names(node: GraphNode, names: set[str]) -> tuple[str, ...]:
    """What a star import of a module binds: `__all__`, else every public name."""
    if isinstance(node, CodeNode) and node.parsed.all_names is not None:
        return node.parsed.all_names
    return tuple(sorted(name for name in names if not name.startswith("_")))


def check_names(
    nodes: Sequence[GraphNode],
) -> tuple[dict[int, dict[int, tuple[str, ...]]], dict[int, list[Diagnostic]]]:
    """The names that stars bind, and a problem for each imported name that its module does not export, by module."""
    exports = exported_names(nodes)
    stars: dict[int, dict[int, tuple[str, ...]]] = {}
    problems: dict[int, list[Diagnostic]] = {}
    for index, node in enumerate(nodes):
        if not isinstance(node, CodeNode):
            continue
        for position, (item, target) in enumerate(zip(node.parsed.imports, node.targets, strict=True)):
            known = exports[target]
            if item.star:
                names = star_names(nodes[target], known)
                stars.setdefault(index, {})[position] = names
                code, wanted = "no-export-all", list(names)
            else:
                code, wanted = "no-export", [name.name for name in item.names]
            for name in wanted:
                if name not in known and name != "__name__":
                    found = _missing(node, item, nodes[target], code, name, known)
                    problems.setdefault(index, []).append(found)
    return stars, problems


def _missing(node: CodeNode, item: Import, target: GraphNode, code: str, name: str, known: set[str]) -> Diagnostic:
    close = edit_distance_hint(name, (public for public in known if not public.startswith("__")))
    fix = f"did you mean '{close}'?" if close and code == "no-export" else None
    if isinstance(target, CodeNode):
        return problem(code, node.parsed.source, item.span, fix=fix, spec=target.spec, name=name)
    shown, reason = item.spec.partition("#")[0], target.native.missing.get(name)
    return problem(code, node.parsed.source, item.span, note=reason, fix=fix, spec=shown, name=name)
