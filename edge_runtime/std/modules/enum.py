"""`enum`: a copy of its own for each run. Members made by a call have names that the language allows.

Left out: `global_enum` and its kin, which write into the module that a class says it comes from.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

from ..facade import in_place_of
from ..text import may_bind, refused_name

SURFACE: Final = tuple(
    """
    CONFORM CONTINUOUS EJECT Enum EnumCheck EnumDict EnumMeta EnumType Flag FlagBoundary IntEnum IntFlag KEEP
    NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE auto member nonmember property show_flag_values unique verify
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """Judge the names of `Enum("Name", names)`; take away what looks into modules."""
    kind = space["EnumType"]
    real = kind._create_

    def create(cls: Any, class_name: str, names: Any, *, module: Any = None, **named: Any) -> Any:
        names = _listed(names)
        for item in names:
            _judge(item if isinstance(item, str) else item[0])
        if module is None:
            module = sys._getframe(2).f_globals.get("__name__")
        return real(cls, class_name, names, module=module, **named)

    type.__setattr__(kind, "_create_", in_place_of(real, create))
    type.__delattr__(kind, "_convert_")  # it makes members of the contents of any module, by its name


def _listed(names: Any) -> list[Any]:
    """The ways of writing names, as names alone or pairs of name and value."""
    if isinstance(names, str):
        return names.replace(",", " ").split()
    if isinstance(names, Mapping):
        return [(name, names[name]) for name in names]
    listed = [item if isinstance(item, str) else tuple(item) for item in names]
    if listed and isinstance(listed[0], str) and not isinstance(names, tuple | list):
        return [(name, names[name]) for name in listed]
    return listed


def _judge(name: Any) -> None:
    if type(name) is not str:
        raise TypeError(f"the name of a member must be text, not {type(name).__name__}")
    if not may_bind(name):
        raise refused_name(name)
