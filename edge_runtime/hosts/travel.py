"""Saving, restoring and looking at a run in a page.

Takes: the program, the host of its run; the bytes of a state, or none; the bridge to the engine, which counts looks
(`web/engine/limits.js`).
Gives: `Travel`: the host that records or replays; what the page may see of a parked program; the place where a restored one
goes on.
Refuses: a state of another program (`Refused`, before anything runs); one whose place does not come again.

A run that computes is saved in the middle of a loop. The engine counts how often it looked at the program since the last call
of its host. A restored run goes at full speed until shortly before that count. Then every check of the interpreter is a signal,
until the program is where it was, by its fingerprint.
"""

from __future__ import annotations

import base64
import json
import marshal
import sys
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any, Final, Protocol

from ..guard.sealed import Sealed
from ..lower.program import Chunk, Program
from ..machine.host import Host
from ..machine.inspection import Inspector
from ..machine.machine import Ending, Machine
from ..machine.replay import NoState, Past, Replay
from ..machine.state import BadState, Identity, State, identity, mismatch, read, write
from .buildid import build_id

HASH_SEED: Final = "0"
"""`PYTHONHASHSEED` of a page's engine (`web/engine/boot.js`)."""

_EARLIER: Final = 16
"""Looks before the saved count at which the search begins: code of the runtime does not do the same each time."""
_LATER: Final = 50_000
"""Checks after it at which the search ends."""
_LONGEST: Final = 11 * 1024 * 1024
"""Bytes of a state: as text it fits into one message."""
_NOT_RECORDED: Final = (
    "a run goes on from a saved state only where it is recorded: without keep, and without record: false"
)
_NO_PLACE: Final = "the program did not come again to the place where it was saved"


class Counter(Protocol):
    """What this needs of the bridge."""

    def mark(self) -> None:
        """Looks are counted anew."""

    def looks(self) -> int:
        """How many there were since."""

    def seek(self, looks: float) -> None:
        """From that look on each check is a signal; below 0: none."""

    def reached(self, looks: int) -> None:
        """The run is where it was saved, and the count is this."""


class Refused(Exception, metaclass=Sealed):
    """The state cannot be restored; the text says why."""


@dataclass(frozen=True, slots=True)
class How:
    """`options`: whatever of them the program depends on. `records`: what the page brings is written down. `saved`: the bytes
    of the state that it goes on from."""

    options: str
    records: bool
    saved: bytes | None


class Travel:
    """One run's."""

    def __init__(self, program: Program, host: Host, counter: Counter, how: How) -> None:
        """Raises `Refused`."""
        if how.saved is not None and not how.records:
            raise Refused(_NOT_RECORDED)  # it would run anew, with all that it does
        self.program = _fresh(program) if how.records else program
        self._counter, self._how = counter, how
        self._mark = counter.mark  # looked up once: that takes longer than to call it
        self._inspector: Inspector | None = None
        self._print = ""
        self._checks = 0
        self._seeks = False
        self._looks = 0
        past = None if how.saved is None else self._past(how.saved)
        self.replay = Replay(host, past, mark=self._marked, arrived=self._arrived) if how.records else None
        self.host: Host = self.replay or host

    def watch(self, machine: Machine) -> None:
        """This machine is about to run the program."""
        self._inspector = machine.inspector()
        self._marked()

    def concluded(self, machine: Machine, ending: Ending) -> Ending:
        """How it ended."""
        return self.replay.concluded(machine, ending) if self.replay else ending

    def show(self, what: str, *, computes: bool) -> tuple[bool, str]:
        """What the page asks of the program, which is parked, as JSON: `stack`, `globals` or `state`; or why not. `computes`: it
        is in the middle of a loop, else in a wait."""
        assert self._inspector is not None
        try:
            match what:
                case "stack":
                    found: Any = self._inspector.stack(sys._getframe())
                case "globals":
                    found = self._inspector.globals()
                case _:
                    found = {"state": base64.b64encode(self._saved(computes)).decode("ascii")}
        except NoState as why:
            return False, str(why)
        return True, json.dumps(found)

    def arrives(self, frame: FrameType) -> bool:
        """Look whether a restored run is where it was saved. Asked at each signal; False: nothing is looked for."""
        if not self._seeks:
            return False
        assert self._inspector is not None
        assert self.replay is not None
        self._checks += 1
        place = self._print.partition(" ")[0]  # compared first: it costs little
        if self._inspector.place(frame) == place and self._inspector.fingerprint(frame) == self._print:
            self._seeks = False
            self.replay.arrive()
        elif self._checks > _LATER:
            self._seeks = False
            self._counter.seek(-1)
            self.replay.misfit(_NO_PLACE)
        return True

    def _marked(self) -> None:
        """The program called its host; looks are counted from here."""
        replay = self.replay
        if replay is not None and self._print and not self._seeks and not replay.live and replay.at_end:
            self._seeks = True
            self._counter.seek(max(self._looks - _EARLIER, 0))
        self._mark()

    def _arrived(self) -> None:
        self._counter.reached(self._looks)

    def _identity(self) -> Identity:
        return identity(self.program, build=build_id(), hash_seed=HASH_SEED, options=self._how.options)

    def _saved(self, computes: bool) -> bytes:
        assert self._inspector is not None
        if self.replay is None:
            raise NoState("this run is not recorded: run it with record: true, and without keep")
        past = self.replay.past(waiting=not computes, ticks=self._counter.looks() + 1 if computes else 0)
        prints = self._inspector.fingerprint(sys._getframe()) if computes else ""
        data = write(State(identity=self._identity(), past=past, prints=prints))
        if len(data) > _LONGEST:
            raise NoState(f"this run cannot be saved any more: its state has more than {_LONGEST >> 20} MiB")
        return data

    def _past(self, saved: bytes) -> Past:
        try:
            state = read(saved)
        except BadState as bad:
            raise Refused(str(bad)) from None
        why = mismatch(state.identity, self._identity())
        if why is not None:
            raise Refused(why)
        if not state.past.waiting:
            self._print, self._looks = state.prints, max(state.past.ticks - 1, 0)  # 0 ticks are right after a call
        return state.past


def _fresh(program: Program) -> Program:
    """The program with code that has never run: of code that has, the interpreter remembers what it saw there, and does less."""
    modules = tuple(
        replace(
            module,
            code=marshal.loads(marshal.dumps(module.code)),  # noqa: S302 - our own
        )
        if isinstance(module, Chunk)
        else module
        for module in program.modules
    )
    return replace(program, modules=modules)
