"""C code of CPython 3.12 and later asks the process's `typing` on behalf of whoever runs: `TypeVar("T") | "text"`.

Takes: the copies of a run.
Gives: answers of the run's own `typing` where a script or a copy asks; of the process's for everybody else, as before.
Refuses: nothing. A script that imports no standard package and writes `def f[T]` gets copies of its own.

Why: what the process's functions make is of classes that all runs share and can write to, and its `ForwardRef` evaluates
text. So the few functions that C looks up by name are put behind one that looks at the frame that asks, once in a process.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from ..guard.names import FROM
from ..machine.builtins import BEFORE_C_TAKES
from .facade import in_place_of

if TYPE_CHECKING:
    from .copies import Copies

COPIES: Final = "<copies>"
"""The name in the built-ins of the copies under which they find each other; no source can spell it."""

_ASKED: Final = """
    _make_union _paramspec_prepare_subst _paramspec_subst _type_check _typevar_subst _typevartuple_prepare_subst
""".split()

_current: ContextVar[Copies | None] = ContextVar("edge_runtime.std.copies", default=None)
"""The copies of the run of this context: frames of scripts do not know them."""

_C_ASKS: Final[bool] = bool(sys.version_info >= (3, 12))
_done: list[Any] = []


def answer_with(copies: Copies) -> None:
    """From now on the scripts of this context get the answers of these copies."""
    _current.set(copies)
    install()


def install() -> None:
    """Put the functions in, where C code asks at all."""
    if _done or not _C_ASKS:
        return
    space = importlib.import_module("typing").__dict__
    for name in _ASKED:
        if name in space:
            space[name] = in_place_of(space[name], _asking(space[name], name))
    unpack = space["Unpack"]  # C takes an item of it: `*Ts`
    real = unpack._getitem  # noqa: SLF001 - there is no other way in
    unpack._getitem = _asking_for_items(real, space)  # noqa: SLF001
    _done.append(space)


BEFORE_C_TAKES["typing"] = install


def _asking(real: Callable[..., Any], name: str) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        copies = _copies_of(sys._getframe(1))
        return (real if copies is None else copies.load("typing").__dict__[name])(*given, **named)

    return call


def _asking_for_items(real: Callable[..., Any], space: dict[str, Any]) -> Callable[..., Any]:
    def call(form: Any, parameters: Any) -> Any:
        frame: Any = sys._getframe(1)
        while frame.f_globals is space:  # `_SpecialForm.__getitem__`, and what wraps it
            frame = frame.f_back
        copies = _copies_of(frame)
        return real(form, parameters) if copies is None else copies.load("typing").__dict__["Unpack"][parameters]

    return call


def _copies_of(frame: Any) -> Copies | None:
    names = frame.f_builtins
    found: Copies | None = names.get(COPIES)
    if found is None and FROM in names:
        found = _current.get()
        if found is None:
            found = importlib.import_module(".copies", __package__).nobodys()
            _current.set(found)
    return found
