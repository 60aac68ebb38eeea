"""From a checked tree to a code object.

Takes: a parsed module that the guard let through and rewrote (guard/rewrites.py). Its tree is used up.
Gives: its code, which depends on nothing but its source: imports load `<module N>` (N counts the module's own imports),
names that no source can spell and that the machine puts into the module's built-ins.
Refuses: what only Python's compiler notices (`return` outside a function and its kin), as diagnostics; for an `await` where
nothing can wait it says what to write.

    from "./a.py" import f as g   ->  g = <from>(<module 0>, "f")
    import a                      ->  a = <module 0>
    from a import *               ->  <star>(0)
    x + 1  (ends a snippet)       ->  <show>(x + 1)
    m.f(x)  (in a function)       ->  <module 0>.f(x)      where `folding.py` finds that nothing can tell; one name

A module that waits at its top level (`await`, `async for`, `async with`) is a coroutine: its code has CO_COROUTINE.
"""

from __future__ import annotations
import __future__

import ast
import marshal
import re
import warnings
from collections.abc import Collection, Iterator
from dataclasses import replace
from types import CodeType
from typing import Any, Final

from ..diagnostics import Diagnostic, problem
from ..guard.names import FROM, GENERIC, SHOW
from ..source import Span
from ..syntax.depth import MAX_DEPTH
from ..syntax.exports import BLOCKS
from ..syntax.parse import Import, Parsed, node_span, syntax_problem
from .explain import explained
from .folding import fold, leading, with_facts
from .making import at, call, constant, load
from .twins import MARSHAL, attached, hook

__all__ = ["FROM", "SHOW", "STAR", "lower", "module_name", "with_steady_sets"]

STAR: Final = "<star>"

_BODY: Final = ("body",)
_GENERIC_CLASS: Final = re.compile(r"\bclass\b[^(:\[]*\[")
"""Where the text may have a class with type parameters."""
_AROUND: Final = re.compile(rf"[^.]+\.<locals>\.{GENERIC}\.")
"""What stands around such a class once it was rewritten, in the names of code."""


def module_name(position: int) -> str:
    """The name under which a chunk finds the module of its import."""
    return f"<module {position}>"


def lower(
    parsed: Parsed, *, keep: bool = False, folded: Collection[int] | None = None
) -> CodeType | tuple[Diagnostic, ...]:
    """Compile a module, or say why not. `keep`: it is a snippet of a session that keeps its names, and shows its last value.
    `folded`: the positions of the imports whose names are folded, where not all of them may be (folding.py)."""
    tree = parsed.tree
    if keep:
        _show_last(tree)
    first = leading(tree)
    if parsed.imports or parsed.future:
        _replace_imports(tree, parsed.imports)
    hooks = hook(tree, parsed.source.text)
    facts = fold(parsed, first, () if keep else folded)

    def compiled(module: ast.Module) -> CodeType:
        code: CodeType = compile(
            module, parsed.source.spec, "exec", flags=_flags(parsed), dont_inherit=True, optimize=0
        )
        return code

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = attached(compiled(tree), hooks, compiled)
    except SyntaxError as error:
        return (explained(parsed, _compiler_problem(parsed, error)),)
    except (RecursionError, MemoryError):
        return (problem("too-deep", parsed.source, Span(1, 1, 1, 2), limit=MAX_DEPTH),)
    finally:
        parsed.tree.body.clear()  # a thousand trees would be most of the memory of a session
    if _GENERIC_CLASS.search(parsed.source.text):
        code = _as_written(code)
    return with_facts(with_steady_sets(code), replace(facts, hooked=tuple(one.name for one in hooks)))


def with_steady_sets(code: CodeType) -> CodeType:
    """Code whose constant sets are walked in an order that depends on nothing but their elements. Else it would be that of the
    text for code that was just compiled, and for code that was kept as bytes one that changes with who refers to the elements."""
    constants: list[Any] | None = None
    for index, value in enumerate(code.co_consts):
        if type(value) is CodeType:
            steady: object = with_steady_sets(value)
        elif type(value) is frozenset:
            steady = frozenset(sorted(value, key=_plain_bytes))
        else:
            continue
        if steady is not value:
            constants = constants or list(code.co_consts)
            constants[index] = steady
    return code if constants is None else code.replace(co_consts=tuple(constants))


def _plain_bytes(value: Any) -> bytes:
    return marshal.dumps(value, MARSHAL)


def _as_written(code: CodeType) -> CodeType:
    """Code with the names that it would have, had no class with type parameters been rewritten."""
    around = "<bases>" in code.co_varnames
    name = f"<generic parameters of {code.co_name}>" if around else _AROUND.sub("", code.co_qualname)
    constants = tuple(
        _as_written(value) if isinstance(value, CodeType) else name if value == code.co_qualname else value
        for value in code.co_consts
    )
    return code.replace(co_qualname=name, co_consts=constants)


def _show_last(tree: ast.Module) -> None:
    """A snippet's last statement, where it is an expression, is shown."""
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        last.value = call(SHOW, [last.value], last.value)


def _flags(parsed: Parsed) -> int:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    for name in parsed.future:
        feature: __future__._Feature = getattr(__future__, name)
        flags |= feature.compiler_flag
    return flags


def _replace_imports(tree: ast.Module, imports: tuple[Import, ...]) -> None:
    """Put the lowered statements in the place of the import statements."""
    lowered: dict[int, list[ast.stmt]] = {}
    for position, item in enumerate(imports):
        lowered.setdefault(id(item.node), []).extend(_statements(position, item))
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        for name in _BODY if node is tree else BLOCKS.get(type(node), ()):
            block: list[ast.stmt] = getattr(node, name)
            if any(isinstance(child, ast.Import | ast.ImportFrom) for child in block):
                block[:] = [new for child in block for new in _lowered(child, lowered)]
            stack.extend(block)


def _lowered(node: ast.stmt, lowered: dict[int, list[ast.stmt]]) -> list[ast.stmt]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        found = lowered.get(id(node))
        return found if found is not None else [at(node, ast.Pass())]
    return [node]


def _statements(position: int, item: Import) -> Iterator[ast.stmt]:
    node = item.node
    module = load(module_name(position), node)
    if item.star:
        yield at(node, ast.Expr(call(STAR, [constant(position, node)], node)))
    elif item.bound is not None:
        yield _assign(item.bound, module, node)
    for name in item.names:
        yield _assign(name.bound, call(FROM, [module, constant(name.name, node)], node), node)


def _assign(bound: str, value: ast.expr, node: ast.stmt) -> ast.stmt:
    return at(node, ast.Assign([at(node, ast.Name(bound, ast.Store()))], value))


def _compiler_problem(parsed: Parsed, error: SyntaxError) -> Diagnostic:
    """The compiler counts UTF-8 bytes where the parser counts characters."""
    found = syntax_problem(parsed.source, error)
    span = found.span
    if span is None or error.lineno is None:
        return found
    place = ast.Pass(
        lineno=span.line, col_offset=span.column - 1, end_lineno=span.end_line, end_col_offset=span.end_column - 1
    )
    return Diagnostic(
        code=found.code, message=found.message, spec=found.spec, span=node_span(parsed.source, place), text=found.text
    )
