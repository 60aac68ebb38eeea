"""The core of the standard packages: private copies, what is shared, streams, tables.

Takes: libraries of two runs, and programs. Gives: CPython's behaviour. Refuses: modules within reach, memory of earlier runs.
"""

from __future__ import annotations

import gc
import importlib
import subprocess
import sys
from types import FunctionType, ModuleType

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.guard.sealed import Sealed
from edge_runtime.std import NAMES, exports, table
from edge_runtime.std.copies import PRIVATE, _code_of, nobodys, preload
from edge_runtime.std.library import Library
from edge_runtime.std.text import checked_compile, checked_eval, checked_exec
from tests.unit.std.differential import Recorder
from tests.unit.std.kit import forgotten, leads_behind, printed, shared_between_runs

MINE = (
    "random itertools functools collections collections.abc abc contextlib copy string operator dataclasses enum typing "
    "sys time"
).split()


def test_importing_the_package_loads_no_standard_package() -> None:
    program = (
        "import sys; import edge_runtime.std; before = set(sys.modules); import edge_runtime.std.library; "
        "print({'dataclasses', 'typing', 'random', 'json'} & (set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_package_has_a_table_and_gives_what_it_exports(name: str) -> None:
    names = exports(name)
    assert names <= set(table(name).SURFACE)
    assert set(Library(Recorder()).module(name)) == names
    assert all(not word.startswith("_") for word in names)
    assert len(table(name).SURFACE) == len(set(table(name).SURFACE))


@pytest.mark.parametrize("name", MINE)
def test_names_that_this_python_lacks_are_no_exports(name: str) -> None:
    real = importlib.import_module(name)
    assert exports(name) == {word for word in table(name).SURFACE if hasattr(real, word)}


@pytest.mark.parametrize("name", MINE)
def test_nothing_leads_behind(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "sleep", lambda *_: None)
    assert leads_behind(name) == {}


@pytest.mark.parametrize("name", MINE)
def test_runs_share_nothing_that_a_script_can_write(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "sleep", lambda *_: None)
    allowed = {
        "struct_time",
        "_abc_data",
    }  # restored for each run; `test_classes_that_c_shares_are_restored` holds that
    found = {
        path: value
        for path, value in shared_between_runs(name).items()
        if getattr(value, "__name__", None) not in allowed
        and not _annotations_of_an_immutable_type(path)
        and not _of_the_guard(value)
    }
    assert found == {}


def _of_the_guard(value: object) -> bool:
    """Sealed classes, and functions behind bound methods: the walk gets at them, a script that writes to them does not."""
    space = value.__globals__ if isinstance(value, FunctionType) else {}
    return isinstance(value, Sealed) or str(space.get("__name__")).startswith("edge_runtime.guard.")


def _annotations_of_an_immutable_type(path: str) -> bool:
    return path.endswith("__annotations__")


def test_classes_that_c_shares_are_restored() -> None:
    forgotten(
        "import functools\nfunctools.partial.__annotations__['left'] = 1",
        "import functools\nprint(functools.partial.__annotations__.get('left', 'clean'))",
    )
    forgotten(
        "import struct\nstruct.error.left = 'left'",
        "import struct\nprint(getattr(struct.error, 'left', 'clean'))",
    )
    forgotten(
        "import collections.abc as c\ntype(c.Mapping._abc_impl).left = 'left'",
        "import collections.abc as c\nprint(getattr(type(c.Mapping._abc_impl), 'left', 'clean'))",
    )


@pytest.mark.parametrize(
    ("target", "module"),
    [
        ("Counter", "collections"), ("ChainMap.get", "collections"), ("Mapping", "collections.abc"), ("Enum", "enum"),
        ("wraps", "functools"), ("dataclass", "dataclasses"), ("Template", "string"), ("Protocol", "typing"),
        ("Random", "random"), ("copy", "copy"), ("ABC", "abc"), ("ExitStack", "contextlib"), ("attrgetter", "operator"),
    ],
)  # fmt: skip
def test_what_a_run_writes_is_gone(target: str, module: str) -> None:
    first = target.partition(".")[0]
    forgotten(
        f"from {module} import {first}\n{target}.left = 'left'",
        f"from {module} import {first}\nprint(getattr({target}, 'left', 'clean'))",
    )


def test_generators_are_seeded_afresh() -> None:
    source = "import random\nprint(random.random())"
    assert printed(source) != printed(source)
    assert printed("import random\nrandom.seed(1)\nprint(random.random())") == "0.13436424411240122\n"
    assert printed(source) != "0.13436424411240122\n"


def test_relations_hold_within_a_run() -> None:
    assert (
        printed("""
        import collections, collections.abc as abc, typing, enum, re, dataclasses, fractions
        from decimal import Decimal
        print(isinstance({}, abc.Mapping), isinstance(collections.OrderedDict(), abc.MutableMapping))
        print(isinstance(collections.Counter(), typing.Mapping), issubclass(collections.ChainMap, abc.MutableMapping))
        print(isinstance(re.I, enum.Flag), typing.get_origin(typing.List[int]) is list)
        print(typing.get_origin(typing.Mapping[str, int]) is abc.Mapping)
        print(fractions.Fraction(1, 2) == Decimal("0.5"))
        class Mine(abc.Mapping):
            def __getitem__(self, key): return 1
            def __iter__(self): return iter("a")
            def __len__(self): return 1
        match Mine():
            case {"a": value}: print(value, isinstance(Mine(), typing.Mapping))
        """)
        == "True True\nTrue True\nTrue True\nTrue\nTrue\n1 True\n"
    )


def test_no_module_leads_to_another() -> None:
    for name, inner in [("collections", "abc"), ("json", "decoder"), ("enum", "sys"), ("random", "_os")]:
        result = run_program(f"import {name}\n{name}.{inner}", MemoryHost())
        assert result.error is not None
        assert result.error.type == "AttributeError"


def test_copies_never_meet_the_modules_of_the_process() -> None:
    copies = nobodys()
    for name in sorted(PRIVATE - {"annotationlib"} | ({"annotationlib"} if sys.version_info >= (3, 14) else set())):
        copy = copies.load(name)
        assert copy is not importlib.import_module(name)
        assert copy.__dict__.get("sys", copies.sys) is copies.sys
    assert copies.modules["sys"].__dict__["modules"] is copies.modules
    assert not set(copies.modules.values()) & {sys, sys.modules["builtins"], sys.modules["os"]}


def test_copies_are_garbage_when_their_run_is_over() -> None:
    def run() -> int:
        for name in ("collections", "enum", "typing", "dataclasses", "functools"):
            Library(Recorder()).module(name)
        gc.collect()
        return sum(1 for value in gc.get_objects() if isinstance(value, ModuleType | type))

    run()
    before = run()
    assert max(run() for _ in range(5)) <= before


def test_what_is_preloaded_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    preload()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: pytest.fail(f"{name} is looked for again"))
    for name in ("enum", "typing", "dataclasses", "re._compiler", "json.decoder"):
        assert _code_of(name)


def test_modules_that_forks_or_files_need_are_not_there() -> None:
    copies = nobodys()
    copies.load("random")
    assert set(copies.modules["os"].__dict__) - set(ModuleType("m").__dict__) == {"urandom"}
    for name in ("open", "eval", "exec", "compile", "input", "__import__"):
        assert copies.builtins.get(name) is not _builtins_of_the_process()[name]


def _builtins_of_the_process() -> dict[str, object]:
    return importlib.import_module("builtins").__dict__


class TestText:
    """Text that standard modules execute."""

    def test_templates_pass(self) -> None:
        names: dict[str, object] = {}
        checked_exec(
            "def __create_fn__(__dataclass_type_x__):\n def __init__(self, x:__dataclass_type_x__):\n  self.x=x\n"
            " return __init__",
            {},
            names,
        )
        assert "__create_fn__" in names
        assert checked_eval("lambda _cls, x: (x,)", {})(None, 2) == (2,)

    @pytest.mark.parametrize(
        "text",
        [
            "lambda a: a.__globals__", "lambda __import__: 1", "lambda a: a.gi_frame", "__import__('os')",
            "lambda a: a.__class__.__subclasses__()", "f(__x__=1)", "lambda a: setattr(a, '__class__', 1)", "[a := 1]",
        ],
    )  # fmt: skip
    def test_names_that_the_language_refuses(self, text: str) -> None:
        if text == "[a := 1]":
            assert checked_eval(text, {}) == [1]  # what the language has is let through
        else:
            with pytest.raises(ValueError, match="not available in Edge Python"):
                checked_eval(text, {})

    @pytest.mark.parametrize("text", ["import os", "from os import path", "global a", "class A: pass", "type A = int"])
    def test_statements_that_a_template_never_has(self, text: str) -> None:
        with pytest.raises((ValueError, SyntaxError)):
            checked_exec(text, {})

    def test_made_functions_have_few_built_ins(self) -> None:
        with pytest.raises(NameError):
            checked_eval("lambda: open", {})()
        with pytest.raises(NameError):
            checked_eval("lambda: getattr", {})()

    def test_code_objects_and_deep_text(self) -> None:
        with pytest.raises(TypeError, match="not run in Edge Python"):
            checked_eval(compile("1", "", "eval"), {})
        with pytest.raises(ValueError, match="nested too deeply"):
            checked_compile("1" + "+1" * 100_000, "<string>", "eval")
        with pytest.raises(ValueError, match="only expressions"):
            checked_compile("a = 1", "<string>", "exec")
