"""Compiled modules as bytes: what comes back is what went in, nothing is compiled twice, and what is odd is compiled."""

import marshal
from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest

from edge_runtime import Diagnostic, MemoryHost, run_program
from edge_runtime.hosts import codestore
from edge_runtime.hosts.codestore import pack, unpack
from edge_runtime.lower.program import Program
from edge_runtime.packages.linker import Entry
from edge_runtime.packages.needs import Bytes
from edge_runtime.packages.resolver import Settings
from edge_runtime.pipeline import Session, build, drive
from edge_runtime.source import Source

MAIN = b"""from __future__ import annotations
from "./a.py" import x as y, f
from "./a.py" import *
import "./a.py" as a

class Box:
    item: T

async def g():
    return [k async for k in f()]

print(y, a.x, (1, 2.5, -0.0, b"z", frozenset({1}), ..., None), g)
"""
MODULES = {"module:./a.py": Bytes(b"x = 1\ndef f():\n    yield x\n__all__ = ['x', 'f']")}


def linked(session: Session, main: bytes = MAIN) -> Program | tuple[Diagnostic, ...]:
    """A program of two modules."""
    entry = Entry(main, "/p/main.py")
    done = drive(
        build(entry, Settings(probe=False), session), lambda needs: {need.key: MODULES[need.key] for need in needs}
    )
    return done.program or done.diagnostics


def packed() -> tuple[Program, bytes]:
    session = Session()
    program = linked(session)
    assert isinstance(program, Program)
    assert session.compilations == 2
    return program, pack(session, program.digests.items())


def test_a_program_from_records_is_the_program_and_nothing_is_parsed_or_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, data = packed()
    monkeypatch.setattr("edge_runtime.pipeline.parse", None)
    monkeypatch.setattr("edge_runtime.pipeline.lower", None)
    session = Session(stored=unpack(data))
    again = linked(session)
    assert again == program
    assert session.compilations == 0


def test_a_module_that_was_compiled_once_more_is_not_compiled_on_the_next_visit() -> None:
    """Its names of `a` may not be folded: `globals()` gives the module as a value."""
    main = b'import "./a.py" as a\ndef g():\n    return a.x\nprint(g(), len(globals()))\n'
    first = Session()
    program = linked(first, main)
    assert isinstance(program, Program)
    assert first.compilations == 3
    second = Session(stored=unpack(pack(first, program.digests.items())))
    assert linked(second, main) == program
    assert second.compilations == 0


def test_a_program_from_records_walks_sets_as_it_did() -> None:
    """Bytes hold a set's elements in another order than the text, and that depends on who refers to them."""
    main = (
        "for x in {8, 0, 16}: print(x)\ndef g():\n    return [*{640000, 0, 1280000}]\n"
        "print(g(), *{0.5, 2.0**31 + 0.5, 8, 16, 'b', 'a'})\nprint(len(globals()))"
    )
    first = Session()
    cold = run_program(main, MemoryHost(), session=first)
    assert cold.program is not None
    (held,) = [each for one in sets(cold.program.entry.code) for each in one if each == 640000]
    second = Session(stored=unpack(pack(first, cold.program.digests.items())))
    warm = run_program(main, MemoryHost(), session=second)
    assert (first.compilations, second.compilations, held) == (1, 0, 640000)
    assert warm.program is not None
    assert [[*one] for one in sets(warm.program.entry.code)] == [[*one] for one in sets(cold.program.entry.code)]
    assert warm.output == cold.output


def test_a_module_that_was_compiled_once_more_walks_sets_as_it_did() -> None:
    main = b'import "./a.py" as a\ndef g():\n    return a.x, *{640000, 0, 1280000}\nprint(g(), len(globals()))\n'
    first = Session()
    program = linked(first, main)
    assert isinstance(program, Program)
    (held,) = [each for one in sets(program.entry.code) for each in one if each == 640000]
    assert (len(first.plainer), held) == (1, 640000)
    again = linked(Session(stored=unpack(pack(first, program.digests.items()))), main)
    assert isinstance(again, Program)
    assert [[*one] for one in sets(again.entry.code)] == [[*one] for one in sets(program.entry.code)] != []


def sets(code: CodeType) -> list[frozenset[object]]:
    """The constant sets of a code."""
    found = [one for one in code.co_consts if isinstance(one, frozenset)]
    return found + [each for one in code.co_consts if isinstance(one, CodeType) for each in sets(one)]


def test_another_text_or_place_is_another_module() -> None:
    _, data = packed()
    session = Session(stored=unpack(data))
    assert isinstance(linked(session, MAIN + b"\n"), Program)
    assert session.compilations == 1
    stored = unpack(data)
    assert stored is not None
    digest = next(key[1] for key in marshal.loads(data.partition(b"\n")[2]) if key[0] == "./a.py")  # noqa: S302 - the test made them
    assert stored(Source("./a.py", "x"), digest) is not None
    assert stored(Source("./b.py", "x"), digest) is None


def test_problems_are_found_with_records_too() -> None:
    """Names are checked against what the record says of the module."""
    _, data = packed()
    found = linked(Session(stored=unpack(data)), b'from "./a.py" import missing')
    assert isinstance(found, tuple)
    assert [each.message for each in found] == ["module './a.py' has no export 'missing'"]


ODD: dict[str, Callable[[Any], Any]] = {
    "no tuple": lambda _: 7,
    "too short": lambda record: record[:-1],
    "no code": lambda record: (*record[:-2], "code", ()),
    "the code of another file": lambda record: (*record[:-2], record[-2].replace(co_filename="./b.py"), ()),
    "the plainer code of another file": lambda record: (
        *record[:-1],
        (((), record[-2].replace(co_filename="./b.py")),),
    ),
    "odd imports": lambda record: ((1,), *record[1:]),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_record_is_compiled(odd: str) -> None:
    program, data = packed()
    mark, _, rest = data.partition(b"\n")
    records = {key: marshal.dumps(ODD[odd](marshal.loads(record))) for key, record in marshal.loads(rest).items()}  # noqa: S302 - as above
    session = Session(stored=unpack(mark + b"\n" + marshal.dumps(records)))
    assert linked(session) == program
    assert session.compilations == 2


@pytest.mark.parametrize(
    "data", [b"", b"edge code 0 x\n", codestore._MARK, codestore._MARK + marshal.dumps([1]), packed()[1][:-4]]
)
def test_bytes_that_are_none_of_ours_hold_nothing(data: bytes) -> None:
    assert unpack(data) is None
