"""`collections`: a copy of its own for each run.

`namedtuple` writes the names of fields into the text of a function; `text.py` judges them there. `collections.abc` is a
module of its own: no module leads to another.
"""

from __future__ import annotations

from typing import Any, Final

from ...guard.runtime import judged_getattr
from ..facade import in_place_of

SURFACE: Final = tuple("ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple".split())


def patch(space: dict[str, Any], _: object) -> None:
    """`UserString.format` is a `str.format` that a text of the script's own is the template of."""
    kind = space["UserString"]

    def formatted(self: Any, /, *given: Any, **named: Any) -> Any:
        return judged_getattr(self.data, "format")(*given, **named)

    def mapped(self: Any, mapping: Any) -> Any:
        return judged_getattr(self.data, "format_map")(mapping)

    kind.format, kind.format_map = in_place_of(kind.format, formatted), in_place_of(kind.format_map, mapped)
