"""Every target, for a few seconds with seeds that are always the same: `make fuzz` goes on for longer, with others."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.__main__ import Finding, fuzz
from tests.fuzz.targets import TARGETS, crash_of, guard

SECONDS = float(os.environ.get("FUZZ_SECONDS", "2"))


@pytest.mark.parametrize("name", TARGETS)
def test_every_answer_is_a_result_or_a_diagnostic(name: str) -> None:
    count, _ = fuzz(name, SECONDS)
    assert count >= 100


def test_a_crash_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer is no better than what it notices."""

    def broken(data: bytes) -> None:
        if b"import" in data:
            raise KeyError("import")

    monkeypatch.setitem(TARGETS, "scanner", broken)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - hypothesis may group what it found
        fuzz("scanner", 5)
    assert isinstance(caught.value, Finding | BaseExceptionGroup)


@pytest.mark.parametrize("text", ["x.__globals__", "import os.path", "def f(): x.gi_frame"])
def test_what_the_guard_refuses_would_be_noticed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The instructions are read without the guard's help: without its walk, they give it away."""
    monkeypatch.setattr("tests.fuzz.targets.judge", lambda _: ())
    monkeypatch.setattr("tests.fuzz.targets._lowered", lambda parsed: compile(parsed.tree, "x", "exec"))
    assert isinstance(crash_of(guard, text.encode()), AssertionError)
