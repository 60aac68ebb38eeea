"""Copies of standard modules for the next run, made while nothing runs.

Takes: what the last run imported; moments in which nobody waits (`web/engine/engine.js`). Gives: `Ahead.take`: the copies for a
run, with what is ready in them.
Refuses: to make a module that asks for something of its run, as `random` does for its seed: that one is made in the run.

Why: executing `re` once more takes 10 ms in a page, `typing` or `dataclasses` 15, for each run that imports them. No run has seen
what is made ahead, so it is as much the next one's own as what that would make. At most one set is kept. Where nobody calls
`prepare`, as on the command line, nothing is made ahead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextvars import copy_context
from typing import Final

from ..machine.pristine import restore_shared
from .copies import Copies, NoRun
from .streams import Streams


class Ahead:
    """What is ready for the next run."""

    def __init__(self) -> None:
        self._ready: Copies | None = None
        self._last: Sequence[str] = ()
        self._left: deque[str] = deque()
        self._of_runs: set[str] = set()
        """Modules that can only be made in a run."""

    def take(self, streams: Streams) -> Copies:
        """The copies for a run."""
        copies, self._ready = self._ready or Copies(), None
        copies.serve(streams)
        self._last = copies.made
        return copies

    def prepare_for(self, names: Sequence[str]) -> None:
        """Make these, and what they need, at once: for the first run after a snapshot."""
        self._last = names
        while self.prepare():
            pass

    def prepare(self) -> bool:
        """Make one more module, where no run is at hand; whether others are left."""
        if self._ready is None:
            if self._last:
                restore_shared()
                self._ready = Copies()
            names = (name for name in self._last if "." not in name)  # a package brings its modules
            self._left = deque(name for name in names if name not in self._of_runs)
        elif self._left:
            name = self._left.popleft()
            try:
                copy_context().run(self._ready.load, name)  # nothing of it is noted for those who come later
            except NoRun:
                self._of_runs.add(name)
        return bool(self._left)


AHEAD: Final = Ahead()
"""The process's: an engine has one."""
