"""Walks over trees that look at what is asked for alone: `ast.walk` over a whole module takes as long as compiling it.

Takes: nodes. Gives: `statements`, and the `children` of one node.
Refuses: nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")


def statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Each statement in these, at any depth, in no order. Handlers and cases count as such, and nothing in expressions does."""
    stack = list(body)
    while stack:
        node = stack.pop()
        yield node
        for block in _BLOCKS:
            if block in node._fields:
                stack += getattr(node, block)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one."""
    found: list[ast.AST] = []
    for part in node._fields:
        value = getattr(node, part, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
    return found
