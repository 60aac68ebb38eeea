"""The end of a run that its host decides.

Takes: why. Gives: `RunEnded`, which unwinds the program.
Refuses: to be swallowed for good: hosts raise it again wherever the program goes on, and native calls of an ended run raise
it too.
"""

from __future__ import annotations


class RunEnded(BaseException):
    """The run is over, whatever the program does. `type` is what the error's type will be: `TimeoutError`, `Stopped`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.type = kind
