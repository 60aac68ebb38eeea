"""What `from module import name` calls: it gives names of the run's modules, and is no way to anything else."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from edge_runtime.machine.builtins import from_module

LIB = ModuleType("lib")
LIB.__dict__.update(x=1, format=2, __version__="3", __builtins__={})


@pytest.mark.parametrize(("name", "value"), [("x", 1), ("format", 2), ("__version__", "3")])
def test_names_of_a_module(name: str, value: object) -> None:
    assert from_module([LIB])(LIB, name) == value


def test_a_name_that_is_not_bound_yet() -> None:
    with pytest.raises(ImportError, match="cannot import name 'later' from 'lib'"):
        from_module([LIB])(LIB, "later")


@pytest.mark.parametrize("name", ["__builtins__", "__dict__", "__class__", "__loader__", "gi_frame"])
def test_names_that_lead_behind(name: str) -> None:
    with pytest.raises(ImportError, match="settled before the program runs"):
        from_module([LIB])(LIB, name)


@pytest.mark.parametrize("other", [sys, ModuleType("lib"), SimpleNamespace(x=1), lambda: 1, int])
def test_other_objects_than_the_modules_of_the_run(other: object) -> None:
    with pytest.raises(ImportError, match="settled before the program runs"):
        from_module([LIB])(other, "x")  # type: ignore[arg-type] # so it would be called
