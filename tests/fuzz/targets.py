"""What is fuzzed, and what must hold for every input.

Takes: bytes. Gives: nothing. Refuses: an input whose answer is neither a result nor a diagnostic with a place in the text:
`AssertionError`, or whatever exception got out.
"""

from __future__ import annotations

import ast
import dis
import json
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import Any, Final

from edge_runtime import MemoryHost, check
from edge_runtime.diagnostics import Diagnostic, render_all, to_json_list
from edge_runtime.guard.names import GUARDED, is_dunder, may_read, may_write
from edge_runtime.guard.visitor import check as judge
from edge_runtime.lower.lowering import lower
from edge_runtime.native.wasmfile import Examined, Refusal, examine
from edge_runtime.packages.jsontext import BadJson, read_json
from edge_runtime.packages.lockfile import read_lockfile, write_lockfile
from edge_runtime.packages.manifest import Manifest, read_manifest
from edge_runtime.packages.specs import Spec, SpecProblem, classify, join
from edge_runtime.source import BadByte, Source, decode
from edge_runtime.syntax.parse import Parsed, parse
from edge_runtime.syntax.scan import scan

_WRITTEN_BY_THE_COMPILER: Final = frozenset(
    """
    __module__ __qualname__ __doc__ __annotations__ __classcell__ __static_attributes__ __firstlineno__ __classdict__
    __classdictcell__ __annotate__ __annotate_func__ __conditional_annotations__ __name__ __build_class__ __type_params__
    """.split()
)
"""Names of the `__x__` form that stand in code without having stood in the source."""


def scanner(data: bytes) -> None:
    """Placeholders keep lengths, so that places stay true."""
    text = decode(data)
    if isinstance(text, BadByte):
        assert text.line >= 1
        return
    scanned = scan(Source("./main.py", text))
    assert len(scanned.text) == len(text)
    for quoted in scanned.quoted.values():
        assert 1 <= quoted.span.line <= text.count("\n") + 1


def guard(data: bytes) -> None:
    """A module compiles to code in which every name is one that the language allows, or is refused at a place in it."""
    text = decode(data)
    if isinstance(text, BadByte):
        return
    source = Source("./main.py", text)
    parsed = parse(source)
    found = parsed if isinstance(parsed, tuple) else (judge(parsed) or _lowered(parsed))
    if isinstance(found, CodeType):
        for code in _codes(found):
            _assert_names(code)
    else:
        _assert_diagnostics(found)


def _lowered(parsed: Parsed) -> CodeType | tuple[Diagnostic, ...]:
    return parsed.problems or lower(parsed)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _assert_names(code: CodeType) -> None:
    """Read off the instructions, which knows nothing of how the guard walks trees."""
    steps = [step for step in dis.get_instructions(code) if step.opname != "EXTENDED_ARG"]
    for index, step in enumerate(steps):
        name = step.argval
        kind = step.opname
        assert not kind.startswith("IMPORT_"), f"{kind} {name}"
        if not isinstance(name, str) or name.startswith("<"):
            continue
        if kind in ("STORE_ATTR", "DELETE_ATTR"):
            assert may_write(name), f"{kind} {name}"
        elif kind.endswith("_ATTR") or kind == "LOAD_METHOD":
            assert may_read(name), f"{kind} {name}"
            assert name not in GUARDED or _goes_nowhere(steps, index), f"{kind} {name} without its judge"
        elif kind.endswith(("_NAME", "_GLOBAL", "_DEREF", "_FAST")) and is_dunder(name):
            assert may_read(name) or name in _WRITTEN_BY_THE_COMPILER, f"{kind} {name}"


def _goes_nowhere(steps: list[dis.Instruction], index: int) -> bool:
    """Whether a guarded attribute is one of the two kinds that need no judge when they run: `format` of a literal, which was
    judged, and a class that is only asked for another attribute."""
    name = steps[index].argval
    if name in ("format", "format_map"):
        before = steps[index - 1]
        return before.opname == "LOAD_CONST" and type(before.argval) is str
    after = steps[index + 1]
    if after.opname in ("PRECALL", "CALL"):
        return name == "__class__" and any(str(step.argval).startswith("<attribute ") for step in steps[:index])
    return name == "__class__" and (after.opname.endswith("_ATTR") or after.opname in ("LOAD_METHOD", "COPY"))


def manifest(data: bytes) -> None:
    """A manifest, or everything that is wrong with it."""
    found = read_manifest(data, "./packages.json")
    if isinstance(found, Manifest):
        for table in (found.imports, found.host):
            assert all(type(key) is str and type(value) is str for key, value in table.items())
    else:
        _assert_diagnostics(found)


def lockfile(data: bytes) -> None:
    """What was read is written the same, and read again the same."""
    text = data.decode("utf-8", "replace")
    found = read_lockfile(text, "packages.lock.json")
    if isinstance(found, tuple):
        _assert_diagnostics(found)
        return
    again = write_lockfile(found)
    assert read_lockfile(again, "packages.lock.json") == found
    assert write_lockfile(found) == again


def json_text(data: bytes) -> None:
    """What our reader takes, Python's takes as well, and they agree about its kind."""
    text = data.decode("utf-8", "replace")
    found = read_json(text)
    if isinstance(found, BadJson):
        assert found.reason
        assert found.span.line >= 1
        return
    value = json.loads(text)
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    assert found.kind == kinds.get(type(value), "null")


def specs(data: bytes) -> None:
    """A spec is understood or refused; a relative path never leaves its root, and no path has dots in it."""
    text = data.decode("utf-8", "replace")
    found = classify(text)
    assert isinstance(found, Spec | SpecProblem)
    for root in ("/", "/app/"):
        joined = join(f"{root}lib/a.py", text, root)
        if isinstance(joined, str):
            assert joined.startswith("/" if text.startswith("/") else root), joined
            assert ".." not in joined.partition("?")[0].split("/"), joined
    joined = join("https://x.test/a/b.py", text, "https://x.test/")
    assert isinstance(joined, SpecProblem) or joined.startswith("https://x.test/"), joined


def linker(data: bytes) -> None:
    """A program of several files, cut out of the bytes: links, or says why not. Nothing runs."""
    names = ("./a.py", "./lib/b.py", "https://x.test/c.py", "https://x.test/d/e.py", "./v.wasm")
    entry, *rest = data.split(b"\0", 8)
    sources = dict(zip(names, rest, strict=False))
    places = ("", "./lib/", "https://x.test/")
    manifests = dict(zip(places, rest[len(names) :], strict=False))
    found = check(entry, MemoryHost(sources=sources, manifests=manifests))
    if found:
        _assert_diagnostics(found)


def wasm(data: bytes) -> None:
    """A binary module is examined or refused, whatever it holds."""
    found = examine("./m.wasm", b"\0asm\1\0\0\0" + data, 16)
    assert isinstance(found, Examined | Refusal)


def _assert_diagnostics(found: tuple[Diagnostic, ...]) -> None:
    assert found
    for one in found:
        assert one.message
        assert one.span is None or (one.span.line >= 1 and one.span.column >= 1)
    assert render_all(found).startswith(("error: ", "warning: "))
    json.dumps(to_json_list(found))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    target.__name__: target for target in (scanner, guard, manifest, lockfile, json_text, specs, linker, wasm)
}


def is_python(data: bytes) -> bool:
    """Whether bytes parse: how often fuzzed input comes that far is worth knowing."""
    try:
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def crash_of(target: Callable[[bytes], Any], data: bytes) -> BaseException | None:
    """What gets out of a target, if something does."""
    try:
        target(data)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
        return error
    return None
