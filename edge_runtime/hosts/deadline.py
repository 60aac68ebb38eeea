"""The time limit of a run in this process: best effort.

Takes: the meter of a run, and what ends native code.
Gives: how the run ended; once its time is up, with `RunEnded`.
Refuses: to end one long call of C code (`10 ** 10 ** 9`), for Python looks up between its own instructions only; and a
function of the script's that a native module called, before it comes back. A page's engine, and the `edge` command
(`watchdog.py`), end those too.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Final

from ..machine.limits import RunEnded
from ..machine.machine import Ending, Machine
from .meter import Meter

_AGAIN: Final = 0.05
"""Seconds until a program that caught the end is ended again."""
_SHORTEST: Final = 0.01
"""Seconds between two looks at the meter, at least."""


class OutOfTime(RunEnded):
    """The run's time is up. Made by its class alone, as the interpreter raises it in another thread."""

    seconds = 0.0

    def __init__(self) -> None:
        super().__init__("TimeoutError", out_of_time(self.seconds))


def out_of_time(seconds: float) -> str:
    """The sentence for a run that computed too long."""
    return f"the program computed longer than its limit of {seconds:g} s"


def run_within(meter: Meter, machine: Machine, interrupt: Callable[[RunEnded], bool]) -> Ending:
    """Run a machine for as long as its meter says. `interrupt` is called from another thread; it says whether native code is
    running, which it ends."""
    if meter.limit is None:
        return machine.run()
    import ctypes  # noqa: PLC0415 - a Python in a browser has none, and sets no limit here

    ending = type("OutOfTime", (OutOfTime,), {"seconds": meter.limit})
    done = threading.Event()
    runner = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch() -> None:
        while not done.wait(max(meter.left, _SHORTEST)):
            if meter.left > 0:
                continue  # it waited meanwhile
            # An exception that arrives inside a callback of C code is lost, and what the callback answers is garbage.
            if not interrupt(ending()):
                raise_in(runner, ctypes.py_object(ending))
            if done.wait(_AGAIN):
                return

    watcher = threading.Thread(target=watch, name="edge-deadline", daemon=True)
    depth = sys.getrecursionlimit()
    late: RunEnded | None = None
    ran: Ending | None = None
    # From here on an end may arrive between any two calls. No call stands outside of these blocks until the watcher is gone.
    try:
        watcher.start()
        meter.start()
        ran = machine.run()
    except RunEnded as arrived:
        late = arrived
    finally:
        while True:
            try:
                done.set()
                watcher.join()  # after it none can come; one that came meanwhile arrives here
                break
            except RunEnded:
                continue
    meter.stop()
    sys.setrecursionlimit(depth)  # the machine may have been ended before it could restore it
    return ran if ran is not None else machine.ended(late or ending())
