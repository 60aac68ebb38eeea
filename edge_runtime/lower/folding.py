"""Names of imported modules, read as quickly as a built-in name.

Takes: the tree of a module whose imports are loads already, and what it imports; later a whole program's `Facts`.
Gives: the tree, in which functions read `m.NAME` under a name of its own, `<m.NAME>`, that the machine fills as the module
starts; `Facts`, which travel in the code's own constants; and which of those names the program lets stand (`settle`).
Refuses: by default. What might see or set a module as an object makes all reads from it plain again.

    import m                            m = <module 0>
    def area(r):                   ->   def area(r):
        return m.square(r) * m.PI           return <m.square>(r) * <m.PI>

That is true to the text where four things hold, of which the first is read from this module and the others from all of them:

- `m` means the module wherever it stands: an import before all other statements binds it, and nothing else does.
- Nobody can set the name from outside: every `m` in the program reads a name of the module and does nothing else with it. So
  the module is in no list, and no `setattr`, no host and no guest ever holds it.
- The module itself has bound the name for good when its body ends: a statement of its top level did, and no `global`, `del`,
  `:=` or `except … as` of the same name stands in it. A name that may be missing would lead to the module too, by
  `AttributeError.obj`.
- No class reads the name as another one, as it does with `__x`.

Only functions are changed: the top level of modules and classes looks a built-in name up in two dictionaries before it finds it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Final

from ..packages.graph import CodeNode, Graph
from ..syntax.parse import Import, Parsed
from .walks import statements

_UNBINDS: Final = re.compile(r"\b(?:global|del|except)\b")
_WALRUS: Final = re.compile(r"(?<![^\x00-\x7f])\b(\w+) ?:=")  # an identifier may hold characters that are no `\w`
_BY_TEXT: Final = re.compile(r"\b(?:globals|locals|vars|import_module)\b")
"""Functions that give the modules among a module's names without naming them."""
_BARE: Final = frozenset({"ctx", "op", "ops"})
"""Fields that hold no names."""
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_OPAQUE: Final = ("wasm", "library")
"""Kinds of native modules that hold a script's objects in their own ways."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a program must know of one module. `fixed`: names that it has bound for good when its body ends. `reads`: for each of
    its imports the names that it reads from the module itself, None where it does more with it. `slots`: the position of an
    import and a name of its module, read as `slot_name`. `by_text`: names may be asked for by their text. `hooked`: its functions
    that have tables (twins.py)."""

    fixed: tuple[str, ...]
    reads: tuple[tuple[str, ...] | None, ...]
    slots: tuple[tuple[int, str], ...]
    by_text: bool
    hooked: tuple[str, ...] = ()


def slot_name(position: int, name: str) -> str:
    """The name under which functions of a chunk find a name of the module of an import."""
    return f"<module {position}>.{name}"


def leading(tree: ast.Module) -> frozenset[int]:
    """The import statements before all other statements of a module, by identity; asked before they are replaced."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(id(node))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            break
    return frozenset(found)


def fold(parsed: Parsed, first: frozenset[int], allowed: Collection[int] | None) -> Facts:
    """Fold the reads of a module's functions, in its tree. `first` are its leading imports; of `allowed` imports only, where it
    is given."""
    found = _Uses(parsed, first)
    reads = tuple(found.reads_of(position, item) for position, item in enumerate(parsed.imports))
    slots: dict[tuple[int, str], None] = {}
    positions = {item.bound: position for position, item in enumerate(parsed.imports)}
    for node, name in found.foldable:
        position = positions[name]
        if name in found.reads and (allowed is None or position in allowed):
            slots[position, node.attr] = None
            _become_name(node, slot_name(position, node.attr))
    by_text = _BY_TEXT.search(parsed.source.text) is not None
    return Facts(tuple(_fixed(parsed)), reads, tuple(slots), by_text)


def with_facts(code: CodeType, facts: Facts) -> CodeType:
    """A module's code that carries its facts."""
    held = (facts.fixed, facts.reads, facts.slots, facts.by_text, facts.hooked)
    return code.replace(co_consts=(*code.co_consts, held))


def facts_of(code: CodeType) -> Facts:
    """The facts that a module's code carries."""
    return Facts(*code.co_consts[-1])


def settle(graph: Graph, facts: Mapping[int, Facts]) -> frozenset[int]:
    """The modules of a program whose fixed names nothing can set."""
    opaque = any(not isinstance(node, CodeNode) and node.native.kind in _OPAQUE for node in graph.nodes)
    if opaque or any(one.by_text for one in facts.values()):
        return frozenset()
    away: set[int] = set()
    modules: dict[int, dict[str, int]] = {}
    """For each module its names that are modules."""
    for index in graph.order:
        node = graph.nodes[index]
        if not isinstance(node, CodeNode):
            continue
        own = modules[index] = {}
        for position, (item, target) in enumerate(zip(node.parsed.imports, node.targets, strict=True)):
            theirs = modules.get(target, {})
            if item.bound is not None:
                own[item.bound] = target
                reads = facts[index].reads[position]
                if reads is None or not _fixed_names(graph, facts, target).issuperset(reads):
                    away.add(target)
                away.update(theirs[name] for name in reads or () if name in theirs)
            stars = graph.stars.get(index, {}).get(position, ())
            away.update(own[name] for name in stars if name in own)  # the alias means another thing from here on
            taken = [(one.name, one.bound) for one in item.names] + [(name, name) for name in stars]
            for name, bound in taken:
                if name in theirs:
                    own[bound] = theirs[name]
                    away.add(theirs[name])
    reached = list(away)
    while reached:
        beyond = set(modules.get(reached.pop(), {}).values()) - away
        away |= beyond
        reached += beyond
    return frozenset(range(len(graph.nodes))) - away


def stands(graph: Graph, facts: Mapping[int, Facts], settled: Collection[int], index: int) -> bool:
    """Whether the names of a module's hooked functions stand: nothing in the module or in its program binds them anew."""
    own = facts[index]
    by_star = {name for names in graph.stars.get(index, {}).values() for name in names}
    return index in settled and by_star.isdisjoint(own.hooked) and set(own.hooked) <= set(own.fixed)


def _fixed_names(graph: Graph, facts: Mapping[int, Facts], index: int) -> frozenset[str]:
    node = graph.nodes[index]
    if isinstance(node, CodeNode):
        return frozenset(facts[index].fixed)
    return frozenset((*node.native.names, *node.native.constants))


class _Uses:
    """How a module uses the modules that it imports. `reads`: by each name that only ever means one, what is read from it;
    `foldable`: where a function does, and the name."""

    def __init__(self, parsed: Parsed, first: frozenset[int]) -> None:
        self.reads: dict[str, set[str]] = {
            item.bound: set()
            for item in parsed.imports
            if item.bound is not None and id(item.node) in first and not _private(item.bound)
        }
        self.foldable: list[tuple[ast.Attribute, str]] = []
        if self.reads:
            self._walk(parsed.tree)

    def reads_of(self, position: int, item: Import) -> tuple[str, ...] | None:
        """The names that are read from the module of an import; None where it is used in another way."""
        if item.bound is None:
            return ()
        return tuple(sorted(self.reads[item.bound])) if item.bound in self.reads else None

    def _walk(self, tree: ast.Module) -> None:
        bound: set[str] = set()
        stack: list[tuple[ast.AST, bool]] = [(tree, False)]
        while stack:
            node, inside = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                assert isinstance(node, ast.Name)
                if node.id in self.reads:
                    if type(node.ctx) is ast.Store and node.id not in bound:
                        bound.add(node.id)  # its import
                    else:
                        self.reads.pop(node.id, None)
                continue
            if kind is ast.Constant:
                continue
            if kind is ast.Attribute:
                assert isinstance(node, ast.Attribute)
                base = node.value
                if type(base) is ast.Name and base.id in self.reads:
                    self._read(node, base.id, inside)
                    continue
            self._children(node, inside, stack)

    def _children(self, node: ast.AST, inside: bool, stack: list[tuple[ast.AST, bool]]) -> None:
        kind = type(node)
        function, a_class = isinstance(node, _FUNCTIONS), kind is ast.ClassDef
        for part in node._fields:
            if part in _BARE:
                continue
            value = getattr(node, part, None)
            if isinstance(value, str):
                if kind is not ast.keyword and kind is not ast.Attribute:
                    self.reads.pop(value, None)  # a parameter, a function, a name that a pattern binds
                continue
            # A pattern takes no plain name. What stands around a function's body is part of where it is defined.
            within = part == "body" if function else inside and not a_class and part != "pattern"
            if isinstance(value, ast.AST):
                stack.append((value, within))
            elif isinstance(value, list):
                stack.extend((child, within) for child in value if isinstance(child, ast.AST))

    def _read(self, node: ast.Attribute, name: str, inside: bool) -> None:
        if type(node.ctx) is not ast.Load or node.attr.startswith("__"):  # those are other names in a class
            del self.reads[name]
            return
        self.reads[name].add(node.attr)
        if inside and node.lineno == node.end_lineno:  # else CPython would say another line in a traceback
            self.foldable.append((node, name))


def _private(name: str) -> bool:
    """In a class C, Python reads `__x` as `_C__x`: either may be meant by another text than its own."""
    return name.startswith("_") and "__" in name


def _become_name(node: ast.Attribute, name: str) -> None:
    changed: ast.AST = node
    changed.__class__ = ast.Name
    changed.id = name  # type: ignore[attr-defined]


def _fixed(parsed: Parsed) -> Iterator[str]:
    """The names that statements of the top level bind, and that nothing in the module may bind otherwise once they ran."""
    found: dict[str, None] = {}
    for node in parsed.tree.body:
        found.update(dict.fromkeys(_bound(node)))
    text = parsed.source.text
    for inner in statements(parsed.tree.body) if _UNBINDS.search(text) else ():
        if isinstance(inner, ast.Global):
            for name in inner.names:
                found.pop(name, None)
        elif isinstance(inner, ast.ExceptHandler) and inner.name:
            found.pop(inner.name, None)
        elif isinstance(inner, ast.Delete):
            for target in ast.walk(inner):
                if isinstance(target, ast.Name) and type(target.ctx) is ast.Del:
                    found.pop(target.id, None)
    for name in _walruses(parsed.tree, text):
        found.pop(name, None)  # a generator may run it later
    yield from (name for name in found if not _private(name))


def _walruses(tree: ast.Module, text: str) -> Iterable[str]:
    """All names that `:=` binds, and maybe more: mostly the text says which. In `{:=^9}` it binds nothing."""
    names = _WALRUS.findall(text)
    if len(names) == text.count(":=") - text.count("{:=") and all(name.isascii() for name in names):
        return names
    return [node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)]


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (one.id for one in node.targets if isinstance(one, ast.Name))
    elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
        yield node.target.id
