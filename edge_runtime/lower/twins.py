"""Twins of pure functions: the same text, with a table in the place of recursive calls.

Takes: the tree of a module and its text; the module's code.
Gives: the code of the module, in which a function that gains by a table is *hooked*. All that belongs to it travels in its own
constants, so that code still depends on nothing but its source.
Refuses: nothing; what is not known to be pure (purity.py) stays as it is.

What the script calls is an ordinary function and runs its own text. A pure one has four codes:

    plain    return fib(n - 1) + fib(n - 2)                       as it is written, for runs without tables
    linked   return <self 0>(n - 1) + <self 0>(n - 2)             the same, where nothing can bind `fib` anew
    asking   return (<self 0>(n - 1) if <down 0> is None else <pop 0>() if <enter 0>(n - 1) else <self 0>(*<pop 0>())) +
                    (fib(n - 2) if <on 0> is None else <pop 0>() if <enter 0>(n - 2) else fib(*<pop 0>()))
    twin     return <keep 0>(<tally 0>(<get 0>(<k> := <pack 0>((n - 1,), 2)) or <twin 0>(<k>), <box>) + …, <key>, <box>)

The script's function has the linked code. `<self 0>` is a function of the asking code at first, and the script's own as soon as
its table is off: from then on nothing is asked, and a call costs what it costs in the plain code. (To set the function's
`__code__` would slow all its calls from Python 3.13 on: the interpreter does not specialise calls of functions whose code was
changed.) Where `fib` may be bound anew (`stands`, folding.py), the script's function has the asking code, in which `fib` then
stands for `<self 0>`. The first call of a path has a flag of its own: where a recursion turns out to be deep, it goes down as
it is written from then on, and asks on its way back. So one that goes too deep costs next to nothing.

A twin calls itself as Python calls Python: as in the plain code, no call takes any of C's stack. That is why the table is a
dictionary and not `lru_cache`, whose every miss nests two calls of C: a page's engine dies of some hundreds.

What `<enter 0>` leaves for `<pop 0>` was computed by the twin, of which nothing is seen: no frame, no error. Where the twin fails
in any way these are the arguments, the table is off for the rest of the run, and the call is made as it is written. So every
error, with its frames and lines, is that of the text. machine/memo.py has the other half.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import CodeType
from typing import Any, Final, cast

from .making import all_at, call, load
from .purity import ENDS, Pure, pure_functions, self_call
from .walks import children, statements

CARRIER: Final = "<memo>"
"""The name of the code object that holds a hooked function's other codes: no source can spell it."""
ASKING: Final = "<asking>"
TWIN: Final = "<twin>"
_BOX: Final = "<box>"
_KEY: Final = "<key>"
_ASKED: Final = "<k>"
_CALL: Final = re.compile(r"\b(\w+)\(")  # one look at each word, however long
_NAMING: Final = frozenset((ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping))
"""What binds a name that is no node, beside definitions."""
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
    """The codes of one pure function, that of the script's first, and what it stands on (`Pure`). `carrier` is executed to make
    functions of the others, as the names `ASKING` and `TWIN`: from Python 3.13 on calls of functions made in other ways are slow.
    """

    position: int
    name: str
    code: CodeType
    carrier: CodeType
    asking: CodeType
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
        kind = type(node)
        if kind is ast.Constant:
            continue
        if isinstance(node, ast.Name):
            if type(node.ctx) is not ast.Load:
                yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            inside += node.body
            outside += node.decorator_list  # and what else is computed where it is defined
            outside += [node.args] if not isinstance(node, ast.ClassDef) else [*node.bases, *node.keywords]
        else:
            if kind in _NAMING:
                name = node.rest if isinstance(node, ast.MatchMapping) else node.name  # type: ignore[attr-defined] # `_NAMING`
                if name is not None:
                    yield name
            outside += children(node)
    for node in statements(inside):
        if isinstance(node, ast.Global):
            yield from node.names


def _hook(position: int, pure: Pure) -> Hook:
    node = pure.node
    asking, twin = _bare(node), _bare(node)
    _go_down(asking.body, node.name, name_of("self", position))
    _rewrite(asking, _Asking(node.name, position))
    _rewrite(twin, _Twin(node.name, position))
    _open(twin, position)
    facts = (position, pure.reads, pure.helpers, pure.builtins, pure.leaks, pure.height)
    taken = [_taken(one, node) for one in (ASKING, TWIN)]
    return Hook(node.name, node.lineno, ast.Module([asking, taken[0], twin, taken[1]], []), facts)


def _taken(name: str, node: ast.FunctionDef) -> ast.stmt:
    return all_at(node, ast.Assign([ast.Name(name, ast.Store())], load(node.name, node)))


def attached(code: CodeType, hooks: list[Hook], compiled: Callable[[ast.Module], CodeType]) -> CodeType:
    """The code of a module, each hooked function's with its other codes among its constants."""
    if not hooks:
        return code
    by_place = {(one.name, one.line): one for one in hooks}
    constants: list[Any] = list(code.co_consts)
    for index, one in enumerate(constants):
        if isinstance(one, CodeType) and (found := by_place.get((one.co_name, one.co_firstlineno))):
            inner = compiled(found.carrier)
            carrier = inner.replace(co_name=CARRIER, co_qualname=CARRIER, co_consts=(*inner.co_consts, found.facts))
            constants[index] = one.replace(co_consts=(*one.co_consts, carrier))
    return code.replace(co_consts=tuple(constants))


def hooked(code: CodeType) -> Iterator[Hooked]:
    """The hooked functions in a module's code."""
    for one in code.co_consts:
        if isinstance(one, CodeType) and (carrier := _carrier(one)) is not None:
            asking, twin = (inner for inner in carrier.co_consts if isinstance(inner, CodeType))
            position, *facts = carrier.co_consts[-1]
            yield Hooked(position, one.co_name, one, carrier, asking, twin, *facts)


def unhooked(code: CodeType) -> CodeType:
    """The code of a module as it is written."""
    return _exchanged(code, lambda one: one.code.replace(co_consts=one.code.co_consts[:-1]))


def linked(code: CodeType, *, stand: bool) -> CodeType:
    """The code of a module whose hooked functions ask. `stand`: nothing can bind their names anew."""

    def ask(one: Hooked) -> CodeType:
        own, away = one.name, name_of("self", one.position)
        if stand:
            return _renamed(one.code, own, away)
        return _renamed(one.asking, away, own).replace(co_consts=(*one.asking.co_consts, one.code.co_consts[-1]))

    return _exchanged(code, ask)


def _exchanged(code: CodeType, by: Callable[[Hooked], CodeType]) -> CodeType:
    others = {id(one.code): by(one) for one in hooked(code)}
    return code.replace(co_consts=tuple(others.get(id(one), one) for one in code.co_consts)) if others else code


def _renamed(code: CodeType, old: str, new: str) -> CodeType:
    """Code that asks for another name: what it asks for it finds by the name's position."""
    return code.replace(co_names=tuple(new if name == old else name for name in code.co_names))


def _carrier(code: CodeType) -> CodeType | None:
    last = code.co_consts[-1] if code.co_consts else None
    return last if isinstance(last, CodeType) and last.co_name == CARRIER else None


def _go_down(block: Sequence[ast.stmt], name: str, away: str, *, before: bool = False) -> bool | None:
    """Give each recursive call that is the first on its path another name. `before`: a call may stand before this block. Gives
    whether one may stand before what follows; None where nothing follows."""
    for node in block:
        match node:
            case ast.If():
                before = _down(node.test, name, away, before)
                ends = [_go_down(one, name, away, before=before) for one in (node.body, node.orelse)]
                if ends == [None, None]:
                    return None
                before = any(ends)
            case ast.For() | ast.While() | ast.Assert():
                if isinstance(node, ast.For):
                    before = _down(node.iter, name, away, before)
                # Of a loop's calls one may be the first, and is the next as well.
                before = before or any(self_call(inner, name) for inner in ast.walk(node))
            case ast.Raise():
                pass
            case _:
                before = _down(node, name, away, before)
        if isinstance(node, ENDS):
            return None
    return before


def _down(node: ast.AST, name: str, away: str, before: bool) -> bool:
    """The same for an expression, or a simple statement: their parts stand in the order in which they are computed."""
    if isinstance(node, ast.IfExp):
        before = _down(node.test, name, away, before)
        ends = [_down(one, name, away, before) for one in (node.body, node.orelse)]
        return any(ends)
    for child in ast.iter_child_nodes(node):
        before = _down(child, name, away, before)
    if not self_call(node, name):
        return before
    if not before:
        called: Any = node
        called.func.id = away
    return True


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
    opened = call(name_of("open", position), [load(_KEY, at)], at)
    targets = ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())
    box = ast.List([ast.Constant(0), ast.Constant(1)], ast.Load())
    opening: list[ast.stmt] = [
        ast.Assign([targets], opened),
        ast.Assign([ast.Name(_BOX, ast.Store())], box),
    ]
    node.body[:0] = [all_at(at, one) for one in opening]
    node.args = all_at(at, ast.arguments([], [ast.arg(_KEY)], None, [], [], None, []))


class _Asking(ast.NodeTransformer):
    """Recursive calls ask the table first. What goes into an error is made as it is written."""

    def __init__(self, name: str, position: int) -> None:
        self._name = name
        self._self, self._enter, self._pop, self._on, self._down = (
            name_of(part, position) for part in ("self", "enter", "pop", "on", "down")
        )
        self._within = False

    def visit(self, node: ast.AST) -> Any:
        """The innermost expression around all recursive calls of an expression asks first whether there is a table. First calls
        of a path ask for themselves."""
        calls = 0 if self._within or not isinstance(node, ast.expr) else self._calls(node)
        if not calls:
            return super().visit(node)
        if any(self._calls(child) == calls for child in ast.iter_child_nodes(node)):
            return self.generic_visit(node)
        written = deepcopy(node)
        self._within = True
        asking = super().visit(node)
        self._within = False
        return self._unless(self._on, written, asking)

    def _unless(self, flag: str, written: ast.AST, asking: ast.expr) -> ast.expr:
        off = ast.Compare(load(flag, written), [ast.Is()], [ast.Constant(None)])
        return all_at(written, ast.IfExp(off, cast(ast.expr, written), asking))

    def _calls(self, node: ast.AST) -> int:
        return sum(self_call(inner, self._name) for inner in ast.walk(node))

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.test = self.visit(node.test)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if self_call(node, self._name):
            return self._asked(node)
        if self_call(node, self._self):
            return self._unless(self._down, node, self._asked(deepcopy(node)))
        return self.generic_visit(node)

    def _asked(self, node: ast.Call) -> ast.expr:
        """A call that asks. Its arguments are computed once, and kept in the table: local variables would cost each call."""
        asked = call(self._enter, [self.visit(one) for one in node.args], node)
        again = ast.Call(node.func, [ast.Starred(call(self._pop, [], node), ast.Load())], [])
        return all_at(node, ast.IfExp(asked, call(self._pop, [], node), again))


class _Twin(ast.NodeTransformer):
    """Recursive calls go through the table; what is returned goes into it; errors need no words."""

    def __init__(self, name: str, position: int) -> None:
        self._name, self._position = name, position

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return all_at(node, ast.Raise(load(self._part("bail"), node), None))

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return all_at(node, ast.Assert(self.visit(node.test), None))

    def visit_Return(self, node: ast.Return) -> ast.AST:
        value = self.visit(node.value) if node.value is not None else all_at(node, ast.Constant(None))
        node.value = call(self._part("keep"), [value, load(_KEY, node), load(_BOX, node)], node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not self_call(node, self._name):
            return node
        given = all_at(node, ast.Tuple(node.args, ast.Load()))
        packed = call(self._part("pack"), [given, all_at(node, ast.Constant(MARSHAL))], node)
        key = all_at(node, ast.NamedExpr(ast.Name(_ASKED, ast.Store()), packed))
        known = call(self._part("get"), [key], node)
        made = call(self._part("twin"), [load(_ASKED, node)], node)
        entry = all_at(node, ast.BoolOp(ast.Or(), [known, made]))
        return call(self._part("tally"), [entry, load(_BOX, node)], node)

    def _part(self, name: str) -> str:
        return name_of(name, self._position)
