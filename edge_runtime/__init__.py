"""Edge Python: compiler, linker and machine. These are the public names; `docs/embedding.md` shows them at work."""

from .diagnostics import Diagnostic, render, render_all
from .hosts.memory import MemoryHost, check, run_program
from .hosts.result import RunResult
from .machine.errors import RunError
from .machine.machine import Limits
from .pipeline import Session

__all__ = [
    "Diagnostic",
    "Limits",
    "MemoryHost",
    "RunError",
    "RunResult",
    "Session",
    "check",
    "render",
    "render_all",
    "run_program",
]
__version__ = "0.1.0"
