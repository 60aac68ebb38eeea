"""Python classes whose methods are native.

Takes: a class's name, and for each method a callable that gets the receiver first.
Gives: an ordinary class to a script: it may be called, derived from, asked with `isinstance`; special methods work as
operators and conversions do.
Refuses: special methods that a class of the script's own could not define either, and `__new__` with its kin, which have no
receiver; a receiver that is no instance of the class. Nothing in the class leads behind the guard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any, Final

from ..guard.names import METHODS, is_dunder
from .abi import HIDDEN, RustId

_WITHOUT_RECEIVER: Final = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_SLOT: Final = "rust_id"


def make_class(name: str, methods: Mapping[str, Callable[..., Any]], spec: str = "") -> type:
    """The class `name` of the module `spec`.

    Each class has a slot of its own for the `__rust_id` of its instances. So CPython refuses a class that derives from two
    native ones ("lay-out conflict"), whose numbers would be mixed up.
    """
    made = type(name, (), {"__slots__": (_SLOT, "__dict__", "__weakref__"), "__module__": spec or "builtins"})
    slot = made.__dict__[_SLOT]
    delattr(made, _SLOT)  # the descriptor works without a name in the class
    setattr(made, HIDDEN, RustId(spec, slot))
    for method, function in methods.items():
        if not is_dunder(method) or (method in METHODS and method not in _WITHOUT_RECEIVER):
            setattr(made, method, _method(made, method, function))
    if "__eq__" in methods and "__hash__" not in methods:
        made.__hash__ = None  # type: ignore[assignment] # as Python does for a class that defines `__eq__` alone
    return made


def _method(owner: type, name: str, function: Callable[..., Any]) -> Any:
    """A method as a script sees it: it binds to instances, and has nothing in it to take apart (as `host_function`)."""
    full = f"{owner.__name__}.{name}"

    def call(*args: Any, **named: Any) -> Any:
        if not args:
            raise TypeError(f"{full}() needs an instance as its first argument")
        if not issubclass(type(args[0]), owner):
            raise TypeError(f"{full}() works on a {owner.__name__!r}, not on a {type(args[0]).__name__!r}")
        return function(*args, **named)

    def construct(*args: Any, **named: Any) -> None:
        call(*args, **named)  # what a constructor gives back is nothing to Python

    def bind(method: Any, instance: object, _owner: type | None = None) -> Any:
        return method if instance is None else MethodType(method, instance)

    namespace = {
        "__slots__": (),
        "__module__": "builtins",
        "__name__": name,
        "__qualname__": full,
        "__call__": staticmethod(construct if name == "__init__" else call),
        "__get__": bind,
        "__repr__": lambda _: f"<method {full!r} of a native module>",
    }
    return type("builtin_function_or_method", (), namespace)()
