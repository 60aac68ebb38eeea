"""Python functions that C may call, whatever happens.

Takes: a C signature, a function, and what to do where it raises.
Gives: the address of a C function, and what must be kept for as long as C may call it.
Refuses: to give C a result that nobody set. An exception may arise before the first line of a Python function: Ctrl-C, a
trace function, a time limit. `ctypes` then returns whatever was on the stack, and an engine takes it for a pointer; `cffi`
sets the result first. That is why it is here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cffi import FFI  # type: ignore[import-untyped, unused-ignore] # it brings no types

_FFI: Final = FFI()


def callback(
    signature: str, function: Callable[..., Any], failed: Callable[[BaseException], int | None]
) -> tuple[int, object]:
    """A C function. Where `function` raises, the result is what `failed` gives for the exception, else 0."""

    def on_error(_type: type, error: BaseException, _traceback: object) -> int | None:
        return failed(error)

    made = _FFI.callback(signature, function, error=None if signature.startswith("void") else 0, onerror=on_error)
    return int(_FFI.cast("uintptr_t", made)), made
