"""Runs the walk in the interpreter that it is called in; its arguments and answers are JSON.

Takes: what to walk (`guarded`, `plain`, `planted`), for `tests/support/pyodides.py` or natively `python -m`.
Gives: objects, calls and findings.
Refuses: nothing.

`guarded`: a real run of a real program through the guard, twice, and what both runs share. `plain`: the same program on bare
CPython, to see that the walk sees. `planted`: the guarded run, handed one thing of each kind.
"""

from __future__ import annotations

import ast
import builtins
import gc
import importlib
import json
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

from edge_runtime import MemoryHost, check, run_program
from edge_runtime.hosts.clocks import VirtualClock
from edge_runtime.std import NAMES
from tests.guard.walk import Budget, Hands, Walk
from tests.guard.walk_judge import Judge, all_classes, bases_of
from tests.guard.walk_program import fetchers, is_fetchable, program, readers
from tests.guard.walk_shared import shared_and_written

Reached = dict[Any, tuple[str, Any]]
_SHOWN: Final = 400


def run(argument: dict[str, Any]) -> dict[str, Any]:
    """One walk, as asked."""
    budget = Budget(**argument.get("budget", {}))
    modules = argument.get("modules") or sorted(NAMES)
    with _quiet():
        started = time.monotonic()
        if argument["walk"] == "plain":
            walk = _plain(modules, budget)
            shared: list[str] = []
        else:
            plants = _plants() if argument["walk"] == "planted" else {}
            walk = _guarded(modules, budget, plants)
            shared = (
                shared_and_written(walk.found, _guarded(modules, budget, plants).found) if argument.get("twice") else []
            )
        return {
            "python": ".".join(map(str, sys.version_info[:3])),
            "objects": len(walk.found),
            "calls": walk.calls,
            "seconds": round(time.monotonic() - started, 1),
            "complete": walk.complete,
            "findings": [list(pair) for pair in walk.findings[:_SHOWN]],
            "found": len(walk.findings),
            "shared": shared,
        }


class _quiet:  # noqa: N801 - a context, used like a function
    """No waiting, no warnings of coroutines that nobody awaits."""

    def __enter__(self) -> None:
        self._sleep, time.sleep = time.sleep, lambda _: None
        self._hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *error: object) -> None:
        gc.collect()
        self._caught.__exit__(None, None, None)
        time.sleep, sys.unraisablehook = self._sleep, self._hook


def _guarded(modules: Iterable[str], budget: Budget, plants: dict[str, Any]) -> Walk:
    made: list[Walk] = []
    failed: list[str] = []

    def walk(call: Any, derive: Any, above: Any, samples: Any, names: dict[str, Any], imported: list[Any]) -> None:
        scripts = call.__globals__["__builtins__"]
        space = {"__name__": "__main__", "__builtins__": scripts}
        own = [value for value in (*names.values(), *imported) if isinstance(value, ModuleType)]
        # Why a copy: the walk calls `clear` of every dictionary that it finds.
        hands = Hands(_Fetchers(space, compiled_lines), scripts["getattr"], call, derive, above, {**samples})
        made.append(Walk(hands, Judge(own), budget))
        try:
            made[0].run([*_readable(space, scripts), *names.items(), *plants.items()])
        except BaseException:
            failed.append(traceback.format_exc())  # a script's run would show the script's frames only
            raise

    def failing(*_: Any) -> None:
        raise ValueError("from the host", object())

    def raising() -> None:
        try:
            raise KeyError(sys)
        except KeyError:
            raise RuntimeError("while handling") from None

    result = run_program(
        program(modules),
        MemoryHost(
            natives={"hands": {"walk": walk, "failing": failing, "raising": raising}},
            input=["line"],
            clock=VirtualClock(),  # the walk calls `sleep`, with whatever it has
        ),
    )
    if not made:
        raise AssertionError(
            [found.message for found in result.diagnostics] or (result.error and result.error.rendered)
        )
    if result.error is not None:
        raise AssertionError(failed[0] if failed else result.error.rendered)
    return made[0]


def _plain(modules: Iterable[str], budget: Budget) -> Walk:
    """The same program without a guard: real built-ins, real modules."""
    made: list[Walk] = []
    space: dict[str, Any] = {"__name__": "plain"}

    def walk(call: Any, derive: Any, above: Any, samples: Any, names: dict[str, Any], _: list[Any]) -> None:
        hands = Hands(lambda name: lambda value: getattr(value, name), getattr, call, derive, above, {**samples})
        made.append(
            Walk(hands, Judge([]), budget, calls_deep=0)
        )  # what it finds there kills the interpreter when called
        made[0].run([*names.items(), *((name, getattr(builtins, name)) for name in _LOOKED_AT)])

    def unable(*_: Any) -> None:
        raise RuntimeError("not here")

    hands = ModuleType("hands")
    hands.__dict__.update(walk=walk, failing=unable, raising=unable)
    space |= {"receive": unable, "sleep": unable, "import_module": unable, "input": unable}
    sys.modules["hands"] = hands
    real = [name for name in modules if name in sys.stdlib_module_names and name not in ("test", "time")]
    try:
        exec(compile(program(real), "plain.py", "exec", dont_inherit=True), space)  # noqa: S102 - it is the oracle
    finally:
        del sys.modules["hands"]
    return made[0]


_LOOKED_AT: Final = ("type", "str", "object", "getattr", "len", "int", "super")


class _Fetchers:
    """Functions of the script for names, made by the compiler; a name that it refuses has none."""

    def __init__(self, space: dict[str, Any], compiled: Callable[..., tuple[CodeType | None, frozenset[str]]]) -> None:
        self._space, self._compiled = space, compiled
        self._made: dict[str, Any] = {}
        self._fill(sorted({name for cls in all_classes() for base in bases_of(cls) for name in vars(base)}))

    def __call__(self, name: str) -> Any:
        if name not in self._made:
            self._fill([name])
        return self._made[name]

    def _fill(self, names: list[Any]) -> None:
        wanted = [name for name in names if type(name) is str and is_fetchable(name)]
        self._made |= dict.fromkeys(names)
        code, allowed = self._compiled(wanted, fetchers)
        if code is not None:
            exec(code, self._space)  # noqa: S102 - compiled by the guard, as a script's
        self._made |= {name: self._space[f"fetch_{name}"] for name in allowed}


def compiled_lines(names: list[str], lines: Callable[[Iterable[str]], str]) -> tuple[CodeType | None, frozenset[str]]:
    """The code of a program with a line for each name, without the lines that the compiler refuses."""
    refused = {found.span.line for found in check(lines(names)) if found.span is not None}
    allowed = [name for line, name in enumerate(names, 1) if line not in refused]
    if not allowed:
        return None, frozenset()
    result = run_program(lines(allowed))
    if result.program is None or result.error is not None:
        raise AssertionError(
            [found.message for found in result.diagnostics] or (result.error and result.error.rendered)
        )
    chunk: Any = result.program.modules[0]
    return chunk.code, frozenset(allowed)


def _readable(space: dict[str, Any], scripts: dict[str, Any]) -> list[tuple[str, Any]]:
    """The built-in names, as reading them gives them."""
    names = [name for name in scripts if is_fetchable(name)]
    code, allowed = compiled_lines(names, readers)
    assert code is not None
    exec(code, space)  # noqa: S102 - compiled by the guard, as a script's
    return [(name, space[f"read_{name}"]()) for name in sorted(allowed)]


_SHARED: Final[list[int]] = []


class _Holder:
    """Has a module as an attribute."""

    inner = ast


def _answer(first: object, second: object) -> Any:
    if (first, second) == ("a", "a"):
        return json
    raise TypeError


def _error() -> None:
    raise ValueError("text", gc)


def _plants() -> dict[str, Any]:
    """One way out of each kind, each where a script would have to find it."""
    here = sys._getframe()

    def inner() -> Any:
        return here

    may_read = importlib.import_module("edge_runtime.guard.names").may_read
    runtime = FunctionType(may_read.__code__, may_read.__globals__)
    runtime.__module__ = "builtins"  # what it says of itself does not hide it
    try:
        raise ValueError
    except ValueError as error:
        trace = error.__traceback__
    assert inner.__closure__ is not None
    return {
        "plant_module": [sys], "plant_answer": _answer, "plant_error": _error, "plant_attribute": _Holder(),
        "plant_shared": _SHARED,
        "plant_frame": {"a": here}, "plant_code": (inner.__code__,), "plant_trace": [trace], "plant_cell":
        [*inner.__closure__],
        "plant_inside": [CodeType], "plant_space": [vars(json)], "plant_type": [type], "plant_runtime": [runtime],
        "plant_gadget": [str.format, "a".format, object.__setattr__, getattr, type.__subclasses__,
        type.__dict__["__new__"]],
        "plant_class": [type("Evil", (), {"edge_walk_evil": 1, "__getattribute__": lambda _, name: name})],
        "plant_object": [importlib.import_module("edge_runtime.hosts.memory").MemoryHost()],
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(json.loads(sys.argv[1]))) + "\n")
