"""Messages, their documentation and their pictures agree; and each picture is the golden one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edge_runtime.messages import MESSAGES, message, quote

from .cases import CASES, GOLDENS, golden
from .update_goldens import COMMAND

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "messages.md"
SHOWN = [code for code in MESSAGES if CASES[code]]


@pytest.mark.parametrize("code", SHOWN)
def test_golden(code: str) -> None:
    path = GOLDENS / f"{code}.txt"
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    assert golden(code) == expected, f"to keep the new picture: {COMMAND}"


def test_every_code_has_a_case() -> None:
    assert set(CASES) == set(MESSAGES)
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(SHOWN)
    assert set(MESSAGES) - set(SHOWN) == {"unknown-node"}, "held by guard/test_visitor.py"


def test_every_code_is_used() -> None:
    package = ROOT / "edge_runtime"
    texts = [path.read_text(encoding="utf-8") for path in package.rglob("*.py") if path.name != "messages.py"]
    unused = {code for code in MESSAGES if not any(f'"{code}"' in text for text in texts)}
    assert unused == set()


def test_documentation_lists_every_message() -> None:
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \| (.*?) \| (.+?) \| (.+?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    texts = {code: text for code, text, _meaning, _remedy in rows}
    assert len(texts) == len(rows), "a code is listed twice"
    assert list(texts) == list(MESSAGES), "the table has the order of messages.py"
    for code, text in MESSAGES.items():
        first = text.split("\n")[0]
        assert texts[code] == f"`{first}`", code


def test_fields_are_made_harmless() -> None:
    assert message("not-found", {"spec": "a\x1b[2Jb"}) == "module 'a\\x1b[2Jb' not found"
    assert message("not-found", {"spec": "a" * 300}) == f"module '{'a' * 199}…' not found"
    assert message("too-large", {"spec": "a", "limit": 5}) == "module 'a' is too large: more than 5 bytes"
    assert quote("tab\tline\n\u202e") == "'tab\\tline\\n\\u202e'"


def test_unknown_code_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        message("no-such-code", {})
