"""What a native module holds: values by handle, and the items of an iteration.

Takes: Python values. Gives: `Handles`, numbers of 32 bits for them; `Items`, what the operation `Iter` gives.
Refuses: handles without end, with a `RuntimeError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import length_hint
from typing import Any, Final

MAX_HANDLES: Final = 1_000_000
"""How many values one module may hold at a time."""


class Handles:
    """The values that one module holds, by handle.

    A handle is a number that counts upwards and is not given again before four thousand million others were: a handle
    that was released stays invalid, and releasing it twice is harmless. 0 is never a handle.
    """

    __slots__ = ("_limit", "_next", "_values", "get")

    def __init__(self, limit: int = MAX_HANDLES) -> None:
        self._values: dict[int, object] = {}
        self._next = 1
        self._limit = limit
        self.get: Callable[[int, object], object] = self._values.get
        """The value of a handle, or what is given for one that is not valid."""

    def new(self, value: object) -> int:
        """A fresh handle. Raises `RuntimeError` where too many are held."""
        values = self._values
        handle = self._next
        if len(values) >= self._limit:
            raise RuntimeError(f"more than {self._limit} handles are held: the module does not release what it makes")
        while handle in values or handle > 0xFFFFFFFF:
            handle = handle + 1 if handle < 0xFFFFFFFF else 1
        self._next = handle + 1
        values[handle] = value
        return handle

    def release(self, handle: int) -> None:
        """Drop a handle; nothing happens for one that is not valid."""
        self._values.pop(handle, None)

    def clear(self) -> None:
        """Drop all."""
        self._values.clear()

    def __len__(self) -> int:
        return len(self._values)


class Items:
    """What `Iter` gives: a list to the module, from which `IterNext` takes one item at a time.

    The items are made as they are taken, so that a module may read the beginning of an endless iterator. Any other
    operation (`Len`, `GetItem`, a call that passes it on) sees a `list` of the items that are left.
    """

    __slots__ = ("_counted", "_iterator", "_rest")

    def __init__(self, iterable: Any) -> None:
        self._iterator: Iterator[object] = iter(iterable)
        self._rest: list[object] | None = None
        self._counted = False

    def __next__(self) -> object:
        self._rest = None
        return next(self._iterator)

    def __len__(self) -> int:
        if not self._counted:
            self.rest()
        return length_hint(self._iterator)  # exact: of a list

    def rest(self) -> list[object]:
        """The items that are left."""
        if self._rest is None:
            self._rest = list(self._iterator)
            self._iterator = iter(self._rest)
            self._counted = True
        return self._rest
