"""Broken binaries: whatever the bytes are, there is one clear answer, soon, and little memory is spent on it.

Takes: a module of the ABI, cut at every byte and changed in 500 seeded ways; random bytes. Each goes the whole way that a
`.wasm` goes: examined, then compiled by the engine, then started.
"""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.native.bounds import MAX_SLOTS
from edge_runtime.native.wasmfile import Examined, Malformed, Refusal, bounded, examine, read_shape

PAGES = 64
HEAD = b"\0asm\x01\0\0\0"
SAMPLE = bytes(
    wasmtime.wat2wasm("""(module
      (type (func (param i64 f32)))
      (import "env" "edge_op" (func $op (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
      (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
      (import "env" "edge_decode" (func $decode (param i32 i32 i32 i32) (result i32)))
      (import "env" "edge_release" (func $release (param i32)))
      (import "env" "edge_throw" (func $throw (param i32 i32 i32)))
      (memory (export "memory") 1)
      (table $table (export "table") 2 10 funcref)
      (global $next (mut i32) (i32.const 1024))
      (global (export "__heap_base") i32 (i32.const 4096))
      (func (export "__edge_alloc") (param i32) (result i32)
        global.get $next  global.get $next  local.get 0  i32.add  global.set $next)
      (func (export "__edge_free") (param i32 i32) local.get 0 global.set $next)
      (func (export "__edge_abi_version") (result i32) i32.const 1)
      (func $seven (export "seven") (param i32 i32 i32) (result i32)
        local.get 2
        (call $encode (i32.const 2) (i32.const 16) (i32.const 16))
        i32.store
        i32.const 0)
      (func (export "__class_Vec___init__") (param i32 i32 i32) (result i32)
        (call $throw (i32.const 2) (i32.const 32) (i32.const 5)) i32.const 1)
      (export "__const_seven" (func $seven))
      (export "__fn_memory" (func $seven))
      (elem (table $table) (i32.const 0) func $seven)
      (data (i32.const 16) "\\07\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00sorry")
    )""")
)


@pytest.fixture(scope="module")
def engine() -> wasmtime.Engine:
    return wasmtime.Engine()


def answer(engine: wasmtime.Engine, data: bytes) -> str:
    """How far these bytes come. Any exception but the engine's own one for a module that is not valid is a failure."""
    found = examine("./broken.wasm", data, PAGES)
    if isinstance(found, Refusal):
        assert found.reason
        assert found.reason.isprintable()
        assert len(found.reason) < 700
        return "refused"
    assert isinstance(found, Examined)
    for memory in read_shape(found.data).memories:
        assert memory.maximum is not None
        assert memory.maximum <= PAGES
    slots = 0
    for table in read_shape(found.data).tables:
        assert table.limits.maximum is not None
        slots += table.limits.maximum
    assert slots <= MAX_SLOTS
    try:
        module = wasmtime.Module(engine, found.data)
    except wasmtime.WasmtimeError:
        return "not compiled"
    exports = {item.name for item in module.exports}
    surface = found.surface
    behind = [*surface.functions.values(), *surface.constants.values(), *(name for _, name in surface.globals.values())]
    behind += [export for methods in surface.classes.values() for export in methods.values()]
    assert set(behind) <= exports
    return "whole"


def test_the_sample_is_whole(engine: wasmtime.Engine) -> None:
    assert answer(engine, SAMPLE) == "whole"
    found = examine("./sample.wasm", SAMPLE, PAGES)
    assert isinstance(found, Examined)
    assert found.surface.names == {"seven", "memory", "Vec"}


def test_cut_at_every_byte(engine: wasmtime.Engine) -> None:
    answers = [answer(engine, SAMPLE[:length]) for length in range(len(SAMPLE))]
    # Where a section ends, a file may end; without its last sections, the sample is another module, and a valid one.
    whole = {length for length, found in enumerate(answers) if found == "whole"}
    assert whole == {end for kind, end in section_ends() if kind in (10, 11)}
    # Within a section nothing passes our own reading; the engine is asked where whole sections are missing.
    assert {length for length, found in enumerate(answers) if found == "not compiled"} < {
        end for _, end in section_ends()
    }


def section_ends() -> list[tuple[int, int]]:
    """Kind and end of each section of the sample."""
    found, at = [], len(HEAD)
    while at < len(SAMPLE):
        kind, size, width = SAMPLE[at], SAMPLE[at + 1], 2
        if size > 0x7F:
            size, width = size - 0x80 + (SAMPLE[at + 2] << 7), 3
        at += width + size
        found.append((kind, at))
    assert at == len(SAMPLE)
    return found


def test_what_is_cut_within_the_head_says_so() -> None:
    exports = SAMPLE.index(b"__edge_alloc")
    with pytest.raises(Malformed, match="export section is cut off"):
        read_shape(SAMPLE[: exports + 5])


def mutated(source: random.Random) -> bytes:
    """The sample with one to four changes of the kinds that break parsers."""
    data = bytearray(SAMPLE)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(data))
        match source.randrange(6):
            case 0:
                data[at] ^= 1 << source.randrange(8)
            case 1:
                data[at] = source.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 2:
                del data[at : at + source.randint(1, 8)]
            case 3:
                data[at:at] = source.randbytes(source.randint(1, 8))
            case 4:  # a huge number in the place of a small one
                data[at : at + 1] = source.choice(
                    (b"\xff\xff\xff\xff\x0f", b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")
                )
            case _:
                data[at:at] = data[at : at + source.randint(1, 40)]
    return bytes(data)


def test_five_hundred_mutations(engine: wasmtime.Engine) -> None:
    source = random.Random(20_251_121)  # noqa: S311 a test that is the same each time
    answers = Counter(answer(engine, mutated(source)) for _ in range(500))
    assert answers.total() == 500
    assert min(answers[kind] for kind in ("refused", "not compiled", "whole")) > 10, answers


def test_every_bit_flipped(engine: wasmtime.Engine) -> None:
    """Each bit of everything before the code, one at a time."""
    head = SAMPLE.index(b"__fn_memory") + len(b"__fn_memory")
    for at in range(head):
        for bit in range(8):
            data = bytearray(SAMPLE)
            data[at] ^= 1 << bit
            answer(engine, bytes(data))


@given(st.binary(max_size=200))
def test_random_bytes(engine: wasmtime.Engine, tail: bytes) -> None:
    answer(engine, tail)
    answer(engine, HEAD + tail)


@given(st.lists(st.tuples(st.integers(0, 14), st.binary(max_size=60)), max_size=6))
def test_random_sections(engine: wasmtime.Engine, sections: list[tuple[int, bytes]]) -> None:
    """Well-framed sections of random content, so that what is within them is read, too."""
    answer(engine, HEAD + b"".join(bytes((kind, len(content))) + content for kind, content in sections))


@given(st.sampled_from((1, 2, 3, 4, 5, 6, 7, 13)), st.binary(max_size=12))
def test_random_entries(engine: wasmtime.Engine, kind: int, content: bytes) -> None:
    """A count of one and a random entry, behind types that it can refer to."""
    types = b"" if kind == 1 else b"\x01\x08\x02\x60\0\0\x60\x01\x7f\0"
    answer(engine, HEAD + types + bytes((kind, len(content) + 1)) + b"\x01" + content)


@given(st.integers(0, 3_000), st.one_of(st.none(), st.integers(0, 65_536)), st.integers(0, 2_000))
def test_bounds_hold_for_every_memory(minimum: int, maximum: int | None, pages: int) -> None:
    if maximum is not None and maximum < minimum:
        maximum = minimum
    data = bytes(wasmtime.wat2wasm(f'(module (memory (export "m") {minimum} {"" if maximum is None else maximum}))'))
    if minimum > pages:
        found = examine("x", data, pages)
        assert isinstance(found, Refusal)
        return
    (memory,) = read_shape(bounded(data, pages)).memories
    assert memory.minimum == minimum
    assert memory.maximum == min(pages if maximum is None else maximum, pages)


LYING = [
    ("types", b"\x01", b""),
    ("imports", b"\x02", b""),
    ("functions", b"\x03", b""),
    ("tables", b"\x04", b""),
    ("memories", b"\x05", b""),
    ("tags", b"\x0d", b""),
    ("globals", b"\x06", b""),
    ("exports", b"\x07", b""),
    ("types of a group", b"\x01", b"\x01\x4e"),
    ("supertypes", b"\x01", b"\x01\x50"),
    ("fields", b"\x01", b"\x01\x5f"),
    ("parameters", b"\x01", b"\x01\x60"),
    ("results", b"\x01", b"\x01\x60\0"),
    ("bytes of a name", b"\x02", b"\x01"),
    ("bytes of a second name", b"\x02", b"\x01\0"),
]


@pytest.mark.parametrize(("section", "before"), [line[1:] for line in LYING], ids=[line[0] for line in LYING])
def test_huge_counts_allocate_nothing(section: bytes, before: bytes) -> None:
    content = before + b"\xff\xff\xff\xff\x0f"
    data = HEAD + section + bytes((len(content),)) + content
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            read_shape(data)
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()


def test_a_large_hostile_file_costs_a_bounded_amount() -> None:
    """As many bytes as a module may have, all of them entries: the memory for it stays a small multiple."""
    data = (
        HEAD
        + framed(1, leb(30_000) + b"\x60\0\0" * 30_000)
        + framed(3, leb(50_000) + b"\0" * 50_000)
        + framed(7, leb(10_000) + b"".join(b"\x05%05d\0\0" % number for number in range(10_000)))
        + framed(10, bytes(14 * 1024 * 1024))
    )
    tracemalloc.start()
    try:
        assert len(read_shape(data).exports) == 10_000
        assert tracemalloc.get_traced_memory()[1] < len(data)
    finally:
        tracemalloc.stop()


def test_a_small_file_does_not_get_large_tables() -> None:
    """A hundred tables of ten million entries take 700 bytes to ask for."""
    wide = b"\x70\x00" + leb(10_000_000)
    found = examine("./wide.wasm", tabled(leb(100) + wide * 100), PAGES)
    assert isinstance(found, Refusal)
    assert found.reason == "its tables have 1,000,000,000 entries at the start, and 1,000,000 is the limit"
    assert isinstance(examine("./wide.wasm", tabled(leb(1_000) + b"\x70\0\x01" * 1_000), PAGES), Examined)
    found = examine("./many.wasm", tabled(leb(1_001) + b"\x70\0\x01" * 1_001), PAGES)
    assert isinstance(found, Refusal)
    assert "its table section has more than 1000 entries" in found.reason


def tabled(tables: bytes) -> bytes:
    """A module with a function to import and these tables."""
    export, code = framed(7, b"\x01\x01f\0\0"), framed(10, b"\x01\x02\0\x0b")
    return HEAD + framed(1, b"\x01\x60\0\0") + framed(3, b"\x01\0") + framed(4, tables) + export + code


def framed(kind: int, content: bytes) -> bytes:
    return bytes((kind,)) + leb(len(content)) + content


def leb(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))
