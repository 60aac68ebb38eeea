"""A saved state as bytes.

Takes: a `State`: what the run was of, and its past. Gives: `write` -> bytes, `read` -> the same again; `mismatch`: why a state is
not of the program at hand.
Refuses: bytes that are no saved state, in one sentence (`BadState`). They come from anywhere: nothing in them is trusted, no
length is believed, and they are unpacked into no more than `_MOST` bytes.

    EDGESTATE 2 | SHA-256 of what follows | zlib: length of the head, head as JSON, log
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from ..diagnostics import printable
from ..guard.sealed import Sealed
from ..lower.program import Chunk, Program
from .recording import LONGEST
from .replay import Past

_MAGIC: Final = b"EDGESTATE\x02"
_DIGEST: Final = 32
_LENGTH: Final = struct.Struct("<I")
_MOST_HEAD: Final = 4 * 1024 * 1024
_MOST: Final = LONGEST + LONGEST // 4 + _MOST_HEAD
_LAST: Final = 2**53
_HINT: Final = "; save a new one"
_SHORT: Final = 16
"""Hexadecimal digits of a digest that a state keeps."""

_NO_STATE: Final = "these bytes are no saved state of Edge Python"
_DAMAGED: Final = "this saved state is damaged: not all of its bytes are as they were saved"


class BadState(Exception, metaclass=Sealed):
    """The bytes cannot be used; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a run was of. All must be the same where it is restored. `modules` are digests by canonical spec; `options` whatever
    else the host knows that the program depends on."""

    build: str
    python: str
    hashes: str
    modules: Mapping[str, str]
    options: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A run at a moment. `prints` are fingerprints of where it was (`inspection.py`), for a host that looks for the place."""

    identity: Identity
    past: Past
    prints: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


def identity(program: Program, *, build: str, hash_seed: str, options: str = "") -> Identity:
    """The identity of a program here."""
    modules = {}
    for position, module in enumerate(program.modules):
        if isinstance(module, Chunk):
            text = module.source.text
        else:
            text = repr((module.kind, module.digest, module.names, sorted(map(repr, module.constants.items()))))
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        modules[f"{position}:{module.spec}"] = digest[:_SHORT]
    python = "{}.{}.{} {} {}".format(*sys.version_info[:3], sys.platform, sys.maxsize.bit_length())
    return Identity(build=build, python=python, hashes=hash_seed, modules=modules, options=options)


def mismatch(saved: Identity, here: Identity) -> str | None:
    """The first thing that is not the same, as a sentence; None: the state is of this program."""
    if saved.build != here.build:
        return f"this state was saved by another build of Edge Python ({_shown(saved.build)}, not {here.build}){_HINT}"
    if saved.python != here.python:
        return f"this state was saved by Python {_shown(saved.python)}, and this is Python {here.python}{_HINT}"
    if saved.hashes != here.hashes:
        return f"this state was saved with another PYTHONHASHSEED ({_shown(saved.hashes)}, not {here.hashes}){_HINT}"
    for spec in here.modules.keys() | saved.modules.keys():
        if saved.modules.get(spec) != here.modules.get(spec):
            name = spec.partition(":")[2]
            return f"this state is of another program: '{_shown(name, 200)}' is not the same{_HINT}"
    if saved.options != here.options:
        return f"this state was saved with other options ({_shown(saved.options, 200)}, not {_shown(here.options, 200)}){_HINT}"
    return None


def _shown(text: str, most: int = 40) -> str:
    """A text of the saved bytes, which may be anybody's, for a terminal."""
    return printable(text[:most])


def write(state: State) -> bytes:
    """The bytes of a state."""
    past, whose = state.past, state.identity
    head = {
        "build": whose.build,
        "python": whose.python,
        "hashes": whose.hashes,
        "modules": dict(whose.modules),
        "options": whose.options,
        "calls": past.calls,
        "waiting": past.waiting,
        "ticks": past.ticks,
        "clock": past.clock.hex(),
        "frame": None if past.frame is None else float(past.frame).hex(),
        "prints": state.prints,
        "more": dict(state.more),
    }
    text = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode()
    packed = zlib.compress(_LENGTH.pack(len(text)) + text + past.log, 6)
    return _MAGIC + sha256(packed).digest() + packed


def read(data: bytes) -> State:
    """The state in bytes. Raises `BadState`."""
    start = len(_MAGIC)
    if data[: start - 1] != _MAGIC[:-1] or len(data) < start + _DIGEST:
        raise BadState(_NO_STATE)
    if data[start - 1] != _MAGIC[-1]:
        raise BadState(
            f"this state was saved by another release of Edge Python (format {data[start - 1]}, not {_MAGIC[-1]})"
        )
    packed = data[start + _DIGEST :]
    if sha256(packed).digest() != data[start : start + _DIGEST]:
        raise BadState(_DAMAGED)
    whole = _unpacked(packed)
    size = _LENGTH.unpack_from(whole)[0] if len(whole) >= _LENGTH.size else _MOST
    log = _LENGTH.size + size
    if size > _MOST_HEAD or log > len(whole):
        raise BadState(_NO_STATE)
    try:
        head = json.loads(whole[_LENGTH.size : log].decode("ascii"))
    except (ValueError, RecursionError):
        raise BadState(_NO_STATE) from None
    return _state(_Head(head), whole[log:])


def _unpacked(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        whole = stream.decompress(packed, _MOST)
    except zlib.error:
        raise BadState(_NO_STATE) from None
    if not stream.eof or stream.unused_data:
        raise BadState(_NO_STATE)
    return whole


def _state(head: _Head, log: bytes) -> State:
    return State(
        identity=Identity(
            build=head.text("build"),
            python=head.text("python"),
            hashes=head.text("hashes"),
            modules=head.texts("modules"),
            options=head.text("options"),
        ),
        past=Past(
            log=log,
            calls=head.count("calls"),
            waiting=head.flag("waiting"),
            ticks=head.count("ticks"),
            clock=head.double("clock"),
            frame=None if head.field("frame") is None else head.double("frame"),
        ),
        prints=head.text("prints"),
        more=head.texts("more"),
    )


class _Head:
    """The head of a state, whose fields are asked for by their kinds."""

    def __init__(self, fields: Any) -> None:
        if not isinstance(fields, dict):
            raise BadState(_NO_STATE)
        self._fields = fields

    def field(self, name: str) -> Any:
        """Whatever is there."""
        if name not in self._fields:
            raise BadState(_NO_STATE)
        return self._fields[name]

    def text(self, name: str) -> str:
        """A text."""
        value = self.field(name)
        if not isinstance(value, str):
            raise BadState(_NO_STATE)
        return value

    def texts(self, name: str) -> dict[str, str]:
        """Texts by name."""
        value = self.field(name)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise BadState(_NO_STATE)
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.field(name)
        if not isinstance(value, bool):
            raise BadState(_NO_STATE)
        return value

    def count(self, name: str) -> int:
        """A number of things."""
        value = self.field(name)
        if type(value) is not int or not 0 <= value <= _LAST:
            raise BadState(_NO_STATE)
        return value

    def double(self, name: str) -> float:
        """A float, as text of its bits. A clock that is not a time is none."""
        try:
            value = float.fromhex(self.text(name))
        except (ValueError, OverflowError):
            raise BadState(_NO_STATE) from None
        if value != value or value in (float("inf"), float("-inf")):
            raise BadState(_NO_STATE)
        return value
