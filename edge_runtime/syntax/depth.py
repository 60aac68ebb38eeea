"""How deep a source is nested, before a parser is trusted with it.

Takes: the text for the parser.
Gives: the span of code that may be too deep for it, or None.
Refuses: chains that a machine wrote (`a.b.b.b…`, `1+1+1+…`, thousands of `elif`): Pyodide's parser does not raise on
them, it dies (measured: `ast.parse` at about 6,000 levels, `compile` at about 1,800).

Brackets and indentation are bounded by Python's own tokeniser (200 and 100). What is left are chains inside one
statement, whose depth is at most the number of tokens since the last comma or bracket at the same level. Counting those
is a safe estimate from above; the exact depth is checked on the tree by the guard.
"""

from __future__ import annotations

import re
from typing import Final

from ..source import Span
from .scan import OPENING, skip_string

MAX_DEPTH: Final = 500
_ESTIMATE_LIMIT: Final = 4_000
_SHORT: Final = 4_000
_TOKEN: Final = re.compile(
    rf"(?P<string>{OPENING})"
    r"|(?P<comment>#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<comma>,)|(?P<newline>\n[ \t]*(?P<elif>elif\b)?)|(?P<other>\w+|[^\s\w])"
)


PARSER_DEPTH: Final = 100
"""Brackets within brackets that every parser takes: CPython's own 200, in a page somewhat more than this."""


def seems_too_deep(text: str) -> Span | None:
    """The first place where nesting may pass what the parser bears, or None. Short texts cannot be deep."""
    if len(text) < _SHORT:
        return None
    counts, elifs, line, position, end = [0], 0, 1, 0, len(text)
    while position < end:
        match = _TOKEN.search(text, position)
        if match is None:
            return None
        position = match.end()
        kind = match.lastgroup
        if kind == "string":
            position = skip_string(text, position, match.group())
            line += text.count("\n", match.start(), position)
        elif kind == "open":
            counts[-1] += 1
            counts.append(counts[-1])
        elif kind == "close":
            if len(counts) > 1:
                counts.pop()
        elif kind == "comma":
            counts[-1] = counts[-2] if len(counts) > 1 else 0
        elif kind in ("newline", "elif"):
            line += 1
            elifs = elifs + 1 if match.group("elif") else elifs
            if len(counts) == 1:
                counts[0] = 0
        elif kind == "other":
            counts[-1] += 1
        if counts[-1] > _ESTIMATE_LIMIT or elifs > _ESTIMATE_LIMIT:
            start = match.start() - text.rfind("\n", 0, match.start())
            return Span(line, start, line, start + 1)
    return None
