"""What the tests of the standard packages share: programs beside CPython, attacks, and runs one after the other.

Takes: programs in the language.
Gives: `same_output`, `refused`, `forgotten`, and the walk over what a script reaches.
Refuses: an attack that is none: each is shown to work on plain CPython first, so that the test can fail.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
import textwrap
import warnings
from types import CoroutineType, ModuleType
from typing import Any

from edge_runtime import MemoryHost, run_program
from edge_runtime.std.library import Library
from tests.unit.std.differential import Recorder
from tests.unit.std.test_surfaces import BEHIND, CALLS, _is_fixed, reach

__all__ = ["forgotten", "leads_behind", "printed", "refused", "same_output", "shared_between_runs"]

ESCAPED = "ESCAPED"


def plain(source: str) -> str:
    """What CPython prints for a program, and the class and text of the exception that ended it."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        host, made = sys.modules["__main__"], ModuleType("__main__")
        sys.modules["__main__"] = made  # `dataclass` looks text annotations up there
        try:
            exec(compile(source, "main.py", "exec", dont_inherit=True), made.__dict__)  # noqa: S102 - it is the oracle
        except BaseException as error:  # noqa: BLE001 - however the program ends
            print(f"{type(error).__name__}: {error}")
        finally:
            sys.modules["__main__"] = host
    return output.getvalue()


def same_output(source: str) -> str:
    """What a program prints here; it must be what CPython prints."""
    source = textwrap.dedent(source)
    result = run_program(source, MemoryHost())
    assert not result.diagnostics, [found.message for found in result.diagnostics]
    ended = f"{result.error.type}: {result.error.message}\n" if result.error else ""
    assert result.output + ended == plain(source)
    return result.output


def printed(source: str) -> str:
    """What a program prints that ends well."""
    result = run_program(textwrap.dedent(source), MemoryHost())
    assert result.ok, [found.message for found in result.diagnostics] or (result.error and result.error.rendered)
    return result.output


def refused(source: str) -> str:
    """The message with which an attack ends. On plain CPython it prints `ESCAPED`."""
    source = textwrap.dedent(source)
    assert plain(source).endswith(f"{ESCAPED}\n"), "on plain CPython this is no attack"
    result = run_program(source, MemoryHost())
    assert result.diagnostics == (), "the compiler refuses this already; write it so that only the package can"
    assert ESCAPED not in result.output
    assert result.error is not None, "the attack neither worked nor was refused"
    return f"{result.error.type}: {result.error.message}"


def forgotten(write: str, read: str) -> None:
    """A program writes; the next run must not see it. `read` prints `clean`, or what it found."""
    write, read = textwrap.dedent(write), textwrap.dedent(read)
    printed(write)
    assert printed(read) == "clean\n"
    # and in one run it is seen, so that the test can fail
    assert printed(write + "\n" + read) != "clean\n"


def leads_behind(name: str) -> dict[str, str]:
    """Modules, frames, code and namespaces of modules within reach of a script that imports the module."""
    return {
        path: repr(value)
        for path, value in _reach(name).values()
        if isinstance(value, BEHIND) or (type(value) is dict and "__builtins__" in value)
    }


def shared_between_runs(name: str) -> dict[str, Any]:
    """What two runs can both reach and write to."""
    first, second = _reach(name), _reach(name)
    lists = {id(argument) for call in CALLS for argument in call}  # the walk's own
    return {
        path: value
        for key, (path, value) in first.items()
        if key in second and not _is_fixed(value) and key not in lists
    }


def _reach(name: str) -> dict[int, tuple[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the walk calls coroutine functions and drops what they give
        found = reach(Library(Recorder()).module(name))
        for _, value in found.values():
            if isinstance(value, CoroutineType):
                value.close()
        gc.collect()
    return found
