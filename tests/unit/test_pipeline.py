"""The way of a program: what a session keeps, what a program is, how a failed build looks."""

from __future__ import annotations

import gc
from types import CodeType
from typing import Any

import pytest

from edge_runtime import MemoryHost, Session, pipeline, run_program
from edge_runtime.guard.names import SHOW
from edge_runtime.hosts.memory import _ROOT, _Files
from edge_runtime.hosts.natives import NativeStore
from edge_runtime.lower.program import Chunk, Extern, NativeModule
from edge_runtime.packages.linker import Entry
from edge_runtime.packages.needs import Bytes, Need, Outcome
from edge_runtime.packages.resolver import Settings
from edge_runtime.pipeline import build, compile_module, drive
from tests.unit.kit import built, run


def test_a_session_reuses_compiled_code() -> None:
    session = Session()
    sources = {"./a.py": "print('a')\nx = []", "./b.py": "y = 1"}
    text = 'import "./a.py" as a\nimport "./b.py" as b\na.x.append(1)\nprint(a.x)'
    first = run_program(text, MemoryHost(sources=sources), session=session)
    before = dict(session.compiled)
    second = run_program(text, MemoryHost(sources={**sources, "./b.py": "y = 2"}), session=session)
    assert (first.output, second.output) == ("a\n[1]\n", "a\n[1]\n"), "compiled code is shared, modules are not"
    assert {key: code for key, code in session.compiled.items() if key in before} == before
    assert [spec for spec, _ in session.compiled.keys() - before.keys()] == ["./b.py"]


def test_a_session_remembers_refusals() -> None:
    session = Session()
    runs = [run_program("x.__code__\nexec('')", MemoryHost(), session=session) for _ in range(2)]
    assert runs[0].diagnostics == runs[1].diagnostics
    assert len(runs[0].diagnostics) == 2


def test_a_program_is_data() -> None:
    text = 'import "./a.py" as a\nfrom m import f, g as h\nfrom m import k'
    result = run(text, sources={"./a.py": "x = 1"}, natives={"m": {"f": abs, "g": abs}}, constants={"m": {"k": 1}})
    program = result.program
    assert program is not None
    assert [type(module) for module in program.modules] == [Chunk, Chunk, NativeModule]
    assert [program.modules[index].spec for index in program.order] == ["./a.py", "m", "./main.py"]
    assert program.externs == (Extern("m", "f"), Extern("m", "g"))
    assert set(program.digests) == {"./main.py", "./a.py"}
    assert program.entry.source.text == text
    assert run_program(text, MemoryHost()).program is None


def test_phases_are_told() -> None:
    phases: list[str] = []
    steps = build(Entry(b"x = 1", "/p/main.py"), Settings(probe=False), Session(), phases.append)
    assert drive(steps, lambda needs: {}).program is not None  # noqa: ARG005 - nothing is asked
    assert phases[-2:] == ["link", "compile"]
    assert set(phases) == {"link", "compile"}


def test_keys_are_all_that_was_asked() -> None:
    result = built('import "./a.py" as a', {"./a.py": Bytes(b"")})
    assert result.keys == ("manifest:/p/", "manifest:/", "module:./a.py")


def test_the_collector_is_as_it_was() -> None:
    gc.disable()
    try:
        run("x = 1", manifests={"": {}})
        assert not gc.isenabled()
    finally:
        gc.enable()
    run("x = 1", manifests={"": {}})
    assert gc.isenabled()


def test_trees_are_not_kept() -> None:
    session = Session()
    run_program("x = 1\nif x: y = 2", MemoryHost(), session=session)
    (parsed,) = session.parsed.values()
    assert not isinstance(parsed, tuple)
    assert parsed.tree.body == []
    assert compile_module(parsed, next(iter(session.parsed))[1], session) is next(iter(session.compiled.values()))


def test_a_snippet_is_not_a_program_of_the_same_text() -> None:
    session, entry = Session(), Entry(b'import "./a.py" as a\na.x', "/p/main.py")
    outcomes = {"module:./a.py": Bytes(b'import "./main.py" as m\nx = 1\nx')}

    def codes(*, keep: bool) -> list[bool]:
        program = drive(build(entry, Settings(probe=False), session, keep=keep), lambda _: outcomes).program
        assert program is not None
        return [SHOW in module.code.co_names for module in program.modules if isinstance(module, Chunk)]

    assert codes(keep=True) == [True, False], "the snippet shows its value, the module that it imports does not"
    assert [spec for spec, *_ in session.plainer] == ["./a.py"] == [spec for spec, _ in session.parsed]
    assert session.compiled == {}, "nothing is left of the snippet"
    assert codes(keep=False) == [False, False]
    assert codes(keep=True) == [True, False]
    assert codes(keep=False) == [False, False]


def test_a_snippet_that_was_not_built_to_its_end_is_not_kept() -> None:
    session = Session()
    steps = build(Entry(b'import "./a.py" as a\na.x', "/p/main.py"), Settings(probe=False), session, keep=True)
    next(steps)
    assert session.parsed
    steps.close()
    assert not session.parsed
    assert not session.compiled


def test_a_snippet_that_does_not_compile_says_why() -> None:
    for text, message in (
        (b"if x:", "expected an indented block after 'if' statement on line 1"),
        (b"a\nreturn", "'return' outside"),
    ):
        found = drive(build(Entry(text, "/p/<input 2>"), Settings(probe=False), Session(), keep=True), lambda _: {})
        assert found.program is None
        assert [(one.spec, one.message.startswith(message)) for one in found.diagnostics] == [("./<input 2>", True)]


def test_a_snippets_code_has_the_name_of_its_file() -> None:
    found = drive(
        build(Entry(b"def f(): 1\nf", "/p/<input 3>"), Settings(probe=False), Session(), keep=True), lambda _: {}
    )
    assert found.program is not None
    code = found.program.entry.code
    assert {code.co_filename, code.co_consts[0].co_filename} == {"./<input 3>"}


def test_a_module_that_is_refused_when_it_is_compiled_again_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    session, sources = Session(), {"./m.py": "K = 1", "./u.py": 'import "./m.py" as m\ndef f(): return m.K'}
    assert run_program('import "./u.py" as u\nprint(u.f())', MemoryHost(sources=sources), session=session).error is None
    entry = Entry(b'import "./u.py" as u, "./m.py" as m\nm.K = 2', "/p/main.py")
    outcomes = {f"module:{spec}": Bytes(text.encode()) for spec, text in sources.items()}
    refusing = lambda parsed, **_: (parsed,) if parsed.source.spec == "./u.py" else ()  # noqa: E731 - what a guard gives
    monkeypatch.setattr(pipeline, "check_guard", refusing)
    with pytest.raises(AssertionError, match="judged once is refused now"):
        drive(
            build(entry, Settings(probe=False), session),
            lambda needs: {need.key: outcomes[need.key] for need in needs},
        )
    assert not session.plainer


def _built(session: Session, host: MemoryHost, text: str, *, memo: bool = True) -> tuple[object, list[list[str]]]:
    """A program, and the keys of what it asked for, batch by batch."""
    asked = []
    settings = Settings(top=_ROOT, defaults=frozenset({"tools"}))
    steps = build(Entry(text.encode(), f"{_ROOT}main.py"), settings, session, memo=memo)
    answers = _Files(host, NativeStore(1 << 20))

    def supply(needs: list[Need]) -> dict[str, Outcome]:
        asked.append([need.key for need in needs])
        return {need.key: answers.answer(need) for need in needs}

    return drive(steps, supply).program, asked


def test_a_program_that_did_not_change_is_not_linked_again() -> None:
    sources = {"./a.py": 'from "./b.py" import y\nx = y', "./b.py": "y = 1", "./c.py": "y = 3"}
    natives, constants = {"tools": {"f": print}}, {"tools": {"one": 1}}
    host = MemoryHost(sources=sources, natives=natives, constants=constants)
    both: Any = {"natives": natives, "constants": constants}
    text = 'import tools\nfrom "./a.py" import x\nprint(x)'
    session = Session()
    first, batches = _built(session, host, text)
    again, asked = _built(session, host, text)
    assert first is again is not None
    assert asked == [[key for batch in batches for key in batch]]

    others = {
        "a file": MemoryHost(sources={**sources, "./b.py": "y = 2"}, **both),
        "what it imports": MemoryHost(
            sources={**sources, "./a.py": 'from "./c.py" import y\nx = y'}, natives=natives, constants=constants
        ),
        "a file that nobody needs any more, and that is gone": MemoryHost(sources={"./a.py": "x = 5"}, **both),
        "a manifest": MemoryHost(sources=sources, manifests={"": {"imports": {"c": "./c.py"}}}, **both),
        "a name": MemoryHost(sources=sources, natives={"tools": {"g": print}}, constants=constants),
        "a value that is equal": MemoryHost(sources=sources, natives=natives, constants={"tools": {"one": True}}),
        "a file that is gone": MemoryHost(sources={"./a.py": sources["./a.py"]}, **both),
    }
    for name, other in others.items():
        fresh, batches = _built(Session(), other, text)
        changed, asked = _built(session, other, text)
        assert changed is not first, name
        assert changed == fresh, name
        assert {key for batch in batches for key in batch} <= {key for batch in asked for key in batch}, name
        assert all(len(set(batch)) == len(batch) for batch in asked), name
        again, _ = _built(session, host, text)
        assert again == first, name
    assert _built(session, host, text + "\n")[0] is not first
    assert _built(session, host, text, memo=False)[0] is not first


def test_a_kept_snippet_is_no_program_to_come_back_to() -> None:
    session = Session()
    first, _ = _built(session, MemoryHost(), "x = 1")
    snippet = drive(build(Entry(b"x = 1", "/main.py"), Settings(probe=False), session, keep=True), lambda _: {}).program
    assert snippet is not first
    assert session.last is not None
    assert session.last.built.program is first


def test_a_module_of_snippets_is_compiled_once() -> None:
    session, sources = Session(), {"./m.py": "K = 1", "./u.py": 'import "./m.py" as m\ndef f(): return m.K'}
    text = 'import "./u.py" as u\nprint(u.f())'
    for compilations in (3, 4):
        assert run_program(text, MemoryHost(sources=sources), session=session, keep=True).output == "1\n"
        assert session.compilations == compilations, "the snippet, and each module once"
    assert run_program(text, MemoryHost(sources=sources), session=session).output == "1\n"
    assert session.compilations == 7, "a program folds names, and is compiled for itself"
    assert any("<module 0>.K" in one.co_names for code in session.compiled.values() for one in _inner(code))


def _inner(code: object) -> list[CodeType]:
    assert isinstance(code, CodeType)
    return [one for one in code.co_consts if isinstance(one, CodeType)]
