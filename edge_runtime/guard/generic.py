"""Classes with type parameters, as rewritten (`hide_parameters` in rewrites.py).

Takes: the function that stands for such a class.
Gives: the class, with its `__type_params__` and `C[int]`.
Refuses: to go through CPython's `Generic`: what stands in brackets stays the object that it is, text stays text.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any, Final

from .names import is_dunder

_NAMESPACE: Final[Any] = type.__dict__["__dict__"]


def generic_class(function: Any) -> Any:
    """The class that the function makes. The bound of its first parameter is what the class derives from."""
    hidden, *parameters = function.__type_params__
    bases, named = hidden.__bound__
    namespace = _NAMESPACE.__get__(function(bases, named))
    made = next(value for name, value in namespace.items() if not is_dunder(name))
    if isinstance(made, type):
        found = getattr(made, "__class_getitem__", None)
        if found is None or getattr(found, "__module__", None) == "typing":
            type.__setattr__(made, "__class_getitem__", classmethod(GenericAlias))
        type.__setattr__(made, "__type_params__", tuple(parameters))
    return made
