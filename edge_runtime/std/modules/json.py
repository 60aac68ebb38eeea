"""`json`: values as text and back.

Takes: values, text, objects that read and write like files, hooks and classes of the script.
Gives: CPython's texts, values and errors.
Refuses: nothing that is documented; the modules behind it (`json.decoder` and its kin) are not let through.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from ...machine.pristine import restore

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = "JSONDecodeError JSONDecoder JSONEncoder dump dumps load loads".split()


def begin(_: Copies) -> None:
    """Scripts meet the class of `JSONDecoder().scan_once`, which is in C and can be written to."""
    in_c = importlib.import_module("_json")
    restore(in_c.make_scanner, in_c.make_encoder)
