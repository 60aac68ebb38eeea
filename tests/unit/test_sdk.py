"""sdk/: the example builds in one command and exports what it says; the header compiles wherever it claims to, without
warnings; its allocator is sound."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from wasmtime import Engine, Func, FuncType, Instance, Module, Store, ValType

from edge_runtime import MemoryHost, run_program
from edge_runtime.native.wasmfile import Examined, Surface, examine, judge, read_shape
from edge_runtime.native.wasmtime import Natives
from tests.support.modules import HEADER, LIBRARY, ROOT, SHARED, WASM, ZIG, module_bytes

EXAMPLE = ROOT / "sdk" / "example"
CACHE = {f"ZIG_{which}_CACHE_DIR": str(ROOT / "build" / "zig") for which in ("GLOBAL", "LOCAL")}


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **CACHE}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == "", "a warning is a mistake"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make` leaves."""
    folder = tmp_path_factory.mktemp("kit")
    run("make", "-s", f"OUT={folder}", cwd=EXAMPLE)
    return folder


def test_make_builds_both(built: Path) -> None:
    assert sorted(path.name for path in built.iterdir()) == sorted(["kit.wasm", f"kit{LIBRARY}"])


def test_surface(built: Path) -> None:
    surface = judge("./kit.wasm", read_shape((built / "kit.wasm").read_bytes()))
    assert isinstance(surface, Surface)
    assert surface.kind == "abi"
    assert set(surface.functions) == {"crc32", "slug", "mean", "solve"}
    assert set(surface.constants) == {"golden", "version"}
    assert {name: set(methods) for name, methods in surface.classes.items()} == {
        "Stats": {"__init__", "add", "mean", "deviation", "__len__", "close"}
    }
    assert (surface.has_free, surface.has_version, surface.pure) == (True, True, True)


def test_nothing_else_is_exported(built: Path) -> None:
    shape = read_shape((built / "kit.wasm").read_bytes())
    assert {one.name for one in shape.exports if not one.name.startswith("__")} == {"memory"}
    assert {(one.module, one.name) for one in shape.imports} <= {
        ("env", f"edge_{name}") for name in "op encode decode release take_error throw".split()
    }


def test_example_program(built: Path) -> None:
    program = (EXAMPLE / "main.py").read_text(encoding="utf-8")
    host = MemoryHost(sources={"./build/kit.wasm": (built / "kit.wasm").read_bytes()})
    result = run_program(program, host)
    assert result.error is None, result.error.rendered
    assert result.output.splitlines() == [
        "kit 1.0",
        "the checksum of a text: 0xcbf43926",
        "in two parts: True",
        "a title for an address: hello-world edge_python_3",
        "means: 2.5 1.5 2.0",
        "golden is a root of x² - x - 1: True",
        "8 values, mean 5.0 deviation 2.138",
        "TypeError - crc32() argument 1 must be bytes, not str",
        "ZeroDivisionError - mean() of no values",
        "ValueError - solve(): the function has the same sign at both ends",
        "RuntimeError - this Stats is closed, or its __init__() was not called",
    ]


STRICT = "-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror".split()


@pytest.mark.parametrize("level", ["-O0", "-O2", "-Os"])
def test_header_for_webassembly(level: str, tmp_path: Path) -> None:
    # Zig adds checks of undefined behaviour where nothing is optimised; they need a library.
    run(*ZIG, *WASM, *STRICT, level, "-fno-sanitize=undefined", "-o", tmp_path / "kit.wasm", EXAMPLE / "kit.c")


@pytest.mark.parametrize("target", ["x86_64-linux-gnu", "aarch64-linux-musl", "aarch64-macos", "x86_64-windows-gnu"])
def test_header_for_other_systems(target: str, tmp_path: Path) -> None:
    run(*ZIG, *SHARED[:1], *STRICT, "-target", target, "-fPIC", "-c", "-o", tmp_path / "kit.o", EXAMPLE / "kit.c")


def test_two_files_share_one_module(tmp_path: Path) -> None:
    """The header may be included in several files: one allocator, one table of states, one version."""
    head = f'#include "{HEADER}"\nstruct state {{ int64_t n; }};\n'
    for name in ("One", "Two"):
        (tmp_path / f"{name}.c").write_text(
            f"{head}EDGE_CLASS({name}, struct state);\n"
            f"EDGE_CLASS_INIT({name}) {{ return {name}_create(self) ? edge_return_none(out) : EDGE_FAILED; }}\n"
            f"EDGE_CLASS_METHOD({name}, next) {{ struct state *state = {name}_state(self);"
            " return state ? edge_return_int(out, ++state->n) : EDGE_FAILED; }\n"
            f"EDGE_CLASS_METHOD({name}, other) {{ struct state *state = {name}_state(argv[0]);"
            " return state ? edge_return_int(out, state->n) : EDGE_FAILED; }\n",
            encoding="utf-8",
        )
    run(*ZIG, *WASM, "-o", tmp_path / "two.wasm", tmp_path / "One.c", tmp_path / "Two.c")
    program = """
from "./two.wasm" import One, Two
a, b, c = One(), Two(), One()
print(a.next(), a.next(), b.next(), c.next(), a.other(c))
try:
    a.other(b)
except RuntimeError as error:
    print(error)
"""
    host = MemoryHost(sources={"./two.wasm": (tmp_path / "two.wasm").read_bytes()})
    result = run_program(program, host)
    assert result.error is None, result.error.rendered
    assert result.output == "1 2 1 1 1\nthis One is closed, or its __init__() was not called\n"


def test_own_allocator(tmp_path: Path) -> None:
    """An author's own allocator wins, in the one file or in another one."""
    (tmp_path / "own.c").write_text(
        f'#define EDGE_OWN_ALLOCATOR\n#include "{HEADER}"\n'
        "void *__edge_alloc(uint32_t size) { return (void *)(4096 + size); }\n"
        "void __edge_free(void *block, uint32_t size) { (void)block; (void)size; }\n",
        encoding="utf-8",
    )
    (tmp_path / "user.c").write_text(f'#include "{HEADER}"\nEDGE_CONST_INT(one, 1);\n', encoding="utf-8")
    for files in (["own.c"], ["user.c", "own.c"], ["own.c", "user.c"]):
        run(*ZIG, *WASM, "-o", tmp_path / "own.wasm", *(tmp_path / name for name in files))
        assert Memory(tmp_path / "own.wasm").alloc(10) == 4106


class Memory:
    """A module's memory and allocator, without a host."""

    def __init__(self, path: Path) -> None:
        self._store = Store(Engine())
        module = Module(self._store.engine, path.read_bytes())

        def refuse(*_: object) -> None:
            raise AssertionError("an allocator needs no host")

        imports = [Func(self._store, each.type, refuse) for each in module.imports if isinstance(each.type, FuncType)]
        self._exports = Instance(self._store, module, imports).exports(self._store)

    def alloc(self, size: int) -> int:
        return self._call("__edge_alloc", size) & 0xFFFFFFFF

    def free(self, block: int, size: int) -> None:
        self._call("__edge_free", block, size)

    def _call(self, name: str, *numbers: int) -> int:
        function = self._exports[name]
        assert isinstance(function, Func)
        return int(function(self._store, *numbers) or 0)

    @property
    def size(self) -> int:
        memory = self._exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        return memory.data_len(self._store)


def test_allocator(built: Path) -> None:
    """Blocks do not overlap, are aligned, lie in the memory and are used again: memory stays flat."""
    memory = Memory(built / "kit.wasm")
    chance = random.Random(7)  # noqa: S311 - sizes for a test
    live: dict[int, int] = {}
    sizes = [0, 1, 15, 16, 17, 64, 1000, 4096, 65_536, 65_537, 300_000]

    def use(steps: int) -> None:
        for _ in range(steps):
            if live and (len(live) > 60 or chance.random() < 0.45):
                block = chance.choice(list(live))
                memory.free(block, live.pop(block))
            else:
                size = chance.choice(sizes)
                block = memory.alloc(size)
                assert block
                assert block % 16 == 0
                assert block + size <= memory.size
                near = [at for at in live if at < block + max(size, 1) and block < at + max(live[at], 1)]
                assert near == [], "two blocks share bytes"
                live[block] = size

    use(3000)
    grown = memory.size
    use(3000)
    assert memory.size <= grown * 1.5
    while live:
        memory.free(*live.popitem())
    full = memory.size
    for _ in range(1000):
        block = memory.alloc(1000)
        memory.free(block, 1000)
    assert memory.size == full


def test_allocator_says_when_there_is_no_room(built: Path) -> None:
    memory = Memory(built / "kit.wasm")
    assert memory.alloc(1), "there is room, so 0 below says that there is none"
    assert memory.alloc(0xFFFFFFFF) == 0
    assert memory.alloc(0x80000001) == 0
    taken = [memory.alloc(0x40000000) for _ in range(4)]
    assert taken[0]
    assert taken[1]
    assert taken[2]
    assert taken[3] == 0, "the fourth GiB is not whole"
    memory.free(taken[0], 0x40000000)
    assert memory.alloc(0x30000000) == taken[0]


def test_types_of_the_contract(built: Path) -> None:
    """Every export of the example has the type that the contract gives it."""
    module = Module(Engine(), (built / "kit.wasm").read_bytes())
    i32 = ValType.i32()
    types = {item.name: item.type for item in module.exports if isinstance(item.type, FuncType)}
    for name, kind in types.items():
        expected = {"__edge_alloc": (1, 1), "__edge_free": (2, 0), "__edge_abi_version": (0, 1)}.get(name, (3, 1))
        assert (len(kind.params), len(kind.results)) == expected, name
        assert all(each == i32 for each in [*kind.params, *kind.results]), name


def fails(*_: object) -> None:
    raise LookupError("on purpose")


class Closed:
    """Fails where it is iterated, after an item."""

    def __iter__(self) -> Iterator[int]:
        yield 1
        fails()


@pytest.fixture
def natives() -> Iterator[Natives]:
    """The modules of one run."""
    # Imported late, for an engine that outlived the library's own module would complain at exit.
    from tests.native import probe

    with contextlib.closing(probe.natives()) as made:
        yield made


def test_no_handle_is_left(natives: Natives) -> None:
    """What the header's helpers and macros make they release, whichever way a function ends."""

    def bound(name: str) -> dict[str, Any]:
        found = examine(f"./{name}.wasm", module_bytes(name), 1024)
        assert isinstance(found, Examined)
        return dict(natives.bind(f"./{name}.wasm", natives.engine.prepare(name, found.data, found.surface)))

    kit, basic, classes, callbacks = map(bound, ("kit", "basic", "classes", "callbacks"))
    ops, errors = map(bound, ("ops", "errors"))
    stats, counter, pair = kit["Stats"](), classes["Counter"](3, step=2), classes["My_Pair"](1, 2)
    calls: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
        (kit["crc32"], (b"a" * 100,), {"start": 1}),
        (kit["crc32"], (b"a",), {"start": "x"}),
        (kit["crc32"], (b"a",), {"begin": 1}),
        (kit["crc32"], (), {}),
        (kit["crc32"], ("a",), {}),
        (kit["slug"], ("a b",), {"separator": "_"}),
        (kit["slug"], ("a b",), {"separator": "much too long"}),
        (kit["mean"], ([1, 2.5],), {"skip_none": True}),
        (kit["mean"], (["a"],), {}),
        (kit["mean"], ([],), {}),
        (kit["mean"], (5,), {}),
        (kit["mean"], (Closed(),), {}),
        (kit["solve"], (lambda x: x - 1, 0, 3), {"tolerance": 0.1}),
        (kit["solve"], (str, 0, 3), {}),
        (kit["solve"], (fails, 0, 3), {}),
        (stats.add, (1,), {}),
        (stats.add, ("x",), {}),
        (stats.close, (), {}),
        (stats.close, (), {}),
        (stats.add, (1,), {}),
        (kit["Stats"], (1,), {}),
        (counter.increment, (), {"by": 3}),
        (counter.each, (str,), {}),
        (counter.each, (fails,), {}),
        (counter.__eq__, (counter,), {}),
        (counter.__eq__, (5,), {}),
        (pair.swap_places, (), {}),
        (pair.as_counter, (pair,), {}),
        (basic["copy"], ([1],), {}),
        (basic["copy"], ("x" * 1000,), {}),
        (basic["greet"], ("a",), {"greeting": "b", "times": 2, "loud": True}),
        (basic["greet"], ("a",), {"greeting": "b", "times": 2, "laut": True}),
        (basic["not_utf8"], (), {}),
        (basic["encodes"], (1, b"xx"), {}),
        (callbacks["map"], (str, [1, 2]), {}),
        (callbacks["map"], (int, [1, "x"]), {}),
        (callbacks["map"], (str, Closed()), {}),
        (callbacks["repeat"], (lambda n: n, 5), {}),
        (callbacks["repeat"], (str, 5), {}),
        (callbacks["method"], ("a", "upper"), {}),
        (callbacks["method"], ("a", "lower_"), {}),
        (ops["drain"], ([1, 2],), {}),
        (ops["drain"], (Closed(),), {}),
        (ops["record"], ("a", 1), {}),
        (ops["op_iternext"], ("ab", 5), {}),
        (ops["op_setitem"], ({}, 1, 2), {}),
        (errors["caught"], (fails,), {}),
        (errors["rethrow"], (fails,), {}),
        (errors["or_else"], (fails, 1), {}),
        (errors["ignore"], (int,), {}),
        (errors["pass_on"], (fails,), {}),
    ]
    for place, (function, args, named) in enumerate(calls):
        with contextlib.suppress(Exception):
            function(*args, **named)
        assert natives.live == 0, f"call {place} of the list leaves handles"


def test_this_interpreter_has_the_compiler() -> None:
    """`make setup` brings it with the other pinned packages."""
    run(sys.executable, "-c", "import ziglang")
