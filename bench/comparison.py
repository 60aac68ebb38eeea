"""The lines of `bench/speed.py`: for each program how many times as fast as the others we are, and what comes of all of them.

Takes: for each program the times of ours and of plain Pyodide's runs, in pairs that ran one behind the other; for each rival and
program a `Time`, or why there is none.
Gives: `beside_pyodide`, `beside`: lines. A rival that was broken off counts with the time it had taken by then: its ratio is a
lower bound, and says so.
Refuses: nothing; it does no I/O.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

WIDTH: Final = 44


@dataclass(frozen=True, slots=True)
class Time:
    """What a rival took for a program: `ms`, or more than that if it was broken off then."""

    ms: float
    late: bool = False


def beside_pyodide(times: Mapping[str, Sequence[tuple[float, float]]]) -> Iterator[str]:
    """A line for each program, and one over all of them."""
    yield f"{'speed: medians':26} {'ours':>9} {'Pyodide':>9}   how many times as fast as Pyodide we are"
    ratios = {name: statistics.median(theirs / ours for ours, theirs in pairs) for name, pairs in times.items()}
    for name, pairs in times.items():
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        yield f"{name:26} {ours:9.1f} {theirs:9.1f}   {ratios[name]:.3f}"
    yield _mean("Pyodide", list(ratios.values()), "", "")


def beside(rival: str, found: Mapping[str, Time | str], ours: Mapping[str, float]) -> Iterator[str]:
    """How many times as fast as a rival we are: all programs by name, their mean, on how many we are ahead. `found`: its times,
    or why it has none, in a few words; `ours`: our milliseconds."""
    known = {name: time for name, time in found.items() if isinstance(time, Time)}
    ratios = {name: time.ms / ours[name] for name, time in known.items()}
    late = [ratio for name, ratio in ratios.items() if known[name].late]
    words = [
        f"{name} {time}" if isinstance(time, str) else f"{name} {'more than ' if time.late else ''}{ratios[name]:.1f}"
        for name, time in found.items()
    ]
    yield from wrap(f"speed, over {rival}: {'; '.join(words)}", width=150, subsequent_indent="  ")
    if ratios:
        least = "at least " if min(ratios.values()) in late else ""
        yield _mean(rival, list(ratios.values()), "at least " if late else "", least)  # a mean of lower bounds is one
    yield _ahead(rival, found, ratios)


def _mean(name: str, ratios: list[float], mean: str, least: str) -> str:
    words = f"{mean}{statistics.geometric_mean(ratios):.3f}, {least}{min(ratios):.3f}"
    return f"{f'speed, over {name}: geometric mean, least':{WIDTH}} {words}"


def _ahead(rival: str, found: Mapping[str, Time | str], ratios: Mapping[str, float]) -> str:
    behind = [name for name, ratio in ratios.items() if ratio <= 1]
    late = sum(isinstance(time, Time) and time.late for time in found.values())
    cannot = {name: reason for name, reason in found.items() if isinstance(reason, str)}
    words = [f"on {len(ratios) - len(behind)} of {len(ratios)} programs that it runs"]
    if behind:
        words.append(f"not on {', '.join(behind)}")
    if late:
        words.append(f"{late} broken off")
    if cannot:
        words.append(f"{len(cannot)} it cannot ({', '.join(cannot)})")
    return f"{f'speed, ahead of {rival}':{WIDTH}} {'; '.join(words)}"
