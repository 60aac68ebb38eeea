"""Native modules for the hosts of this process: wasmtime, and native libraries where they are allowed.

Takes: the bytes of native modules, as the linker has them.
Gives: `NativeStore.inspect`: what a module exports, or why it is refused; `NativeRun`: the modules of one run.
Refuses: native libraries without the embedder's word; every `.wasm` where wasmtime is not installed, with what to install.

wasmtime is imported when the first native module is met, not before: most programs have none.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..lower.program import NativeModule
from ..machine.limits import RunEnded
from ..packages.integrity import digest_of
from ..packages.needs import Failed, Native, Need, Outcome

_PAGE: Final = 65_536
_PathOf = Callable[[str], Path]


@cache
def _engine() -> Any:
    """The engine of this process, with what it compiled."""
    return importlib.import_module("edge_runtime.native.wasmtime").Engine()


class NativeStore:
    """The native modules of a program that is being built, and then run.

    `memory` bounds the memory of each, in bytes. `path_of` gives the path of a native library; None: they may not run.
    """

    def __init__(self, memory: int, path_of: _PathOf | None = None) -> None:
        self.memory = memory
        self._path_of = path_of
        self.compiled: dict[str, Any] = {}
        self.libraries: dict[str, Any] = {}

    def inspect(self, need: Need) -> Outcome:
        """What a native module exports."""
        assert need.data is not None
        return self._inspect_wasm(need, need.data) if need.data.startswith(b"\0asm") else self._inspect_library(need)

    def _inspect_wasm(self, need: Need, data: bytes) -> Outcome:
        wasmfile = importlib.import_module("edge_runtime.native.wasmfile")
        found = wasmfile.examine(need.spec, data, self.memory // _PAGE)
        if isinstance(found, wasmfile.Refusal):
            return Failed(found.reason, found.fix)
        try:
            wasmtime = importlib.import_module("edge_runtime.native.wasmtime")
        except ImportError:
            return Failed("this Python has no WebAssembly engine", "pip install wasmtime")
        try:
            # The bytes are those with the run's bound on memory in them.
            self.compiled[need.digest] = _engine().prepare(digest_of(found.data), found.data, found.surface)
        except wasmtime.NotCompiled as error:
            return Failed(f"it is not a sound module ({error})")
        return Native(found.surface.names, "wasm", missing=found.surface.missing)

    def _inspect_library(self, need: Need) -> Outcome:
        if self._path_of is None or need.remote:
            return Failed("", code="library-refused")
        dynlib = importlib.import_module("edge_runtime.native.dynlib")
        try:
            library = self.libraries[need.digest] = dynlib.load(self._path_of(need.location))
        except dynlib.NotALibrary as error:
            return Failed(str(error))
        return Native(library.surface.names, "library", missing=library.surface.missing)


class NativeRun:
    """The native modules of one run."""

    def __init__(self, store: NativeStore) -> None:
        self._store = store
        self._wasm: Any = None
        self._libraries: Any = None

    def bind(self, module: NativeModule) -> Mapping[str, Any]:
        """The attributes of a module. Raises `ImportError` where it does not start."""
        if module.kind == "library":
            if self._libraries is None:
                self._libraries = importlib.import_module("edge_runtime.native.dynlib").Natives()
            return self._libraries.bind(module.spec, self._store.libraries[module.digest])  # type: ignore[no-any-return]
        if self._wasm is None:
            wasmtime = importlib.import_module("edge_runtime.native.wasmtime")
            self._wasm = wasmtime.Natives(_engine(), memory_bytes=self._store.memory)
        return self._wasm.bind(module.spec, self._store.compiled[module.digest])  # type: ignore[no-any-return]

    def interrupt(self, ending: RunEnded) -> bool:
        """End what a module computes, from another thread; a native library goes on until it returns. Whether one does."""
        running = False
        for natives in (self._wasm, self._libraries):
            running = (natives is not None and natives.interrupt(ending)) or running
        return running

    def close(self) -> None:
        """The run is over."""
        for natives in (self._wasm, self._libraries):
            if natives is not None:
                natives.close()
