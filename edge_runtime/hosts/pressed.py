"""Modules of the standard library that few programs import, in the memory from which a page's engine goes on.

Takes: names of modules and packages, while the standard library's archive is there (`tools/build/warm.py`).
Gives: `Pressed`, a finder that imports them without it. Their compiled code is kept pressed: all encodings take 50 kB, where
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


_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 2**16}]
"""Pressing takes twelve times the dictionary. A memory that had to grow for that would stay so, in every engine."""


class Pressed(MetaPathFinder):
    """Finds the modules that `press` took."""

    def __init__(self, packages: Mapping[str, bytes]) -> None:
        """The pressed codes of a package's modules, by its name."""
        self._packages = packages
        self._names = frozenset(name for pressed in packages.values() for name in _codes(pressed))

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        if fullname not in self._names:  # a program may ask for any number of encodings that there are not
            return None
        code = _codes(self._packages[fullname.partition(".")[0]])[fullname]
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
    return Pressed({name: _packed(name) for name in names})


def install(finder: Pressed) -> None:
    """Ask it before the path, which would read the archive."""
    sys.meta_path.insert(0, finder)


def _codes(pressed: bytes) -> Mapping[str, CodeType]:
    codes: Mapping[str, CodeType] = marshal.loads(lzma.decompress(pressed))  # noqa: S302 - our own
    return codes


def _packed(name: str) -> bytes:
    codes = {each: _code_of(each) for each in _modules_of(name) if each not in sys.modules and each not in ELSEWHERE}
    return lzma.compress(marshal.dumps(codes), filters=_FILTERS)


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
