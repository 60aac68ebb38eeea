"""Standard modules in Python reach for attributes as scripts do, so their code is rewritten as that of scripts is.

Takes: the tree of a standard module, or of text that one pasted together (`text.py`).
Gives: the same tree, changed in place; it calls the functions of `attributes.py` under names that no source can spell.
Refuses: nothing.

    x.format               ->  <attribute format>(x)           so every name of `GUARDED`
    "literal {}".format    stays
    getattr(x, name)       stays: the module finds a `getattr` with a guard under that name
    getattr(x, "name")     ->  <getattr>(x, "name")            so `hasattr`, `setattr`, `delattr`: nobody chose the name
    type(x)                ->  <type of>(x)                    but not where it is only compared or asked for its name

Why: a script chooses what these modules work on. It passes a class as `self` (`ChainMap.new_child(C)`: its class is `type`,
which makes any class of any namespace), puts names into objects whose methods read attributes by them, or overrides the
method that is handed what was read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from ..guard.names import GUARDED

TYPE_OF: Final = "<type of>"
TYPE_OF_SCRIPTS: Final = "<type of scripts>"
BY_NAME: Final = frozenset({"getattr", "hasattr", "setattr", "delattr"})
"""Built-in functions that take the name of an attribute."""

_ONLY_ASKED: Final = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})
_IDENTITY: Final = (ast.Is, ast.IsNot)
_SPARING: Final = (ast.Compare, ast.Attribute, ast.Call)
_CONCERNED: Final = re.compile(rf"\.(?:{'|'.join(sorted(GUARDED))})\b|\btype\b|\b(?:{'|'.join(sorted(BY_NAME))})\(")


def concerns(source: str) -> bool:
    """Whether a module has anything that is rewritten: looking at its text is quicker than parsing it."""
    return _CONCERNED.search(source) is not None


def rewrite(tree: ast.AST, *, asks_for_types: bool = True) -> None:
    """Change a tree. `asks_for_types` is whether `type(x)` is among what is changed."""
    nodes = list(ast.walk(tree))
    constants = frozenset(_constants(tree))
    spared: set[int] = set()
    fixed: set[int] = set()
    for parent in nodes:
        kind = type(parent)
        if kind in _SPARING:
            spared.update(map(id, _only_asked(parent)))
        elif isinstance(parent, ast.For):
            fixed.update(map(id, _written_out(parent)))
        elif kind is ast.arg or kind is ast.FunctionDef:
            _annotate(parent)
    for node in nodes:
        kind = type(node)
        if kind is ast.Attribute:
            _rewrite_attribute(node, spared)
        elif kind is ast.Call:
            _rewrite_call(node, spared, fixed, constants, asks_for_types)


def _rewrite_attribute(node: Any, spared: set[int]) -> None:
    if node.attr in GUARDED and type(node.ctx) is ast.Load and id(node) not in spared:
        node.__class__ = ast.Call
        node.func = ast.copy_location(ast.Name(f"<attribute {node.attr}>", ast.Load()), node)
        node.args, node.keywords = [node.value], []


def _rewrite_call(
    node: Any, spared: set[int], fixed: set[int], constants: frozenset[str], asks_for_types: bool
) -> None:
    called, given = node.func, node.args
    if type(called) is not ast.Name or not given:
        return
    if called.id == "type" and len(given) == 1 and not node.keywords:
        if asks_for_types and id(node) not in spared:
            called.id = TYPE_OF
    elif called.id in BY_NAME and len(given) > 1:
        name = given[1]
        if _is_text(name) or id(name) in fixed or (type(name) is ast.Name and name.id in constants):
            called.id = f"<{called.id}>"


def _annotate(node: Any) -> None:
    """The annotations of a function are within reach of a script: `type` is there what it is to scripts."""
    annotation = node.annotation if type(node) is ast.arg else node.returns
    if annotation is not None:
        for name in ast.walk(annotation):
            if type(name) is ast.Name and name.id == "type":
                name.id = TYPE_OF_SCRIPTS


def _only_asked(parent: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node whose value goes nowhere."""
    match parent:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if isinstance(op, _IDENTITY):
                yield from (side for side in (left, right) if not isinstance(side, ast.Attribute) or _is_class(side))
            elif isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.Name):
                yield left
        case ast.Attribute(value=value, attr=name) if name in _ONLY_ASKED:
            yield value
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str())) as template):
            yield template
        case ast.Call(func=ast.Attribute(attr="__setattr__") as setter, args=[_, ast.Constant(value=str()), _]):
            yield setter  # frozen data classes set a field so; the name was judged with the text


def _is_class(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def _constants(tree: ast.AST) -> Iterator[str]:
    """Names that stand for text that is written at the top of the module."""
    for node in tree.body if isinstance(tree, ast.Module) else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str())) if name.startswith("_"):
                yield name


def _written_out(loop: ast.For) -> Iterator[ast.AST]:
    """The uses of a loop's variable that stands for one of a few texts."""
    if isinstance(loop.iter, ast.Tuple) and isinstance(loop.target, ast.Name) and all(map(_is_text, loop.iter.elts)):
        for node in ast.walk(loop):
            if isinstance(node, ast.Name) and node.id == loop.target.id and isinstance(node.ctx, ast.Load):
                yield node


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
