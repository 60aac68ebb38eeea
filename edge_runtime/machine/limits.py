"""The end of a run that its host decides.

Takes: why; the program's code.
Gives: `RunEnded`, which unwinds the program; `Ender`, which sees to it that no handler of the script's keeps it; the words for
a program without memory.
Refuses: to be swallowed for good: from the end on, every instruction of the script raises (Python 3.12 and later; before that
hosts raise it again wherever the program goes on), and native calls of an ended run raise it too.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ..guard.sealed import Sealed

if TYPE_CHECKING:
    from .errors import RunError

_TOOL: Final = 4
"""A number for `sys.monitoring` that no debugger, profiler or coverage tool takes by convention."""

_MIB: Final = 1024 * 1024
_NO_SUCH_SIZE: Final = (
    "index-sized integer",
    "ssize_t",
    "too large to convert to C size_t",
    "too long",
    "too many items",
)
"""What CPython's `OverflowError` says where a size does not fit the machine: on another machine it is a `MemoryError`."""


_ROOM_IN_C: Final = 64 if sys.version_info >= (3, 12) else 0
"""Nested comparisons for which there must be room where the runtime is about to begin something. Up to Python 3.11 they count as
calls do, for which there is room."""


def _nested(depth: int) -> tuple[Any, ...]:
    made: tuple[Any, ...] = ()
    for _ in range(depth):
        made = (made,)
    return made


_ONE, _OTHER = _nested(_ROOM_IN_C), _nested(_ROOM_IN_C)


def leave_stack() -> None:
    """Raise `RecursionError` where little is left of the stack that C uses: deep inside of a `repr`, where the limit of calls is
    far. To compare takes a stack and nothing else."""
    _ONE == _OTHER  # noqa: B015


class RunEnded(BaseException, metaclass=Sealed):
    """The run is over, whatever the program does. `type` is what the error's type will be: `TimeoutError`, `Stopped`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.type = kind


class Ender:
    """Ends one run, from a signal handler or from a call that the script makes. `codes` are its chunks' code objects."""

    def __init__(self, codes: Iterable[CodeType]) -> None:
        self._codes = {id(code): code for top in codes for code in within(top)}
        self._armed = False

    def concerns(self, frame: FrameType | None) -> bool:
        """Whether the script is on the stack: only then there is something to end."""
        while frame is not None:
            if self.owns(frame.f_code):
                return True
            frame = frame.f_back
        return False

    def owns(self, code: CodeType) -> bool:
        """Whether it is the script's."""
        return id(code) in self._codes

    def end(self, kind: str, message: str) -> NoReturn:
        """Raise `RunEnded` here, and from now on at every instruction of the script: `except` and `finally` included."""
        self._arm(kind, message)
        raise RunEnded(kind, message)

    def collect(self) -> None:
        """After the run: let go of what it left in cycles. The script has no more say in that: what the `finally` of a generator
        would do then ends at its first instruction, and nobody is told (from Python 3.12 on)."""
        told, sys.unraisablehook = sys.unraisablehook, lambda _: None
        self._arm("Ended", "the run is over")
        try:
            gc.collect()
        finally:
            self.close()
            sys.unraisablehook = told

    def _arm(self, kind: str, message: str) -> None:
        if not self._armed and sys.version_info >= (3, 12):
            self._armed = True
            tools = sys.monitoring

            def again(code: CodeType, offset: int) -> Any:
                # What the compiler adds to leave a handler stands on no line: nothing could be shown of it, and it ends soon.
                if _line_of(code, offset) is not None:
                    raise RunEnded(kind, message)

            tools.use_tool_id(_TOOL, "edge-runtime")
            tools.register_callback(_TOOL, tools.events.INSTRUCTION, again)
            for code in self._codes.values():
                tools.set_local_events(_TOOL, code, tools.events.INSTRUCTION)

    def close(self) -> None:
        """The run is over; its code, which later runs use again, is as it was."""
        if self._armed and sys.version_info >= (3, 12):
            self._armed = False
            for code in self._codes.values():
                sys.monitoring.set_local_events(_TOOL, code, 0)
            sys.monitoring.register_callback(_TOOL, sys.monitoring.events.INSTRUCTION, None)
            sys.monitoring.free_tool_id(_TOOL)


def out_of_memory(memory: int) -> str:
    """What is said of a program that took more than its limit of so many bytes."""
    return f"the program used more than its limit of {memory / _MIB:g} MiB"


def worded(error: RunError, memory: int) -> RunError:
    """The error as every machine says it: an uncaught `MemoryError` without words gets them, and so does a size that this
    machine's integers do not hold."""
    nothing_said = error.type == "MemoryError" and error.message == ""
    no_such_size = error.type == "OverflowError" and any(words in error.message for words in _NO_SUCH_SIZE)
    if not (nothing_said or no_such_size):
        return error
    message = out_of_memory(memory)
    head, newline, rest = error.rendered.partition("\n")
    said = f"{error.type}: {error.message}" if error.message else error.type
    rendered = head.removesuffix(said) + f"MemoryError: {message}" + newline + rest
    return replace(error, type="MemoryError", message=message, rendered=rendered)


def _line_of(code: CodeType, offset: int) -> int | None:
    return next(islice(code.co_positions(), offset // 2, None))[0]


def within(code: CodeType) -> Iterator[CodeType]:
    """A code object, and all that are nested in it."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [constant for constant in one.co_consts if isinstance(constant, CodeType)]
