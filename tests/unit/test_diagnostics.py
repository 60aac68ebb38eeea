"""The picture of a problem, byte for byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.diagnostics import Diagnostic, cell_width, picture_of, printable, problem, render, render_all
from edge_runtime.source import Source, Span


def drawn(text: str, column: int, end: int, line: int = 1) -> list[str]:
    return picture_of("./main.py", Span(line, column, line, end), text)[1]


def test_picture_of_the_specification() -> None:
    source = Source("./main.py", "x\nfrom json import badname\n")
    found = problem("no-export", source, Span(2, 6, 2, 10), spec="json", name="badname")
    assert render(found) == (
        "error: module 'json' has no export 'badname'\n"
        "   --> main.py:2:6\n"
        "    |\n"
        "  2 | from json import badname\n"
        "    |      ^^^^"
    )


@pytest.mark.parametrize(
    ("text", "column", "end", "carets"),
    [
        ("a = b", 5, 6, "    ^"),
        ("\ta = b", 2, 3, "\t^"),
        ("中文 = b", 6, 7, "       ^"),
        ("中文 = b", 1, 3, "^^^^"),
        ("é = b", 5, 6, "    ^"),
        ("e\u0301 = b", 6, 7, "    ^"),
        ("🙂🙂 x", 4, 5, "     ^"),
        ("'\u202e' x", 5, 6, "    ^"),
        ("'\x07' x", 5, 6, "    ^"),
        ("", 1, 1, "^"),
        ("ab", 5, 9, "  ^"),
        ("中", 1, 1, "^^"),
    ],
)
def test_carets_stand_under_the_text(text: str, column: int, end: int, carets: str) -> None:
    assert drawn(text, column, end)[3] == f"    | {carets}"


def test_gutter_grows_with_the_line_number() -> None:
    assert drawn("x", 1, 2, 12345) == ["     --> main.py:12345:1", "      |", "12345 | x", "      | ^"]
    assert drawn("x", 1, 2, 42)[2] == " 42 | x"


def test_several_lines_are_underlined_to_the_end_of_the_first() -> None:
    _, lines = picture_of("./main.py", Span(1, 5, 3, 2), "x = (1 +")
    assert lines[3] == "    |     ^^^^"


def test_long_lines_are_cut_around_the_place() -> None:
    text = "a" * 5_000 + "!" + "b" * 5_000
    lines = drawn(text, 5_001, 5_002)
    assert len(lines[2]) < 220
    assert lines[2][lines[3].index("^")] == "!"
    assert len(drawn(text, 1, 10_000)[3]) < 220


def test_notes_fixes_and_causes() -> None:
    cause = Diagnostic(code="syntax", message="invalid syntax")
    found = Diagnostic(code="x", message="m", note="a\x1b", fix="b", cause=cause)
    assert render(found) == "error: m\n    = note: a\N{REPLACEMENT CHARACTER}\n    = help: b\nerror: invalid syntax"
    assert render_all([cause, cause]) == "error: invalid syntax\n\nerror: invalid syntax"


def test_data() -> None:
    found = problem("not-found", Source("./a.py", "x"), Span(1, 1, 1, 2), spec="./b.py", fix="f")
    data = found.to_json()
    assert data["rendered"] == render(found)
    assert (data["line"], data["endColumn"], data["fix"], data["spec"]) == (1, 2, "f", "./a.py")
    assert json.loads(json.dumps(data)) == data


@given(st.text(), st.integers(1, 50), st.integers(0, 50))
def test_any_text_is_shown_harmlessly(text: str, column: int, length: int) -> None:
    text = text.replace("\n", " ")
    lines = drawn(text, column, column + length)
    assert len(lines) == 4
    assert not any(char < " " and char != "\t" for line in lines for char in line)
    assert lines[3].endswith("^")
    assert printable(printable(text)) == printable(text)
    assert all(0 <= cell_width(char) <= 2 for char in text)
