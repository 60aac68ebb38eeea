"""Quoted specs are found where they are imports, and nothing else is touched."""

from __future__ import annotations

import ast
import sys
import sysconfig
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_runtime.source import Source, decode
from edge_runtime.syntax.parse import Parsed, parse
from edge_runtime.syntax.scan import scan

SPEC = '"./a.py"'


def found(text: str) -> list[tuple[str, int, int]]:
    """Specs with the line and column of their strings."""
    return [(one.value, one.span.line, one.span.column) for one in scan(Source("./main.py", text)).quoted.values()]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"from {SPEC} import f\n", (1, 6)),
        (f"import {SPEC} as a", (1, 8)),
        (f"if x:\n\tfrom\t{SPEC}\timport f", (2, 7)),
        (f"x = 1; from {SPEC} import f", (1, 13)),
        (f"if x: from {SPEC} import f", (1, 12)),
        (f"if x: pass\nelse: import {SPEC} as a", (2, 14)),
        (f"from \\\n  {SPEC} import f", (2, 3)),
        (f"from {SPEC} \\\n import (f,\n g)", (1, 6)),
        (f"import x, {SPEC} as a", (1, 11)),
        (f"import x as y, \\\n  {SPEC} as a", (2, 3)),
        (f"s = '中🙂'; from {SPEC} import f", (1, 16)),
        (f"é = 1\nfrom {SPEC} import f  # 中", (2, 6)),
        (f"d = {{1: 2}}; from {SPEC} import f", (1, 18)),
        (f"x = (\n1,\n)\nfrom {SPEC} import f", (4, 6)),
        (f"s = '''\nfrom \"no\" import f\n'''\nfrom {SPEC} import f", (4, 6)),
        (f"s = 'it\\'s'\nfrom {SPEC} import f", (2, 6)),
        (f"# don't\nfrom {SPEC} import f", (2, 6)),
        (f"from{SPEC}import f", (1, 5)),
        (f"import{SPEC}as a", (1, 7)),
        (f"x = 1 if'a'else'b'\nfrom {SPEC} import f", (2, 6)),
        (f"x = 1 if'{{'else 2\nfrom {SPEC} import f", (2, 6)),
        (f"x = f'{{1}}'\nfrom {SPEC} import f", (2, 6)),
        (f"x = rb'\\''\nfrom {SPEC} import f", (2, 6)),
        (f"\x0cfrom {SPEC} import f", (1, 7)),
        (f"class A: from {SPEC} import f", (1, 15)),
        (f"x: int = 1; from {SPEC} import f", (1, 18)),
        (f"lambda: 0; from {SPEC} import f", (1, 17)),
    ],
)
def test_quoted_imports(text: str, place: tuple[int, int]) -> None:
    assert found(text) == [("./a.py", *place)]
    parsed = parse(Source("./main.py", text))
    assert isinstance(parsed, Parsed), parsed
    item = next(item for item in parsed.imports if item.spec == "./a.py")
    assert (item.span.line, item.span.column) == place
    assert text.split("\n")[item.span.line - 1][item.span.column - 1 : item.span.end_column - 1] == SPEC


@pytest.mark.parametrize(
    "text",
    [
        'def g(): yield from "x"',
        'raise E from "x"',
        's = "from \\"./a.py\\" import f"',
        "s = '''\nfrom \"./a.py\" import f\n'''",
        "# from './a.py' import f",
        "f'from {1} import'",
        'x = ("from", "import")\ny = {"from": "x"}',
        "print('import', \"x\")",
        "x = [\nfrom_, 'a'\n]",
        "from a import b; 'x'",
        "import a; 'x'",
        "import a as b # 'x'",
        "'''from'''\n'./a.py'",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    scanned = scan(Source("./main.py", text))
    assert (scanned.text, scanned.quoted, scanned.problems) == (text, {}, ())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="nested quotes in f-strings are 3.12's")
@pytest.mark.parametrize(
    "text", ["f'{'a'}'", "f'{f'{'{'}'}'", "f'{x:{'y'}}'", "f'''{\n'a' # '\n}'''", "f'{{'", "f'}}{x!r:>{w}}'"]
)
def test_nested_fstrings(text: str) -> None:
    assert found(f"{text}\nfrom {SPEC} import f")[0][0] == "./a.py"


def test_several_in_one_statement() -> None:
    assert found("import './a.py' as a, b, r'./c.py' as c; from \"d\" import e") == [
        ("./a.py", 1, 8),
        ("./c.py", 1, 26),
        ("d", 1, 47),
    ]


@pytest.mark.parametrize(
    ("literal", "value"), [('"./\\x61.py"', "./a.py"), ("r'.\\x'", ".\\x"), ('"\\u00e9"', "é"), ("''", "")]
)
def test_values(literal: str, value: str) -> None:
    assert found(f"from {literal} import f")[0][0] == value


@pytest.mark.parametrize("text", [f"from {SPEC}.b import c", f"from {SPEC}b import c", f"import {SPEC}.b as c",
                                  f"from {SPEC} {SPEC} import c", 'from "./a.py import f', "import '''./a", "from",
                                  f"from {SPEC}", f"from {SPEC} imports f", f"import {SPEC} + 1"])  # fmt: skip
def test_strings_out_of_place_are_left_to_the_parser(text: str) -> None:
    assert scan(Source("./main.py", text)).text == text
    assert [problem.code for problem in problems_of(text)] == ["syntax"]


@pytest.mark.parametrize("literal", ['f"a"', 'b"a"', '"""a"""', '"a\\\nb"', 'u"a"', 'Rb"a"'])
def test_specs_are_plain_strings(literal: str) -> None:
    (problem,) = problems_of(f"from {literal} import f")
    assert problem.code == "spec-not-plain"


def problems_of(text: str) -> tuple:  # type: ignore[type-arg]
    """The parser's diagnostics."""
    parsed = parse(Source("./main.py", text))
    assert isinstance(parsed, tuple)
    return parsed


def test_columns_stay_true_behind_a_spec() -> None:
    text = "from './é中𐐀.py' import f; x = 'é' + undefined()"
    tree = ast.parse(scan(Source("./main.py", text)).text)
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
    assert Source("./main.py", text).column(1, call.col_offset) == text.index("undefined") + 1


def test_bom_and_newlines() -> None:
    text = decode(b"\xef\xbb\xbfx = 1\r\nfrom './a.py' import f\rfrom './b.py' import g\r\n")
    assert isinstance(text, str)
    assert found(text) == [("./a.py", 2, 6), ("./b.py", 3, 6)]


@pytest.mark.parametrize(
    "text",
    [
        "from " * 200_000,
        "from \\\n" * 150_000,
        "import a, " * 100_000 + '"x"',
        'from "a" import b;' * 50_000,
        'é = 1; from "a" import b;' * 4_000,
        "'" * 1_000_000,
        "f'{" * 300_000,
        '"\\' * 500_000,
        "(" * 1_000_000,
        "from '" + "\\" * 1_000_000,
    ],
    ids=range(10),
)
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    started = time.process_time()
    scan(Source("./main.py", text))
    assert time.process_time() - started < 3


def library() -> list[Path]:
    """Some 300 files of the standard library, spread over it."""
    files = sorted(path for path in Path(sysconfig.get_path("stdlib")).rglob("*.py") if path.stat().st_size < 60_000)
    files = [path for path in files if not {"site-packages", "lib2to3", "test", "tests"} & set(path.parts)]
    return files[:: max(1, len(files) // 300)]


def test_the_standard_library_is_left_as_it_is() -> None:
    compared = 0
    for path in library():
        text = decode(path.read_bytes())
        if not isinstance(text, str):
            continue
        scanned = scan(Source("./x.py", text))
        assert (scanned.text, scanned.quoted) == (text, {}), path
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                expected = ast.dump(ast.parse(text), include_attributes=True)
            except SyntaxError:
                continue
        parsed = parse(Source("./x.py", text))
        assert isinstance(parsed, Parsed), path
        if not parsed.problems:  # `import a.b` is one: it needs a name here
            compared += 1
            assert ast.dump(parsed.tree, include_attributes=True) == expected, path
    assert compared > 200


PIECES = st.sampled_from(
    ["from ", "import ", "'", '"', "'''", '"./a.py"', "f'{", "}", "{", "(", ")", "\\\n", "\n", ";", ":", "#", "\\", "é",
     " as a", "if x", "    ", "\t", ",", "*", "r", "b", ".", "\x0c", "中", "yield ", "raise E ", "class A"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
def test_any_text_gives_a_result_or_diagnostics(text: str) -> None:
    decoded = decode(text.encode())
    assert isinstance(decoded, str)
    source = Source("./main.py", decoded)
    scanned = scan(source)
    assert len(scanned.text) == len(decoded)
    assert len(scanned.text.encode()) == len(decoded.encode())
    parsed = parse(source)
    if isinstance(parsed, Parsed):
        assert all(item.spec in decoded or "\\" in decoded for item in parsed.imports)
    else:
        assert all(problem.span and 1 <= problem.span.line <= decoded.count("\n") + 2 for problem in parsed)
