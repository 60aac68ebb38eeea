"""What `make bench` says of the times that it has, and that no part of it takes another's lines with it. Nothing is timed."""

from __future__ import annotations

import sys
from importlib import util

import pytest

from bench.comparison import Time, beside, beside_pyodide
from bench.run import PARTS, Part, main, parts, run

TIMES = {"loops": [(100.0, 90.0), (100.0, 110.0), (110.0, 99.0)], "calls": [(200.0, 200.0)]}


def _said(rival: dict[str, Time | str]) -> list[str]:
    return [" ".join(line.split()) for line in beside("snail", rival, {"loops": 100.0, "calls": 200.0})]


def test_a_line_for_each_program_and_what_comes_of_all() -> None:
    assert [" ".join(line.split()) for line in beside_pyodide(TIMES)] == [
        "speed: medians ours Pyodide how many times as fast as Pyodide we are",
        "loops 100.0 99.0 0.900",
        "calls 200.0 200.0 1.000",
        "speed, over Pyodide: geometric mean, least 0.949, 0.900",
    ]
    assert _said({"loops": Time(400.0), "calls": Time(200.5)}) == [
        "speed, over snail: loops 4.0; calls 1.0",
        "speed, over snail: geometric mean, least 2.002, 1.002",
        "speed, ahead of snail on 2 of 2 programs that it runs",
    ]


def test_who_is_as_fast_as_we_are_is_named() -> None:
    assert _said({"loops": Time(400.0), "calls": Time(200.0)})[-1] == (
        "speed, ahead of snail on 1 of 2 programs that it runs; not on calls"
    )


def test_a_rival_that_was_broken_off_gives_a_lower_bound() -> None:
    assert _said({"loops": Time(3_000.0, late=True), "calls": Time(800.0)}) == [
        "speed, over snail: loops more than 30.0; calls 4.0",
        "speed, over snail: geometric mean, least at least 10.954, 4.000",
        "speed, ahead of snail on 2 of 2 programs that it runs; 1 broken off",
    ]
    both = _said({"loops": Time(3_000.0, late=True), "calls": Time(8_000.0, late=True)})
    assert both[1].endswith(" at least 34.641, at least 30.000")


def test_what_a_rival_cannot_run_is_no_victory() -> None:
    assert _said({"loops": Time(400.0), "calls": "cannot: no such function"}) == [
        "speed, over snail: loops 4.0; calls cannot: no such function",
        "speed, over snail: geometric mean, least 4.000, 4.000",
        "speed, ahead of snail on 1 of 1 programs that it runs; 1 it cannot (calls)",
    ]


def test_a_rival_that_runs_nothing_has_no_mean() -> None:
    assert _said({"loops": "cannot: it is away", "calls": "prints otherwise: less"})[1:] == [
        "speed, ahead of snail on 0 of 0 programs that it runs; 2 it cannot (loops, calls)",
    ]


def _process(program: str, most: float = 60.0) -> Part:
    return Part("some", (sys.executable, "-u", "-c", program), most)


def test_a_part_that_dies_keeps_its_lines_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    assert not run(_process("print('first'); raise ValueError('a broken program')"), said.append)
    assert run(_process("print('next')"), said.append)
    first, broken, after, done = said
    assert (first, after) == ("first", "next")
    assert broken.startswith("(some broke off, took ")
    assert broken.endswith(": ValueError: a broken program)")
    assert done.startswith("(some took ")
    assert "Traceback" in capsys.readouterr().err


def test_a_part_that_says_nothing_of_its_end() -> None:
    said: list[str] = []
    assert not run(_process("import os; os._exit(3)"), said.append)
    assert said[0].endswith(": it ended with 3)")


def test_a_part_that_does_not_end_is_broken_off() -> None:
    said: list[str] = []
    assert not run(_process("import time; print('here'); time.sleep(600)", most=2.0), said.append)
    assert said[0] == "here"
    assert said[1].endswith(": it did not come to an end)")


def test_each_part_is_a_file() -> None:
    for part in parts(PARTS):
        assert util.find_spec(part.command[3]), part
    assert [part.command[3:] for part in parts(("memo --page",))] == [("bench.memo", "--page")]


def test_a_part_that_there_is_not_is_named() -> None:
    with pytest.raises(SystemExit, match="there is no part 'sped'; the parts are: bytes, start, speed,"):
        main(["limits", "sped"])
