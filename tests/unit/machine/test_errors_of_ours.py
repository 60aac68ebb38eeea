"""Errors of the runtime's in a script's hands: nothing to write on, nothing of the host's on them, nothing for a later run."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from concurrent.futures import Future
from threading import Timer
from typing import Any

import pytest

import edge_runtime
from edge_runtime import MemoryHost, Session, run_program
from edge_runtime.guard.sealed import Sealed

NEVER_NEAR = {
    "edge_runtime.packages",
    "edge_runtime.native.symbols",
    "edge_runtime.native.reader",
    "edge_runtime.hosts.terminal",
}
"""Rooms and files whose errors end before a program runs."""
NOT_HERE = {"edge_runtime.__main__", "edge_runtime.hosts.browser"}


def our_errors() -> Iterator[type[BaseException]]:
    for found in pkgutil.walk_packages(edge_runtime.__path__, "edge_runtime."):
        if found.name in NOT_HERE or ".std.modules" in found.name:
            continue
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, BaseException) and value.__module__ == found.name:
                yield value


def test_their_classes_cannot_be_written_on() -> None:
    found = {error for error in our_errors() if not any(error.__module__.startswith(place) for place in NEVER_NEAR)}
    assert len(found) > 8
    assert [error for error in found if not isinstance(error, Sealed)] == []


def failing() -> Any:
    return os.no_such_thing  # type: ignore[attr-defined]


def failing_later() -> Future[Any]:
    future: Future[Any] = Future()
    try:
        failing()
    except AttributeError as error:
        future.set_exception(error)
    return future


CALLS = """
import m
async def caught(f):
    try:
        await f()
    except AttributeError as error:
        return error.obj
async def passed(f):
    await f()
async def because(f):
    try:
        await f()
    except AttributeError as error:
        raise ValueError from error
print(run(caught(m.{name})))
for how in run, gather, lambda one: with_timeout(5, one):
    try:
        how(passed(m.{name}))
    except AttributeError as error:
        print(error.obj)
try:
    run(because(m.{name}))
except ValueError as error:
    print(error.__cause__.obj)
"""


@pytest.mark.parametrize("name", ["failing", "failing_later"])
def test_an_awaited_call_gives_no_object_of_the_host(name: str) -> None:
    host = MemoryHost(natives={"m": {"failing": failing, "failing_later": failing_later}})
    assert run_program(CALLS.format(name=name), host).output == "None\n" * 5


def test_no_error_of_ours_hangs_on_one_of_a_script() -> None:
    source = "try:\n    frame()\nexcept RuntimeError as error:\n    print(error.__context__, error.__cause__)"
    assert run_program(source, MemoryHost()).output == "None None\n"


def test_what_exit_methods_are_given_cannot_be_written_on() -> None:
    source = """
class Writing:
    def __enter__(self): pass
    def __exit__(self, kind, value, trace):
        try:
            kind.__str__ = lambda self: 'mine'
        except TypeError as error:
            print('refused')
        return True
async def stubborn():
    for _ in range(30):
        with Writing():
            sleep(1)
task = stubborn()
async def other():
    sleep(0)
    cancel(task)
gather(task, other())
"""
    result = run_program(source, MemoryHost())
    assert "refused" in result.output
    assert result.error is not None
    assert "was cancelled" in result.error.message


def test_a_late_answer_is_not_for_the_next_snippet() -> None:
    secret: Future[str] = Future()
    harmless: Future[str] = Future()

    def begin() -> Future[str]:
        secret.set_result("of the first")
        return harmless

    host = MemoryHost(natives={"m": {"secret": lambda: secret, "harmless": begin}})
    session = Session()
    first = """
from m import secret
async def ask(): return secret()
try:
    with_timeout(0.01, ask())
except TimeoutError:
    print('late')
"""
    secret.cancel = lambda: False  # type: ignore[method-assign] # one that has begun already
    assert run_program(first, host, session=session, keep=True).output == "late\n"
    Timer(0.05, harmless.set_result, ["of the second"]).start()
    second = run_program("from m import harmless\nprint(harmless())", host, session=session, keep=True)
    assert second.output == "of the second\n"


def test_a_generator_that_was_left_in_the_middle_ends_no_program() -> None:
    source = """
class Once:
    def __await__(self): yield
async def stream():
    await Once()
    yield 1
left = stream()
step = left.asend(None)
step.send(None)
print('done')
"""
    result = run_program(source, MemoryHost())
    assert (result.output, result.ok) == ("done\n", True)
