"""`re`: regular expressions.

Takes: patterns and text. Gives: CPython's matches and errors; the cache of patterns is the run's own.
Refuses: `Scanner` and `template`, which are not documented.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from ...machine.pristine import restore

if TYPE_CHECKING:
    from ..copies import Copies

SURFACE: Final = """
    A ASCII DEBUG DOTALL I IGNORECASE L LOCALE M MULTILINE Match NOFLAG Pattern PatternError RegexFlag S U UNICODE VERBOSE
    X compile error escape findall finditer fullmatch match purge search split sub subn
""".split()


def begin(_: Copies) -> None:
    """Forget what earlier runs left in the process's `re`.

    `Pattern.sub` in C takes the process's cache of replacement texts, where a text of a class that a script wrote may
    claim to equal another. It raises the process's `error`, also where a program has patterns and does not import `re`.
    """
    real = importlib.import_module("re")
    real.purge()
    restore(real.error)
