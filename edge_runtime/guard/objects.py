"""Objects that a script may not have, though the attribute that gives them may be read.

Takes: what an attribute of `GUARDED` gave.
Gives: the object itself, or one that does the same for names that the guard allows.
Refuses: templates of `str.format` that name what is refused: `AttributeError`.

What decides is the object, not how it was come by: `"…".format`, `str.format`, `super().format`, `getattr(s, "format")` and a
subclass's `format` are one thing. The stand-ins are immutable, so that all runs of a process can share them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import (
    BuiltinMethodType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Final

from .classes import NEW_CLASS, script_type
from .names import DIRECT, FROM, GUARDED, REAL, instead, may_read, may_write
from .sealed import Sealed, host_function, refuse_change
from .templates import refused_in

_NAMES: Final[Any] = vars(ModuleType)["__dict__"]
_FORMATS: Final = frozenset({"format", "format_map"})
_SETTERS: Final = frozenset({"__setattr__", "__delattr__"})
_DESCRIPTORS: Final = frozenset({GetSetDescriptorType, MemberDescriptorType})
_CALLABLES: Final = frozenset({BuiltinMethodType, MethodDescriptorType, MethodWrapperType, WrapperDescriptorType})


def refusal(name: str) -> AttributeError:
    """The error for a name that is refused."""
    fix = instead(name)
    return AttributeError(
        f"the attribute {name!r} is not available in Edge Python{'; ' + fix if fix else ''}", name=name
    )


def judged(found: Any) -> Any:
    """What a script gets in place of an object that a guarded attribute gave."""
    kind = type(found)
    if kind in _CALLABLES:
        return _judged_callable(kind, found)
    if kind is FunctionType or kind is MethodType:
        return _judged_function(found)
    return script_type(found) if issubclass(kind, type) else found


def _judged_function(found: Any) -> Any:
    """Up to Python 3.13 C code reaches into the process's own `typing`, where `ForwardRef._evaluate` runs text as Python."""
    function: Any = found.__func__ if type(found) is MethodType else found
    if type(function) is not FunctionType or function.__name__ != "_evaluate":
        return found
    plain: Any = function  # typeshed does not know what a function has
    names = plain.__builtins__
    if FROM not in names:
        raise refusal("_evaluate")
    return found


def _judged_callable(kind: type, found: Any) -> Any:
    name = found.__name__
    if kind is MethodWrapperType:
        owner = found.__self__
        if type(owner) in _CALLABLES or owner is type:  # `__call__` and its kin of what a script may not have
            safe = judged(owner)
            if safe is not owner:
                return getattr(safe, name)
    if name in _FORMATS:
        if kind is BuiltinMethodType and issubclass(type(found.__self__), str):
            refused = refused_in(str.__str__(found.__self__))
            if refused is not None:
                raise refusal(refused)
        elif kind is MethodDescriptorType and found.__objclass__ is str:
            return _unbound_format(found)
    elif name in _SETTERS:
        if kind is WrapperDescriptorType:
            return _setter(found)
        if kind is MethodWrapperType:
            slot = type.__dict__["__dict__"].__get__(found.__objclass__)[name]
            return MethodType(_setter(slot), found.__self__)
    elif name == "__new__":
        if kind is BuiltinMethodType and found.__self__ is type:
            return NEW_CLASS
    elif name == "__get__":
        if kind is WrapperDescriptorType and found.__objclass__ is classmethod:
            return _bind_class_method()
        if kind is MethodWrapperType and isinstance(found.__self__, classmethod):
            return MethodType(_bind_class_method(), found.__self__)
    return found


def _in_place_of(real: Any, call: Any, bound: Callable[[Any, Any], Any]) -> Any:
    """A method of a built-in type as scripts have it: `call` does its work, `bound(method, object)` is that of an object."""

    def bind(*given: Any) -> Any:
        place = given[1:] if len(given) == 3 else given
        return method if real.__get__(*place) is real else bound(method, place[0])

    call.__doc__ = real.__doc__
    method = host_function(real.__name__, call, own=True, text=repr(real), like=type(real), bind=bind)
    return method


@cache
def _bind_class_method() -> Any:
    """`classmethod.__get__`, which takes the class of the instance where it is told none: that of a class is `type`."""
    real: Any = classmethod.__dict__["__get__"]

    def call(*given: Any, **named: Any) -> Any:
        if len(given) == 2 or (len(given) == 3 and given[2] is None):
            given = (*given[:2], script_type(type(given[1])))
        return real(*given, **named)

    return _in_place_of(real, call, MethodType)


@cache
def _unbound_format(real: Any) -> Any:
    """`str.format` as a function of the template."""

    def call(*given: Any, **named: Any) -> str:
        if given and issubclass(type(given[0]), str):
            refused = refused_in(str.__str__(given[0]))
            if refused is not None:
                raise refusal(refused)
        text: str = real(*given, **named)
        return text

    return _in_place_of(real, call, lambda _, owner: judged(real.__get__(owner)))


@cache
def _setter(real: Any) -> Any:
    """A built-in type's `__setattr__` or `__delattr__`, for the names that `setattr` and `delattr` take."""
    count = 3 if real.__name__ == "__setattr__" else 2

    def call(*given: Any, **named: Any) -> None:
        if len(given) == count and not named:
            owner, name = given[:2]
            if type(name) is str:
                if not may_write(name):
                    raise refusal(name)
            elif isinstance(name, str):
                raise TypeError(f"attribute name must be exactly a string, not '{type(name).__name__}'")
            if issubclass(type(owner), Sealed):
                refuse_change(owner, name)
        real(*given, **named)
        if len(given) == 3:
            look_again(given[0], given[1])

    return _in_place_of(real, call, MethodType)


def look_again(owner: Any, name: str) -> None:
    """A module may have got the name of a built-in function from outside: its calls by that name look for it from now on. They
    go straight to the function else (rewrites.py)."""
    if name not in DIRECT or not issubclass(type(owner), ModuleType):
        return
    names = _NAMES.__get__(owner)
    own = names.get("__builtins__")
    if type(own) is dict:

        def call(*given: Any, **named: Any) -> Any:
            return (names if name in names else own)[name](*given, **named)

        own[f"<call {name}>"] = call
        if name in REAL:
            own[f"<{name}>"] = call


def judged_dict(found: Any, owner: Any) -> Any:
    """What a script gets as `owner.__dict__`.

    The real dictionary of an instance, unless it holds names that a script may not read: what a class of the script's own
    could answer for any name by `__getattr__`, it may as well hold. Of modules a copy, of classes a copy to be read.
    """
    if type(found) is dict:
        whole = not issubclass(type(owner), ModuleType) and all(type(name) is str and may_read(name) for name in found)
        return found if whole else public_names(found)
    if type(found) is MappingProxyType:
        return MappingProxyType({} if issubclass(type(owner), Sealed) else public_names(found))
    if type(found) in _DESCRIPTORS:  # `super(C, C).__dict__`: it gives the real one of anything
        raise refusal("__dict__")
    return found


def public_names(namespace: Any) -> dict[str, Any]:
    """A copy of a namespace as scripts may see it, without the descriptors of `__class__` and `__dict__`: they would hand out
    the real ones."""
    return {
        name: _public(name, value)
        for name, value in namespace.items()
        if type(name) is not str or (may_read(name) and name not in ("__class__", "__dict__"))
    }


def _public(name: Any, value: Any) -> Any:
    if type(value) is staticmethod and type(value.__func__) is BuiltinMethodType:
        return staticmethod(value.__func__)  # that of a built-in type is one object for all runs, and can be written to
    return judged(value) if name in GUARDED else value
