"""Snippets of a session: names stay, modules stay the same, errors end one snippet only, pictures show the right text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edge_runtime.hosts.clocks import VirtualClock
from edge_runtime.hosts.memory import MemoryHost, forget, run_program
from edge_runtime.hosts.result import RunResult
from edge_runtime.machine.machine import Limits
from edge_runtime.pipeline import Session

Say = Callable[..., RunResult]


@pytest.fixture
def say() -> Say:
    """Run a snippet of one session."""
    session = Session()

    def run(source: str, host: MemoryHost | None = None, **how: Any) -> RunResult:
        return run_program(source, host or MemoryHost(clock=VirtualClock()), session=session, keep=True, **how)

    return run


def shown(result: RunResult) -> str:
    """What a console shows."""
    return result.output + (f"{result.error.type}: {result.error.message}\n" if result.error else "")


SESSIONS = {
    "names stay": [("x = 1", ""), ("def f(): return x + 1", ""), ("x = 5", ""), ("f()", "6\n")],
    "the last value": [
        ("1 + 1", "2\n"),
        ("_ * 2", "4\n"),
        ("None", ""),
        ("_", "4\n"),
        ("print(3)", "3\n"),
        ("_", "4\n"),
    ],
    "only the last expression": [("1\n2", "2\n"), ("3\nx = 4", ""), ("'a';", "'a'\n"), ("", ""), ("# nothing", "")],
    "a script's own underscore": [("_ = 7", ""), ("1", "1\n"), ("_", "7\n"), ("del _", ""), ("2", "2\n"), ("_", "2\n")],
    "errors end the snippet": [
        ("x = 1\nnope\nx = 2", "NameError: name 'nope' is not defined\n"),
        ("x", "1\n"),
        ("x = \n", "CompileError: invalid syntax\n"),
        ("x", "1\n"),
    ],
    "exits end the snippet": [("x = 1\nraise SystemExit(3)", ""), ("x", "1\n")],
    "a repr that fails": [
        ("class A:\n    def __repr__(self): return 1 / 0", ""),
        ("x = A()\nx", "ZeroDivisionError: division by zero\n"),
        ("type(x).__name__", "'A'\n"),
    ],
    "classes and their instances": [
        ("class A:\n    n = 1", ""),
        ("a = A()", ""),
        ("class B(A): pass", ""),
        ("isinstance(B(), type(a)), a.n", "(True, 1)\n"),
    ],
    "waiting": [
        ("async def f(n):\n    sleep(n)\n    return n", ""),
        ("await f(1)", "1\n"),
        ("gather(f(2), f(1))", "[2, 1]\n"),
        ("[await f(n) for n in (1, 2)]", "[1, 2]\n"),
    ],
    "a task that failed leaves nothing": [
        ("async def f():\n    sleep(1)\n    1 / 0\nasync def g(): sleep(9)", ""),
        ("gather(f(), g())", "ZeroDivisionError: division by zero\n"),
        ("gather(g())", "[None]\n"),
    ],
    "standard packages stay the same": [
        ("import json", ""),
        ("import json as again", ""),
        ("again is json", "True\n"),
        ("from json import JSONDecodeError as E", ""),
        ("import json as third\nthird.JSONDecodeError is E", "True\n"),
    ],
    "an import inside an old function": [
        ("def f():\n    import math\n    return math.floor(2.5)", ""),
        ("import json, string", ""),
        ("f()", "2\n"),
    ],
    "asynchronous generators go on": [
        (
            "async def count():\n    try:\n        for n in range(9): yield n\n    finally: print('closed')\ng = count()",
            "",
        ),
        ("await anext(g)", "0\n"),
        ("[n async for n in g if n < 3 or 1 / (4 - n)]", "ZeroDivisionError: division by zero\n"),
        ("[n async for n in g]", "closed\n[5, 6, 7, 8]\n"),
        ("g = count()\nawait anext(g)", "0\n"),
        ("g = None", "closed\n"),
    ],
    "coroutines wait for a later snippet": [
        ("async def f(n):\n    sleep(n)\n    return n\ntask = f(1)", ""),
        ("run(task)", "1\n"),
        ("run(task)", "RuntimeError: cannot reuse already awaited coroutine\n"),
        ("task = f(2)", ""),
        ("cancel(task)", ""),
    ],
    "a task that is stopped in the middle": [
        ("async def f():\n    try: sleep(9)\n    finally: print('over')\ntask = f()", ""),
        ("with_timeout(1, task)", "over\nTimeoutError: 'f' took longer than 1 s\n"),
        ("1", "1\n"),
    ],
    "the context of decimal": [
        ("from decimal import Decimal, getcontext\ngetcontext().prec = 3", ""),
        ("Decimal(1) / 3", "Decimal('0.333')\n"),
    ],
    "names of built-ins, bound and let go": [
        ("print = len", ""),
        ("print('abc')", "3\n"),
        ("del print\nprint(1)", "1\n"),
    ],
    "names of the session by name": [("x = 1", ""), ("'x' in globals(), vars()['x']", "(True, 1)\n")],
}


@pytest.mark.parametrize("steps", SESSIONS.values(), ids=SESSIONS)
def test_sessions(say: Say, steps: list[tuple[str, str]]) -> None:
    assert [(source, shown(say(source))) for source, _ in steps] == steps


def test_without_keep_nothing_stays() -> None:
    session = Session()
    run_program("x = 1", session=session, keep=True)
    result = run_program("x", session=session)
    assert result.error is not None
    assert (result.output, result.error.message) == ("", "name 'x' is not defined")
    assert run_program("x", session=session, keep=True).output == "1\n"
    forget(session)
    assert not run_program("x", session=session, keep=True).ok


def test_a_picture_shows_the_snippet_that_a_function_is_from(say: Say) -> None:
    say("def inner(n):\n    return 1 / n")
    say("def outer(n):  # the other line 1\n    return inner(n)")
    error = say("outer(0)").error
    assert error is not None
    assert [(frame.file, frame.span.line, frame.text) for frame in error.frames] == [
        ("./<input 3>", 1, "outer(0)"),
        ("./<input 2>", 2, "    return inner(n)"),
        ("./<input 1>", 2, "    return 1 / n"),
    ]
    error = say("1 +").error
    assert error is not None
    assert error.rendered.splitlines()[1] == "   --> <input 4>:1:4"


def test_snippets_of_one_name_and_one_text(say: Say) -> None:
    """A page gives each the same name: the code decides, not the name."""
    say("def f():\n    return 1 / 0", name="main.py")
    say("x = 1", name="main.py")
    error = say("f()", name="main.py").error
    assert error is not None
    assert [frame.text for frame in error.frames] == ["f()", "    return 1 / 0"]
    say("def g(): 1 / 0 # one")
    say("h = g\ndef g(): 1 / 0 # two")
    assert [frame.text for frame in say("h()").error.frames][1] == "def g(): 1 / 0 # one"  # type: ignore[union-attr]


def test_a_warning_shows_the_snippet_that_made_the_coroutine(say: Say) -> None:
    def warned(result: RunResult) -> list[str]:
        return [line for line in result.output.splitlines() if " | " in line or "-->" in line or "warning" in line]

    say("async def f(): pass\n\ndef make(): f()  # here", name="main.py")
    assert warned(say("make()  # nor here", name="main.py")) == [
        "warning: coroutine 'f' was never awaited",
        "   --> main.py:3:1",
        "  3 | def make(): f()  # here",
        "    | ^^^^^^^^^^^^^^^^^^^^^^^",
    ]
    assert warned(say("\n\nf()  # there\nNone", name="main.py"))[2] == "  3 | f()  # there"


def test_texts_of_tasks_show_the_name_alone(say: Say) -> None:
    """The second snippet of one name has another file name inside."""
    say("x = 1", name="main.py")
    source = "async def a(): 1 / 0\nasync def b():\n    raise ValueError(2)\ngather(a(), b())"
    error = say(source, name="main.py").error
    assert error is not None
    assert "b (main.py:3), raised ValueError: 2" in error.rendered


LIBRARY = {"./a.py": "import './b.py' as b\nprint('a')\nn = 1", "./b.py": "print('b')\nn = 1"}


def test_modules_stay_the_same_until_their_source_changes(say: Say) -> None:
    assert say("import './a.py' as a\nfirst = a", MemoryHost(sources=LIBRARY)).output == "b\na\n"
    assert say("a.n = 5\nimport './a.py' as a\na.n, a is first", MemoryHost(sources=LIBRARY)).output == "(5, True)\n"
    assert say("import './b.py' as b\nb is a.b", MemoryHost(sources=LIBRARY)).output == "True\n"
    changed = LIBRARY | {"./a.py": LIBRARY["./a.py"] + "0"}
    assert (
        say("import './a.py' as a\na.n, a is first, a.b is b", MemoryHost(sources=changed)).output
        == "a\n(10, False, True)\n"
    )
    changed |= {"./b.py": "n = 7"}
    assert (
        say("import './a.py' as a\na.b.n, first.b is b, b.n", MemoryHost(sources=changed)).output == "a\n(7, True, 1)\n"
    )


def test_a_module_that_failed_runs_again(say: Say) -> None:
    sources = {"./ok.py": "print('ok')", "./bad.py": "import './ok.py' as ok\nprint('bad')\n1 / 0"}
    assert (
        shown(say("import './bad.py' as bad", MemoryHost(sources=sources)))
        == "ok\nbad\nZeroDivisionError: division by zero\n"
    )
    assert (
        shown(say("import './bad.py' as bad", MemoryHost(sources=sources)))
        == "bad\nZeroDivisionError: division by zero\n"
    )


def test_functions_of_earlier_snippets_use_the_host_of_today(say: Say) -> None:
    say(
        "import sys, time\ndef ask():\n    print(input('? '), sys.stdin.readline(), receive(), time.time())",
        MemoryHost(),
    )
    host = MemoryHost(input=["a", "b"], events=["e"], clock=VirtualClock(7.0))
    assert say("ask()", host).output == "? a b\n e 7.0\n"
    assert shown(say("ask()", MemoryHost(input=[]))).endswith("EOFError: EOF when reading a line\n")


def test_functions_of_the_host(say: Say) -> None:
    said: list[str] = []
    host = MemoryHost(natives={"page": {"say": said.append}})
    say("from page import say\ndef twice(x):\n    say(x)\n    say(x)", host)
    say("twice('a')", host)
    assert said == ["a", "a"]


def test_each_snippet_has_limits_of_its_own(say: Say) -> None:
    small = Limits(output=10)
    assert "output limit reached" in say("print('x' * 20)", limits=small).output
    assert say("print('y' * 9)", limits=small).output == "y" * 9 + "\n"
    result = say("n = 0\nwhile True: n += 1", limits=Limits(time=0.2))
    assert result.error is not None
    assert result.error.type == "TimeoutError"
    assert say("n > 0").output == "True\n"


def test_a_size_that_does_not_fit_leaves_the_names(say: Say) -> None:
    say("x = 1\ndef f(): return x")
    assert not say("y = bytearray(10 ** 18)").ok
    assert say("f()").output == "1\n"
