"""`collections.abc`: a copy of its own for each run. `ByteString` is there where the Python version still has it."""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple(
    """
    Awaitable Coroutine AsyncIterable AsyncIterator AsyncGenerator Hashable Iterable Iterator Generator Reversible
    Sized Container Callable Collection Set MutableSet Mapping MutableMapping MappingView KeysView ItemsView
    ValuesView Sequence MutableSequence ByteString Buffer
    """.split()
)
