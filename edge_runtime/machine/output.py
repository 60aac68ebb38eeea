"""What a program prints, bounded.

Takes: text from `print` and from the standard streams. Gives: it to the host, up to the limit of the run.
Refuses: more than the limit: a notice is printed once, and the run goes on silently (sandbox.md, "Limits").
"""

from __future__ import annotations

from typing import Final

from .host import Host

DEFAULT_LIMIT: Final = 10 * 1024 * 1024


class Output:
    """The output of one run. `limit` counts UTF-8 bytes, both streams together."""

    def __init__(self, host: Host, limit: int = DEFAULT_LIMIT) -> None:
        self._host, self._left = host, limit

    def begin(self, limit: int) -> None:
        """A run begins, which may print so much."""
        self._left = limit

    def write(self, stream: str, text: str) -> None:
        """Hand text to the host."""
        if self._left < 0:
            return
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        if size <= self._left:
            self._left -= size
            self._host.write(stream, text)
            return
        kept = text.encode("utf-8", "surrogatepass")[: self._left].decode("utf-8", "ignore")
        self._left = -1
        self._host.write(stream, f"{kept}\n[output limit reached: the rest is not shown]\n")
