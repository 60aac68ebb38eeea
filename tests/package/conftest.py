"""What `make package` makes, made once for these tests.

Gives: the fixtures `package` (the wheels, the index, the lockfile) and `npm_package` (the `.tgz`), each in a folder of this
run's own; those of `tests/support` that need a browser or a Pyodide.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.browser import browser_context_args, browser_type_launch_args, dist, no_page_errors
from tests.support.pyodides import run_in
from tests.support.site import ROOT

__all__ = ["browser_context_args", "browser_type_launch_args", "dist", "no_page_errors", "run_in"]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`pyodide/` and `simple/`."""
    folder = tmp_path_factory.mktemp("package")
    _make([sys.executable, "tools/package/wheel.py", str(folder)])
    return folder


@pytest.fixture(scope="session")
def npm_package(tmp_path_factory: pytest.TempPathFactory, dist: Path) -> Path:
    """The archive that `npm install` takes."""
    assert dist.is_dir()
    folder = tmp_path_factory.mktemp("npm")
    _make(["node", "tools/package/npm.mjs", str(folder)])
    (archive,) = folder.glob("*.tgz")
    return archive


def _make(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
