"""The part of wasmtime's C interface that calls must be fast for, and that wasmtime-py does not offer.

Takes: the library that wasmtime-py brings; its version is pinned, for a value is passed as the 16 bytes that this version
lays it out in, unchecked.
Gives: a call of a module's function in 0.3 µs (wasmtime-py's own takes 22), host functions as cheap, traps as few words.
Refuses: nothing: who calls with a wrong signature crashes the process. wasmtime.py goes by the types of the module.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, byref, c_char, c_size_t, c_uint8, c_uint64, c_void_p, cast
from typing import Any, Final

from wasmtime import FuncType, ValType
from wasmtime import _ffi as ffi

from .callbacks import callback

Address = int

call_unchecked: Final[Callable[[Address, Address, Address, int, Address], Address | None]] = CFUNCTYPE(
    c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p
)(("wasmtime_func_call_unchecked", ffi.dll))
"""`(context, function, values, count, where a trap is put)`: an error, or None. Values in, results out, in the same place.
Other threads run meanwhile: one of them ends the call at the time limit."""

new_trap: Final[Callable[[int], Address]] = CFUNCTYPE(c_void_p, c_uint8)(("wasmtime_trap_new_code", ffi.dll))
new_error: Final[Callable[[bytes], Address]] = CFUNCTYPE(c_void_p, ctypes.c_char_p)(("wasmtime_error_new", ffi.dll))

_NEW_FUNCTION: Final = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)(
    ("wasmtime_func_new_unchecked", ffi.dll)
)
_SET_ON_EPOCH: Final = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p, c_void_p)(
    ("wasmtime_store_epoch_deadline_callback", ffi.dll)
)
_ENTRY: Final = "size_t(size_t data, size_t caller, size_t values, size_t count)"
_ON_EPOCH: Final = "size_t(size_t context, size_t data, size_t ticks, size_t kind)"

VALUE: Final = 16
"""Bytes of a value: parameter or result."""

OUT_OF_BOUNDS: Final = 1
REASONS: Final = {
    0: "stack overflow",
    OUT_OF_BOUNDS: "memory access out of bounds",
    2: "unaligned atomic access",
    3: "table index out of bounds",
    4: "null function or function signature mismatch",
    5: "null function or function signature mismatch",
    6: "integer overflow",
    7: "divide by zero",
    8: "float unrepresentable in integer range",
    9: "unreachable",
    10: "interrupted",
    49: "uncaught exception",
}
"""wasmtime's trap codes, in the words that browsers use."""

_RESULT: Final = struct.Struct("<Q")


def host_function(
    context: Any, params: int, results: int, call: Callable[..., Any], failed: Callable[[BaseException], Address]
) -> tuple[Any, object]:
    """A function over `i32` for a module to import, and what must be kept while it lives.

    `call` gets and gives unsigned numbers. Where it raises, `failed` gives the trap or error that ends the module's call.
    """
    unpack = struct.Struct("<" + "I12x" * params).unpack_from
    give = _RESULT.pack_into
    values = (c_char * (VALUE * max(params, results))).from_address
    place: Any = None
    seen = 0

    def enter(_data: int, _caller: int, address: Address, _count: int) -> int:
        nonlocal place, seen
        if address != seen:  # mostly it is where it was: the engine's stack is as deep at each call
            place, seen = values(address), address
        here = place  # a call within this one looks elsewhere
        if results:
            give(here, 0, call(*unpack(here)) & 0xFFFFFFFF)
        else:
            call(*unpack(here))
        return 0

    entry, kept = callback(_ENTRY, enter, failed)
    kind = FuncType([ValType.i32()] * params, [ValType.i32()] * results)
    made = ffi.wasmtime_func_t()
    _NEW_FUNCTION(context, kind.ptr(), entry, None, None, byref(made))
    return made, kept


def on_epoch(store: Any, ended: Callable[[], bool], failed: Callable[[BaseException], None]) -> object:
    """Ask `ended` when the engine's epoch goes on: False lets the store's modules go on as well. Keep what is given."""

    def called(_context: int, _data: int, ticks: Address, kind: Address) -> int:
        if ended():
            return new_error(b"ended")
        c_uint64.from_address(ticks).value, c_uint8.from_address(kind).value = 1, 0
        return 0

    def raised(error: BaseException) -> int:
        failed(error)
        return new_error(b"ended")

    entry, kept = callback(_ON_EPOCH, called, raised)
    _SET_ON_EPOCH(store, entry, None, None)
    return kept


def export(context: Any, instance: Any, name: str) -> Any:
    """What an instance exports under a name; None where there is nothing."""
    item, text = ffi.wasmtime_extern_t(), name.encode()
    buffer = ctypes.create_string_buffer(text, len(text) or 1)
    found = ffi.wasmtime_instance_export_get(context, byref(instance), buffer, len(text), byref(item))
    return item.of if found else None


def global_value(context: Any, item: Any, kind: str) -> int | float:
    """The value of an exported global over a number."""
    value = ffi.wasmtime_val_t()
    ffi.wasmtime_global_get(context, byref(item.global_), byref(value))
    found: int | float = getattr(value.of, kind)
    return found


def instantiate(context: Any, module: Any, imports: list[Any]) -> tuple[Any, str]:
    """A new instance, or why there is none."""
    given = (ffi.wasmtime_extern_t * len(imports))()
    for place, function in zip(given, imports, strict=True):
        place.kind, place.of.func = ffi.WASMTIME_EXTERN_FUNC, function
    made, trap = ffi.wasmtime_instance_t(), POINTER(ffi.wasm_trap_t)()
    error = ffi.wasmtime_instance_new(context, module, given, len(imports), byref(made), byref(trap))
    if error:  # type: ignore[truthy-bool] # False for NULL
        return None, error_reason(cast(error, c_void_p).value or 0)
    if trap:  # type: ignore[truthy-bool] # False for NULL
        return None, trap_reason(cast(trap, c_void_p).value or 0)
    return made, ""


def trap_reason(address: Address) -> str:
    """Why a trap came about; the trap is freed."""
    trap = cast(address, POINTER(ffi.wasm_trap_t))
    code = c_uint8(0)
    known = ffi.wasmtime_trap_code(trap, byref(code))
    reason = REASONS.get(code.value) if known else None
    if reason is None:
        text = ffi.wasm_byte_vec_t()
        ffi.wasm_trap_message(trap, byref(text))
        reason = _last_line(text)
    ffi.wasm_trap_delete(trap)
    return reason


def error_reason(address: Address) -> str:
    """What an error says; the error is freed."""
    error = cast(address, POINTER(ffi.wasmtime_error_t))
    text = ffi.wasm_byte_vec_t()
    ffi.wasmtime_error_message(error, byref(text))
    ffi.wasmtime_error_delete(error)
    return _last_line(text)


def _last_line(text: Any) -> str:
    """wasmtime tells the innermost cause last, after its number."""
    words = ctypes.string_at(text.data, text.size).decode("utf-8", "replace")
    ffi.wasm_byte_vec_delete(byref(text))
    return innermost(words)


def innermost(words: str) -> str:
    """The innermost cause of what wasmtime says."""
    lines = [line.strip() for line in words.split("\0", 1)[0].splitlines() if line.strip()]
    last = lines[-1] if lines else "unknown"
    number, colon, rest = last.partition(": ")
    return rest if colon and number.isdigit() else last


def pointer(of: Any) -> Address:
    """A pointer of ctypes as a number."""
    return cast(of, c_void_p).value or 0
