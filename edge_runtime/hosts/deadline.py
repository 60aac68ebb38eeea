"""The time limit of a run in this process: best effort.

Takes: seconds, and what ends native code.
Gives: a context in which a run ends with `RunEnded` once they have passed.
Refuses: to end one long call of C code (`10 ** 10 ** 9`), for Python looks up between its own instructions only; and a
function of the script's that a native module called, before it comes back. A page's engine ends those too.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from ..machine.limits import RunEnded

_AGAIN: Final = 0.05
"""Seconds until a program that caught the end is ended again."""


class OutOfTime(RunEnded):
    """The run's time is up. Made by its class alone, as the interpreter raises it in another thread."""

    seconds = 0.0

    def __init__(self) -> None:
        super().__init__("TimeoutError", f"the program computed longer than its limit of {self.seconds:g} s")


@contextmanager
def deadline(seconds: float | None, interrupt: Callable[[RunEnded], bool]) -> Iterator[None]:
    """Ends what runs inside after `seconds` (None: never). `interrupt` is called from another thread; it says whether native
    code is running, which it ends."""
    if seconds is None:
        yield
        return
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
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        raise_in(runner, None)  # an end that is still on its way must not meet the host
