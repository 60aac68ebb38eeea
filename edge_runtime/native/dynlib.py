"""Native modules as shared libraries: outside the sandbox, on the command line only, where the user allowed it.

Takes: a library's bytes, to judge; a path, to load. The library exports what a `.wasm` of the ABI does, and in place of the six
imports a table `__edge_host`, which is filled before the first call (sdk/edge.h).
Gives: `examine` -> `Surface`; `Libraries`, the libraries of one run.
Refuses: what is no library, or one for another system or machine, or lacks the table or a symbol of the contract.

A library can do what the process can: nothing here keeps it from that. Its globals live as long as the process, for the same
path: a host that wants each run to begin afresh loads a copy.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_int32, c_uint32, c_void_p
from typing import Any, Final

from .callbacks import callback
from .guest import BadPointer, Guest, Run
from .symbols import NotALibrary, read_symbols
from .wasmfile import CONTRACT, FUNCTION, Export, Refusal, Shape, Signature, Surface, judge

_TABLE: Final = "__edge_host"
_MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}
_SYSTEMS: Final = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
_TYPES: Final = {
    "__edge_alloc": Signature(("i32",), ("i32",)),
    "__edge_free": Signature(("i32", "i32"), ()),
    "__edge_abi_version": Signature((), ("i32",)),
}
_LINKERS_OWN: Final = frozenset({"_init", "_fini", "_edata", "_end", "_mh_dylib_header"})

_EXPORT: Final = CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p)
_HOST: Final = {
    "edge_op": "int32_t(uint32_t, uint32_t, size_t, uint32_t, size_t, uint32_t, size_t)",
    "edge_encode": "uint32_t(uint32_t, size_t, uint32_t)",
    "edge_decode": "int32_t(uint32_t, size_t, size_t, uint32_t)",
    "edge_release": "void(uint32_t)",
    "edge_take_error": "int32_t(size_t, size_t, uint32_t)",
    "edge_throw": "void(uint32_t, size_t, uint32_t)",
}
"""The functions of the table, in its order."""

_kept: Final[list[Any]] = []
"""What loaded libraries may call, for as long as the process lives: none is unloaded, and some have threads."""


def examine(spec: str, data: bytes) -> Surface | Refusal:
    """What a script may import from a library, or why it is not loaded."""
    here = _MACHINES.get(platform.machine().lower(), platform.machine())
    try:
        found = read_symbols(data, here)
    except NotALibrary as error:
        return Refusal(str(error))
    if (found.system, found.machine) != (sys.platform, here):
        made = f"{_SYSTEMS.get(found.system, found.system)} on {found.machine}"
        this = f"{_SYSTEMS.get(sys.platform, sys.platform)} on {here}"
        return Refusal(f"it is a library for {made}, and this is {this}", "build it here, or build it as WebAssembly")
    if _TABLE not in found.names:
        return Refusal(
            f"it does not export the table '{_TABLE}', through which the host is called ({CONTRACT})",
            "include edge.h in one of its files, and export the table",
        )
    exports = [Export("memory", "memory", None)]
    names = sorted(found.names - {_TABLE} - _LINKERS_OWN)
    exports += [Export(name, "function", _TYPES.get(name, FUNCTION)) for name in names]
    return judge(spec, Shape(imports=(), exports=tuple(exports), memories=(), customs=(), has_start=False))


class Libraries:
    """The libraries of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._guests: dict[str, Library] = {}
        self._attributes: dict[str, dict[str, Any]] = {}

    def bind(self, spec: str, path: str, surface: Surface) -> dict[str, Any]:
        """The attributes of a library, the same for the same spec. Raises `ImportError` where it does not start."""
        if spec not in self._attributes:
            try:
                guest = Library(spec, self._run, path)
            except (OSError, ValueError) as error:  # ctypes: it does not load; it has no table
                raise ImportError(f"native library {spec!r} did not load: {error}", name=spec) from None
            self._guests[spec] = guest
            self._attributes[spec] = guest.bind(surface)
        return self._attributes[spec]

    @property
    def live(self) -> int:
        """How many handles the run's libraries hold."""
        return sum(len(guest.handles) for guest in self._guests.values())

    def interrupt(self, ending: BaseException) -> bool:
        """End the run, from any thread: a call that runs goes on until the library returns. Whether one runs."""
        self._run.ending = ending
        return self._run.depth > 0

    def close(self) -> None:
        """The run is over: its libraries cannot be called any more, and their handles are released."""
        for guest in self._guests.values():
            guest.close()


class Library(Guest):
    """A loaded library. Its pointers are taken at their word, except null."""

    def __init__(self, spec: str, run: Run, path: str) -> None:
        super().__init__(spec, run)
        self._library = ctypes.CDLL(path)
        self._functions: dict[str, Callable[..., int]] = {}
        table = (c_void_p * len(_HOST)).in_dll(self._library, _TABLE)
        for place, (name, signature) in enumerate(_HOST.items()):
            table[place], kept = callback(signature, getattr(self, name), self._failed(name))
            _kept.append(kept)

    def _failed(self, name: str) -> Callable[[BaseException], int | None]:
        """What C gets where one of the six raised: the exception goes on when the library has returned."""
        result = {"edge_op": 1, "edge_release": None, "edge_throw": None}.get(name, 0)

        def failed(error: BaseException) -> int | None:
            self.escaped(error)
            self._pending = self._ending or RuntimeError("a pointer is null")
            return result

        return failed

    def read(self, pointer: int, size: int) -> bytes:
        if not size:
            return b""
        if not pointer:
            raise BadPointer
        return ctypes.string_at(pointer, size)

    def write(self, pointer: int, data: bytes) -> None:
        if not data:
            return
        if not pointer:
            raise BadPointer
        ctypes.memmove(pointer, data, len(data))

    def read_handles(self, pointer: int, count: int) -> tuple[int, ...]:
        if not pointer:
            raise BadPointer
        return tuple((c_uint32 * count).from_address(pointer))

    def write_number(self, pointer: int, number: int) -> None:
        if not pointer:
            raise BadPointer
        c_uint32.from_address(pointer).value = number

    def version(self) -> int:
        function = CFUNCTYPE(c_uint32)(("__edge_abi_version", self._library))
        return int(function())

    def enter(self, export: str, handles: list[int]) -> tuple[int, int]:
        function = self._functions.get(export)
        if function is None:
            function = self._functions[export] = _EXPORT((export, self._library))
        count = len(handles)
        argv, out = (c_uint32 * count)(*handles), c_uint32(0)
        status = function(ctypes.addressof(argv), count, ctypes.addressof(out))
        return status, out.value
