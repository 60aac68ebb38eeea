"""`base64`: bytes as text and back.

Takes: bytes, text, objects that read and write like files. Gives: CPython's bytes and errors.
Refuses: nothing that is documented.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from ...machine.pristine import restore

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = """
    a85decode a85encode b16decode b16encode b32decode b32encode b32hexdecode b32hexencode b64decode b64encode b85decode
    b85encode decode decodebytes encode encodebytes standard_b64decode standard_b64encode urlsafe_b64decode
    urlsafe_b64encode z85decode z85encode
""".split()


def begin(_: Copies) -> None:
    """Scripts meet `binascii.Error` only when it is raised."""
    restore(importlib.import_module("binascii").Error)
