"""What a machine asks of its host: one small interface.

Takes and gives: as the methods say. `machine` calls it; `hosts/` implements it, once for each platform.
Refuses: a host without a power raises `Unavailable` with the sentence that the script sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..lower.program import NativeModule

if TYPE_CHECKING:
    from .output import Output


class Unavailable(Exception):
    """The host has no such power; the script sees a `RuntimeError` with this text."""


class Host(Protocol):
    """Output, input, events, time and native functions of one run."""

    def write(self, stream: str, text: str) -> None:
        """Output of the script; `stream` is `stdout` or `stderr`. One call for each `print`."""

    def read_line(self, prompt: str) -> str | None:
        """The next line of input without its newline; None at the end of input. The prompt was written already."""

    def next_event(self) -> str:
        """The oldest event that was not received yet."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def bind(self, module: NativeModule, output: Output) -> Mapping[str, Any]:
        """The attributes of a native module as a script sees them (functions through `host_function`), asked for once in a
        run, before its first statement. `output` is where the run prints. Raises `ImportError` where the module does not
        start."""

    def now(self) -> float:
        """Seconds since 1970."""

    def monotonic(self) -> float:
        """Seconds from some moment; they never run backwards."""
