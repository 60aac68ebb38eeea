"""Prints how much the walk sees on each supported Python: `python -m tests.guard.count_walk`, for docs/security.md.

Takes: nothing. Gives: a row of Markdown for each version. Refuses: a version on which something leads behind: exit code 1.
"""

from __future__ import annotations

import sys

from tests.guard.test_walk import RUN, SECONDS, natively
from tests.support.pyodides import VERSIONS, Engines


def main() -> int:
    """Walk on every Python."""
    argument = {"walk": "guarded", "twice": True}
    with Engines() as engines:
        found = [natively(argument), *(engines.run_in(version, RUN, argument, seconds=SECONDS) for version in VERSIONS)]
    print(
        "| Python | objects walked | calls made | ways out | writable and shared by runs |\n| --- | --- | --- | --- | --- |"
    )
    for row in found:
        print(f"| {row['python']} | {row['objects']:,} | {row['calls']:,} | {row['found']} | {len(row['shared'])} |")
    return 1 if any(row["found"] or row["shared"] or not row["complete"] for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
