"""Programs that wait, with a virtual clock: what they print, exactly, and the whole picture of every wrong use.

Takes: `run`, `gather`, `with_timeout`, `cancel`, `sleep`, `receive`, `frame`, `await`. Refuses: another order, another word.
"""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import Future
from typing import Any

import greenlet
import pytest

from edge_runtime import Limits, MemoryHost, RunResult, run_program
from edge_runtime.hosts import greenlets
from edge_runtime.hosts.clocks import VirtualClock
from edge_runtime.machine import drivers, groups, scheduler


def run(source: str, **host: Any) -> RunResult:
    return run_program(source, MemoryHost(clock=VirtualClock(), **host))


def shown(source: str, **host: Any) -> str:
    """What is printed, and the picture of the error."""
    result = run(source, **host)
    return result.output + ("" if result.error is None else result.error.rendered + "\n")


PROGRAMS = {
    "the first task begins": (
        "async def t(n):\n    for i in range(2):\n        print(n, i)\n        sleep(0)\nrun(t('a'), t('b'))",
        "a 0\nb 0\na 1\nb 1\n",
    ),
    "results in order, whoever ends first": (
        "async def t(n):\n    sleep(n)\n    print(n)\n    return n\nprint(gather(t(3), t(1), t(2)))\nprint(run(t(2), t(1)))",
        "1\n2\n3\n[3, 1, 2]\n1\n2\n2\n",
    ),
    "equal deadlines in order of creation": (
        "async def t(n):\n    sleep(1)\n    print(n)\ngather(t('x'), t('y'), t('z'))",
        "x\ny\nz\n",
    ),
    "a plain function suspends its whole chain": (
        (
            "def deep(n):\n    if n:\n        return deep(n - 1) + 1\n    sleep(1)\n    return 0\n"
            "async def t(n):\n    print(deep(n))\ngather(t(200), t(3))"
        ),
        "200\n3\n",
    ),
    "await and plain calls side by side": (
        "async def f(n):\n    await sleep(n)\n    sleep(n)\n    return n\nprint(await gather(f(2), f(1)))\nprint(await f(3))",
        "[2, 1]\n3\n",
    ),
    "an await of a method that waits": (
        (
            "class C:\n    def __init__(self):\n        self.wait = sleep\n"
            "async def f():\n    await C().wait(1)\n    return 'ok'\nprint(run(f()))"
        ),
        "ok\n",
    ),
    "a task is joined by two others": (
        "async def a():\n    sleep(1)\n    return 'x'\nA = a()\nasync def b():\n    return run(A)\nprint(gather(A, b(), b()))",
        "['x', 'x', 'x']\n",
    ),
    "an error comes after all peers ended": (
        (
            "async def bad():\n    sleep(1)\n    raise ValueError('b')\nasync def good():\n    sleep(2)\n    print('good')\n"
            "try:\n    gather(bad(), good())\nexcept ValueError as e:\n    print('caught', e)"
        ),
        "good\ncaught b\n",
    ),
    "a timeout, and none": (
        (
            "async def t(n):\n    try:\n        sleep(n)\n        return n\n    finally:\n        print('end', n)\n"
            "print(with_timeout(2, t(1)))\ntry:\n    with_timeout(2, t(3))\nexcept TimeoutError as e:\n    print(e)"
        ),
        "end 1\n1\nend 3\n't' took longer than 2 s\n",
    ),
    "events, oldest first": (
        (
            "async def a():\n    print('a', receive())\n    print('a', receive())\nasync def b():\n    print('b', receive())\n"
            "run(a(), b())"
        ),
        "a 1\nb 2\na 3\n",
    ),
    "a bare yield lets the others go on": (
        (
            "class Turn:\n    def __await__(self):\n        yield\n        return 5\nasync def t(n):\n    print(n)\n"
            "    print(await Turn(), n)\nrun(t('a'), t('b'))\nprint(run(Turn()))"
        ),
        "a\nb\n5 a\n5 b\n5\n",
    ),
    "async with, for, comprehensions at the top": (
        (
            "class C:\n    async def __aenter__(self):\n        await sleep(1)\n        return 'in'\n"
            "    async def __aexit__(self, *_):\n        sleep(1)\n        print('out')\n"
            "async def g():\n    for i in range(3):\n        await sleep(1)\n        yield i\n"
            "async with C() as c:\n    print(c)\nasync for x in [1]:\n    print(x)\nprint([x async for x in g()])"
        ),
        "in\nout\n1\n[0, 1, 2]\n",
    ),
    "generators that nobody finished are closed, in order": (
        (
            "async def g(n):\n    try:\n        yield 1\n    finally:\n        await sleep(1)\n        print('closed', n)\n"
            "a, b = g('a'), g('b')\nasync for _ in a:\n    break\nasync for _ in b:\n    break\n"
            "async for _ in g('c'):\n    break\nsleep(0)\nprint('end')"
        ),
        "end\nclosed c\nclosed a\nclosed b\n",
    ),
    "context variables are the task's own": (
        (
            "from decimal import localcontext, getcontext, Decimal\nasync def t(n):\n    with localcontext() as c:\n"
            "        c.prec = n\n        sleep(n)\n        print(Decimal(1) / 3)\ngather(t(2), t(4))\nprint(getcontext().prec)"
        ),
        "0.33\n0.3333\n28\n",
    ),
    "cancel: newest first, innermost first, at once": (
        (
            "async def leaf(n):\n    try:\n        await sleep(9)\n    finally:\n        print('leaf', n)\n"
            "async def mid():\n    try:\n        gather(leaf(1), leaf(2), leaf(3))\n    finally:\n        print('mid')\n"
            "M = mid()\nasync def other():\n    sleep(1)\n    cancel(M)\n    print('cancelled')\n"
            "try:\n    gather(M, other())\nexcept CancelledError as e:\n    print(e)"
        ),
        "leaf 3\nleaf 2\nleaf 1\nmid\ncancelled\n'mid' was cancelled\n",
    ),
    "no handler of the cancelled one sees it": (
        (
            "async def t():\n    try:\n        sleep(9)\n    except BaseException:\n        print('never')\n    finally:\n"
            "        return 'kept'\nT = t()\nasync def c():\n    sleep(1)\n    cancel(T)\n    cancel(T)\n"
            "try:\n    gather(T, c())\nexcept CancelledError as e:\n    print(type(e) is CancelledError, e)"
        ),
        "True 't' was cancelled\n",
    ),
    "waiting in a finally": (
        (
            "async def t():\n    try:\n        sleep(9)\n    finally:\n        sleep(1)\n        print('never')\n"
            "try:\n    with_timeout(1, t())\nexcept TimeoutError as e:\n    print(e)"
        ),
        "'t' took longer than 1 s\n",
    ),
    "a cancelled task that was not started never starts": (
        (
            "async def t():\n    print('never')\nT = t()\nasync def c():\n    cancel(T)\ntry:\n    run(c(), T)\n"
            "except CancelledError as e:\n    print(e)\nN = t()\ncancel(N)\ncancel(N)"
        ),
        "'t' was cancelled\n",
    ),
    "a task cancels itself, and its parent": (
        (
            "async def me():\n    try:\n        cancel(ME)\n    finally:\n        print('unwound')\nME = me()\n"
            "async def inner():\n    cancel(OUT)\nasync def out():\n    run(inner())\nOUT = out()\n"
            "for c in (ME, OUT):\n    try:\n        run(c)\n    except CancelledError as e:\n        print(e)"
        ),
        "unwound\n'me' was cancelled\n'out' was cancelled\n",
    ),
    "SystemExit in a task ends the others first": (
        (
            "async def a():\n    try:\n        sleep(3)\n    finally:\n        print('unwound')\nasync def b():\n    sleep(1)\n"
            "    raise SystemExit(4)\ntry:\n    gather(a(), b())\nexcept SystemExit as e:\n    print('caught', e.code)\n"
            "sleep(1)\nprint('goes on')"
        ),
        "unwound\ncaught 4\ngoes on\n",
    ),
    "an error of a finally is not lost": (
        (
            "async def t():\n    try:\n        sleep(9)\n    finally:\n        raise KeyError(3)\n"
            "try:\n    with_timeout(1, t())\nexcept KeyError as e:\n    print(repr(e))"
        ),
        "KeyError(3)\n",
    ),
    "calls that are too deep are an error of their own task": (
        (
            "async def a():\n    return run(a())\nasync def t():\n    try:\n        run(a())\n    except RecursionError:\n"
            "        return 1\nprint(gather(t(), t()))"
        ),
        "[1, 1]\n",
    ),
    "waiting at every depth": (
        (
            "def fill(n):\n    return fill(n - 1) if n else sleep(1)\nasync def probe(n):\n    try:\n        fill(n)\n"
            "        return 'slept'\n    except RecursionError:\n        return 'too deep'\nasync def other():\n    sleep(2)\n"
            "print(sorted({r for n in range(880, 1000) for r in gather(probe(n), other(), probe(n)) if r}))"
        ),
        "['slept', 'too deep']\n",
    ),
    "no method of an error runs for a note": (
        (
            "class E(Exception):\n    def __getattr__(self, name):\n        raise ZeroDivisionError(name)\n"
            "async def a(e):\n    raise e\ntry:\n    gather(a(E()), a(ValueError()))\nexcept E:\n    print('E')"
        ),
        "E\n",
    ),
    "an error's own place may be asked again": (
        (
            "async def a():\n    sleep(1)\n    raise KeyError('k')\nA = a()\nasync def b():\n    try:\n        run(A)\n"
            "    except KeyError:\n        return 'b'\ntry:\n    print(gather(b(), A))\nexcept KeyError as e:\n    print(repr(e))"
        ),
        "KeyError('k')\n",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str) -> None:
    source, expected = PROGRAMS[name]
    assert shown(source, events=("1", "2", "3")) == expected


def _at(line: int, text: str, where: str = "<module>", part: str | None = None) -> str:
    column = text.index(part or text.strip()) + 1
    arrow = f"   --> main.py:{line}:{column} in {where}\n    |\n"
    return f"{arrow}{line:>3} | {text}\n    | {' ' * (column - 1)}{'^' * len(part or text.strip())}\n"


F = "async def f(): pass\n"
WRONG = {
    "no coroutine": ("gather(1)", "TypeError: gather() takes coroutines, not int", _at(1, "gather(1)")),
    "a list": ("gather([])", "TypeError: gather() takes coroutines, not list: write gather(*…)", _at(1, "gather([])")),
    "nothing": ("run()", "TypeError: run() takes at least one coroutine", _at(1, "run()")),
    "a function": (
        F + "run(f)",
        "TypeError: run() takes coroutines, and 'f' is a function: call it: f()",
        _at(2, "run(f)"),
    ),
    "an asynchronous generator": (
        "async def f(): yield\nrun(f())",
        "TypeError: run() takes coroutines, not asynchronous generators: loop over it with 'async for'",
        _at(2, "run(f())"),
    ),
    "a finished one": (
        F + "c = f()\nrun(c)\nrun(c)",
        "RuntimeError: cannot reuse already awaited coroutine",
        _at(4, "run(c)"),
    ),
    "one twice": (
        F + "c = f()\nawait c\ngather(c, c)",
        "RuntimeError: gather() got the coroutine 'f' twice",
        _at(4, "gather(c, c)"),
    ),
    "its own caller": (
        "async def f():\n    run(C)\nC = f()\nrun(C)",
        "RuntimeError: run() inside run() of the same coroutine 'f': it would wait for itself",
        _at(4, "run(C)") + _at(2, "    run(C)", "f"),
    ),
    "a circle": (
        "async def a():\n    sleep(0)\n    run(B)\nasync def b():\n    sleep(0)\n    run(A)\nA = a()\nB = b()\ngather(A, B)",
        "RuntimeError: deadlock: each of these waits for another\nmain.py:6 in b: waits for a\nmain.py:3 in a: waits for b",
        _at(9, "gather(A, B)") + _at(6, "    run(A)", "b"),
    ),
    "no events": ("receive()", "RuntimeError: no event source", _at(1, "receive()")),
    "no page": ("frame()", "RuntimeError: frame() needs a page: there are no animation frames here", _at(1, "frame()")),
    "a limit before now": (
        F + "c = f()\nawait c\nwith_timeout(-1, c)",
        "ValueError: with_timeout length must be non-negative",
        _at(4, "with_timeout(-1, c)"),
    ),
    "not a number": ("sleep('1')", "TypeError: sleep() takes a number of seconds, not str", _at(1, "sleep('1')")),
    "before now": ("sleep(-1)", "ValueError: sleep length must be non-negative", _at(1, "sleep(-1)")),
    "an odd yield": (
        "class A:\n    def __await__(self):\n        yield 3\nrun(A())",
        "TypeError: a coroutine can only wait for what is awaitable here: it yielded int",
        _at(4, "run(A())") + _at(3, "        yield 3", "A.__await__"),
    ),
    "a child's error shows the parents' frames first": (
        "async def b():\n    sleep(1)\n    1 / 0\nasync def a():\n    run(b())\nrun(a())",
        "ZeroDivisionError: division by zero",
        _at(6, "run(a())") + _at(5, "    run(b())", "a") + _at(3, "    1 / 0", "b"),
    ),
    "other errors are not lost": (
        "async def a(n):\n    sleep(n)\n    raise ValueError(n)\ngather(a(2), a(1))",
        "ValueError: 1",
        _at(4, "gather(a(2), a(1))")
        + _at(3, "    raise ValueError(n)", "a")
        + "    = note: another coroutine, a (main.py:3), raised ValueError: 2\n",
    ),
    "a cancelled one that goes on": (
        (
            "async def f():\n    for _ in range(50):\n        try:\n            sleep(2)\n"
            "        finally:\n            continue\nwith_timeout(1, f())"
        ),
        "RuntimeError: 'f' was cancelled, and goes on waiting: let CancelledError pass",
        _at(7, "with_timeout(1, f())"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use(name: str) -> None:
    source, message, picture = WRONG[name]
    assert shown(source) == f"error: {message}\n{picture}"


LEFT = (
    "async def g(n):\n    try:\n        yield 1\n    finally:\n        await sleep(0.5)\n        print('closed', n)\n"
)


def test_a_coroutine_that_nobody_awaits_is_told_of_once() -> None:
    source = "async def f():\n    return 1\ndef g():\n    f()\ng()\ng()\nx = f()\nprint('end')"
    warning = "warning: coroutine 'f' was never awaited\n"
    fix = "    = help: write 'await f(…)' or 'run(f(…))'\n"
    inside = _at(4, "    f()").replace(" in <module>", "")
    outside = _at(7, "x = f()").replace(" in <module>", "")
    assert shown(source) == warning + inside + fix + "end\n" + warning + outside + fix
    assert shown("async def f():\n    return 1\nrun(f())\nprint('end')") == "end\n"


@pytest.mark.parametrize(
    ("source", "output", "exit_code"),
    [
        (LEFT + "async def m():\n    async for x in g('g'):\n        raise SystemExit(2)\nrun(m())", "closed g\n", 2),
        (LEFT + "async for x in g('g'):\n    raise SystemExit(2)", "closed g\n", 2),
        (
            LEFT + "async def m(n):\n    async for x in g(n):\n        sleep(1)\n        raise SystemExit(n)\n"
            "try:\n    gather(m(1), m(2))\nexcept SystemExit as e:\n    print(e)\nsleep(1)\nprint('on')",
            "1\nclosed 1\nclosed 2\non\n",
            0,
        ),
        (
            (
                "async def g():\n    try:\n        yield 1\n    finally:\n        raise CancelledError\n"
                "async def m():\n    async for x in g():\n        raise SystemExit(2)\nrun(m())"
            ),
            "",
            2,
        ),
    ],
)
def test_the_end_of_a_program_lets_generators_finish(source: str, output: str, exit_code: int) -> None:
    result = run(source)
    assert (result.output, result.exit_code, result.error) == (output, exit_code, None)


SWALLOWS = {
    "in a plain function": """
def w():
    while True:
        try:
            sleep(9)
        finally:
            continue
async def p():
    w()
""",
    "in the coroutine, twice": """
async def p():
    while True:
        try:
            try:
                await sleep(9)
            finally:
                continue
        finally:
            continue
""",
}


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # such a coroutine ignores its own end, too
@pytest.mark.parametrize("name", SWALLOWS)
def test_a_task_that_swallows_its_cancellation_for_ever_ends_the_run(name: str) -> None:
    """Without a limit of time."""
    others = "async def other():\n    while True:\n        sleep(1)\nasync def b():\n    sleep(0)\n    cancel(t)\n"
    result = run(SWALLOWS[name] + others + "t = p()\ngather(t, other(), b(), other())\nprint('never')")
    assert result.error is not None
    assert (result.output, result.error.type) == ("", "RuntimeError")
    assert result.error.message == "'p' was cancelled, and goes on waiting: let CancelledError pass"
    gc.collect()  # what ignores its end does so here, and not in the middle of a later test


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("gather", "more than 1,000 coroutines wait inside of plain calls at the same time"),
        ("await gather", "more than 3,000 coroutines at the same time"),
    ],
)
def test_tasks_without_end_end_the_run(monkeypatch: pytest.MonkeyPatch, call: str, message: str) -> None:
    monkeypatch.setattr(drivers, "MOST_STACKS", 1_000)
    monkeypatch.setattr(groups, "MOST_TASKS", 3_000)
    each = (
        f"async def a():\n    try:\n        return {call}(a(), a())\n    except RuntimeError:\n        print('never')\n"
    )
    result = run(each + "run(a())")
    assert result.error is not None
    assert (result.error.type, result.error.message) == ("RuntimeError", message)
    assert "never\n" not in result.output.replace("never awaited\n", "")


GIVEN_AWAY = """
async def one(n):
    print(n, CALL())
async def b(t):
    sleep(0)
    try:
        cancel(t)
    except CancelledError:
        pass
    print('b', CALL())
async def first(t):
    cancel(t)
def both(*coroutines):
    try:
        gather(*coroutines)
    except CancelledError:
        print('cancelled')
t = one(1)
both(t, b(t))
t = one(2)
both(t, one(3), first(t))
print(CALL())
"""


@pytest.mark.parametrize("call", ["receive", "input"])
def test_what_was_meant_for_a_cancelled_task_is_for_the_next(call: str) -> None:
    result = run(GIVEN_AWAY.replace("CALL", call), events="abcdefg", input="abcdefg")
    assert result.error is None
    assert result.output == "b a\ncancelled\n3 b\ncancelled\nc\n"


def test_without_greenlets_a_plain_call_waits_while_nobody_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greenlets, "greenlet", None)
    result = run(
        "async def t(n):\n    return n\nasync def u():\n    await sleep(0)\n    return await t(2)\n"
        "async def v(n):\n    await sleep(n)\n    return n\n"
        "async def w():\n    try:\n        sleep(1)\n    except RuntimeError as error:\n        print(error)\n"
        "print(run(t(1), u()), gather(u(), t(3)), gather(v(2), v(1)), input(), receive())\nsleep(1)\n"
        "gather(w(), w())\ngather(v(1), w())\nprint(gather(w(), v(1)))\nasync def x():\n    sleep(2)\ngather(v(1), x())",
        input="a",
        events="b",
    )
    said = (
        "no other task can go on here while one waits inside of a plain call: wait with await, or pip install greenlet"
    )
    assert result.output == f"1 [2, 3] [2, 1] a b\n{said}\n{said}\n[None, 1]\n"
    assert result.error is not None
    assert (result.error.type, result.error.message) == ("RuntimeError", said)


def test_without_greenlets_who_is_cancelled_unwinds_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greenlets, "greenlet", None)
    waits = "async def a():\n    try:\n        await sleep(5)\n    finally:\n        print('a ends')\n"
    late = "try:\n    with_timeout(1, a())\nexcept TimeoutError:\n    print('late')"
    assert shown(waits + late) == "a ends\nlate\n"
    leaves = "async def b():\n    await sleep(1)\n    raise SystemExit\ngather(a(), b())"
    assert shown(waits + leaves) == "a ends\n"


def test_a_virtual_clock_takes_no_time() -> None:
    source = (
        "from time import time, monotonic\na, b = time(), monotonic()\nsleep(1e6)\nprint(time() - a, monotonic() - b)"
    )
    assert shown(source) == "1000000.0 1000000.0\n"


class Later:
    """A native module whose calls are answered when the test says."""

    def __init__(self) -> None:
        self.calls: list[Future[Any]] = []

    def ask(self, *_: Any) -> Future[Any]:
        self.calls.append(Future())
        return self.calls[-1]

    def answer(self, call: int, value: Any) -> None:
        future = self.calls[call]
        if isinstance(value, Exception):
            future.set_exception(value)
        else:
            future.set_result(value)

    def run(self, source: str) -> str:
        return shown(
            f"from m import *\n{source}", natives={"m": {"ask": self.ask, "answer": self.answer, "bad": ValueError}}
        )


CALLS = "async def t(n):\n    r = ask()\n    print(n, r)\n    return r\nasync def u(n):\n    return await ask()\n"


def test_answers_come_out_of_order_each_to_its_own_task() -> None:
    source = CALLS + "async def say():\n    for i in (2, 0, 1):\n        answer(i, i * 10)\n        sleep(1)\n"
    assert Later().run(source + "print(gather(t('a'), t('b'), u('c'), say()))") == "a 0\nb 10\n[0, 10, 20, None]\n"


def test_an_error_of_the_host_comes_to_its_own_task() -> None:
    source = CALLS + "async def say():\n    answer(0, bad('no'))\n    answer(1, 5)\n"
    source += "async def safe():\n    try:\n        ask()\n    except ValueError as e:\n        return repr(e)\n"
    assert Later().run(source + "print(gather(safe(), t('b'), say()))") == "b 5\n[\"ValueError('no')\", 5, None]\n"


def test_cancelling_a_task_cancels_its_future() -> None:
    later = Later()
    source = (
        CALLS
        + "try:\n    with_timeout(1, t('a'))\nexcept TimeoutError:\n    print('late')\nprint(gather(u('b'), say()))"
    )
    assert later.run(source.replace("try:", "async def say():\n    answer(1, 'b')\ntry:", 1)) == "late\n['b', None]\n"
    assert later.calls[0].cancelled()


def test_nothing_is_left_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Any]] = []
    real = greenlet.greenlet

    def noted(*given: Any, **named: Any) -> Any:
        one = real(*given, **named)
        made.append(weakref.ref(one))
        return one

    monkeypatch.setattr(greenlets, "greenlet", noted)
    forever = "async def t():\n    try:\n        sleep(1e9)\n    finally:\n        print('f')\n"
    ends = {
        "gather(*[t() for _ in range(20)])": "f\n" * 20,
        "async def stop():\n    raise SystemExit(0)\ngather(t(), t(), stop())": "f\nf\n",
        "async def bad():\n    1 / 0\ntry:\n    with_timeout(3, t())\nexcept TimeoutError:\n    run(bad())": "f\n",
    }
    for source, output in ends.items():
        made.clear()
        assert run(forever + source).output == output
        gc.collect()
        assert made
        assert [one for one in made if one() is not None and one()] == []
    gc.collect()
    assert [one() for one in made if one() is not None] == []


def test_waiting_is_not_computing() -> None:
    source = "sleep(0.3)\nprint('ok')"
    assert run_program(source, MemoryHost(), limits=Limits(time=0.2)).output == "ok\n"


def test_the_end_of_time_unwinds_every_task() -> None:
    source = "async def t():\n    try:\n        sleep(1e9)\n    finally:\n        print('unwound')\n"
    source += "async def busy():\n    sleep(0)\n    while True:\n        pass\ngather(t(), busy())"
    result = run_program(source, MemoryHost(clock=VirtualClock()), limits=Limits(time=0.2))
    assert result.error is not None
    assert result.error.type == "TimeoutError"
    assert result.output == "unwound\n"


def test_ten_thousand_parked_tasks() -> None:
    source = "def helper(n):\n    sleep(n % 7)\n    return n\nasync def t(n):\n    return helper(n)\n"
    assert shown(source + "print(sum(gather(*[t(n) for n in range(10_000)])))") == "49995000\n"


BY_HAND = """
async def quick():
    return 1
async def waits():
    return await {wait}
one = waits()
try:
    one.send(None)
    one.send(None)
except Exception as error:
    print(type(error).__name__, error)
async def good():
    await sleep(0)
    return await gather(quick())
print(run(good()))
"""


@pytest.mark.parametrize("wait", ["run(quick())", "gather(quick())", "sleep(1)", "input()", "with_timeout(1, quick())"])
def test_a_coroutine_that_waits_is_not_driven_by_hand(wait: str) -> None:
    said = "a coroutine that waits was driven by hand: write 'await' or run(…) in the place of send()"
    result = run(BY_HAND.format(wait=wait))
    assert result.output.startswith(f"RuntimeError {said}\n")
    assert result.output.endswith("[1]\n"), "what waits properly goes on"


def test_two_that_are_driven_by_hand_in_turn() -> None:
    source = BY_HAND.format(wait="run(quick())").replace(
        "    one.send(None)\n", "    one.send(None)\n    waits().send(None)\n", 1
    )
    assert run(source).output.startswith("RuntimeError a coroutine that waits was driven by hand")


def test_a_coroutine_that_awaits_itself() -> None:
    found = shown("async def a():\n    await me\nme = a()\nrun(me)")
    assert found.startswith("error: ValueError: coroutine already executing\n")
    assert found.endswith("    = help: a coroutine cannot await itself; await another, or call its function again\n")
    assert "help" not in shown("raise ValueError('coroutine already done')")


@pytest.mark.parametrize("call", ["sleep(10**400)", "with_timeout(10**400, c())"])
def test_more_seconds_than_there_are(call: str) -> None:
    found = shown(f"async def c(): pass\n{call}")
    name = call.partition("(")[0]
    assert f"error: OverflowError: {name}() got more seconds than a float holds: float('inf') waits for ever\n" in found


STARVES = """
class Turn:
    def __await__(self):
        yield
async def spin(turns):
    for _ in range(turns):
        await Turn()
async def late():
    await sleep(1)
    print("late")
gather(spin({turns}), late())
"""


def test_a_virtual_clock_that_no_task_lets_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_STILL", 1_000)
    said = "the virtual clock stands still while tasks take turns: sleep(0.01) lets time pass"
    assert shown(STARVES.format(turns=5_000)).startswith(f"error: RuntimeError: {said}\n")
    assert shown(STARVES.format(turns=900)) == "late\n"
