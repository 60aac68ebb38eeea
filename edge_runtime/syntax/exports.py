"""What a module imports and what it binds, read from its statements.

Takes: the parser's tree.
Gives: `Outline`: the import statements in the order of the text, the names that the module's top level binds, and
`__all__` where it is assigned a literal.
Refuses: nothing; whether a statement is allowed is the guard's matter.

Only statements are walked (expressions too where the text has a walrus), so the cost is a fraction of the parser's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FUTURE: Final = "__future__"
"""Statements that import from it change how a module is compiled; they bind nothing here."""

ImportNode = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Outline:
    """`imports`: (statement, at top level?). `names`: bound at the top level, star imports left out."""

    imports: tuple[tuple[ImportNode, bool], ...]
    names: frozenset[str]
    all_names: tuple[str, ...] | None


BLOCKS: Final[dict[type[ast.AST], tuple[str, ...]]] = {
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.AsyncFor: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.AsyncWith: ("body",),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.Match: ("cases",),
    ast.match_case: ("body",),
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
}
"""Where statements stand in statements."""

_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def outline(tree: ast.Module, *, walrus: bool) -> Outline:
    """The outline of a module. `walrus`: the text has `:=` somewhere, so expressions may bind names too."""
    imports: list[tuple[ImportNode, bool]] = []
    names: set[str] = set()
    all_names: tuple[str, ...] | None = None
    stack: list[tuple[ast.AST, bool]] = [(node, True) for node in reversed(tree.body)]
    while stack:
        node, top = stack.pop()
        kind = type(node)
        if kind is ast.Import or kind is ast.ImportFrom:
            assert isinstance(node, ImportNode)
            imports.append((node, top))
        elif kind is ast.Global:
            assert isinstance(node, ast.Global)
            names.update(node.names)
        if top:
            names.update(_bound_by(node))
            if kind is ast.Assign:
                assert isinstance(node, ast.Assign)
                all_names = _literal_all(node, all_names)
            if walrus:
                names.update(_walrus_names(node))
        blocks = BLOCKS.get(kind)
        if blocks:
            inner_top = top and not isinstance(node, _SCOPES)
            for block in reversed(blocks):
                stack.extend((child, inner_top) for child in reversed(getattr(node, block)))
    return Outline(tuple(imports), frozenset(names), all_names)


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a statement itself binds in its scope."""
    match node:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _targets(target)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ImportFrom(module=module, names=aliases) if module != FUTURE:
            yield from (alias.asname or alias.name for alias in aliases if alias.name != "*")
        case ast.Import(names=aliases):
            yield from (alias.asname or alias.name for alias in aliases)
        case ast.AnnAssign(target=target, value=value):
            if value is not None:
                yield from _targets(target)
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
            yield from _targets(target)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    yield from _targets(item.optional_vars)
        case ast.match_case(pattern=pattern):
            for inner in ast.walk(pattern):
                if isinstance(inner, ast.MatchAs | ast.MatchStar) and inner.name:
                    yield inner.name
                elif isinstance(inner, ast.MatchMapping) and inner.rest:
                    yield inner.rest
        case _:
            # `type X = …` exists from 3.12 on, where the node has a name to bind.
            named = getattr(node, "name", None)
            if isinstance(named, ast.Name):
                yield named.id


def _targets(target: ast.expr) -> Iterator[str]:
    stack = [target]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Tuple | ast.List):
            stack.extend(node.elts)
        elif isinstance(node, ast.Starred):
            stack.append(node.value)


def _walrus_names(statement: ast.AST) -> Iterator[str]:
    """Names bound by `:=` in a statement's own expressions, decorators and defaults among them; comprehensions bind in
    the scope around them."""
    stack = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.NamedExpr):
            yield from _targets(node.target)
        if isinstance(node, ast.Lambda):
            stack.extend((*node.args.defaults, *(default for default in node.args.kw_defaults if default)))
        elif not isinstance(node, ast.stmt):
            stack.extend(ast.iter_child_nodes(node))


def _literal_all(node: ast.Assign, before: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
        value = node.value
        if isinstance(value, ast.List | ast.Tuple):
            items = [item.value for item in value.elts if isinstance(item, ast.Constant)]
            return tuple(item for item in items if isinstance(item, str))
    return before
