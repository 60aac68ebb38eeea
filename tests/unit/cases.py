"""A program for each message: what makes the project say it.

Takes: nothing. Gives: `CASES`: for each code of `messages.py`, functions that give diagnostics with that code among them.
Their pictures stand in `goldens/CODE.txt`; `python -m tests.unit.update_goldens` writes them anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from edge_runtime import Diagnostic, check, render_all
from edge_runtime.packages.lockfile import read_lockfile
from edge_runtime.packages.manifest import MAX_BYTES
from edge_runtime.packages.needs import Drift, Failed
from edge_runtime.source import Source
from edge_runtime.syntax.parse import parse

from .kit import built, problems

GOLDENS = Path(__file__).parent / "goldens"
URL = "https://x.test/u.py"
ZERO, ONE = "0" * 64, "1" * 64

Case = Callable[[], Iterable[Diagnostic]]


def program(source: str | bytes, **host: Any) -> Case:
    """Checked from memory."""
    return lambda: problems(source, **host)


def manifest(text: str | bytes) -> Case:
    """A root manifest with this text."""
    return lambda: problems("x = 1\n", manifests={"": text})


def lockfile(text: str) -> Case:
    """A lockfile with this text."""

    def case() -> Iterable[Diagnostic]:
        read = read_lockfile(text, "packages.lock.json")
        assert isinstance(read, tuple)
        return read

    return case


def parsed(source: str) -> Case:
    """Read by the parser alone."""

    def case() -> Iterable[Diagnostic]:
        found = parse(Source("./main.py", source))
        assert isinstance(found, tuple)
        return found

    return case


def deep_packages(hops: int) -> dict[str, Any]:
    """Packages that extend one another, one more than may be."""
    return {f"./p{number}/": {"extends": f"../p{number + 1}"} for number in range(hops)}


def modules(count: int, size: int) -> dict[str, str]:
    """Modules that the entry imports, of a size each."""
    return {f"./m{number}.py": f"x = '{'a' * (size - 6)}'" for number in range(count)}


def importing(count: int) -> str:
    """An entry that imports them."""
    return "".join(f'import "./m{number}.py" as m{number}\n' for number in range(count))


CASES: dict[str, list[Case]] = {
    "not-declared": [
        program("from unknown import f\n"),
        program('import "./lib/a.py" as a\n', sources={"./lib/a.py": "import nowhere\n"}),
        program('import "./a.py" as a\n', sources={"./a.py": 'import "helpers.py" as h\nimport "x.com/y.py" as y\n'}),
    ],
    "alias-missing": [
        program("from unknown import f\n", manifests={"": {"imports": {}}}),
        program(
            'import "./lib/a.py" as a\n',
            sources={"./lib/a.py": "import up"},
            manifests={"": {"imports": {"up": "./up.py"}}, "./lib/": {}},
        ),
    ],
    "too-many-hops": [
        program('import "./p0/a.py" as a\n', sources={"./p0/a.py": "import far\n"}, manifests=deep_packages(40)),
        program("import a\n", manifests={"": {"imports": {"a": "b", "b": "a"}}}),
    ],
    "extends-cycle": [
        program("import a\n", manifests={"": {"extends": "lib"}, "./lib/": {"extends": ".."}}),
    ],
    "no-resolver": [lambda: check("from unknown import f\n")],
    "host-not-granted": [
        program("from dom import query\n", natives={"dom": {"query": print}}, hosts=["dom"]),
        program(
            'import "./lib/a.py" as a\n',
            sources={"./lib/a.py": "import draw\n"},
            manifests={"": {}, "./lib/": {"host": {"draw": "./draw.js"}}},
        ),
    ],
    "not-part-of-edge": [program("import os\nfrom asyncio import run\nimport zipfile\n")],
    "fragment-unknown": [program(f'import "{URL}#md5-00" as u\nimport "{URL}#" as v\n')],
    "fragment-length": [program(f'import "{URL}#sha256-00" as u\n')],
    "fragment-hex": [program(f'import "{URL}#sha256-{"x" * 64}" as u\n')],
    "integrity-unsupported": [program(f'from "math#sha256-{ZERO}" import pi\n', constants={"math": {"pi": 3}})],
    "integrity-mismatch": [
        program(f'from "{URL}#sha256-{ZERO}" import f\n', sources={URL: "f = 1\n"}),
        program("import u\n", sources={URL: "f = 1\n"}, manifests={"": {"imports": {"u": f"{URL}#sha256-{ZERO}"}}}),
    ],
    "integrity-conflict": [
        program(f'import "{URL}#sha256-{ZERO}" as u\nimport "{URL}#sha256-{ONE}" as v\n'),
        program(f'import "u#sha256-{ONE}" as u\n', manifests={"": {"imports": {"u": f"{URL}#sha256-{ZERO}"}}}),
    ],
    "drift": [
        lambda: built(f'import "{URL}" as u\n', {URL: Drift(ZERO, ONE)}).diagnostics,
        lambda: built("import u\n", {"./packages.json": Drift(ZERO, ONE)}).diagnostics,
    ],
    "spec-empty": [program('from "" import f\nimport "#sha256-00" as g\n')],
    "spec-not-plain": [program('from f"./a.py" import f\nimport b"./b.py" as b, """./c.py""" as c\n')],
    "spec-control": [program('from "./a\\nb.py" import f\nfrom "./a\\u202e.py" import g\n')],
    "spec-space": [program('from "./my file.py" import f\n')],
    "spec-backslash": [program('from r".\\lib\\a.py" import f\n')],
    "spec-too-long": [program(f'from "./{"a" * 10_000}.py" import f\n')],
    "spec-scheme": [program('import "file:///etc/passwd" as p\nimport "ftp://x.test/a.py" as a\n')],
    "spec-bad-url": [
        program('import "https:///a.py" as a\nimport "https://u:p@x.test/a.py" as b\nimport "https://x:y/" as c\n')
    ],
    "spec-directory": [program('import "./lib/" as a\nimport ".." as b\n')],
    "spec-escape": [program('import "./a%2Fb.py" as a\nimport "./%ff.py" as b\nimport "./%00.py" as c\n')],
    "above-root": [
        program('import "../a.py" as a\nimport "./%2e%2e/a.py" as b\nimport "https://x.test/../a.py" as c\n'),
        program(f'import "{URL}" as u\n', sources={URL: 'import "../../a.py" as a\n'}),
        program("import a\n", manifests={"": {"extends": "../.."}}),
    ],
    "not-found": [
        program('import "./gone.py" as a\n'),
        program('import "./a.py" as a\n', sources={"./a.py": 'from "./gone.py" import f\n'}),
    ],
    "cannot-load": [
        lambda: built(f'import "{URL}" as u\n', {URL: Failed("HTTP 500", "try later")}).diagnostics,
    ],
    "is-html": [program('from "./a.py" import f\n', sources={"./a.py": "\ufeff\n <!doctype html><html>"})],
    "is-wasm": [program('from "./a.py" import f\n', sources={"./a.py": b"\0asm\1\0\0\0"})],
    "is-not-wasm": [program('from "./a.wasm" import f\n', sources={"./a.wasm": b"f = 1\n"})],
    "library-refused": [program('from "./a.so" import f\n', sources={"./a.so": b"\x7fELF\2\1\1\0"})],
    "is-binary": [program("x = 1\ny = '\0'\n")],
    "not-utf8": [
        program(b"x = 1\r\ny = '\xe9'\r\n"),
        program('import "./a.py" as a\n', sources={"./a.py": b"\xef\xbb\xbf# \xc3\xa9 \xff\n"}),
        manifest(b'{"a": "\xff"}'),
    ],
    "too-large": [
        program("#" * (1024 * 1024 + 1)),
        program('import "./m0.py" as m\n', sources=modules(1, 1024 * 1024 + 1)),
    ],
    "program-too-large": [program(importing(17), sources=modules(17, 1024 * 1024))],
    "too-many-modules": [program(importing(10_000), sources=modules(10_000, 8))],
    "parse-error": [program('from "./a.py" import f\n', sources={"./a.py": "def f(:\n"})],
    "too-deep": [
        program(f"x = {'-' * 600}1\n"),
        parsed(f"x = 1\ny = 1{' + 1' * 3_000}\n"),
    ],
    "no-export": [
        program('from "./a.py" import colour, nothing\n', sources={"./a.py": "color = 1\n"}),
        program("from math import sqr\n", natives={"math": {"sqrt": abs}}),
    ],
    "no-export-all": [program('from "./a.py" import *\n', sources={"./a.py": '__all__ = ["f", "g"]\nf = 1\n'})],
    "relative-import": [program("from . import a\nfrom .b import c\nif 1:\n    from .. import d\n")],
    "dotted-needs-as": [program("import a.b.c\n")],
    "quoted-needs-as": [program('import "./lib/my-kit.py"\nimport "./class.py", "./1.py"\n')],
    "star-not-top": [program('def f():\n    from "./a.py" import *\n', sources={"./a.py": ""})],
    "future-unknown": [program("from __future__ import (\n    annotations,\n    braces2,\n)\n")],
    "unknown-node": [],  # held by guard/test_visitor.py: which syntax is unknown depends on Python's version
    "name-refused": [
        program(
            "__loader__\ndef __f__(__a__): pass\nfor __x__ in []: pass\nimport math as __m__\n", constants={"math": {}}
        )
    ],
    "attribute-refused": [
        program("f.__globals__\ng.gi_frame = 1\ndel h.__code__\nmatch 1:\n    case A(__x__=1): pass\n")
    ],
    "builtin-refused": [program("exec('1')\nopen\nprint(eval)\ncompile = 1\ncompile\n")],
    "metaclass": [program("class A(B, metaclass=C): pass\n")],
    "class-keyword-refused": [program("class A(B, __prepare__=C): pass\n")],
    "finaliser": [program("class A:\n    def __del__(self): pass\n    __del__ = 1\n")],
    "guarded-pattern": [program("match x:\n    case str(format=a.b): pass\n")],
    "literal-only": [program('x = []\n__all__ = x\nclass A:\n    __slots__ = ("a", "__class__")\n')],
    "json-syntax": [
        manifest('{ "imports": { "a": "./a.py", } }'),
        manifest("{ 'imports': {} }"),
        manifest('{\n  "imports": {\n    "a" "b"\n'),
        manifest("{} {}"),
        manifest(""),
        manifest('{"a": "one\ntwo"}'),
        manifest('{"a\tb": "c"}'),
        manifest('{"a": "\\x41"}'),
        manifest("[" * 100),
        lockfile('{ "version": 1, '),
    ],
    "manifest-not-object": [manifest('["./a.py"]'), manifest('"a"')],
    "manifest-value": [manifest('{\n  "imports": { "a": 1 },\n  "x": [true, { "y": null }]\n}')],
    "manifest-duplicate": [manifest('{ "imports": { "a": "./a.py", "a": "./b.py" }, "x": {}, "x": {} }')],
    "manifest-escape": [manifest('{ "imports": { "a": "\\u0041\\b" } }')],
    "manifest-not-strings": [manifest('{ "imports": "./a.py", "host": { "dom": {} } }')],
    "manifest-extends": [manifest('{ "extends": {} }')],
    "manifest-too-large": [manifest("{}" + " " * MAX_BYTES)],
    "manifest-failed": [
        lambda: built("import u\n", {"./packages.json": Failed("HTTP 500", "ask again later")}).diagnostics
    ],
    "lock-version": [lockfile('{\n  "version": 2,\n  "entries": []\n}\n')],
    "lock-shape": [
        lockfile("[]"),
        lockfile('{ "version": true }'),
        lockfile('{ "version": 1, "modules": [] }'),
        lockfile('{ "version": 1, "version": 1, "modules": {} }'),
        lockfile(
            '{\n  "modules": {\n    "https://a": 1,\n    "https://b": { "sha256": "00" },\n'
            f'    "https://c": {{ "sha256": "{ZERO}", "bytes": -1 }},\n'
            f'    "https://d": {{ "sha256": "{ZERO}", "bytes": 1, "url": 1 }}\n  }},\n  "version": 1\n}}\n'
        ),
    ],
}


def golden(code: str) -> str:
    """The pictures of a code's cases."""
    shown = []
    for case in CASES[code]:
        found = tuple(case())
        codes = {one.code for one in found} | {one.cause.code for one in found if one.cause}
        assert code in codes, f"{code} is not among {codes}"
        shown.append(render_all(found))
    return "\n\n----\n\n".join(shown) + "\n"
