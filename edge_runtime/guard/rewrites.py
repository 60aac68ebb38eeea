"""Changes in a tree that passed: where a name alone does not decide, code of ours looks at the object.

Takes: the nodes that the walk set aside (visitor.py).
Gives: the same tree, changed in place.
Refuses: nothing.

    x.format               ->  <attribute format>(x)
    f(x).format(…)         ->  <format>(f(x))(…)
    x.format(…)            ->  (<formats>[x] if <type>(x) is <class str> else <format>(x))(…)
    x.__dict__ = y         ->  <place>(x, "__dict__")[None] = y
    x.format += y          ->  <place>(x, "format")[None] += y
    "literal".format(…)    stays: the walk judged the template
    type(x).__name__       ->  <type>(x).__name__
    type(x) is int         ->  <type>(x) is int
    __slots__ = names      ->  __slots__ = <slots>(names)
    case C(format=f):      ->  case C(format=f) if ((f := <judged>(f)), True)[1]:
    class C[T](B): …       ->  see `hide_parameters`
    type(x) == int         ->  <type>(x) == <class int>
    await f(x)             ->  await <later>(f)(x)
    async for x in y       ->  async for x in <aiter>(y)
    try: … except: …       ->  try: … except <Cancelled>: raise except: …
    except ValueError: …   ->  except <class ValueError>: …
    object()               ->  <plain object>()
    x.now                  ->  <moment now>(x)
    print(x)               ->  <call print>(x)                 so every name of `DIRECT`
    getattr(x, "name")     ->  <getattr>(x, "name")            so `hasattr` and `setattr`: CPython's own
    m.print = f            ->  <place>(m, "print")[None] = f

A node becomes another by changing its class, so that nobody has to know what it stands in.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from .names import (
    AITER,
    CANCELLED,
    DIRECT,
    FORMAT,
    FORMATS,
    GENERIC,
    GUARDED,
    LATER,
    PLAIN,
    REAL,
    may_read,
    may_write,
)


def guard_load(node: ast.Attribute) -> None:
    """An attribute of `GUARDED` is read by a function."""
    _become_call(node, f"<attribute {node.attr}>", node.value)


def guard_call_of_format(node: Any) -> None:
    """A `format` that is only called may be one that was judged before. Where it is that of a name, no function of ours is called
    for it: reading a name twice does nothing."""
    template = node.value
    if type(template) is not ast.Name:
        _become_call(node, FORMAT, template)
        return
    kind, method, other = (_name(template.id, template) for _ in range(3))
    node.__class__ = ast.IfExp
    node.test = _at(node, ast.Compare(_call("<type>", node, kind), [ast.Is()], [_name("<class str>", node)]))
    node.body = _at(node, ast.Subscript(_name(FORMATS, node), method, ast.Load()))
    node.orelse = _call(FORMAT, node, other)


def guard_place(node: Any) -> None:
    """An attribute of `GUARDED` that is set, or changed in place, is an item of an object that reads and sets it."""
    name = _at(node, ast.Constant(value=node.attr))
    node.__class__ = ast.Subscript
    node.value = _at(node, ast.Call(_name("<place>", node), [node.value, name], []))
    node.slice = _at(node, ast.Constant(value=None))


def guard_value(statement: ast.Assign, helper: str) -> None:
    """The value of an assignment goes through a function."""
    call: Any = _at(statement.value, ast.Call(_name(helper, statement.value), [statement.value], []))
    statement.value = call


def use_real_type(node: ast.Call) -> None:
    """A call of `type` whose result goes nowhere asks the real one."""
    node.func = _name("<type>", node.func)


def call_directly(node: Any) -> None:
    """A call of a built-in function by its name needs not the object that stands for it elsewhere: that takes half a microsecond.
    Where the name of the attribute is written out, the verdict is known."""
    name, given = node.func.id, node.args
    if name in REAL and len(given) >= 2 and not node.keywords and type(given[1]) is ast.Constant:
        attribute = given[1].value
        allowed = may_write if name == "setattr" else may_read
        exact = len(given) == _GIVEN[name] or (name == "getattr" and len(given) == 3)
        if (
            exact
            and not any(type(one) is ast.Starred for one in given)
            and type(attribute) is str
            and allowed(attribute)
            and attribute not in GUARDED
            and attribute not in DIRECT
        ):
            node.func = _name(f"<{name}>", node.func)
            return
    node.func = _name(f"<call {name}>", node.func)


_GIVEN: Final = {"getattr": 2, "hasattr": 2, "setattr": 3}


def use_real_class(name: ast.Name) -> None:
    """A name of a built-in class means that class, whatever another module put there under its name. What is compared with the
    real `type` would be handed it; what a handler names could be the class of all errors."""
    name.id = f"<class {name.id}>"


def wait_later(node: ast.Await) -> None:
    """A function that is awaited as it is called may give an awaitable, where a plain call of it would wait."""
    call: Any = node.value
    function = call.func
    if isinstance(function, ast.Attribute) and function.end_lineno != call.lineno and not _unpacks(call):
        # CPython says that a method call over several lines stands where the name of the method does.
        call.lineno = function.end_lineno
        call.col_offset = max(0, (function.end_col_offset or 0) - len(function.attr))
    call.func = _at(function, ast.Call(_name(LATER, function), [function], []))


def _unpacks(call: ast.Call) -> bool:
    """Whether a call has `*` or `**`: to CPython it is none of a method then."""
    return any(isinstance(one, ast.Starred) for one in call.args) or any(word.arg is None for word in call.keywords)


def iterate(node: ast.AsyncFor | ast.comprehension) -> None:
    """An asynchronous loop takes plain iterables too."""
    node.iter = _at(node.iter, ast.Call(_name(AITER, node.iter), [node.iter], []))


def let_cancelled_through(node: ast.Try) -> None:
    """The end of a cancelled task passes the handlers, as if they were not there."""
    first = node.handlers[0]
    place: Any = _at(first, ast.Pass())
    place.end_lineno, place.end_col_offset = first.lineno, first.col_offset + len("except")
    again: Any = _at(place, ast.Raise(None, None))
    node.handlers.insert(0, _at(place, ast.ExceptHandler(_name(CANCELLED, place), None, [again])))


def read_moment(node: ast.Attribute) -> None:
    """The time that `datetime` asks the system for would not be the same when a run is restored."""
    _become_call(node, f"<moment {node.attr}>", node.value)


def make_plain(call: ast.Call) -> None:
    """Nor would be where an `object()` lies."""
    if type(call.func) is ast.Name and call.func.id == "object":
        call.func.id = PLAIN


def judge_captures(case: ast.match_case, names: list[str]) -> None:
    """What a pattern bound is judged before anything else sees it."""
    place = case.pattern
    steps: list[ast.expr] = []
    for name in names:
        target: Any = _at(place, ast.Name(name, ast.Store()))
        judged: Any = _at(place, ast.Call(_name("<judged>", place), [_name(name, place)], []))
        steps.append(_at(place, ast.NamedExpr(target, judged)))
    steps.append(_at(place, ast.Constant(value=True)))
    last: Any = _at(place, ast.Constant(value=-1))
    pair: Any = _at(place, ast.Tuple(steps, ast.Load()))
    done: Any = _at(place, ast.Subscript(pair, last, ast.Load()))
    case.guard = done if case.guard is None else _at(place, ast.BoolOp(ast.And(), [done, case.guard]))


def hide_parameters(node: Any) -> None:
    """A class with type parameters becomes one without, in a function that has them.

        @decorator                    @decorator
        class C[T: A](B[T], k=v):     @<generic>
            …                         def C[<…>: [[B[T]], {"k": v}], T: A](<bases>, <named>):
                                          class <generic>:
                                              class C(*<bases>, **<named>): …
                                          return <generic>

    CPython would make it derive from its own `Generic`, whose brackets make code of text. The bases stay where CPython
    evaluates them: beside the bounds, where the names of a class around it are in sight. The class in between keeps the
    name of the inner one from the methods, which look for it where they always did; lowering.py clears its traces.
    """
    keys = [None if word.arg is None else _at(node, ast.Constant(word.arg)) for word in node.keywords]
    named: Any = _at(node, ast.Dict(keys, [word.value for word in node.keywords]))
    bases: Any = _at(node, ast.List(node.bases, ast.Load()))
    bound: Any = _at(node, ast.List([bases, named], ast.Load()))
    name = f"<generic parameters of {node.name}>"  # as CPython calls the scope
    hidden: Any = _at(node, ast.TypeVar(name, bound))  # type: ignore[attr-defined] # from 3.12 on
    rest = _at(node, ast.Starred(_name("<bases>", node), ast.Load()))
    keyword = _at(node, ast.keyword(None, _name("<named>", node)))
    inner = _at(node, ast.ClassDef(node.name, [rest], [keyword], node.body, []))
    between = _at(node, ast.ClassDef(GENERIC, [], [], [inner], []))
    parameters = [_at(node, ast.arg(name)) for name in ("<bases>", "<named>")]
    inner.type_params, between.type_params = [], []
    node.__class__ = ast.FunctionDef
    node.args = ast.arguments(posonlyargs=[], args=parameters, kwonlyargs=[], kw_defaults=[], defaults=[])
    node.body = [between, _at(node, ast.Return(_name(GENERIC, node)))]
    node.decorator_list.append(_name(GENERIC, node))
    node.type_params.insert(0, hidden)
    node.returns = None


def _become_call(node: Any, helper: str, argument: ast.expr) -> None:
    node.__class__ = ast.Call
    node.func, node.args, node.keywords = _name(helper, node), [argument], []


def _call(helper: str, place: Any, argument: ast.expr) -> Any:
    return _at(place, ast.Call(_name(helper, place), [argument], []))


def _name(name: str, place: Any) -> Any:
    return _at(place, ast.Name(name, ast.Load()))


def _at(place: Any, new: Any) -> Any:
    """The new node in the place of another; `ast.copy_location` looks at more than every node here has."""
    new.lineno, new.col_offset = place.lineno, place.col_offset
    new.end_lineno, new.end_col_offset = place.end_lineno, place.end_col_offset
    return new
