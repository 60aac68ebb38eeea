"""What the language guard asks of each node: one rule for each class of node, and the table of all of them.

Takes: the walk (visitor.py) and a node.
Gives: diagnostics, and notes for the rewrites, in the walk.
Refuses: nothing by itself: a node class that is not in `RULES` is refused by the walk.

Each entry of the table is a rule function or None (the node is fine as such), the fields that are walked into, and the
scope inside.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..source import Span
from ..syntax.parse import node_span
from .names import (
    CLASS_DATA,
    DIRECT,
    GUARDED,
    MODULE_DATA,
    MOMENTS,
    READABLE,
    REFUSED_BUILTINS,
    SLOTS_OF_C,
    instead,
    is_dunder,
    may_read,
    may_write,
)
from .templates import refused_in

if TYPE_CHECKING:
    from .visitor import Walk

Rule = Callable[["Walk", Any], None]


def _end_span(walk: Walk, node: ast.AST, name: str) -> Span:
    """The span of a name at the end of a node (`value.name`)."""
    span = node_span(walk.source, node)
    return Span(span.end_line, max(1, span.end_column - len(name)), span.end_line, span.end_column)


def _name(walk: Walk, node: ast.Name) -> None:
    name = node.id
    if type(node.ctx) is ast.Load:
        if name in REFUSED_BUILTINS:
            walk.refused_reads.append(node)
        elif name[:2] == "__" and is_dunder(name) and name not in READABLE:
            walk.refuse(node, "name-refused", fix=instead(name), name=name)
    else:
        walk.bind(node, name)


def _attribute(walk: Walk, node: ast.Attribute) -> None:
    name, value = node.attr, node.value
    if type(node.ctx) is not ast.Load:
        if (name == "__dict__" or name in DIRECT) and type(node.ctx) is ast.Store:
            walk.places.append(node)
        elif not may_write(name):
            walk.refuse(node, "attribute-refused", span=_end_span(walk, node, name), fix=instead(name), name=name)
    elif name in GUARDED:
        if name[0] == "f" and type(value) is ast.Constant and type(value.value) is str:
            refused = refused_in(value.value)
            if refused is not None:
                walk.refuse(value, "attribute-refused", fix=instead(refused), name=refused)
        else:
            walk.guarded.append(node)
    elif name in MOMENTS:
        if id(node) not in walk.compared:
            walk.moments.append(node)
    elif not may_read(name):
        walk.refuse(node, "attribute-refused", span=_end_span(walk, node, name), fix=instead(name), name=name)
    kind = type(value)
    if kind is ast.Attribute:
        if value.attr == "__class__":  # type: ignore[attr-defined] # see its type
            walk.receivers.add(id(value))
    elif kind is ast.Call and _is_type_call(value):
        walk.type_calls.append(([value], [], False))  # type: ignore[list-item] # see its type


def _is_type_call(node: Any) -> bool:
    """Whether a node is `type(x)`."""
    if type(node) is not ast.Call or type(node.func) is not ast.Name or node.func.id != "type":
        return False
    return len(node.args) == 1 and not node.keywords and type(node.args[0]) is not ast.Starred


def _call(walk: Walk, node: ast.Call) -> None:
    function = node.func
    if type(function) is ast.Name:
        if function.id in DIRECT:
            walk.direct.append(node)
        elif function.id == "object" and not node.args and not node.keywords:
            walk.objects.append(node)
    elif type(function) is ast.Attribute and function.attr == "format":
        walk.called.add(id(function))


def _compare(walk: Walk, node: ast.Compare) -> None:
    """`type(x) is int` and its kin: the real `type` goes nowhere there. A class of the script's own may only be compared by
    `is`, because nothing of it is called then."""
    operands = [node.left, *node.comparators]
    calls = [operand for operand in operands if _is_type_call(operand)]
    if not calls:
        return
    names: list[ast.Name] = []
    for operand in operands:
        if operand in calls or (type(operand) is ast.Constant and operand.value is None):
            continue
        parts = operand.elts if isinstance(operand, ast.Tuple | ast.List | ast.Set) else [operand]
        for part in parts:
            if not isinstance(part, ast.Name) or part.id == "type":
                return
            names.append(part)
    identity = all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
    unknown = [name.id for name in names if name.id not in BUILTIN_CLASSES]
    if not unknown or identity:
        walk.type_calls.append((calls, names, identity))  # type: ignore[arg-type] # calls, all of them


def _changed_in_place(walk: Walk, node: ast.AugAssign) -> None:
    """`s.format += x` reads `s.format` and hands it to `x`."""
    target = node.target
    if type(target) is ast.Attribute and target.attr in GUARDED and target.attr != "__dict__":
        walk.places.append(target)


def _function(walk: Walk, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    walk.bind(node, node.name, "async def" if isinstance(node, ast.AsyncFunctionDef) else "def")
    _type_params(walk, node)


def _class(walk: Walk, node: ast.ClassDef) -> None:
    walk.bind(node, node.name, "class")
    for keyword in node.keywords:
        if keyword.arg == "metaclass":
            walk.refuse(keyword, "metaclass", fix=INSTEAD_OF_METACLASS)
        elif keyword.arg is not None and is_dunder(keyword.arg):
            walk.refuse(keyword, "class-keyword-refused", name=keyword.arg)
    for base in node.bases:
        if type(base) is ast.Name and base.id == "type":
            walk.type_bases.append(base)
    walk.classes.add(node.name)
    if getattr(node, "type_params", None):
        _type_params(walk, node)
        walk.generic.append(node)
        for parameter in node.type_params:  # type: ignore[attr-defined] # from 3.12 on
            if parameter.name.startswith("__") and not is_dunder(parameter.name):
                walk.refuse(parameter, "name-refused", fix="begin it with one underscore at most", name=parameter.name)


def _type_params(walk: Walk, node: Any) -> None:
    """Parameters are bound; what they are bounded by and their defaults run late, and are checked like any code."""
    for parameter in getattr(node, "type_params", ()):
        walk.bind(parameter, parameter.name)
        late = (getattr(parameter, "bound", None), getattr(parameter, "default_value", None))
        walk.targets += [part for part in late if part is not None]


def _assign(walk: Walk, node: ast.Assign) -> None:
    """`__all__` and its kin at the top of a module, `__slots__` and its kin in a class, as literals only."""
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id in DATA[walk.scope]:
            walk.bound.add(target.id)
            literal = _is_literal(node.value)
            computed = target.id == "__slots__" and not (literal and isinstance(node.value, ast.Tuple | ast.Constant))
            if computed:
                walk.slots.append(node)  # the body could still change it: it is judged, and fixed, as it is bound
            if computed and not literal:
                continue
            if not literal or not _literal_fits(target.id, node.value):
                walk.refuse(node.value, "literal-only", name=target.id)
        else:
            walk.targets.append(target)


DATA: Final[Mapping[str, frozenset[str]]] = {
    "module": MODULE_DATA,
    "class": CLASS_DATA | {"__doc__"},
    "function": frozenset(),
}


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(_is_literal(item) for item in node.elts)
    return isinstance(node, ast.Constant)


def _literal_fits(name: str, node: ast.expr) -> bool:
    """`__slots__` and `__match_args__` hold names that the guard allows as attributes."""
    if name not in CLASS_DATA:
        return True
    items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
    values = [item.value for item in items if isinstance(item, ast.Constant)]
    known = SLOTS_OF_C if name == "__slots__" else frozenset[str]()
    return all(
        isinstance(value, str) and (value in known or (may_read(value) and not is_dunder(value))) for value in values
    )


def _block(walk: Walk, node: ast.AST) -> None:
    walk.blocks.append(node)


def _await(walk: Walk, node: ast.Await) -> None:
    if type(node.value) is ast.Call:
        walk.awaited.append(node)


def _async_for(walk: Walk, node: ast.AsyncFor) -> None:
    walk.iterated.append(node)


def _comprehension(walk: Walk, node: ast.comprehension) -> None:
    if node.is_async:
        walk.iterated.append(node)


def _try(walk: Walk, node: ast.Try) -> None:
    """Handlers that might catch the end of a cancelled task: all but those that name built-in exceptions, one or several."""
    walk.blocks.append(node)
    if not node.handlers:
        return
    names: list[ast.Name] = []
    for handler in node.handlers:
        for kind in handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]:
            if not (isinstance(kind, ast.Name) and kind.id in _ORDINARY_ERRORS):
                walk.handled.append((node, None))
                return
            names.append(kind)
    walk.handled.append((node, names))


def _argument(walk: Walk, node: ast.arg) -> None:
    walk.bind(node, node.arg)


def _named(walk: Walk, node: Any) -> None:
    """Nodes whose `name` is bound: `except … as name`, `case name`, `case *name`."""
    walk.bind(node, node.name)


def _mapping_pattern(walk: Walk, node: ast.MatchMapping) -> None:
    walk.bind(node, node.rest)


def _class_pattern(walk: Walk, node: ast.MatchClass) -> None:
    for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
        if not may_read(name) or (name in GUARDED and is_dunder(name)):
            walk.refuse(node, "attribute-refused", fix=instead(name), name=name)
        elif name in GUARDED and not _compares_nothing(pattern):
            walk.refuse(pattern, "guarded-pattern", fix=f"write {name}=value, and look at value behind 'if'", name=name)


def _compares_nothing(pattern: ast.pattern) -> bool:
    """Whether no code of the script's own sees what a pattern looks at: a literal, or a name to bind."""
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None
    return isinstance(pattern, ast.MatchSingleton) or (
        isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant)
    )


def _case(walk: Walk, node: ast.match_case) -> None:
    """What `case C(format=f)` binds is judged before the case goes on. Names with dots stay such: a pattern takes no call."""
    inside = list(ast.walk(node.pattern))
    for inner in inside:
        if type(inner) is ast.Attribute:
            walk.compared.add(id(inner))
            if inner.attr in GUARDED:
                fix = "give the value a name before 'match', and compare it behind 'if'"
                walk.refuse(inner, "guarded-pattern", fix=fix, name=inner.attr)
    names = [
        pattern.name
        for inner in inside
        if type(inner) is ast.MatchClass
        for name, pattern in zip(inner.kwd_attrs, inner.kwd_patterns, strict=True)
        if name in GUARDED and isinstance(pattern, ast.MatchAs) and pattern.name is not None
    ]
    if names:
        walk.captures.append((node, names))


def _declared(walk: Walk, node: ast.Global | ast.Nonlocal) -> None:
    for name in node.names:
        walk.bind(node, name)


def _imported(walk: Walk, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name == "*":
            walk.starred = True
        if alias.name == "*" or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            continue
        if isinstance(node, ast.ImportFrom) and not may_read(alias.name):
            walk.refuse(alias, "name-refused", name=alias.name)
        walk.bind(alias, alias.asname or alias.name)


BUILTIN_CLASSES: Final = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and value is not type and name[0] != "_"
)
_ORDINARY_ERRORS: Final = frozenset(name for name in BUILTIN_CLASSES if issubclass(getattr(builtins, name), Exception))
"""Names of exceptions none of which is the end of a cancelled task."""
INSTEAD_OF_METACLASS: Final = "use '__init_subclass__' or a class decorator; for an abstract class derive from ABC"
INSTEAD_OF_NODES: Final = {
    "TryStar": "catch the group: except ExceptionGroup as group, and look at group.exceptions",
}

Entry = tuple[Rule | None, tuple[str, ...], str | None]


def _table() -> Mapping[type[ast.AST], Entry]:
    """Node class -> rule, fields walked into, scope inside. A class that is not here is refused.

    `TryStar` is not here: on CPython 3.11 to 3.13, `except*` with a class that overrides `split` corrupts memory.
    """
    plain = {
        "Module": "body", "Expr": "value", "Return": "value", "Delete": "targets",
        "AnnAssign": "target annotation value", "For": "target iter body orelse",
        "While": "test body orelse", "If": "test body orelse",
        "withitem": "context_expr optional_vars", "Match": "subject cases",
        "Raise": "exc cause",
        "Assert": "test msg", "Pass": "", "Break": "", "Continue": "",
        "BoolOp": "values", "NamedExpr": "target value", "BinOp": "left right", "UnaryOp": "operand",
        "IfExp": "test body orelse", "Dict": "keys values", "Set": "elts",
        "GeneratorExp": "elt generators", "Yield": "value",
        "YieldFrom": "value", "keyword": "value", "FormattedValue": "value format_spec",
        "JoinedStr": "values", "Constant": "", "Subscript": "value slice", "Starred": "value", "List": "elts",
        "Tuple": "elts", "Slice": "lower upper step",
        "arguments": "posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults",
        "MatchValue": "value", "MatchSingleton": "", "MatchSequence": "patterns", "MatchOr": "patterns",
    }  # fmt: skip
    table: dict[type[ast.AST], Entry] = {getattr(ast, n): (None, tuple(f.split()), None) for n, f in plain.items()}
    blocks = {
        "With": "items body", "AsyncWith": "items body",
        "ListComp": "elt generators", "SetComp": "elt generators", "DictComp": "key value generators",
    }  # fmt: skip
    table |= {getattr(ast, n): (_block, tuple(f.split()), None) for n, f in blocks.items()}
    function = ("decorator_list", "args", "returns", "body")
    table |= {
        ast.Name: (_name, (), None),
        ast.Attribute: (_attribute, ("value",), None),
        ast.FunctionDef: (_function, function, "function"),
        ast.AsyncFunctionDef: (_function, function, "function"),
        ast.Lambda: (None, ("args", "body"), "function"),
        ast.Call: (_call, ("func", "args", "keywords"), None),
        ast.AugAssign: (_changed_in_place, ("target", "value"), None),
        ast.Compare: (_compare, ("left", "comparators"), None),
        ast.Await: (_await, ("value",), None),
        ast.AsyncFor: (_async_for, ("target", "iter", "body", "orelse"), None),
        ast.comprehension: (_comprehension, ("target", "iter", "ifs"), None),
        ast.Try: (_try, ("body", "handlers", "orelse", "finalbody"), None),
        ast.match_case: (_case, ("pattern", "guard", "body"), None),
        ast.ClassDef: (_class, ("decorator_list", "bases", "keywords", "body"), "class"),
        ast.Assign: (_assign, ("value",), None),
        ast.arg: (_argument, ("annotation",), None),
        ast.ExceptHandler: (_named, ("type", "body"), None),
        ast.MatchAs: (_named, ("pattern",), None),
        ast.MatchStar: (_named, (), None),
        ast.MatchMapping: (_mapping_pattern, ("keys", "patterns"), None),
        ast.MatchClass: (_class_pattern, ("cls", "patterns", "kwd_patterns"), None),
        ast.Global: (_declared, (), None),
        ast.Nonlocal: (_declared, (), None),
        ast.Import: (_imported, (), None),
        ast.ImportFrom: (_imported, (), None),
    }
    newer: dict[str, Entry] = {
        "TypeAlias": (_type_params, ("name", "value"), None),  # 3.12
        "TemplateStr": (None, ("values",), None),  # 3.14
        "Interpolation": (None, ("value", "format_spec"), None),
    }
    table |= {getattr(ast, name): entry for name, entry in newer.items() if hasattr(ast, name)}
    return table


RULES: Final = _table()
