"""The native modules of the tests, built from their sources in `tests/native/modules/` when a test asks for one.

Takes: a module's name: `NAME.c`, `NAME.rs`, or a module `;; --- NAME: what it shows` in one of the `.wat` files; or "kit",
the example of `sdk/`. Gives: the path of the `.wasm` (or of the shared library) under `build/modules/`, which git ignores.
A module is built once for each state of its source, of `edge.h` and of the command.
Refuses: a name that no source has; a source that does not build, with what the compiler said. Where a toolchain is missing
the test is skipped with the reason; with $CI set to `true` it fails.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import pytest
from wasmtime import WasmtimeError, wat2wasm

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = ROOT / "tests" / "native" / "modules"
HEADER: Final = ROOT / "sdk" / "edge.h"
BUILT: Final = ROOT / "build" / "modules"
LIBRARY: Final = {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")

ZIG: Final = [sys.executable, "-m", "ziglang"]
WASM: Final = (
    "cc -std=c11 -O2 -Wall -Wextra -Werror --target=wasm32-freestanding -ffreestanding -nostdlib -fvisibility=hidden "
    "-Wl,--no-entry -Wl,--strip-all"
).split()
SHARED: Final = "cc -std=c11 -O2 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden".split()
RUST: Final = (
    "--edition=2021 --target=wasm32-unknown-unknown --crate-type=cdylib -C opt-level=s -C panic=abort -C strip=symbols"
).split()

_INCLUDES_HEADER: Final = re.compile(rb'^#include "(?:\.\./)?edge\.h"$', re.MULTILINE)
_CHUNK: Final = re.compile(r"^;; --- (\w+): .+$", re.MULTILINE)


class BuildError(Exception):
    """A source that does not build; the text is the compiler's."""


def module(name: str) -> Path:
    """The `.wasm` of a module."""
    if name in _wat():
        return _built(name, ".wasm", _wat()[name].encode(), ("wat2wasm",))
    source = _source(name)
    if source.suffix == ".rs":
        return _built(name, ".wasm", source.read_bytes(), (_rustc(), *RUST, str(source)))
    return _built(name, ".wasm", _c_text(source), (*ZIG, *WASM, f"-I{HEADER.parent}", str(source)))


def module_bytes(name: str) -> bytes:
    """The bytes of a module's `.wasm`."""
    return module(name).read_bytes()


def library(name: str) -> Path:
    """The same C source as a shared library of this machine."""
    source = _source(name)
    if not _INCLUDES_HEADER.search(source.read_bytes()):
        raise LookupError(f"{source.name} is written for WebAssembly alone: a library needs edge.h")
    return _built(name, LIBRARY, _c_text(source), (*ZIG, *SHARED, f"-I{HEADER.parent}", str(source)))


def names() -> tuple[str, ...]:
    """Every module, in order."""
    return tuple(sorted({"kit", *_wat(), *(path.stem for path in SOURCES.iterdir() if path.suffix in (".c", ".rs"))}))


def libraries() -> tuple[str, ...]:
    """Every module that can be built as a shared library."""
    return tuple(name for name in names() if name not in _wat() and _INCLUDES_HEADER.search(_source(name).read_bytes()))


def _source(name: str) -> Path:
    if name == "kit":
        return ROOT / "sdk" / "example" / "kit.c"
    for suffix in (".c", ".rs"):
        if (path := SOURCES / f"{name}{suffix}").is_file():
            return path
    raise LookupError(f"no module {name!r} in {SOURCES}; there are: {', '.join(names())}")


def _c_text(source: Path) -> bytes:
    return source.read_bytes() + HEADER.read_bytes()


@cache
def _wat() -> Mapping[str, str]:
    """The text of each module of the `.wat` files, by name."""
    found: dict[str, str] = {}
    for path in sorted(SOURCES.glob("*.wat")):
        prelude, *chunks = _CHUNK.split(path.read_text(encoding="utf-8"))
        for name, text in zip(chunks[::2], chunks[1::2], strict=True):
            if name in found:
                raise LookupError(f"{path.name}: the module {name!r} is there twice")
            found[name] = text.replace("(prelude)", prelude)
    return found


def _built(name: str, suffix: str, source: bytes, command: tuple[str, ...]) -> Path:
    digest = hashlib.sha256(b"\0".join((source, _zig_version(), *map(str.encode, command)))).hexdigest()
    path = BUILT / digest[:16] / f"{name}{suffix}"
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    # Tests may build at the same time: each writes a file of its own, and the last to be ready takes the place.
    made = path.with_name(f"{name}-{os.getpid()}{suffix}")
    try:
        if command == ("wat2wasm",):
            made.write_bytes(wat2wasm(source.decode()))
        else:
            _run(name, [*command, "-o", str(made)])
        made.replace(path)
    except WasmtimeError as error:
        raise BuildError(f"the module {name!r}: {error}") from None
    finally:
        made.unlink(missing_ok=True)
    return path


def _run(name: str, command: list[str]) -> None:
    # What Zig compiles for itself once stays in build/, and goes with `make clean`.
    cache_folder = str(BUILT.parent / "zig")
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache_folder, "ZIG_LOCAL_CACHE_DIR": cache_folder}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if result.returncode:
        raise BuildError(f"the module {name!r} does not build:\n{' '.join(command)}\n{result.stderr}")


@cache
def _zig_version() -> bytes:
    try:
        from importlib.metadata import version

        return version("ziglang").encode()
    except ModuleNotFoundError:
        return _missing("no ziglang package, which builds the C modules: run `make setup`")


@cache
def _rustc() -> str:
    """A rustc that has the standard library for wasm32 and a linker; many come without."""
    for candidate in filter(None, (os.environ.get("RUSTC"), "/usr/bin/rustc", "rustc")):
        if shutil.which(candidate) is None:
            continue
        asked = [candidate, "--print=target-libdir", "--target=wasm32-unknown-unknown"]
        found = Path(subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "none")
        linker = shutil.which("rust-lld") or [*found.parents[1].glob("*/bin/rust-lld")] if found.is_absolute() else None
        if linker and [*found.glob("libstd-*.rlib")]:
            return candidate
    return _missing(
        "no rustc for wasm32, with its standard library and rust-lld; on Debian, `make setup` as root brings it"
    )


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
