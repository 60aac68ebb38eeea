"""What stands behind rewritten `async for` and `await` (rewrites.py).

Takes: what a script loops over asynchronously; the function that it awaits a call of.
Gives: for what has `__aiter__` the object itself, for plain iterables an asynchronous iterator that never waits by itself.
Refuses: nothing; an object that is neither is given back, so that CPython says so in its own words.

A generator expression shows its iterator to `locals()`, so the wrapper is one of the objects that a script may get: it has no
attribute, and its class is that of a built-in function.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final, NoReturn

from .sealed import NO_ANNOTATIONS, Sealed

_END: Final = object()


class Cancelled(BaseException, metaclass=Sealed):
    """What ends a cancelled task, as long as the machine has no other: nothing raises it."""


def later(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself: all that a machine without a scheduler has."""
    return function


def asynchronous(value: Any) -> Any:
    """What `async for` loops over."""
    kind = type(value)
    if hasattr(kind, "__aiter__") or not (hasattr(kind, "__iter__") or hasattr(kind, "__getitem__")):
        return value
    made = _new(AsynchronousIterator)
    _set_iterator(made, iter(value))
    return made


def _no_attribute(_: Any, name: str, *_value: Any) -> NoReturn:
    raise AttributeError(f"'async_iterator' object has no attribute {name!r}", name=name)


@types.coroutine
def _next(self: Any) -> Generator[None, None, Any]:
    """One value at once. A generator, because nobody is told of one that is never awaited."""
    value = next(_iterator_of(self), _END)
    if value is _END:
        raise StopAsyncIteration
    return value
    yield  # type: ignore[unreachable] # it makes this a generator


AsynchronousIterator: Final[Any] = Sealed(
    "async_iterator",
    (),
    {
        "__slots__": ("iterator",),
        "__module__": "builtins",
        "__annotations__": NO_ANNOTATIONS,
        "__getattribute__": _no_attribute,
        "__setattr__": _no_attribute,
        "__delattr__": _no_attribute,
        "__repr__": lambda _: "<async_iterator object>",
        "__aiter__": lambda self: self,
        "__anext__": _next,
    },
)
"""A plain iterator in the place of an asynchronous one. The interpreter finds its methods in the class; a script asks the
instance, and gets none."""

_new: Final = object.__new__
_set_iterator: Final[Callable[[Any, Iterator[Any]], None]] = AsynchronousIterator.iterator.__set__
_iterator_of: Final[Callable[[Any], Iterator[Any]]] = AsynchronousIterator.iterator.__get__
