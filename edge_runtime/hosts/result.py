"""What a host tells its caller about a run.

Takes: a built program's diagnostics or a machine's ending. Gives: `RunResult`. Refuses: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Diagnostic
from ..lower.program import Program
from ..machine.errors import RunError, compile_error
from ..pipeline import Built


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run went.

    `output` is all that the program printed, both streams in their order. `error` is None, or why it failed; `diagnostics`
    are those of a program that did not compile (nothing of it ran). `exit_code` is 0, 1 after an error, 2 for a program
    that did not compile, or what `SystemExit` said. `program` is the compiled program, for tools.
    """

    ok: bool
    output: str
    error: RunError | None
    diagnostics: tuple[Diagnostic, ...]
    exit_code: int
    program: Program | None = None


NOT_COMPILED = 2
"""The exit code of a program that did not compile."""


def failed_to_compile(built: Built) -> RunError | None:
    """The error of a build that made no program."""
    return compile_error(built.diagnostics) if built.program is None else None
