"""The verdicts about names, against the interpreter's own types: nothing that leads behind the language may be read."""

from __future__ import annotations

import types

import pytest

from edge_runtime.guard.names import is_dunder, is_hidden, may_read


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (types.GeneratorType, "gi_"),
        (types.CoroutineType, "cr_"),
        (types.AsyncGeneratorType, "ag_"),
        (types.TracebackType, "tb_"),
        (types.CodeType, "co_"),
    ],
)
def test_insides_of_the_interpreters_types(kind: type, prefix: str) -> None:
    inside = [name for name in vars(kind) if name.startswith(prefix)]
    assert inside
    assert all(is_hidden(name) and not may_read(name) for name in inside)


def test_frames() -> None:
    data = [name for name, value in vars(types.FrameType).items() if not is_dunder(name) and not callable(value)]
    leading = {"f_back", "f_code", "f_builtins", "f_globals", "f_locals", "f_generator", "f_trace"} & set(data)
    assert leading
    assert not any(may_read(name) for name in leading)


@pytest.mark.parametrize(
    ("name", "dunder"),
    [("__x__", True), ("____", False), ("_____", True), ("__x", False), ("x__", False), ("_x_", False)],
)
def test_dunder(name: str, dunder: bool) -> None:
    assert is_dunder(name) is dunder


def test_functions_and_types_lead_nowhere() -> None:
    for name in ("__globals__", "__closure__", "__code__", "__builtins__", "__getattribute__", "__subclasses__", "mro",
                 "__mro__", "__bases__", "__base__", "__reduce__", "__reduce_ex__", "__self__", "__func__"):  # fmt: skip
        assert not may_read(name)
