"""Classes that a script makes, by a statement or by a call.

Takes: what `class`, `type(name, bases, namespace)` and the metaclasses of standard packages are given.
Gives: the class; `TYPE`, what scripts have under the name `type`.
Refuses: before the class exists, in a `TypeError`: metaclasses of the script's own, names that a class may not define, slots
and patterns that lead to what the guard hides.

The real `type` makes a class out of any namespace, so no script may have it: wherever it would come up, `TYPE` stands in.
What a class statement binds is judged by its text; here only what its text does not say.
"""

from __future__ import annotations

import builtins
import sys
from types import BuiltinFunctionType, FrameType, FunctionType, GenericAlias, MappingProxyType
from typing import Any, Final

from .names import BASE, CLASS_DATA, FROM, GUARDED, METHODS, MODULE_DATA, SLOTS_OF_C, instead, is_dunder, may_read
from .sealed import NO_ANNOTATIONS, Hidden, Sealed, host_function, in_c, refuse_change

_real_build_class: Final[Any] = builtins.__build_class__

MADE_BY_OTHERS: Final = frozenset(  # the compiler, typing, abc, dataclasses
    """
    __module__ __qualname__ __doc__ __annotations__ __annotations_cache__ __conditional_annotations__ __classcell__
    __classdictcell__ __firstlineno__ __static_attributes__ __orig_bases__ __type_params__ __parameters__
    __abc_tpflags__ __abstractmethods__ __dataclass_fields__ __dataclass_params__
    """.split()
)
_ANNOTATE: Final = frozenset({"__annotate__", "__annotate_func__"})
_ALLOWED: Final = METHODS | CLASS_DATA | MODULE_DATA | MADE_BY_OTHERS
_METACLASS: Final = "metaclasses are not part of Edge Python; use '__init_subclass__' or a class decorator"


def _called(*given: Any, **named: Any) -> Any:
    """`type(x)`, `type(name, bases, namespace)`."""
    if len(given) == 1 and not named:
        return script_type(type(given[0]))
    return _make_class(given, named)


class _TypeOfType(Sealed):
    """The class of `TYPE`: it is called, and asked about instances and subclasses, as the real `type`."""

    __call__ = staticmethod(in_c(_called))

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, type)

    def __subclasscheck__(self, value: Any) -> bool:
        return value is TYPE or issubclass(value, type)


TYPES: Final = frozenset({type, Sealed, _TypeOfType})
"""Classes of classes that scripts take for `type`."""


def _no_subclass(*_: Any, **__: Any) -> None:
    raise TypeError(_METACLASS)


TYPE: Final = _TypeOfType(
    "type",
    (),
    {
        "__slots__": (),
        "__module__": "builtins",
        "__doc__": type.__doc__,
        "__annotations__": NO_ANNOTATIONS,
        "__class_getitem__": classmethod(GenericAlias),
        "__init_subclass__": classmethod(in_c(_no_subclass)),
    },
)


def script_type(found: Any) -> Any:
    """A class as a script sees it: the class of a host function is that of a built-in one."""
    if found in TYPES or issubclass(found, Sealed):
        return TYPE
    if type(found) is type or issubclass(found, type):
        return found
    if type(found) is Hidden:
        return object
    return BuiltinFunctionType if type(found) is Sealed else found


def build_class(function: Any, name: str, /, *bases: Any, **named: Any) -> Any:
    """`__build_class__` of scripts: a class statement."""
    if "metaclass" in named:
        raise TypeError(_METACLASS)
    if bases:
        for base in bases:
            if not isinstance(base, type):  # it says only later which classes it stands for
                return _real_build_class(function, name, *bases, metaclass=_RESOLVED, **named)
        _judge_bases(bases)
        if _inherits_guarded_pattern(bases):
            return _real_build_class(function, name, *bases, metaclass=_RESOLVED, **named)
    return _real_build_class(function, name, *_on_base(bases), **named)


def _on_base(bases: tuple[type, ...]) -> tuple[Any, ...]:
    """The bases of a class whose instances would show their addresses, with the class of the run that hides them. It comes
    last, so that whatever another base defines goes before it."""
    for one in bases:
        if one.__hash__ is not _PLAIN.__hash__ or one.__repr__ is not _PLAIN.__repr__:
            return bases
        if type(one) is not type and type(one).__name__ != "ABCMeta":  # protocols and named tuples judge their bases
            return bases
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        base = frame.f_builtins.get(BASE)
        if base is not None:
            return (base,) if bases in _NO_BASES else (*bases, base)
        frame = frame.f_back
    return bases


_NO_BASES: Final = ((), (object,))
_PLAIN: Final[Any] = object


class _Resolved:
    """A `metaclass` that is told the bases that `Generic[T]` and its kin stand for, judges them, and does as the right one."""

    @staticmethod
    def __prepare__(name: str, bases: tuple[type, ...], **named: Any) -> Any:
        _judge_bases(bases)
        return _winner(bases).__prepare__(name, bases, **named)

    def __call__(self, name: str, bases: tuple[type, ...], namespace: Any, **named: Any) -> Any:
        if _inherits_guarded_pattern(bases) and "__match_args__" not in namespace:
            namespace["__match_args__"] = _shortened(_inherited_pattern(bases))
        return _winner(bases)(name, _on_base(bases), namespace, **named)


def _winner(bases: tuple[type, ...]) -> Any:
    """The most derived class of the bases' classes; where there is none, Python's own error comes from it as well."""
    winner: type = type
    for base in bases:
        if issubclass(type(base), winner):
            winner = type(base)
    return winner


_RESOLVED: Final = _Resolved()


def library_build_class(function: Any, name: str, /, *bases: Any, **named: Any) -> Any:
    """`__build_class__` of the private copies of standard modules: their metaclasses judge what scripts give them, and cannot
    be written to."""
    if not any(isinstance(base, type) and issubclass(base, type) for base in bases):
        return _real_build_class(function, name, *bases, **named)
    made = _real_build_class(function, name, *bases, metaclass=Sealed)
    make = made.__new__
    if make is type.__new__:
        type.__setattr__(made, "__new__", staticmethod(NEW_CLASS))
        return made
    if "__new__" not in made.__dict__:
        return made  # what it inherits judges already

    def new(kind: type, name: str, bases: Any, namespace: Any, /, *given: Any, **named: Any) -> Any:
        _judge_bases(bases)
        judge_namespace(bases, namespace)
        return make(kind, name, bases, namespace, *given, **named)

    new.__doc__ = make.__doc__
    judging = host_function("__new__", new, own=True, text=f"<function {name}.__new__>")
    type.__setattr__(made, "__new__", staticmethod(judging))
    return made


def _make_class(given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """`type(name, bases, namespace)`."""
    name, bases, namespace = given if len(given) == 3 else (None, None, None)
    if not (isinstance(name, str) and isinstance(bases, tuple) and isinstance(namespace, dict)):
        return type(*given, **named)  # an error, in CPython's words
    return _new_class((type, *given), named)


def _new_class(given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """`type.__new__(kind, name, bases, namespace)`."""
    if len(given) != 4 or not (isinstance(given[2], tuple) and isinstance(given[3], dict)):
        return type.__new__(*given, **named)  # an error, in CPython's words
    kind, name, bases, namespace = given
    bases = tuple.__getitem__(bases, slice(None))  # exactly a tuple and a dict, whatever their classes say
    namespace = dict.copy(namespace)
    _judge_bases(bases)
    judge_namespace(bases, namespace)
    if "__match_args__" not in namespace and _inherits_guarded_pattern(bases):
        namespace["__match_args__"] = _shortened(_inherited_pattern(bases))
    namespace.setdefault("__module__", _module_of_caller())
    if kind in TYPES or kind is TYPE:
        return type(name, _on_base(bases), namespace, **named)
    return type.__new__(kind, name, bases, namespace, **named)


def _module_of_caller() -> str:
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", "builtins"))


NEW_CLASS: Final = host_function(
    "__new__",
    lambda *given, **named: _new_class(given, named),
    own=True,
    text="<built-in method __new__ of type object>",
)
"""`type.__new__` as scripts see it."""


def _judge_bases(bases: tuple[Any, ...]) -> None:
    for base in bases:
        kind = type(base)
        if kind is type:
            continue
        if base is TYPE or (issubclass(kind, type) and issubclass(base, type)):
            raise TypeError(_METACLASS)
        if kind is Sealed:
            raise TypeError(f"type {base.__name__!r} is not an acceptable base type")


# ---- patterns: `case C(x)` fetches an attribute by its place, and nobody judges what it gives ----


def _may_match_text(kind: Any) -> bool:
    """Whether texts may be instances of a class, now or later: it derives from `str`, or asks its own class about that."""
    return type(kind) is not type or issubclass(kind, str)


def _inherited_pattern(bases: tuple[Any, ...]) -> Any:
    return next((base.__match_args__ for base in bases if hasattr(base, "__match_args__")), ())


def _inherits_guarded_pattern(bases: tuple[Any, ...]) -> bool:
    """Whether a class of these bases could fetch the real `format` of a text by its place."""
    names = _inherited_pattern(bases)
    return names != () and any(map(_may_match_text, bases)) and _shortened(names) is not names


def _shortened(names: Any) -> Any:
    """The names up to the first that is guarded: the others cannot be matched by their place."""
    if type(names) is tuple:
        for position, name in enumerate(names):
            if type(name) is str and name in GUARDED:
                return names[:position]
    return names


def set_match_args(kind: Any, names: Any) -> None:
    """Set `__match_args__` of a class on behalf of a standard module: `dataclass` lists fields of any name."""
    _judge_match_args(names)
    if issubclass(type(kind), Sealed):
        refuse_change(kind, "__match_args__")
    left, family = [kind], []
    while left:
        one = left.pop()
        family.append(one)
        left += type.__subclasses__(one)
    type.__setattr__(kind, "__match_args__", _shortened(names) if any(map(_may_match_text, family)) else names)


def _judge_match_args(names: Any) -> None:
    if type(names) is not tuple:  # a descriptor would say something else each time it is asked
        raise TypeError("'__match_args__' must be a tuple of names")
    for name in names:
        if type(name) is not str or not may_read(name) or is_dunder(name):
            raise TypeError(f"'__match_args__' cannot have {name!r} in Edge Python")


def judge_namespace(bases: tuple[Any, ...], namespace: Any) -> None:
    """Judge what a class is made of, before it exists."""
    for key, value in dict.items(namespace):
        if type(key) is not str:
            raise TypeError(f"the names in a class must be exactly strings, not '{type(key).__name__}'")
        if not is_dunder(key) or _may_define(key, value):
            continue
        fix = instead(key)
        raise TypeError(f"a class cannot define {key!r} in Edge Python{'; ' + fix if fix else ''}")
    if dict.__contains__(namespace, "__slots__"):
        dict.__setitem__(namespace, "__slots__", judged_slots(dict.__getitem__(namespace, "__slots__")))
    if dict.__contains__(namespace, "__match_args__"):
        names = dict.__getitem__(namespace, "__match_args__")
        _judge_match_args(names)
        if any(map(_may_match_text, bases)) and _shortened(names) is not names:
            name = names[len(_shortened(names))]
            raise TypeError(
                f"a class that derives from str, ABC, Protocol or Enum cannot have {name!r} in '__match_args__'; "
                f"match it by its name: {name}=value"
            )


_NEVER: Final = frozenset({"__del__", "__getattribute__", "__prepare__"})
_STANDARD: Final = frozenset(
    {("__getstate__", "_dataclass_getstate"), ("__setstate__", "set_state"), ("__replace__", "_replace")}
)
"""Methods that a standard module defines under another name than their code's."""


def _may_define(key: str, value: Any) -> bool:
    if key in _ALLOWED:
        return True
    if type(value) in (classmethod, staticmethod):
        value = value.__func__
    if type(value) is not FunctionType:
        return False
    if key in _ANNOTATE:  # no script can write a function of this name
        return value.__code__.co_name == "__annotate__"
    function: Any = value  # typeshed does not know what a function has
    standard = function.__builtins__
    # A standard module may define what it needs. Its wrappers of a script's functions have other names in their code.
    called = value.__code__.co_name
    return FROM not in standard and key not in _NEVER and (called == key or (key, called) in _STANDARD)


def judged_slots(slots: Any) -> Any:
    """The value of `__slots__`, if its names may be attributes; as something that cannot change any more."""
    if type(slots) is str:
        names: tuple[Any, ...] = (slots,)
    elif type(slots) in (dict, MappingProxyType):
        slots = MappingProxyType(dict(slots))  # a copy: a proxy of the script's shows what its dictionary becomes
        names = tuple(slots)
    else:
        slots = names = tuple(slots)
    for name in names:
        if type(name) is not str:
            raise TypeError(f"__slots__ items must be strings, not '{type(name).__name__}'")
        if name not in SLOTS_OF_C and (is_dunder(name) or not may_read(name)):
            raise TypeError(f"'__slots__' cannot have {name!r} in Edge Python; choose another name")
    return slots
