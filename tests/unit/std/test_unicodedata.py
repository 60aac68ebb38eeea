"""`unicodedata`: the tables of this Python."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import curated, pair

UNICODE = pair("unicodedata")
FUNCTIONS = (
    "bidirectional category combining decimal decomposition digit east_asian_width mirrored name numeric".split()
)


@given(st.characters(), st.sampled_from(FUNCTIONS))
def test_characters(char: str, function: str) -> None:
    UNICODE.call(function, char)
    UNICODE.check(lambda module: getattr(module.ucd_3_2_0, function)(char))


@given(st.text(max_size=12), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD", "other"]))
def test_normal_forms(text: str, form: str) -> None:
    UNICODE.call("normalize", form, text)
    UNICODE.call("is_normalized", form, text)


@given(st.characters().filter(lambda char: unicodedata.name(char, "")))
def test_names(char: str) -> None:
    UNICODE.call("lookup", unicodedata.name(char))


def test_defaults_and_errors() -> None:
    UNICODE.call("numeric", "x", None)
    UNICODE.call("decimal", "x")
    UNICODE.call("lookup", "NO SUCH NAME")
    UNICODE.call("name", "\0")
    UNICODE.call("category", "two")


def test_what_is_left_out() -> None:
    public = {name for name in vars(unicodedata) if not name.startswith("_")}
    assert public - set(curated("unicodedata")) == {"UCD"}
