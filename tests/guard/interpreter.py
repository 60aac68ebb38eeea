"""What the running interpreter has, and what the guard says of it: the two sides that `tests/guard/decided/` is compared with.

Takes: nothing; lists of names. Runs on every supported Python.
Gives: `surface`: classes of syntax nodes, `__x__` names, and the other attributes of every type of the interpreter;
`verdicts`: what the guard lets a script do with names and examples, found by compiling them.
Refuses: nothing.
"""

from __future__ import annotations

import ast
import builtins
import contextvars
import itertools
import sys
import types
import typing
import weakref
from collections.abc import Callable, Iterable
from typing import Any, Final

from edge_runtime import check
from tests.guard.walk_judge import all_classes, bases_of

_OLD_NODES: Final = frozenset(
    "AugLoad AugStore Bytes Ellipsis ExtSlice Index NameConstant Num Param Str Suite slice".split()
)
"""Kept by `ast` for old programs; the parser makes none of them."""


def surface(_: object = None) -> dict[str, Any]:
    """The names of this interpreter: `nodes`, `dunders`, `attributes` by type."""
    attributes: dict[str, set[str]] = {}
    dunders: set[str] = set()
    for cls in interpreter_types():
        for name in type.__dict__["__dict__"].__get__(cls):
            if is_dunder(name):
                dunders.add(name)
            elif not name.startswith("_"):
                attributes.setdefault(cls.__name__, set()).add(name)
    for value in _instances():
        dunders.update(name for name in vars(value) if is_dunder(name))
    return {
        "python": ".".join(map(str, sys.version_info[:2])),
        "nodes": sorted({cls.__name__ for cls in _below(ast.AST)} - _OLD_NODES),
        "dunders": sorted(dunders),
        "attributes": {name: sorted(found) for name, found in sorted(attributes.items())},
    }


def is_dunder(name: str) -> bool:
    """Whether a name has the form `__x__`."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def interpreter_types() -> list[type]:
    """Types that every program can meet: built-ins, those of `types`, and those of objects that syntax makes."""
    found: dict[type, None] = {}
    for value in (*vars(builtins).values(), *vars(types).values(), *vars(typing).values()):
        if isinstance(value, type) and value.__module__ in ("builtins", "types", "typing"):
            found |= dict.fromkeys(cls for cls in bases_of(value) if cls.__module__ in ("builtins", "types", "typing"))
    for value in _samples():
        found |= dict.fromkeys(bases_of(type(value)))
    # Built-in types that no name leads to: iterators of each container, wrappers, keys and views.
    found |= dict.fromkeys(
        cls for cls in all_classes() if cls.__module__ == "builtins" and not cls.__flags__ & _PYTHON_MADE
    )
    own = (cls for cls in found if not issubclass(cls, ast.AST) and cls.__name__ not in _NOT_PYTHONS)
    return sorted((cls for cls in own if not _is_typing_alias(cls)), key=lambda cls: (cls.__name__, cls.__module__))


_NOT_PYTHONS: Final = frozenset(
    "Py2JsConverter Js2PyConverter typing.re typing.io _GeneratorWrapper DynamicClassAttribute".split()
)
"""Pyodide's, and those of modules in Python: the tests of each standard package look after what it gives."""

_PYTHON_MADE: Final = 1 << 9
"""`Py_TPFLAGS_HEAPTYPE`: among those named "builtins" there are classes that tests and the runtime made."""


def _is_typing_alias(cls: type) -> bool:
    return cls.__module__ == "typing" and bool(cls.__flags__ & _PYTHON_MADE) and not _is_native(cls)


def _is_native(cls: type) -> bool:
    """Whether a class was made in C: no function of its own is Python's."""
    members = type.__dict__["__dict__"].__get__(cls).values()
    return not any(isinstance(getattr(member, "__func__", member), types.FunctionType) for member in members)


class _Sample:
    """A class with an instance dictionary."""

    inside: int = 1

    def method(self) -> None:
        """Nothing."""


def _instances() -> Iterable[Any]:
    """Objects whose own dictionaries the interpreter fills: a module, a class, a generic class."""
    names: dict[str, Any] = {"__name__": "sample"}
    source = "class A:\n    'Text.'\n    a: int = 1\n    def f(self): return __class__\n"
    if sys.version_info >= (3, 12):
        source += "class B[T](A): pass\ntype C = int\ndef g[T](x: T) -> T: return x\n"
    exec(compile(source, "sample.py", "exec", dont_inherit=True), names)  # noqa: S102 - ours
    yield from (value for value in names.values() if isinstance(value, type))
    yield from (typing.Generic, types.ModuleType("sample"), types, builtins)
    package = types.SimpleNamespace(**names)
    yield package


def _samples() -> Iterable[Any]:
    """One object of each type that syntax and built-in functions make."""

    containers: tuple[Any, ...] = (
        (), [], {}, set(), "", "é", b"", bytearray(), range(1), range(1 << 70), {}.keys(), {}.values(), {}.items(),
    )  # fmt: skip

    def function(first: int = 1) -> Any:
        return lambda: first  # a closure, for its cell

    def generator() -> Any:
        yield 1

    async def coroutine() -> None:
        pass

    async def agenerator() -> Any:
        yield 1

    started, waiting = agenerator(), coroutine()
    try:
        raise ValueError
    except ValueError as error:
        trace = error.__traceback__
    yield from (
        function, function(), function().__code__, function().__closure__[0], generator(), waiting,
        waiting.__await__(), started,
        started.asend(None), started.aclose(), trace, sys._getframe(), _Sample().method, _Sample.__dict__, len,
        [].append,
        int.__add__, (1).__add__, str.join, dict.__dict__["fromkeys"], type.__dict__["__mro__"],
        types.FunctionType.__dict__["__globals__"],
        weakref.ref(_Sample), weakref.proxy(_Sample), contextvars.ContextVar("v"), contextvars.copy_context(),
        super(_Sample, _Sample()),
        int | str, list[int], typing.TypeVar("T"), typing.ParamSpec("P"), typing.TypeVarTuple("Ts"),
        types.SimpleNamespace(),
        function().__code__.co_lines(), function().__code__.co_positions(), iter(int, 0), memoryview(b"a"),
        types.MappingProxyType({}),
        *map(iter, containers),
        reversed([]), reversed({}), reversed({}.items()), reversed({}.values()), reversed(()), map(str, ()), zip(),
        filter(None, ()),
        enumerate(()), itertools.count(), slice(1), ..., NotImplemented, None, sys.flags, sys.version_info,
        sys.implementation,
        property(), classmethod(lambda cls: cls), staticmethod(function), sys.float_info, sys.int_info, sys.hash_info,
        memoryview(b"").__iter__(),
    )  # fmt: skip
    waiting.close()
    if sys.version_info >= (3, 14):
        template: Any = eval("t'{1}'")  # noqa: S307 - syntax that older versions cannot parse
        yield from (template, iter(template), *template.interpolations)


def _below(cls: type) -> Iterable[type]:
    below: list[type] = type.__subclasses__(cls)
    for inner in below:
        if inner.__module__ in ("ast", "_ast"):
            yield inner
            yield from _below(inner)


def verdicts(asked: dict[str, Any]) -> dict[str, Any]:
    """What the guard lets a script do: `names` -> the uses allowed; `examples` -> the first refusal's code, or None."""
    names: list[str] = asked.get("names", [])
    uses: dict[str, list[str]] = {name: [] for name in names}
    for use, form in _FORMS.items():
        asking = [
            name for name in names if use != "data" or "define" not in uses[name]
        ]  # what a `def` may bind, `=` may
        for name in _accepted(asking, form):
            uses[name].append(use)
    examples = {key: _refusal(source) for key, source in asked.get("examples", {}).items()}
    return {"names": uses, "examples": examples}


_FORMS: Final[dict[str, Callable[[str], str]]] = {
    "read": lambda name: f"def f(value): return value.{name}\n",
    "write": lambda name: f"def f(value): value.{name} = 1\n",
    "define": lambda name: f"class C:\n    def {name}(self): pass\n",
    "data": lambda name: f"class C: {name} = ()\n",
    "module": lambda name: f"{name} = ()\n",
}
"""Uses of a name, one program fragment each."""


def _accepted(names: list[str], form: Callable[[str], str]) -> list[str]:
    """The names whose fragment the compiler takes."""
    size = form("x").count("\n")
    program = "".join(map(form, names))
    refused = {(found.span.line - 1) // size for found in check(program) if found.span is not None}
    return [name for place, name in enumerate(names) if place not in refused]


def _refusal(source: str) -> str | None:
    found = check(source)
    return found[0].code if found else None
