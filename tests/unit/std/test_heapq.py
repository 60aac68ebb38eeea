"""`heapq` and `bisect`: the same order as CPython's."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.differential import Names, pair, same_output

HEAPQ, BISECT = pair("heapq"), pair("bisect")
ITEMS = st.lists(st.integers(-9, 9) | st.floats(allow_nan=False), max_size=30)


@given(ITEMS, st.randoms(use_true_random=False))
def test_a_heap_in_use(items: list[float], chance: random.Random) -> None:
    state = chance.getstate()

    def play(module: Names) -> list[Any]:
        chance.setstate(state)
        heap = items[:10]
        module.heapify(heap)
        seen: list[Any] = []
        for item in items:
            step = chance.choice(["heappush", "heappushpop", "heapreplace", "heappop"])
            arguments = () if step == "heappop" else (item,)
            try:
                seen.append(getattr(module, step)(heap, *arguments))
            except IndexError as error:
                seen.append(str(error))
        return [heap, seen]

    HEAPQ.check(play)


@given(ITEMS, st.integers(-2, 12), st.sampled_from([None, abs, str]))
def test_the_smallest_and_the_largest(items: list[float], count: int, key: Any) -> None:
    HEAPQ.call("nsmallest", count, items, key=key)
    HEAPQ.call("nlargest", count, items, key=key)


@given(st.lists(ITEMS.map(sorted), max_size=4), st.booleans())
def test_merge(runs: list[list[float]], backwards: bool) -> None:
    ordered = [run[::-1] if backwards else run for run in runs]
    HEAPQ.call("merge", *ordered, reverse=backwards)
    HEAPQ.call("merge", *ordered, key=abs)


@given(ITEMS.map(sorted), st.integers(-9, 9), st.integers(-3, 12), st.integers(-3, 12) | st.none())
def test_bisect(items: list[float], wanted: int, low: int, high: int | None) -> None:
    for function in ("bisect", "bisect_left", "bisect_right"):
        BISECT.call(function, items, wanted, low, high)
        BISECT.call(function, items, wanted, key=lambda value: value // 2)

    def insert(module: Names, function: str) -> list[float]:
        copy = items[:]
        getattr(module, function)(copy, wanted, key=lambda value: -value)
        getattr(module, function)(copy, wanted, low)
        return copy

    for function in ("insort", "insort_left", "insort_right"):
        BISECT.check(insert, function)


def test_things_that_cannot_be_ordered() -> None:
    HEAPQ.call("heapify", [1, "a", None])
    BISECT.call("bisect", [1, 2], "a")


def test_in_a_program() -> None:
    same_output("""
import heapq
from bisect import insort

class Task:
    def __init__(self, when, name): self.when, self.name = when, name
    def __lt__(self, other): return self.when < other.when

heap = []
for when, name in [(3, "c"), (1, "a"), (2, "b")]:
    heapq.heappush(heap, Task(when, name))
print([heapq.heappop(heap).name for _ in range(3)])
print(list(heapq.merge([1, 4], [2, 3], key=lambda n: n)), heapq.nlargest(2, "hello", key=ord))
words = []
for word in "pear fig apple".split():
    insort(words, word, key=len)
print(words)
""")
