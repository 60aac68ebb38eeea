"""The lines of `bench/speed.py`: for each program how many times as fast as the others we are, and what comes of all of them.

Takes: for each program the times of ours and of plain Pyodide's runs, in pairs that ran one behind the other; for each rival and
program a `Time`, or why there is none.
Gives: `lines`. A rival that was broken off counts with the time it had taken by then: its ratio is a lower bound, and says so.
Refuses: nothing; it does no I/O.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 44


@dataclass(frozen=True, slots=True)
class Time:
    """What a rival took for a program: `ms`, or more than that if it was broken off then."""

    ms: float
    late: bool = False


Pairs = Sequence[tuple[float, float]]
Found = Mapping[str, Time | str]
"""By program: a rival's time, or why it has none, in a few words."""


def lines(times: Mapping[str, Pairs], rivals: Mapping[str, Found]) -> Iterator[str]:
    """A line for each program, then what holds over all of them: a geometric mean for each, and on how many we are ahead."""
    yield f"{'speed: medians':26} {'ours':>9} {'Pyodide':>9}   and how many times as fast as the others we are"
    ours = {name: statistics.median(mine for mine, _ in pairs) for name, pairs in times.items()}
    over = {name: statistics.median(theirs / mine for mine, theirs in pairs) for name, pairs in times.items()}
    for name, pairs in times.items():
        words = [
            f"{over[name]:.3f} Pyodide",
            *(_words(rival, found[name], ours[name]) for rival, found in rivals.items()),
        ]
        yield f"{name:26} {ours[name]:9.1f} {statistics.median(theirs for _, theirs in pairs):9.1f}   {'; '.join(words)}"
    yield from _mean("Pyodide", list(over.values()), bound=False)
    for rival, found in rivals.items():
        known = {name: time for name, time in found.items() if isinstance(time, Time)}
        ratios = {name: time.ms / ours[name] for name, time in known.items()}
        yield from _mean(rival, list(ratios.values()), bound=any(time.late for time in known.values()))
        yield _ahead(rival, found, ratios)


def _words(rival: str, found: Time | str, ours: float) -> str:
    if isinstance(found, str):
        return f"{rival}: {found}"
    return f"{'more than ' if found.late else ''}{found.ms / ours:.1f} {rival}"


def _mean(name: str, ratios: list[float], *, bound: bool) -> Iterator[str]:
    if ratios:
        least = "at least " if bound else ""  # a mean of lower bounds is one
        words = f"{least}{statistics.geometric_mean(ratios):.3f}, {min(ratios):.3f}"
        yield f"{f'speed, over {name}: geometric mean, least':{WIDTH}} {words}"


def _ahead(rival: str, found: Found, ratios: Mapping[str, float]) -> str:
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
