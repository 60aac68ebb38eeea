"""JSON that knows where everything stands.

Takes: the text of a manifest or a lockfile.
Gives: a tree of `Node`s with spans.
Refuses: what is no JSON, at its first wrong character, and a duplicate key nowhere (its readers judge that).

Why not `json`: each refusal must be underlined in the file, and the standard reader keeps no positions of values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..source import Span

Members = tuple[tuple["Node", "Node"], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A value. `kind`: `object`, `array`, `string`, `number`, `boolean`, `null`. `escapes`: those of a string that are
    not one of the six simple ones, with their place."""

    kind: str
    span: Span
    value: str | int | float | bool | None = None
    members: Members = ()
    items: tuple[Node, ...] = ()
    escapes: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class BadJson:
    """Why a text is no JSON, and where."""

    reason: str
    span: Span


class _Stop(Exception):
    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason, self.index = reason, index


_MAX_DEPTH: Final = 64
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS: Final[dict[str, tuple[str, bool | None]]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
}
_SIMPLE: Final = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ALLOWED: Final = frozenset('"\\/ntr')


def read_json(text: str) -> Node | BadJson:
    """Read one JSON value."""
    reader = _Reader(text)
    try:
        node = reader.value(0)
        reader.skip()
        if reader.index < len(text):
            raise _Stop(
                "nothing may follow the closing brace" if node.kind == "object" else "unexpected text", reader.index
            )
    except _Stop as stop:
        return BadJson(stop.reason, reader.span(stop.index, stop.index + 1))
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.index = text, 0

    def span(self, start: int, end: int) -> Span:
        text = self.text
        line, end_line = text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1
        return Span(line, start - text.rfind("\n", 0, start), end_line, end - text.rfind("\n", 0, end))

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.index)
        self.index = match.end() if match else self.index

    def value(self, depth: int) -> Node:
        self.skip()
        text, start = self.text, self.index
        if depth > _MAX_DEPTH:
            raise _Stop("nested too deeply", start)
        char = text[start : start + 1]
        if char == "{":
            return self._object(depth)
        if char == "[":
            return self._array(depth)
        if char == '"':
            return self._string()
        for word, (kind, value) in _WORDS.items():
            if text.startswith(word, start):
                self.index += len(word)
                return Node(kind, self.span(start, self.index), value)
        match = _NUMBER.match(text, start)
        if match:
            self.index = match.end()
            plain = not (match.group(1) or match.group(2)) and len(match.group()) < 400
            return Node("number", self.span(start, self.index), int(match.group()) if plain else float(match.group()))
        if char == "'":
            raise _Stop('strings stand between double quotes (")', start)
        raise _Stop("a value is missing here" if char in "}],:" else f"unexpected character {char!r}", start)

    def _object(self, depth: int) -> Node:
        start = self.index
        self.index += 1
        members: list[tuple[Node, Node]] = []
        while not self._closes("}", comma=bool(members)):
            if self.text[self.index : self.index + 1] != '"':
                raise _Stop('a key between double quotes (") is missing here', self.index)
            key = self._string()
            self.skip()
            if self.text[self.index : self.index + 1] != ":":
                raise _Stop("a ':' is missing after the key", self.index)
            self.index += 1
            members.append((key, self.value(depth + 1)))
        return Node("object", self.span(start, self.index), members=tuple(members))

    def _array(self, depth: int) -> Node:
        start = self.index
        self.index += 1
        items: list[Node] = []
        while not self._closes("]", comma=bool(items)):
            items.append(self.value(depth + 1))
        return Node("array", self.span(start, self.index), items=tuple(items))

    def _closes(self, bracket: str, *, comma: bool) -> bool:
        """Step over the closing bracket, or over the comma that must stand before another member."""
        self.skip()
        char = self.text[self.index : self.index + 1]
        if char == bracket:
            self.index += 1
            return True
        if not char:
            raise _Stop(f"the file ends before the closing '{bracket}'", len(self.text))
        if comma:
            if char != ",":
                raise _Stop(f"a ',' or '{bracket}' is missing here", self.index)
            at = self.index
            self.index += 1
            self.skip()
            if self.text[self.index : self.index + 1] == bracket:
                raise _Stop(f"a comma before the closing '{bracket}' is not allowed", at)
        return False

    def _string(self) -> Node:
        text, start = self.text, self.index
        parts: list[str] = []
        escapes: list[tuple[str, Span]] = []
        self.index += 1
        while True:
            match = _PLAIN.match(text, self.index)
            if match:
                parts.append(match.group())
                self.index = match.end()
            char = text[self.index : self.index + 1]
            if char == '"':
                self.index += 1
                value = "".join(parts)
                if escapes:  # two `\u` escapes may stand for one character
                    value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
                return Node("string", self.span(start, self.index), value, escapes=tuple(escapes))
            if char in ("", "\n"):
                raise _Stop("the string is not closed on its line", start)
            if char != "\\":
                raise _Stop(f"a string cannot contain the control character U+{ord(char):04X}", self.index)
            parts.append(self._escape(escapes))

    def _escape(self, escapes: list[tuple[str, Span]]) -> str:
        text, start = self.text, self.index
        letter = text[start + 1 : start + 2]
        self.index += 2
        if letter == "u":
            digits = text[start + 2 : start + 6]
            if not re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                raise _Stop(r"\u needs four hex digits", start)
            self.index += 4
            value = chr(int(digits, 16))
        elif letter in _SIMPLE:
            value = _SIMPLE[letter]
        else:
            raise _Stop(f"unknown escape '\\{letter}'", start)
        if letter not in _ALLOWED:
            escapes.append((text[start : self.index], self.span(start, self.index)))
        return value
