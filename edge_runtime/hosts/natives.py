"""Native modules for the hosts of this process: wasmtime, and native libraries where they are allowed.

Takes: the bytes of native modules, as the linker has them.
Gives: `NativeStore.inspect`: what a module exports, or why it is refused; `NativeRun`: the modules of one run.
Refuses: native libraries without the user's word; every `.wasm` where wasmtime is not installed, with what to install.

Engines are imported when the first native module is met, not before: most programs have none.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..lower.program import NativeModule
from ..machine.limits import RunEnded
from ..native import PAGE, on_demand
from ..packages.integrity import digest_of
from ..packages.needs import Failed, Native, Need, Outcome

_TICK: Final = 0.1
"""Seconds between two looks up from a module that computes: after so long Ctrl-C ends it."""

_NO_WAITING_INSIDE: Final = (
    "a function that a native module called cannot wait (input, receive, sleep, calls of the page): "
    "wait before the native call, or after it"
)

_NO_ENGINE: Final = (
    ("run_program has no WebAssembly engine in Pyodide", "run the program with <edge-python> or createWorker")
    if sys.platform == "emscripten"
    else ("this Python has no WebAssembly engine", "pip install wasmtime==50.0.1 cffi")
)


@cache
def _wasmtime() -> Any:
    """The engine of this process, with what it compiled."""
    engine = on_demand("wasmtime").Engine()
    atexit.register(engine.close)
    return engine


class NativeStore:
    """The native modules of a program that is being built, and then run.

    `memory` bounds the memory of each, in bytes. `path_of` gives the path of a native library; None: they may not run.
    """

    def __init__(self, memory: int, path_of: Callable[[str], Path] | None = None) -> None:
        self.memory = memory
        self._path_of = path_of
        self.compiled: dict[str, Any] = {}
        self.libraries: dict[str, tuple[Path, Any]] = {}

    def inspect(self, need: Need) -> Outcome:
        """What a native module exports."""
        assert need.data is not None
        if need.data.startswith(b"\0asm"):
            return self._inspect_wasm(need, need.data)
        return self._inspect_library(need, need.data)

    def _inspect_wasm(self, need: Need, data: bytes) -> Outcome:
        wasmfile = on_demand("wasmfile")
        found = wasmfile.examine(need.spec, data, self.memory // PAGE)
        if isinstance(found, wasmfile.Refusal):
            return Failed(found.reason, found.fix)
        try:
            wasmtime = on_demand("wasmtime")
        except ImportError:
            return Failed(*_NO_ENGINE)
        try:
            # The bytes are those with the run's bound on memory in them.
            self.compiled[need.digest] = _wasmtime().prepare(digest_of(found.data), found.data, found.surface)
        except wasmtime.NotCompiled as error:
            return Failed(f"it is not a sound module ({error})")
        return Native(found.surface.names, "wasm", missing=found.surface.missing)

    def _inspect_library(self, need: Need, data: bytes) -> Outcome:
        if self._path_of is None or need.remote:
            return Failed("", code="library-refused")
        surface = on_demand("dynlib").examine(need.spec, data)  # not loaded yet: its constructors would run
        if isinstance(surface, on_demand("wasmfile").Refusal):
            return Failed(surface.reason, surface.fix)
        self.libraries[need.digest] = self._path_of(need.location), surface
        return Native(surface.names, "library", missing=surface.missing)


class NativeRun:
    """The native modules of one run."""

    def __init__(self, store: NativeStore) -> None:
        self._store = store
        self._run: Any = None
        self._wasm: Any = None
        self._libraries: Any = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._over = threading.Event()

    def bind(self, module: NativeModule) -> Mapping[str, Any]:
        """The attributes of a module. Raises `ImportError` where it does not start."""
        if self._run is None:
            self._run = on_demand("guest").Run()
        bound: Mapping[str, Any] = self._bind_library(module) if module.kind == "library" else self._bind_wasm(module)
        return bound

    def _bind_wasm(self, module: NativeModule) -> Any:
        if self._wasm is None:
            natives = on_demand("wasmtime").Natives
            self._wasm = natives(_wasmtime(), memory_bytes=self._store.memory, run=self._run)
            threading.Thread(target=self._tick, name="edge-ticks", daemon=True).start()
        return self._wasm.bind(module.spec, self._store.compiled[module.digest])

    def _tick(self) -> None:
        """Let Python look up while a module computes, so that Ctrl-C is heard."""
        while not self._over.wait(_TICK):
            self._wasm.tick()

    def _bind_library(self, module: NativeModule) -> Any:
        if self._libraries is None:
            self._libraries = on_demand("dynlib").Libraries(self._run)
            self._folder = tempfile.TemporaryDirectory(prefix="edge-")
        assert self._folder is not None
        path, surface = self._store.libraries[module.digest]
        # A copy, because a library's globals live as long as the process, by its path.
        copy = Path(self._folder.name, f"{len(list(Path(self._folder.name).iterdir()))}-{path.name}")
        shutil.copyfile(path, copy)
        return self._libraries.bind(module.spec, str(copy), surface)

    def interrupt(self, ending: RunEnded) -> bool:
        """End what a module computes, from another thread; a native library goes on until it returns. Whether one does."""
        running = False
        for natives in (self._wasm, self._libraries):
            running = (natives is not None and natives.interrupt(ending)) or running
        return running

    def can_wait(self) -> str | None:
        """None, or the sentence why what runs now cannot wait: a module called it."""
        return _NO_WAITING_INSIDE if self._run is not None and self._run.depth > 0 else None

    def close(self) -> None:
        """The run is over."""
        self._over.set()
        for natives in (self._wasm, self._libraries):
            if natives is not None:
                natives.close()
        if self._folder is not None:
            self._folder.cleanup()
