"""What unit tests share: short ways to build and run a program from memory.

Takes: the entry's text, and a `MemoryHost`'s fields or outcomes by spec. Gives: results, diagnostics, pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edge_runtime import Diagnostic, MemoryHost, RunResult, check, render, run_program
from edge_runtime.packages.linker import Entry
from edge_runtime.packages.needs import Absent, Need, Outcome
from edge_runtime.packages.resolver import Settings
from edge_runtime.pipeline import Built, Session, build, drive


def run(source: str | bytes, **host: Any) -> RunResult:
    """Run a program from memory."""
    return run_program(source, MemoryHost(**host))


def output(source: str, **host: Any) -> str:
    """What a program prints; it must succeed."""
    result = run(source, **host)
    assert result.error is None, result.error.rendered
    return result.output


def problems(source: str | bytes, **host: Any) -> tuple[Diagnostic, ...]:
    """The diagnostics of a program."""
    return check(source, MemoryHost(**host))


def messages(source: str | bytes, **host: Any) -> list[str]:
    """Their messages."""
    return [found.message for found in problems(source, **host)]


def picture(source: str | bytes, **host: Any) -> str:
    """The picture of a program's one diagnostic."""
    (found,) = problems(source, **host)
    return render(found)


def built(
    source: str | bytes,
    answers: Mapping[str, Outcome] | None = None,
    *,
    location: str = "/p/main.py",
    asked: list[list[Need]] | None = None,
    **settings: Any,
) -> Built:
    """Build a program with outcomes by spec; what is not named is absent. `asked` collects the batches."""

    def supply(needs: list[Need]) -> dict[str, Outcome]:
        if asked is not None:
            asked.append(needs)
        return {need.key: (answers or {}).get(need.spec, Absent()) for need in needs}

    data = source if isinstance(source, bytes) else source.encode()
    return drive(build(Entry(data, location), Settings(**settings), Session()), supply)
