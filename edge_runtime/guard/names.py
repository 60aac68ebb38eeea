"""Which names and attributes a program may use (sandbox.md, "Static rules").

Takes: a name, already normalised by the parser (NFKC).
Gives: verdicts.
Refuses: by default. Every `__x__` that is not in a table here, and the attributes that lead from an object to the
interpreter behind it.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Final

FROM: Final = "<from>"
"""A name in the built-ins of every script and of nothing else: no source can spell it."""

BASE: Final = "<object>"
"""The class under every class of a script that derives from nothing else (machine/addresses.py): no source can spell it."""

PLAIN: Final = "<plain object>"
"""What `object()` makes: an instance that does not show where it lies (machine/addresses.py)."""

MOMENTS: Final = ("now", "today", "utcnow")
"""Methods of `datetime` and `date` that ask for the time: in a program they ask its host (machine/moments.py)."""

DIRECT: Final = frozenset({"delattr", "getattr", "hasattr", "print", "repr", "setattr"})
"""Built-in functions that are Python's of ours: a call by this name goes straight to them, under `<call name>` (rewrites.py)."""

REAL: Final = frozenset({"getattr", "hasattr", "setattr"})
"""Those that may be CPython's own, under `<name>`, where the name of the attribute is written out and harmless."""

GENERIC: Final = "<generic>"
"""What makes a class that has type parameters, and the class around it (rewrites.py)."""

FORMAT: Final = "<format>"
FORMATS: Final = "<formats>"
"""What gives the method that `x.format(…)` calls; where that of a text is looked for first (rewrites.py)."""

LATER: Final = "<later>"
"""What gives the function that `await f(…)` calls: its twin that waits without a stack, where it has one (machine/)."""

CANCELLED: Final = "<Cancelled>"
"""The class of the error that ends a cancelled task; handlers of a script do not see it."""

AITER: Final = "<aiter>"
"""What `async for` loops over: the object itself, or a wrapper of a plain iterable (waiting.py)."""

SHOW: Final = "<show>"
"""What shows the value of a snippet's last expression (a session that keeps its names)."""

_OPERATORS: Final = (
    "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or "
    "radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand rxor ror "
    "iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ixor ior "
    "neg pos abs invert lt le eq ne gt ge hash bool int float complex index round trunc floor ceil "
    "repr str bytes format len length_hint getitem setitem delitem missing contains iter next reversed "
    "enter exit aenter aexit aiter anext await call init new init_subclass set_name class_getitem "
    "getattr setattr delattr get set delete post_init copy deepcopy dir"
)

METHODS: Final = frozenset(f"__{word}__" for word in _OPERATORS.split())
"""Special methods: may be defined in classes, and read or set like any method. Elsewhere they are names like any other: a
decorator writes a function `__init__` and sets it."""

CLASS_DATA: Final = frozenset({"__slots__", "__match_args__"})
"""May be assigned in a class body, as literals."""

SLOTS_OF_C: Final = frozenset({"__dict__", "__weakref__"})
"""Names that may stand in `__slots__` though no class may define them."""

MODULE_DATA: Final = frozenset({"__version__", "__author__", "__all__"})
"""May be assigned at the top level of a module, as literals, and read."""

READABLE: Final = METHODS | CLASS_DATA | MODULE_DATA | frozenset(
    {
        "__name__", "__doc__", "__qualname__", "__module__", "__class__", "__dict__", "__annotations__",
        "__cause__", "__context__", "__suppress_context__", "__notes__", "__debug__",
        "__defaults__", "__kwdefaults__", "__members__", "__isabstractmethod__", "__type_params__", "__value__",
    }
)  # fmt: skip
"""Attributes and names of the `__x__` form that may be read. Some give an object that is judged first: `GUARDED`."""

WRITABLE: Final = METHODS | frozenset({"__name__", "__qualname__", "__doc__", "__cause__", "__suppress_context__"})
"""Attributes of the `__x__` form that may be set or deleted. Data that the interpreter acts on is not among them."""

GUARDED: Final = frozenset(
    {"__class__", "__delattr__", "__dict__", "__get__", "__new__", "__setattr__", "_evaluate", "format", "format_map"}
)
"""Attributes that may be read, but not every object that they give may be had: a judge looks at it (`objects.py`)."""

_HIDDEN_PREFIXES: Final = ("gi_", "cr_", "ag_", "tb_", "co_", "func_", "<")
"""Also names of our own, `<judged>` and its kin: as an attribute of a module one would hide the built-in name."""
_HIDDEN_WORDS: Final = (
    "f_back f_globals f_locals f_builtins f_code f_generator f_lasti f_lineno f_trace f_trace_lines f_trace_opcodes "
    "cell_contents mro "
    # They evaluate text as Python, outside the guard (typing, from 3.14 on).
    "evaluate_bound evaluate_constraints evaluate_default evaluate_value"
).split()

_DATA: Final = (types.GetSetDescriptorType, types.MemberDescriptorType)
_INSIDE: Final = (
    types.FrameType, types.CodeType, types.TracebackType, types.GeneratorType, types.CoroutineType,
    types.AsyncGeneratorType, types.FunctionType, types.BuiltinFunctionType, types.CellType, types.ModuleType,
)  # fmt: skip
"""The interpreter's own types: what they hold leads behind the language, also what a newer Python adds to them."""


def _inside() -> Iterator[str]:
    for kind in _INSIDE:
        for name, value in vars(kind).items():
            if type(value) in _DATA and not name.startswith("_"):
                yield name


_HIDDEN: Final = frozenset((*_HIDDEN_WORDS, *_inside()))

REFUSED_BUILTINS: Final = {
    "exec": "write the code where it is needed, as a function",
    "eval": "for numbers use int() or float()",
    "compile": "write the code where it is needed, as a function",
    "open": "files are out of a script's reach; ask the page for a host package",
    "__import__": "imports are settled before the program runs; 'import_module' picks among them",
    "breakpoint": "print what you want to see",
}
"""Built-in functions that the language does not have, and what to do instead."""


_INSIDES: Final = "what is behind functions, generators and errors is out of a script's reach"
_BASES: Final = "use isinstance() and issubclass(), or keep a list of the classes yourself"
INSTEAD: Final = {
    "__base__": _BASES,
    "__bases__": _BASES,
    "__mro__": _BASES,
    "mro": _BASES,
    "__subclasses__": "collect the classes in '__init_subclass__' of their base",
    "__traceback__": "the picture of an uncaught error says where it arose; str(error) is its message",
    "__getattribute__": "use '__getattr__': it is asked for attributes that are not there",
    "__globals__": "pass the values that a function needs as its parameters",
    "__closure__": "pass the values that a function needs as its parameters",
    "__code__": "what is behind a function is out of a script's reach",
    "__builtins__": "write the name itself: print, len, …",
    "__import__": REFUSED_BUILTINS["__import__"],
    "__loader__": REFUSED_BUILTINS["__import__"],
    "__spec__": REFUSED_BUILTINS["__import__"],
    "__file__": "a script has no file; write down the names that it needs",
    "__path__": "a script has no files; write down the names that it needs",
    "__package__": "use '__name__'",
    "__self__": "keep the object in a variable of its own",
    "__func__": "write the class and the name: Class.method",
    "__wrapped__": "keep the function that you decorate in a variable of its own",
    "__prepare__": "use a class decorator or '__init_subclass__'",
    "__instancecheck__": "use isinstance() with a tuple of classes",
    "__subclasscheck__": "use issubclass() with a tuple of classes",
    "__subclasshook__": "derive from the class, or use 'register' of its ABC",
    "__mro_entries__": "derive from the class itself",
    "__reduce__": "use '__copy__' and '__deepcopy__'",
    "__reduce_ex__": "use '__copy__' and '__deepcopy__'",
    "__getstate__": "use '__copy__' and '__deepcopy__'",
    "__setstate__": "use '__copy__' and '__deepcopy__'",
    "__del__": "use 'with' and '__exit__' to clean up",
    "__annotate__": "read '__annotations__'",
    "__class__": "make a new object of the other class",
    "__dict__": "empty it: x.__dict__.clear()",
    "__build_class__": "write a class statement",
    "__objclass__": "name the class itself",
    "__origin__": "use get_origin() of typing",
    "__args__": "use get_args() of typing",
}
"""What to do instead of using a name that is refused."""


def instead(name: str) -> str | None:
    """What to write in place of a refused name, where there is something."""
    found = INSTEAD.get(name)
    return found if found is not None or is_dunder(name) else _INSIDES


def is_dunder(name: str) -> bool:
    """Whether a name has the form `__x__`."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def is_hidden(name: str) -> bool:
    """Whether an attribute leads behind the language in any position."""
    return name in _HIDDEN or name.startswith(_HIDDEN_PREFIXES)


def may_read(name: str) -> bool:
    """Whether an attribute of this name may be read."""
    return name in READABLE if is_dunder(name) else not is_hidden(name)


def may_write(name: str) -> bool:
    """Whether an attribute of this name may be set or deleted."""
    return name in WRITABLE if is_dunder(name) else not is_hidden(name)
