"""Limits in Chromium: programs that do not end by themselves end with the right error, and the next program runs.

Takes: `dist/` as a page loads it, real engines. Holds: sandbox.md, "Limits"; what the engine survives and what replaces it.
How long each takes: `bench/limits.py`. Nothing here is timed.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.lab import Lab

pytestmark = pytest.mark.usefixtures("dist")

SECONDS, MIB = 0.4, 96
TOO_LONG = f"the program computed longer than its limit of {SECONDS} s"
TOO_MUCH = f"the program used more than its limit of {MIB} MiB"

# What a script may try to outlive its end; the line that is shown.
ENDLESS = {
    "a busy loop": "n = 0\nwhile True:\n    n += 1\n",
    "a loop that catches everything": (
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"
    ),
    "nested handlers": (
        "def again():\n    try:\n        while True:\n            pass\n    except BaseException:\n"
        "        try:\n            again()\n        except BaseException:\n            again()\n    finally:\n        again()\n"
        "try:\n    again()\nfinally:\n    while True:\n        pass\n"
    ),
    "a finally that returns": (
        "def f():\n    while True:\n        try:\n            while True:\n                pass\n"
        "        finally:\n            continue\nf()\n"
    ),
    "a context manager that swallows": (
        "class Keep:\n    def __enter__(self):\n        return self\n    def __exit__(self, *why):\n        return True\n"
        "while True:\n    with Keep():\n        while True:\n            pass\n"
    ),
    "a generator": (
        "def g():\n    while True:\n        try:\n            yield 1\n        except BaseException:\n            pass\n"
        "for x in g():\n    pass\n"
    ),
    "callbacks of C code": "def key(x):\n    while True:\n        pass\nsorted([1, 2], key=key)\n",
    "a comprehension": "[0 for _ in iter(int, 1) if False]\n",
    "printing and catching": "while True:\n    try:\n        print('x')\n    except BaseException:\n        pass\n",
    "a regular expression": "import re\nre.match('(a*)*b', 'a' * 40)\n",
}
# What the engine may or may not survive, and what it certainly does not.
DEADLY = {
    "recursion that goes on": (
        "def f(n):\n    try:\n        return f(n + 1)\n    except RecursionError:\n        return f(n + 1)\nf(0)\n"
    ),
    "one long call of C code": "x = list(range(10 ** 6)).__len__() and max(map(int, iter(lambda: 1, 0)))\n",
    "a long multiplication": "x = 10 ** 10 ** 9\n",
}


@pytest.fixture(scope="module")
def limited(shared_lab: Lab) -> Iterator[Lab]:
    shared_lab.start(f"{{ limits: {{ timeout: {SECONDS}, memory: {MIB}, maxOutput: 1e7 }} }}", name="q")
    # Its programs wait for a page that never answers.
    shared_lab.start("{ onInput: () => new Promise(() => {}) }", name="s")
    yield shared_lab
    shared_lab.evaluate("() => { q.dispose(); s.dispose(); }")


@pytest.fixture(scope="module")
def small(shared_lab: Lab) -> Iterator[Lab]:
    """Of little memory and much time: what takes all of one does not run out of the other."""
    shared_lab.start(f"{{ limits: {{ memory: {MIB} }} }}", name="m")
    yield shared_lab
    shared_lab.evaluate("m.dispose()")


@pytest.fixture
def patient(limited: Lab) -> Iterator[Lab]:
    """The page's own timers wait a minute longer: however busy the machine is, the engine gets the time to answer by itself.
    `engines` counts those that were started meanwhile."""
    limited.evaluate(
        """() => {
          const [made, later] = [Worker, setTimeout];
          Object.assign(window, {
            engines: 0,
            Worker: function (...given) { window.engines += 1; return new made(...given); },
            setTimeout: (work, ms, ...given) => later(work, ms + 60_000, ...given),
            normal: () => Object.assign(window, { Worker: made, setTimeout: later }),
          });
        }"""
    )
    yield limited
    limited.evaluate("normal()")


def error_of(lab: Lab, source: str, name: str = "q") -> dict[str, Any]:
    result = lab.run(source, name=name)
    assert result["ok"] is False
    assert result["error"] is not None
    return result["error"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("what", ENDLESS)
def test_an_endless_program_ends_and_the_engine_survives(patient: Lab, what: str) -> None:
    error = error_of(patient, ENDLESS[what])
    assert (error["type"], error["message"]) == ("TimeoutError", TOO_LONG)
    assert error["frames"], "the script's own place is shown"
    assert {frame["file"] for frame in error["frames"]} == {"./main.py"}
    assert error["rendered"].startswith(f"error: TimeoutError: {TOO_LONG}\n   --> main.py:")
    # The same program again: code that was ended once is as it was.
    assert error_of(patient, ENDLESS[what])["type"] == "TimeoutError"
    handlers = "try:\n    1 / 0\nexcept ZeroDivisionError:\n    print('caught')\nfinally:\n    print('next')\n"
    assert patient.run(handlers, name="q")["out"] == "caught\nnext\n"
    assert patient.evaluate("engines") == 0


@pytest.mark.parametrize("what", DEADLY)
def test_an_endless_program_ends_and_the_engine_may_be_replaced(limited: Lab, what: str) -> None:
    error = error_of(limited, DEADLY[what])
    assert (error["type"], error["message"]) == ("TimeoutError", TOO_LONG)
    assert limited.run("print('next')", name="q")["out"] == "next\n"


# By what the program does while the page stops it; `go` is called by the program's first print.
STOPPED = {
    "a busy loop": "print()\nwhile True:\n    pass\n",
    "a loop that catches everything": "print()\n" + ENDLESS["a loop that catches everything"],
    "waiting for input": "print()\ntry:\n    input()\nexcept BaseException:\n    input()\n",
    "a long sleep": "print()\ntry:\n    sleep(1e9)\nfinally:\n    sleep(1e9)\n",
    "fetching": "from './never.py' import x\n",
}


@pytest.mark.parametrize("what", STOPPED)
def test_a_stop_that_the_engine_survives(patient: Lab, what: str) -> None:
    lab = patient
    lab.site.put("/never.py", "x = 1\n", delay=20)
    error = lab.evaluate(
        """async (source) => {
          const begun = Promise.withResolvers();
          w.onOutput(begun.resolve);
          const run = w.run(source);
          if (source.startsWith('print')) await begun.promise;
          else while (performance.getEntriesByType('resource').length === 0) await new Promise(requestAnimationFrame);
          w.stop();
          const { error } = await run;
          w.onOutput(null);
          return error;
        }""".replace("w.", "s."),
        STOPPED[what],
    )
    message = "the page stopped the program"
    assert error == {"type": "Stopped", "message": message, "frames": [], "rendered": f"error: Stopped: {message}"}
    assert lab.run("try:\n    1 / 0\nexcept ArithmeticError:\n    print('next')\n", name="s")["out"] == "next\n"
    assert lab.evaluate("engines") == 0


# What kills the interpreter itself. (Linked objects may be cured; memory that is no longer sound is not.)
KILLERS = {
    "deep data": (
        "class Link:\n    pass\nfirst = Link()\nat = first\nfor _ in range(300_000):\n    at.next = Link()\n    at = at.next\n"
        "del at\ndel first\n"
    ),
}


@pytest.mark.parametrize("what", KILLERS)
def test_a_dead_engine_is_one_clear_error_and_never_used_again(small: Lab, what: str) -> None:
    result = small.run(KILLERS[what], name="m")
    if not result["ok"]:
        assert result["error"]["type"] == "RecursionError"
        assert result["error"]["message"] == (
            "the program nests calls or data deeper than this browser can hold: nest less deeply, or use a loop"
        )
        assert result["exitCode"] == 1
    assert small.run("print('next')", name="m")["out"] == "next\n"


# What takes all memory; whether the engine is replaced is the run's own business.
HUNGRY = {
    "a long text": "x = 'x' * 10 ** 12\n",
    "a text that fits an address": "x = 'x' * 10 ** 9\n",
    "a long list": "x = [0] * 10 ** 9\n",
    "a bytearray": "x = bytearray(10 ** 10)\n",
    "a wide format": "x = f'{1:>{10 ** 9}}'\n",
    "a list of a range": "x = list(range(10 ** 9))\n",
    "a wide text": "x = 'a'.zfill(10 ** 9)\n",
    "copies of copies": "x = [1]\nwhile True:\n    x.append(x[:])\n",
    "doubling": "x = 'x'\nwhile True:\n    x += x\n",
    "many small things": "x = []\nwhile True:\n    x.append({'n': len(x)})\n",
}
# What goes on although memory is refused: it is ended.
FILL = "x = []\nwhile True:\n    try:\n        while True:\n            x.append(bytes(10 ** 6))\n"
GREEDY = {
    "and catches": FILL + "    except MemoryError:\n        pass\n",
    "and catches everything": FILL + "    except BaseException:\n        continue\n",
}


@pytest.mark.parametrize("what", HUNGRY | GREEDY)
def test_memory_is_limited(small: Lab, what: str) -> None:
    error = error_of(small, (HUNGRY | GREEDY)[what], "m")
    assert (error["type"], error["message"]) == ("MemoryError", TOO_MUCH)
    assert error["rendered"].startswith(f"error: MemoryError: {TOO_MUCH}")
    assert {frame["file"] for frame in error["frames"]} <= {"./main.py"}  # none where there is no memory left to tell
    assert small.run("print('next')", name="m")["out"] == "next\n"


def test_a_refusal_of_memory_can_be_caught(small: Lab) -> None:
    source = (
        "for n in range(20):\n    try:\n        x = bytes(200_000_000)\n    except MemoryError as error:\n        pass\n"
        "    else:\n        print('too much')\nprint('still here', len(bytes(30_000_000)))\n"
    )
    assert small.run(source, name="m")["out"] == "still here 30000000\n"
