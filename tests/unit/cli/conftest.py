"""The installed command, for the tests of this folder. Takes: a folder of the test's own. Gives: `edge`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EDGE = Path(sys.executable).with_name("edge")
Edge = Callable[..., tuple[int, str, str]]


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    """`edge run main.py` in a process: exit code, output, errors."""

    def run(source: str, *options: str, given: str | None = "") -> tuple[int, str, str]:
        tmp_path.joinpath("main.py").write_text(source, encoding="utf-8")
        stdin: Any = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
        done = subprocess.run(
            [EDGE, "run", "main.py", *options],
            **stdin,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run
