"""Standard modules that were made before the run that gets them: as if they were made in it."""

from __future__ import annotations

import importlib
from contextvars import copy_context
from typing import Any

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.std import ahead as ahead_module
from edge_runtime.std import copies as copies_module
from edge_runtime.std.ahead import AHEAD, Ahead
from edge_runtime.std.library import Library
from edge_runtime.std.typing_for_c import _current
from tests.unit.std.differential import Recorder
from tests.unit.std.kit import forgotten
from tests.unit.std.test_surfaces import _is_fixed, reach

NAMES = ("re", "enum", "json", "dataclasses", "functools", "contextlib", "statistics", "typing", "collections.abc")


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of modules, as they are executed."""
    found: list[str] = []
    real = copies_module._code_of

    def noted(name: str) -> Any:
        found.append(name)
        return real(name)

    monkeypatch.setattr(copies_module, "_code_of", noted)
    return found


def prepare(ahead: Ahead) -> None:
    while ahead.prepare():
        pass


def after_a_run_with(*names: str) -> Ahead:
    """Ready for one more such run."""
    ahead = Ahead()
    library = Library(Recorder(), ahead)
    for name in names:
        library.module(name)
    prepare(ahead)
    return ahead


@pytest.mark.parametrize("name", NAMES)
def test_the_same_modules_as_in_a_first_run(name: str, executed: list[str]) -> None:
    ahead = Ahead()
    runs, taken = [], list[str]()
    for _ in range(3):
        before = len(executed)
        library = Library(Recorder(), ahead)
        surface = library.module(name)
        runs.append((set(library.copies.modules), set(surface), library.copies.made))
        taken = executed[before:]
        prepare(ahead)
    assert runs[0] == runs[1] == runs[2]
    assert set(taken) <= {"random", "statistics"}, "those that ask the run for a seed are made in it"


@pytest.mark.parametrize("name", ["re", "enum", "json", "dataclasses"])
def test_runs_share_nothing(name: str) -> None:
    """What a script reaches is the same, and nothing of it is another run's."""
    ahead = after_a_run_with(name)
    first = reach(Library(Recorder(), ahead).module(name), calls=False)
    prepare(ahead)
    second = reach(Library(Recorder(), ahead).module(name), calls=False)
    fresh = reach(Library(Recorder(), Ahead()).module(name), calls=False)
    other = reach(Library(Recorder(), Ahead()).module(name), calls=False)

    def shared(one: dict[int, tuple[str, Any]], two: dict[int, tuple[str, Any]]) -> set[str]:
        return {path for key, (path, value) in one.items() if key in two and not _is_fixed(value)}

    assert {path for path, _ in first.values()} == {path for path, _ in fresh.values()}
    assert shared(first, second) == shared(first, fresh) == shared(fresh, other), "the process's, which are restored"


def test_one_module_at_a_time_and_one_set(executed: list[str]) -> None:
    ahead = Ahead()
    assert not ahead.prepare()
    assert not ahead.prepare(), "nothing is made for those who import nothing"
    Library(Recorder(), ahead).module("functools")
    executed.clear()
    made = []
    while ahead.prepare():
        made.append(len(executed))
    assert made == sorted(set(made)), "each step executes one"
    assert len(executed) > 3
    total = len(executed)
    assert not ahead.prepare()
    assert len(executed) == total
    Library(Recorder(), ahead).module("math")
    prepare(ahead)
    assert len(executed) == total, "what nobody imported last is not made again"


def test_the_first_run_of_a_snapshot(executed: list[str]) -> None:
    """`tools/build/warm.py` makes what is expected; nobody has imported anything yet."""
    ahead = Ahead()
    ahead.prepare_for(("json", "functools"))
    executed.clear()
    library = Library(Recorder(), ahead)
    assert library.module("functools")["reduce"](max, [1, 3, 2]) == 3
    assert not executed
    assert "json" not in library.copies.modules, "what the run does not import it has not"
    prepare(ahead)
    assert "json" not in executed
    assert "functools" in executed, "from now on what the last run imported"


def test_a_run_that_comes_meanwhile_takes_what_there_is(executed: list[str]) -> None:
    ahead = Ahead()
    Library(Recorder(), ahead).module("json")
    for _ in range(5):
        ahead.prepare()
    first = executed[: len(set(executed))]
    ahead_of = executed[len(first) :]
    assert 1 < len(ahead_of) < len(first)
    loads = Library(Recorder(), ahead).module("json")["loads"]
    assert loads("[1]") == [1]
    assert sorted(executed[len(first) :]) == sorted(first), "each once: before the run or in it"


def test_the_seed_is_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run asks for as many seeds as it would otherwise, and gets its own."""
    seeds = iter(range(100))
    monkeypatch.setattr(Recorder, "seed", lambda _: next(seeds))
    ahead = Ahead()
    told = [Library(Recorder(), ahead).module("random")["random"]()]
    asked = next(seeds)
    prepare(ahead)
    assert next(seeds) == asked + 1, "nobody is asked ahead"
    told.append(Library(Recorder(), ahead).module("random")["random"]())
    assert next(seeds) == 2 * asked + 2
    assert told[0] != told[1]


def test_output_goes_to_the_run_that_took_them() -> None:
    ahead = after_a_run_with("pprint")
    for text in "ab":
        run = Recorder()
        Library(run, ahead).module("pprint")["pprint"](text)
        assert run.text == f"'{text}'\n"
        prepare(ahead)


def test_what_a_script_causes_takes_the_same_steps(executed: list[str]) -> None:
    """A saved run is found again by what it executed since it last called its host, so later loads are executed always."""
    ahead = after_a_run_with("re", "json")
    library = Library(Recorder(), ahead)
    library.module("re")
    executed.clear()
    library.copies.load("json")
    assert {"json", "json.decoder"} <= set(executed)
    assert vars(library.copies.load("json.decoder"))["re"] is library.copies.load("re")


def test_the_process_is_restored_when_the_run_begins() -> None:
    """Not only when its modules were made."""
    ahead = after_a_run_with("re", "typing")
    real: Any = importlib.import_module("re")
    real.compile("left by a run")
    assert real._cache
    Library(Recorder(), ahead).module("re")
    assert not real._cache

    def begin() -> None:
        library = Library(Recorder(), after_a_run_with("typing"))
        assert _current.get() is not library.copies
        library.module("typing")
        assert _current.get() is library.copies

    copy_context().run(begin)


def test_programs_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole programs, each with what was made after the last."""

    class Eager(Ahead):
        def take(self, *given: Any) -> Any:
            prepare(self)
            return super().take(*given)

    eager = Eager()
    monkeypatch.setattr(Library.__init__, "__defaults__", (eager,))
    forgotten(
        "import re\nre.compile.left = 1\n",
        "import re\nprint('found' if hasattr(re.compile, 'left') else 'clean')\n",
    )
    program = "import typing\nfrom dataclasses import make_dataclass\nprint(make_dataclass('P', ['x'])(1), typing.List[int])\n"
    for _ in range(3):
        result = run_program(program, MemoryHost())
        assert (result.output, result.ok) == ("P(x=1) typing.List[int]\n", True)
    assert eager._last


def test_where_nobody_prepares_nothing_is_kept() -> None:
    run_program("import re\n", MemoryHost())
    assert ahead_module.AHEAD is AHEAD
    assert AHEAD._ready is None
