"""One target under atheris: `python -m tests.fuzz.guided TARGET [libFuzzer options] [folder of inputs]`.

Takes: the target's name. Gives: libFuzzer's report. Refuses: to return: atheris ends the process.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # not everywhere

with atheris.instrument_imports(include=["edge_runtime"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer has had enough."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
