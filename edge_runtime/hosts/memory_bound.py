"""The kernel's bound on the memory of this process.

Takes: bytes. Gives: a block in which this process may have that much more than it has now; then `MemoryError`.
Refuses: nothing; where the kernel keeps no such count (everywhere but Linux) the block has no bound, and the documentation says
so.

Counted is memory that can be written to (`RLIMIT_DATA`): Python's, and that of native modules, together. Address space that
is only reserved, of which WebAssembly engines take much, is not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")


@contextmanager
def memory_bound(size: int) -> Iterator[None]:
    """At most `size` bytes more than now. For a process that runs one program: the bound holds for all its threads."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _written() + size
    bounds = [limit for limit in (before, most) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([wanted, *bounds]), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _written() -> int:
    """Bytes of this process that count, by the kernel's own words."""
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name == "VmData":
            return int(rest.split()[0]) * 1024
    return 0
