"""The standard library's archive that comes later, and what is imported without it.

Takes: an archive of the test's own in the place of the library's. Holds: `hosts/archive.py`,
`hosts/pressed.py`. What a whole engine does: tests/browser/test_library.py.
"""

from __future__ import annotations

import ast
import importlib
import sys
import zipfile
import zipimport
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edge_runtime
from edge_runtime.hosts.archive import Archive
from edge_runtime.hosts.jspi import Parking
from edge_runtime.hosts.pressed import SELDOM, Pressed, install, press
from edge_runtime.machine.limits import RunEnded

MODULE = "rare_words"


class Engine:
    """What brings the archive, and the bridge of a run. `comes`: what happens while the program is parked."""

    def __init__(self, place: Path, comes: str = "archive") -> None:
        self.place, self.comes = place, comes
        self.asked = self.waited = self.parked = 0
        self.parks = True

    def ask(self) -> None:
        self.asked += 1

    def here(self) -> bool:
        return self.place.stat().st_size > 0

    def why(self) -> Any:
        if self.parked and self.comes == "the end":
            return ["Stopped", "the page stopped the program"]
        return None

    def library(self) -> None:
        self.waited += 1

    def can_run_sync(self) -> bool:
        return self.parks

    def run_sync(self, _never: Any) -> None:
        self.parked += 1
        if self.comes == "archive":
            put(self.place)


class Bringer(Engine):
    """The same object answers `why` of both: here of a bringer."""

    def why(self) -> Any:
        return "the server answered 404"


def put(place: Path) -> None:
    with zipfile.ZipFile(place, "w") as made:
        made.writestr(f"{MODULE}.py", "WORDS = 'ab ovo'\n")


def end() -> Any:
    raise RunEnded("Stopped", "the page stopped the program")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An archive on the path, of which Python has read the directory, and which is empty now."""
    path = tmp_path / "library.zip"
    put(path)
    monkeypatch.syspath_prepend(path)
    assert importlib.util.find_spec(MODULE)
    path.write_bytes(b"")
    kept = {name: getattr(zipimport, name) for name in ("_get_data", "_read_directory")}
    yield path
    for name, real in kept.items():
        setattr(zipimport, name, real)
    sys.modules.pop(MODULE, None)
    zipimport._zip_directory_cache.pop(str(path), None)  # type: ignore[attr-defined]


def archive_of(engine: Engine) -> Archive:
    archive = Archive(engine, Parking(engine.run_sync))
    archive.expect(str(engine.place), Bringer(engine.place))
    return archive


def test_a_program_waits_for_it_once_and_does_not_notice(place: Path) -> None:
    before = zipimport._get_data  # type: ignore[attr-defined]
    engine = Engine(place)
    with archive_of(engine).during(engine, end):
        assert importlib.import_module(MODULE).WORDS == "ab ovo"
        assert engine.waited == engine.parked == 1
        assert zipimport._get_data is before, "nothing is watched any more"  # type: ignore[attr-defined]


def test_other_archives_are_nobodys_business(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(place)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as made:
        made.writestr("other_words.py", "WORDS = 1\n")
    monkeypatch.syspath_prepend(tmp_path / "other.zip")
    with archive_of(engine).during(engine, end):
        assert importlib.import_module("other_words").WORDS == 1
    assert engine.waited == 0


def test_one_that_does_not_come_is_an_error_that_says_why_and_the_next_try_waits_again(place: Path) -> None:
    engine = Engine(place, "nothing")
    with archive_of(engine).during(engine, end):
        for turn in (1, 2):
            with pytest.raises(LookupError) as found:
                importlib.import_module(MODULE)
            assert str(found.value) == (
                "the standard library's module 'rare_words' did not come (the server answered 404): "
                "see to the network, and try again"
            )
            assert not isinstance(found.value, ImportError), (
                "`encodings` would take it for an encoding that there is not"
            )
            assert engine.parked == turn
        engine.comes = "archive"
        assert importlib.import_module(MODULE).WORDS == "ab ovo"


def test_a_run_that_is_stopped_while_it_waits_ends_there(place: Path) -> None:
    engine = Engine(place, "the end")
    with archive_of(engine).during(engine, end), pytest.raises(RunEnded):
        importlib.import_module(MODULE)
    engine.comes = "archive"
    with archive_of(engine).during(engine, end):
        assert importlib.import_module(MODULE).WORDS == "ab ovo", "the next run is none the worse"


@pytest.mark.parametrize("runs", [True, False])
def test_where_nothing_can_be_parked_it_is_asked_for_and_there_the_next_time(place: Path, runs: bool) -> None:
    engine = Engine(place)
    engine.parks = not runs
    archive = Archive(engine, Parking(engine.run_sync))
    bringer = Bringer(place)
    archive.expect(str(place), bringer)
    later = "the standard library's module 'rare_words' is on its way: run the program once more"
    if runs:
        with archive.during(engine, end), pytest.raises(LookupError, match=later):
            importlib.import_module(MODULE)
    else:
        with pytest.raises(LookupError, match=later):
            importlib.import_module(MODULE)
    assert (bringer.asked, engine.parked) == (1, 0)
    put(place)
    assert importlib.import_module(MODULE).WORDS == "ab ovo"


def test_what_is_pressed_is_imported_without_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rare_kit").mkdir()
    (tmp_path / "rare_kit" / "__init__.py").write_text("")
    (tmp_path / "rare_kit" / "one.py").write_text("import rare_single\nNAMES = __name__, rare_single.HERE\n")
    (tmp_path / "rare_single.py").write_text("HERE = __name__\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("rare_kit")
    finder = press(["rare_kit", "rare_single"])
    for path in (tmp_path / "rare_kit" / "one.py", tmp_path / "rare_single.py"):
        path.unlink()
    monkeypatch.setattr(sys, "meta_path", sys.meta_path.copy())
    install(finder)
    assert importlib.import_module("rare_kit.one").NAMES == ("rare_kit.one", "rare_single")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("rare_kit.two")
    assert finder.find_spec("rare_other") is None
    assert isinstance(finder, Pressed)


def test_a_module_that_there_is_not_is_a_mistake_of_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match="this Python has no module 'no_such_module'"):
        press(["no_such_module"])
    monkeypatch.delitem(sys.modules, "itertools")
    with pytest.raises(ImportError, match="module 'itertools' is not written in Python"):
        press(["itertools"])


def test_what_our_own_code_imports_late_is_in_the_memory() -> None:
    """A late import is inside of a function; `tools/build/warm.py` cannot see it."""
    late = set()
    root = Path(edge_runtime.__file__).parent
    for path in root.rglob("*.py"):
        if path.parent.name == "cli":
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        late |= {(path.relative_to(root).as_posix(), each.name) for each in node.names}
    not_of_pages = {
        ("hosts/watchdog.py", "fcntl"),
        ("hosts/deadline.py", "ctypes"),
        ("hosts/memory_bound.py", "resource"),
    }
    assert {name for where, name in late - not_of_pages} <= set(SELDOM)
    assert late >= not_of_pages, "the list of what a page does not run is up to date"
