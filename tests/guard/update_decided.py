"""Lists what is undecided on each supported Python: `python -m tests.guard.update_decided`.

Takes: nothing. Gives: a sentence for each name that a table of `tests/guard/decided/` lacks; the exit code is then 1.
Refuses: to write a table: a verdict is somebody's decision.
"""

from __future__ import annotations

import sys

from tests.guard.decisions import contradictions, questions, undecided
from tests.guard.interpreter import surface, verdicts
from tests.support.pyodides import VERSIONS, Engines


def main() -> int:
    """Ask every Python."""
    ours = surface()
    found = [*undecided(ours), *contradictions(verdicts(questions(ours)))]
    with Engines() as engines:
        for version in VERSIONS:
            theirs = engines.run_in(version, "tests.guard.interpreter:surface")
            answers = engines.run_in(version, "tests.guard.interpreter:verdicts", questions(theirs))
            found += [*undecided(theirs), *contradictions(answers)]
    for sentence in dict.fromkeys(found):
        print(sentence)
    print(f"{len(set(found))} left to decide" if found else "Every name of 3.11 to 3.14 is decided on.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
