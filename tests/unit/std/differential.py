"""What the tests of the standard packages share: the curated module beside CPython's own.

Takes: a module's name; calls, or whole programs.
Gives: outcomes that can be compared: the class and text of a value, or of the exception that came instead.
Refuses: to compare objects by identity or equality: the curated classes are the run's own.
"""

from __future__ import annotations

import contextlib
import contextvars
import importlib
import io
import itertools
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edge_runtime import MemoryHost, run_program
from edge_runtime.std.library import Library

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_MOST_ITEMS = 200


@dataclass
class Recorder:
    """A run as the library needs it: the real clocks, and what was written, by stream."""

    argv: tuple[str, ...] = ("main.py",)
    written: list[tuple[str, str]] = field(default_factory=list)

    def write(self, stream: str, text: str) -> None:
        self.written.append((stream, text))

    def read_line(self) -> str | None:
        return None

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def seed(self) -> int:
        return random.getrandbits(64)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.written)


def curated(name: str) -> Mapping[str, Any]:
    """The module as a script of a run of its own sees it."""
    return Library(Recorder()).module(name)


@dataclass(frozen=True)
class Pair:
    """CPython's module and the curated one."""

    real: Mapping[str, Any]
    ours: Mapping[str, Any]

    def check(self, use: Callable[..., Any], *given: Any) -> None:
        """Use both modules in the same way, and compare. `use` takes the module's names."""
        assert outcome(use, Names(self.ours), *given) == outcome(use, Names(self.real), *given)

    def call(self, function: str, *given: Any, **named: Any) -> None:
        """Call a function of both."""
        self.check(lambda module: getattr(module, function)(*given, **named))


class Names:
    """A mapping's items as attributes, so that both modules are used in one way."""

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = items

    def __getattr__(self, name: str) -> Any:
        try:
            return self._items[name]
        except KeyError:
            raise AttributeError(f"no {name}") from None


def pair(name: str) -> Pair:
    """A module twice."""
    return Pair(vars(importlib.import_module(name)), curated(name))


def outcome(use: Callable[..., Any], *given: Any) -> tuple[str, Any]:
    """What came of a call, in comparable form."""
    try:
        return "value", shown(use(*given))
    except Exception as error:  # noqa: BLE001 - whatever comes is what is compared
        return f"raised {type(error).__qualname__}", _ADDRESS.sub("", str(error))


def shown(value: Any) -> Any:
    """A value as its class's name and its text. Iterators are read."""
    if isinstance(value, Iterator):
        return "iterator", [shown(item) for item in itertools.islice(value, _MOST_ITEMS)]
    if isinstance(value, tuple | list):
        return type(value).__qualname__, [shown(item) for item in value]
    return type(value).__qualname__, _ADDRESS.sub("", repr(value))


def plain(source: str) -> str:
    """What CPython prints for a program, with the class and text of an uncaught exception as the last line."""
    return contextvars.Context().run(_plain, source)  # as a thread of its own: `decimal` has a context in each


def _plain(source: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(source, "main.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - it is the oracle
        except SystemExit:
            pass
        except Exception as error:  # noqa: BLE001 - as above
            print(f"{type(error).__qualname__}: {error}")
    return printed.getvalue()


def same_output(source: str) -> str:
    """What a program prints; it must be what CPython prints."""
    random.seed()  # a program that needs a seed sets its own
    result = run_program(source, MemoryHost())
    assert result.error is None, result.error.rendered
    assert result.output == plain(source)
    return result.output
