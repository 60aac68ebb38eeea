"""packages.json (formats.md).

Takes: the bytes of a manifest and the directory that it stands in.
Gives: a frozen `Manifest`.
Refuses: everything but objects of strings, at any level, under known and unknown keys alike; duplicate keys; string
escapes other than the six allowed. Every problem is underlined in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..diagnostics import Diagnostic, problem
from ..source import BadByte, Source, Span, decode, decode_leniently, place_name
from .jsontext import BadJson, Node, read_json

FILE_NAME: Final = "packages.json"
MAX_BYTES: Final = 1024 * 1024
_KIND_WORDS: Final = {"array": "an array", "number": "a number", "boolean": "true or false", "null": "null"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A read manifest. `spec` is its canonical spec; `places` the span of each alias target, for diagnostics."""

    spec: str
    imports: Mapping[str, str] = field(default_factory=dict)
    host: Mapping[str, str] = field(default_factory=dict)
    extends: str | None = None
    extends_place: Span | None = None
    source: Source | None = None
    places: Mapping[str, Span] = field(default_factory=dict)


def is_html(data: bytes) -> bool:
    """Whether bytes are a web page: no Python module and no manifest begins with `<`."""
    return data[:256].lstrip(b"\xef\xbb\xbf \t\r\n\f").startswith(b"<")


def read_manifest(data: bytes, spec: str) -> Manifest | tuple[Diagnostic, ...]:
    """Read a manifest, or say everything that is wrong with it."""
    file = place_name(spec)
    if len(data) > MAX_BYTES:
        return (problem("manifest-too-large", Source(spec, ""), file=file, limit=MAX_BYTES),)
    text = decode(data)
    if isinstance(text, BadByte):
        span = Span(text.line, text.column, text.line, text.column + 1)
        shown = Source(spec, decode_leniently(data))
        return (problem("not-utf8", shown, span, spec=spec, byte=text.value),)
    source = Source(spec, text)
    root = read_json(text)
    if isinstance(root, BadJson):
        return (problem("json-syntax", source, root.span, file=file, reason=root.reason),)
    if root.kind != "object":
        return (problem("manifest-not-object", source, root.span, file=file),)
    problems = _judge(root, source, file)
    if problems:
        return tuple(problems)
    known = {str(key.value): value for key, value in root.members}
    imports, host = known.get("imports"), known.get("host")
    extends = known.get("extends")
    return Manifest(
        spec=spec,
        imports=_strings(imports),
        host=_strings(host),
        extends=str(extends.value) if extends else None,
        extends_place=extends.span if extends else None,
        source=source,
        places={str(key.value): value.span for node in (imports, host) if node for key, value in node.members},
    )


def _strings(node: Node | None) -> dict[str, str]:
    return {str(key.value): str(value.value) for key, value in node.members} if node else {}


def _may_be_strings(node: Node) -> bool:
    """An object of strings; other kinds than objects are refused by themselves, wherever they stand."""
    if node.kind == "object":
        return all(item.kind != "object" for _, item in node.members)
    return node.kind in _KIND_WORDS


def _judge(root: Node, source: Source, file: str) -> list[Diagnostic]:
    """Every problem of a manifest's shape, in the order of the text."""
    problems: list[Diagnostic] = []
    stack: list[tuple[Node, int]] = [(root, 0)]
    while stack:
        node, level = stack.pop()
        if node.kind in _KIND_WORDS:
            problems.append(problem("manifest-value", source, node.span, file=file, kind=_KIND_WORDS[node.kind]))
        for escape, span in node.escapes:
            problems.append(problem("manifest-escape", source, span, file=file, escape=escape))
        seen: set[str] = set()
        for key, value in node.members:
            name = str(key.value)
            if name in seen:
                problems.append(problem("manifest-duplicate", source, key.span, file=file, key=name))
            seen.add(name)
            stack.append((key, level + 1))
            stack.append((value, level + 1))
            if level == 0 and name in ("imports", "host") and not _may_be_strings(value):
                problems.append(problem("manifest-not-strings", source, value.span, file=file, key=name))
            if level == 0 and name == "extends" and value.kind == "object":
                problems.append(problem("manifest-extends", source, value.span, file=file))
    return sorted(problems, key=lambda found: (found.span.line, found.span.column) if found.span else (0, 0))
