"""The cases of `families/`: programs that a hostile author would write, and what each of them is after.

Takes: `families/<family>.txt`.
Gives: `Case`s, in order; `as_data` for the trip into another process or another Python.
Refuses: a file that is not written so; two cases of one name.

    What the family is about.

    == the name of a case
    -- since 3.12            from this Python on; `until 3.13` is the last one
    -- wins left behind      what the last program prints where it gets its prize; else the secret
    -- expression            the programs are Python expressions that give text or bytes
    -- dies                  the danger on plain CPython: it dies, hangs, or takes more than 1 GiB (runs on its own)
    -- kills                 the danger: a Pyodide dies of compiling it (in an engine of its own)
    the program
    -- then
    another program, run after the first one by the same process

The secret is a text made for each run. It stands in the module `secret` as `TOKEN` and in the file `secret.txt`; no program
that keeps to the language can have it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "families"
FAMILIES: Final = (
    "attribute walks",
    "dynamic access",
    "strings that fetch attributes",
    "frames",
    "exceptions that carry objects",
    "classes",
    "every binding form",
    "imports and curated modules",
    "callbacks from host code",
    "exhaustion and odd sources",
    "normalisation",
    "lazily evaluated scopes",
    "waiting",
)
"""The families of sandbox.md, in its order; and waiting."""

_FIRST: Final = (3, 11)
_LAST: Final = (3, 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attack. `programs` run one after the other; the last one prints the prize. `wins` is None where that is the
    secret. A case that `dies` needs a process of its own, one that `kills` an engine."""

    family: str
    name: str
    programs: tuple[str | bytes, ...]
    wins: str | None = None
    since: tuple[int, ...] = _FIRST
    until: tuple[int, ...] = _LAST
    dies: bool = False
    kills: bool = False

    def fits(self, version: tuple[int, ...]) -> bool:
        """Whether it is about this Python."""
        return self.since <= version[:2] <= self.until

    def as_data(self) -> dict[str, Any]:
        """As JSON has it: bytes are Base64 in a list."""
        programs = [one if isinstance(one, str) else [base64.b64encode(one).decode()] for one in self.programs]
        return {"programs": programs, "wins": self.wins, "title": str(self)}

    @property
    def alone(self) -> bool:
        """Whether nothing else may run beside it."""
        return self.dies or self.kills

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def read_family(family: str) -> tuple[Case, ...]:
    """The cases of one family."""
    text = (FOLDER / f"{family.replace(' ', '_')}.txt").read_text("utf-8")
    _, *blocks = f"\n{text}".split("\n== ")
    cases = tuple(_case(family, block) for block in blocks)
    names = [case.name for case in cases]
    if len(names) != len(set(names)):
        raise ValueError(f"{family}: two cases have one name")
    return cases


def read_all() -> tuple[Case, ...]:
    """Every case of every family."""
    return tuple(case for family in FAMILIES for case in read_family(family))


@dataclass(slots=True)
class _Head:
    wins: str | None = None
    since: tuple[int, ...] = _FIRST
    until: tuple[int, ...] = _LAST
    dies: bool = False
    kills: bool = False
    expression: bool = False
    body: list[str] = field(default_factory=list)


def _case(family: str, block: str) -> Case:
    name, *lines = block.split("\n")
    head = _Head()
    for line in lines:
        word, _, rest = line.removeprefix("-- ").partition(" ")
        if head.body or not line.startswith("-- "):
            head.body.append(line)
        elif word == "wins":
            head.wins = rest
        elif word in ("since", "until"):
            setattr(head, word, tuple(map(int, rest.split("."))))
        elif word in ("dies", "kills", "expression"):
            setattr(head, word, True)
        else:
            raise ValueError(f"{family}: {name}: what is '{line}'?")
    programs = tuple(_programs(head))
    if not all(programs):
        raise ValueError(f"{family}: {name}: a program is empty")
    return Case(
        family=family,
        name=name,
        programs=programs,
        wins=head.wins,
        since=head.since,
        until=head.until,
        dies=head.dies,
        kills=head.kills,
    )


def _programs(head: _Head) -> Iterator[str | bytes]:
    for text in "\n".join(head.body).split("\n-- then\n"):
        program = text.strip("\n") + "\n"
        yield eval(program, {}) if head.expression else program  # noqa: S307 - a file of this folder
