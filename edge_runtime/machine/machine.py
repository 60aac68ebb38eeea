"""Runs a program.

Takes: a `Program` and a `Host`.
Gives: `Ending`: how it ended. Output goes to the host as it comes.
Refuses: to let anything of the runtime's into a script's hands or pictures; a script's exceptions end here.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Final

from ..lower.program import Chunk, Program
from ..source import Source
from .builtins import make_builtins
from .errors import RunError, circular_import, text_of, uncaught
from .host import Host
from .modules import make_modules
from .output import DEFAULT_LIMIT, Output

CALL_DEPTH: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one run: bytes of output, depth of calls."""

    output: int = DEFAULT_LIMIT
    depth: int = CALL_DEPTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended. `exit_code` is 0, 1 after an error, or what `SystemExit` said."""

    ok: bool
    error: RunError | None
    exit_code: int


class Machine:
    """One run of one program. A machine is used once: the next run has fresh modules."""

    def __init__(self, program: Program, host: Host, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._program = program
        self._output = Output(host, limits.output)
        self._limits = limits
        self._modules: list[ModuleType] = make_modules(program, make_builtins(host, self._output), host)
        self._sources: dict[int, Source] = {
            id(made.__dict__): module.source
            for made, module in zip(self._modules, program.modules, strict=True)
            if isinstance(module, Chunk)
        }

    def run(self) -> Ending:
        """Initialise every module, dependencies first, the entry last."""
        program = self._program
        try:
            with _call_depth(self._limits.depth), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for index in program.order:
                    chunk = program.modules[index]
                    if isinstance(chunk, Chunk):
                        exec(chunk.code, self._modules[index].__dict__)  # noqa: S102 - compiled by us, guard and all
        except SystemExit as ending:
            return self._exit(ending)
        except BaseException as error:  # noqa: BLE001 - a script may raise what it likes; none of it reaches the host
            return Ending(ok=False, error=uncaught(error, self._sources), exit_code=1)
        if program.cycle is not None:
            chunk = program.modules[program.cycle.module]
            assert isinstance(chunk, Chunk)
            message = f"circular import: {program.cycle.text}"
            return Ending(ok=False, error=circular_import(message, chunk, program.cycle.span), exit_code=1)
        return Ending(ok=True, error=None, exit_code=0)

    def _exit(self, ending: SystemExit) -> Ending:
        """As Python: no code is 0, a number is itself, anything else is printed and is 1."""
        code = SystemExit.__dict__["code"].__get__(ending)  # not what a class of the script's own makes of it
        if code is None or isinstance(code, int):
            number = 0 if code is None else int.__index__(code)
            return Ending(ok=number == 0, error=None, exit_code=number)
        self._output.write("stderr", text_of(code) + "\n")
        return Ending(ok=False, error=None, exit_code=1)


@contextmanager
def _call_depth(depth: int) -> Iterator[None]:
    """Let a script go `depth` calls deep, however deep its host stands already."""
    before, used = sys.getrecursionlimit(), 0
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        frame, used = frame.f_back, used + 1
    sys.setrecursionlimit(used + depth)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
