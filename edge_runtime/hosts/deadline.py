"""The end of a run in this process that its program does not want: best effort.

Takes: the meter of a run, and what ends native code.
Gives: how the run ended; with `RunEnded` once its time is up, or once the scheduler gave it up (`Machine.insist`).
Refuses: a limit of time where there are no threads, with an error; to end one long call of C code (`10 ** 10 ** 9`), for Python
looks up between its own instructions only; and a function of the script's that a native module called, before it comes back. A
page's engine, and the `edge` command (`watchdog.py`), end those too.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Final

from ..machine.limits import RunEnded
from ..machine.machine import Ending, Machine
from .meter import Meter

NO_LIMIT: Final = (
    "Pyodide has no threads, and run_program needs one to end a program in time: leave Limits.time out, "
    "or run the program with createWorker and its option timeout"
)
"""A limit that silently is none would be worse."""
_AGAIN: Final = 0.05
"""Seconds until a program that caught the end is ended again."""
_SHORTEST: Final = 0.01
"""Seconds between two looks at the meter, at least."""


def _class_of(kind: str, message: str) -> type[RunEnded]:
    """A `RunEnded` that is made by its class alone, as the interpreter raises it in another thread."""
    return type("RunEnded", (RunEnded,), {"__init__": lambda self: RunEnded.__init__(self, kind, message)})


def out_of_time(seconds: float) -> str:
    """The sentence for a run that computed too long."""
    return f"the program computed longer than its limit of {seconds:g} s"


class _Pusher:
    """Ends the run of this thread, from threads of its own: again and again, for a program may catch it."""

    def __init__(self, interrupt: Callable[[RunEnded], bool]) -> None:
        self._interrupt = interrupt
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []

    def push(self, ended: RunEnded, left: Callable[[], float]) -> None:
        """From when `left` says 0: it is asked how many seconds there are."""
        runner = threading.get_ident()
        thread = threading.Thread(target=self._watch, args=(runner, ended, left), name="edge-deadline", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """After it no end comes any more; one that came meanwhile is raised here, and then it is to be called again."""
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, runner: int, ended: RunEnded, left: Callable[[], float]) -> None:
        import ctypes  # noqa: PLC0415 - a Python in a browser has none, and no threads

        kind = _class_of(ended.type, str(ended))
        while not self._done.wait(max(left(), _SHORTEST)):
            if left() > 0:
                continue  # it waited meanwhile
            # An exception that arrives inside a callback of C code is lost, and what the callback answers is garbage.
            if not self._interrupt(kind()):  # type: ignore[call-arg]
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(runner), ctypes.py_object(kind))
            if self._done.wait(_AGAIN):
                return


def run_within(meter: Meter, machine: Machine, interrupt: Callable[[RunEnded], bool]) -> Ending:
    """Run a machine for as long as its meter says. `interrupt` is called from another thread; it says whether native code is
    running, which it ends."""
    if meter.limit is not None and sys.platform == "emscripten":
        raise RuntimeError(NO_LIMIT)
    pusher = _Pusher(interrupt)
    if sys.version_info < (3, 12):  # from then on the machine ends such a program by itself
        machine.insist = lambda ended: pusher.push(ended, lambda: 0.0)
    depth = sys.getrecursionlimit()
    late: RunEnded | None = None
    ran: Ending | None = None
    # From here on an end may arrive between any two calls. No call stands outside of these blocks until the watchers are gone.
    try:
        if meter.limit is not None:
            pusher.push(RunEnded("TimeoutError", out_of_time(meter.limit)), lambda: meter.left)
        meter.start()
        ran = machine.run()
    except RunEnded as arrived:
        late = arrived
    finally:
        while True:
            try:
                pusher.stop()
                break
            except RunEnded as arrived:
                late = late or arrived
    meter.stop()
    sys.setrecursionlimit(depth)  # the machine may have been ended before it could restore it
    if ran is not None:
        return ran
    assert late is not None
    return machine.ended(late)
