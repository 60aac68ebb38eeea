"""From what a module of the ABI offers to what a script sees of it, the same in every engine.

Takes: a surface, the ABI that the module speaks, and how its exports are called.
Gives: the attributes of the module.
Refuses: modules of another ABI, constants that fail, as `ImportError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..machine.builtins import host_function
from .abi import VERSION
from .classes import make_class
from .wasmfile import Surface


def attributes_of(
    spec: str, surface: Surface, spoken: int, function: Callable[[str, str], Callable[..., Any]]
) -> dict[str, Any]:
    """Functions, classes and constants by name. `function` gives an export as a callable; its first argument is the name in
    messages. Raises `ImportError`."""
    if spoken != VERSION:
        raise ImportError(f"native module {spec!r} targets ABI {spoken}, this host speaks {VERSION}", name=spec)
    attributes: dict[str, Any] = {
        name: host_function(name, function(name, export)) for name, export in surface.functions.items()
    }
    for name, methods in surface.classes.items():
        made = {method: function(f"{name}.{method}", export) for method, export in methods.items()}
        attributes[name] = make_class(name, made, spec)
    for name, export in surface.constants.items():
        try:
            attributes[name] = function(name, export)()
        except Exception as error:
            raise not_started(spec, f"its constant {name!r} failed: {type(error).__name__}: {error}") from error
    return attributes


def not_started(spec: str, why: str) -> ImportError:
    """The error of a module that does not start."""
    return ImportError(f"native module {spec!r} did not start: {why}", name=spec)
