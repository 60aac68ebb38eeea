"""`annotationlib` (3.14), for other copies only: references to names in annotations stay unevaluated.

A `ForwardRef` looks its text up in modules and evaluates it. Scripts get such objects from `typing.get_args`.
"""

from __future__ import annotations

from typing import Any, Final

from ..facade import in_place_of

SURFACE: Final = ()


def patch(space: dict[str, Any], _: object) -> None:
    """Withhold evaluation."""
    withhold_evaluation(space["ForwardRef"])


def withhold_evaluation(reference: Any) -> None:
    """A `ForwardRef` that stands for itself where any answer is asked for, and refuses to be evaluated."""
    for name in ("evaluate", "_evaluate"):
        if name in reference.__dict__:
            setattr(reference, name, in_place_of(reference.__dict__[name], _not_evaluating()))


def _not_evaluating() -> Any:
    def evaluate(self: Any, *_: Any, format: Any = None, **__: Any) -> Any:  # noqa: A002 - as CPython names it
        if format == _FORWARDREF:
            return self
        raise TypeError("text in annotations is not evaluated in Edge Python")

    return evaluate


_FORWARDREF: Final = 3
"""`annotationlib.Format.FORWARDREF`."""
