"""`collections`: a copy of its own for each run.

`namedtuple` writes the names of fields into the text of a function; `text.py` judges them there. `collections.abc` is a
module of its own: no module leads to another.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple("ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple".split())
