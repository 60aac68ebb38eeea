"""Which functions are pure, so that their recursive calls can be answered from a table.

Takes: the functions at a module's top level.
Gives: `Pure`: what a function stands on (names of its module, helpers, built-ins), how deep its helpers go, and whether it may
hand on the very object that a recursive call gave it.
Refuses: by default. What is not known to be pure is not: every node of the tree that has no rule here, every call but of the
function itself, of helpers that are pure themselves and do not recurse, and of a few built-in functions; every write but to
local variables; functions that do not call themselves at least twice on one path, because they would gain nothing; trees that
are nested deeply.

All this is said of values of built-in immutable types: the machine lets no others in (machine/memo.py), and looks whether
the names still mean what they meant. What raises an error may do as it likes: a call that fails is made again, plainly.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from ..guard.sealed import Sealed

_NUMBERS: Final = frozenset("abs bool float int max min ord pow round".split())
"""Built-in functions that give a number, possibly the very one that they were given."""
_OTHERS: Final = frozenset("chr divmod len sum".split())
_LOOPED: Final = frozenset("enumerate range reversed zip".split())
"""Those that make something to loop over."""

_FRESH: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div)
"""Operators that make a new number, or one of the small integers that are always the same object."""
_OPERATORS: Final = (*_FRESH, ast.FloorDiv, ast.Mod, ast.Pow, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor)
_ATOMS: Final = (int, float, str, bytes, bool, type(None))
_SCOPES: Final = (
    ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal, ast.Delete,
)  # fmt: skip
"""What makes another kind of function of one, or a scope within it: refused wherever it stands, behind `raise` too."""
ENDS: Final = (ast.Return, ast.Raise, ast.Break, ast.Continue)
"""Statements behind which nothing of their block is done."""
_MANY: Final = 2
_LEVELS: Final = 60
"""How deep trees may be nested, a function's and those of helpers that call each other taken together: our walks recurse."""
_PASSES: Final = 10
"""How often a function is looked at, until no more of its names are lent."""


@dataclass(frozen=True, slots=True)
class Pure:
    """A pure function. `leaks`: what it gives may be the very object that a recursive call gave. `height`: calls that its helpers
    nest. `levels`: how deep its tree is nested, and theirs below it. `helpers` are names and lines of definitions."""

    node: ast.FunctionDef
    reads: tuple[str, ...]
    helpers: tuple[tuple[str, int], ...]
    builtins: tuple[str, ...]
    leaks: bool
    height: int
    levels: int


class _NotPure(Exception, metaclass=Sealed):
    """The function is not known to be pure."""


def pure_functions(body: Iterable[ast.stmt], called: Mapping[str, int]) -> list[Pure]:
    """The functions of a module that gain by a table. `called` says how often a name stands before a parenthesis."""
    functions = {node.name: node for node in body if type(node) is ast.FunctionDef}
    verdicts: dict[str, Pure | None] = {}
    found = []
    for name, node in functions.items():
        if called.get(name, 0) >= _MANY and _is_plain(node):  # its definition is one
            try:
                pure = _Judgement(node, functions, verdicts, recursive=True).result()
            except _NotPure:
                continue
            found.append(pure)
    return found


def self_call(node: ast.AST, name: str) -> bool:
    """Whether a node is a call of the function of that name."""
    return type(node) is ast.Call and type(node.func) is ast.Name and node.func.id == name


def _is_plain(node: ast.FunctionDef) -> bool:
    """Whether a function has positional parameters and nothing around it."""
    given = node.args
    special = (
        given.vararg or given.kwonlyargs or given.kwarg or node.decorator_list or getattr(node, "type_params", None)
    )
    return not special and bool(given.posonlyargs or given.args)


@dataclass(slots=True)
class _Judgement:
    """One function on its way to a verdict. A value is *lent* where it may be the very object that a recursive call gave.
    `verdicts` are those of all helpers of the module so far: None for what is not pure, or still on its way and so recursive.
    """

    node: ast.FunctionDef
    functions: Mapping[str, ast.FunctionDef]
    verdicts: dict[str, Pure | None]
    recursive: bool
    room: int = _LEVELS
    local: set[str] = field(default_factory=set)
    lent: set[str] = field(default_factory=set)
    reads: dict[str, None] = field(default_factory=dict)
    helpers: dict[str, None] = field(default_factory=dict)
    builtins: dict[str, None] = field(default_factory=dict)
    leaks: bool = False
    height: int = 0
    below: int = 0

    def result(self) -> Pure:
        """The verdict; `_NotPure` where there is none."""
        body = self.node.body
        levels = _levels(body, self.room)
        self.room -= levels
        self.local = {one.arg for one in (*self.node.args.posonlyargs, *self.node.args.args)}
        for node in ast.walk(ast.Module(body, [])):
            if isinstance(node, _SCOPES):
                raise _NotPure
            if type(node) is ast.Name and type(node.ctx) is ast.Store:
                self.local.add(node.id)
        if self.node.name in self.local:
            raise _NotPure
        for _ in range(_PASSES):  # a name that is lent makes others so, also those that stand above
            known = len(self.lent)
            self._block(body)
            if known == len(self.lent):
                break
        else:
            raise _NotPure
        if self.recursive and not self._gains():
            raise _NotPure
        helpers = tuple((name, self.functions[name].lineno) for name in self.helpers)
        return Pure(
            self.node, tuple(self.reads), helpers, tuple(self.builtins), self.leaks, self.height, levels + self.below
        )

    def _gains(self) -> bool:
        """Whether calls may meet again: at least two on a path, whose arguments are such that several ways lead to one. What is
        doubled, shifted or joined at each call says where it came from, and is hardly ever met again."""
        name = self.node.name
        calls = [node for node in ast.walk(self.node) if type(node) is ast.Call and self_call(node, name)]
        meets = all(_meets(argument, name) for call in calls for argument in call.args)
        return meets and _most_calls(self.node.body, name)[1] >= _MANY

    def _block(self, block: Sequence[ast.stmt]) -> None:
        for node in block:
            self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Return():
                if node.value is not None and self._value(node.value):
                    self.leaks = True
            case ast.Expr():
                self._value(node.value)
            case ast.Assign():
                for target in node.targets:
                    self._assign(target, node.value)
            case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
                self._assign(node.target, value)
            case ast.AugAssign(target=ast.Name() as target):
                lent = self._operation(node.op, self._value(node.value))
                self._bind(target, lent=lent)
            case ast.If() | ast.While():
                self._value(node.test)
                self._block(node.body)
                self._block(node.orelse)
            case ast.For():
                lent = self._looped(node.iter)
                for target in node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]:
                    self._bind(target, lent=lent)
                self._block(node.body)
                self._block(node.orelse)
            case ast.Assert():
                self._value(node.test)
                self._said(node.msg)
            case ast.Raise():
                self._said(node)
            case ast.Pass() | ast.Break() | ast.Continue():
                pass
            case _:
                raise _NotPure

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if not isinstance(target, ast.Tuple):
            self._bind(target, lent=self._value(value))
        elif isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._assign(one, part)
        else:
            lent = self._value(value)
            for one in target.elts:
                self._bind(one, lent=lent)

    def _bind(self, target: ast.expr, *, lent: bool) -> None:
        if not isinstance(target, ast.Name):
            raise _NotPure
        if lent:
            self.lent.add(target.id)

    def _said(self, node: ast.AST | None) -> None:
        """What goes into an error: only plain code makes it, and a script can keep it. The function itself may not go there."""
        for inner in ast.walk(node) if node is not None else ():
            if self.node.name in (getattr(inner, "id", None), getattr(inner, "attr", None)):
                raise _NotPure
            if type(inner) is ast.Name and inner.id in self.lent:
                self.leaks = True

    def _looped(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _LOOPED and name not in self.local:
                self.builtins[name] = None
                return self._arguments(node)
        return self._value(node)

    def _value(self, node: ast.expr) -> bool:
        """Whether a value is lent."""
        match node:
            case ast.Constant(value=value) if type(value) in _ATOMS:
                return False
            case ast.Name(id=name):
                if name == self.node.name or name.startswith("<"):
                    raise _NotPure  # handed on, not called; or a module
                if name not in self.local:
                    self.reads[name] = None
                return name in self.lent
            case ast.BinOp():
                return self._operation(node.op, self._any([node.left, node.right]))
            case ast.UnaryOp(op=ast.UAdd()):
                return self._value(node.operand)
            case ast.UnaryOp(op=ast.USub() | ast.Not()):
                self._value(node.operand)
                return False
            case ast.BoolOp():
                return self._any(node.values)
            case ast.IfExp():
                self._value(node.test)
                return self._any([node.body, node.orelse])
            case ast.Compare():
                self._compare(node)
                return False
            case ast.Subscript():
                self._index(node.slice)
                return self._value(node.value)
            case ast.Tuple():
                if self._any(node.elts):
                    raise _NotPure
                return False
            case ast.Call(func=ast.Name(id=name)):
                return self._call(node, name)
        raise _NotPure

    def _operation(self, operator: ast.operator, lent: bool) -> bool:
        if not isinstance(operator, _OPERATORS):
            raise _NotPure
        return lent and not isinstance(operator, _FRESH)

    def _compare(self, node: ast.Compare) -> None:
        """Identity is asked of `None`, `True` and `False` only: a value from the table is another object."""
        self._value(node.left)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            singleton = isinstance(right, ast.Constant) and (right.value is None or type(right.value) is bool)
            if isinstance(operator, ast.Is | ast.IsNot) and not singleton:
                raise _NotPure
            parts = (
                right.elts
                if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Set)
                else [right]
            )
            for part in parts:
                self._value(part)

    def _index(self, node: ast.expr) -> None:
        parts = [node.lower, node.upper, node.step] if isinstance(node, ast.Slice) else [node]
        for part in parts:
            if part is not None:
                self._value(part)

    def _arguments(self, node: ast.Call) -> bool:
        if node.keywords:
            raise _NotPure
        return self._any(node.args)

    def _any(self, nodes: Iterable[ast.expr]) -> bool:
        """Whether one of the values is lent. Each of them is looked at."""
        lent = False
        for node in nodes:
            lent = self._value(node) or lent
        return lent

    def _call(self, node: ast.Call, name: str) -> bool:
        lent = self._arguments(node)
        if name in self.local:
            raise _NotPure
        if name == self.node.name:
            if not self.recursive or len(node.args) != len(self.node.args.posonlyargs) + len(self.node.args.args):
                raise _NotPure
            return True
        if name in self.functions:
            if lent:
                raise _NotPure
            self._helper(self.functions[name])
            return False
        if name in _NUMBERS or (name in _OTHERS and not lent):
            self.builtins[name] = None
            return lent
        raise _NotPure

    def _helper(self, node: ast.FunctionDef) -> None:
        """A helper's own verdict is part of the function's. Each helper is judged once, whoever calls it."""
        name, verdicts = node.name, self.verdicts
        if name in self.helpers:
            return
        if name not in verdicts:
            verdicts[name] = None
            if _is_plain(node) and not node.args.defaults:
                inner = _Judgement(node, self.functions, verdicts, recursive=False, room=self.room)
                with suppress(_NotPure):
                    verdicts[name] = inner.result()
        verdict = verdicts[name]
        if verdict is None or verdict.levels > self.room:
            raise _NotPure
        self.helpers |= dict.fromkeys((name, *(inner_name for inner_name, _ in verdict.helpers)))
        self.reads |= dict.fromkeys(verdict.reads)
        self.builtins |= dict.fromkeys(verdict.builtins)
        self.height = max(self.height, 1 + verdict.height)
        self.below = max(self.below, verdict.levels)


def _levels(body: Sequence[ast.stmt], most: int) -> int:
    """How many levels of nodes a block has; `_NotPure` where they are too many."""
    levels = 0
    below: list[ast.AST] = [*body]
    while below:
        levels += 1
        if levels > most:
            raise _NotPure
        below = [child for node in below for child in ast.iter_child_nodes(node)]
    return levels


def _meets(node: ast.AST, name: str) -> bool:
    """Whether an argument is of a kind to which several ways lead."""
    match node:
        case ast.Name():
            return True
        case ast.Constant(value=value):
            return not isinstance(value, str | bytes)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.FloorDiv() | ast.Mod()):
            return _meets(node.left, name) and _meets(node.right, name)
        case ast.UnaryOp() | ast.Subscript() | ast.Slice():
            parts = (one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
            return all(_meets(part, name) for part in parts)
        case ast.Call():
            return all(_meets(one, name) for one in node.args)
    return False


def _most_calls(block: Sequence[ast.stmt], name: str) -> tuple[int | None, int]:
    """How many recursive calls a path can have: one that goes on behind the block (None: there is none), and any."""
    on, most = 0, 0
    for node in block:
        if isinstance(node, ast.If):
            head = on + _calls(node.test, name)
            ends = [_most_calls(node.body, name), _most_calls(node.orelse, name)]
            most = max(most, *(head + any_path for _, any_path in ends))
            going = [head + through for through, _ in ends if through is not None]
            if not going:
                return None, most
            on = max(going)
        else:
            repeated = _MANY if isinstance(node, ast.For | ast.While) else 1
            on += repeated * _calls(node, name)
            if isinstance(node, ENDS):
                return None, max(most, on)
    return on, max(most, on)


def _calls(node: ast.AST, name: str) -> int:
    """Recursive calls in a node, on one path."""
    if isinstance(node, ast.IfExp):
        return _calls(node.test, name) + max(_calls(node.body, name), _calls(node.orelse, name))
    return self_call(node, name) + sum(_calls(child, name) for child in ast.iter_child_nodes(node))
