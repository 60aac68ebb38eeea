"""Tables of pure functions: nobody sees them.

Each trap is a program that would show one; it says the same with tables and without. `answers` is how many calls the tables took
on, so that a trap that catches nothing is noticed.
"""

from __future__ import annotations

import math
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_runtime import Limits, MemoryHost, RunResult, Session, forget, run_program
from edge_runtime.hosts.terminal import run_file
from edge_runtime.machine import memo

FIB = "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n"
PATIENT = Limits(time=20)


class Watched(memo._Table):
    """A table that counts what it was asked and could answer."""

    __slots__ = ("answers",)
    made: ClassVar[list[Watched]] = []

    def parts(self) -> dict[str, Any]:
        self.answers = 0
        self.made.append(self)
        return super().parts()

    def enter(self, *given: Any) -> bool:
        found = super().enter(*given)
        self.answers += found
        return found


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
    """The tables of the runs of this test."""
    monkeypatch.setattr(memo, "_Table", Watched)
    monkeypatch.setattr(Watched, "made", [])
    return Watched.made


def run(text: str, *, memo: bool, sources: dict[str, str] | None = None) -> RunResult:
    return run_program(text, MemoryHost(sources=sources or {}), limits=PATIENT, memo=memo)


def said(result: RunResult) -> tuple[str, str | None, int]:
    return result.output, None if result.error is None else result.error.rendered, result.exit_code


TRAPS = {
    "an ordinary function": """
        def fib(n: int) -> int:
            "Words."
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        print(fib(25), type(fib), fib.__name__, fib.__doc__, fib.__qualname__, repr(fib)[:14], fib.__defaults__)
        print(fib is fib, [hasattr(fib, name) for name in ("cache_info", "cache_clear", "func", "keywords")])
        print(fib.__annotations__, vars(fib), sorted(globals()), dir())
        print([name for name in dir(fib) if not name.startswith("__")])
    """,
    "identity": """
        BIG = 10 ** 40
        def f(n):
            return BIG + n if n < 2 else f(n - 1) + f(n - 2)
        print(f(20) is f(20), f(20) == f(20), f(1) is f(1), f(20) is f(19) + f(18))
        def g(n):
            return BIG if n < 2 else min(g(n - 1), g(n - 2))
        print(g(12) is BIG, g(12) is g(11))
        def h(n):
            return BIG if n < 2 else h(n - 1) * 1 + 0 * h(n - 2)
        print(h(10) is h(10), h(11) is h(10), h(11) is BIG)
        def k(n):
            return 1e300 if n < 2 else (k(n - 1) - 0) / 1 - 0 * k(n - 2)
        print(k(10) is k(10), k(11) is k(10))
        def m(n):
            return BIG + 1 if n < 2 else m(n - 1) % (m(n - 2) * BIG)
        print(m(5) is m(5), m(5) is m(4))
        def p(n):
            return n if n < 10 ** 9 else -p(n - 1) - -p(n - 10 ** 9)
        x = 10 ** 9 + 2
        print(p(x) is p(x), p(10 ** 8) is p(10 ** 8), p(x))
    """,
    "handed on": """
        def g(n):
            return 10 ** 40 + n if n < 2 else min(g(n - 1), g(n - 2))
        print(g(12), g(12) is g(12))
        def r(n):
            return n / 3 if n < 2 else max(r(n - 1), r(n - 2))
        print(r(9), r(9) is r(9))
        def s(n):
            return "ab" * n if n < 3 else max(s(n - 1), s(n - 2))
        print(s(9), s(9) is s(9))
        def kept(n):
            if n < 2:
                return n + 1000
            a = kept(n - 1)
            b = kept(n - 2) + a
            return a if n % 2 else b
        print(kept(9), kept(9) is kept(9), kept(8) is kept(8))
        def thrown(n):
            x = thrown(n - 1) + thrown(n - 2) if n > 1 else n + 10 ** 20
            y = x if n < 5 else thrown(n - 1)
            if n == 7:
                raise ValueError(y)
            return x + 0
        for _ in range(2):
            try:
                thrown(7)
            except ValueError as error:
                kept_one = error.args[0]
                print(kept_one, kept_one is thrown(6))
    """,
    "one and True": """
        def f(x, n):
            return x if n < 1 else f(x, n - 1) or f(x, n - 1)
        for x in (1, True, 0, False, 1, 2):
            print(f(x, 4))
    """,
    "kinds of numbers": """
        def f(x, n):
            return x if n < 1 else f(x, n - 1) + 0 * f(x, n - 1)
        for x in (1, 1.0, True, 0, 0.0, -0.0, False, float("nan"), float("inf"), 2 ** 53 + 1, 2.0 ** 53):
            print(repr(f(x, 3)), repr(f(x, 0)))
    """,
    "signs of zeros": """
        def f(x, n):
            if n < 1:
                return 1 if (1 - x) ** 2 == 1 and "-" in S[0:0 + (x == 0)] else x
            return f(x, n - 1) - 0.0 * f(x, n - 1)
        S = "-"
        def sign(x, n):
            return x if n < 1 else sign(x, n - 1) * 1.0 + -0.0 * sign(-x, n - 1)
        print([repr(sign(x, n)) for n in range(4) for x in (0.0, -0.0, 0, -1.0)])
    """,
    "inside tuples": """
        def f(t, n):
            u = (t[0], -t[0])
            return t[0] if n < 1 else f(t, n - 1) + -0.0 * f(u, n - 1)
        for t in ((1,), (1.0,), (True,), (0.0,), (-0.0,), (0,), (1, 2), (1, "a"), (1, (0.0,)), (1, (-0.0,))):
            print(repr(f(t, 3)))
        def g(t, n):
            return t[1][0] if n < 1 else g(t, n - 1) or g(t, n - 2)
        for t in ((0, (1,)), (0, (True,)), (0, (0,)), (0, (False,)), (False, (1,))):
            print(repr(g(t, 3)))
    """,
    "texts and bytes": """
        def f(x, n):
            return len(x) + x[0] if n < 1 else f(x, n - 1) + f(x, n - 1)
        for x in (b"ab", bytearray(b"ab"), [97, 1], memoryview(b"ab"), b"ab"):
            print(f(x, 3))
        def wide(x, n):
            return len(x) + x[0] if n < 1 else wide(x, n - 1) + wide(x, n - 1)
        for x in (b"\\1\\0\\0\\0", memoryview(b"\\1\\0\\0\\0").cast("I")):
            print(wide(x, 3))
    """,
    "subclasses": """
        class Odd(int):
            def __eq__(self, other): print("eq"); return int(self) == other
            def __hash__(self): print("hash"); return 1
            def __sub__(self, other): print("sub"); return int(self) - other
        class Name(str):
            def __len__(self): return 7
        def f(x, n):
            return x if n < 1 else f(x, n - 1) + f(x - 0, n - 1)
        print(f(1, 2), f(Odd(1), 2), f(1, 2))
        def g(x, n):
            return len(x) if n < 1 else g(x, n - 1) + g(x, n - 1)
        print(g("abc", 2), g(Name("abc"), 2))
    """,
    "an object is asked once": """
        class Loud:
            def __init__(self, n): self.n = n
            def __lt__(self, other): print("<"); return self.n < other
            def __sub__(self, other): print("-", other); return Loud(self.n - other)
            def __add__(self, other): print("+"); return self.n
            def __radd__(self, other): print("r+"); return self.n + other
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        print(fib(9), fib(Loud(3)), fib(9))
        def deep(n, k):
            return n if k < 1 else deep(deep(n - 1, k - 1), k - 1)
        print(deep(Loud(3), 3).n)
    """,
    "errors": """
        def f(n):
            if n == 3:
                raise ValueError(f"three {n}")
            return f(n - 1) + f(n - 2)
        for i in range(3):
            try:
                f(9)
            except ValueError as error:
                print(error, error.args, error.__context__, error.__cause__)
        def g(n):
            assert n != 2, n
            return g(n - 1) + g(n - 2) if n else 1 // n
        try:
            g(6)
        except AssertionError as error:
            print(error)
        f(6)
    """,
    "an error late": """
        def f(n):
            if n < 2:
                return n
            return (f(n - 1) +
                    f(n - 2) + (x
                    if n > 15 else 0))
        x = 1
        print(f(19))
        x = "a"
        f(16)
    """,
    "a name that is not bound": """
        def f(n):
            if n < 3:
                return n
            if n == 70:
                x = 1
            return f(n - 1) + f(n - 2) + (x if n > 8 else 0)
        print(f(8))
        f(9)
    """,
    "too deep": """
        def f(n):
            return n if n < 2 else f(n - 1) + f(n - 2)
        try:
            f(3000)
        except RecursionError as error:
            print(error)
        print(f(12))
        f(2000)
    """,
    "called from deep down": """
        def f(n):
            return n if n < 2 else f(n - 1) + f(n - 2)
        def below(k, n):
            return f(n) if k == 0 else below(k - 1, n)
        for n in (12, 14):
            for k in (900, 930, 960, 980, 985, 986, 987, 988, 990, 995, 999):
                try:
                    print(k, n, below(k, n))
                except RecursionError as error:
                    print(k, n, error)
    """,
    "another constant": """
        K = 3
        def f(n):
            return K if n < 2 else f(n - 1) + f(n - 2)
        print(f(10)); K = 4; print(f(10)); K = 4.0; print(f(10)); K = True; print(f(10)); K = (1,); print(len(f(10)))
        L = [1]
        def g(n):
            return L[0] if n < 2 else g(n - 1) + g(n - 2)
        print(g(10)); L[0] = 2; print(g(10))
        T = (1, [1])
        def h(n):
            return T[1][0] if n < 2 else h(n - 1) + h(n - 2)
        print(h(10)); T[1][0] = 2; print(h(10))
    """,
    "another built-in": """
        def f(n):
            return abs(n - 7) if n < 2 else f(n - 1) + f(n - 2)
        print(f(10))
        abs = lambda x: 100
        print(f(10))
        del abs
        print(f(10))
    """,
    "another helper": """
        def h(n): return n * 2
        def f(n):
            return h(n) + 1 if n < 2 else f(n - 1) + f(n - 2)
        print(f(9))
        def other():
            global h
            h = lambda n: n * 5
        other()
        print(f(9))
    """,
    "small and plain again": """
        def f(n):
            return n if n < 2 else f(n - 1) + f(n - 2)
        total = 0
        for i in range(3000):
            total += f(i % 4)
        print(total, f(15))
    """,
    "every call another": """
        def leaves(n, path):
            return path % 7 if n == 0 else leaves(n - 1, path + path) + leaves(n - 1, path + path + 1)
        print(leaves(12, 1))
    """,
    "results that are no numbers": """
        def lcs(a, b):
            if a == "" or b == "":
                return ""
            if a[0] == b[0]:
                return a[0] + lcs(a[1:], b[1:])
            x, y = lcs(a[1:], b), lcs(a, b[1:])
            return x if len(x) > len(y) else y
        print(lcs("hello", "yellow"), lcs("ab", "ba") is lcs("ab", "ba"))
        def nothing(n):
            if n > 0:
                x = nothing(n - 1), nothing(n - 2)
        print(nothing(3))
        def some(n):
            return None if n < 1 else some(n - 1) or some(n - 1)
        print(some(4))
    """,
    "large numbers": """
        def f(n):
            return 1 << 600 if n < 2 else f(n - 1) * f(n - 2)
        print(f(3).bit_length(), f(4).bit_length())
        print(f(2).bit_length(), f(7).bit_length(), f(6) is f(6))
    """,
    "texts as arguments": """
        def distance(a, b):
            if not a or not b:
                return len(a) + len(b)
            if a[0] == b[0]:
                return distance(a[1:], b[1:])
            return 1 + min(distance(a[1:], b), distance(a, b[1:]), distance(a[1:], b[1:]))
        print(distance("kitten", "sitting"), distance("a" * 600, "b"), distance("\\ud800é", "é"))
    """,
    "two tables": """
        def f(n):
            return 1 if n < 2 else f(n - 1) + f(n - 2)
        def g(n):
            return 1 if n < 2 else g(n - 1) - 2 * g(n - 2)
        def either(n):
            return f(n) if n % 2 else g(n)
        print([either(n) for n in range(20)], list(map(f, range(9))), max(range(9), key=g))
    """,
    "a NaN is in what holds it": """
        def g(n):
            return n if n < 2 else g(n - 1) + g(n - 2)
        nan = float("nan")
        def f(n, x, t):
            if n < 2:
                return 1 if x in t else 0
            return f(n - 1, x, t) + f(n - 2, x, t)
        print(g(10), f(10, nan, (nan,)), f(10, (nan,), ((nan,), 1)), f(10, 1.0, (nan, 1)))
    """,
    "a NaN is in what holds another": """
        def g(n):
            return n if n < 2 else g(n - 1) + g(n - 2)
        nan = float("nan")
        def f(n, x, y):
            if n < 2:
                return 1 if x in (y,) else 0
            return f(n - 1, x, y) + f(n - 2, x, y)
        print(g(10), f(10, nan, nan))
    """,
    "a NaN among tuples": """
        def g(n):
            return n if n < 2 else g(n - 1) + g(n - 2)
        nan = float("nan")
        def f(n, t, u):
            if n < 2:
                return 1 if t == u else 0
            return f(n - 1, t, u) + f(n - 2, t, u)
        print(g(10), f(10, (nan,), (nan,)))
    """,
    "a NaN that is read": """
        def g(n):
            return n if n < 2 else g(n - 1) + g(n - 2)
        nan = float("nan")
        def f(n, x):
            if n < 2:
                return 1 if NAN in (x,) else 0
            return f(n - 1, x) + f(n - 2, x)
        NAN = nan
        print(g(10), f(10, nan))
    """,
    "a NaN that was computed": """
        def g(n):
            return n if n < 2 else g(n - 1) + g(n - 2)
        K = float("inf")
        def f(n):
            if n < 2:
                return K * 0.0
            return 1.0 if f(n - 1) in [f(n - 1)] else 0.0
        print(g(10), f(2), f(3))
    """,
    "rests and powers": """
        def f(n):
            if n < 2:
                return n + 300
            return f(n - 1) % 999 + f(n - 2) // 3 + f(n - 1) ** 1 % 7 + (f(n - 1) & 255) + (f(n - 2) << 1) % 5
        print([f(n) for n in range(9)], f(8) is f(8))
        def g(n):
            return 300 + n if n < 2 else g(n - 1) | g(n - 2)
        print(g(9), g(9) is g(8), g(9) is g(9))
    """,
}  # fmt: skip
NOT_ASKED = frozenset({"errors", "every call another", "handed on", "results that are no numbers", "subclasses"})


def lines(text: str) -> str:
    """A trap's text without its margin."""
    return "\n".join(line[8:] for line in text.splitlines()[1:]) + "\n"


@pytest.mark.parametrize("name", TRAPS)
def test_nobody_sees_a_table(name: str, tables: list[Watched]) -> None:
    text = lines(TRAPS[name])
    with_tables = run(text, memo=True)
    asked = [table.answers for table in tables]
    assert said(with_tables) == said(run(text, memo=False))
    assert len(tables) == len(asked) > 0
    assert name in NOT_ASKED or any(asked), "no table took anything on"


@pytest.mark.parametrize("levels", [10, 40, 95, 98, 99, 100, 101, 105])
def test_depth_counts_what_a_table_had(levels: int, tables: list[Watched]) -> None:
    """`c(1, 100)` is there, so nothing goes deep; plain calls would go 100 deeper than the level on which it is asked for."""
    text = (
        "def c(k, n):\n    if k == 0 or n == 0:\n        return 1\n"
        "    return c(k, n - 1) + c(k - 1, 100)\nprint(c(1, 100))\n"
        f"try: print(c(2, {levels}))\nexcept RecursionError as error: print(error)\n"
    )
    seen = [run_program(text, limits=Limits(time=20, depth=200), memo=on) for on in (True, False)]
    assert said(seen[0]) == said(seen[1])
    assert tables[0].answers > 0


@pytest.mark.parametrize("depth", range(965, 991, 5))
def test_depth_counts_helpers(depth: int, tables: list[Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_ROOM", 1)  # else it is room enough for the few helpers that a function may have
    helpers = "".join(f"def h{k}(x): return h{k + 1}(x)\n" for k in range(12)) + "def h12(x): return x\n"
    text = (
        f"{helpers}def f(n):\n    return h0(n) if n < 2 else f(n - 1) + f(n - 2)\nprint(f(9))\n"
        "def below(k): return f(9) if k == 0 else below(k - 1)\n"
        f"try: print(below({depth}))\nexcept RecursionError as error: print(error)\n"
    )
    # Up to Python 3.11 the words say whether the limit was met in a comparison that was not specialised yet.
    out, *rest = said(run(text, memo=True))
    plain, *others = said(run(text, memo=False))
    assert (out.replace(" in comparison", ""), rest) == (plain.replace(" in comparison", ""), others)
    assert tables[0].answers > 0


def test_other_modules_write_names(tables: list[Watched]) -> None:
    sources = {"./m.py": "K = 1\n" + FIB.replace("return n\n", "return n + K\n")}
    text = (
        'import "./m.py" as m\nfrom "./m.py" import fib\nprint(fib(12), m.fib(12))\n'
        "m.K = 5\nprint(fib(12))\nsetattr(m, 'K', 6)\nprint(fib(12))\nm.fib = lambda n: 7\nprint(fib(12), m.fib(12))\n"
    )
    with_tables = run(text, memo=True, sources=sources)
    assert [table.answers > 0 for table in tables] == [True]
    assert "<self 0>" not in tables[0]._one.code.co_names
    assert said(with_tables) == said(run(text, memo=False, sources=sources))
    assert said(with_tables)[0].splitlines()[-1] == "14 7"


def test_snippets_find_new_meanings(tables: list[Watched]) -> None:
    found = []
    for on in (True, False):
        session = Session()
        inputs = (
            "K = 1",
            FIB.replace("return n\n", "return n + K\n"),
            "fib(12)",
            "K = 2",
            "fib(12)",
            "fib = abs",
            "fib(-3)",
        )
        found.append([run_program(text, session=session, keep=True, memo=on).output for text in inputs])
        forget(session)
    assert found[0] == found[1]
    assert found[0][2::2] == ["377\n", "610\n", "3\n"]
    assert any(table.answers for table in tables)


@pytest.mark.parametrize(
    "text", ["print(fib(90))", "print(fib(900) % 1000)", "print([fib(n) for n in range(200)][90])"]
)
def test_it_ends(text: str) -> None:
    result = run(FIB + text, memo=True)  # without a table it would not, in the life of the universe
    assert said(result)[1:] == (None, 0)
    assert result.output.strip() in ("2880067194370816120", str(_fib(900) % 1000))


def _fib(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def test_wide_grids_gain() -> None:
    text = "def f(r, c):\n    return 1 if r == 0 or c == 0 else f(r - 1, c) + f(r, c - 1)\nprint(f(60, 60))"
    assert run(text, memo=True).output == f"{math.comb(120, 60)}\n"


def test_tables_are_bounded(tables: list[Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MOST", 10)
    assert run(FIB + "print(fib(60), fib(61))", memo=True).output == "1548008755920 2504730781961\n"
    assert len(tables[0]._entries) == 10


def test_many_tables_share_their_room(tables: list[Watched]) -> None:
    text = "".join(FIB.replace("fib", f"fib{k}") for k in range(64))
    assert (
        run(text + "print(fib0(400) % 1000, fib63(400) % 1000)", memo=True).output
        == f"{_fib(400) % 1000} {_fib(400) % 1000}\n"
    )
    assert len(tables) == 64
    assert len(tables[0]._entries) == len(tables[63]._entries) == (1 << 14) // 64


def test_what_was_turned_off_is_not_asked_again(tables: list[Watched]) -> None:
    text = FIB + "print(fib(12))\nfor _ in range(999): fib(3)\nprint(fib(12))"
    assert run(text, memo=True).output == "144\n144\n"
    (table,) = tables
    assert table.answers < 100
    assert table._builtins["<on 0>"] is None
    assert table._builtins["<self 0>"] is table._names["fib"]
    assert (table._entries, table._left) == ({}, [])


def test_what_goes_deep_asks_on_its_way_back(tables: list[Watched]) -> None:
    text = FIB + "for _ in range(9):\n    try: fib(3000)\n    except RecursionError: pass\n"
    assert not run(text + "fib(2000)", memo=True).ok
    assert said(run(text + "print(fib(90))", memo=True)) == ("2880067194370816120\n", None, 0)
    assert [table.answers > 0 for table in tables] == [False, True]
    assert [table._on for table in tables] == [True, True]
    assert [table._builtins["<down 0>"] for table in tables] == [None, None]


STARRED = "def fib(n): return 7\n"
ANEW = {
    "nothing binds it": (FIB, True),
    "names by their text": (FIB + "print(len(globals()) > 0)\n", False),
    "a star": (FIB + "print(fib(12))\nfrom './m.py' import *\n", False),
    "a star that comes first": ("from './m.py' import *\n" + FIB, False),
    "a private name": (FIB.replace("fib", "__fib") + "fib = __fib\n", False),
}


@pytest.mark.parametrize("name", ANEW)
def test_calls_are_linked_where_no_name_is_bound_anew(name: str, tables: list[Watched]) -> None:
    text, stands = ANEW[name]
    text += "print(fib(12), fib(13))\n"
    sources = {"./m.py": STARRED}
    with_tables = run(text, memo=True, sources=sources)
    assert said(with_tables) == said(run(text, memo=False, sources=sources))
    assert ("<self 0>" in tables[0]._one.code.co_names) is stands
    assert tables[0].answers > 0 or "comes first" not in name


def test_turned_off_there_is_no_table(tables: list[Watched], tmp_path: Path) -> None:
    assert run(FIB + "print(fib(12))", memo=False).output == "144\n"
    program, out = tmp_path / "main.py", StringIO()
    program.write_text(FIB + "print(fib(12))")
    assert run_file(program, None, out, out, memo=False) == 0
    assert tables == []
    assert run_file(program, None, out, out) == 0
    assert [table.answers > 0 for table in tables] == [True]
    assert out.getvalue() == "144\n144\n"


def test_runs_share_no_table(tables: list[Watched]) -> None:
    session = Session()
    for _ in range(2):
        assert run_program(FIB + "for _ in range(999): fib(3)", session=session).ok
    assert [table._on for table in tables] == [False, False]
    assert run_program(FIB + "print(fib(90))", session=session, limits=PATIENT).output == "2880067194370816120\n"


AWKWARD = (
    "0", "1", "2", "3", "-1", "True", "False", "1.0", "2.0", "0.0", "-0.0", "1.5", "float('nan')", "10**30", "-2**70", "None",
    "''", "'ab'", "'a'", "b'ab'", "(1,)", "(1.0,)", "(True,)", "(0.0, 'a')", "(-0.0, 'a')", "[1]", "257", "K",
)  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """What a pure function may say of `n` and `x`, and some things that raise."""
    if depth == 0:
        return draw(st.sampled_from(("n", "x", "1", "2", "K", "0.5", "-1", "True", "300")))
    inner = expressions(depth=depth - 1)
    one, other, third = draw(inner), draw(inner), draw(inner)
    return draw(
        st.sampled_from(
            (
                f"f(n - 1, {one})", "f(n - 1, x)", "f(n - 2, x)",
                f"({one} + {other})", f"({one} - {other})", f"({one} * {other})",
                f"({one} / {other})", f"({one} // {other})", f"({one} % {other})", f"max({one}, {other})", f"min({one}, {other})",
                f"abs({one})", f"({one} if {other} else {third})", f"({one} or {other})", f"(-{one})", f"({one} < {other})",
                f"h({draw(st.sampled_from(('n', 'x')))})", f"int({one})",
                f"({one} == {other} or {third})", f"({one} and {other})",
            )
        )
    )  # fmt: skip


@given(
    bottom=expressions(depth=1).filter(lambda text: "f(" not in text),
    first=expressions(),
    second=expressions(depth=2),
    values=st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=5),
)
@settings(max_examples=25, deadline=None)
def test_any_pure_function_says_the_same(bottom: str, first: str, second: str, values: list[str]) -> None:
    text = (
        "K = 1000\ndef h(x):\n    return abs(x) + 1\n"
        f"def f(n, x):\n    if n < 1:\n        return {bottom} + 400\n    y = {second}\n"
        f"    return max({first}, f(n - 1, x)) if n % 2 else f(n - 1, x) and f(n - 2, y) or y\n"
        f"for n in (2, 3, 2, 1):\n    for x in ({', '.join(values)},):\n"
        "        try:\n            a, b = f(n, x), f(n, x)\n            print(repr(a), repr(b), a is b, a is x, type(a))\n"
        "        except (TypeError, ArithmeticError, ValueError, IndexError) as error:\n            print(type(error), error)\n"
    )
    assert said(run(text, memo=True)) == said(run(text, memo=False)), text
