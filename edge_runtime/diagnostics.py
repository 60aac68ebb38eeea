"""Problems as data, and their picture.

Takes: a code of `messages.py`, a place, optional notes.
Gives: a frozen `Diagnostic`; `render` draws the picture of `language.md`, byte for byte.
Refuses: nothing; whatever text a hostile source holds is shown harmlessly on one line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .messages import message as message_of
from .source import Source, Span, place_name

_LONGEST_LINE = 240
_SHOWN_BEFORE, _SHOWN = 60, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem. `spec` and `span` say where; without a span there is a message alone.

    `text` is the source line of `span.line`, so that a diagnostic can be drawn without its source at hand.
    `cause` is drawn under the picture: the diagnostic of the module that an import asked for.
    """

    code: str
    message: str
    severity: str = "error"
    spec: str = ""
    span: Span | None = None
    text: str = ""
    note: str | None = None
    fix: str | None = None
    cause: Diagnostic | None = None

    def with_note(self, note: str | None) -> Diagnostic:
        """The same problem with another note."""
        return replace(self, note=note)

    def to_json(self) -> dict[str, Any]:
        """The data that hosts hand on, in the browser's spelling; `rendered` is the picture."""
        span = self.span or Span(0, 0, 0, 0)
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "spec": self.spec,
            "line": span.line,
            "column": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
            "note": self.note,
            "fix": self.fix,
            "rendered": render(self),
        }


def problem(
    code: str,
    source: Source | None = None,
    span: Span | None = None,
    /,
    *,
    note: str | None = None,
    fix: str | None = None,
    cause: Diagnostic | None = None,
    **fields: Any,
) -> Diagnostic:
    """A diagnostic from a code of `messages.py` and the fields that its text names."""
    return Diagnostic(
        code=code,
        message=message_of(code, fields),
        spec=source.spec if source else "",
        span=span,
        text=source.line(span.line) if source and span else "",
        note=note,
        fix=fix,
        cause=cause,
    )


def render(diagnostic: Diagnostic) -> str:
    """The picture of one diagnostic, without a newline at its end."""
    lines = [f"{diagnostic.severity}: {printable_lines(diagnostic.message)}"]
    width = 3
    if diagnostic.span is not None:
        width, picture = picture_of(diagnostic.spec, diagnostic.span, diagnostic.text)
        lines += picture
    for label, text in (("note", diagnostic.note), ("help", diagnostic.fix)):
        if text:
            lines.append(f"{' ' * (width + 1)}= {label}: {printable(text)}")
    if diagnostic.cause is not None:
        lines.append(render(diagnostic.cause))
    return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """The pictures of several diagnostics, an empty line between them."""
    return "\n\n".join(render(diagnostic) for diagnostic in diagnostics)


def picture_of(spec: str, span: Span, text: str, function: str | None = None) -> tuple[int, list[str]]:
    """The gutter's width and the lines that show a place: arrow, source line, carets."""
    width = max(3, len(str(span.line)))
    gutter = " " * (width + 1) + "|"
    where = f" in {function}" if function else ""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    end = max(end, start + 1)
    shown, start, end = _window(text, start, end)
    shown = printable(shown)  # before widths are counted: what is replaced has another width
    pad = "".join("\t" if char == "\t" else " " * cell_width(char) for char in shown[:start])
    carets = "^" * max(1, sum(cell_width(char) for char in shown[start:end]))
    return width, [
        f"{' ' * width}--> {place_name(spec)}:{span.line}:{span.column}{where}",
        gutter,
        f"{span.line:>{width}} | {shown}".rstrip(),
        f"{gutter} {pad}{carets}",
    ]


def _window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """A line of bearable length around the marked part: a source of one 10 MB line must not become a 10 MB picture."""
    if len(text) <= _LONGEST_LINE:
        return text, start, end
    first = max(0, start - _SHOWN_BEFORE)
    head = "…" if first else ""
    cut = text[first : first + _SHOWN]
    tail = "…" if first + _SHOWN < len(text) else ""
    start = start - first + len(head)
    return head + cut + tail, start, min(end - first + len(head), len(head) + len(cut))


def cell_width(char: str) -> int:
    """How many columns a character takes on a terminal or in a monospace font."""
    if char.isascii():
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def printable(text: str) -> str:
    """The text with control and direction-changing characters replaced, so that a source cannot redraw a terminal."""
    if text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if _harmful(char) else char for char in text)


def printable_lines(text: str) -> str:
    """`printable` for a text that may have several lines."""
    return text if text.isprintable() else "\n".join(printable(line) for line in text.split("\n"))


def _harmful(char: str) -> bool:
    return (
        (char < " " and char != "\t") or "\x7f" <= char <= "\x9f" or char in _DIRECTION or "\ud800" <= char <= "\udfff"
    )


_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def edit_distance_hint(name: str, known: Iterable[str], *, closeness: float = 0.6) -> str | None:
    """The known name that a reader most likely meant, where one is close (0: anything, 1: the same)."""
    import difflib  # noqa: PLC0415 - only errors need it, and it is slow to import

    close = difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=closeness)
    return close[0] if close else None


def to_json_list(diagnostics: Iterable[Diagnostic]) -> list[Mapping[str, Any]]:
    """Several diagnostics as data."""
    return [diagnostic.to_json() for diagnostic in diagnostics]
