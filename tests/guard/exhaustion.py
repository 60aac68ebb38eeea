"""The cases that eat time or memory: each in a process of its own.

Takes: cases that `dies` marks.
Gives: whether each is a danger on plain CPython, and how the `edge` command ends it; for those that kill an engine, whether
a Pyodide dies of them, and what the compiler says in one.
Refuses: nothing. A process that does not end is killed; how long a run took is nobody's question here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from edge_runtime.hosts.result import NOT_COMPILED
from tests.guard.cases import Case
from tests.guard.verdicts import BEHIND, Verdict
from tests.support.pyodides import EngineError, Engines
from tests.support.site import ROOT

MUCH: Final = 1 << 30
"""Bytes. A program that asks for more on plain CPython is a danger."""
LONG: Final = 2.0
"""Seconds. So is one that is still busy then."""
_NEVER: Final = 60.0
"""Seconds after which a run under the guard has hung: its limit is a tenth of a second."""
_BOUNDED: Final = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
runpy.run_path(sys.argv[2], run_name="__main__")
"""
_ENDS: Final = ("TimeoutError", "MemoryError", "OverflowError", "ValueError", "RecursionError")
"""Errors that may end such a program: that of the limit, or one that says that it asks for too much."""
_CUT: Final = ": <exception str() failed>"
"""So ends the picture of an exception whose own text took too long."""


def judge_exhaustion(cases: Sequence[Case], folder: Path) -> list[Verdict]:
    """Play all, two at a time."""

    def one(numbered: tuple[int, Case]) -> Verdict:
        number, case = numbered
        path = folder / f"{number}.py"
        (program,) = case.programs
        path.write_bytes(program if isinstance(program, bytes) else program.encode())
        wrong, stopped = _is_harmless(path), ""
        if wrong is None:
            wrong, stopped = _guarded(path)
        return Verdict(case=case, wrong=wrong, stopped=stopped)

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(one, enumerate(cases)))


def _is_harmless(path: Path) -> str | None:
    """Why a program is none of these cases; None where it is a danger on plain CPython."""

    try:
        ran = subprocess.run(
            [sys.executable, "-I", "-c", _BOUNDED, str(MUCH), path],
            capture_output=True,
            encoding="utf-8",
            timeout=LONG,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if ran.returncode < 0 or "MemoryError" in ran.stderr:
        return None
    return f"void: on plain CPython it ends at once ({ran.returncode}): {ran.stderr[-300:]}"


def _guarded(path: Path) -> tuple[str | None, str]:
    """What is wrong with how the command ends a program, and the end."""
    command = [sys.executable, "-m", "edge_runtime", "run", "--timeout", "0.1", "--memory", "256", str(path)]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=_NEVER, check=False)
    except subprocess.TimeoutExpired:
        return "a way out: it does not end", ""
    lines = [line for line in ran.stderr.splitlines() if line.startswith("error: ")]
    end = lines[0] if lines else ""
    if ran.returncode == NOT_COMPILED and lines:
        return None, end
    if ran.returncode != 1:
        return f"a way out: exit code {ran.returncode}, {ran.stdout[-200:]!r}, {ran.stderr[-400:]!r}", end
    if not end.removeprefix("error: ").startswith(_ENDS) and not end.endswith(_CUT):
        return f"not the error of a limit: {ran.stderr[-400:]!r}", end
    said = [word for word in BEHIND if word in (ran.stdout + ran.stderr).replace(str(path), "")]
    return (f"the output names what is behind: {said[0]!r} in {ran.stderr[-400:]!r}" if said else None), end


def judge_killers(cases: Sequence[Case], version: str) -> list[Verdict]:
    """Play what kills an engine: plainly in an engine for each, then under the guard in one that must outlive them all."""
    verdicts = []
    with Engines() as engines:
        answers = engines.run_in(version, "tests.guard.oracle:play", _asked("guarded", cases))
        for case, answer in zip(cases, answers, strict=True):
            wrong = None if answer["codes"] else f"a way out: no diagnostic, but {answer['out'][:200]!r}"
            try:
                engines.run_in(version, "tests.guard.oracle:play", _asked("plain", [case]))
            except EngineError as error:
                if "did not answer" in str(error):
                    wrong = f"void: {error}"
            else:
                wrong = "void: the engine survives it"
            verdicts.append(Verdict(case=case, wrong=wrong, stopped=answer["ended"]))
    return verdicts


def _asked(how: str, cases: Sequence[Case]) -> dict[str, Any]:
    return {"how": how, "cases": [case.as_data() for case in cases], "secret": "a prize"}
