"""Saved states as bytes: what is written is read again, and nothing else is."""

from __future__ import annotations

import contextlib
import json
import struct
import zlib
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from edge_runtime.machine.logbook import Damaged, Reader, Unkept, Writer
from edge_runtime.machine.replay import Past
from edge_runtime.machine.state import BadState, Identity, State, identity, mismatch, read, write

from .replaying import World, compiled, play

WHOSE = Identity(build="b1", python="3.14", hashes="0", modules={"0:./main.py": "aa", "1:time": "std"}, options="o")
STATE = State(
    identity=WHOSE, past=Past(log=b"\x03" + b"\0" * 8, calls=1, waiting=False, ticks=7, clock=1.5), prints="p"
)

PLAIN = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text() | some.binary(),
    lambda inner: (
        some.lists(inner) | some.lists(inner).map(tuple) | some.dictionaries(some.text() | some.integers(), inner)
    ),
)


def sealed(packed: bytes, magic: bytes = b"EDGESTATE\x02") -> bytes:
    return magic + sha256(packed).digest() + packed


def headed(head: Any, log: bytes = b"") -> bytes:
    text = json.dumps(head).encode()
    return sealed(zlib.compress(struct.pack("<I", len(text)) + text + log))


def fields(state: State = STATE) -> dict[str, Any]:
    whole = zlib.decompress(write(state)[42:])
    size = struct.unpack_from("<I", whole)[0]
    found: dict[str, Any] = json.loads(whole[4 : 4 + size])
    return found


def test_what_is_written_is_read_again() -> None:
    assert read(write(STATE)) == STATE
    framed = replace(STATE, past=replace(STATE.past, frame=0.1, waiting=True), more={"a": "ü"})
    assert read(write(framed)) == framed
    assert read(headed(fields(), STATE.past.log)) == STATE


@given(some.binary())
def test_any_bytes(data: bytes) -> None:
    for one in (data, b"EDGESTATE\x02" + data, sealed(data), sealed(zlib.compress(data))):
        with pytest.raises(BadState):
            read(one)


@given(some.data())
def test_a_changed_byte(data: some.DataObject) -> None:
    whole = bytearray(write(STATE))
    whole[data.draw(some.integers(0, len(whole) - 1))] ^= data.draw(some.integers(1, 255))
    with pytest.raises(BadState):
        read(bytes(whole))


@given(some.integers(0, 200))
def test_cut_short(size: int) -> None:
    whole = write(STATE)
    with pytest.raises(BadState):
        read(whole[: min(size, len(whole) - 1)])


HOSTILE: Any = [None, -1, 2**60, 1.5, "x", [], {}, [["a"]], {"a": 1}, True, "1e999", "nan", "inf"]


@pytest.mark.parametrize("name", sorted(fields()))
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_fields_of_other_kinds(name: str, value: Any) -> None:
    """A field is of its kind, or the state is refused."""
    try:
        found = read(headed({**fields(), name: value}))
    except BadState as refused:
        assert str(refused) == "these bytes are no saved state of Edge Python"  # noqa: PT017 - either may be
    else:
        assert fields(found)[name] == value or float.fromhex(fields(found)[name]) == float.fromhex(value)
    less = fields()
    del less[name]
    with pytest.raises(BadState):
        read(headed(less))


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(BadState):
        read(sealed(zlib.compress(bytes(100 * 1024 * 1024))))


def test_deep_json_is_refused() -> None:
    text = b"[" * 200_000
    with pytest.raises(BadState):
        read(sealed(zlib.compress(struct.pack("<I", len(text)) + text)))


def test_another_format_is_named() -> None:
    with pytest.raises(BadState, match=r"another release of Edge Python \(format 1, not 2\)"):
        read(sealed(write(STATE)[42:], b"EDGESTATE\x01"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"build": "b2"}, "another build of Edge Python (b2, not b1)"),
        ({"python": "3.13"}, "by Python 3.13, and this is Python 3.14"),
        ({"hashes": "random"}, "another PYTHONHASHSEED (random, not 0)"),
        ({"modules": {"0:./main.py": "ab", "1:time": "std"}}, "another program: './main.py' is not the same"),
        ({"modules": {"0:./main.py": "aa"}}, "another program: 'time' is not the same"),
        ({"options": "p"}, "other options (p, not o)"),
    ],
)
def test_whose_state_it_is(change: Any, said: str) -> None:
    found = mismatch(replace(WHOSE, **change), WHOSE)
    assert found is not None
    assert said in found
    assert mismatch(WHOSE, WHOSE) is None


@pytest.mark.parametrize("field", ["build", "python", "hashes", "options", "modules"])
def test_a_forged_state_does_not_redraw_a_terminal(field: str) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e"
    changed: Any = {field: {f"2:{evil}": "aa", **WHOSE.modules} if field == "modules" else evil}
    found = mismatch(replace(WHOSE, **changed), WHOSE)
    assert found is not None
    assert "owned" in found
    assert not any(char in found for char in "\x1b\x07\u202e")


def test_the_identity_of_a_program() -> None:
    first, _ = compiled("import time\nx = 1\n", World())
    same, _ = compiled("import time\nx = 1\n", World())
    other, _ = compiled("import time\nx = 2\n", World())
    of = [identity(program, build="b", hash_seed="0") for program in (first, same, other)]
    assert mismatch(of[0], of[1]) is None
    assert "'./main.py' is not the same" in str(mismatch(of[0], of[2]))


@given(PLAIN)
def test_plain_values(value: Any) -> None:
    writer = Writer()
    try:
        writer.outcome(value)
    except Unkept as unkept:  # hypothesis may use a list twice
        assert str(unkept) == "a value whose parts are shared"  # noqa: PT017
        return
    reader = Reader(writer.data)
    found = reader.outcome().value
    assert (found, repr(found)) == (value, repr(value))
    assert reader.over


def test_deep_values() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    writer = Writer()
    writer.value(value)
    found = Reader(writer.data).value()
    for _ in range(100_000):
        (found,) = found
    assert found == []


@pytest.mark.parametrize("value", [object(), {1, 2}, type("Point", (), {})(), [[]] * 2, float])
def test_values_that_are_not_plain(value: Any) -> None:
    writer = Writer(b"before")
    with pytest.raises(Unkept):
        writer.outcome(value)
    assert writer.data == b"before"


@pytest.mark.parametrize(
    "error",
    [KeyError("a", 1), ValueError(), FileNotFoundError(2, "gone"), UnicodeDecodeError("utf-8", b"x", 0, 1, "no")],
)
def test_errors(error: BaseException) -> None:
    writer = Writer()
    writer.outcome(None, error)
    found = Reader(writer.data).outcome().error
    assert (type(found), found and found.args) == (type(error), error.args)


@given(some.binary(max_size=60))
def test_any_bytes_as_values(data: bytes) -> None:
    for read_one in (Reader.outcome, Reader.value, Reader.text, Reader.error):
        with contextlib.suppress(Damaged):
            read_one(Reader(data))


_ASKING = """
import time, random
x = time.time(), time.monotonic(), random.random()
sleep(0)
try:
    sleep(1); print(input())
except Exception as error:
    pass
"""


@given(some.binary(max_size=40), some.integers(0, 50))
def test_any_bytes_as_a_log(log: bytes, entries: int) -> None:
    """A log that somebody made up ends the run with one sentence, or is a log."""
    played = play(_ASKING, World(lines=("a",)), Past(log=log, calls=entries, waiting=False), cut=False)
    error = played.ending.error
    assert error is None or error.type == "StateError"
