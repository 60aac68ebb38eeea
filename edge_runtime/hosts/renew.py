"""What each engine does anew that goes on from a memory: nothing may show of the machine that made it, and no two may draw the
same numbers.

Takes: an interpreter whose C library knows the visitor's time zone (`web/engine/restore.js`).
Gives: `random`, `time` and `sys.path` as a start makes them.
Refuses: nothing.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import time

_ZONE = ("timezone", "altzone", "daylight", "tzname")


def renew() -> None:
    """Once, before anything else."""
    random.seed()
    spec = time.__spec__
    here = importlib.util.module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(here)
    for name in _ZONE:
        setattr(time, name, getattr(here, name))
    del sys.path[0]  # Pyodide puts '' there at each start
