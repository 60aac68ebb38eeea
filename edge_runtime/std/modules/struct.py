"""`struct`, whole: values to bytes and back.

Takes: a format, values or bytes. Gives: CPython's bytes, values and errors.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = "Struct calcsize error iter_unpack pack pack_into unpack unpack_from".split()
