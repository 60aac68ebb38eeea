"""`hashlib`: digests of bytes.

Takes: bytes. Gives: CPython's digests; `scrypt` and `pbkdf2_hmac` where this Python has them (the browser's does not).
Refuses: `file_digest`: files are out of a script's reach.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Final

from ...machine.pristine import restore

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = """
    algorithms_available algorithms_guaranteed blake2b blake2s md5 new pbkdf2_hmac scrypt sha1 sha224 sha256 sha384
    sha3_224 sha3_256 sha3_384 sha3_512 sha512 shake_128 shake_256
""".split()


def begin(_: Copies) -> None:
    """Scripts meet OpenSSL's error only when it is raised."""
    if importlib.util.find_spec("_hashlib") is not None:
        restore(importlib.import_module("_hashlib").UnsupportedDigestmodError)
