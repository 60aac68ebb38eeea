"""Honest programs, and what comes of them: on plain CPython, and through the guard.

Takes: the programs of `tests/guard/ordinary`; the conformance cases and the programs inside `tests/unit/std` that plain
CPython runs too.
Gives: `Program`s; `outcomes`, what each printed and how it ended, from a process of its own whose hashes are fixed;
`both`, the same two ways inside a Pyodide (`tests/support/pyodides.py`).
Refuses: what is no plain Python. A program says on its first line which Python it is for (`# since 3.12`).

The plain side never imports the project: what the oracle says owes nothing to it.
"""

from __future__ import annotations

import ast
import contextlib
import contextvars
import io
import json
import os
import random
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "tests" / "guard" / "ordinary"
CORPUS: Final = ROOT.parent / "shared" / "conformance" / "language.json"

_SINCE: Final = re.compile(r"# since 3\.(\d+)\n")
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
_LOOSE: Final = re.compile(r"^warning: coroutine .* was never awaited\n(?:.*\n)*?    = help: .*\n", re.MULTILINE)
_OLDEST: Final = 11
_ADDED: Final = frozenset("run sleep gather with_timeout cancel receive frame import_module input id".split())
"""Built-ins that plain CPython lacks, that ask a person, or that answer differently in each process."""

_EXHAUSTED: Final = frozenset({"MemoryError", "RecursionError", "budget exceeded"})

Outcome = dict[str, Any]
"""`printed`; `ended`: None, or the class and text of what was not caught; `exit`; `refused`: what the guard said."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program. `since` is the minor version of Python that it needs; `dies` says that stock Pyodide does not survive it,
    plainly or not."""

    name: str
    source: str
    since: int = _OLDEST
    dies: bool = False


def written() -> list[Program]:
    """The programs that were written for this, by name."""
    return [_program(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]


def _program(name: str, source: str) -> Program:
    since = _SINCE.match(source)
    return Program(name, source, int(since[1]) if since else _OLDEST, "\n# dies in stock Pyodide\n" in source)


def from_conformance() -> list[Program]:
    """The language's conformance cases that are plain Python and are not about exhaustion, where each machine has its own
    end; none where the folder is absent."""
    if not CORPUS.is_file():
        return []
    cases: list[Mapping[str, Any]] = json.loads(CORPUS.read_text(encoding="utf-8"))
    return [
        Program(f"language-{index}", case["src"])
        for index, case in enumerate(cases)
        if case.keys() <= {"src", "output", "error"} and case.get("error") not in _EXHAUSTED and is_plain(case["src"])
    ]


def from_std() -> list[Program]:
    """What the tests of the standard packages give to `same_output` as it stands."""
    found: list[Program] = []
    for path in sorted((ROOT / "tests" / "unit" / "std").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("same_output"), args=[ast.Constant(str(text)), *_]):
                    source = _dedented(text)
                    if is_plain(source):
                        found.append(Program(f"{path.stem.removeprefix('test_')}-{node.lineno}", source))
    return found


def _dedented(text: str) -> str:
    import textwrap

    return textwrap.dedent(text)


def is_plain(source: str) -> bool:
    """Whether CPython compiles it, and it uses no name that the dialect adds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            compile(source, "main.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    read: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return not (read - bound) & _ADDED


def outcomes(programs: Sequence[Program], way: str, seconds: float = 240) -> dict[str, Outcome]:
    """What came of each program, by name. `way` is `plain` or `guarded`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.ordinary", way],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps([program.source for program in programs]),
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"the {way} side ended with {done.returncode}:\n{done.stderr[-2_000:]}")
    return dict(zip([program.name for program in programs], json.loads(done.stdout), strict=True))


def both(sources: Sequence[str]) -> list[list[Outcome]]:
    """Each program plainly, then through the guard, in this process."""
    return [[plain(source), guarded(source)] for source in sources]


def plain(source: str) -> Outcome:
    """CPython's own answer, in a fresh `__main__`."""
    return contextvars.Context().run(_plain, source)  # `decimal` keeps its settings in the context


def _plain(source: str) -> Outcome:
    random.seed()
    written, before, made = io.StringIO(), sys.modules["__main__"], ModuleType("__main__")
    sys.argv = ["main.py"]
    ended: list[str] | None = None
    code = 0
    sys.modules["__main__"] = made  # `dataclass` and `enum` look names up there
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written), _quiet():
        try:
            exec(compile(source, "main.py", "exec", dont_inherit=True), made.__dict__)  # noqa: S102 - it is the oracle
        except SystemExit as error:
            code = _exit_code(error.code, written)
        # Why so broad: whatever ends the program is the answer.
        except BaseException as error:  # noqa: BLE001
            ended, code = [type(error).__qualname__, str(error)], 1
        finally:
            sys.modules["__main__"] = before
    return {"printed": _masked(written.getvalue()), "ended": ended, "exit": code, "refused": []}


def _exit_code(code: object, written: io.StringIO) -> int:
    """As CPython at the end of a process."""
    if code is None or isinstance(code, int):
        return code or 0
    written.write(f"{code}\n")
    return 1


def _masked(text: str) -> str:
    """The text without addresses, which no two processes share."""
    return _ADDRESS.sub(" at an address", text)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def guarded(source: str) -> Outcome:
    """The project's answer."""
    from edge_runtime import MemoryHost, run_program

    result = run_program(source, MemoryHost())
    refused = [f"line {found.span.line if found.span else 0}: {found.message}" for found in result.diagnostics]
    ended = None if result.error is None or refused else [result.error.type, result.error.message]
    printed = _LOOSE.sub("", _masked(result.output))  # CPython's own warning of it is off
    return {"printed": printed, "ended": ended, "exit": result.exit_code, "refused": refused}


def difference(plainly: Outcome, here: Outcome) -> str | None:
    """What is not the same, in words; None where all is."""
    if here["refused"]:
        return "refused: " + "; ".join(here["refused"])
    if plainly == here:
        return None
    first, second = plainly["printed"].splitlines(), here["printed"].splitlines()
    for number, (wanted, seen) in enumerate(zip(first, second, strict=False), 1):
        if wanted != seen:
            return f"output line {number}: CPython prints {wanted!r}, here {seen!r}"
    if first != second:
        rest = (first[len(second) :] or second[len(first) :])[:3]
        return f"{'CPython' if len(first) > len(second) else 'here'} prints more: {rest!r}{_ends(plainly, here)}"
    return f"the end differs{_ends(plainly, here)}"


def _ends(plainly: Outcome, here: Outcome) -> str:
    return f" (ended: CPython {plainly['ended']} with {plainly['exit']}, here {here['ended']} with {here['exit']})"


def main() -> None:
    """Serve one list of programs."""
    import resource

    memory = 512 * 1024 * 1024  # Why: a program that eats memory gets its MemoryError, not the machine's end.
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answer = plain if sys.argv[1] == "plain" else guarded
    results = [answer(source) for source in json.load(sys.stdin)]
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
