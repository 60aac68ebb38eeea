"""Generic classes of standard modules, in the older spelling.

Takes: the tree of a standard module (3.12 or later).
Gives: the same tree, where `class C[T](Base)` has become `class C(Base, Generic[T])` with a `TypeVar` of the module's own.
Refuses: nothing. Only classes at the top level are rewritten, and only parameters without a bound: all that there are.

Why: for the newer spelling the interpreter takes `Generic` from C, which works with the process's `typing`. A private copy
of `typing` needs one that works with the copy (`copies.py`).
"""

from __future__ import annotations

import ast
from typing import Any


def rewrite(tree: ast.Module) -> None:
    """Change a module's tree."""
    body: list[ast.stmt] = []
    for node in tree.body:
        parameters: list[Any] = getattr(node, "type_params", [])
        if isinstance(node, ast.ClassDef) and parameters:
            names = [f"<{node.name} {parameter.name}>" for parameter in parameters]
            body.extend(_variable(name, parameter.name) for name, parameter in zip(names, parameters, strict=True))
            node.bases.append(_subscript(names))
            parameters.clear()
        body.append(node)
    tree.body = body
    ast.fix_missing_locations(tree)


def _variable(name: str, spelled: str) -> ast.stmt:
    made = ast.parse(f"_ = TypeVar({spelled!r}, infer_variance=True)").body[0]
    assert isinstance(made, ast.Assign)
    made.targets = [ast.Name(name, ast.Store())]
    return made


def _subscript(names: list[str]) -> ast.expr:
    variables: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    return ast.Subscript(ast.Name("Generic", ast.Load()), ast.Tuple(variables, ast.Load()), ast.Load())
