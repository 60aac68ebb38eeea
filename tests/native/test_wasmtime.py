"""The contract of native modules in wasmtime, through a module in WAT that does what a test says (probe.py)."""

from __future__ import annotations

import gc
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from edge_runtime.machine.limits import RunEnded
from edge_runtime.native.abi import NOT_PRIMITIVE, Op
from edge_runtime.native.wasmfile import Surface
from edge_runtime.native.wasmtime import Engine, Natives, NotCompiled
from tests.native.probe import ENGINE, FREE, HEAD, IMPORTS, MEMORY, MEMORY_AND_ALLOC, PROBE, compiled, load, natives


@pytest.fixture
def run() -> Iterator[Natives]:
    """The modules of one run."""
    made = natives()
    yield made
    made.close()


@pytest.fixture
def probe(run: Natives) -> dict[str, Any]:
    """The probe's attributes."""
    return load(PROBE, run=run)


def raises(error: BaseException) -> Callable[[], None]:
    """A function that raises an error."""

    def function() -> None:
        raise error

    return function


# ---- primitives ----

PRIMITIVES = [
    (None, 0, b""),
    (False, 1, b"\0"),
    (True, 1, b"\1"),
    (0, 2, bytes(16)),
    (-1, 2, b"\xff" * 16),
    (2**127 - 1, 2, b"\xff" * 15 + b"\x7f"),
    (-(2**127), 2, bytes(15) + b"\x80"),
    (1.5, 3, bytes(6) + b"\xf8\x3f"),
    (-0.0, 3, bytes(7) + b"\x80"),
    ("", 4, b""),
    ("ä€😀\0", 4, "ä€😀\0".encode()),
    (b"", 5, b""),
    (b"\0\xff", 5, b"\0\xff"),
]


@pytest.mark.parametrize(("value", "tag", "data"), PRIMITIVES)
def test_primitives_cross_as_their_bytes(probe: dict[str, Any], value: object, tag: int, data: bytes) -> None:
    found = probe["decode"](value, 1_000)
    assert found == tag.to_bytes(4, "little") + len(data).to_bytes(4, "little") + data
    again = probe["encode"](tag, data)
    assert (type(again), repr(again)) == (type(value), repr(value))


@pytest.mark.parametrize("value", [2**127, -(2**127) - 1, "\ud800", [], (), object(), len])
def test_what_is_not_primitive_says_so(probe: dict[str, Any], value: object) -> None:
    assert probe["decode"](value, 1_000) == NOT_PRIMITIVE.to_bytes(4, "little") + bytes(4)
    assert probe["echo"](value) is value


def test_a_derived_class_crosses_as_what_is_underneath(probe: dict[str, Any]) -> None:
    class Colour(IntEnum):
        RED = 3

    class Loud(str):
        __slots__ = ()

        def encode(self, *_: Any) -> bytes:  # a lie
            return b"lies"

    assert probe["decode"](Colour.RED, 100)[:4] == b"\2\0\0\0"
    assert probe["decode"](Loud("hi"), 100)[8:] == b"hi"


@pytest.mark.parametrize(
    ("tag", "data"),
    [
        (0, b"x"),
        (1, b""),
        (1, b"\2"),
        (2, b"\1"),
        (2, bytes(17)),
        (3, bytes(7)),
        (4, b"\xff"),
        (4, b"\xed\xa0\x80"),
        (6, b""),
    ],
)
def test_bytes_that_are_not_of_their_tag_are_refused(probe: dict[str, Any], tag: int, data: bytes) -> None:
    assert probe["encode"](tag, data) == -1


def test_a_buffer_that_is_too_small_is_told_the_size(probe: dict[str, Any]) -> None:
    found = probe["decode"]("12345", 4)
    assert int.from_bytes(found[:4], "little") == 4
    assert int.from_bytes(found[4:8], "little", signed=True) == -5


def test_a_megabyte_goes_in_and_out(probe: dict[str, Any]) -> None:
    data = bytes(range(256)) * 4096
    assert probe["encode"](5, data) == data


# ---- calls ----


def test_the_keyword_slot_comes_last_and_counts(probe: dict[str, Any]) -> None:
    assert probe["argc"]() == 1
    assert probe["argc"](1, 2, 3) == 4
    assert probe["argc"](1, two=2) == 2
    assert probe["keywords"](1, 2) is None
    assert probe["keywords"](1, one=1, two=[2]) == {"one": 1, "two": [2]}


def test_names_constants_and_one_instance_a_run(run: Natives, probe: dict[str, Any]) -> None:
    assert probe["answer"] == 42
    assert probe["abs"](-3) == 5
    assert repr(probe["add"]) == "<built-in function add>"
    assert run.bind("./probe.wasm", compiled(PROBE)) is probe
    assert not [name for name in probe if name.startswith("__")]


def test_a_class_keeps_its_state_where_no_script_reaches(probe: dict[str, Any]) -> None:
    counter = probe["Counter"]
    first, second = counter(3), counter(4)
    assert (first.get(), second.get(), len(first)) == (3, 4, 3)
    assert first.__dict__ == {}
    assert isinstance(first, counter)
    assert not hasattr(first, "__rust_id")

    class Mine(counter):  # type: ignore[misc, valid-type] # a class made at run time
        def __init__(self) -> None:
            super().__init__(9)

        def twice(self) -> int:
            return 2 * int(self.get())

    assert Mine().twice() == 18
    with pytest.raises(TypeError, match=r"^Counter\.get\(\) works on a 'Counter', not on a 'int'$"):
        counter.get(1)


def test_rust_id_is_for_instances_of_the_modules_own_classes(run: Natives, probe: dict[str, Any]) -> None:
    class Other:
        pass

    with pytest.raises(AttributeError, match="the module's own classes, not 'Other'"):
        probe["id_of"](Other())
    with pytest.raises(AttributeError, match="the module's own classes, not 'Counter'"):
        load(PROBE, "./other.wasm", run)["id_of"](probe["Counter"](1))
    blank = probe["Counter"].__new__(probe["Counter"])
    with pytest.raises(AttributeError, match=r"^this 'Counter' is not set up: its __init__ did not run$"):
        blank.get()


def test_a_million_calls_hold_no_more_than_one(run: Natives, probe: dict[str, Any]) -> None:
    add = probe["add"]
    for number in range(100_000):
        add(number, 1)
    assert run.live == 0


def test_what_is_staged_is_freed_after_each_call(run: Natives) -> None:
    counting = """
      (memory (export "memory") 1)
      (global $held (mut i32) (i32.const 0))
      (func (export "__edge_alloc") (param i32) (result i32)
        (global.set $held (i32.add (global.get $held) (local.get 0))) (i32.const 1024))
      (func (export "__edge_free") (param i32 i32)
        (global.set $held (i32.sub (global.get $held) (local.get 1))))
      (func (export "held") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
        (i32.store (i32.const 32) (global.get $held))
        (i32.store (local.get $out) (call $encode (i32.const 2) (i32.const 32) (i32.const 16))) (i32.const 0))
    """
    held = load(IMPORTS + counting, run=run)["held"]
    assert [held(*range(count)) for count in (0, 1, 0, 5, 0)] == [8, 12, 8, 28, 8]


def test_without_free_the_staging_is_used_again(run: Natives) -> None:
    counting = """
      (global $count (mut i32) (i32.const 0))
      (memory (export "memory") 1)
      (func (export "__edge_alloc") (param i32) (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (i32.add (i32.const 1024) (i32.mul (global.get $count) (i32.const 256))))
      (data (i32.const 256) "__call__")
      (func (export "count") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
        (i32.store (i32.const 32) (global.get $count))
        (i32.store (local.get $out) (call $encode (i32.const 2) (i32.const 32) (i32.const 16))) (i32.const 0))
      (func (export "apply") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
        (call $op (i32.const 0) (i32.load (local.get $argv)) (i32.const 256) (i32.const 8)
          (i32.const 0) (i32.const 0) (local.get $out)))
    """
    module = load(IMPORTS + counting, run=run)
    assert [module["count"](1, 2) for _ in range(5)] == [1] * 5
    assert [module["apply"](module["count"]) for _ in range(5)] == [2] * 5


# ---- operations ----


class Thing:
    def __init__(self) -> None:
        self.size = 3

    def double(self, value: int) -> int:
        return 2 * value


def test_every_operation(probe: dict[str, Any]) -> None:
    do, thing, table = probe["do"], Thing(), {"a": 1}
    assert do(Op.CALL, "double", thing, 4) == 8
    assert do(Op.CALL, "__call__", max, 1, 5, 2) == 5
    assert do(Op.GET_ATTR, "size", thing) == 3
    assert do(Op.SET_ATTR, "size", thing, 9) is None
    assert thing.size == 9
    assert do(Op.GET_ITEM, "", table, "a") == 1
    assert do(Op.SET_ITEM, "", table, "b", 2) is None
    assert table == {"a": 1, "b": 2}
    assert do(Op.LEN, "", table) == 2
    assert do(Op.ITER, "", table) == ["a", "b"]
    assert do(Op.ITER_NEXT, "", iter([7, 8])) == 7
    assert do(Op.NEW_DICT, "", None) == {}
    assert do(Op.NEW_LIST, "", None) == []
    assert do(Op.NEW_LIST, "", None, 1, 2) == [1, 2]
    assert do(Op.TYPE_OF, "", thing) == "Thing"
    assert do(Op.NEW_TUPLE, "", None, 1, "b") == (1, "b")
    assert do(Op.NEW_SET, "", None, 1, 1, 2) == {1, 2}
    found = do(Op.NEW_FROZEN_SET, "", None, 1, 2)
    assert type(found) is frozenset
    assert found == {1, 2}


@pytest.mark.parametrize("op", [14, 99, -1])
def test_another_operation_is_a_runtime_error(probe: dict[str, Any], op: int) -> None:
    with pytest.raises(RuntimeError, match="there is no operation"):
        probe["do"](op, "", None)


@pytest.mark.parametrize(
    ("op", "name"),
    [(Op.GET_ATTR, "__globals__"), (Op.GET_ATTR, "gi_frame"), (Op.CALL, "__subclasses__"), (Op.SET_ATTR, "__class__")],
)
def test_names_obey_the_guard(probe: dict[str, Any], op: Op, name: str) -> None:
    with pytest.raises(AttributeError, match="is not available in Edge Python"):
        probe["do"](op, name, Thing, 1)


def test_dict_is_the_instance_s_own_as_a_script_has_it(probe: dict[str, Any]) -> None:
    thing = Thing()
    found = probe["do"](Op.GET_ATTR, "__dict__", thing)
    found["size"] = 100
    assert thing.size == 100


# ---- errors ----


@pytest.mark.parametrize(
    ("kind", "message", "error"),
    [
        (0, "a", TypeError("a")),
        (1, "b", ValueError("b")),
        (2, "c", RuntimeError("c")),
        (3, "d", AttributeError("d")),
        (4, "e", IndexError("e")),
        (5, "f", KeyError("f")),
        (6, "ZeroDivisionError: by 0: twice", ZeroDivisionError("by 0: twice")),
        (6, "StopIteration", StopIteration()),
        (6, "Unknown: text", RuntimeError("Unknown: text")),
        (6, "no colon", RuntimeError("no colon")),
        (6, "SystemExit: 3", RuntimeError("SystemExit: 3")),
        (6, "KeyboardInterrupt: x", RuntimeError("KeyboardInterrupt: x")),
        (6, "UnicodeDecodeError: x", RuntimeError("UnicodeDecodeError: x")),
        (7, "g", RuntimeError("g")),
    ],
)
def test_every_kind_of_error(probe: dict[str, Any], kind: int, message: str, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        probe["throw"](kind, message)
    assert type(caught.value) is type(error)
    assert caught.value.args == error.args


class Mine(ValueError):
    pass


@pytest.mark.parametrize("way", ["apply", "again"])
@pytest.mark.parametrize("error", [Mine("x"), KeyError("k"), KeyError(3), RecursionError("r"), OSError(2, "no")])
def test_an_error_of_the_script_passes_as_itself(probe: dict[str, Any], way: str, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        probe[way](raises(error))
    assert caught.value is error


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (TypeError("t"), 0, "t"),
        (KeyError("k"), 5, "k"),
        (KeyError(1), 5, "1"),
        (Mine("mine"), 6, "Mine: mine"),
        (ZeroDivisionError("z"), 6, "ZeroDivisionError: z"),
        (StopIteration(3), 6, "StopIteration"),
        (ValueError("\ud800"), 1, "\\ud800"),
    ],
)
def test_a_module_takes_an_error(probe: dict[str, Any], error: Exception, kind: int, message: str) -> None:
    found = probe["caught"](raises(error), 100)
    assert int.from_bytes(found[:4], "little") == kind
    assert found[8:].decode() == message


def test_take_error_tells_the_size_and_keeps_the_error(probe: dict[str, Any]) -> None:
    def needed(text: str) -> int:
        return int.from_bytes(probe["caught"](raises(ValueError(text)), 0)[4:8], "little", signed=True)

    assert (needed("12345"), needed("12"), needed("1")) == (-5, -2, -2)
    assert probe["take"]() == -1


def test_iteration_ends_with_stop_iteration(probe: dict[str, Any]) -> None:
    items = iter([1])
    assert probe["do"](Op.ITER_NEXT, "", items) == 1
    with pytest.raises(StopIteration):
        probe["do"](Op.ITER_NEXT, "", items)


def test_an_inner_error_does_not_show_in_the_outer_call(probe: dict[str, Any]) -> None:
    def inner() -> None:
        with pytest.raises(ValueError, match="inner"):
            probe["throw"](1, "inner")

    assert probe["caught"](inner, 100)[4:8] == b"\xff\xff\xff\xff"


@pytest.mark.parametrize(
    "ending", [SystemExit(3), RunEnded("TimeoutError", "late"), KeyboardInterrupt(), GeneratorExit()]
)
def test_no_module_swallows_the_end_of_a_program(run: Natives, probe: dict[str, Any], ending: BaseException) -> None:
    with pytest.raises(type(ending)) as caught:
        probe["swallow"](raises(ending))
    assert caught.value is ending
    other = load(PROBE, "./other.wasm", run)
    with pytest.raises(type(ending)) as caught:
        other["swallow"](lambda: other["swallow"](raises(ending)))
    assert caught.value is ending


def test_a_swallowed_error_is_gone(run: Natives, probe: dict[str, Any]) -> None:
    assert probe["swallow"](raises(ValueError("x"))) is None
    assert probe["add"](1, 2) == 3
    assert run.live == 0


# ---- traps ----

TRAPS = {
    "unreachable": "unreachable",
    "outside": "memory access out of bounds",
    "divide": "divide by zero",
    "convert": "float unrepresentable in integer range",
    "deep": "stack overflow",
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_ends_one_module(run: Natives, probe: dict[str, Any], name: str) -> None:
    other = load(PROBE, "./other.wasm", run)
    with pytest.raises(RuntimeError, match=rf"^native module './probe\.wasm' trapped: {TRAPS[name]}$"):
        probe[name]()
    with pytest.raises(RuntimeError, match=rf"^native module './probe\.wasm' trapped earlier: {TRAPS[name]}$"):
        probe["add"](1, 2)
    assert other["add"](1, 2) == 3
    assert run.live == 0


def test_a_trap_within_unwinds_the_calls_around_it(run: Natives, probe: dict[str, Any]) -> None:
    other = load(PROBE, "./other.wasm", run)

    def inside() -> None:
        other["apply"](probe["unreachable"])

    with pytest.raises(RuntimeError, match=r"'./probe\.wasm' trapped: unreachable") as caught:
        probe["apply"](inside)
    assert other["apply"](lambda: 5) == 5

    def caught_inside() -> int:
        with pytest.raises(RuntimeError, match="trapped earlier"):
            probe["unreachable"]()
        return 1

    assert other["apply"](caught_inside) == 1
    assert caught.value.__context__ is None


def test_a_module_that_trapped_does_not_go_on_behind_the_scripts_back(probe: dict[str, Any]) -> None:
    def hide() -> int:
        with pytest.raises(RuntimeError, match="trapped: unreachable"):
            probe["unreachable"]()
        return 1

    with pytest.raises(RuntimeError, match=r"'./probe\.wasm' trapped earlier: unreachable"):
        probe["apply"](hide)


def test_deep_recursion_ends_as_an_error(run: Natives, probe: dict[str, Any]) -> None:
    other = load(PROBE, "./other.wasm", run)

    def down() -> Any:
        return probe["apply"](lambda: other["apply"](down))

    with pytest.raises(RecursionError, match="call each other more than 200 levels deep"):
        down()
    assert probe["add"](1, 2) == 3
    assert run.live == 0


def test_calls_at_the_edge_of_the_recursion_limit(run: Natives, probe: dict[str, Any]) -> None:
    """Wherever the room ends, it ends with a RecursionError, and never where the engine calls the host."""
    before, ends = sys.getrecursionlimit(), set()

    def at(depth: int) -> object:
        return at(depth - 1) if depth else probe["apply"](lambda: 7)

    for depth in range(before - 120, before):
        try:
            ends.add(at(depth))
        except RecursionError:
            ends.add(RecursionError)
    assert ends == {7, RecursionError}
    assert sys.getrecursionlimit() == before
    assert run.live == 0


# ---- limits ----


def test_an_endless_loop_ends_when_the_run_does(run: Natives, probe: dict[str, Any]) -> None:
    ending = RunEnded("TimeoutError", "the time is over")
    timer = threading.Timer(0.05, run.interrupt, (ending,))
    timer.start()
    with pytest.raises(RunEnded) as caught:
        probe["swallow"](probe["forever"])
    timer.join()
    assert caught.value is ending
    with pytest.raises(RunEnded):
        probe["add"](1, 2)


def test_interrupt_says_whether_a_module_runs(run: Natives, probe: dict[str, Any]) -> None:
    said: list[bool] = []
    with pytest.raises(RunEnded):
        probe["apply"](lambda: said.append(run.interrupt(RunEnded("Stopped", "stopped"))))
    assert said == [True]


def test_ctrl_c_gets_through_while_a_module_computes(run: Natives, probe: dict[str, Any]) -> None:
    def press() -> None:
        signal.raise_signal(signal.SIGINT)
        run.tick()

    timer = threading.Timer(0.05, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        probe["swallow"](probe["forever"])
    timer.join()


def test_another_run_is_not_ended(run: Natives, probe: dict[str, Any]) -> None:
    other = natives()
    same = load(PROBE, run=other)
    assert run.interrupt(RunEnded("Stopped", "stopped")) is False
    assert same["add"](1, 2) == 3
    other.close()
    with pytest.raises(RunEnded):
        probe["add"](1, 2)


def test_memory_grows_up_to_the_limit(probe: dict[str, Any]) -> None:
    assert probe["grow"]() == MEMORY // 65536
    assert probe["encode"](5, b"after") == b"after"


def test_the_run_bounds_memory_whatever_the_module_says() -> None:
    small = Natives(ENGINE, memory_bytes=MEMORY // 8)
    assert load(PROBE, run=small)["grow"]() == MEMORY // 8 // 65536
    small.close()


def test_leaks_end_with_the_run(run: Natives, probe: dict[str, Any]) -> None:
    for _ in range(10):
        probe["leak"]()
    assert run.live == 10
    assert probe["release_twice"](object()) == 7
    assert run.live == 10
    run.close()
    assert run.live == 0
    with pytest.raises(RuntimeError, match=r"^native module './probe\.wasm' cannot be called: its program is over$"):
        probe["add"](1, 2)


def test_a_function_keeps_its_module_alive() -> None:
    add = load(PROBE)["add"]
    gc.collect()
    assert add(1, 2) == 3


def test_a_run_that_is_closed_from_within_ends_its_calls(run: Natives, probe: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="cannot be called: its program is over"):
        probe["apply"](run.close)
    with pytest.raises(RuntimeError, match="cannot be called: its program is over"):
        probe["add"](1, 2)


@pytest.mark.parametrize(
    "place", ["capi.enter", "guest.edge_op", "guest.edge_decode", "guest._operate", "abi.dispatch"]
)
def test_an_exception_that_arises_in_the_hosts_own_code_ends_the_call(probe: dict[str, Any], place: str) -> None:
    """Ctrl-C, a time limit and a trace function raise where they like, also before a function's first line."""

    class Anywhere(Exception):
        pass

    def trace(frame: FrameType, *_: object) -> None:
        if f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}" == place:
            raise Anywhere

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(Anywhere):
            probe["do"](Op.LEN, "", [1])
    finally:
        sys.settrace(before)


def test_handles_have_a_limit(run: Natives, probe: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    guest = run._instances["./probe.wasm"]
    monkeypatch.setattr(guest.handles, "_limit", 3)
    probe["leak"]()
    with pytest.raises(RuntimeError, match="more than 3 handles are held"):
        probe["add"](1, 2)
    with pytest.raises(RuntimeError, match="more than 3 handles are held"):
        probe["apply"](lambda: probe["do"](9, "", None))


# ---- liars ----

# Numbers in these stand for constants.
LIARS = {
    "(call $op 5 77 0 0 0 0 8)": ("edge_op: 77 is not a valid handle"),
    "(call $op 1 (i32.load (local.get $argv)) -4 8 0 0 8)": "trapped: memory access out of bounds",
    "(call $op 1 (i32.load (local.get $argv)) 0 -1 0 0 8)": "trapped: memory access out of bounds",
    "(call $op 9 0 -1 -1 0 1000 8)": ("edge_op: 0 is not a valid handle"),
    "(call $op 9 0 0 0 0 -1 8)": ("edge_op: 4294967295 arguments are too many"),
    "(call $op 9 0 0 0 4194300 9 8)": "trapped: memory access out of bounds",
    "(call $op 9 0 0 0 0 0 4194301)": "trapped: memory access out of bounds",
    "(call $op 1 (i32.load (local.get $argv)) 600 2 0 0 8)": ("edge_op: the name is not UTF-8"),
    "(call $op 4 (i32.load (local.get $argv)) 0 0 (local.get $argv) 1 8)": (
        "SET_ITEM needs 2 arguments in argv, got 1"
    ),
    "(call $encode 4 4194303 2)": "trapped: memory access out of bounds",
    "(call $encode 4 -1 -1)": "trapped: memory access out of bounds",
    "(call $decode (i32.load (local.get $argv)) 4194302 0 99)": "trapped: memory access out of bounds",
    "(call $decode (i32.load (local.get $argv)) 8 4194300 -1)": "trapped: memory access out of bounds",
    "(block (result i32) (call $throw 1 0 2147483647) 1)": "trapped: memory access out of bounds",
    "0": "lie() returned 0 but left no handle in *out",
    "(block (result i32) (i32.store (local.get $out) 4242) 0)": ("lie() left 4242, which is no handle, in *out"),
    "1": "lie() returned 1, an error, but set none",
    "2": "lie() returned 2; only 0 and 1 have a meaning",
    "-1": "lie() returned -1; only 0 and 1 have a meaning",
}


@pytest.mark.parametrize("lie", LIARS)
def test_a_module_that_lies_gets_an_error(run: Natives, lie: str) -> None:
    code = re.sub(r"(?:(?<= )|^)-?\d+\b", r"(i32.const \g<0>)", lie)
    body = f"""{HEAD} (data (i32.const 600) "\\ff\\fe")
      (func (export "lie") (param $argv i32) (param $argc i32) (param $out i32) (result i32) {code})"""
    module = load(body, run=run)
    with pytest.raises((RuntimeError, TypeError)) as caught:
        module["lie"]("some text to decode")
    assert LIARS[lie] in str(caught.value)
    assert run.live == 0


@pytest.mark.parametrize("pointer", ["i32.const 0", "i32.const -4", "i32.const 4194300"])
def test_an_allocator_that_gives_no_memory(run: Natives, pointer: str) -> None:
    body = f"""{IMPORTS} (memory (export "memory") 64)
      (func (export "__edge_alloc") (param i32) (result i32) ({pointer}))
      (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0))"""
    with pytest.raises(RuntimeError, match=r"__edge_alloc\(\d+\) gave no memory of the module's"):
        load(body, run=run)["f"](1, 2)
    assert run.live == 0


# ---- modules that do not start ----

STARTS = {
    '(func (export "__edge_abi_version") (result i32) (i32.const 2))': (
        "native module './probe.wasm' targets ABI 2, this host speaks 1"
    ),
    '(func (export "__edge_abi_version") (result i32) unreachable)': (
        "native module './probe.wasm' did not start: trapped: unreachable"
    ),
    "(func $start unreachable) (start $start)": "native module './probe.wasm' did not start: trapped: unreachable",
    '(func (export "__const_pi") (param i32 i32 i32) (result i32) (i32.const 1))': (
        "native module './probe.wasm' did not start: its constant 'pi' failed: RuntimeError: "
        "native module './probe.wasm': pi() returned 1, an error, but set none"
    ),
}


@pytest.mark.parametrize("body", STARTS)
def test_a_module_that_does_not_start(run: Natives, body: str) -> None:
    with pytest.raises(ImportError) as caught:
        load(HEAD + body, run=run)
    assert str(caught.value).startswith(STARTS[body])


def test_a_module_that_never_starts_ends_with_the_run(run: Natives) -> None:
    ending = RunEnded("TimeoutError", "the time is over")
    timer = threading.Timer(0.05, run.interrupt, (ending,))
    timer.start()
    with pytest.raises(RunEnded) as caught:
        load(HEAD + "(func $start (loop (br 0))) (start $start)", run=run)
    timer.join()
    assert caught.value is ending


def test_version_1_starts(run: Natives) -> None:
    load(HEAD + '(func (export "__edge_abi_version") (result i32) (i32.const 1))', run=run)


def test_what_does_not_compile_says_why() -> None:
    surface = Surface(kind="abi")
    with pytest.raises(NotCompiled, match=r"^\S.+\S$"):
        ENGINE.prepare("broken", b"\0asm\1\0\0\0\x0a\x04\1\2\0\x0b", surface)


def test_the_same_bytes_are_compiled_once() -> None:
    engine = Engine()
    surface = Surface(kind="abi")
    first = engine.prepare("digest", b"\0asm\1\0\0\0", surface)
    assert engine.prepare("digest", b"\0asm\1\0\0\0", surface) is first


def test_the_parts_of_the_probe_are_a_module() -> None:
    assert HEAD == IMPORTS + MEMORY_AND_ALLOC + FREE
