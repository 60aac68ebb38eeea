"""Modules of the standard library that few programs import, in the memory from which a page's engine goes on.

Takes: names of modules and packages, while the standard library's archive is there (`tools/build/warm.py`).
Gives: `Pressed`, a finder that imports them without it. Their compiled code is kept pressed: all encodings take 67 kB, where
importing them would take 1.5 MB of the memory.
Refuses: all other modules; the path may have those.
"""

from __future__ import annotations

import importlib.util
import lzma
import marshal
import pkgutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, Final

SELDOM: Final = ("difflib", "encodings", "quopri", "stringprep")
"""What programs and diagnostics import while they run, and what that imports."""

ELSEWHERE: Final = frozenset({"encodings.mbcs", "encodings.oem"})
"""Encodings of Windows, which import on no other system."""

_TOGETHER: Final = 16
"""Modules that are pressed as one, because a program that imports one waits for all of them. All encodings as one took 5 ms in
Pyodide under Node, and 13 the first time; these take 1 and 2, and 17 kB more in all."""

_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 2**16}]
"""Pressing takes twelve times the dictionary. A memory that had to grow for that would stay so, in every engine."""


class Pressed(MetaPathFinder):
    """Finds the modules that `press` took."""

    def __init__(self, pressed: Mapping[str, bytes]) -> None:
        """By the name of each module: its code and those of its neighbours, pressed."""
        self._pressed = pressed

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        pressed = self._pressed.get(fullname)
        if pressed is None:  # a program may ask for any number of encodings that there are not
            return None
        codes: Mapping[str, CodeType] = marshal.loads(lzma.decompress(pressed))  # noqa: S302 - our own
        code = codes[fullname]
        return ModuleSpec(fullname, _Loader(code), origin=code.co_filename)


class _Loader(InspectLoader):
    """Runs the code that was found."""

    def __init__(self, code: CodeType) -> None:
        self._code = code

    def get_code(self, _fullname: str) -> CodeType:
        return self._code

    def get_source(self, _fullname: str) -> None:
        """It is in the archive."""


def press(names: Iterable[str]) -> Pressed:
    """Those of these modules, and of these packages' modules, that are not imported."""
    pressed: dict[str, bytes] = {}
    for name in names:
        modules = [each for each in _modules_of(name) if each not in sys.modules and each not in ELSEWHERE]
        for first in range(0, len(modules), _TOGETHER):
            group = modules[first : first + _TOGETHER]
            codes = {each: _code_of(each) for each in group}
            pressed |= dict.fromkeys(group, lzma.compress(marshal.dumps(codes), filters=_FILTERS))
    return Pressed(pressed)


def install(finder: Pressed) -> None:
    """Ask it before the path, which would read the archive."""
    sys.meta_path.insert(0, finder)


def _modules_of(name: str) -> list[str]:
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"this Python has no module {name!r}", name=name)
    inside = spec.submodule_search_locations
    return [name] if inside is None else [f"{name}.{module.name}" for module in pkgutil.iter_modules(inside)]


def _code_of(name: str) -> CodeType:
    loader: Any = getattr(importlib.util.find_spec(name), "loader", None)
    code: CodeType | None = loader.get_code(name) if loader else None
    if code is None:
        raise ImportError(f"module {name!r} is not written in Python", name=name)
    return code
