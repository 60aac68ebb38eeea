"""Standard packages of the dialect: CPython's own modules behind tables of what is let through.

Takes: the name of a module.
Gives: `NAMES`, the modules that there are; `exports`, the names that a program may import from one of them.
Refuses: nothing; a name outside `NAMES` is a mistake of the caller.

Importing this package loads no module of the standard library: it lies on the path of every start.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any, Final

NAMES: Final = frozenset(
    "json re math cmath struct random statistics itertools functools collections collections.abc abc contextlib copy "
    "string textwrap pprint datetime calendar decimal fractions heapq bisect operator dataclasses enum typing base64 "
    "hashlib unicodedata sys time test".split()
)
"""Every standard package (browser.md, "Official packages", the row of the sandbox)."""


@cache
def exports(name: str) -> frozenset[str]:
    """The names of a module that a program may import: those of its table that this Python has."""
    module = table(name)
    own = frozenset[str](getattr(module, "OWN", ()))
    listed = frozenset[str](module.SURFACE)
    if listed <= own:
        return listed
    real = importlib.import_module(name)
    return frozenset(word for word in listed if word in own or hasattr(real, word))


@cache
def left_out(name: str) -> frozenset[str]:
    """Public names of CPython's module that are not let through."""
    if exports(name) <= frozenset(getattr(table(name), "OWN", ())):
        return frozenset()
    public = (word for word in dir(importlib.import_module(name)) if not word.startswith("_"))
    return frozenset(public) - exports(name)


@cache
def table(name: str) -> Any:
    """What the project says of a module: a file of `modules/`, whose `__init__` describes its shape."""
    return importlib.import_module(f".modules.{name.replace('.', '_')}", __name__)
