"""Shared libraries as native modules: library.c, built here for this machine, and for others to see what is said of them."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_runtime.machine.limits import RunEnded
from edge_runtime.native.dynlib import Libraries, examine
from edge_runtime.native.guest import Run
from edge_runtime.native.symbols import NotALibrary, Symbols, read_symbols
from edge_runtime.native.wasmfile import Refusal, Surface
from edge_runtime.native.wasmtime import Natives
from tests.native.probe import ENGINE, MEMORY, PROBE, load

SOURCE = Path(__file__).with_name("library.c")
SPEC = "./library.so"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ziglang") is None and not os.environ.get("CI"),
    reason="no C compiler: pip install ziglang",
)


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Builds library.c."""
    made: dict[tuple[str, ...], Path] = {}
    folder = tmp_path_factory.mktemp("libraries")

    def compiled(*flags: str) -> Path:
        if flags not in made:
            path = folder / f"{len(made)}.so"
            command = [
                sys.executable,
                "-m",
                "ziglang",
                "cc",
                "-shared",
                "-fPIC",
                "-fvisibility=hidden",
                "-nostdlib",
                "-O1",
            ]
            subprocess.run([*command, *flags, "-o", path, SOURCE], check=True, capture_output=True)
            made[flags] = path
        return made[flags]

    return compiled


def surface_of(path: Path) -> Surface:
    """What a library offers."""
    found = examine(SPEC, path.read_bytes())
    assert isinstance(found, Surface), found
    return found


def bind(libraries: Libraries, path: Path) -> dict[str, Any]:
    """A library's attributes."""
    return libraries.bind(SPEC, str(path), surface_of(path))


@pytest.fixture
def libraries() -> Iterator[Libraries]:
    """The libraries of one run."""
    made = Libraries(Run())
    yield made
    made.close()


@pytest.fixture
def library(libraries: Libraries, build: Callable[..., Path]) -> dict[str, Any]:
    """The library's attributes."""
    return bind(libraries, build())


def raises(error: BaseException) -> Callable[[], None]:
    """A function that raises an error."""

    def function() -> None:
        raise error

    return function


def test_what_a_library_offers(library: dict[str, Any]) -> None:
    expected = {"add", "abs", "answer", "apply", "swallow", "message", "echo", "nulls", "leak", "Box"}
    assert set(library) == expected


def test_functions_constants_and_classes(libraries: Libraries, library: dict[str, Any]) -> None:
    assert library["add"](2**40, -1) == 2**40 - 1
    assert library["abs"](-5) == 5
    assert library["answer"] == 42
    box = library["Box"](7)
    assert box.get() == 7
    thing = object()
    assert library["echo"](thing) is thing
    assert libraries.live == 0


def test_errors_go_both_ways(library: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"^add: two numbers$"):
        library["add"](1)
    error = ZeroDivisionError("mine")
    with pytest.raises(ZeroDivisionError) as caught:
        library["apply"](raises(error))
    assert caught.value is error
    assert library["message"](raises(error)) == "ZeroDivisionError: mine"


def test_callbacks_nest(library: dict[str, Any]) -> None:
    apply = library["apply"]
    assert apply(lambda value: apply(lambda: library["add"](value, 1)), 4) == 5


def test_deep_recursion_ends_as_an_error(libraries: Libraries, library: dict[str, Any]) -> None:
    def down() -> Any:
        return library["apply"](down)

    with pytest.raises(RecursionError, match="levels deep"):
        down()
    assert libraries.live == 0


def test_null_pointers_are_errors(library: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match=r"^a pointer is null$"):
        library["nulls"]("text")


@pytest.mark.parametrize("ending", [SystemExit(3), RunEnded("TimeoutError", "late"), KeyboardInterrupt()])
def test_no_library_swallows_the_end_of_a_program(library: dict[str, Any], ending: BaseException) -> None:
    with pytest.raises(type(ending)) as caught:
        library["swallow"](raises(ending))
    assert caught.value is ending


def test_a_library_and_a_module_of_wasm_in_one_run(build: Callable[..., Path]) -> None:
    run = Run()
    libraries, natives = Libraries(run), Natives(ENGINE, memory_bytes=MEMORY, run=run)
    library, probe = bind(libraries, build()), load(PROBE, run=natives)
    assert library["apply"](probe["apply"], lambda: library["add"](1, 2)) == 3

    def down() -> Any:
        return library["apply"](probe["apply"], down)

    with pytest.raises(RecursionError):
        down()
    natives.interrupt(RunEnded("TimeoutError", "late"))
    with pytest.raises(RunEnded):
        library["add"](1, 2)
    libraries.close()
    natives.close()


def test_leaks_end_with_the_run(libraries: Libraries, library: dict[str, Any]) -> None:
    for _ in range(10):
        library["leak"]()
    assert libraries.live == 10
    libraries.close()
    assert libraries.live == 0
    with pytest.raises(RuntimeError, match="its program is over"):
        library["add"](1, 2)


# ---- refusals ----


def test_a_library_without_the_table_or_a_symbol(build: Callable[..., Path]) -> None:
    found = examine(SPEC, build("-DWITHOUT_TABLE").read_bytes())
    assert isinstance(found, Refusal)
    assert found.reason.startswith("it does not export the table '__edge_host', through which the host is called")
    found = examine(SPEC, build("-DWITHOUT_ALLOC").read_bytes())
    assert isinstance(found, Refusal)
    assert found.reason.startswith("it does not export '__edge_alloc'")


def test_another_abi(libraries: Libraries, build: Callable[..., Path]) -> None:
    with pytest.raises(ImportError, match=r"^native module './library\.so' targets ABI 2, this host speaks 1$"):
        bind(libraries, build("-DVERSION=2"))


def test_what_does_not_load_says_why(libraries: Libraries, build: Callable[..., Path], tmp_path: Path) -> None:
    surface = surface_of(build())
    with pytest.raises(ImportError, match=r"^native library './library\.so' did not load: .*nowhere\.so"):
        libraries.bind(SPEC, str(tmp_path / "nowhere.so"), surface)
    with pytest.raises(ImportError, match=r"^native library './library\.so' did not load: .*__edge_host"):
        libraries.bind(SPEC, str(build("-DWITHOUT_TABLE")), surface)


OTHERS = {
    "x86_64-linux-gnu": ("linux", "x86_64"),
    "aarch64-linux-gnu": ("linux", "aarch64"),
    "x86_64-macos": ("darwin", "x86_64"),
    "aarch64-macos": ("darwin", "aarch64"),
    "x86_64-windows-gnu": ("win32", "x86_64"),
    "aarch64-windows-gnu": ("win32", "aarch64"),
}


@pytest.mark.parametrize("target", OTHERS)
def test_libraries_for_every_system_are_read(build: Callable[..., Path], target: str) -> None:
    data = build("-target", target).read_bytes()
    found = read_symbols(data, "x86_64")
    assert (found.system, found.machine) == OTHERS[target]
    assert found.names >= {"__edge_host", "__edge_alloc", "add", "__fn_abs", "__class_Box_get"}
    assert "integer" not in found.names
    if (sys.platform, platform.machine()) != OTHERS[target]:
        refused = examine(SPEC, data)
        assert isinstance(refused, Refusal)
        assert refused.reason.startswith("it is a library for ")


def test_a_file_for_several_machines_is_read_for_this_one(build: Callable[..., Path]) -> None:
    parts = [
        (0x01000007, build("-target", "x86_64-macos").read_bytes()),
        (0x0100000C, build("-target", "aarch64-macos").read_bytes()),
    ]
    head, body, place = b"\xca\xfe\xba\xbe" + (2).to_bytes(4, "big"), b"", 48
    for machine, data in parts:
        for number in (machine, 0, place + len(body), len(data), 0):
            head += number.to_bytes(4, "big")
        body += data
    whole = head + body
    assert [read_symbols(whole, machine).machine for machine in ("x86_64", "aarch64", "riscv64")] == [
        "x86_64",
        "aarch64",
        "x86_64",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\0asm\1\0\0\0", b"MZ", b"\x7fELF", b"\x7fELF\1\1" + bytes(100), b"MZ" + bytes(200)]
)
def test_what_is_no_library_is_refused(data: bytes) -> None:
    found = examine(SPEC, data)
    assert isinstance(found, Refusal)
    assert found.reason.startswith(("it is ", "it is not "))


@pytest.mark.parametrize("target", ["x86_64-linux-gnu", "aarch64-macos", "x86_64-windows-gnu"])
def test_a_damaged_library_is_read_or_refused(build: Callable[..., Path], target: str) -> None:
    data = build("-target", target).read_bytes()
    for size in range(0, len(data), 97):
        _read(data[:size])
    for place in range(min(len(data), 4_096)):
        _read(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])


def _read(data: bytes) -> None:
    with contextlib.suppress(NotALibrary):
        assert isinstance(read_symbols(data, "x86_64"), Symbols)


def test_a_copy_is_another_library(build: Callable[..., Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.so"
    shutil.copy(build(), copy)
    first, second = Libraries(Run()), Libraries(Run())
    one, two = bind(first, build()), bind(second, copy)
    assert (one["add"](1, 2), two["add"](3, 4)) == (3, 7)
    first.close()
    assert two["add"](3, 4) == 7
    second.close()
