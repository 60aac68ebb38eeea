"""packages.lock.json (formats.md).

Takes: its text, or entries.
Gives: `read_lockfile` -> entries by URL; `write_lockfile` -> the text, the same bytes for the same entries.
Refuses: what does not parse, a version above 1, entries of another shape; each with its place in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..diagnostics import Diagnostic, problem
from ..messages import quote
from ..source import Source
from .jsontext import BadJson, Node, read_json

VERSION: Final = 1
_HEX64: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """What is locked for one URL: digest and size of its bytes, the final URL after a redirect, or its absence."""

    sha256: str = ""
    bytes: int = 0
    url: str | None = None
    absent: bool = False

    def to_json(self) -> dict[str, Any]:
        """The entry as the file has it."""
        if self.absent:
            return {"absent": True}
        entry: dict[str, Any] = {"bytes": self.bytes, "sha256": self.sha256}
        return entry | ({"url": self.url} if self.url else {})


def write_lockfile(entries: Mapping[str, LockEntry]) -> str:
    """The file's text: keys sorted, two-space indent, a newline at the end."""
    modules = {url: entry.to_json() for url, entry in entries.items()}
    document = {"modules": modules, "version": VERSION}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read_lockfile(text: str, file: str) -> dict[str, LockEntry] | tuple[Diagnostic, ...]:
    """The entries of a lockfile, or everything that is wrong with it."""
    source = Source(file, text)
    root = read_json(text)
    if isinstance(root, BadJson):
        return (problem("json-syntax", source, root.span, file=file, reason=root.reason),)
    twice = _repeated(root)
    if twice:
        return tuple(problem("lock-shape", source, key.span, file=file, reason=_twice(key)) for key in twice)
    top = {str(key.value): value for key, value in root.members}
    version, modules = top.get("version"), top.get("modules")
    if version is not None and version.kind == "number" and _above(version.value):
        return (problem("lock-version", source, version.span, file=file, version=version.value),)
    if version is None or version.kind != "number" or version.value != VERSION:
        at = (version or root).span
        return (problem("lock-shape", source, at, file=file, reason="'version' must be 1"),)
    if modules is None or modules.kind != "object":
        at = (modules or root).span
        return (problem("lock-shape", source, at, file=file, reason="'modules' must be an object"),)
    entries: dict[str, LockEntry] = {}
    problems: list[Diagnostic] = []
    for key, value in modules.members:
        entry = _entry(value)
        if isinstance(entry, LockEntry):
            entries[str(key.value)] = entry
        else:
            problems.append(problem("lock-shape", source, key.span, file=file, reason=entry))
    return tuple(problems) if problems else entries


def _above(version: object) -> bool:
    return isinstance(version, int | float) and version > VERSION


def _repeated(root: Node) -> list[Node]:
    """The keys that stand twice in their object, at any level: which of the two counts, no reader could know."""
    found: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        seen: set[object] = set()
        for key, value in node.members:
            if key.value in seen:
                found.append(key)
            seen.add(key.value)
            stack.append(value)
        stack.extend(node.items)
    return sorted(found, key=lambda key: (key.span.line, key.span.column))


def _twice(key: Node) -> str:
    return f"the key {quote(str(key.value))} is there twice"


def _entry(node: Node) -> LockEntry | str:
    """One entry, or the reason why it is none."""
    if node.kind != "object":
        return "an entry must be an object"
    fields = {str(key.value): value.value for key, value in node.members}
    if fields.get("absent") is True:
        return LockEntry(absent=True)
    digest, size, url = fields.get("sha256"), fields.get("bytes"), fields.get("url")
    if not isinstance(digest, str) or not _HEX64.fullmatch(digest):
        return "'sha256' must be 64 lower-case hex digits"
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return "'bytes' must be a number from 0"
    if url is not None and not isinstance(url, str):
        return "'url' must be a string"
    return LockEntry(sha256=digest, bytes=size, url=url)
