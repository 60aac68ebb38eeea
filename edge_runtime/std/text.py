"""`exec`, `eval` and `compile` for standard modules that make functions from text (`dataclass`, `namedtuple`).

Takes: text that such a module pasted together, in part from what a script gave it.
Gives: what the built-in function gives, once the text has passed the language's own rules.
Refuses: names, attributes and syntax that a script could not have written itself; ready code objects. So text that a
script smuggles in can do nothing that the script could not do directly.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from types import CodeType
from typing import Any, Final

from ..guard.names import METHODS, is_dunder, is_hidden, may_read, may_write
from ..guard.rules import RULES
from ..syntax.depth import seems_too_deep
from .attributes import HELPERS_OF_COPIES
from .rewriting import rewrite

_TEMPLATE_NAMES: Final = ("__dataclass_", "__create_fn__")
"""How the names begin that `dataclasses` itself writes into its text, and that scripts cannot write."""

_BUILTINS: Final = {
    name: getattr(builtins, name)
    for name in "hash super type object tuple len isinstance repr NotImplemented AttributeError TypeError".split()
} | {name: helper for name, helper in HELPERS_OF_COPIES.items() if name.startswith("<")}
"""The built-ins of functions that are made so. Copied for each, because a script may write to what it is handed."""


def checked_exec(text: Any, space: dict[str, Any], names: Any = None, /) -> None:
    """`exec` of text that was made from a template."""
    tree = _judged(text, "exec")
    space.setdefault("__builtins__", dict(_BUILTINS))
    exec(_compiled(tree, "exec"), space, names)  # noqa: S102 - judged above


def checked_eval(text: Any, globals: dict[str, Any], locals: Any = None) -> Any:  # noqa: A002 - `eval`'s own names
    """`eval` of text that was made from a template."""
    tree = _judged(text, "eval")
    globals.setdefault("__builtins__", dict(_BUILTINS))
    return eval(_compiled(tree, "eval"), globals, locals)  # noqa: S307 - judged above


def checked_compile(text: Any, filename: str, mode: str, **_: Any) -> CodeType:
    """`compile`, for modules that only want to know whether text is an expression: nothing here runs the result."""
    if mode != "eval":
        raise ValueError("only expressions are compiled here")
    return _compiled(_parsed(text, mode), mode, filename)


def _compiled(tree: Any, mode: str, filename: str = "<string>") -> CodeType:
    code: CodeType = compile(tree, filename, mode, dont_inherit=True)
    return code


def _parsed(text: Any, mode: str) -> ast.AST:
    if type(text) is not str:
        raise TypeError("code that comes as an object is not run in Edge Python")
    if seems_too_deep(text) is not None:
        raise ValueError("this text is nested too deeply")
    return ast.parse(text, mode=mode)


def _judged(text: Any, mode: str) -> ast.AST:
    tree = _parsed(text, mode)
    for node in ast.walk(tree):
        if type(node) not in RULES and not isinstance(node, _MARKS):
            raise ValueError(f"the text of a name contains {type(node).__name__}; use letters, digits and underscores")
        for name, allowed in _names_in(node):
            if not allowed and not name.startswith(_TEMPLATE_NAMES):
                raise refused_name(name)
    rewrite(tree)
    return tree


def refused_name(name: str) -> ValueError:
    """The error for a name that a script gave and cannot have."""
    return ValueError(f"the name {name!r} is not available in Edge Python; choose another name")


def may_bind(name: str) -> bool:
    """Whether a script may bind this name: a variable, parameter, field or member."""
    return name in METHODS if is_dunder(name) else not is_hidden(name)


_MARKS: Final = (ast.Expression, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
"""Nodes that only say how another is meant; the language's own walk does not visit them."""


def _names_in(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Every name that a node writes, and whether a script may use it so."""
    match node:
        case ast.Name(id=name, ctx=context):
            yield name, may_read(name) if isinstance(context, ast.Load) else may_bind(name)
        case ast.Attribute(attr=name, ctx=context):
            yield name, may_read(name) if isinstance(context, ast.Load) else may_write(name)
        case ast.arg(arg=name) | ast.FunctionDef(name=name):
            yield name, may_bind(name)
        case ast.Constant(value=str() as name):
            yield name, may_write(name)  # frozen data classes set attributes by text
        case ast.Call(keywords=keywords):
            yield from ((word.arg, may_bind(word.arg)) for word in keywords if word.arg is not None)
        case ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal() | ast.ClassDef():
            yield type(node).__name__.lower(), False
