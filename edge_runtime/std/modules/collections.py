"""`collections`: a copy of its own for each run. `namedtuple` takes no field names that the language refuses.

`collections.abc` is a module of its own: no module leads to another.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from ..facade import in_place_of
from ..text import may_bind, refused_name

SURFACE: Final = tuple(
    """
    ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple
    """.split()
)


def patch(space: dict[str, Any], _: object) -> None:
    """Judge the names of fields before `namedtuple` writes them into code."""
    real = space["namedtuple"]

    def namedtuple(
        typename: str, field_names: Any, *, rename: bool = False, defaults: Any = None, module: str | None = None
    ) -> Any:
        if not isinstance(field_names, str):
            field_names = [str(name) for name in field_names]
        for name in field_names.replace(",", " ").split() if isinstance(field_names, str) else field_names:
            if not may_bind(name) and not rename:
                raise refused_name(name)
        if module is None:
            module = sys._getframe(1).f_globals.get("__name__", "__main__")
        return real(typename, field_names, rename=rename, defaults=defaults, module=module)

    space["namedtuple"] = in_place_of(real, namedtuple)
