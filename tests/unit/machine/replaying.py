"""Runs that are recorded, cut and restored, for the tests of replay.

Takes: a program and a `World`, what its host brings; to restore, a `Past` and the world as it was then.
Gives: what was printed, how it ended, and every entry of the log as a `Cut`.
Refuses: programs that do not compile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from edge_runtime.hosts import memory
from edge_runtime.hosts.clocks import RealClock, VirtualClock
from edge_runtime.hosts.memory import MemoryHost
from edge_runtime.hosts.meter import Meter
from edge_runtime.hosts.natives import NativeStore
from edge_runtime.lower.program import Program
from edge_runtime.machine.host import Question
from edge_runtime.machine.machine import Ending, Limits, Machine
from edge_runtime.machine.replay import Past, Replay
from edge_runtime.pipeline import Session


@dataclass(frozen=True, slots=True)
class World:
    """What a host will bring from now on. A restored run gets what the first one had not had."""

    lines: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    seed: int = 1
    now: float = 1_000.0
    natives: Mapping[str, Mapping[str, Callable[..., Any]]] = field(default_factory=dict)
    is_real: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment of a run: how much it had printed, what brings it back, and the world then."""

    shown: int
    past: Past
    world: World


@dataclass(frozen=True, slots=True)
class Played:
    """A run that is over. `refused` is the reason why it could not be saved any more."""

    output: str
    ending: Ending
    cuts: list[Cut]

    @property
    def told(self) -> tuple[Any, ...]:
        """How it ended."""
        error = self.ending.error
        return self.ending.ok, self.ending.exit_code, error.rendered if error else None


class Host(memory._Run):
    """A memory host that counts what it brought."""

    def __init__(self, host: MemoryHost, world: World) -> None:
        super().__init__("main.py", NativeStore(Limits().memory))
        self.begin(host, Meter(None))
        self.world, self.asked = world, {"input": 0, "receive": 0}

    def seed(self) -> int:
        number = self.world.seed
        self.world = replace(self.world, seed=number * 6364136223846793005 % 2**64)
        return number

    def ask(self, question: Question) -> None:
        super().ask(question)
        if question.kind in self.asked:
            self.asked[question.kind] += 1

    def left(self, open_ones: Mapping[int, Question]) -> World:
        """The world as it is now, for those who did not have an answer yet too."""
        kinds = [question.kind for question in open_ones.values()]
        lines, events = self.asked["input"] - kinds.count("input"), self.asked["receive"] - kinds.count("receive")
        return replace(self.world, lines=self.world.lines[lines:], events=self.world.events[events:], now=self.now())


def compiled(source: str, world: World) -> tuple[Program, Host]:
    """A program and its host."""
    clock = RealClock() if world.is_real else VirtualClock(world.now)
    host = MemoryHost(clock=clock, input=world.lines, events=world.events, natives=world.natives)
    built = memory._build(source, host, "main.py", Session(), NativeStore(Limits().memory))
    assert built.program is not None, built.diagnostics
    return built.program, Host(host, world)


def play(source: str, world: World | None = None, past: Past | None = None, *, cut: bool = True) -> Played:
    """Run a program; `past` restores it."""
    world = world or World()
    program, host = compiled(source, world)
    cuts: list[Cut] = []

    def mark() -> None:
        if cut and replay.live:
            cuts.append(Cut(len("".join(host.written)), replay.past(waiting=False), host.left(replay.open)))

    replay = Replay(host, past, mark=mark)
    machine = Machine(program, replay)
    ending = replay.concluded(machine, machine.run())
    host.close()
    return Played("".join(host.written), ending, cuts)
