"""ABI version 1 of native modules: what its words mean, with no engine in it.

Takes: Python values, and the numbers and bytes that a module and its host exchange (wasm-abi.md).
Gives: primitives as bytes and back; the fourteen operations; errors as kinds and messages and back.
Refuses: with the exception that the module or the script gets to see: names that the guard refuses, bytes that are not
what their tag says, operations that do not exist.
"""

from __future__ import annotations

import builtins
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from ..guard.runtime import guarded_getattr, guarded_setattr
from ..machine.errors import text_of
from .handles import Items

VERSION: Final = 1
NOT_PRIMITIVE: Final = 0xFFFFFFFF
RUST_ID: Final = "__rust_id"


class Tag(IntEnum):
    """How the bytes of a primitive are laid out. `BYTES` is UTF-8 text, a `str`; `RAW` is `bytes`."""

    NONE = 0
    BOOL = 1
    INT = 2
    FLOAT = 3
    BYTES = 4
    RAW = 5


class Op(IntEnum):
    """The operations of `edge_op`."""

    CALL = 0
    GET_ATTR = 1
    SET_ATTR = 2
    GET_ITEM = 3
    SET_ITEM = 4
    LEN = 5
    ITER = 6
    ITER_NEXT = 7
    NEW_DICT = 8
    NEW_LIST = 9
    TYPE_OF = 10
    NEW_TUPLE = 11
    NEW_SET = 12
    NEW_FROZEN_SET = 13


class Kind(IntEnum):
    """The kinds of errors. `CUSTOM` has the name of the exception's class before the first `:` of its message."""

    TYPE = 0
    VALUE = 1
    RUNTIME = 2
    ATTRIBUTE = 3
    INDEX = 4
    KEY = 5
    CUSTOM = 6


# ---- primitives ----

_FLOAT: Final = struct.Struct("<d")
_NONE: Final = (int(Tag.NONE), b"")
_BOOLS: Final = ((int(Tag.BOOL), b"\0"), (int(Tag.BOOL), b"\1"))
_INT_TAG, _FLOAT_TAG, _BYTES_TAG, _RAW_TAG = int(Tag.INT), int(Tag.FLOAT), int(Tag.BYTES), int(Tag.RAW)


def pack(value: object) -> tuple[int, bytes] | None:
    """Tag and bytes of a primitive; None for any other value.

    An instance of a class derived from a primitive's (an `IntEnum`, a script's own kind of `str`) is what it is underneath. An
    int wider than 128 bits, and text with a lone surrogate, which UTF-8 does not have, are not primitive.
    """
    kind = type(value)
    if kind is int:
        try:
            return _INT_TAG, value.to_bytes(16, "little", signed=True)  # type: ignore[attr-defined] # an int, see above
        except OverflowError:
            return None
    if kind is str:
        try:
            return _BYTES_TAG, value.encode()  # type: ignore[attr-defined] # a str
        except UnicodeEncodeError:
            return None
    if kind is float:
        return _FLOAT_TAG, _FLOAT.pack(value)
    if kind is bytes:
        return _RAW_TAG, value  # type: ignore[return-value] # bytes
    if value is None:
        return _NONE
    if kind is bool:
        return _BOOLS[bool(value)]
    value = underneath(value)
    return None if value is None else pack(value)


def underneath(value: object) -> int | float | str | bytes | None:
    """What an instance of a class derived from a primitive's is underneath, whatever its class says; None for others."""
    for cls, plain in _UNDERNEATH:
        if issubclass(type(value), cls):
            found: int | float | str | bytes = plain(value)
            return found
    return None


_UNDERNEATH: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (int, int.__index__),
    (str, str.__str__),
    (float, float.__float__),
    (bytes, bytes.__bytes__),
)


def unpack(tag: int, data: bytes) -> object:
    """The primitive of a tag and its bytes. Raises `ValueError` where the bytes are not valid for the tag."""
    if tag == _INT_TAG and len(data) == 16:
        return int.from_bytes(data, "little", signed=True)
    if tag == _BYTES_TAG:
        return data.decode()
    if tag == _RAW_TAG:
        return data
    if tag == _FLOAT_TAG and len(data) == 8:
        return _FLOAT.unpack(data)[0]
    if tag == Tag.NONE and not data:
        return None
    if tag == Tag.BOOL and data in (b"\0", b"\1"):
        return data == b"\1"
    raise ValueError(f"{len(data)} bytes are not a value of tag {tag}")


# ---- state of instances ----


@dataclass(frozen=True, slots=True)
class RustId:
    """Where the instances of a native class keep their `__rust_id`: a slot without a name. It stands in the class under
    `HIDDEN`, a name that no source can spell and that the guards refuse."""

    spec: str
    slot: Any


HIDDEN: Final = "__rust id__"


def _rust_id_of(receiver: object, spec: str) -> Any:
    for cls in _MRO(type(receiver)):
        found = cls.__dict__.get(HIDDEN)
        if type(found) is RustId and found.spec == spec:
            return found.slot
    raise AttributeError(f"{RUST_ID!r} is kept for instances of the module's own classes, not {_type_name(receiver)!r}")


_MRO: Final[Callable[[type], tuple[type, ...]]] = type.__dict__["__mro__"].__get__
_NAME: Final[Callable[[type], str]] = type.__dict__["__name__"].__get__


def _type_name(value: object) -> str:
    return "list" if type(value) is Items else _NAME(type(value))


# ---- operations ----


def dispatch(op: int, receiver: object, name: str, args: list[Any], spec: str = "") -> object:
    """Do one of the fourteen operations for the module `spec`. Raises what Python raises; `RuntimeError` for an operation that
    is none."""
    if not 0 <= op < len(_OPERATIONS):
        raise RuntimeError(f"there is no operation {op} in ABI version {VERSION}")
    operation, needed = _OPERATIONS[op]
    if len(args) < needed:
        raise TypeError(f"{Op(op).name} needs {needed} argument{'s' * (needed != 1)} in argv, got {len(args)}")
    for position, value in enumerate(args):
        if type(value) is Items:
            args[position] = value.rest()
    if type(receiver) is Items and op not in _KEEPS_ITEMS:
        receiver = receiver.rest()
    return operation(receiver, name, args, spec)


def _call(receiver: Any, name: str, args: list[Any], _: str) -> object:
    return receiver(*args) if name == "__call__" else guarded_getattr(receiver, name)(*args)


def _get_attr(receiver: Any, name: str, _args: list[Any], spec: str) -> object:
    if name != RUST_ID:
        return guarded_getattr(receiver, name)
    slot = _rust_id_of(receiver, spec)
    try:
        return slot.__get__(receiver)
    except AttributeError:
        raise AttributeError(f"this {_type_name(receiver)!r} is not set up: its __init__ did not run") from None


def _set_attr(receiver: Any, name: str, args: list[Any], spec: str) -> None:
    if name == RUST_ID:
        _rust_id_of(receiver, spec).__set__(receiver, args[0])
    else:
        guarded_setattr(receiver, name, args[0])


def _get_item(receiver: Any, _name: str, args: list[Any], _: str) -> object:
    return receiver[args[0]]


def _set_item(receiver: Any, _name: str, args: list[Any], _: str) -> None:
    receiver[args[0]] = args[1]


_OPERATIONS: Final[tuple[tuple[Callable[[Any, str, list[Any], str], object], int], ...]] = (
    (_call, 0),
    (_get_attr, 0),
    (_set_attr, 1),
    (_get_item, 1),
    (_set_item, 2),
    (lambda receiver, _name, _args, _: len(receiver), 0),
    (lambda receiver, _name, _args, _: Items(receiver), 0),
    (lambda receiver, _name, _args, _: next(receiver), 0),
    (lambda _receiver, _name, _args, _: {}, 0),
    (lambda _receiver, _name, args, _: list(args), 0),
    (lambda receiver, _name, _args, _: _type_name(receiver), 0),
    (lambda _receiver, _name, args, _: tuple(args), 0),
    (lambda _receiver, _name, args, _: set(args), 0),
    (lambda _receiver, _name, args, _: frozenset(args), 0),
)
_KEEPS_ITEMS: Final = frozenset({Op.LEN, Op.ITER_NEXT, Op.TYPE_OF})

HAS_NAME: Final = frozenset({int(Op.CALL), int(Op.GET_ATTR), int(Op.SET_ATTR)})
"""The operations that have a name; for the others the module may pass anything."""

HAS_RECEIVER: Final = frozenset(int(op) for op in Op if not op.name.startswith("NEW_"))
"""The operations that have a receiver."""


# ---- errors ----

_KINDS: Final[tuple[type[Exception], ...]] = (
    TypeError,
    ValueError,
    RuntimeError,
    AttributeError,
    IndexError,
    KeyError,
)
_KIND_OF: Final[dict[type[BaseException], int]] = {cls: kind for kind, cls in enumerate(_KINDS)}


def _speaks_text(cls: object) -> bool:
    """Whether a built-in exception class may be raised with a text. Those that end a program are no errors."""
    if not (isinstance(cls, type) and issubclass(cls, Exception)):
        return False
    try:
        cls("text")
    except TypeError:  # UnicodeDecodeError and its kin want more than a text
        return False
    return True


_NAMED: Final = {name: cls for name, cls in vars(builtins).items() if _speaks_text(cls)}


def error_of(error: BaseException) -> tuple[int, str]:
    """Kind and message of an exception, for a module. The six kinds are exactly their classes: a subclass keeps its name,
    as `CUSTOM`."""
    cls = type(error)
    if cls is StopIteration:
        return int(Kind.CUSTOM), "StopIteration"
    args: tuple[object, ...] = BaseException.args.__get__(error)  # type: ignore[attr-defined] # a getset descriptor
    # `str` of a KeyError is its key's `repr`: the text itself makes the same error again.
    only = args[0] if cls in _KIND_OF and len(args) == 1 else None
    text = only if type(only) is str else text_of(error)
    kind = _KIND_OF.get(cls)
    if kind is not None:
        return kind, text
    return int(Kind.CUSTOM), f"{_NAME(cls)}: {text}" if text else _NAME(cls)


def exception_of(kind: int, message: str) -> Exception:
    """The exception of a kind and message that a module threw. A kind that does not exist is `RuntimeError`."""
    if 0 <= kind < len(_KINDS):
        return _KINDS[kind](message)
    if kind != Kind.CUSTOM:
        return RuntimeError(message)
    name, colon, text = message.partition(":")
    cls = _NAMED.get(name.strip())
    if cls is None:
        return RuntimeError(message)
    error: Exception = cls(text.strip()) if colon else cls()
    return error


def message_bytes(message: str) -> bytes:
    """A message as a module gets it: UTF-8 whatever the text holds."""
    return message.encode("utf-8", "backslashreplace")
