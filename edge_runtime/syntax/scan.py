"""Quoted module specs, found by reading tokens, and made readable for Python's parser.

Takes: a source, which may say `from "./a.py" import f` and `import "./a.py" as a`.
Gives: `Scan`: the same text with every quoted spec replaced by an identifier of the same length in characters *and* in
UTF-8 bytes (so every line and column of the parser stays true), and the specs by position.
Refuses: specs that are not one plain string on one line.

How: a quoted spec is never valid Python, so a source where no quote stands behind `from` or `import` on one line costs
one search. Otherwise the text is read token by token (strings, comments, brackets, newlines, `;` and `:`; everything else
is passed over) up to the last such line. At the start of a statement outside brackets, `from` and `import` are read in
full. The search only bounds the reading; what is an import, the tokens decide. A string that does not stand where a spec
may stand is left as it is, and the parser says what is wrong with it.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from dataclasses import dataclass, field
from typing import Final

from ..diagnostics import Diagnostic, problem
from ..source import Source, Span


@dataclass(frozen=True, slots=True)
class QuotedSpec:
    """A quoted spec: its value, and the span of the string with its quotes."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Scan:
    """`text` for the parser; `quoted` by (line, column from 0 in UTF-8 bytes) of what the parser will report: the
    statement of a `from`, the name of an `import`."""

    text: str
    quoted: dict[tuple[int, int], QuotedSpec] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()


_IMPORT_LINE: Final = re.compile(r"\b(?:from|import)\b(?:[^\n\\]++|\\\n?)*+")
_PREFIX: Final = "(?:[bBfFtT][rR]?|[rR][bBfFtT]?|[uU])"
OPENING: Final = rf"(?:\b{_PREFIX})?(?:'''|\"\"\"|'|\")"
"""How a string literal begins."""
_TOKEN: Final = re.compile(
    rf"(?P<string>{OPENING})"
    r"|(?P<comment>#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<join>\\\n)|(?P<start>[\n;:])"
)
_STATEMENT: Final = re.compile(r"[ \t\f]*(from|import)(?!\w)")
_GAP: Final = re.compile(r"(?:[ \t\f]|\\\n)*")
_LITERAL: Final = re.compile(rf"({_PREFIX}?)('''|\"\"\"|'|\")")
_FOLLOWS: Final = {
    "from": re.compile(r"(?:[ \t\f]|\\\n)*import(?!\w)"),
    "import": re.compile(r"(?:[ \t\f]|\\\n)*(?:as(?!\w)|[,;\n#]|\Z)"),
}
_TO_COMMA: Final = re.compile(r"(?:[^,;\n#\"'\\]|\\\n)*")
_REST: Final[dict[str, re.Pattern[str]]] = {
    "'": re.compile(r"(?:[^\\\n']|\\[\s\S])*'"),
    '"': re.compile(r'(?:[^\\\n"]|\\[\s\S])*"'),
    "'''": re.compile(r"(?:[^\\]|\\[\s\S])*?'''"),
    '"""': re.compile(r'(?:[^\\]|\\[\s\S])*?"""'),
}
_NESTED_FSTRINGS: Final = sys.version_info >= (3, 12)


def scan(source: Source) -> Scan:
    """Find the quoted specs of a source. Problems are those of the specs' form; their meaning is the linker's."""
    text = source.text
    end = 0
    for match in _IMPORT_LINE.finditer(text):
        if '"' in match.group() or "'" in match.group():
            end = match.end()
    if not end:
        return Scan(text)
    reader = _Reader(source)
    reader.read(end)
    return reader.result()


class _Reader:
    """One pass over a text; collects literals and their positions."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._quoted: dict[tuple[int, int], QuotedSpec] = {}
        self._problems: list[Diagnostic] = []
        self._parts: list[str] = []
        self._copied = 0
        self._counted = self._begin = 0
        self._line = 1

    def result(self) -> Scan:
        self._parts.append(self._text[self._copied :])
        return Scan("".join(self._parts), self._quoted, tuple(self._problems))

    def read(self, end: int) -> None:
        text, depth, position = self._text, 0, self._statement(0)
        while position < end:
            match = _TOKEN.search(text, position)
            if match is None:
                return
            position = match.end()
            kind = match.lastgroup
            if kind == "string":
                position = skip_string(text, position, match.group())
            elif kind == "open":
                depth += 1
            elif kind == "close":
                depth = max(0, depth - 1)
            elif kind == "start" and depth == 0:
                position = self._statement(position)

    def _statement(self, position: int) -> int:
        """Read an import statement that begins here; give the place to go on from."""
        match = _STATEMENT.match(self._text, position)
        if match is None:
            return position
        start, position = match.start(1), match.end()
        if match.group(1) == "from":
            return self._spec(position, "from", start)
        while True:
            position = self._spec(position, "import")
            position = self._match_end(_TO_COMMA, position)
            if not self._text.startswith(",", position):
                return position
            position += 1

    def _spec(self, position: int, keyword: str, statement: int | None = None) -> int:
        """Read a quoted spec after optional space; give the place behind it, or the same place where there is none."""
        text = self._text
        begin = self._match_end(_GAP, position)
        opening = _LITERAL.match(text, begin)
        if opening is None:
            return position
        end = skip_string(text, opening.end(), opening.group())
        literal = text[begin:end]
        if not _is_closed(literal, opening) or not _FOLLOWS[keyword].match(text, end):
            return end
        line, column = self._place(begin)
        last_line = line + literal.count("\n")
        span = Span(line, column, last_line, column + len(literal) if last_line == line else 2)
        value = _plain_value(literal, opening)
        if value is None:
            self._problems.append(problem("spec-not-plain", self._source, span))
            return end
        # Where no space parts the string from a keyword, a quote's place parts them.
        name = placeholder(literal)
        joined = begin == position
        name = (" " if joined else name[0]) + name[1:-1] + (" " if text[end : end + 1].isalpha() else name[-1])
        key = begin + joined if statement is None else statement
        self._quoted[self._parser_place(key)] = QuotedSpec(value, span)
        self._parts += (text[self._copied : begin], name)
        self._copied = end
        return end

    def _match_end(self, pattern: re.Pattern[str], position: int) -> int:
        match = pattern.match(self._text, position)
        return match.end() if match else position

    def _place(self, index: int) -> tuple[int, int]:
        """Line and character column, both from 1. Asked in rising order, so lines are counted once."""
        self._line += self._text.count("\n", self._counted, index)
        self._begin = max(self._begin, self._text.rfind("\n", self._counted, index) + 1)
        self._counted = index
        return self._line, index - self._begin + 1

    def _parser_place(self, index: int) -> tuple[int, int]:
        """The line and UTF-8 offset that the parser will report for a place at or before the last one asked for."""
        text, begin, line = self._text, self._begin, self._line
        if index < begin:
            begin, line = text.rfind("\n", 0, index) + 1, line - text.count("\n", index, self._counted)
        if text.isascii():
            return line, index - begin
        return line, len(text[begin:index].encode("utf-8", "surrogatepass"))


def _is_closed(literal: str, opening: re.Match[str]) -> bool:
    return literal.endswith(opening.group(2)) and len(literal) >= len(opening.group()) + len(opening.group(2))


def _plain_value(literal: str, opening: re.Match[str]) -> str | None:
    """The value of a plain or raw one-line string literal, else None."""
    prefix, quote = opening.groups()
    if len(quote) == 3 or "\n" in literal or prefix.lower() not in ("", "r"):
        return None
    if "\\" not in literal:
        return literal[len(prefix) + 1 : -1]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None


def placeholder(literal: str) -> str:
    """An identifier as long as the literal, in characters and in UTF-8 bytes."""
    if literal.isascii():
        return "_" * len(literal)
    return "".join("_éñ中𐐀"[len(char.encode("utf-8", "surrogatepass"))] if ord(char) > 127 else "_" for char in literal)


def skip_string(text: str, position: int, opening: str) -> int:
    """The place behind a string literal whose opening (prefix and quotes) ends at `position`.

    An unterminated one ends with its line (one quote) or with the text (three), as the parser will say.
    """
    quote = opening.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    prefix = opening[: len(opening) - len(quote)].lower()
    if _NESTED_FSTRINGS and ("f" in prefix or "t" in prefix):
        return _skip_fstring(text, position, quote, raw="r" in prefix)
    match = _REST[quote].match(text, position)
    if match:
        return match.end()
    if len(quote) == 3:
        return len(text)
    newline = text.find("\n", position)
    return len(text) if newline < 0 else newline


def _skip_fstring(text: str, position: int, quote: str, *, raw: bool) -> int:
    """From 3.12 on, replacement fields may hold any expression, with the same quotes again.

    `fields` holds, for each open field, its bracket depth, or -1 once its format spec has begun.
    """
    quotes, fields = [quote], [[]]  # type: tuple[list[str], list[list[int]]]
    end = len(text)
    while quotes and position < end:
        inside = fields[-1]
        char = text[position]
        if not inside or inside[-1] < 0:  # literal text, or a format spec
            if not inside and text.startswith(quotes[-1], position):
                position += len(quotes.pop())
                fields.pop()
                continue
            if char == "\\" and not raw:
                position += 2
                continue
            if char == "{":
                if not inside and text.startswith("{{", position):
                    position += 2
                    continue
                inside.append(0)
            elif char == "}" and inside:
                inside.pop()
            elif char == "\n" and len(quotes[-1]) == 1:
                return position
            position += 1
            continue
        match = _LITERAL.match(text, position) if (char in "\"'" or char.isalpha()) else None
        if match and (char in "\"'" or not (text[position - 1].isalnum() or text[position - 1] == "_")):
            if set(match.group(1).lower()) & {"f", "t"}:
                quotes.append(match.group(2))
                fields.append([])
                position = match.end()
            else:
                position = skip_string(text, match.end(), match.group())
            continue
        if char in "([{":
            inside[-1] += 1
        elif char in ")]":
            inside[-1] -= 1
        elif char == "}":
            if inside[-1] > 0:
                inside[-1] -= 1
            else:
                inside.pop()
        elif char == ":" and inside[-1] == 0:
            inside[-1] = -1
        elif char == "#":
            newline = text.find("\n", position)
            position = end if newline < 0 else newline
            continue
        position += 1
    return min(position, end)
