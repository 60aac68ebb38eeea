"""What the private copies of standard modules read and write attributes with (`rewriting.py`).

Takes: objects and names that came from a script.
Gives: `helpers`, `names_of`: the built-in names that their rewritten code uses, and guarded functions under the names of
`getattr` and its kin.
Refuses: names that a script may not use, unless `WRITES` lists them or the module itself wrote the name down; objects that a
script may not have (`guard/objects.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final

from ..guard.classes import MADE_BY_OTHERS, TYPE, script_type, set_match_args
from ..guard.names import GUARDED, may_read
from ..guard.objects import judged, judged_dict
from ..guard.runtime import HELPERS, guarded_delattr, guarded_getattr, guarded_hasattr, guarded_setattr, judged_getattr
from .rewriting import TYPE_OF, TYPE_OF_SCRIPTS

WRITES: Final = MADE_BY_OTHERS | frozenset(
    """
    __annotate__ __annotate_func__ __args__ __metadata__ __new_member__ __orig_class__ __origin__ __protocol_attrs__
    __reduce_ex__ __replace__ __slots__ __unpacked__
    """.split()
)
"""Attributes that standard modules set by a name that they computed, beside those that scripts may set. A script may come to
set one of them through such a module: Python acts on none, or on behalf of that script only. `__match_args__` is judged
(`set_match_args`)."""

CLASSES_WHOLE: Final = {
    "_collections_abc": "whether a class has the methods of an abstract one",
    "abc": "which of a class's names are abstract",
    "annotationlib": "the annotations of a class",
    "copyreg": "the slots of a class",
    "dataclasses": "the fields of a class; the class is made once more for its slots, and judged",
    "enum": "the members of a class",
    "typing": "the bases and annotations of a class",
}
"""Modules that get the real dictionary of a class, and what they look for in it, by names that they wrote down themselves."""


def _getattr_fixed(value: Any, name: str, *default: Any) -> Any:
    """`getattr` where the module wrote the name down."""
    return (judged_getattr if name in GUARDED else getattr)(value, name, *default)


def _setattr(value: Any, name: Any, new: Any) -> None:
    """`setattr` where it did not."""
    if type(name) is str and name == "__match_args__" and isinstance(value, type):
        set_match_args(value, new)
    elif type(name) is str and name in WRITES:
        setattr(value, name, new)
    else:
        guarded_setattr(value, name, new)


def _setter(value: Any) -> Any:
    """`value.__setattr__`, often that of `super()`."""
    found = value.__setattr__
    safe = judged(found)

    def call(*given: Any) -> None:
        name = given[-2] if len(given) > 1 else None
        (found if type(name) is str and name in WRITES else safe)(*given)

    return found if safe is found else call


def _dir(*given: Any) -> list[Any]:
    """`dir`, for names that may be read."""
    return [name for name in dir(*given) if type(name) is not str or may_read(name)]


HELPERS_OF_COPIES: Final[Mapping[str, Callable[..., Any]]] = {
    **{name: helper for name, helper in HELPERS.items() if name.startswith("<attribute ")},
    "<attribute _evaluate>": lambda value: value._evaluate,  # noqa: SLF001 - it refuses by itself
    "<attribute __setattr__>": _setter,
    "<getattr>": _getattr_fixed,
    "<hasattr>": hasattr,
    "<setattr>": setattr,
    "<delattr>": delattr,
    TYPE_OF: lambda value: script_type(type(value)),
    TYPE_OF_SCRIPTS: TYPE,
    "getattr": guarded_getattr,
    "hasattr": guarded_hasattr,
    "setattr": _setattr,
    "delattr": guarded_delattr,
    "dir": _dir,
}


def helpers(copies: Mapping[str, ModuleType]) -> dict[str, Any]:
    """The built-in names of the copies that have to do with attributes."""
    dict_of = _dict_of(copies)
    return {**HELPERS_OF_COPIES, "<attribute __dict__>": dict_of, "vars": dict_of}


def names_of(module: str, copies: Mapping[str, ModuleType]) -> dict[str, Any]:
    """Those of one copy that are not as in the others."""
    if module not in CLASSES_WHOLE:
        return {}
    dict_of = _dict_of(copies)
    return {"<attribute __dict__>": lambda value: value.__dict__ if isinstance(value, type) else dict_of(value)}


def _dict_of(copies: Mapping[str, ModuleType]) -> Callable[[Any], Any]:
    def dict_of(value: Any) -> Any:
        found = value.__dict__
        is_copy = type(value) is ModuleType and any(value is module for module in copies.values())
        return found if is_copy else judged_dict(found, value)

    return dict_of
