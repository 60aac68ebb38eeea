"""Standard modules in Python make objects of the class of `self`: `self.__class__(…)`, `type(self)(…)`.

Takes: the source of a standard module.
Gives: its tree, where both ask a function of ours.
Refuses: nothing.

Why: a script may call such a method with a class as `self` (`ChainMap.new_child(C)`). Then the class of `self` is `type`, which
makes any class of any namespace, and no script may have it (`guard/classes.py`).
"""

from __future__ import annotations

import ast
from typing import Any, Final

CLASS_OF: Final = "<class of>"
"""A name in the built-ins of the copies; no source can spell it."""


def needs_rewriting(source: str) -> bool:
    """Whether a module does so anywhere."""
    return ".__class__" in source or "type(self)" in source


def rewrite(tree: ast.Module) -> None:
    """Change a module's tree."""
    for node in ast.walk(tree):
        spot: Any = node
        if isinstance(node, ast.Attribute) and node.attr == "__class__" and isinstance(node.ctx, ast.Load):
            spot.__class__ = ast.Call
            spot.args, spot.keywords = [node.value], []
        elif not (isinstance(node, ast.Call) and ast.unparse(node) == "type(self)"):
            continue
        spot.func = ast.copy_location(ast.Name(CLASS_OF, ast.Load()), node)
