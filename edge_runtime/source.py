"""Text of a module and places in it.

Takes: bytes that a host brought, or text.
Gives: `Source` (text under a canonical spec) and `Span` (a place, in characters from 1).
Refuses: bytes that are not UTF-8, as a `BadByte`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a source. Lines and columns count from 1, columns in characters; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class BadByte:
    """Where bytes stop being UTF-8: line and column from 1, the column in characters, and the byte's value."""

    line: int
    column: int
    value: int


@dataclass(frozen=True, slots=True)
class Source:
    """A module's text. `spec` is its canonical spec; newlines are `\\n` alone."""

    spec: str
    text: str
    _lines: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its newline; empty beyond the end."""
        if not self._lines:  # split once, and only where a place is asked for
            self._lines.extend(self.text.split("\n"))
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def column(self, line: int, utf8_offset: int) -> int:
        """The character column, from 1, of a UTF-8 offset as the parser counts them."""
        text = self.line(line)
        if text.isascii():
            return utf8_offset + 1
        return len(text.encode("utf-8", "surrogatepass")[:utf8_offset].decode("utf-8", "replace")) + 1


def decode(data: bytes) -> str | BadByte:
    """The text of a module's bytes: UTF-8, a leading byte order mark dropped, every newline made `\\n`."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = normalise_newlines(data[: error.start].decode("utf-8"))
        line = good.count("\n") + 1
        return BadByte(line, len(good) - (good.rfind("\n") + 1) + 1, data[error.start])
    return normalise_newlines(text)


def decode_leniently(data: bytes) -> str:
    """Text to show where bytes are not UTF-8: its lines and columns are those of `BadByte`."""
    return normalise_newlines(data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))


def normalise_newlines(text: str) -> str:
    """`\\r\\n` and lone `\\r` become `\\n`, as the parser reads them, so that lines agree everywhere."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def place_name(spec: str) -> str:
    """How a spec is shown as a place in pictures and chains: local files as a path, without the leading `./`. The file name of
    code may have a number behind it (`Kept`), which is not shown."""
    return spec.partition("\0")[0].removeprefix("./")
