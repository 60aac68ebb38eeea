"""`datetime`: dates and times.

Takes: numbers and text. Gives: CPython's classes in C; `now` and `today` read the clock of the system.
Refuses: `datetime_CAPI`, a pointer for modules in C.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from ...machine.pristine import restore

if TYPE_CHECKING:
    from ..library import Library

SURFACE: Final = "MAXYEAR MINYEAR UTC date datetime time timedelta timezone tzinfo".split()


def build(_: Library) -> dict[str, Any]:
    """Forget the formats of earlier runs: `strptime` keeps them, and a format may be of a class that a script wrote."""
    restore(importlib.import_module("time").struct_time)  # `timetuple` gives one
    importlib.import_module("_strptime").__dict__["_regex_cache"].clear()
    return {}
