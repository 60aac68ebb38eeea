"""The `edge` command through click's own runner."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from edge_runtime import __version__
from edge_runtime.cli.main import main


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "main.py"
    path.write_text("name = input('? ')\nprint('hello', name)\nraise SystemExit(len(name))\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("verb", [["run"], []])
def test_run(program: Path, verb: list[str]) -> None:
    result = CliRunner().invoke(main, [*verb, str(program)], input="abc\n")
    assert (result.exit_code, result.stdout, result.stderr) == (3, "? hello abc\n", "")


def test_errors_go_to_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text("import gone\n", encoding="utf-8")
    result = CliRunner().invoke(main, [str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: no packages.json above")


def test_a_file_that_is_not_there() -> None:
    result = CliRunner().invoke(main, ["run", "gone.py"])
    assert result.exit_code == 1
    assert result.stderr == "Error: cannot read 'gone.py': No such file or directory\n"


def test_unknown_verb_and_version() -> None:
    assert "No such command 'walk'" in CliRunner().invoke(main, ["walk"]).stderr
    assert CliRunner().invoke(main, ["--version"]).stdout == f"edge, version {__version__}\n"
