"""What a machine asks of its host: one small interface.

Takes and gives: as the methods say. `machine` calls it; `hosts/` implements it, once for each platform.
Refuses: a host without a power raises `Unavailable` with the sentence that the script sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


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

    def bind(self, module: str) -> Mapping[str, Callable[..., Any]]:
        """The functions of a native module that the program imports, by name."""
