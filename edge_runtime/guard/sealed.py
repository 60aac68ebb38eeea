"""Host functions and classes as scripts see them: nothing to write to, nothing to take apart.

Takes: a name and a function of the host.
Gives: an object that is called like a built-in function.
Refuses: attributes, subclasses, and changes of its class, in CPython's words. Whatever a script reads from it is an object
in C whose way back to the function (`__self__`) the guard refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MappingProxyType, MethodWrapperType
from typing import Any, Final, NoReturn

from .names import FROM


class Sealed(type):
    """The class of classes that nobody can write to. Scripts take it for `type`."""

    def __setattr__(cls, name: str, _value: object) -> NoReturn:
        refuse_change(cls, name)

    def __delattr__(cls, name: str) -> NoReturn:
        refuse_change(cls, name)


class Hidden(type):
    """The class of the class of what a script's `object()` makes, which scripts take for `object`: they never see it."""


def refuse_change(cls: type, name: object) -> NoReturn:
    """The error for a change, in CPython's words."""
    raise TypeError(f"cannot set {name!r} attribute of immutable type {cls.__name__!r}")


NO_ANNOTATIONS: Final = MappingProxyType[str, object]({})
"""A class without them would make a dictionary that can be written to as soon as it is asked."""


def _no_annotations(_: object) -> NoReturn:
    raise AttributeError("'builtin_function_or_method' object has no attribute '__annotations__'")


_HAS_NONE: Final = property(_no_annotations)


def host_function(
    name: str,
    function: Callable[..., Any],
    *,
    own: bool = False,
    text: str | None = None,
    like: type = BuiltinFunctionType,
    bind: Callable[..., Any] | None = None,
) -> Any:
    """A function of the host as a script sees it.

    Each has a class of its own, whose `__call__` is the function's own in C: an instance without attributes calls it
    straight away. A Python function is copied under the script's name for it, so that no message knows another. `own` says
    that it is the runtime's, whose errors carry nothing; `text` is its `repr`; `like` what a script gets as its class; `bind`
    its `__get__`, where it is a method: C calls it with the method first, a script without.
    """
    if isinstance(function, FunctionType):
        function = renamed(function, name)
    namespace: dict[str, Any] = {
        "__slots__": (),
        "__module__": "builtins",
        "__name__": name,
        "__doc__": function.__doc__,
        "__annotations__": _HAS_NONE,
        "__class__": property(lambda _: like),
        "__call__": staticmethod(in_c(function if own else _letting_nothing_out(function))),
        "__repr__": staticmethod((text or f"<built-in function {name}>").__str__),
    }
    if bind is not None:
        namespace["__get__"] = staticmethod(in_c(bind))
    return Sealed("builtin_function_or_method", (), namespace)()


def _letting_nothing_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function; the errors that it raises do not carry the objects of its own that they arose at."""

    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except BaseException as error:
            forget_objects(error)
            raise

    return call


_CONTEXT: Final[Any] = BaseException.__dict__["__context__"]
_CAUSE: Final[Any] = BaseException.__dict__["__cause__"]
_HIDES_CONTEXT: Final[Any] = BaseException.__dict__["__suppress_context__"]
_TRACEBACK: Final[Any] = BaseException.__dict__["__traceback__"]
_OBJ: Final[Any] = AttributeError.__dict__["obj"]
_INNER: Final[Any] = BaseExceptionGroup.__dict__["exceptions"]


def forget_objects(error: BaseException) -> None:
    """Clear `AttributeError.obj` in an exception and all that hang on it, where code of the host raised it; and what it raised
    `from None`: it meant to hide that."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        kind = type(one)
        if issubclass(kind, AttributeError) and not _raised_by_script(one):
            _OBJ.__set__(one, None)
        elif issubclass(kind, BaseExceptionGroup):
            left.extend(_INNER.__get__(one))
        behind, cause = _CONTEXT.__get__(one), _CAUSE.__get__(one)
        hides = behind is not None and cause is None and _HIDES_CONTEXT.__get__(one)
        if hides and not _raised_by_script(one) and not _raised_by_script(behind):
            _CONTEXT.__set__(one, behind := None)
        left += (behind, cause)


def _raised_by_script(error: BaseException) -> bool:
    place = _TRACEBACK.__get__(error)
    if place is None:
        return False
    while place.tb_next is not None:
        place = place.tb_next
    return FROM in place.tb_frame.f_builtins


def in_c(function: Callable[..., Any]) -> Callable[..., Any]:
    """A callable in C that calls a function."""
    call: Callable[..., Any] = function.__call__  # type: ignore[operator] # every callable has it
    return call if type(call) is MethodWrapperType else in_c(call)


def renamed(function: Any, name: str) -> FunctionType:
    """A copy of a function under another name."""
    code = function.__code__.replace(co_name=name, co_qualname=name)
    copy = FunctionType(code, function.__globals__, name, function.__defaults__, function.__closure__)
    copy.__kwdefaults__, copy.__doc__ = function.__kwdefaults__, function.__doc__
    copy.__module__ = "builtins"
    return copy
