"""Looking at a program that stands still: its tasks, frames and names; nothing of its own runs for it."""

from __future__ import annotations

import sys
from textwrap import dedent
from typing import Any

import pytest

from edge_runtime.machine.inspection import Inspector, short
from edge_runtime.machine.machine import Machine
from edge_runtime.machine.replay import Replay

from .replaying import Host, World, compiled


class Looking(Host):
    """A host that looks at the program when it would wait for good."""

    inspector: Inspector
    stack: Any = None
    names: Any = None

    def wait(self, seconds: float | None) -> Any:
        if seconds != 0 and self.stack is None:
            self.stack, self.names = self.inspector.stack(), self.inspector.globals()
        return super().wait(seconds)


def look(source: str, **world: Any) -> Looking:
    program, host = compiled(dedent(source), World(**world))
    looking = Looking(host._host, host.world)
    machine = Machine(program, looking)
    looking.inspector = machine.inspector()
    ending = machine.run()
    host.close()
    assert ending.ok, ending.error
    return looking


def lines(task: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(frame["function"], frame["line"], frame["text"]) for frame in task["frames"]]


TASKS = """
    def helper(n):
        sleep(n)

    async def inner(n):
        await sleep(n)

    async def plain(n):
        helper(n)

    async def awaiting(n):
        await inner(n)

    async def nested(n):
        run(plain(n))

    def main():
        gather(plain(1), awaiting(2), nested(3))
    main()
"""


def test_tasks_and_their_frames() -> None:
    stack = look(TASKS).stack
    assert [(task["task"], task["waits"]) for task in stack] == [
        ("the program", "gather"), ("plain", "sleep"), ("awaiting", "sleep"), ("nested", "run"), ("plain", "sleep"),
    ]  # fmt: skip
    assert lines(stack[0]) == [("<module>", 19, "main()"), ("main", 18, "gather(plain(1), awaiting(2), nested(3))")]
    assert lines(stack[1]) == [("plain", 9, "helper(n)"), ("helper", 3, "sleep(n)")]
    assert lines(stack[2]) == [("awaiting", 12, "await inner(n)"), ("inner", 6, "await sleep(n)")]
    assert lines(stack[3]) == [("nested", 15, "run(plain(n))")]
    assert lines(stack[4]) == [("plain", 9, "helper(n)"), ("helper", 3, "sleep(n)")]
    assert {frame["file"] for task in stack for frame in task["frames"]} == {"./main.py"}


def test_looking_changes_nothing() -> None:
    looked, plain = look(TASKS + "    print('end')\n"), compiled(dedent(TASKS) + "print('end')\n", World())
    Machine(*plain).run()
    assert looked.written == plain[1].written == ["end\n"]


def test_a_module_that_awaits() -> None:
    stack = look("async def f():\n    await sleep(1)\nawait f()\n").stack
    assert lines(stack[0]) == [("<module>", 3, "await f()"), ("f", 2, "await sleep(1)")]


def test_globals() -> None:
    names = look("""
        class Loud:
            def __repr__(self):
                raise ValueError("never")
            __len__ = __iter__ = __str__ = __repr__
        class Name(str):
            def __format__(self, spec):
                raise ValueError("never")
            __str__ = __repr__ = __format__
        class Sub(list):
            def __repr__(self):
                raise ValueError("never")
        n, text, loud, sub, deep = 3, "x" * 100, Loud(), Sub(), [[1, [2, [3]]], {"a": (4,)}, {5}]
        many, huge, kind = list(range(20)), 10 ** 100, Loud
        def f(): pass
        f.__name__ = Loud.__name__ = Name("Odd")
        sleep(1)
    """).names
    assert names == {
        "./main.py": {
            "Loud": "<class Odd>",
            "Name": "<class Name>",
            "Sub": "<class Sub>",
            "n": "3",
            "text": repr("x" * 80) + "… (100)",
            "loud": "<Odd>",
            "sub": "<Sub>",
            "deep": "[[1, [… 2]], {'a': (… 1)}, {5}]",
            "many": "[0, 1, 2, 3, 4, 5, 6, 7, … 20]",
            "huge": "<int of 333 bits>",
            "kind": "<class Odd>",
            "f": "<function Odd>",
        }
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "None"), (1.5, "1.5"), ((1,), "(1,)"), ({}, "{}"), (range(3), "range(0, 3, 1)"), (b"a", "b'a'"), (sys, "<module>"),
     (int, "<class int>"), (len, "<built-in function len>"), (frozenset({1}), "frozenset({1})"), (object(), "<object>")],
)  # fmt: skip
def test_values_in_short(value: Any, text: str) -> None:
    assert short(value) == text


def test_a_fingerprint_is_of_place_and_values() -> None:
    """Two runs agree at each moment, and no two moments of a run that counts agree."""

    def prints() -> list[str]:
        program, host = compiled(
            "def f(i):\n    x = i * 2\n    sleep(0.001)\n\nfor i in range(5):\n    f(i)\n", World()
        )
        found: list[str] = []

        class Printing(Replay):
            def monotonic(self) -> float:
                found.append(inspector.fingerprint(sys._getframe()))
                return super().monotonic()

        machine = Machine(program, Printing(host))
        inspector = machine.inspector()
        assert machine.run().ok
        host.close()
        return found

    first = prints()
    assert first == prints()
    assert len(first) >= 10
    assert len(set(first)) == 5
    assert all(one.startswith("./main.py:") for one in first)


def test_addresses_in_texts_are_left_out() -> None:
    """They are not the same where the program is restored; sequence numbers are."""
    assert short("<function f at 0x7f12ab>") == "'<function f at 0x…>'"
    assert short("<A object at 0x00000000001a>") == "'<A object at 0x00000000001a>'"
    assert short(["<a at 0x12>" * 30]) == short(["<a at 0x1234567>" * 30])
    assert short("x" * 81) == repr("x" * 80) + "… (81)"
