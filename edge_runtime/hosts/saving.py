"""Saved states on the command line: a run that leaves in the middle, and one that goes on from there.

Takes: a program, what of the command line it depends on, the file to save to, the bytes of a state.
Gives: `Saving`: the host that records, the state as a file; the process leaves when that is written.
Refuses: a state of another program or Python (`BadState`); to save a run that holds what no state keeps, with the reason.

A state is the log of all that the program was told, and it is saved where the program waits. So one that computes is saved at its
next wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn, TextIO

from ..lower.program import Program
from ..machine.host import Host
from ..machine.replay import NoState, Past, Replay
from ..machine.state import BadState, Identity, State, identity, mismatch, read, write
from .buildid import build_id

HASH_SEED: Final = "0"
"""`PYTHONHASHSEED` of runs that are saved or restored: sets of texts have the same order in both."""
SAVED: Final = 75
"""The exit code of a run that was saved and has not ended: "try again later" (EX_TEMPFAIL of sysexits)."""


class Saving:
    """One run that may be saved to `target`, and goes on from the state in `given`."""

    def __init__(
        self,
        program: Program,
        options: str,
        target: Path | None,
        given: bytes | None,
        stderr: TextIO,
        leave: Callable[[int], NoReturn],
    ) -> None:
        self._target, self._stderr, self._leave = target, stderr, leave
        self._program, self._options = program, options
        self._replay: Replay | None = None
        self._past: Past | None = None
        if given is not None:
            saved = read(given)
            wrong = mismatch(saved.identity, self._identity())
            if wrong is not None:
                raise BadState(wrong)
            self._past = saved.past

    @property
    def may_save(self) -> bool:
        """Whether there is a file to save to."""
        return self._target is not None

    def _identity(self) -> Identity:
        seed = os.environ.get("PYTHONHASHSEED", "random")
        return identity(self._program, build=build_id(), hash_seed=seed, options=self._options)

    def around(self, host: Host) -> Replay:
        """The host that the machine sees."""

        def arrived() -> None:
            """What the program waits for is shown again: the terminal may be another one."""
            for question in replay.open.values():
                if question.kind == "input" and question.text:
                    host.write("stdout", question.text)

        replay = self._replay = Replay(host, self._past, arrived=arrived)
        return replay

    def later(self) -> None:
        """Ctrl-C while the program computes."""
        print(f"note: '{self._target}' is saved when the program waits; Ctrl-C again stops it", file=self._stderr)

    def save(self) -> None:
        """Save the run, which waits, and leave it as it is: no `finally` of it runs. Comes back where that cannot be done."""
        assert self._replay is not None
        assert self._target is not None
        try:
            data = write(State(identity=self._identity(), past=self._replay.past(waiting=True)))
            part = self._target.with_name(self._target.name + ".part")
            part.write_bytes(data)
            part.replace(self._target)
        except NoState as reason:
            print(f"error: {reason}", file=self._stderr)
        except OSError as error:
            print(f"error: cannot write '{self._target}': {error.strerror or error}", file=self._stderr)
        else:
            print(f"saved in '{self._target}': --restore-state '{self._target}' goes on from here", file=self._stderr)
            self._leave(SAVED)
