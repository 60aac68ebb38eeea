"""What a `.wasm` says about itself, and the verdict on it. Modules are written in WAT; broken ones byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime

from edge_runtime.native.wasmfile import (
    IMPORTS,
    Examined,
    Export,
    Global,
    Import,
    Malformed,
    Memory,
    Refusal,
    Signature,
    Surface,
    TooLarge,
    bounded,
    examine,
    judge,
    read_shape,
)

ROOT = Path(__file__).resolve().parents[3]
HEAD = b"\0asm\x01\0\0\0"
CALL = "(param i32 i32 i32) (result i32) i32.const 0"
ABI = f"""
  (memory (export "memory") 1)
  (func (export "__edge_alloc") (param i32) (result i32) i32.const 1024)
  (func $call {CALL})
"""


def wasm(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(f"(module {text})"))


def verdict(text: str) -> Surface | Refusal:
    return judge("./kit.wasm", read_shape(wasm(text)))


def surface(text: str) -> Surface:
    found = verdict(text)
    assert isinstance(found, Surface), found
    return found


def refusal(text: str) -> Refusal:
    found = verdict(text)
    assert isinstance(found, Refusal), found
    return found


def section(kind: int, *content: bytes) -> bytes:
    body = b"".join(content)
    assert len(body) < 128
    return bytes((kind, len(body))) + body


# ---- the shape ----


def test_shape_of_a_module() -> None:
    shape = read_shape(
        wasm("""
          (import "env" "edge_release" (func (param i32)))
          (import "js" "table" (table 1 2 funcref))
          (import "js" "mem" (memory 1))
          (import "js" "level" (global (mut i64)))
          (import "js" "tag" (tag (param i32)))
          (memory $own 2 7)
          (global $pi f64 (f64.const 3.5))
          (func $two (param i32 f32) (result i64 v128) unreachable)
          (func $begin)
          (table $t 1 funcref)
          (export "two" (func $two))
          (export "release" (func 0))
          (export "pi" (global $pi))
          (export "level" (global 0))
          (export "own" (memory $own))
          (export "t" (table $t))
          (start $begin)
          (@custom "notes" "hello")
        """)
    )
    assert shape.imports == (
        Import("env", "edge_release", "function", Signature(("i32",), ())),
        Import("js", "table", "table", None),
        Import("js", "mem", "memory", Memory(1, None, shared=False, wide=False)),
        Import("js", "level", "global", Global("i64", mutable=True)),
        Import("js", "tag", "tag", None),
    )
    assert shape.exports == (
        Export("two", "function", Signature(("i32", "f32"), ("i64", "v128"))),
        Export("release", "function", Signature(("i32",), ())),
        Export("pi", "global", Global("f64", mutable=False)),
        Export("level", "global", Global("i64", mutable=True)),
        Export("own", "memory", Memory(2, 7, shared=False, wide=False)),
        Export("t", "table", None),
    )
    assert shape.memories == (Memory(2, 7, shared=False, wide=False),)
    assert "notes" in shape.customs
    assert shape.has_start


def test_the_empty_module() -> None:
    shape = read_shape(HEAD)
    assert (shape.imports, shape.exports, shape.memories, shape.has_start) == ((), (), (), False)


def test_types_and_constants_that_scripts_never_see_are_passed_over() -> None:
    shape = read_shape(
        wasm("""
          (rec
            (type $point (sub (struct (field i8) (field (mut f64)) (field (ref null $point)))))
            (type $far (sub final $point (struct (field i8) (field (mut f64)) (field (ref null $point)) (field i16)))))
          (type $bytes (array (mut i8)))
          (type $f (func (param i32) (result i32)))
          (global $a i32 (i32.const -5))
          (global $b i64 (i64.add (i64.const 9223372036854775807) (i64.const -1)))
          (global $c f32 (f32.const 1.5))
          (global $d v128 (v128.const i64x2 1 2))
          (global $e (ref null $point) (ref.null $point))
          (global $g funcref (ref.func $id))
          (global $h (ref $bytes) (array.new_fixed $bytes 3 (i32.const 1) (i32.const 2) (i32.const 3)))
          (global $i i31ref (ref.i31 (i32.const 7)))
          (global $j (ref $far) (struct.new_default $far))
          (global $k externref (ref.null extern))
          (global $last (export "last") i32 (global.get $a))
          (func $id (export "id") (type $f) local.get 0)
        """)
    )
    assert shape.exports == (
        Export("last", "global", Global("i32", mutable=False)),
        Export("id", "function", Signature(("i32",), ("i32",))),
    )


@pytest.mark.parametrize(
    ("params", "results", "text"),
    [
        ((), (), "() -> ()"),
        (("i32",), ("f64",), "(i32) -> f64"),
        (("i32", "i64"), ("f32", "f64"), "(i32, i64) -> (f32, f64)"),
        (("i32",) * 9, (), "(i32, i32, i32, i32, i32, i32, i32, i32, …) -> ()"),
    ],
)
def test_signatures_as_text(params: tuple[str, ...], results: tuple[str, ...], text: str) -> None:
    assert str(Signature(params, results)) == text


# ---- malformed binaries ----

ONE_TYPE = section(1, b"\x01\x60\0\0")
ONE_FUNCTION = ONE_TYPE + section(3, b"\x01\0")


@pytest.mark.parametrize(
    ("data", "reason", "offset"),
    [
        (b"", "its first bytes are not those of a .wasm file", 0),
        (b"MZ\0\0\x01\0\0\0", "its first bytes are not those of a .wasm file", 0),
        (b"\0asm\x01\0", "it ends within its version", 4),
        (b"\0asm\x02\0\0\0", "its version is not 1", 4),
        (b"\0asm\x0d\0\x01\0", "it is a component, not a module", 4),
        (HEAD + b"\x0e\0", "14 is no section", 8),
        (HEAD + b"\x01\x05\0", "its type section is cut off", 8),
        (HEAD + b"\x01", "its custom section ends too early", 9),
        (HEAD + section(3, b"\0") + section(1, b"\0"), "its type section is there twice or out of order", 11),
        (HEAD + section(1, b"\0") * 2, "its type section is there twice or out of order", 11),
        (HEAD + section(6, b"\0") + section(13, b"\0"), "its tag section is there twice or out of order", 11),
        (HEAD + section(10, b"\0") + section(12, b"\0"), "its data count section is there twice or out of order", 11),
        (HEAD + section(1, b"\0\0"), "its type section is longer than its content", 11),
        (HEAD + section(1, b"\x05\x60\0\0"), "its type section ends before its 5 entries", 10),
        (HEAD + section(1, b"\xff\xff\xff\xff\x0f"), "its type section ends before its 4294967295 entries", 10),
        (HEAD + section(1, b"\x01\x60\x01\x05\0"), "0x05 is no type that this release knows", 13),
        (HEAD + section(1, b"\x01\x61\0\0"), "0x61 is no type that this release knows", 11),
        (HEAD + section(1, b"\x80\x80\x80\x80\x80\0"), "a number in its type section has more than 32 bits", 10),
        (HEAD + section(1, b"\xff\xff\xff\xff\x1f"), "a number in its type section has more than 32 bits", 10),
        (HEAD + b"\x01\x80\x80\x80\x80\x10", "a number in its custom section has more than 32 bits", 9),
        (HEAD + section(0, b"\x05ab"), "its custom section ends too early", 13),
        (HEAD + section(0, b"\x02\xc3\x28"), "a name in its custom section is not UTF-8", 10),
        (HEAD + ONE_TYPE + section(2, b"\x01\x01\xff\x01b\0\0"), "a name in its import section is not UTF-8", 17),
        (HEAD + ONE_TYPE + section(2, b"\x01\x01a\x01b\x07\0"), "7 is no kind of import", 21),
        (HEAD + ONE_TYPE + section(2, b"\x01\x01a\x01b\0\x01"), "type 1 is no function type", 22),
        (HEAD + ONE_TYPE + section(3, b"\x01\x01"), "type 1 is no function type", 17),
        (HEAD + section(1, b"\x01\x5f\0") + section(3, b"\x01\0"), "type 0 is no function type", 16),
        (HEAD + section(5, b"\x01\x09\x01\x02"), "0x09 are no limits that this release knows", 11),
        (HEAD + section(5, b"\x01\x01\x01"), "its memory section ends too early", 13),
        (HEAD + section(6, b"\x01\x7f\x02\x41\0\x0b"), "a global is neither constant nor variable", 12),
        (HEAD + section(6, b"\x01\x7f\0\x10\0\x0b"), "instruction 0x10 cannot stand in a constant", 13),
        (HEAD + section(6, b"\x01\x7f\0\xfb\x02\x0b"), "instruction 0xfb cannot stand in a constant", 13),
        (HEAD + section(6, b"\x01\x7f\0\x41" + b"\x80" * 10 + b"\0\x0b"), "a number in its global section has", 14),
        (HEAD + ONE_FUNCTION + section(7, b"\x02\x01a\0\0\x01a\0\0"), "two exports have the same name", 25),
        (HEAD + ONE_FUNCTION + section(7, b"\x01\x01a\0\x01"), "there is no function 1 to export", 23),
        (HEAD + ONE_FUNCTION + section(7, b"\x01\x01a\x02\0"), "there is no memory 0 to export", 23),
        (HEAD + ONE_FUNCTION + section(7, b"\x01\x01a\x05\0"), "5 is no kind of export", 23),
    ],
)
def test_malformed(data: bytes, reason: str, offset: int) -> None:
    with pytest.raises(Malformed) as caught:
        read_shape(data)
    assert caught.value.reason.startswith(reason)
    assert caught.value.offset == offset
    assert str(caught.value) == f"it cannot be read as a WebAssembly module: {caught.value.reason} (byte {offset})"
    assert isinstance(examine("./x.wasm", data, 100), Refusal)


def test_a_component_is_told_what_to_do() -> None:
    found = examine("./x.wasm", b"\0asm\x0d\0\x01\0", 100)
    assert isinstance(found, Refusal)
    assert found.reason.endswith("it is a component, not a module (byte 4)")
    assert found.fix is not None
    assert "core module" in found.fix


def test_padded_numbers_are_valid() -> None:
    padded = b"\x01" + b"\x8b\x80\x80\x80\0" + b"\x81\x80\x80\x80\0" + b"\x60" + b"\x80\x80\x80\0" + b"\0"
    assert read_shape(HEAD + padded).exports == ()
    wasmtime.Module.validate(wasmtime.Engine(), HEAD + padded)  # the engine agrees


@pytest.mark.parametrize("wanted", [100_001, 4_000_000])
def test_more_entries_than_any_tool_makes(wanted: int) -> None:
    entries = leb(wanted) + b"\x60\0\0" * wanted
    with pytest.raises(Malformed, match="more than"):
        read_shape(HEAD + b"\x01" + leb(len(entries)) + entries)


def test_the_limit_holds_for_every_kind_of_entry() -> None:
    memories = leb(100_001) + b"\0\0" * 100_001
    with pytest.raises(Malformed, match="its memory section has more than 100000 entries"):
        read_shape(HEAD + b"\x05" + leb(len(memories)) + memories)


def test_a_function_with_more_parameters_than_engines_take() -> None:
    for count in (1_000, 1_001):
        entry = b"\x01\x60" + leb(count) + b"\x7f" * count + b"\0"
        data = HEAD + b"\x01" + leb(len(entry)) + entry
        if count == 1_000:
            read_shape(data)
        else:
            with pytest.raises(Malformed, match="more than 1000 entries"):
                read_shape(data)


def test_a_head_larger_than_is_read() -> None:
    functions = leb(900_000) + b"\x80\x80\x80\x80\0" * 900_000
    with pytest.raises(Malformed, match="its types, imports and exports take more than 4194304 bytes"):
        read_shape(HEAD + ONE_TYPE + b"\x03" + leb(len(functions)) + functions)


def test_more_sections_than_any_tool_makes() -> None:
    with pytest.raises(Malformed, match="more than 10000 sections"):
        read_shape(HEAD + section(0, b"\0") * 10_001)


def test_groups_of_types_share_one_limit() -> None:
    group = b"\x4e" + leb(60_000) + b"\x60\0\0" * 60_000
    entries = b"\x02" + group * 2
    with pytest.raises(Malformed, match="more than 100000 entries"):
        read_shape(HEAD + b"\x01" + leb(len(entries)) + entries)


def leb(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))


# ---- bounds of tables, and what has none ----


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ("(table 1 funcref)", [(1, 1_000_000)]),
        ("(table 1 10 funcref)", [(1, 10)]),
        ("(table 1000000 funcref)", [(1_000_000, 1_000_000)]),
        ("(table 1 20000000 externref)", [(1, 1_000_000)]),
        ("(table 2 funcref) (table 6 7 externref) (table 0 funcref)", [(2, 333_332), (6, 7), (0, 333_330)]),
        ("(table 3 (ref $seven) (ref.func $f)) (table 1 (ref null func))", [(3, 500_001), (1, 499_999)]),
    ],
)
def test_bounded_tables(tables: str, expected: list[tuple[int, int]]) -> None:
    code = 'i32.const 7) (elem declare func $f) (export "seven" (func $f))'
    data = wasm(f"(type $seven (func (result i32))) (memory 1) {tables} (func $f (type $seven) {code}")
    within = bounded(data, 5)
    assert [(table.limits.minimum, table.limits.maximum) for table in read_shape(within).tables] == expected
    assert [memory.maximum for memory in read_shape(within).memories] == [5]
    assert bounded(within, 5) is within
    assert isinstance(examine("x", data, 5), Examined)
    store = wasmtime.Store()
    seven = wasmtime.Instance(store, wasmtime.Module(store.engine, within), []).exports(store)["seven"]
    assert isinstance(seven, wasmtime.Func)
    assert seven(store) == 7


def test_tables_that_are_within_their_bound_are_left_alone() -> None:
    data = wasm("(table 1 5 funcref) (memory 1 5)")
    assert bounded(data, 5) is data


def test_tables_larger_than_any_program_needs() -> None:
    text = '(table 600000 funcref) (table 400001 funcref) (func (export "f"))'
    assert examine("./x.wasm", wasm(text), 5) == Refusal(
        "its tables have 1,000,001 entries at the start, and 1,000,000 is the limit", "build it with smaller tables"
    )
    assert surface(text.replace("400001", "400000")).names == {"f"}


@pytest.mark.parametrize(
    "types",
    ["(type (struct))", "(type (array i8))", "(type (sub (func)))", "(type (sub final (struct (field i32))))",
     "(rec (type (func)) (type (func (param i32))))", "(rec (type (array (mut i64))))"],
)  # fmt: skip
def test_types_that_the_engine_would_collect_are_refused(types: str) -> None:
    found = refusal(f'{types} (func (export "f"))')
    assert found.reason == "it uses garbage-collected types, whose memory cannot be bounded"
    assert found.fix == "build './kit.wasm' from a language with a memory of its own, such as C, C++ or Rust"


@pytest.mark.parametrize("entry", ["exnref", "anyref", "eqref", "i31ref", "(ref null exn)", "nullexnref", "structref"])
def test_tables_of_objects_are_refused(entry: str) -> None:
    found = refusal(f'(table 1 {entry}) (func (export "f"))')
    assert found.reason == "it has a table of objects, whose memory cannot be bounded"


def test_a_table_s_type_in_padded_form() -> None:
    """-23 stands for exceptions, in one byte or in two."""
    tables = section(4, b"\x01\x63\xe9\x7f\0\x01")
    assert read_shape(HEAD + tables).tables[0].keeps


def test_exceptions_are_small() -> None:
    text = '(tag (param {})) (func (export "f"))'
    assert surface(text.format("i64 " * 16)).names == {"f"}
    assert refusal(text.format("i64 " * 17)).reason == "one of its exceptions carries 17 values, and 16 is the limit"


@pytest.mark.parametrize(("table", "what"), [("i64 1 funcref", "64-bit"), ("shared 1 2 funcref", "shared")])
def test_tables_of_other_kinds_are_refused(table: str, what: str) -> None:
    assert (
        refusal(f'(table {table}) (func (export "f"))').reason
        == f"it has a {what} table, which no module may have here"
    )


# ---- bounds of memories ----


@pytest.mark.parametrize(
    ("memories", "pages", "expected"),
    [
        ("(memory 1)", 100, [(1, 100)]),
        ("(memory 1 65536)", 100, [(1, 100)]),
        ("(memory 1 5)", 100, [(1, 5)]),
        ("(memory 100 100)", 100, [(100, 100)]),
        ("(memory 300)", 300, [(300, 300)]),
        ("(memory 1) (memory 3 4) (memory 0 500)", 104, [(1, 34), (3, 4), (0, 33)]),
        ("", 1, []),
    ],
)
def test_bounded(memories: str, pages: int, expected: list[tuple[int, int]]) -> None:
    data = wasm(f'{memories} (func (export "seven") (result i32) i32.const 7)')
    within = bounded(data, pages)
    assert [(memory.minimum, memory.maximum) for memory in read_shape(within).memories] == expected
    assert bounded(within, pages) is within
    store = wasmtime.Store()
    seven = wasmtime.Instance(store, wasmtime.Module(store.engine, within), []).exports(store)["seven"]
    assert isinstance(seven, wasmtime.Func)
    assert seven(store) == 7


def test_a_memory_that_is_within_its_bound_is_left_alone() -> None:
    data = wasm("(memory 1 5)")
    assert bounded(data, 5) is data
    assert bounded(data, 4) is not data


@pytest.mark.parametrize("pages", [65_536, 65_537, 2**40])
def test_a_bound_beyond_what_32_bits_address_changes_nothing(pages: int) -> None:
    data = wasm("(memory 1)")
    assert bounded(data, pages) is data


def test_a_large_bound_leaves_a_valid_module() -> None:
    within = bounded(wasm("(memory 1) (memory 1 65536)"), 70_000)
    assert [memory.maximum for memory in read_shape(within).memories] == [35_000, 35_000]
    wasmtime.Module.validate(wasmtime.Engine(), within)


def test_a_bounded_memory_does_not_grow_past_it() -> None:
    store = wasmtime.Store()
    text = '(memory 1) (func (export "grow") (param i32) (result i32) local.get 0 memory.grow)'
    module = wasmtime.Module(store.engine, bounded(wasm(text), 3))
    grow = wasmtime.Instance(store, module, []).exports(store)["grow"]
    assert isinstance(grow, wasmtime.Func)
    assert [grow(store, pages) for pages in (1, 1, 1)] == [1, 2, -1]


def test_too_much_memory_at_the_start() -> None:
    data = wasm('(memory 480) (func (export "f"))')
    with pytest.raises(TooLarge, match="it needs 30 MiB of memory at the start, and 16 MiB is the limit"):
        bounded(data, 256)
    assert examine("./x.wasm", data, 256) == Refusal(
        "it needs 30 MiB of memory at the start, and 16 MiB is the limit",
        "build it with a smaller initial memory, or raise the memory limit",
    )


def test_one_page_too_much() -> None:
    assert bounded(wasm("(memory 9)"), 9)
    with pytest.raises(TooLarge):
        bounded(wasm("(memory 10)"), 9)
    with pytest.raises(TooLarge):
        bounded(wasm("(memory 5) (memory 5)"), 9)


def test_imported_memories_are_not_touched() -> None:
    data = wasm('(import "a" "b" (memory 500)) (memory 1)')
    assert [memory.maximum for memory in read_shape(bounded(data, 9)).memories] == [9]


@pytest.mark.parametrize(("memory", "what"), [("i64 1", "64-bit"), ("1 2 shared", "shared")])
def test_memories_of_other_kinds_are_refused(memory: str, what: str) -> None:
    assert (
        refusal(f'(memory {memory}) (func (export "f"))').reason
        == f"it has a {what} memory, which no module may have here"
    )


# ---- modules of the ABI ----


@pytest.mark.parametrize("mark", ["__edge_alloc", "__fn_add", "__const_pi", "__class_Vec___init__", "__edge_anything"])
def test_one_export_of_the_abi_makes_a_module_of_it(mark: str) -> None:
    found = refusal(f'(func (export "{mark}"))')
    assert found.reason == "it does not export its memory as 'memory' (ABI version 1, docs/module-authors.md)"


def test_one_import_of_the_abi_makes_a_module_of_it() -> None:
    assert "'memory'" in refusal('(import "env" "edge_release" (func (param i32))) (func (export "f"))').reason


def test_an_import_of_the_same_name_from_elsewhere_does_not() -> None:
    found = refusal('(import "js" "edge_release" (func (param i32))) (func (export "f"))')
    assert found.reason == "it imports 'js.edge_release'; a plain module gets nothing from outside"


def test_without_alloc_the_message_names_symbol_and_contract() -> None:
    found = refusal('(memory (export "memory") 1) (func (export "__fn_f"))')
    assert found.reason == "it does not export '__edge_alloc' (ABI version 1, docs/module-authors.md)"
    assert found.fix is not None
    assert "edge.h" in found.fix


def test_a_function_called_memory_is_no_memory() -> None:
    text = f'(func (export "memory") {CALL}) (func (export "__edge_alloc") (param i32) (result i32) i32.const 0)'
    assert "as 'memory'" in refusal(text).reason


@pytest.mark.parametrize(
    ("name", "type_", "wanted"),
    [
        ("__edge_alloc", "(param i32)", "(i32) -> (), not (i32) -> i32"),
        ("__edge_alloc", "(param i64) (result i32) i32.const 0", "(i64) -> i32, not (i32) -> i32"),
        ("__edge_free", "(param i32)", "(i32) -> (), not (i32, i32) -> ()"),
        ("__edge_abi_version", "(result i64) i64.const 1", "() -> i64, not () -> i32"),
    ],
)
def test_duties_of_another_type(name: str, type_: str, wanted: str) -> None:
    alloc = "" if name == "__edge_alloc" else '(func (export "__edge_alloc") (param i32) (result i32) i32.const 0)'
    found = refusal(f'(memory (export "memory") 1) {alloc} (func (export "{name}") {type_})')
    assert found.reason == f"its export '{name}' is {wanted} (ABI version 1, docs/module-authors.md)"


def test_all_six_imports_are_let_through() -> None:
    imports = "".join(
        f'(import "env" "{name}" (func (param {" ".join(type_.params)}) (result {" ".join(type_.results)})))'
        for name, type_ in IMPORTS.items()
    )
    assert len(IMPORTS) == 6
    assert surface(f'{imports} {ABI} (export "add" (func $call))').names == {"add"}


@pytest.mark.parametrize(
    ("imports", "reason", "fix"),
    [
        (
            '(import "env" "edge_release" (func (param i64)))',
            "it imports 'env.edge_release' as (i64) -> (), which is (i32) -> () in the contract",
            None,
        ),
        (
            '(import "env" "edge_op" (global i32))',
            "it imports 'env.edge_op' as a constant i32, which is (i32, i32, i32, i32, i32, i32, i32) -> i32",
            None,
        ),
        ('(import "env" "edge_ops" (func))', "it imports 'env.edge_ops'; only the six functions", "define 'edge_ops'"),
        ('(import "edge" "edge_op" (func))', "it imports 'edge.edge_op'; only the six functions", "define 'edge_op'"),
        ('(import "env" "memcpy" (func))', "it imports 'env.memcpy'; only the six functions", "link the library"),
        (
            '(import "wasi_snapshot_preview1" "fd_write" (func))',
            "it imports 'wasi_snapshot_preview1.fd_write'; only the six functions",
            "without WASI",
        ),
        ('(import "wbg" "__wbindgen_throw" (func))', "it imports 'wbg.__wbindgen_throw'; only", "without wasm-bindgen"),
        ('(import "GOT.mem" "x" (global (mut i32)))', "it imports 'GOT.mem.x'; only the six", "module of its own"),
        (
            '(import "env" "memory2" (memory 1))',
            "it imports its memory ('env.memory2'), and every module here has a memory of its own",
            "without --import-memory",
        ),
        (
            "".join(f'(import "js" "f{number}" (func))' for number in range(5)),
            "it imports 'js.f0', 'js.f1', 'js.f2' and 2 more; only the six functions",
            "define 'f0'",
        ),
    ],
)
def test_imports_beyond_the_six(imports: str, reason: str, fix: str | None) -> None:
    found = refusal(f"{imports} {ABI}")
    assert found.reason.startswith(reason)
    assert (fix is None and found.fix is None) or (fix is not None and fix in str(found.fix))


def test_the_names_of_a_module() -> None:
    found = surface(f"""{ABI}
      (func (export "__edge_free") (param i32 i32))
      (func (export "__edge_abi_version") (result i32) i32.const 1)
      (export "__edge_pure" (func $call))
      (export "add" (func $call))
      (export "__fn_abs" (func $call))
      (export "__fn_memory" (func $call))
      (export "__const_pi" (func $call))
      (export "__const___version__" (func $call))
      (export "__class_Vec___init__" (func $call))
      (export "__class_Vec_dot" (func $call))
      (export "__class_Vec___add__" (func $call))
    """)
    assert found == Surface(
        kind="abi",
        functions={"add": "add", "abs": "__fn_abs", "memory": "__fn_memory"},
        constants={"pi": "__const_pi", "__version__": "__const___version__"},
        classes={
            "Vec": {
                "__init__": "__class_Vec___init__",
                "dot": "__class_Vec_dot",
                "__add__": "__class_Vec___add__",
            }
        },
        has_free=True,
        has_version=True,
        pure=True,
    )
    assert found.names == {"add", "abs", "memory", "pi", "__version__", "Vec"}


def test_exports_that_are_no_part_of_the_contract_do_no_harm() -> None:
    found = surface(f"""{ABI}
      (global (export "__heap_base") i32 (i32.const 66560))
      (global (export "counter") (mut i32) (i32.const 0))
      (table (export "table") 1 funcref)
      (func (export "malloc") (param i32) (result i32) local.get 0)
      (func (export "_initialize"))
      (func (export "__wasm_call_ctors"))
      (func (export "__fn_wrong") (param f64))
      (func (export "__const_wrong2"))
      (func (export "__edge_pure"))
      (export "for" (func $call))
      (export "add-one" (func $call))
      (export "__private" (func $call))
      (export "__fn___getattr__" (func $call))
      (export "__const___all__" (func $call))
      (export "__const_" (func $call))
      (export "__class_" (func $call))
      (export "__class_Vec" (func $call))
      (export "\\ef\\ac\\81x" (func $call))
      (export "ok" (func $call))
    """)
    assert found.names == {"ok"}
    assert not found.has_free
    assert not found.has_version
    assert not found.pure
    ours = "not (i32, i32, i32) -> i32 as the functions of the ABI are"
    assert found.missing == {
        "memory": f"its export 'memory' is a memory, {ours}",
        "counter": f"its export 'counter' is a variable i32, {ours}",
        "table": f"its export 'table' is a table, {ours}",
        "malloc": f"its export 'malloc' is (i32) -> i32, {ours}",
        "_initialize": f"its export '_initialize' is () -> (), {ours}",
        "wrong": f"its export '__fn_wrong' is (f64) -> (), {ours}",
        "wrong2": f"its export '__const_wrong2' is () -> (), {ours}",
    }


@pytest.mark.parametrize("order", [("add", "__fn_add"), ("__fn_add", "add")])
def test_a_prefix_wins_over_a_bare_name(order: tuple[str, str]) -> None:
    exports = "".join(f'(export "{name}" (func $call))' for name in order)
    assert surface(ABI + exports).functions == {"add": "__fn_add"}


def test_of_prefixed_claims_class_wins_then_constant() -> None:
    found = surface(f"""{ABI}
      (export "__fn_A" (func $call)) (export "__const_A" (func $call)) (export "__class_A___init__" (func $call))
      (export "__fn_b" (func $call)) (export "__const_b" (func $call))
    """)
    assert (set(found.functions), found.constants, set(found.classes)) == (set(), {"b": "__const_b"}, {"A"})


@pytest.mark.parametrize(
    ("rests", "expected"),
    [
        (["My_Vec___init__", "My_Vec_add_all"], {"My_Vec": {"__init__", "add_all"}}),
        (
            ["My___init__", "My_Vec___init__", "My_Vec_x", "My_y"],
            {"My": {"__init__", "y"}, "My_Vec": {"__init__", "x"}},
        ),
        (["Vec_x", "Vec___init__"], {"Vec": {"__init__", "x"}}),
        (["Vec___len__", "Vec_a_b"], {"Vec": {"__len__", "a_b"}}),
        (["Point_norm_2"], {"Point": {"norm_2"}}),
        (["_Hidden_get"], {"_Hidden": {"get"}}),
        (["Vec___init__", "Vec__own"], {"Vec": {"__init__", "_own"}}),
        (["Vec____init__", "Vec__x"], {"Vec_": {"__init__", "x"}}),
        (["Vec_", "_", "for___init__", "Vec_a-b", "a-b___init__"], {}),
    ],
)
def test_where_the_name_of_a_class_ends(rests: list[str], expected: dict[str, set[str]]) -> None:
    found = surface(ABI + "".join(f'(export "__class_{rest}" (func $call))' for rest in rests))
    assert {name: set(methods) for name, methods in found.classes.items()} == expected
    for name, methods in found.classes.items():
        assert all(export == f"__class_{name}_{method}" for method, export in methods.items())


def test_a_class_whose_constructor_is_wrong_is_not_importable() -> None:
    found = surface(f'{ABI} (func (export "__class_Vec___init__")) (export "__class_Vec_x" (func $call))')
    assert found.classes == {}
    assert found.missing["Vec"].startswith("its export '__class_Vec___init__' is () -> (), not")


def test_a_method_of_the_wrong_type_is_left_out() -> None:
    found = surface(f'{ABI} (export "__class_Vec___init__" (func $call)) (func (export "__class_Vec_x"))')
    assert found.classes == {"Vec": {"__init__": "__class_Vec___init__"}}


def test_a_start_function_is_allowed() -> None:
    assert surface(f'{ABI} (func $begin) (start $begin) (export "f" (func $call))').names == {"f"}


def test_names_of_a_sensible_length() -> None:
    found = surface(f'{ABI} (export "{"a" * 255}" (func $call)) (export "{"b" * 256}" (func $call))')
    assert found.names == {"a" * 255}


def test_more_names_than_the_limit() -> None:
    exports = "".join(f'(export "f{number}" (func $call))' for number in range(5_001))
    assert refusal(ABI + exports) == Refusal("it exports 5001 names, and 5000 is the limit", "split './kit.wasm' up")


def test_very_long_names_cost_little() -> None:
    """A class name could be sought at each of a million underscores; the test would not end if it were."""
    found = surface(
        f'{ABI} (export "__class_{"_" * 400_000}a" (func $call)) (export "__class_{"a_" * 400_000}__" (func $call))'
    )
    assert found.names == frozenset()


# ---- plain modules ----


def test_a_plain_module() -> None:
    found = surface("""
      (memory (export "memory") 1)
      (func (export "add") (param i32 i32) (result i32) i32.const 0)
      (func (export "swap") (param f64 i64) (result i64 f64) local.get 1 local.get 0)
      (func (export "poke") (param f32))
      (func (export "_start"))
      (func (export "__internal"))
      (func (export "vector") (param v128))
      (func (export "give") (result funcref) ref.null func)
      (func (export "of-old"))
      (global (export "e") f64 (f64.const 2.5))
      (global (export "level") (mut i32) (i32.const 0))
      (global (export "vec") v128 (v128.const i64x2 0 0))
      (global (export "__heap_base") i32 (i32.const 0))
    """)
    assert found == Surface(
        kind="plain",
        functions={"add": "add", "swap": "swap", "poke": "poke", "_start": "_start"},
        globals={"e": ("f64", "e")},
        signatures={
            "add": Signature(("i32", "i32"), ("i32",)),
            "swap": Signature(("f64", "i64"), ("i64", "f64")),
            "poke": Signature(("f32",), ()),
            "_start": Signature((), ()),
        },
        missing={
            "memory": "its export 'memory' is a memory, not a function or a constant number",
            "vector": "its export 'vector' takes or returns v128, and only numbers can be passed",
            "give": "its export 'give' takes or returns funcref, and only numbers can be passed",
            "of-old": "Python cannot spell the name of its export 'of-old'",
            "level": "its export 'level' is a variable i32, not a function or a constant number",
            "vec": "its export 'vec' is a constant v128, not a function or a constant number",
        },
    )
    assert found.names == {"add", "swap", "poke", "_start", "e"}


@pytest.mark.parametrize(
    ("text", "reason", "fix"),
    [
        (
            '(import "env" "log" (func (param f64)))',
            "it imports 'env.log'; a plain module gets nothing from outside",
            "'log'",
        ),
        (
            '(import "env" "memory" (memory 1)) (import "env" "log" (func))',
            "it imports 'env.log', 'env.memory'; a plain module gets nothing from outside",
            "define 'log'",
        ),
        (
            '(import "env" "memory" (memory 1))',
            "it imports its memory ('env.memory'), and every module here has a memory of its own",
            "link './kit.wasm' so that it exports its memory (without --import-memory)",
        ),
        ('(import "a" "b" (global i32))', "it imports 'a.b'; a plain module gets nothing from outside", "'b'"),
        ('(import "a\\nb" "c" (func))', "it imports 'a\\nb.c'; a plain module gets nothing from outside", "'c'"),
        (
            '(@custom "dylink.0" "") (import "env" "g" (global i32))',
            "it imports 'env.g'; a plain module gets nothing from outside",
            "no side module",
        ),
    ],
)
def test_a_plain_module_imports_nothing(text: str, reason: str, fix: str) -> None:
    found = refusal(f'{text} (func (export "f"))')
    assert found.reason == reason
    assert fix in str(found.fix)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it exports no function"),
        ('(memory (export "memory") 1)', "it exports no function"),
        ('(func (export "__hidden"))', "it exports no function"),
        ('(func (export "x-y"))', "Python cannot spell the name of its export 'x-y'"),
        (
            '(memory (export "memory") 1) (func (export "v") (result v128) unreachable)',
            "its export 'v' takes or returns v128, and only numbers can be passed",
        ),
        (f'(func (export "f") (param {"i32 " * 33}))', "its export 'f' has more than 32 parameters or results"),
    ],
)
def test_nothing_to_import(text: str, why: str) -> None:
    assert refusal(text).reason == f"it exports nothing that a script can import: {why}"


# ---- all together, and the real world ----


def test_examine_gives_surface_and_bytes() -> None:
    data = wasm('(memory 1) (func (export "f"))')
    found = examine("./x.wasm", data, 9)
    assert isinstance(found, Examined)
    assert found.surface.names == {"f"}
    assert found.data == bounded(data, 9) != data


def test_a_large_module_of_another_toolchain() -> None:
    """Pyodide itself: nine megabytes, of which a fraction is read. The bound is on bytes looked at, not on time."""
    data = (ROOT / "node_modules" / "pyodide" / "pyodide.asm.wasm").read_bytes()
    shape = read_shape(data)
    assert len(shape.exports) > 1_000
    found = examine("./pyodide.wasm", data, 16_384)
    assert isinstance(found, Refusal)
    assert found.reason.startswith("it imports 'env.")
    assert found.reason.endswith("more; a plain module gets nothing from outside")
    assert "a module of its own" in str(found.fix)


def test_the_code_section_is_not_read() -> None:
    """The same head with a code section of nonsense: read all the same, and refused by the engine."""
    data = HEAD + ONE_FUNCTION + section(7, b"\x01\x01f\0\0") + section(10, b"\xff" * 100)
    assert [export.name for export in read_shape(data).exports] == ["f"]
    with pytest.raises(wasmtime.WasmtimeError):
        wasmtime.Module(wasmtime.Engine(), data)
