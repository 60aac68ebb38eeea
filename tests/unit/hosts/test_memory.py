"""The embedding API, as its documentation shows it."""

from __future__ import annotations

from typing import Any

import pytest

import edge_runtime
from edge_runtime import Limits, MemoryHost, check, run_program
from tests.unit.kit import run


def test_the_example_of_the_documentation() -> None:
    host = MemoryHost(
        sources={
            "./lib/a.py": "from m import add\nfrom shared import name\nx = add(1, 2)",
            "./shared.py": "name = 1",
            "https://x.test/u.py": b"u = 'u'",
        },
        manifests={"": {"imports": {"u": "https://x.test/u.py", "shared": "./shared.py"}}, "./lib/": {"extends": ".."}},
        natives={"m": {"add": lambda a, b: a + b}},
        constants={"m": {"pi": 3.14}},
        input=["line"],
        events=["msg"],
    )
    text = 'from "./lib/a.py" import x\nfrom u import u\nfrom m import pi\nprint(x, u, pi, input(), receive())'
    result = run_program(text, host, name="main.py")
    assert (result.ok, result.output, result.exit_code) == (True, "3 u 3.14 line msg\n", 0)
    assert (result.error, result.diagnostics) == (None, ())


def test_check_runs_nothing() -> None:
    calls: list[int] = []
    assert check("from m import f\nf()", MemoryHost(natives={"m": {"f": lambda: calls.append(1)}})) == ()
    assert calls == []


@pytest.mark.parametrize("key", ["./lib/", "lib/"])
def test_directories_of_manifests(key: str) -> None:
    host = {
        "sources": {"./lib/m.py": "from u import x", "./lib/u.py": "x = 1"},
        "manifests": {key: '{"imports": {"u": "./u.py"}}'},
    }
    assert run('import "./lib/m.py" as m', **host).error is None
    assert (
        run('import "./lib/m.py" as m', **{**host, "manifests": {key: b'{"imports": {"u": "./u.py"}}'}}).error is None
    )


def test_the_entrys_name_is_its_place() -> None:
    host = MemoryHost(sources={"./app/a.py": "x = 1", "./b.py": "y = 2"}, manifests={"": {}})
    text = 'from "./a.py" import x\nfrom "../b.py" import y\nprint(x, y)\n1/0'
    result = run_program(text, host, name="app/main.py")
    assert result.output == "1 2\n"
    assert result.error
    assert "--> app/main.py:4:1" in result.error.rendered


def test_specs_of_one_file_are_one_module() -> None:
    sources = {"./a%20b.py": "x = []", "./é.py": "y = []"}
    specs = {"a": "./a%20b.py", "b": "./%61%20b.py", "c": "./%C3%A9.py", "d": "./é.py"}
    text = "".join(f'import "{spec}" as {name}\n' for name, spec in specs.items()) + "print(a is b, c is d)"
    assert run(text, sources=sources).output == "True True\n"


def test_text_with_lone_surrogates_is_refused_like_bad_bytes() -> None:
    assert [found.code for found in check("x = '\ud800'")] == ["not-utf8"]


def test_both_streams_in_their_order() -> None:
    assert run("print(1)\nraise SystemExit('bye')").output == "1\nbye\n"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("time", "5", TypeError), ("time", 0, ValueError), ("time", -1, ValueError), ("output", -1, ValueError),
     ("memory", None, TypeError), ("depth", float("nan"), ValueError)],
)  # fmt: skip
def test_limits_that_are_none_are_refused(name: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"Limits.{name} must be"):
        Limits(**{name: value})


@pytest.mark.parametrize("seconds", [1e-9, 1e-4, 0.05])
def test_a_time_limit_ends_a_run_and_nothing_else(seconds: float) -> None:
    for _ in range(20 if seconds < 0.01 else 2):
        result = run_program(
            "try:\n    while True: pass\nexcept BaseException: pass\nwhile True: pass", limits=Limits(time=seconds)
        )
        assert result.error is not None
        assert (result.ok, result.error.type) == (False, "TimeoutError")


def test_names_that_are_left_out_say_so() -> None:
    (found,) = check("from typing import get_type_hints")
    assert found.message == "module 'typing' has no export 'get_type_hints'"
    assert found.note is not None
    assert "leaves it out on purpose" in found.note
    (other,) = check("from jsn import loads", MemoryHost())
    assert other.fix == "did you mean 'json'?"


def test_every_public_name_is_there() -> None:
    """Some come when they are first asked for."""
    found = {name: getattr(edge_runtime, name) for name in edge_runtime.__all__}
    assert found["VirtualClock"](5.0).now() == 5.0
    assert not found["RealClock"]().is_virtual
    with pytest.raises(AttributeError, match="module 'edge_runtime' has no attribute 'Clock'"):
        edge_runtime.Clock  # noqa: B018
