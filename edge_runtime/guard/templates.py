"""Templates of `str.format`: their fields fetch attributes by names that stand in text.

Takes: a template, exactly `str`.
Gives: the first name in it that is refused; None for a template that may be used.
Refuses: nothing. What is not a template at all is left to `str.format` and its errors.

An object that a field fetches on its way is only asked for the next attribute and at last formatted; it is given to nobody.
So names are all that has to be judged, with one exception: `__dict__` would show what a module keeps.
"""

from __future__ import annotations

from _string import formatter_field_name_split, formatter_parser  # type: ignore[import-not-found] # `string` uses them
from typing import Any, Final

from .names import may_read

_MAX_KEPT: Final = 500
_MAX_LENGTH: Final = 2_000

_SAFE: Final[set[str]] = set()
"""Templates with a dot that were judged and may be used, the latest of them."""


def refused_in(template: str) -> str | None:
    """The first attribute in a template that is refused."""
    if "." not in template or template in _SAFE:  # only a dot fetches an attribute
        return None
    found = _first_refused(template, 2)
    if found is None and len(template) <= _MAX_LENGTH:
        if len(_SAFE) >= _MAX_KEPT:
            _SAFE.clear()
        _SAFE.add(template)
    return found


def _first_refused(template: str, depth: int) -> str | None:
    try:
        for _text, field, spec, _conversion in formatter_parser(template):
            if field:
                found = _refused_field(field)
                if found is not None:
                    return found
            if spec and depth:
                found = _first_refused(spec, depth - 1)  # a field's format may have fields itself
                if found is not None:
                    return found
    except ValueError:  # `format` stops at the same place, with the words for it
        return None
    return None


def _refused_field(field: str) -> str | None:
    rest: Any = formatter_field_name_split(field)[1]
    for is_attribute, name in rest:
        if is_attribute and (not may_read(name) or name == "__dict__"):
            return str(name)
    return None
