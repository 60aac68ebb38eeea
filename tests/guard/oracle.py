"""Plays the cases: on plain CPython, and under the guard. Plain code that runs in every supported Python.

Takes: cases as data (`cases.py`), in one list; the secret.
Gives: for each case what the last program printed and how it ended; under the guard also the codes of its diagnostics.
Refuses: nothing: a program that raises has said so.

By hand, `python -m tests.guard.oracle plain < cases.json`. Both ways find the same secret in the same places, and the same
module `host`, and `lib` of their own; so what wins on plain CPython and not under the guard was stopped by the guard.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from edge_runtime import Limits, MemoryHost, run_program

SECONDS = 20.0
LIB = """
x = 1


def is_number(value):
    return type(value) in (int, float)


def is_whole(value):
    return type(value) == int


def template_of(value):
    match value:
        case str(format=found):
            return found


def make(names):
    class Made:
        __slots__ = names

    return Made
"""
"""The text of `lib`, a module that a program may have beside itself."""


def hide(secret: str) -> None:
    """Put the secret where only those find it who have left the language."""
    module = sys.modules["secret"] = ModuleType("secret")
    module.TOKEN = secret  # type: ignore[attr-defined]
    os.chdir(tempfile.mkdtemp(prefix="edge-guard-"))
    Path("secret.txt").write_text(secret, "utf-8")


def host_functions(secret: str) -> dict[str, Callable[..., Any]]:
    """What the module `host` offers: functions of a careless host, whose objects hold the secret."""

    class Vault:
        def __init__(self) -> None:
            self.token = secret

    vault = Vault()
    shelf = {"vault": vault}

    def apply(function: Any, /, *given: Any, **named: Any) -> Any:
        return function(*given, **named)

    def each(function: Any, values: Any) -> list[Any]:
        held = vault  # a local of the host's frame, while the script's function runs
        answers = [function(value) for value in values]
        assert held is vault
        return answers

    def open_vault(name: str = "key") -> Any:
        return getattr(vault, name)

    def look_up(name: str) -> Any:
        return shelf[name].token[:0]

    def fail(text: str = "no") -> None:
        try:
            raise LookupError("inside the host")
        except LookupError as error:
            raise ValueError(text) from error

    def describe(value: Any, template: str = "{}") -> str:
        return template.format(value)

    def order(values: Any, key: Any = None) -> list[Any]:
        return sorted(values, key=key)

    def echo(value: Any) -> Any:
        return value

    def remember(value: Any, kept: list[Any] = []) -> int:  # noqa: B006 - careless, as said
        kept.append(value)
        return len(kept)

    made = (apply, each, open_vault, look_up, fail, describe, order, echo, remember)
    return {function.__name__: function for function in made}


def play_plain(cases: list[dict[str, Any]], secret: str) -> list[dict[str, Any]]:
    """Each case on this interpreter, as anybody runs a program."""
    hide(secret)
    sys.modules["host"] = ModuleType("host")
    sys.modules["host"].__dict__.update(host_functions(secret))
    lib = sys.modules["lib"] = ModuleType("lib")
    exec(LIB, lib.__dict__)  # noqa: S102 - a module of the program's own
    answers = []
    for case in cases:
        answer: dict[str, Any] = {}
        for program in _programs(case):
            answer = _plain(program)
        answers.append(answer)
    return answers


def _plain(program: str | bytes) -> dict[str, Any]:
    out = io.StringIO()
    ended = ""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = fresh = ModuleType("__main__")
    depth = sys.getrecursionlimit()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            exec(compile(program, "main.py", "exec", dont_inherit=True), fresh.__dict__)  # noqa: S102
    except BaseException as error:  # noqa: BLE001 - whatever a hostile program raises
        ended = "".join(traceback.format_exception_only(error))
        traceback.print_exception(error, file=out)
    finally:
        sys.modules["__main__"] = main
        sys.setrecursionlimit(depth)
    return {"out": out.getvalue(), "ended": ended}


def play_guarded(cases: list[dict[str, Any]], secret: str) -> list[dict[str, Any]]:
    """Each case as Edge Python."""
    hide(secret)
    return [_guarded(case, secret) for case in cases]


def _guarded(case: dict[str, Any], secret: str) -> dict[str, Any]:
    host = MemoryHost(natives={"host": host_functions(secret)}, sources={"lib": LIB})
    limits = Limits(time=None if sys.platform == "emscripten" else SECONDS)
    answer: dict[str, Any] = {}
    for program in _programs(case):
        result = run_program(program, host, limits=limits)
        error = result.error
        said = [result.output]
        if error is not None:
            said += [error.type, error.message, error.rendered, *(f"{one.file} {one.function}" for one in error.frames)]
        for problem in result.diagnostics:
            said += [problem.message, problem.fix or "", problem.note or ""]
        answer = {
            "out": "\n".join(said),
            "ended": "" if error is None else f"{error.type}: {error.message}",
            "codes": [problem.code for problem in result.diagnostics],
        }
    return answer


def _programs(case: dict[str, Any]) -> list[str | bytes]:
    return [one if isinstance(one, str) else base64.b64decode(one[0]) for one in case["programs"]]


PLAYERS = {"plain": play_plain, "guarded": play_guarded}


def play(argument: dict[str, Any]) -> list[dict[str, Any]]:
    """For engines: `{"how", "cases", "secret"}`."""
    return PLAYERS[argument["how"]](argument["cases"], argument["secret"])


def main() -> int:
    """Serve one list of cases."""
    argument = json.load(sys.stdin)
    # Why: whatever a program manages to write to the process's own output must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    answers.write(json.dumps(play({**argument, "how": sys.argv[1]})))
    answers.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
