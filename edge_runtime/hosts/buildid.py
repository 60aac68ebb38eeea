"""Which build of the runtime this is.

Takes: the package's own files; in a page's build, the digest of the engine and of Pyodide, which the build put beside them.
Gives: `build_id`, a short digest of them.
Refuses: nothing. Asked for only where a run is saved or restored: reading the files takes some milliseconds.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

_SHORT = 12
_ENGINE = "engine.sha256"
"""What the build of a page adds (tools/build/package.mjs)."""


@cache
def build_id() -> str:
    """The digest of every source file of the package, or its code where it comes without, and of what it runs in."""
    digest = sha256()
    _feed(digest, files("edge_runtime"), "")
    return digest.hexdigest()[:_SHORT]


def _feed(digest: object, folder: Traversable, path: str) -> None:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                _feed(digest, entry, f"{path}{entry.name}/")
        elif entry.name.endswith((".py", ".pyc")) or entry.name == _ENGINE:
            digest.update(f"{path}{entry.name}\0".encode())  # type: ignore[attr-defined]
            digest.update(entry.read_bytes())  # type: ignore[attr-defined]
