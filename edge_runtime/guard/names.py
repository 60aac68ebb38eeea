"""Which names and attributes a program may use (sandbox.md, "Static rules").

Takes: a name, already normalised by the parser (NFKC).
Gives: verdicts.
Refuses: by default. Every `__x__` that is not in a table here, and the attributes that lead from an object to the
interpreter behind it.
"""

from __future__ import annotations

from typing import Final

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
"""Special methods: may be defined in classes, and read or set like any method."""

CLASS_DATA: Final = frozenset({"__slots__", "__match_args__"})
"""May be assigned in a class body, as literals."""

MODULE_DATA: Final = frozenset({"__version__", "__author__", "__all__"})
"""May be assigned at the top level of a module, as literals, and read."""

READABLE: Final = METHODS | CLASS_DATA | MODULE_DATA | frozenset(
    {
        "__name__", "__doc__", "__qualname__", "__module__", "__class__", "__dict__", "__annotations__",
        "__cause__", "__context__", "__suppress_context__", "__notes__", "__debug__",
        "__defaults__", "__kwdefaults__", "__members__", "__isabstractmethod__", "__type_params__",
    }
)  # fmt: skip
"""Attributes and names of the `__x__` form that may be read. `__dict__` reads give a copy (lowering)."""

WRITABLE: Final = METHODS | frozenset({"__name__", "__qualname__", "__doc__", "__cause__", "__suppress_context__"})
"""Attributes of the `__x__` form that may be set or deleted. Data that the interpreter acts on is not among them."""

_HIDDEN_PREFIXES: Final = ("gi_", "cr_", "ag_", "tb_", "co_", "func_")
_HIDDEN: Final = frozenset(
    "f_back f_globals f_locals f_builtins f_code f_generator f_trace mro "
    # They evaluate text as Python, outside the guard (typing, from 3.14 on).
    "evaluate_bound evaluate_constraints evaluate_default evaluate_value".split()
)

REFUSED_BUILTINS: Final = {
    "exec": "write the code where it is needed, as a function",
    "eval": "for numbers use int() or float()",
    "compile": "write the code where it is needed, as a function",
    "open": "files are out of a script's reach; ask the page for a host package",
    "__import__": "imports are settled before the program runs; 'import_module' picks among them",
    "breakpoint": "print what you want to see",
}
"""Built-in functions that the language does not have, and what to do instead."""


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
