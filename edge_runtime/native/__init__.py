"""Native modules: `abi` and its kin say what the contract means, one file for each engine makes it run.

Takes: the name of a module of this room. Gives: it, loaded when it is asked for. Refuses: nothing.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

PAGE: Final = 65_536
"""Bytes of a page of WebAssembly's memory."""


def on_demand(name: str) -> Any:
    """A module of this room: most programs need none, and every start would pay for them."""
    return importlib.import_module(f".{name}", __name__)
