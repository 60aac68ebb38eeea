"""Twins of pure functions: the same text, with a table in the place of recursive calls.

Takes: the tree of a module and its text; the module's code.
Gives: the code of the module, in which a function that gains by a table is *hooked*. All that belongs to it travels in its own
constants, so that code still depends on nothing but its source.
Refuses: nothing; what is not known to be pure (purity.py) stays as it is.

A pure function has three codes. `fib` is what the script calls, an ordinary function, and runs its own text:

    hooked   return fib(n - 1) + … if <on 0> is None else
                    (<v> if (<v> := <enter 0>(<a 0> := n - 1)) is not None else fib(<a 0>)) + …
    plain    return fib(n - 1) + …                                as it is written, for runs without tables
    twin     return <keep 0>(<tally 0>(<get 0>(<k> := <pack 0>((n - 1,), 2)) or <twin 0>(<k>), <box>) + …, <key>, <box>)

A twin calls itself as Python calls Python: as in the plain code, no call takes any of C's stack. That is why the table is a
dictionary and not `lru_cache`, whose every miss nests two calls of C: a page's engine dies of some hundreds.

What `<enter 0>` gives was computed by the twin, of which nothing is seen: no frame, no error. Where the twin fails in any way
it gives None, `<on 0>` becomes None for the rest of the run, and the call is made as it is written. So every error, with its
frames and lines, is that of the text. machine/memo.py has the other half. (To set the function's `__code__` instead would
slow all its calls from Python 3.13 on: the interpreter does not specialise calls of functions whose code was changed.)
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from types import CodeType
from typing import Any, Final, TypeVar

from .purity import Pure, pure_functions, self_call

CARRIER: Final = "<memo>"
"""The name of the code object that holds a hooked function's other codes: no source can spell it."""
_Node = TypeVar("_Node", bound=ast.AST)
_FOUND: Final = "<v>"
_BOX: Final = "<box>"
_KEY: Final = "<key>"
_ASKED: Final = "<k>"
_CALL: Final = re.compile(r"\b(\w+)\(")  # one look at each word, however long
MARSHAL: Final = 2
"""The version of `marshal` in which equal bytes mean the same value, whoever else holds it."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A hooked function: the place of its first line, and the code of its others, once there is one."""

    name: str
    line: int
    carrier: ast.Module
    facts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Hooked:
    """The codes of one pure function, and what it stands on (`Pure`)."""

    position: int
    name: str
    code: CodeType
    plain: CodeType
    twin: CodeType
    reads: tuple[str, ...]
    helpers: tuple[tuple[str, int], ...]
    builtins: tuple[str, ...]
    leaks: bool
    height: int


def name_of(part: str, position: int) -> str:
    """The name under which the code of a module's pure function finds a part of its table."""
    return f"<{part} {position}>"


def hook(tree: ast.Module, text: str) -> list[Hook]:
    """Hook the pure functions of a module, in its tree."""
    found = pure_functions(tree.body, Counter(_CALL.findall(text)))
    bound = Counter(_bound(tree)) if found else {}  # a name that means something else too would be asked in vain
    return [_hook(position, pure) for position, pure in enumerate(found) if bound[pure.node.name] == 1]


def _bound(tree: ast.Module) -> Iterator[str]:
    """The names that a module binds, as often as it does; those that its functions and classes call `global` are among them."""
    inside: list[ast.AST] = []
    outside: list[ast.AST] = [tree]
    while outside:
        node = outside.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                inside += node.body
                outside += node.decorator_list  # and what else is computed where it is defined
                outside += [node.args] if not isinstance(node, ast.ClassDef) else [*node.bases, *node.keywords]
                continue
        outside += ast.iter_child_nodes(node)
    for top in inside:
        for node in ast.walk(top):
            if type(node) is ast.Global:
                yield from node.names


def _hook(position: int, pure: Pure) -> Hook:
    node = pure.node
    plain, twin = _bare(node), _bare(node)
    _rewrite(node, _Entering(node.name, position))
    _rewrite(twin, _Twin(node.name, position))
    _open(twin, position)
    facts = (position, pure.reads, pure.helpers, pure.builtins, pure.leaks, pure.height)
    return Hook(node.name, node.lineno, ast.Module([plain, twin], []), facts)


def attached(code: CodeType, hooks: list[Hook], compiled: Callable[[ast.Module], CodeType]) -> CodeType:
    """The code of a module, each hooked function's with its other codes among its constants."""
    if not hooks:
        return code
    by_place = {(one.name, one.line): one for one in hooks}
    constants: list[Any] = list(code.co_consts)
    for index, one in enumerate(constants):
        if isinstance(one, CodeType) and (found := by_place.get((one.co_name, one.co_firstlineno))):
            inner = compiled(found.carrier)
            plain, twin = (inner_one for inner_one in inner.co_consts if isinstance(inner_one, CodeType))
            carrier = inner.replace(co_name=CARRIER, co_qualname=CARRIER, co_consts=(plain, twin, found.facts))
            constants[index] = one.replace(co_consts=(*one.co_consts, carrier))
    return code.replace(co_consts=tuple(constants))


def hooked(code: CodeType) -> Iterator[Hooked]:
    """The hooked functions in a module's code."""
    for one in code.co_consts:
        if isinstance(one, CodeType) and (carrier := _carrier(one)) is not None:
            plain, twin, (position, *facts) = carrier.co_consts
            yield Hooked(position, one.co_name, one, plain, twin, *facts)


def unhooked(code: CodeType) -> CodeType:
    """The code of a module as it is written."""
    plain = {id(one.code): one.plain for one in hooked(code)}
    return code.replace(co_consts=tuple(plain.get(id(one), one) for one in code.co_consts)) if plain else code


def _carrier(code: CodeType) -> CodeType | None:
    last = code.co_consts[-1] if code.co_consts else None
    return last if isinstance(last, CodeType) and last.co_name == CARRIER else None


def _bare(node: ast.FunctionDef) -> ast.FunctionDef:
    """A copy of a function without what only its definition needs."""
    annotations = [(one, one.annotation) for one in (*node.args.posonlyargs, *node.args.args)]
    returns, defaults = node.returns, node.args.defaults
    for one, _ in annotations:
        one.annotation = None
    node.returns, node.args.defaults = None, []
    try:
        return deepcopy(node)
    finally:
        for one, annotation in annotations:
            one.annotation = annotation
        node.returns, node.args.defaults = returns, defaults


def _rewrite(node: ast.FunctionDef, by: ast.NodeTransformer) -> None:
    node.body = [by.visit(one) for one in node.body]


def _open(node: ast.FunctionDef, position: int) -> None:
    """The twin takes a key, and opens it."""
    at = node.body[0]
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    opened = _call(name_of("open", position), [_name(_KEY, at)], at)
    targets = ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())
    box = ast.List([ast.Constant(0), ast.Constant(1)], ast.Load())
    opening: list[ast.stmt] = [
        ast.Assign([targets], opened),
        ast.Assign([ast.Name(_BOX, ast.Store())], box),
    ]
    node.body[:0] = [_at(at, one) for one in opening]
    node.args = _at(at, ast.arguments([], [ast.arg(_KEY)], None, [], [], None, []))


class _Entering(ast.NodeTransformer):
    """Recursive calls ask the table first. What goes into an error is made as it is written."""

    def __init__(self, name: str, position: int) -> None:
        self._name, self._enter, self._on = name, name_of("enter", position), name_of("on", position)
        self._given = 0
        self._within = False

    def visit(self, node: ast.AST) -> Any:
        """The innermost expression around all recursive calls of an expression asks first whether there is a table."""
        if self._within or not isinstance(node, ast.expr):
            return super().visit(node)
        calls = self._calls(node)
        if not calls or any(self._calls(child) == calls for child in ast.iter_child_nodes(node)):
            return self.generic_visit(node)
        written = deepcopy(node)
        self._within = True
        asking = super().visit(node)
        self._within = False
        off = ast.Compare(_name(self._on, node), [ast.Is()], [ast.Constant(None)])
        return _at(written, ast.IfExp(off, written, asking))

    def _calls(self, node: ast.AST) -> int:
        return sum(self_call(inner, self._name) for inner in ast.walk(node))

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.test = self.visit(node.test)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not self_call(node, self._name):
            return self.generic_visit(node)
        # What is computed is kept, so that nothing is computed twice. Calls among the arguments have names of their own; others
        # share them, because each local variable costs each call a little.
        first = self._given
        given: list[ast.expr] = []
        for index, value in enumerate(node.args):
            if isinstance(value, ast.Name | ast.Constant):
                given.append(deepcopy(value))
                continue
            name = name_of("a", self._given)
            self._given += 1
            given.append(_at(value, ast.NamedExpr(ast.Name(name, ast.Store()), self.visit(value))))
            node.args[index] = _name(name, value)
        self._given = first
        asked = ast.NamedExpr(ast.Name(_FOUND, ast.Store()), ast.Call(_name(self._enter, node), given, []))
        known = ast.Compare(asked, [ast.IsNot()], [ast.Constant(None)])
        return _at(node, ast.IfExp(known, ast.Name(_FOUND, ast.Load()), node))


class _Twin(ast.NodeTransformer):
    """Recursive calls go through the table; what is returned goes into it; errors need no words."""

    def __init__(self, name: str, position: int) -> None:
        self._name, self._position = name, position

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return _at(node, ast.Raise(_name(self._part("bail"), node), None))

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return _at(node, ast.Assert(self.visit(node.test), None))

    def visit_Return(self, node: ast.Return) -> ast.AST:
        value = self.visit(node.value) if node.value is not None else _at(node, ast.Constant(None))
        node.value = _call(self._part("keep"), [value, _name(_KEY, node), _name(_BOX, node)], node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not self_call(node, self._name):
            return node
        given = _at(node, ast.Tuple(node.args, ast.Load()))
        packed = _call(self._part("pack"), [given, _at(node, ast.Constant(MARSHAL))], node)
        key = _at(node, ast.NamedExpr(ast.Name(_ASKED, ast.Store()), packed))
        known = _call(self._part("get"), [key], node)
        made = _call(self._part("twin"), [_name(_ASKED, node)], node)
        entry = _at(node, ast.BoolOp(ast.Or(), [known, made]))
        return _call(self._part("tally"), [entry, _name(_BOX, node)], node)

    def _part(self, name: str) -> str:
        return name_of(name, self._position)


def _name(name: str, at: ast.AST) -> ast.expr:
    return _at(at, ast.Name(name, ast.Load()))


def _call(name: str, arguments: list[ast.expr], at: ast.AST) -> ast.expr:
    return _at(at, ast.Call(_name(name, at), arguments, []))


def _at(at: ast.AST, new: _Node) -> _Node:
    """The new node, and those in it that have no place yet, in the place of another."""
    for node in ast.walk(new):
        if isinstance(node, ast.stmt | ast.expr | ast.arg) and not hasattr(node, "lineno"):
            ast.copy_location(node, at)
    return new
