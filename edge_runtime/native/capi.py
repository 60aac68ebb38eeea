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
from ctypes import CFUNCTYPE, POINTER, byref, c_char, c_size_t, c_uint8, c_void_p, cast
from typing import Any, Final

from wasmtime import FuncType, ValType
from wasmtime import _ffi as ffi

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
_HOST_FUNCTION: Final = CFUNCTYPE(c_size_t, c_void_p, c_void_p, c_void_p, c_size_t)
_ON_EPOCH: Final = CFUNCTYPE(c_size_t, c_void_p, c_void_p, POINTER(ctypes.c_uint64), POINTER(c_uint8))
_SET_ON_EPOCH: Final = CFUNCTYPE(None, c_void_p, _ON_EPOCH, c_void_p, c_void_p)(
    ("wasmtime_store_epoch_deadline_callback", ffi.dll)
)

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
    context: Any, params: int, results: int, call: Callable[..., Any], failed: Callable[[BaseException], int]
) -> Any:
    """A function over `i32` for a module to import, and what must be kept while it lives.

    `call` gets and gives unsigned numbers. Where it raises, `failed` gives the trap or error
    that ends the module's call: no exception may get into the engine.
    """
    unpack = struct.Struct("<" + "I12x" * params).unpack_from
    give = _RESULT.pack_into
    values = (c_char * (VALUE * max(params, results))).from_address

    def enter(_data: Any, _caller: Any, address: Address, _count: int) -> int:
        try:
            place = values(address)
            if results:
                give(place, 0, call(*unpack(place)) & 0xFFFFFFFF)
            else:
                call(*unpack(place))
        except BaseException as error:  # noqa: BLE001 - see above
            return failed(error)
        return 0

    entry = _HOST_FUNCTION(enter)
    kind = FuncType([ValType.i32()] * params, [ValType.i32()] * results)
    made = ffi.wasmtime_func_t()
    _NEW_FUNCTION(context, kind.ptr(), entry, None, None, byref(made))
    return made, entry


def on_epoch(store: Any, ended: Callable[[], bytes | None]) -> Any:
    """Ask `ended` when the engine's epoch goes on: None lets the store's modules go on as well. Keep what is given."""

    def called(_context: Any, _data: Any, ticks: Any, kind: Any) -> int:
        why = ended()
        if why is not None:
            return new_error(why)
        ticks[0], kind[0] = 1, 0
        return 0

    entry = _ON_EPOCH(called)
    _SET_ON_EPOCH(store, entry, None, None)
    return entry


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
