"""Digests of module bytes.

Takes: bytes. Gives: their SHA-256 as 64 lower-case hex digits. Refuses: nothing.
"""

from __future__ import annotations

from hashlib import sha256


def digest_of(data: bytes) -> str:
    """The hex SHA-256 of bytes, as `#sha256-…`, the lockfile and the store spell it."""
    return sha256(data).hexdigest()
