"""Every fixture program through `edge run`, in a process and a directory of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import Program, load_all

# The console script beside this interpreter: what a user types, without needing the environment to be active.
EDGE = Path(sys.executable).with_name("edge")


@pytest.mark.parametrize("program", load_all(), ids=lambda program: program.name)
def test_program(program: Program, tmp_path: Path) -> None:
    if program.urls:
        pytest.skip("it has URL modules: the command line fetches none yet, and a test could not serve https://x.test")
    for path, text in program.files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [EDGE, "run", "main.py"],
        cwd=tmp_path,
        input="".join(f"{line}\n" for line in program.input),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    expected = "" if program.error is None else f"{program.error}\n"
    assert done.stderr == expected
    assert done.stdout == program.output
    assert done.returncode == program.exit_code
