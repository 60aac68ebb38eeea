"""Native modules in wasmtime: the engine of the command line.

Takes: bytes that passed `wasmfile.examine`, and what they offer (`Surface`).
Gives: `Engine.prepare`: machine code, compiled once for the same bytes; `Natives`, the modules of one run: `bind` gives a
module's attributes, one instance for each spec; `interrupt`, from another thread, ends the run.
Refuses: what wasmtime does not compile (`NotCompiled`); modules that do not start (`ImportError`); memory and tables beyond
the run's limits. A pointer of a module is checked against its own memory before anything is touched.

There is no WASI, and no threads. A run belongs to one thread; wasmtime must see calls end in the order in which they began, so
nothing may switch stacks (greenlets) while a module's call is under way.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from ctypes import addressof, byref, c_char, c_void_p
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import wasmtime
from wasmtime import _ffi as ffi

from ..guard.sealed import Sealed
from ..machine.builtins import host_function
from . import capi, plain
from .guest import BadPointer, Guest, Run, Trap
from .wasmfile import IMPORTS, Signature, Surface

_WASM_STACK: Final = 3 * 512 * 1024
_RESERVED: Final = 4 * 1024 * 1024 * 1024
_MAX_TABLES: Final = 1_000
_TABLE_SLOT: Final = 8
_MAX_MODULES: Final = 10_000
_KEPT: Final = 256
_NUMBER: Final = struct.Struct("<I")
_STATUS: Final = struct.Struct("<i")


_TOO_EARLY: Final = b"its start function calls the host, which does not know its memory yet"


class NotCompiled(Exception, metaclass=Sealed):
    """wasmtime does not accept a module; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A module as machine code, for any number of runs."""

    surface: Surface
    module: wasmtime.Module = field(repr=False)
    imports: tuple[str, ...]


class Engine:
    """What runs share: settings, and compiled modules by the digest of their bytes."""

    def __init__(self) -> None:
        config = wasmtime.Config()
        config.epoch_interruption = True
        config.max_wasm_stack = _WASM_STACK
        # A memory has its address for life: views of it stay valid when it grows.
        config.memory_reservation = _RESERVED
        config.memory_may_move = False
        for refused in ("wasm_threads", "wasm_memory64", "wasm_gc", "wasm_stack_switching"):
            setattr(config, refused, False)
        self.wasmtime = wasmtime.Engine(config)
        self._compiled: dict[str, Compiled] = {}

    def prepare(self, digest: str, data: bytes, surface: Surface) -> Compiled:
        """Compile a module; for a digest that was seen, what was compiled then. Raises `NotCompiled`."""
        known = self._compiled.get(digest)
        if known is not None:
            return known
        try:
            module = wasmtime.Module(self.wasmtime, data)
        except wasmtime.WasmtimeError as error:
            raise NotCompiled(capi.innermost(str(error))) from None
        names = tuple(str(item.name) for item in module.imports)
        compiled = Compiled(surface=surface, module=module, imports=names)
        if len(self._compiled) >= _KEPT:
            del self._compiled[next(iter(self._compiled))]
        self._compiled[digest] = compiled
        return compiled

    def close(self) -> None:
        """Drop what was compiled, before the interpreter takes wasmtime-py apart at its end."""
        for compiled in self._compiled.values():
            compiled.module.close()
        self._compiled.clear()
        self.wasmtime.close()


class Natives:
    """The native modules of one run. `memory_bytes` bounds the memory of each; `run` is shared with the run's libraries
    (dynlib.py)."""

    def __init__(self, engine: Engine, *, memory_bytes: int, run: Run | None = None) -> None:
        self.engine = engine
        self.store = wasmtime.Store(engine.wasmtime)
        self.store.set_limits(
            memory_size=memory_bytes,
            table_elements=memory_bytes // _TABLE_SLOT,
            instances=_MAX_MODULES,
            tables=_MAX_TABLES,
            memories=_MAX_MODULES,
        )
        self.store.set_epoch_deadline(1)
        self.run = run or Run()
        self._on_epoch = capi.on_epoch(self.store.ptr(), self._is_over, self._end)
        self._instances: dict[str, Instance] = {}
        self._attributes: dict[str, dict[str, Any]] = {}

    def bind(self, spec: str, compiled: Compiled) -> dict[str, Any]:
        """The attributes of a module, the same for the same spec. Raises `ImportError` where it does not start."""
        if spec not in self._attributes:
            instance = Instance(spec, self, compiled)
            self._instances[spec] = instance
            surface = compiled.surface
            bound = instance.bind(surface) if surface.kind == "abi" else instance.bind_plain(surface)
            self._attributes[spec] = bound
        return self._attributes[spec]

    @property
    def live(self) -> int:
        """How many handles the run's modules hold."""
        return sum(len(instance.handles) for instance in self._instances.values())

    def interrupt(self, ending: BaseException) -> bool:
        """End the run, from any thread: every call of a module that runs or begins raises `ending`. Whether one runs."""
        running = self.run.depth > 0
        self.run.ending = ending
        self.tick()
        return running

    def tick(self) -> None:
        """Let Python look up while a module computes, from any thread: for Ctrl-C, which would wait for the module's end."""
        ffi.wasmtime_engine_increment_epoch(self.engine.wasmtime.ptr())

    def close(self) -> None:
        """The run is over: its modules cannot be called any more, and nothing of them is held. While one still runs, its
        memory stays until the last of its functions is gone."""
        for instance in self._instances.values():
            instance.close()
        if self.run.depth == 0:
            for instance in self._instances.values():
                instance.leave()
            self.store.close()

    def _is_over(self) -> bool:
        return self.run.ending is not None

    def _end(self, error: BaseException) -> None:
        """Ctrl-C, which Python raises where it looks up."""
        self.run.ending = error


class Instance(Guest):
    """A module in wasmtime."""

    def __init__(self, spec: str, natives: Natives, compiled: Compiled) -> None:
        super().__init__(spec, natives.run)
        self._natives = natives  # a script's function keeps its module, its module the store that it lives in
        self._context = ffi.wasmtime_store_context(natives.store.ptr())
        self._context_address = capi.pointer(self._context)
        self._kept: list[Any] = []
        self._memory: Any = None
        self._size = 0
        self._view = memoryview(b"")
        functions = [self._import(name) for name in compiled.imports]
        made, why = capi.instantiate(self._context, compiled.module.ptr(), functions)
        if made is None:
            raise self.not_started(f"trapped: {why}" if why in capi.REASONS.values() else why)
        self._instance = made
        self._exports: dict[str, int] = {}
        self._values = (c_char * (capi.VALUE * 3))()
        self._values_address = addressof(self._values)
        self._trap = c_void_p()
        self._trap_address = addressof(self._trap)
        surface = compiled.surface
        self._blocks: list[tuple[int, int]] | None = None if surface.has_free else []
        self._level = 0
        if surface.kind == "abi":
            self._memory = capi.export(self._context, made, "memory").memory
            self._alloc = self._export("__edge_alloc")
            self._free = self._export("__edge_free") if surface.has_free else 0

    def _import(self, name: str) -> Any:
        kind = IMPORTS[name]
        made, entry = capi.host_function(
            self._context, len(kind.params), len(kind.results), getattr(self, name), self._failed
        )
        self._kept.append(entry)
        return made

    def _failed(self, error: BaseException) -> int:
        """The end of a call in whose import something was raised."""
        if self._memory is None:
            return capi.new_error(_TOO_EARLY)
        self.escaped(error)
        return capi.new_trap(capi.OUT_OF_BOUNDS) if isinstance(error, BadPointer) else capi.new_error(b"ended")

    def _export(self, name: str) -> int:
        """Where an exported function is."""
        address = self._exports.get(name)
        if address is None:
            function = capi.export(self._context, self._instance, name).func
            self._kept.append(function)
            address = self._exports[name] = addressof(function)
        return address

    # ---- memory ----

    def read(self, pointer: int, size: int) -> bytes:
        end = pointer + size
        if end > self._size:
            self._look(end)
        return self._view[pointer:end].tobytes()

    def write(self, pointer: int, data: bytes) -> None:
        end = pointer + len(data)
        if end > self._size:
            self._look(end)
        self._view[pointer:end] = data

    def read_handles(self, pointer: int, count: int) -> tuple[int, ...]:
        if pointer + 4 * count > self._size:
            self._look(pointer + 4 * count)
        return struct.unpack_from(f"<{count}I", self._view, pointer)

    def write_number(self, pointer: int, number: int) -> None:
        if pointer + 4 > self._size:
            self._look(pointer + 4)
        _NUMBER.pack_into(self._view, pointer, number)

    def _look(self, end: int) -> None:
        """The memory may have grown since it was looked at."""
        if self._memory is None:
            raise BadPointer
        size = ffi.wasmtime_memory_data_size(self._context, byref(self._memory))
        if size != self._size:
            address = capi.pointer(ffi.wasmtime_memory_data(self._context, byref(self._memory)))
            self._view = memoryview((c_char * size).from_address(address)).cast("B")
            self._size = size
        if end > size:
            raise BadPointer

    # ---- calls ----

    def version(self) -> int:
        self._call(self._export("__edge_abi_version"), 1)
        return _first(self._values)

    def enter(self, export: str, handles: list[int]) -> tuple[int, int]:
        function = self._exports.get(export) or self._export(export)
        count = len(handles)
        size = 4 * count + 4
        argv = self._take_block(size)
        out = argv + 4 * count
        layout = _argv(count)
        layout.pack_into(self._view, argv, *handles, 0)
        _THREE.pack_into(self._values, 0, argv, count, out)
        self._level += 1
        try:
            self._call(function, 3)
        finally:
            self._level -= 1
        status = _STATUS.unpack_from(self._values)[0]
        given = _NUMBER.unpack_from(self._view, out)[0]
        if self._free:
            _TWO.pack_into(self._values, 0, argv, size)
            self._call(self._free, 2)
        return status, given

    def _take_block(self, size: int) -> int:
        """Memory of the module for `argv` and `*out`. Where the module cannot free, each level of calls keeps a block."""
        blocks, level = self._blocks, self._level
        if blocks is not None and level < len(blocks) and blocks[level][1] >= size:
            return blocks[level][0]
        if blocks is not None:
            size = max(64, 1 << (size - 1).bit_length())
        _ONE.pack_into(self._values, 0, size)
        self._call(self._alloc, 1)
        pointer = _first(self._values)
        end = pointer + size
        if end > self._size:
            try:
                self._look(end)
            except BadPointer:
                pointer = 0
        if pointer == 0:
            raise RuntimeError(f"native module {self.spec!r}: __edge_alloc({size}) gave no memory of the module's")
        if blocks is not None:
            blocks[level:] = [(pointer, size)]
        return pointer

    def _call(self, function: int, count: int) -> None:
        failed = capi.call_unchecked(self._context_address, function, self._values_address, count, self._trap_address)
        if failed is not None or self._trap.value is not None:
            raise Trap(self._reason(failed))

    def _reason(self, failed: int | None) -> str:
        trap, self._trap.value = self._trap.value, None
        return capi.error_reason(failed or 0) if trap is None else capi.trap_reason(trap)

    # ---- plain modules ----

    def bind_plain(self, surface: Surface) -> dict[str, Any]:
        """The attributes of a module without the ABI."""
        attributes: dict[str, Any] = {}
        for name, export in surface.functions.items():
            signature = surface.signatures[name]
            raw = self._raw(export, signature)
            attributes[name] = host_function(name, plain.function(self.spec, name, signature, raw))
        for name, (kind, export) in surface.globals.items():
            attributes[name] = capi.global_value(
                self._context, capi.export(self._context, self._instance, export), kind
            )
        return attributes

    def _raw(self, export: str, signature: Signature) -> Callable[..., Any]:
        """A function over numbers that were checked."""
        params, results = signature.params, signature.results
        count = max(len(params), len(results), 1)
        values, trap = (c_char * (capi.VALUE * count))(), self._trap
        give, take = _layout(params, _PARAMS).pack_into, _layout(results, _RESULTS).unpack_from
        context, function, place, trapped = (
            self._context_address,
            self._export(export),
            addressof(values),
            addressof(trap),
        )
        call, run, several = capi.call_unchecked, self._run, len(results) > 1

        def raw(*numbers: float) -> Any:
            if self.broken or run.ending is not None:
                raise self.cannot_be_called()
            give(values, 0, *numbers)
            run.depth += 1
            failed = call(context, function, place, count, trapped)
            run.depth -= 1
            if failed is not None or trap.value is not None:
                raise self.trapped(self._reason(failed))
            found = take(values)
            return found if several else found[0] if found else None

        return raw

    def leave(self) -> None:
        """Let go of the store, which ends."""
        self._view = memoryview(b"")
        self._size = 0
        self._kept.clear()
        self._exports.clear()


_ONE: Final = struct.Struct("<Q")
_TWO: Final = struct.Struct("<Q8xQ8x")
_THREE: Final = struct.Struct("<Q8xQ8xQ8x")
_PARAMS: Final = {"i32": "q8x", "i64": "q8x", "f32": "f12x", "f64": "d8x"}
"""An `i32` is the lower half of what is passed: signed or unsigned, as the caller has it."""

_RESULTS: Final = {**_PARAMS, "i32": "i12x"}


def _first(values: Any) -> int:
    """The first value as an unsigned `i32`."""
    found: int = _NUMBER.unpack_from(values)[0]
    return found


@lru_cache(maxsize=64)
def _argv(count: int) -> struct.Struct:
    return struct.Struct(f"<{count + 1}I")


def _layout(types: tuple[str, ...], letters: Mapping[str, str]) -> struct.Struct:
    return struct.Struct("<" + "".join(letters[kind] for kind in types))
