"""What to write instead of an `await` that stands where nothing can wait.

Takes: a module, not yet compiled; the compiler's error as a diagnostic.
Gives: the diagnostic, with a fix that names the function, lambda or class around the `await`.
Refuses: nothing; other errors are given back as they are.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Final

from ..diagnostics import Diagnostic
from ..source import Span
from ..syntax.parse import Parsed, node_span

_OUTSIDE: Final = (
    "'await' outside",
    "'async for' outside",
    "'async with' outside",
    "asynchronous comprehension outside",
)
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def explained(parsed: Parsed, found: Diagnostic) -> Diagnostic:
    """The same problem, with what to do about it."""
    if found.span is None or not found.message.startswith(_OUTSIDE):
        return found
    return replace(found, fix=_fix(_innermost(parsed, found.span)))


def _fix(scope: ast.AST | None) -> str | None:
    match scope:
        case ast.FunctionDef(name=name):
            return f"write 'async def {name}' in place of 'def {name}', and await its calls"
        case ast.Lambda():
            return "a lambda cannot wait; write an 'async def' function in its place"
        case ast.ClassDef(name=name):
            return f"a class body cannot wait; do it before 'class {name}', and use the result here"
    return None


def _innermost(parsed: Parsed, span: Span) -> ast.AST | None:
    """The function, lambda or class whose body a place stands in."""
    place, found = (span.line, span.column), None
    stack: list[ast.AST] = [parsed.tree]
    while stack:
        node = stack.pop()
        for child in ast.iter_child_nodes(node):
            at = node_span(parsed.source, child)
            if (at.line, at.column) <= place < (at.end_line, at.end_column):
                if isinstance(node, _SCOPES) and _in_body(node, child):
                    found = node
                stack.append(child)
            elif not hasattr(child, "lineno"):
                stack.append(child)
    return found


def _in_body(scope: ast.AST, node: ast.AST) -> bool:
    body: object = getattr(scope, "body", None)
    return node in body if isinstance(body, list) else node is body
