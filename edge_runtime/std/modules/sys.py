"""`sys`: what a program may know of its Python, its arguments and its streams. A table of values, made for each run.

Left out: everything that leads to modules, frames, files or settings of the interpreter.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ..library import Library

SURFACE: Final = tuple(
    """
    argv byteorder exit float_info float_repr_style getrecursionlimit getsizeof hash_info hexversion implementation
    int_info intern maxsize maxunicode platform stderr stdin stdout version version_info
    """.split()
)


def build(library: Library) -> dict[str, Any]:
    """The values that are the run's own."""
    streams = library.streams
    return {
        "argv": list(library.run.argv),
        "platform": "edge",
        "implementation": SimpleNamespace(name=sys.implementation.name, version=sys.version_info),
        "stdout": streams.stdout,
        "stderr": streams.stderr,
        "stdin": streams.stdin,
    }
