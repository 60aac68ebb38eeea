"""Looking at a program that stands still: its tasks, frames and names; nothing of its own runs for it."""

from __future__ import annotations

import json
import sys
import tracemalloc
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


def test_names_of_any_length_are_cut() -> None:
    huge = "x" * 10**6
    namespace: dict[str, Any] = {}
    exec("def f(): pass\nasync def c(): pass", namespace)  # noqa: S102
    namespace["f"].__name__ = huge
    coroutine = namespace["c"]()
    coroutine.__name__ = huge
    kind = type(huge, (), {})
    for value in (namespace["f"], kind, kind(), coroutine):
        assert huge[:80] + "…>" in short(value)
        assert len(short([value] * 9)) < 1_000
    coroutine.close()


@pytest.mark.parametrize("kind", [list, tuple, set, dict.fromkeys])
def test_of_a_large_container_little_is_touched(kind: Any) -> None:
    value = kind(range(10**6))
    tracemalloc.start()
    try:
        assert short(value).count(", ") == 8
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def size(found: Any) -> int:
    return len(json.dumps(found))


def test_globals_are_bounded() -> None:
    """Values that are each within bounds, and are too many together."""
    names = look(f"""
        deep = [["a" * 80] * 8] * 8
        {", ".join(f"n{i}" for i in range(900))} = [deep] * 900
        sleep(1)
    """).names
    assert 500_000 < size(names) < 1_200_000
    (main,) = names.values()
    assert list(main)[-1] == "…"
    assert list(main)[:2] == ["deep", "n0"]
    escaped = look(f"""
        deep = [["\U0001f600" * 80] * 8] * 8
        {", ".join(f"n{i}" for i in range(900))} = [deep] * 900
        sleep(1)
    """).names
    assert size(escaped) < 16 * 1024 * 1024


def test_stacks_are_bounded() -> None:
    """Long lines, deep stacks, many tasks."""
    stack = look(f"""
        def down(n):
            if n: return down(n - 1) + len("{"y" * 10_000}")
            sleep(1)
            return 0
        async def deep(): down(150)
        gather(*[deep() for _ in range(60)])
    """).stack
    assert 500_000 < size(stack) < 1_500_000
    assert [task["task"] for task in stack] == ["the program"] + ["deep"] * 60
    assert lines(stack[50]) == [("…", 0, "…")]
    assert all(len(frame["text"]) <= 81 for task in stack for frame in task["frames"])
    assert lines(stack[1])[-1] == ("down", 4, "sleep(1)")
    many = look("async def f(): sleep(1)\ngather(*[f() for _ in range(9_000)])\n").stack
    assert many[-1]["task"] == "…"
    assert size(many) < 3_000_000
