"""Time slices of a page's run, with signals of this process in the place of the engine's.

Takes: `BrowserSession` over a page that stands in. Holds: `hosts/slices.py` and `Ender`: an end comes from a signal, a
breath where there is no end, and the runtime's own code is left alone. What a whole engine does: tests/browser/test_limits.py.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest

from edge_runtime.hosts import slices
from edge_runtime.machine.errors import RunError
from edge_runtime.machine.limits import Ender, RunEnded, worded
from tests.unit.hosts.test_browser import Bridge, Page

LOOP = "n = 0\nwhile True:\n    n += 1\n"


@pytest.fixture
def signals() -> Iterator[None]:
    """As the engine's looks around: a signal every few milliseconds, for as long as the test runs."""
    done = threading.Event()
    main = threading.main_thread().ident
    assert main is not None

    def look() -> None:
        while not done.wait(0.005):
            signal.pthread_kill(main, signal.SIGINT)

    before = signal.signal(signal.SIGINT, lambda *_: None)  # between runs they mean nothing
    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    yield
    done.set()
    looker.join()
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("signals")
def test_a_busy_loop_breathes_until_the_page_stops_it() -> None:
    bridge = Bridge()
    ending = Page().run(LOOP, bridge)
    assert bridge.breaths == 3
    assert bridge.finished
    assert ending["error"]["type"] == "Stopped"
    assert ending["error"]["message"] == "the page stopped the program"
    assert [frame["file"] for frame in ending["error"]["frames"]] == ["./main.py"]


@pytest.mark.usefixtures("signals")
def test_a_program_at_its_last_call_is_ended_too() -> None:
    source = (
        "def f(n):\n    if n:\n        f(n - 1)\n    while True:\n        pass\ndef g(n):\n    try:\n        g(n + 1)\n"
    )
    source += "    except RecursionError:\n        f(0)\ng(0)\n"
    ending = Page().run(source, Bridge(ended=("TimeoutError", "too long")))
    assert (ending["error"]["type"], ending["error"]["message"]) == ("TimeoutError", "too long")


@pytest.mark.usefixtures("signals")
def test_the_runtime_is_left_alone() -> None:
    """Signals come all the time; a run that is over is not told so while nothing of the script is running."""
    for _ in range(20):
        page = Page()
        page.build("x = 1")
        assert page.run("x = 1\nprint(x)", Bridge())["ok"]


def test_a_signal_before_the_script_comes_again() -> None:
    """What the page wishes of a program that has not begun holds at its first statement, not at the next regular breath."""

    class Wished(Bridge):
        def begin(self) -> None:
            signal.raise_signal(signal.SIGINT)

    bridge = Wished()
    assert Page().run("print('begun')", bridge)["ok"]
    assert (bridge.again, bridge.breaths) == ([True], 0)


@pytest.mark.usefixtures("signals")
def test_a_slice_waits_for_room_on_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = Bridge()
    room: list[int] = []

    def leave_stack() -> None:
        room.append(bridge.breaths)
        if len(room) < 3:
            raise RecursionError

    monkeypatch.setattr(slices, "leave_stack", leave_stack)
    assert Page().run(LOOP, bridge)["error"]["type"] == "Stopped"
    assert room[:3] == [0, 0, 0]
    assert bridge.again[:3] == [True, True, False]


@pytest.mark.usefixtures("signals")
def test_an_import_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It happens once in an engine: a restored run would not come to that place again."""
    bridge = Bridge()
    breaths: list[int] = []

    class Slow(MetaPathFinder, Loader):
        def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
            return ModuleSpec(fullname, self) if fullname == "encodings.slow_words" else None

        def exec_module(self, _module: ModuleType) -> None:
            while len(bridge.again) < 2 and bridge.breaths == 0:
                pass
            breaths.append(bridge.breaths)

    monkeypatch.setattr(sys, "meta_path", [Slow(), *sys.meta_path])
    source = "try:\n    'x'.encode('slow_words')\nexcept LookupError:\n    pass\n"
    assert Page().run(source + LOOP, bridge)["error"]["type"] == "Stopped"
    assert breaths == [0]
    assert bridge.again[:2] == [True, True]
    assert bridge.breaths == 3
    sys.modules.pop("encodings.slow_words", None)


def test_a_wait_that_is_broken_off_ends_the_run() -> None:
    class Ends(Bridge):
        def wait(self, seconds: float, *questions: Any) -> None:
            self.ended = ("Stopped", "the page stopped the program")

    ending = Page().run("input()\nprint('never')\n", Ends())
    assert ending["error"]["type"] == "Stopped"
    assert ending["error"]["frames"][-1]["line"] == 1


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12")
def test_no_handler_keeps_the_end() -> None:
    source = "def f():\n    try:\n        end()\n    except BaseException:\n        seen.append(1)\n"
    source += "    finally:\n        seen.append(2)\nf()\n"
    code = compile(source, "main.py", "exec")
    ender = Ender([code])
    seen: list[int] = []
    for _ in range(2):
        with pytest.raises(RunEnded):
            exec(code, {"end": lambda: ender.end("TimeoutError", "m"), "seen": seen})  # noqa: S102
        assert seen == []
        ender.close()
    exec(code, {"end": lambda: None, "seen": seen})  # noqa: S102
    assert seen == [2], "and then the code is as it was"


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("MemoryError", "", "MemoryError"),
        ("MemoryError", "my own words", None),
        ("OverflowError", "cannot fit 'int' into an index-sized integer", "MemoryError"),
        ("OverflowError", "Python int too large to convert to C ssize_t", "MemoryError"),
        ("OverflowError", "math range error", None),
        ("ValueError", "too long", None),
    ],
)
def test_words_for_no_memory(kind: str, message: str, expected: str | None) -> None:
    said = f"{kind}: {message}" if message else kind
    error = RunError(type=kind, message=message, rendered=f"error: {said}\n   --> main.py:1:1")
    found = worded(error, 96 * 1024 * 1024)
    if expected is None:
        assert found is error
        return
    words = "the program used more than its limit of 96 MiB"
    assert (found.type, found.message) == (expected, words)
    assert found.rendered == f"error: {expected}: {words}\n   --> main.py:1:1"
