"""`base64` and `hashlib`: the same bytes as CPython's."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import curated, pair, same_output

BASE64, HASHLIB = pair("base64"), pair("hashlib")
NAMES = sorted(hashlib.algorithms_guaranteed)

ENCODERS = """
    b64encode standard_b64encode urlsafe_b64encode b32encode b32hexencode b16encode a85encode b85encode z85encode
    encodebytes
""".split()
DECODERS = """
    b64decode standard_b64decode urlsafe_b64decode b32decode b32hexdecode b16decode a85decode b85decode z85decode
    decodebytes
""".split()


@given(st.binary(max_size=60), st.sampled_from(ENCODERS))
def test_encoding(data: bytes, function: str) -> None:
    BASE64.call(function, data)
    BASE64.call(function, memoryview(data))


@given(
    st.text("ABCabc234567=+/-_ \n!~<>z", max_size=24).map(str.encode) | st.binary(max_size=12) | st.text(max_size=6),
    st.sampled_from(DECODERS),
)
def test_decoding(data: Any, function: str) -> None:
    BASE64.call(function, data)


@given(st.binary(max_size=40), st.booleans(), st.integers(0, 9))
def test_options(data: bytes, flag: bool, width: int) -> None:
    BASE64.call("a85encode", data, foldspaces=flag, wrapcol=width, pad=flag, adobe=flag)
    BASE64.call("b64encode", data, altchars=b"-_")
    BASE64.call("b64decode", data, altchars=b"-_", validate=flag)
    BASE64.call("b32decode", data, casefold=flag, map01=b"L")
    BASE64.call("b85encode", data, pad=flag)


def test_objects_like_files() -> None:
    same_output("""
import base64

class File:
    def __init__(self, data): self.data, self.at, self.written = data, 0, []
    def read(self, size):
        self.at += size
        return self.data[self.at - size : self.at]
    def readline(self):
        piece = self.data[self.at : self.at + 8]
        self.at += 8
        return piece
    def write(self, data): self.written.append(data)

source, target = File(b"a" * 100), File(b"")
base64.encode(source, target)
print(target.written)
source, target = File(b"YWJjZGVmZ2hp"), File(b"")
base64.decode(source, target)
print(target.written)
try:
    base64.b64decode("abc")
except ValueError as error:
    print(type(error).__name__, error)
""")


@given(st.sampled_from(NAMES), st.lists(st.binary(max_size=100), max_size=4))
def test_digests(name: str, pieces: list[bytes]) -> None:
    size = (20,) if name.startswith("shake") else ()

    def digest(module: Any, made: str) -> list[Any]:
        hasher = module.new(name) if made == "new" else getattr(module, name)()
        for piece in pieces:
            hasher.update(piece)
        twin = hasher.copy()
        twin.update(b"more")
        values = [hasher.digest(*size), hasher.hexdigest(*size), twin.digest(*size)]
        return [*values, hasher.name, hasher.block_size, hasher.digest_size]

    HASHLIB.check(digest, "new")
    HASHLIB.check(digest, "named")


def test_options_of_digests() -> None:
    HASHLIB.check(lambda module: module.blake2b(b"x", digest_size=9, key=b"k", salt=b"s", person=b"p").hexdigest())
    HASHLIB.check(lambda module: module.blake2s(b"x", digest_size=99))
    HASHLIB.check(lambda module: module.sha256("text"))
    HASHLIB.check(lambda module: module.new("no such"))
    HASHLIB.check(lambda module: module.md5(b"x", usedforsecurity=False).hexdigest())


@pytest.mark.skipif(not hasattr(hashlib, "pbkdf2_hmac"), reason="this Python has no OpenSSL")
def test_key_derivation() -> None:
    HASHLIB.call("pbkdf2_hmac", "sha256", b"password", b"salt", 10, 20)
    HASHLIB.call("pbkdf2_hmac", "no such", b"password", b"salt", 10)
    HASHLIB.call("scrypt", b"password", salt=b"salt", n=4, r=2, p=1, dklen=10)


def test_what_is_left_out() -> None:
    assert set(hashlib.__all__) - set(curated("hashlib")) == {"file_digest"}
    import base64

    assert set(base64.__all__) == set(curated("base64"))


def test_sets_are_the_runs_own() -> None:
    curated("hashlib")["algorithms_available"].clear()
    assert "sha256" in curated("hashlib")["algorithms_available"]
    assert "sha256" in hashlib.algorithms_available
