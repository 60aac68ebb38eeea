"""packages.lock.json: the same bytes for the same entries, and no guess where it is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.diagnostics import Diagnostic, render_all
from edge_runtime.packages.lockfile import LockEntry, read_lockfile, write_lockfile

HEX = "0123456789abcdef" * 4
ENTRIES = st.dictionaries(
    st.text(),
    st.one_of(
        st.just(LockEntry(absent=True)),
        st.builds(
            LockEntry,
            sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
            bytes=st.integers(0, 10**9),
            url=st.none() | st.text(min_size=1),
        ),
    ),
)


def refused(text: str) -> tuple[Diagnostic, ...]:
    found = read_lockfile(text, "packages.lock.json")
    assert isinstance(found, tuple), found
    return found


def test_the_file() -> None:
    entries = {
        "https://x.test/b.py": LockEntry(sha256=HEX, bytes=12, url="https://y.test/b.py"),
        "https://x.test/a/packages.json": LockEntry(absent=True),
    }
    text = write_lockfile(entries)
    assert text == (
        '{\n  "modules": {\n    "https://x.test/a/packages.json": {\n      "absent": true\n    },\n'
        f'    "https://x.test/b.py": {{\n      "bytes": 12,\n      "sha256": "{HEX}",\n'
        '      "url": "https://y.test/b.py"\n    }\n  },\n  "version": 1\n}\n'
    )
    assert write_lockfile(dict(reversed(entries.items()))) == text
    assert read_lockfile(text, "f") == entries
    assert read_lockfile(write_lockfile({}), "f") == {}


@given(ENTRIES)
def test_round_trip(entries: dict[str, LockEntry]) -> None:
    text = write_lockfile(entries)
    assert read_lockfile(text, "f") == entries
    assert json.loads(text)["version"] == 1


@pytest.mark.parametrize(
    ("document", "message", "column"),
    [
        ('{"version": 2}', "lockfile version 2 is newer than this release knows (1)", 13),
        ('{"version": 99, "other": []}', "lockfile version 99 is newer than this release knows (1)", 13),
        ('{"version": 1.5}', "lockfile version 1.5 is newer than this release knows (1)", 13),
        ('{"version": 0, "modules": {}}', "'version' must be 1", 13),
        ('{"version": true, "modules": {}}', "'version' must be 1", 13),
        ('{"version": "1", "modules": {}}', "'version' must be 1", 13),
        ('{"modules": {}}', "'version' must be 1", 1),
        ('{"version": 1}', "'modules' must be an object", 1),
        ('{"version": 1, "modules": []}', "'modules' must be an object", 27),
        ('{"version": 1, "version": 1}', "the key 'version' is there twice", 16),
        ('{"version": 1, "modules": {"a": [], "b": []}}', "an entry must be an object", 28),
        ('{"version": 1, "modules": {"a": {"sha256": "' + HEX.upper() + '", "bytes": 1}}}',
         "'sha256' must be 64 lower-case hex digits", 28),
        ('{"version": 1, "modules": {"a": {"sha256": "' + HEX + '", "bytes": true}}}',
         "'bytes' must be a number from 0", 28),
        ('{"version": 1,}', "a comma before the closing '}' is not allowed", 14),
        ("", "a value is missing here", 1),
        ("[1]", "'version' must be 1", 1),
    ],
)  # fmt: skip
def test_refusals(document: str, message: str, column: int) -> None:
    found = refused(document)[0]
    assert found.message == f"packages.lock.json: {message}"
    assert found.span is not None
    assert (found.span.line, found.span.column) == (1, column)


def test_a_url_that_is_there_twice() -> None:
    entry = f'{{"sha256": "{HEX}", "bytes": 1}}'
    assert "'a' is there twice" in refused(f'{{"version": 1, "modules": {{"a": {entry}, "a": {entry}}}}}')[0].message


@given(st.one_of(st.text(), st.dictionaries(st.sampled_from(["version", "modules", "x"]), st.recursive(
    st.sampled_from([1, 2, True, None, "a", HEX, -1, 1.0]),
    lambda inner: st.dictionaries(st.sampled_from(["sha256", "bytes", "url", "absent", "u"]), inner) | st.lists(inner),
)).map(json.dumps)))  # fmt: skip
def test_any_text_gives_entries_or_diagnostics(text: str) -> None:
    found: Any = read_lockfile(text, "f")
    if isinstance(found, dict):
        assert json.loads(text)["version"] == 1
    else:
        assert found
        assert render_all(found)
