"""`decimal`: decimal arithmetic in C.

Takes: numbers and text. Gives: CPython's values and signals; the current context is the run's own.
Refuses: to let a script change the templates of contexts for others: `DefaultContext`, `BasicContext` and
`ExtendedContext` are copies, so that a changed `DefaultContext` has no effect.

The current context is a context variable; the machine runs each program in a copy of the host's variables. A copy of the
variables still has the same context, which `getcontext().prec = 5` changes for all who have it. So each new task begins with
a copy of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from ...machine.builtins import host_function
from ...machine.pristine import restore
from ...machine.tasks import IN_NEW_TASKS

if TYPE_CHECKING:
    from ..library import Library

SURFACE: Final = """
    BasicContext Clamped Context ConversionSyntax Decimal DecimalException DecimalTuple DefaultContext DivisionByZero
    DivisionImpossible DivisionUndefined ExtendedContext FloatOperation HAVE_CONTEXTVAR HAVE_THREADS IEEEContext
    IEEE_CONTEXT_MAX_BITS Inexact InvalidContext InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN MIN_ETINY Overflow
    ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded
    Subnormal Underflow getcontext localcontext setcontext
""".split()

_TEMPLATES: Final = ("BasicContext", "DefaultContext", "ExtendedContext")


def _own_copy() -> None:
    real = importlib.import_module("decimal")
    real.setcontext(real.getcontext().copy())


def build(_: Library) -> dict[str, Any]:
    """Templates of the run's own, and a first context as a new thread would have it."""
    real = importlib.import_module("decimal")
    templates: dict[str, Any] = {name: getattr(real, name).copy() for name in _TEMPLATES}
    restore(type(real.DefaultContext.flags))
    real.setcontext(real.Context())
    IN_NEW_TASKS.set((*(one for one in IN_NEW_TASKS.get() if one is not _own_copy), _own_copy))

    def setcontext(context: Any, /) -> None:
        """Make a context the current one; of a template, a copy."""
        if any(context is template for template in templates.values()):
            context = context.copy()
        real.setcontext(context)

    return templates | {"setcontext": host_function("setcontext", setcontext)}
