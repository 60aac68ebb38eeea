"""Recorded runs, cut at every entry of their log and restored: they go on as if nothing had happened."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest

from edge_runtime.machine import recording
from edge_runtime.machine.machine import Machine
from edge_runtime.machine.replay import NoState, Past, Replay

from .replaying import World, compiled, play

WORLD = World(lines=("Ada", "36"), events=("left", "right", "left", "stop"))
PROGRAMS = {
    "clock": """
        import time
        for i in range(4):
            a = time.time(); b = time.monotonic()
            sleep(0.25)
            print(i, a, b)
    """,
    "random": """
        import random
        from random import Random, SystemRandom
        print(random.random(), Random().random(), SystemRandom().random())
        sleep(0)
        print([random.randint(1, 1000) for _ in range(5)], Random(3).random())
        sleep(0.001)
        print(random.random(), Random().random())
    """,
    "instances": """
        class A:
            pass
        live = {A() for _ in range(5)}
        for i in range(3):
            sleep(0.001)
            live |= {A(), A()}
            print(live, id(live), sum(hash(a) for a in live))
    """,
    "moments": """
        from datetime import date, datetime, timezone
        for _ in range(2):
            print(datetime.now(), date.today(), datetime.today(), datetime.utcnow(), datetime.now(timezone.utc))
            sleep(40_000)
    """,
    "objects": """
        def f():
            yield 1
        live = {object() for _ in range(5)}
        for i in range(3):
            sleep(0.001)
            live |= {object(), object()}
            print(live, f, repr(f()), [iter([])])
    """,
    "input": """
        name = input("name? ")
        age = int(input("age? "))
        print(name, age)
        try:
            input()
        except EOFError as error:
            print(error)
    """,
    "events": """
        while True:
            event = receive()
            print(event)
            if event == "stop":
                break
        try:
            receive()
        except RuntimeError as error:
            print(error)
    """,
    "tasks": """
        from random import randint
        log = []
        async def work(n):
            for i in range(3):
                sleep(0.001 * randint(0, 2))
                await sleep(0)
                log.append((n, i))
                print(log[-1])
            return n
        async def reader():
            for _ in range(4):
                log.append(receive())
                print(log)
        print(gather(reader(), *(work(n) for n in range(4))))
        print(log)
    """,
    "timeouts": """
        async def never():
            try:
                receive()
                sleep(1000)
            finally:
                print("unwound")
        for _ in range(2):
            try:
                with_timeout(0.002, never())
            except TimeoutError as error:
                print("late", error)
        print(1 / 0)
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_cut_at_every_entry(name: str) -> None:
    source = dedent(PROGRAMS[name])
    first = play(source, WORLD)
    assert len(first.cuts) >= 3
    for cut in first.cuts:
        again = play(source, cut.world, cut.past, cut=False)
        assert (again.output, again.told) == (first.output[cut.shown :], first.told)


@pytest.mark.parametrize("name", PROGRAMS)
def test_restored_and_saved_again(name: str) -> None:
    """What is recorded after a restore is appended: the log is the one that an unbroken run would have."""
    source = dedent(PROGRAMS[name])
    first = play(source, WORLD)
    middle = first.cuts[len(first.cuts) // 2]
    again = play(source, middle.world, middle.past)
    last = first.cuts[-1].past
    assert again.cuts[-1].past == replace(last, clock=again.cuts[-1].past.clock)
    assert again.cuts[-1].past.clock == pytest.approx(last.clock)


def test_real_time_goes_on_where_it_stood() -> None:
    source = (
        "import time\nbegan = time.monotonic()\nfor _ in range(3):\n    sleep(0.001)\nprint(time.monotonic() - began)\n"
    )
    first = play(source, World(is_real=True))
    past = replace(first.cuts[2].past, clock=first.cuts[2].past.clock + 50)
    passed = float(play(source, World(is_real=True), past).output)
    assert 50 < passed < 60


CALLS = """
    from box import ask, give, fail
    async def one(n):
        return ask(n)
    print(give(3), sorted(gather(*(one(n) for n in range(5)))))
    try:
        fail(7)
    except KeyError as error:
        print("caught", error)
    try:
        fail(-1)
    except ValueError as error:
        print("caught", error)
    print(give({"a": [1, 2.5, None, True, b"x", ("t",)]}))
"""


class Box:
    """Native functions that remember their calls."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def ask(self, n: int) -> Future[int]:
        self.calls.append(("ask", n))
        future: Future[int] = Future()
        threading.Thread(target=lambda: future.set_result(n * n)).start()
        return future

    def give(self, value: Any) -> Any:
        self.calls.append(("give", value))
        return value

    def fail(self, n: int) -> Any:
        self.calls.append(("fail", n))
        if n < 0:
            raise ValueError("below zero")
        future: Future[int] = Future()
        future.set_exception(KeyError(n))
        return future

    @property
    def world(self) -> World:
        return World(natives={"box": {"ask": self.ask, "give": self.give, "fail": self.fail}})


def test_native_calls_are_not_made_again() -> None:
    source, box = dedent(CALLS), Box()
    first = play(source, box.world)
    assert first.told == (True, 0, None), first.told
    assert len(first.cuts) >= 5
    for position, cut in enumerate(first.cuts):
        other = Box()
        again = play(source, other.world, cut.past)
        assert (again.output, again.told) == (first.output[cut.shown :], first.told)
        if position == len(first.cuts) - 1:
            assert other.calls == []
    first_call = first.cuts[1]  # the first call of the host binds the module
    other = Box()
    play(source, other.world, first_call.past)
    assert other.calls == box.calls[1:]


def test_open_questions_are_asked_again() -> None:
    """Three calls are open when the run is saved in its wait: they are made again, in order, and nothing else."""
    source = "from box import ask, give\ngive(1)\nasync def one(n):\n    return ask(n)\nprint(gather(one(1), one(2), one(3)))\n"
    saved: list[Past] = []
    box = Box()
    program, host = compiled(source, box.world)

    class Saving(Replay):
        def wait(self, seconds: float | None) -> Any:
            if seconds is None and not saved:
                saved.append(self.past(waiting=True))
            return super().wait(seconds)

    Machine(program, Saving(host)).run()
    host.close()
    other = Box()
    again = play(source, other.world, saved[0])
    assert again.output == "[1, 4, 9]\n"
    assert other.calls == [("ask", 1), ("ask", 2), ("ask", 3)]


def test_what_cannot_be_kept_is_said() -> None:
    source = "from box import give\nprint(give)\nx = give(object())\nsleep(0.001)\nprint('on')\n"
    program, host = compiled(source, Box().world)
    replay = Replay(host)
    assert Machine(program, replay).run().ok
    with pytest.raises(NoState, match="what a native function gave is an object, and a state keeps plain data only"):
        replay.past(waiting=False)


def test_a_log_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LONGEST", 1 << 20)
    source = "import time\nfor _ in range(150_000):\n    time.time()\nprint('end')\n"
    program, host = compiled(source, World())
    replay = Replay(host)
    assert Machine(program, replay).run().ok
    with pytest.raises(NoState, match="its log has more than 1 MiB"):
        replay.past(waiting=False)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("import time\nsleep(0.001)\nprint(time.time())\nprint('end')\n", "asked for the clock where it did not"),
        ("import random\nprint(random.random())\n", "asked for a random seed where it did not"),
        ("import time\nprint(time.time(), time.time(), time.time())\n", None),
        ("print('nothing')\n", "ended before"),
    ],
)
def test_another_program_is_found_out(other: str, why: str | None) -> None:
    """Its digests would have refused it; here the log alone does."""
    source = "import time\nprint(time.time(), time.time())\nsleep(0.001)\nprint('end')\n"
    first = play(source, World())
    again = play(other, World(), first.cuts[-2].past)
    error = again.ending.error
    assert error is not None
    assert error.type == "StateError"
    assert "the saved state does not fit this run" in error.message
    if why:
        assert why in error.message


def test_a_program_cannot_catch_a_misfit() -> None:
    source = "import time\ntime.time()\nsleep(0.001)\n"
    other = dedent("""
        import time
        for _ in range(3):
            try:
                time.monotonic()
            except BaseException:
                print('caught')
    """)
    again = play(other, World(), play(source, World()).cuts[-1].past)
    assert again.ending.error is not None
    assert again.ending.error.type == "StateError"
    assert again.output == ""
