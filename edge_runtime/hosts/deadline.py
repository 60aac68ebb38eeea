"""The time limit of a run in this process: best effort.

Takes: seconds, and what ends native code.
Gives: how the run ended; once they have passed, with `RunEnded`.
Refuses: to end one long call of C code (`10 ** 10 ** 9`), for Python looks up between its own instructions only; and a
function of the script's that a native module called, before it comes back. A page's engine ends those too.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Final

from ..machine.limits import RunEnded
from ..machine.machine import Ending, Machine

_AGAIN: Final = 0.05
"""Seconds until a program that caught the end is ended again."""


class OutOfTime(RunEnded):
    """The run's time is up. Made by its class alone, as the interpreter raises it in another thread."""

    seconds = 0.0

    def __init__(self) -> None:
        super().__init__("TimeoutError", f"the program computed longer than its limit of {self.seconds:g} s")


def run_within(seconds: float | None, machine: Machine, interrupt: Callable[[RunEnded], bool]) -> Ending:
    """Run a machine for `seconds` at most (None: for ever). `interrupt` is called from another thread; it says whether native
    code is running, which it ends."""
    if seconds is None:
        return machine.run()
    ending = type("OutOfTime", (OutOfTime,), {"seconds": seconds})
    done = threading.Event()
    runner = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            # An exception that arrives inside a callback of C code is lost, and what the callback answers is garbage.
            if not interrupt(ending()):
                raise_in(runner, ctypes.py_object(ending))
            wait = _AGAIN

    watcher = threading.Thread(target=watch, name="edge-deadline", daemon=True)
    depth = sys.getrecursionlimit()
    late: RunEnded | None = None
    ran: Ending | None = None
    # From here on an end may arrive between any two calls. No call stands outside of these blocks until the watcher is gone.
    try:
        watcher.start()
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
    sys.setrecursionlimit(depth)  # the machine may have been ended before it could restore it
    return ran if ran is not None else machine.ended(late or ending())
