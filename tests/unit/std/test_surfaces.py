"""What a script can reach from the plain standard packages, walked object by object.

Takes: every module of this helper's table, twice: two runs.
Gives: a walk along attributes that the guard lets a script read, items of containers, and what harmless calls give.
Refuses: a module, frame, code object or namespace within reach; anything that two runs share and a script can write to.
"""

from __future__ import annotations

import copy
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    TracebackType,
    WrapperDescriptorType,
)
from typing import Any, Final

import pytest

from edge_runtime.guard.names import is_dunder, may_read
from edge_runtime.guard.runtime import guarded_getattr
from edge_runtime.guard.sealed import Sealed
from edge_runtime.std import NAMES, exports
from edge_runtime.std.library import Library
from tests.unit.std.differential import Recorder

MINE: Final = (
    "json re math cmath struct statistics textwrap pprint datetime calendar decimal fractions heapq bisect base64 hashlib "
    "unicodedata test"
).split()

IMMUTABLE: Final = 1 << 8
HEAP: Final = 1 << 9
BEHIND: Final = (ModuleType, FrameType, CodeType, TracebackType)
PLAIN: Final = (type(None), bool, int, float, complex, str, bytes, range, slice, type(...), type(NotImplemented))
LEAVES: Final = (
    BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType, GetSetDescriptorType, MemberDescriptorType,
    MethodWrapperType, ClassMethodDescriptorType,
)  # fmt: skip
ONE_OF_A_KIND: Final = (*LEAVES, type, FunctionType, dict, list, tuple, set, frozenset)
# What two runs may hold at once, since nothing can be written to it.
GUARDS: Final = ("builtins", "edge_runtime.guard.classes", "edge_runtime.guard.sealed")
FIXED: Final = (*PLAIN, *LEAVES, frozenset, tuple, property, classmethod, staticmethod)
CALLS: Final[tuple[tuple[Any, ...], ...]] = ((), ("a",), (1,), (["a", "b"],), (b"a",), ("a", "a"), (1, 2), (2024, 2, 1))
NOT_CALLED: Final = frozenset({"clear", "pop", "popitem", "setfirstweekday", "setcontext", "run", "sort", "reverse"})


def is_class_that_can_be_written(value: object) -> bool:
    return isinstance(value, type) and bool(value.__flags__ & HEAP) and not value.__flags__ & IMMUTABLE


def reach(module: Mapping[str, Any], *, calls: bool = True) -> dict[int, tuple[str, Any]]:
    """What is within reach of a script that imports the module, by identity: path and object. At most two calls deep, and
    three instances of each class: others behave alike."""
    found: dict[int, tuple[str, Any]] = {}
    instances: Counter[type] = Counter()
    queue: deque[tuple[str, Any, int]] = deque((name, value, 2 if calls else 0) for name, value in module.items())
    while queue:
        path, value, left = queue.popleft()
        function = value.__func__ if isinstance(value, MethodType) else value  # a bound method is made anew each time
        if id(function) in found or isinstance(value, PLAIN):
            continue
        found[id(function)] = path, function
        name = path.rpartition(".")[2]
        if left and callable(value) and name not in NOT_CALLED and not is_dunder(name):
            queue.extend((f"{path}{given}", inner, left - 1) for given, inner in _results(value))
        if not isinstance(function, ONE_OF_A_KIND):
            instances[type(value)] += 1
            if instances[type(value)] > 3:
                continue
        if not isinstance(value, LEAVES):
            queue.extend((f"{path}.{name}", inner, left) for name, inner in _attributes(function))
            queue.extend((f"{path}[{place}]", inner, left) for place, inner in _items(value))
    return found


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    names = {*dir(value), *(name for base in type(value).__mro__ for name in vars(base)), "__context__"}
    for name in sorted(names):
        if may_read(name) and name not in ("__dict__", "__doc__"):
            try:
                inner = guarded_getattr(value, name)
            except Exception as error:  # noqa: BLE001 - an error is within reach as well
                inner = error
            # Why not wrappers of special methods: each access makes a new one, and the class has the function behind it.
            if not (isinstance(inner, LEAVES) and is_dunder(name)):
                yield name, inner


def _items(value: Any) -> Iterable[tuple[object, Any]]:
    if isinstance(value, dict | MappingProxyType):
        return [*value.items(), *(("key", key) for key in value)]
    if isinstance(value, list | tuple | set | frozenset):
        return enumerate([*value])
    return ()


def _results(value: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for given in copy.deepcopy(CALLS):  # what is given comes back in results, and must not look shared
        try:
            result = value(*given)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - an error is within reach as well
            yield given, error
        else:
            yield given, result


@pytest.mark.parametrize("name", MINE)
def test_nothing_leads_behind(name: str) -> None:
    recorder = Recorder()
    for path, value in reach(Library(recorder).module(name)).values():
        assert not isinstance(value, BEHIND), f"{name}.{path} is {value!r}"
        if type(value) is dict:
            assert "__builtins__" not in value, f"{name}.{path} is a module's namespace"
            assert "__loader__" not in value, f"{name}.{path} is a module's namespace"


@pytest.mark.parametrize("name", MINE)
def test_what_a_run_writes_the_next_does_not_see(name: str) -> None:
    first = reach(Library(Recorder()).module(name))
    second = reach(Library(Recorder()).module(name))
    shared = {path: value for key, (path, value) in first.items() if key in second and not _is_fixed(value)}
    for value in shared.values():
        _write(value)
    Library(Recorder()).module(name)
    assert {path: value for path, value in shared.items() if _is_written(value)} == {}


def _write(value: Any) -> None:
    if isinstance(value, type):
        value.mark = "written"  # type: ignore[attr-defined]
    elif isinstance(value, dict):
        value["mark"] = "written"
    else:
        raise AssertionError(f"runs share {value!r}")


def _is_written(value: Any) -> bool:
    return hasattr(value, "mark") if isinstance(value, type) else "mark" in value


def _is_fixed(value: Any) -> bool:
    if isinstance(value, Sealed) or (isinstance(value, FunctionType) and value.__module__ in GUARDS):
        return True  # sealed, or behind a bound method: the walk gets at it, a script does not
    if isinstance(value, type):
        return not is_class_that_can_be_written(value)
    if isinstance(value, FunctionType | dict | list | set | bytearray):
        return False
    return isinstance(value, FIXED) or not (is_class_that_can_be_written(type(value)) or hasattr(value, "__dict__"))


@pytest.mark.parametrize("name", MINE)
def test_the_table_is_what_a_script_gets(name: str) -> None:
    assert name in NAMES
    module = Library(Recorder()).module(name)
    assert set(module) == exports(name)
    assert not any(isinstance(value, ModuleType) for value in module.values())


def test_the_walk_sees_what_it_is_for() -> None:
    """On CPython's own modules the walk finds the way out."""
    import calendar
    import json
    import random

    assert any(isinstance(value, ModuleType) for _, value in reach(vars(json), calls=False).values())
    assert any(isinstance(value, ModuleType) for _, value in reach(vars(random), calls=False).values())
    assert not _is_fixed(calendar.TextCalendar)
    assert not _is_fixed(json.dumps)
    assert not _is_fixed(json.decoder)


def test_nothing_is_printed_but_to_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder()
    library = Library(recorder)
    library.module("pprint")["pprint"]([1, 2])
    library.module("calendar")["prmonth"](2024, 2)
    library.module("pprint")["pprint"]({"a": 1}, stream=(file := io.StringIO()))
    assert recorder.text.startswith("[1, 2]\n   February 2024\n")
    assert file.getvalue() == "{'a': 1}\n"
    assert capsys.readouterr().out == ""
