"""`abc`: a copy of its own for each run. `metaclass=` is no part of the language, so a class becomes abstract by `ABC`."""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple(
    """
    ABC ABCMeta abstractmethod abstractclassmethod abstractstaticmethod abstractproperty get_cache_token
    update_abstractmethods
    """.split()
)
