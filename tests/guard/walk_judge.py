"""What must not be within reach of a script.

Takes: any object.
Gives: `Judge.verdict`: the kind of way out that it is, in a few words, or None.
Refuses: nothing. Runs on every supported Python and looks at objects raw, never through their own classes.
"""

from __future__ import annotations

import builtins
import operator
import sys
from collections.abc import Iterable, Iterator
from types import (
    BuiltinFunctionType,
    CellType,
    CodeType,
    FrameType,
    FunctionType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    TracebackType,
    WrapperDescriptorType,
)
from typing import Any, Final

from edge_runtime.guard.templates import refused_in

FROM: Final = "<from>"
"""The slot that only the built-ins of a script's module have."""

_RAW_BUILTINS: Final = (
    "__build_class__ __import__ breakpoint compile delattr dir eval exec getattr globals hasattr locals open setattr vars"
).split()
_STRING_GADGETS: Final = frozenset({"format", "format_map"})
_SETTERS: Final = frozenset({"__getattribute__", "__setattr__", "__delattr__", "__reduce__", "__reduce_ex__"})
_FRESH: Final = frozenset({"__name__", "__doc__", "__package__", "__loader__", "__spec__"})
"""All that `type(module)("name")` has."""

_EVIL: Final = frozenset({"edge_walk_evil", "__getattribute__"})
"""What the walk gives to whatever makes classes: no class may have it."""

KINDS: Final = (
    "a module", "a frame", "a code object", "a traceback of the runtime", "a cell", "a class of the interpreter's inside",
    "a module's namespace", "the real type", "a class that nobody judged", "a raw gadget", "a function of the runtime",
    "an object of edge_runtime",
)  # fmt: skip


def class_of(value: object) -> type:
    """The class of an object, whatever it says of itself."""
    return type(value)


def bases_of(cls: type) -> tuple[type, ...]:
    """The classes that a class inherits from, itself first. A static type that nothing has used yet has none."""
    found: tuple[type, ...] | None = type.__dict__["__mro__"].__get__(cls)
    return found or (cls,)


def raw(value: object, name: str) -> Any:
    """An attribute of the object's class's layout, or None: no `__getattr__` of a script is asked."""
    try:
        return object.__getattribute__(value, name)
    except Exception:  # noqa: BLE001 - it has none
        return None


class Judge:
    """Knows the ways out of this interpreter. `own` are the modules of the run."""

    def __init__(self, own: Iterable[ModuleType]) -> None:
        self._own = {id(module): module for module in own}
        modules: list[Any] = [*sys.modules.values()]
        self._spaces = {id(module.__dict__) for module in modules if isinstance(module, ModuleType)}
        self._processes = {id(module) for module in modules}
        self._gadgets: dict[int, Any] = {id(getattr(builtins, name)): name for name in _RAW_BUILTINS}
        for found in (operator.attrgetter, operator.methodcaller, ModuleType.__getattribute__, sys._getframe):
            self._gadgets[id(found)] = found
        for cls, names in ((str, _STRING_GADGETS), (type, {"mro", "__subclasses__", "__prepare__"})):
            for name in names:
                self._gadgets[id(cls.__dict__[name])] = name

    def verdict(self, value: Any) -> str | None:
        """The kind of way out that an object is, one of `KINDS`."""
        kind = class_of(value)
        if kind is FunctionType or kind is MethodType:
            # Why bound methods as well: `.obj` of an AttributeError of theirs is the function behind.
            function = function_of(value)
            return self._function(function) if class_of(function) is FunctionType else None
        if issubclass(kind, type):
            return self._class(value)
        if issubclass(kind, ModuleType):
            return self._module(value)
        if kind is dict:
            return "a module's namespace" if self._is_namespace(value) else None
        if kind is FrameType:
            return "a frame"
        if kind is CodeType:
            return "a code object"
        if kind is CellType:
            return "a cell"
        if kind is TracebackType:
            return None if is_of_script(value.tb_frame.f_builtins) else "a traceback of the runtime"
        if self._is_gadget(value, kind):
            return "a raw gadget"
        return "an object of edge_runtime" if _module_name(kind).startswith("edge_runtime") else None

    def _module(self, module: ModuleType) -> str | None:
        if id(module) in self._processes:
            return "a module"
        if id(module) in self._own:
            return None
        space = raw(module, "__dict__") or {}
        fresh = space.keys() <= _FRESH and all(space[name] is None for name in space.keys() - {"__name__", "__doc__"})
        return None if fresh else "a module"

    def _class(self, cls: type) -> str | None:
        if cls is type:
            return "the real type"
        if cls in (CodeType, FrameType, CellType):
            return "a class of the interpreter's inside"
        if id(cls) in self._gadgets:
            return "a raw gadget"
        if type.__dict__["__dict__"].__get__(cls).keys() >= _EVIL:
            return "a class that nobody judged"
        return "an object of edge_runtime" if _module_name(cls).startswith("edge_runtime") else None

    def _function(self, function: FunctionType) -> str | None:
        home: Any = function.__globals__.get("__name__")
        module: Any = function.__module__  # a script may have written anything there
        if isinstance(module, str) and module.startswith("edge_runtime"):
            return "an object of edge_runtime"
        # Why not all of `edge_runtime`: a facade of a standard module is a function made for one run, under a name that leads
        # nowhere; the walk over two runs holds that it is.
        if isinstance(home, str) and home.startswith(
            ("edge_runtime.guard", "edge_runtime.machine", "edge_runtime.hosts")
        ):
            return "a function of the runtime"
        return None

    def _is_namespace(self, value: dict[Any, Any]) -> bool:
        return id(value) in self._spaces or any(
            dict.__contains__(value, name) for name in ("__builtins__", "__loader__", "__spec__", "__build_class__")
        )

    def _is_gadget(self, value: Any, kind: type) -> bool:
        if id(value) in self._gadgets:
            return True
        if kind in (WrapperDescriptorType, MethodWrapperType):
            owner = value.__objclass__ if kind is WrapperDescriptorType else value.__self__
            if value.__name__ == "__call__":  # that of a class in a script's hands is the script's to call
                return kind is MethodWrapperType and owner is type
            return value.__name__ in _SETTERS
        if kind is BuiltinFunctionType:
            owner = value.__self__
            if isinstance(owner, str) and value.__name__ in _STRING_GADGETS:
                return refused_in(str.__str__(owner)) is not None  # of other templates it gives text and nothing else
            if isinstance(owner, type):
                return value.__name__ in ("mro", "__subclasses__") or (owner is type and value.__name__ == "__new__")
            return value.__name__ in ("__reduce__", "__reduce_ex__") and isinstance(owner, ModuleType)
        return False


def _module_name(cls: type) -> str:
    for base in bases_of(cls)[:1]:
        name = type.__dict__["__dict__"].__get__(base).get("__module__")
        if isinstance(name, str):
            return name
    return ""


def is_of_script(namespace: Any) -> bool:
    """Whether built-ins, or the globals that hold them, are those of a script."""
    if not isinstance(namespace, dict):
        return False
    inner = namespace.get("__builtins__", namespace)
    return isinstance(inner, dict) and FROM in inner


def function_of(value: Any) -> Any:
    """What is called behind a bound method, which is made anew at each access."""
    while class_of(value) is MethodType:
        value = value.__func__
    return value


def all_classes() -> Iterator[type]:
    """Every class of the process."""
    seen: set[type] = {object}
    left: list[type] = [object]
    while left:
        cls = left.pop()
        yield cls
        below: list[type] = type.__subclasses__(cls)
        for inner in below:
            if inner not in seen:
                seen.add(inner)
                left.append(inner)
