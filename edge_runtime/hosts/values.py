"""Values between a program and its page (browser.md, "Host packages").

Takes: Python values, or tokens from the page.
Gives: tokens, or Python values. Tokens are one flat list of tag and payload, again and again, children before their
container, so that no depth of nesting meets a recursion limit. `web/page/values.js` is the other side.
Refuses: what cannot cross, as a `TypeError` that names it; values that contain themselves; more values than the page's
protocol takes; more bytes than a call may carry (`MemoryError`), each value counted as often as it stands in the arguments,
because it crosses so often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

NONE, BOOL, INT, FLOAT, MINUS_ZERO, STR, BYTES, LIST, DICT = range(9)
SMALL: Final = 2**63
"""Whole numbers below it are not counted among the bytes that a call carries."""

MAX_TOKENS: Final = 1_000_000
"""The bound of `web/protocol.js`: a page ends an engine that sends more."""

_MIB: Final = 1024 * 1024
_EXACT: Final = {bool: BOOL, int: INT, str: STR, bytes: BYTES}
_CONTAINERS: Final = (list, tuple, dict)
# By the types' own methods: those of a script's subclass may give anything, itself for ever.
_UNDERNEATH: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (int, int.__int__),
    (float, float.__float__),
    (str, str.__str__),
    (bytes, bytes.__bytes__),
    (list, list.copy),
    (tuple, lambda item: tuple.__getitem__(item, slice(None))),
    (dict, dict.copy),
)


class Room:
    """How many bytes a call may still carry, where others that wait carry `used`. `plain`: it carries no bytes object, so that
    its tokens cross to JavaScript by themselves."""

    __slots__ = ("_left", "_limit", "_used", "plain")

    def __init__(self, limit: int, used: int = 0) -> None:
        self._limit, self._used, self._left = limit, used, limit - used
        self.plain = True

    @property
    def taken(self) -> int:
        """What this call carries."""
        return self._limit - self._used - self._left

    def take(self, value: Any) -> None:
        """Count a number, a text or bytes: a text by its characters, which is less than it takes anywhere."""
        self._left -= value.bit_length() // 8 if isinstance(value, int) else len(value)
        if type(value) is bytes:
            self.plain = False
        if self._left < 0:
            each = "a call of the page carries" if self._used == 0 else "calls of the page that wait carry"
            raise MemoryError(f"{each} at most {self._limit / _MIB:g} MiB")


class _Close:
    """On the stack of `encode`: all children of a container were written."""

    __slots__ = ("container", "count", "tag")

    def __init__(self, container: object, tag: int, count: int) -> None:
        self.container, self.tag, self.count = container, tag, count


def encode(value: object, where: str, room: Room | None = None) -> list[Any]:
    """Tokens of a value. `where` names it in errors: `query() argument 1`. `room` is what its call may carry."""
    tokens: list[Any] = []
    stack: list[Any] = [value]
    open_ids: set[int] = set()
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is _Close:
            open_ids.discard(id(item.container))
            tokens += (item.tag, item.count)
        elif kind in _EXACT:
            if room is not None:
                room.take(item)
            tokens += (_EXACT[kind], item)
        elif item is None:
            tokens += (NONE, 0)
        elif kind is float:
            tokens += (MINUS_ZERO, 0) if item == 0 and math.copysign(1, item) < 0 else (FLOAT, item)
        else:
            plain = item if kind in _CONTAINERS else _plain(item, where)
            if not isinstance(plain, _CONTAINERS):
                stack.append(plain)
                continue
            if id(item) in open_ids:
                raise TypeError(f"{where} contains itself, so it cannot cross to the page")
            open_ids.add(id(item))
            stack.append(_Close(item, DICT if isinstance(plain, dict) else LIST, len(plain)))
            if isinstance(plain, dict):
                for key, inner in reversed(plain.items()):
                    if type(key) is not str:
                        raise TypeError(
                            f"{where}: a dict that crosses to the page has str keys, not {type(key).__name__}"
                        )
                    stack += (inner, key)
            else:
                stack.extend(reversed(plain))
            if len(tokens) + 2 * len(stack) > MAX_TOKENS:  # values that share parts grow without bound
                raise TypeError(f"{where} holds more than {MAX_TOKENS // 2:,} values")
    return tokens


def _plain(item: object, where: str) -> object:
    """Subclasses of the plain types cross as what they are underneath; other values do not cross."""
    for base, underneath in _UNDERNEATH:
        if isinstance(item, base):
            return underneath(item)
    raise TypeError(f"{where}: {type(item).__name__} cannot cross to the page")


def decode(tokens: Sequence[Any]) -> Any:
    """The value of tokens that the page sent. The page's side made them, so they are well formed."""
    if len(tokens) == 2:  # frequent
        return _leaf(*tokens) if tokens[0] < LIST else [] if tokens[0] == LIST else {}
    stack: list[Any] = []
    pairs = iter(tokens)
    for tag, payload in zip(pairs, pairs, strict=True):
        if tag == LIST:
            at = len(stack) - payload
            stack[at:] = [stack[at:]]
        elif tag == DICT:
            at = len(stack) - 2 * payload
            members = stack[at:]
            stack[at:] = [dict(zip(members[::2], members[1::2], strict=True))]
        else:
            stack.append(_leaf(tag, payload))
    (value,) = stack
    return value


def _leaf(tag: int, payload: Any) -> Any:
    if tag == INT:
        return int(payload)
    if tag == NONE:
        return None
    if tag == MINUS_ZERO:
        return -0.0
    if tag == FLOAT:
        return float(payload)
    return bytes(payload) if tag == BYTES else payload
