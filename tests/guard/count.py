"""Counts the cases of each family, and shows what became of them on this Python.

By hand: `python -m tests.guard.count [family …]` for the numbers of docs/security.md, after what is wrong;
`--how` for each case and what stopped it; `--python=3.14` to play them in a Pyodide of that version.
"""

import sys

from tests.guard.cases import FAMILIES, read_family
from tests.guard.verdicts import judge, play_here, play_in, report
from tests.support.pyodides import Engines


def main() -> int:
    """Print; exit code 1 where a case gets through or is void."""
    how = "--how" in sys.argv
    version = next((word.removeprefix("--python=") for word in sys.argv if word.startswith("--python=")), "")
    number = tuple(map(int, version.split("."))) if version else sys.version_info[:2]
    families = [word for word in sys.argv[1:] if not word.startswith("--")] or FAMILIES
    cases = [case for family in families for case in read_family(family)]
    with Engines() as engines:
        play = play_in(engines.run_in, version) if version else play_here
        verdicts = judge([case for case in cases if case.fits(number) and not case.alone], play)
    wrong = [one for one in verdicts if one.wrong]
    if wrong:
        print(report(wrong))
    if how:
        for one in sorted(verdicts, key=lambda one: one.case.family):
            if not one.wrong:
                print(f"{one.case}\n    {one.stopped or '(nothing had to stop it)'}")
    for family in families:
        print(f"{family:34}{sum(case.family == family for case in cases):5}")
    print(f"{'all':34}{len(cases):5}")
    print(f"{len(verdicts)} run on Python {'.'.join(map(str, number))}, {len(wrong)} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
