"""Edge Python: compiler, linker and machine. These are the public names; `docs/embedding.md` shows them at work."""

from typing import TYPE_CHECKING, Any

from .diagnostics import Diagnostic, render, render_all
from .hosts.result import RunResult
from .machine.errors import RunError
from .machine.machine import Limits
from .pipeline import Session

if TYPE_CHECKING:
    from .hosts.clocks import RealClock, VirtualClock
    from .hosts.memory import MemoryHost, check, forget, run_program

__all__ = [
    "Diagnostic",
    "Limits",
    "MemoryHost",
    "RealClock",
    "RunError",
    "RunResult",
    "Session",
    "VirtualClock",
    "check",
    "forget",
    "render",
    "render_all",
    "run_program",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The names of native hosts, when they are first asked for: an engine in a page starts without them."""
    if name in ("MemoryHost", "check", "forget", "run_program"):
        from .hosts import memory  # noqa: PLC0415 - see above

        return getattr(memory, name)
    if name in ("RealClock", "VirtualClock"):
        from .hosts import clocks  # noqa: PLC0415 - see above

        return getattr(clocks, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
