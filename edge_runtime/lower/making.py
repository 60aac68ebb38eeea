"""New nodes of a tree, in the place of others.

Takes: a node that stands in the source, and what is to stand there. Gives: the new node, with the lines and columns of the old.
Refuses: nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)


def call(name: str, arguments: Sequence[ast.expr], place: ast.AST) -> ast.expr:
    """A call of what a name means."""
    return at(place, ast.Call(load(name, place), list(arguments), []))


def load(name: str, place: ast.AST) -> ast.expr:
    """A name that is read."""
    return at(place, ast.Name(name, ast.Load()))


def constant(value: str | int | None, place: ast.AST) -> ast.expr:
    """A constant."""
    return at(place, ast.Constant(value))


def at(place: ast.AST, new: _Node) -> _Node:
    """The new node in the place of another; `ast.copy_location` looks at more than every node here has."""
    old: Any = place
    made: Any = new
    made.lineno, made.col_offset = old.lineno, old.col_offset
    made.end_lineno, made.end_col_offset = old.end_lineno, old.end_col_offset
    return new


def all_at(place: ast.AST, new: _Node) -> _Node:
    """The new node, and those in it that have no place yet, in the place of another."""
    for node in ast.walk(new):
        if isinstance(node, ast.stmt | ast.expr | ast.arg) and not hasattr(node, "lineno"):
            at(place, node)
    return new
