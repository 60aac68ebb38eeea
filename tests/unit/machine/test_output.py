"""Output is bounded, and says once that it is."""

from __future__ import annotations

import pytest

from edge_runtime import Limits, MemoryHost, run_program
from edge_runtime.machine.output import Output

NOTICE = "\n[output limit reached: the rest is not shown]\n"


class _Sink:
    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []

    def write(self, stream: str, text: str) -> None:
        self.written.append((stream, text))


@pytest.mark.parametrize(
    ("limit", "texts", "written"),
    [
        (5, ["abc", "de", "", "f", "g"], ["abc", "de", "", NOTICE]),
        (4, ["abc", "def", "g"], ["abc", f"d{NOTICE}"]),
        (4, ["é中"], [f"é{NOTICE}"]),
        (5, ["é中"], ["é中"]),
        (3, ["\ud800"], ["\ud800"]),
    ],
)
def test_limit(limit: int, texts: list[str], written: list[str]) -> None:
    sink = _Sink()
    output = Output(sink, limit)  # type: ignore[arg-type]
    for text in texts:
        output.write("stdout", text)
    assert [text for _, text in sink.written] == written


def test_the_run_goes_on_silently() -> None:
    result = run_program("for n in range(100): print(n)\nraise SystemExit(n)", MemoryHost(), limits=Limits(output=4))
    assert (result.output, result.exit_code) == (f"0\n1\n{NOTICE}", 99)
