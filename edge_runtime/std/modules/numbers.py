"""`numbers`, for other copies only (`fractions`, `statistics`): `Decimal` is a number there too."""

from __future__ import annotations

import importlib
from typing import Any, Final

SURFACE: Final = ()


def patch(space: dict[str, Any], _: object) -> None:
    """C code registers `Decimal` with the process's `numbers`, so it is done again here."""
    space["Number"].register(importlib.import_module("decimal").Decimal)
