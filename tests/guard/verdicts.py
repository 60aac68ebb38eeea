"""What became of the cases: the oracle's two answers, judged.

Takes: cases; a way to play them (`tests/guard/oracle.py` in a process of its own, in a Pyodide, or in a page).
Gives: one `Verdict` for each case; it is good where `wrong` is None.
Refuses: a case that does not win on plain CPython: then nothing is known of the guard.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pytest

from tests.guard.cases import Case
from tests.support.pyodides import RunIn
from tests.support.site import ROOT

BEHIND: Final = (
    "/work", "/repo", "/root/", "/tmp", "edge_runtime", "edge-guard-", "site-packages", "pyodide", "/lib/python3",  # noqa: S108 - a word
    "python314.zip", "guarded_", "host_function", "<frozen", "importlib", "guard/runtime", "guard/visitor",
    "machine/builtins", "oracle.py", "memory.py", "<locals>",
)  # fmt: skip
"""What no output may say: paths, modules and frames of the host. What the program itself says does not count."""

_ELSEWHERE: Final = frozenset(
    {"not-found", "not-declared", "no-resolver", "no-export", "host-not-granted", "parse-error"}
)
"""Codes of diagnostics that say nothing of the guard: a case that stops at one of these tested nothing else."""
ABOUT_IMPORTS: Final = ("imports and curated modules", "exhaustion and odd sources")
"""Families in which they do say something."""

Answers = list[dict[str, Any]]


class Player(Protocol):
    """Plays cases: `plain` or `guarded`, as data, with a secret."""

    def __call__(self, how: str, cases: list[dict[str, Any]], secret: str) -> Answers: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one case. `stopped` is the first line of what stopped it: `''` where nothing had to."""

    case: Case
    wrong: str | None
    stopped: str


def judge(cases: Sequence[Case], play: Player, secret: str | None = None) -> list[Verdict]:
    """Play all, under the guard and on plain CPython, and compare. Without a secret one is made up."""
    secret = secret or f"prize-{secrets.token_hex(8)}"
    data = [case.as_data() for case in cases]
    # Why the guard first: what a case changes on plain CPython stays changed where both have one process.
    guarded, plain = play("guarded", data, secret), play("plain", data, secret)
    return [
        Verdict(case=case, wrong=_wrong(case, mine, theirs, secret), stopped=_stopped(mine))
        for case, mine, theirs in zip(cases, guarded, plain, strict=True)
    ]


def _wrong(case: Case, guarded: dict[str, Any], plain: dict[str, Any], secret: str) -> str | None:
    prize = case.wins or secret
    text = "\0".join(one if isinstance(one, str) else one.decode("utf-8", "replace") for one in case.programs)
    if prize in text.rpartition("\0")[2]:
        return "void: the program says its own prize"
    if prize not in plain["out"]:
        return f"void: plain CPython does not give the prize either, but: {plain['out'][-300:]}"
    if prize in guarded["out"]:
        return f"a way out: it printed {guarded['out'][:200]!r}"
    if secret in guarded["out"]:
        return "a way out: it printed the secret"
    elsewhere = _ELSEWHERE.intersection(guarded["codes"])
    if elsewhere and case.family not in ABOUT_IMPORTS:
        return f"void: it stopped at {', '.join(sorted(elsewhere))}, not at the guard"
    said = [word for word in BEHIND if word in guarded["out"] and word not in text]
    if said:
        return f"the output names what is behind: {said[0]!r} in {guarded['out'][:400]!r}"
    return None


def _stopped(guarded: dict[str, Any]) -> str:
    return re.sub(r"\n.*", "", guarded["ended"], flags=re.DOTALL)


def play_here(how: str, cases: list[dict[str, Any]], secret: str) -> Answers:
    """In a process of this Python."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.guard.oracle", how],
        cwd=ROOT,
        input=json.dumps({"cases": cases, "secret": secret}),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"the oracle ended with {ran.returncode}: {ran.stderr[-2000:]}")
    answers: Answers = json.loads(ran.stdout)
    return answers


def play_in(run_in: RunIn, version: str) -> Player:
    """In a Pyodide."""

    def play(how: str, cases: list[dict[str, Any]], secret: str) -> Answers:
        answers: Answers = run_in(version, "tests.guard.oracle:play", {"how": how, "cases": cases, "secret": secret})
        return answers

    return play


def report(verdicts: Sequence[Verdict]) -> str:
    """All that is wrong, as text."""
    return "\n".join(f"{one.case}\n    {one.wrong}" for one in verdicts if one.wrong)


def hold(verdicts: Sequence[Verdict]) -> None:
    """Fail, with every case that is wrong."""
    assert verdicts
    text = report(verdicts)
    if text:
        pytest.fail(text, pytrace=False)
