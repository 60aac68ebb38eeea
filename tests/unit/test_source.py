"""Text and places."""

from __future__ import annotations

import pytest

from edge_runtime.source import BadByte, Source, decode, decode_leniently, place_name


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"\xef\xbb\xbfx = 1", "x = 1"),
        (b"\xef\xbb\xbf\xef\xbb\xbfx", "\ufeffx"),
        ("é中𐐀".encode(), "é中𐐀"),
        (b"", ""),
    ],
)
def test_decode(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "bad"),
    [
        (b"\xff", BadByte(1, 1, 0xFF)),
        (b"a\r\nb\xe9", BadByte(2, 2, 0xE9)),
        (b"a\rb\xe9", BadByte(2, 2, 0xE9)),
        ("é中\n中".encode() + b"\x80", BadByte(2, 2, 0x80)),
        (b"\xef\xbb\xbfa\xc3", BadByte(1, 2, 0xC3)),
        ("\ud800".encode("utf-8", "surrogatepass"), BadByte(1, 1, 0xED)),
    ],
)
def test_bad_byte(data: bytes, bad: BadByte) -> None:
    assert decode(data) == bad
    shown = Source("./a.py", decode_leniently(data))
    assert shown.line(bad.line)[bad.column - 1] == "\N{REPLACEMENT CHARACTER}"


def test_lines_and_columns() -> None:
    source = Source("./a.py", "a\n\té中𐐀x\n\n")
    assert [source.line(number) for number in range(6)] == ["", "a", "\té中𐐀x", "", "", ""]
    assert [source.column(2, offset) for offset in (0, 1, 3, 6, 10, 11)] == [1, 2, 3, 4, 5, 6]
    assert source == Source("./a.py", "a\n\té中𐐀x\n\n"), "what was split already does not tell sources apart"


def test_place_name() -> None:
    assert [place_name(spec) for spec in ("./lib/a.py", "/usr/a.py", "https://x.test/a.py")] == [
        "lib/a.py",
        "/usr/a.py",
        "https://x.test/a.py",
    ]
