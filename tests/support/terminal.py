"""A command in a terminal of its own, as a person sees it and types.

Takes: a command line. Gives: `Terminal`: what it shows, keys for it, its exit code.
Refuses: systems without pseudo-terminals; a command that ends before it shows what is waited for.
"""

from __future__ import annotations

import os
import pty
import select
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CTRL_C = "\x03"
CTRL_D = "\x04"


class Terminal:
    """One command. `shown` is all that it has shown so far, with the newlines of a file."""

    def __init__(self, command: Sequence[str | Path], folder: Path) -> None:
        self.shown = ""
        self._process, self._screen = pty.fork()
        if self._process == 0:
            os.chdir(folder)
            os.execv(command[0], [str(word) for word in command])  # noqa: S606 - no shell is wanted

    def until(self, text: str) -> str:
        """All that was shown, once the text is in it."""
        while text not in self.shown:
            if not self._read():
                raise AssertionError(f"the command ended before it showed {text!r}: {self.shown!r}")
        return self.shown

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._screen, keys.encode())

    def type_until_it_ends(self, keys: str) -> tuple[int, str]:
        """Type again and again: while a process starts, keys are lost. Gives what `end` gives."""
        while not select.select([self._screen], [], [], 0.2)[0] or self._read():
            self.type(keys)
        return self.end()

    def end(self) -> tuple[int, str]:
        """The exit code, and all that was shown."""
        while self._read():
            pass
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        return os.waitstatus_to_exitcode(status), self.shown

    def close(self) -> None:
        """Whatever happened, nothing stays behind."""
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        os.close(self._screen)

    def _read(self) -> bool:
        try:
            data = os.read(self._screen, 65_536)
        except OSError:  # Linux says so where nobody has the terminal any more
            return False
        self.shown += data.decode().replace("\r\n", "\n")
        return bool(data)


@contextmanager
def terminal(command: Sequence[str | Path], folder: Path) -> Iterator[Terminal]:
    """A terminal, for as long as it is looked at."""
    opened = Terminal(command, folder)
    try:
        yield opened
    finally:
        opened.close()
