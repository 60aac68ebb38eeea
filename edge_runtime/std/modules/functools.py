"""`functools`: a copy of its own for each run. `wraps` copies only attributes that the language lets be set."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from ...guard.names import may_write
from ..facade import in_place_of

SURFACE: Final = tuple(
    """
    Placeholder WRAPPER_ASSIGNMENTS WRAPPER_UPDATES cache cached_property cmp_to_key lru_cache partial
    partialmethod reduce singledispatch singledispatchmethod total_ordering update_wrapper wraps
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """`assigned` and `updated` are names of attributes that the script may choose."""
    guarded = space["__builtins__"]["getattr"]

    def get(value: Any, name: Any, *default: Any) -> Any:
        return getattr(value, name, *default) if name == "__annotate__" else guarded(value, name, *default)

    space["getattr"] = get
    real = space["update_wrapper"]
    usual, merged = frozenset(space["WRAPPER_ASSIGNMENTS"]), frozenset(space["WRAPPER_UPDATES"])

    def update_wrapper(
        wrapper: Any,
        wrapped: Any,
        assigned: Any = space["WRAPPER_ASSIGNMENTS"],
        updated: Any = space["WRAPPER_UPDATES"],
    ) -> Any:
        if isinstance(wrapper, ModuleType):
            raise TypeError("update_wrapper() works on functions and objects, not on modules")
        return real(wrapper, wrapped, _judged(assigned, usual), _judged(updated, merged))

    find = space["_find_impl"]

    def find_impl(cls: Any, registry: Any) -> Any:
        if not issubclass(type(cls), type):  # `issubclass` would believe what the object says of itself
            raise TypeError(f"dispatch() takes a class, not an instance of {type(cls).__name__!r}")
        return find(cls, registry)

    space["update_wrapper"] = in_place_of(real, update_wrapper)
    space["_find_impl"] = in_place_of(find, find_impl)


def _judged(names: Any, usual: frozenset[str]) -> tuple[str, ...]:
    """The names, if all may be copied."""
    listed = tuple(names)
    for name in listed:
        if type(name) is not str:
            raise TypeError(f"the name of an attribute must be text, not {type(name).__name__}")
        if name not in usual and not may_write(name):
            raise AttributeError(f"the attribute {name!r} is not available in Edge Python", name=name)
    return listed
