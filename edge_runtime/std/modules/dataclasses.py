"""`dataclasses`: a copy of its own for each run. Names of fields are names that the language allows.

The module writes names of fields into the text of functions. Three guards stand around that: the text is judged before
it is executed (`text.py`); names are judged when a class is made, with a message that says which; and what the module
reads and sets by the name of a field goes through the guard, because a script may rename a field later.
"""

from __future__ import annotations

import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from ...guard.names import is_dunder
from ...guard.runtime import guarded_getattr
from ..facade import in_place_of
from ..text import may_bind, refused_name

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = tuple(
    """
    FrozenInstanceError Field InitVar KW_ONLY MISSING asdict astuple dataclass field fields is_dataclass
    make_dataclass replace
    """.split()
)

_OWN_NAMES: Final = frozenset(
    """
    __dataclass_fields__ __dataclass_params__ __weakrefoffset__ __dictoffset__ __annotate__
    __generated_by_dataclasses__ __set_name__
    """.split()
)
"""What the module itself reads with `getattr`, beside names of fields."""


def patch(space: dict[str, Any], copies: Copies) -> None:
    """Put the guards in."""
    _withhold_signatures(copies.load("inspect").__dict__)
    kind = space["Field"]
    slot = kind.__dict__["name"]
    get_field, add_slots, make = space["_get_field"], space["_add_slots"], space["make_dataclass"]
    takes_module = "module" in make.__kwdefaults__

    def guarded(value: Any, name: Any, *default: Any) -> Any:
        if type(name) is str and name in _OWN_NAMES:
            return getattr(value, name, *default)
        return guarded_getattr(value, name, *default)

    def judged_field(cls: type, name: Any, *given: Any) -> Any:
        _judge(name)
        return get_field(cls, name, *given)

    def judged_slots(cls: Any, *given: Any) -> Any:
        fields = cls.__dataclass_fields__.values()
        if kind.__dict__.get("name") is not slot or any(type(field) is not kind for field in fields):
            raise TypeError("slots=True works with fields as dataclasses makes them")
        for field in fields:
            _judge(field.name)
        return add_slots(cls, *given)

    def set_state(self: Any, state: Any) -> None:
        for field, value in zip(space["fields"](self), state, strict=False):
            name = field.name
            _judge(name)
            object.__setattr__(self, name, value)

    def make_dataclass(cls_name: str, fields: Any, *, namespace: Any = None, **named: Any) -> Any:
        for name in namespace or ():
            _judge(name, in_class=True)
        if takes_module and named.get("module") is None:
            named["module"] = sys._getframe(1).f_globals.get("__name__", "__main__")
        return make(cls_name, fields, namespace=namespace, **named)

    space.update(getattr=guarded, _get_field=judged_field, _add_slots=judged_slots)
    space["_dataclass_setstate"] = in_place_of(space["_dataclass_setstate"], set_state)
    space["make_dataclass"] = in_place_of(make, make_dataclass)


def _withhold_signatures(inspect: dict[str, Any]) -> None:
    """`dataclass` writes the signature of the class into its description. `inspect` would look for it everywhere, compare the
    script's objects with the interpreter's, and evaluate what a description says; the function that makes instances is enough."""
    of_function, kind = inspect["_signature_from_function"], inspect["Signature"]

    def signature(cls: type, **named: Any) -> Any:
        for base in type.__dict__["__mro__"].__get__(cls):
            names = type.__dict__["__dict__"].__get__(base)
            for name in ("__new__", "__init__"):
                found = names.get(name)
                function = found.__func__ if type(found) is staticmethod else found
                if type(function) is FunctionType:
                    whole = of_function(kind, function, **named)
                    return whole.replace(parameters=list(whole.parameters.values())[1:])
        return ""

    def from_text(*_: Any, **__: Any) -> Any:
        raise ValueError("signatures are not read from text in Edge Python")

    inspect["signature"] = signature
    inspect["_signature_fromstr"] = from_text


def _judge(name: Any, *, in_class: bool = False) -> None:
    if type(name) is not str:
        raise TypeError(f"the name of a field must be text, not {type(name).__name__}")
    if not name.isidentifier() or not may_bind(name) or (is_dunder(name) and not in_class):
        raise refused_name(name)
