"""Runs a program.

Takes: a `Program` and a `Host`.
Gives: `Ending`: how it ended. Output goes to the host as it comes.
Refuses: to let anything of the runtime's into a script's hands or pictures; a script's exceptions end here.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from inspect import CO_COROUTINE
from types import CodeType, FrameType
from typing import Any, Final

from ..lower.program import Chunk, NativeModule, Program
from ..source import Span
from .errors import RunError, ended, import_failed, text_of, uncaught
from .host import Asking, Host, Lent
from .inspection import Inspector
from .kept import Kept
from .limits import Ender, RunEnded
from .modules import fill_native, fill_slots
from .output import DEFAULT_LIMIT

CALL_DEPTH: Final = 1_000
MEMORY: Final = 512 * 1024 * 1024
_BEYOND_INT: Final = 2**31
"""The first number that a process's exit code does not hold, before its system makes it smaller still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one run: bytes of output, depth of calls, seconds of computing (None: no bound), bytes of memory of each
    native module. Time and memory are the host's to enforce."""

    output: int = DEFAULT_LIMIT
    depth: int = CALL_DEPTH
    time: float | None = None
    memory: int = MEMORY

    def __post_init__(self) -> None:
        """A limit that is none is refused: `TypeError`, `ValueError`."""
        for name in ("output", "depth", "time", "memory"):
            value = getattr(self, name)
            if name == "time" and value is None:
                continue
            if not isinstance(value, int | float):
                raise TypeError(f"Limits.{name} must be a number, not {type(value).__name__}")
            if not value > 0:
                raise ValueError(f"Limits.{name} must be above 0, not {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended. `exit_code` is 0, 1 after an error, or what `SystemExit` said, as 32 bits hold it."""

    ok: bool
    error: RunError | None
    exit_code: int


class Machine:
    """One run of one program. A machine is used once: the next run has fresh modules, but for those that are `kept` (of earlier
    snippets of a session, with the same host)."""

    def __init__(self, program: Program, host: Host, limits: Limits | None = None, *, kept: Kept | None = None) -> None:
        limits = limits or Limits()
        self._host = host
        self._limits = limits
        self._kept = kept = kept or Kept(host)
        self._output, self._scheduler, self._waiting, self._loose = (
            kept.output,
            kept.scheduler,
            kept.waiting,
            kept.loose,
        )
        self._output.begin(limits.output)
        self.insist: Callable[[RunEnded], None] = lambda _: None
        """What the host does against a program that swallows its end: it raises it again and again. Python 3.12 and later need
        no help."""
        self._taken = kept.take(program)
        self._program = program = self._taken.program
        self._modules = self._taken.modules
        self.ender = Ender(self._kept.codes)
        """What ends this run: its host, or the scheduler where a script swallows its end."""
        self._sources = kept.sources

    @property
    def codes(self) -> Sequence[CodeType]:
        """The code of all modules that may run now: the program's, and those of earlier snippets."""
        return self._kept.codes

    def inspector(self) -> Inspector:
        """Who looks at this run while it stands still."""
        entry = self._modules[0].__dict__  # of a snippet's, the codes are known
        return Inspector(self._scheduler, self._modules, {id(entry): self._program.entry.source} | self._sources)

    def run(self) -> Ending:
        """Initialise every module, dependencies first, the entry last. Context variables that the program sets, such as
        the context of `decimal`, are its own, or its session's."""
        self._scheduler.give_up = self._give_up
        try:
            return self._kept.context.run(self._run)
        finally:
            self.ender.close()

    def _run(self) -> Ending:
        program = self._program
        try:
            with _call_depth(self._limits.depth), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                refused = self._bind()
                if refused is not None:
                    return Ending(ok=False, error=refused, exit_code=1)
                with self._loose.watching(self._kept.files), self._scheduler.running():
                    self._execute()
        except SystemExit as ending:
            return self._exit(ending)
        except RunEnded as ending:
            return self.ended(ending)
        except BaseException as error:  # noqa: BLE001 - a script may raise what it likes; none of it reaches the host
            if isinstance(error, MemoryError):
                self._let_go(error)
            return Ending(ok=False, error=uncaught(error, self._sources), exit_code=1)
        if program.cycle is not None:
            chunk = program.modules[program.cycle.module]
            assert isinstance(chunk, Chunk)
            message = f"circular import: {program.cycle.text}"
            return Ending(ok=False, error=import_failed(message, chunk, program.cycle.span), exit_code=1)
        return Ending(ok=True, error=None, exit_code=0)

    def _give_up(self, ended: RunEnded) -> None:
        """The scheduler ends a script so that swallows its end."""
        self.insist(ended)
        self.ender.end(ended.type, str(ended))

    def _execute(self) -> None:
        """Run the modules' bodies, and finish what they began and left."""
        try:
            for index in self._program.order:
                chunk = self._program.modules[index]
                if isinstance(chunk, Chunk) and index in self._taken.fresh:
                    fill_slots(self._modules[index], chunk, self._modules)
                    body = eval(chunk.code, self._modules[index].__dict__)  # noqa: S307 - compiled by us, guard and all
                    if chunk.code.co_flags & CO_COROUTINE:  # it awaits, and is part of the main task
                        self._scheduler.complete(body)
                    self._kept.keep(self._taken, index)
        except RunEnded:
            raise
        except BaseException:
            with suppress(Exception, self._scheduler.cancelled_error):  # the program has its error
                self._loose.finish()
            raise
        self._loose.finish()
        if not self._kept.snippets:  # what one made the next may await
            self._loose.look_through(self._modules)

    def ended(self, ending: RunEnded) -> Ending:
        """How a run that its host ended has ended."""
        return Ending(ok=False, error=ended(ending.type, str(ending), ending, self._sources), exit_code=1)

    def _let_go(self, error: MemoryError) -> None:
        """What the program holds goes, or nothing would be left to draw its error with. A session keeps its names."""
        traceback.clear_frames(error.__traceback__)
        if not self._kept.snippets:
            for module in self._modules:
                module.__dict__.clear()

    def _bind(self) -> RunError | None:
        """Fill the native modules before anything runs; the error of the first that does not start."""
        modules = self._program.modules
        for index in self._program.order:
            native = modules[index]
            if not isinstance(native, NativeModule) or index not in self._taken.fresh:
                continue
            try:
                fill_native(self._modules[index], native, self._attributes(native))
            except ImportError as error:
                chunk, span = self._importer(index)
                return import_failed(str(error), chunk, span)
            self._kept.keep(self._taken, index)
        return None

    def _attributes(self, module: NativeModule) -> dict[str, Any]:
        """A native module's attributes; what is a question to the host becomes a function that waits."""
        bound = self._host.bind(module, Lent(self._output, self._scheduler))
        return {
            name: self._waiting.native(module.spec, name, value) if type(value) is Asking else value
            for name, value in bound.items()
        }

    def _importer(self, target: int) -> tuple[Chunk, Span]:
        """The import statement that is shown where a module does not start."""
        for module in self._program.modules:
            if isinstance(module, Chunk):
                for link in module.links:
                    if link.target == target:
                        return module, link.span
        raise AssertionError("every module but the entry is imported")

    def _exit(self, ending: SystemExit) -> Ending:
        """As Python: no code is 0, a number of 32 bits is itself and any other is -1, anything else is printed and is 1."""
        code = SystemExit.__dict__["code"].__get__(ending)  # not what a class of the script's own makes of it
        if code is None or isinstance(code, int):
            number = 0 if code is None else int.__index__(code)
            if not -_BEYOND_INT <= number < _BEYOND_INT:
                number = -1
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
