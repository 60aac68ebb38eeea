"""Programs that use native modules, in wasmtime and in Chromium: both say the same."""

from __future__ import annotations

import pytest

from edge_runtime import MemoryHost, run_program
from tests.native.programs import FAILING, MODULES, PROGRAMS
from tests.support.lab import Lab

pytestmark = pytest.mark.usefixtures("dist")
HOST = MemoryHost(sources={f".{path}": data for path, data in MODULES.items()})


@pytest.fixture(scope="module")
def page(shared_lab: Lab) -> Lab:
    """A page beside the modules, with a worker `w`."""
    for path, data in MODULES.items():
        shared_lab.site.put(path, data, "application/wasm")
    return shared_lab


def natively(name: str) -> str:
    """What a program prints in wasmtime."""
    source, expected = PROGRAMS[name]
    result = run_program(source, HOST)
    assert result.error is None, result.error.rendered
    if expected is not None:
        assert result.output == expected
    return result.output


@pytest.mark.parametrize("name", PROGRAMS)
def test_wasmtime(name: str) -> None:
    assert natively(name) == natively(name), "a run leaves nothing behind"


@pytest.mark.parametrize("name", FAILING)
def test_failing_in_wasmtime(name: str) -> None:
    source, expected = FAILING[name]
    result = run_program(source, HOST)
    assert result.error is not None
    assert expected in result.error.rendered


@pytest.mark.parametrize("name", PROGRAMS)
def test_chromium(page: Lab, name: str) -> None:
    source, _ = PROGRAMS[name]
    result = page.run(source)
    assert result["error"] is None, result["error"]["rendered"]
    assert result["out"] == natively(name)


@pytest.mark.parametrize("name", FAILING)
def test_failing_in_chromium(page: Lab, name: str) -> None:
    source, expected = FAILING[name]
    result = page.run(source)
    assert result["error"] is not None
    assert expected in result["error"]["rendered"]
