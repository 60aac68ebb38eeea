"""The build id: the same for the same files, another for any other."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from edge_runtime.hosts import buildid

FILES = {"a.py": "a", "b/c.py": "c", "b/d.pyc": "d", "engine.sha256": "e"}


def digest(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = sha256()
    buildid._feed(found, folder, "")
    return found.hexdigest()


@pytest.mark.parametrize(
    "change", [{"a.py": "A"}, {"b/c.py": "C"}, {"b/d.pyc": "D"}, {"engine.sha256": "E"}, {"n.py": ""}]
)
def test_each_file_counts(tmp_path: Path, change: dict[str, str]) -> None:
    first = digest(tmp_path / "1", FILES)
    assert digest(tmp_path / "2", FILES) == first
    assert digest(tmp_path / "3", FILES | change) != first


def test_what_python_leaves_beside_them_does_not(tmp_path: Path) -> None:
    more = FILES | {"__pycache__/a.cpython-311.pyc": "x", "notes.txt": "y"}
    assert digest(tmp_path / "1", more) == digest(tmp_path / "2", FILES)


def test_the_id_of_this_package() -> None:
    assert len(buildid.build_id()) == 12
