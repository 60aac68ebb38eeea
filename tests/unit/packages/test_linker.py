"""The linker: batches, integrity, names, limits; everything that is wrong is said in one go."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from edge_runtime.diagnostics import render
from edge_runtime.packages.needs import Bytes, Drift, Failed, Native, NotAtHand, Outcome
from tests.unit.kit import built, messages, output, picture, problems, run

URL = "https://x.test/u.py"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


# -- exact messages ---------------------------------------------------------------------------------------------------


def test_no_export() -> None:
    assert picture("\nfrom json import badname\n", natives={"json": {"dumps": print}}) == (
        "error: module 'json' has no export 'badname'\n"
        "   --> main.py:2:6\n    |\n  2 | from json import badname\n    |      ^^^^"
    )


def test_parse_error() -> None:
    assert picture('from "./a.py" import f', sources={"./a.py": "x = 1\nif x\n"}) == (
        "error: module './a.py' parse error\n"
        '   --> main.py:1:6\n    |\n  1 | from "./a.py" import f\n    |      ^^^^^^^^\n'
        "error: expected ':'\n   --> a.py:2:5\n    |\n  2 | if x\n    |     ^"
    )


def test_integrity() -> None:
    zero = "0" * 64
    got = digest("f = 1")
    assert messages(f'from "{URL}#sha256-{zero}" import f', sources={URL: "f = 1"}) == [
        f"integrity check failed for '{URL}'\n  expected sha256-{zero}\n  got      sha256-{got}"
    ]
    assert messages(f'from "{URL}#sha256-{got.upper()}" import f', sources={URL: "f = 1"}) == []


def test_drift() -> None:
    (found,) = built(f'from "{URL}" import f', {URL: Drift("a" * 64, "b" * 64)}).diagnostics
    assert found.message == f"integrity drift for '{URL}'\n  locked: sha256-{'a' * 64}\n  remote: sha256-{'b' * 64}"


def test_circular_import() -> None:
    result = run(
        'print(1)\nfrom "./a.py" import x',
        sources={"./a.py": 'from "./b.py" import x', "./b.py": 'from "./a.py" import x'},
    )
    assert result.error
    assert result.error.type == "ImportError"
    assert result.error.message == "circular import: a.py -> b.py -> a.py"
    assert (result.output, result.exit_code) == ("", 1)


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = '\xe9'", "module './a.py' parse error"),
        (b"#" * (1024 * 1024 + 1), "module './a.py' is too large: more than 1048576 bytes"),
        (b"  <html>", "module './a.py' is an HTML page, not Python"),
        (b"\0asm\1\0\0\0", "module './a.py' is WebAssembly, not Python: the name of a native module ends with .wasm"),
        (b"x = 1\0", "module './a.py' parse error"),
    ],
)
def test_bytes_that_are_no_module(data: bytes, message: str) -> None:
    assert messages('print(1)\nimport "./a.py" as a', sources={"./a.py": data}) == [message]
    entry = problems(data)
    assert len(entry) == 1


def test_the_last_byte_that_is_allowed() -> None:
    assert messages(b"#" * (1024 * 1024)) == []
    assert messages(b"#" * (1024 * 1024 + 1)) == ["module './main.py' is too large: more than 1048576 bytes"]


def test_bad_bytes_have_their_place() -> None:
    (found,) = problems('import "./a.py" as a', sources={"./a.py": b"\xef\xbb\xbfx = 1\r\n# \xc3\xa9\xff"})
    assert found.cause is not None
    assert render(found.cause).split("\n")[:2] == ["error: module './a.py' is not UTF-8: byte 0xff", "   --> a.py:2:4"]


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (Failed("HTTP 404"), "cannot load module './a.py': HTTP 404"),
        (Failed("no answer within 30 s", "try again"), "cannot load module './a.py': no answer within 30 s"),
        (Failed("bad\x1b[2J\nreason"), "cannot load module './a.py': bad\x1b[2J\nreason"),
    ],
)
def test_hosts_that_fail(outcome: Failed, message: str) -> None:
    (found,) = built('import "./a.py" as a', {"./a.py": outcome}).diagnostics
    assert (found.message, found.fix) == (message, outcome.hint)
    assert "\x1b" not in render(found)


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ("./a b.py", "spec-space"),
        ("./a#b.py", "fragment-unknown"),
        ("./%2e%2e/a.py", "above-root"),
        ("./a\\nb.py", "spec-control"),
        ("./" + "a" * 10_000, "spec-too-long"),
    ],
)
def test_odd_specs(spec: str, code: str) -> None:
    (found,) = problems(f'from "{spec}" import f')
    assert found.code == code
    assert found.span is not None
    assert (found.span.line, found.span.column, found.span.end_column) == (1, 6, 8 + len(spec))
    assert len(render(found)) < 1_500


def test_everything_is_said_in_one_go_and_in_order() -> None:
    text = 'import nowhere\nfrom "./a.py" import no\nimport "./gone.py" as g\nx.__code__\nimport "./b.py" as b\nfrom . import c\n'
    sources = {"./a.py": "from . import up\nimport gone", "./b.py": "def f(:"}
    found = problems(text, sources=sources, manifests={"./lib/": "[]"})
    assert [(one.spec, one.code) for one in found] == [
        ("./main.py", "not-declared"),
        ("./main.py", "no-export"),
        ("./main.py", "not-found"),
        ("./main.py", "attribute-refused"),
        ("./main.py", "parse-error"),
        ("./main.py", "relative-import"),
        ("./a.py", "relative-import"),
        ("./a.py", "not-declared"),
    ]


def test_nothing_runs_where_anything_is_wrong() -> None:
    result = run('print("never")\nimport "./a.py" as a', sources={"./a.py": "print('never')\nx.__code__"})
    assert (result.output, result.ok, result.exit_code) == ("", False, 2)
    assert result.error
    assert result.error.type == "CompileError"


def test_a_module_that_is_missing_is_said_once_with_its_way() -> None:
    sources = {"./a.py": 'import "./gone.py" as g', "./b.py": 'import "./gone.py" as g'}
    (found,) = problems('import "./a.py" as a\nimport "./b.py" as b', sources=sources)
    assert (found.spec, found.note) == ("./a.py", "imported by main.py -> a.py")


# -- integrity --------------------------------------------------------------------------------------------------------


def test_digests_on_every_kind_of_spec() -> None:
    text, good = "x = 1", digest("x = 1")
    sources = {"./a.py": text, URL: text, "kit": text}
    program = "".join(f'import "{spec}#sha256-{good}" as m{n}\n' for n, spec in enumerate(sources)) + "print(m0.x)"
    assert output(program, sources=sources) == "1\n"
    assert len(messages(program.replace(good, "0" * 64), sources=sources)) == 3


def test_native_bytes_are_checked() -> None:
    good = sha256(b"wasm").hexdigest()
    host: dict[str, Any] = {"natives": {"m": {"f": abs}}, "native_bytes": {"m": b"wasm"}}
    assert output(f'from "m#sha256-{good}" import f\nprint(f(-1))', **host) == "1\n"
    assert "integrity check failed" in messages(f'from "m#sha256-{"0" * 64}" import f', **host)[0]


def test_a_digest_on_an_alias_target_counts_for_every_use() -> None:
    good = digest("x = 1")
    manifests = {"": {"imports": {"u": f"{URL}#sha256-{good}", "v": f"{URL}#sha256-{'0' * 64}"}}}
    assert messages("import u", sources={URL: "x = 1"}, manifests=manifests) == []
    assert messages("import u", sources={URL: "x = 2"}, manifests=manifests)[0].startswith("integrity check failed")
    both = [found.code for found in problems("import v, u", sources={URL: "x = 1"}, manifests=manifests)]
    assert both == ["integrity-mismatch", "integrity-conflict"]


def test_digests_are_demanded_along_a_chain_of_aliases() -> None:
    manifests = {"": {"imports": {"u": f"v#sha256-{'0' * 64}", "v": URL}}}
    assert [found.code for found in problems("import u", sources={URL: "x = 1"}, manifests=manifests)] == [
        "integrity-mismatch"
    ]
    assert problems("import v", sources={URL: "x = 1"}, manifests=manifests) == ()


@pytest.mark.parametrize("late", [False, True])
def test_a_demand_counts_whenever_it_comes(late: bool) -> None:
    """The second import with a digest may be found only after the module was answered."""
    pin = f'import "{URL}#sha256-{"0" * 64}" as u'
    text = f'import "{URL}" as v\nimport "./a.py" as a' if late else f'{pin}\nimport "./a.py" as a'
    sources = {"./a.py": 'import "./b.py" as b', "./b.py": pin if late else "", URL: "x = 1"}
    (found,) = problems(text, sources=sources)
    assert found.code == "integrity-mismatch"
    assert found.spec == ("./b.py" if late else "./main.py")


def test_the_fragment_is_no_part_of_the_identity() -> None:
    good = digest("x = []")
    text = f'import "{URL}#sha256-{good}" as a\nimport "{URL}" as b\nprint(a is b, a.__name__)'
    assert output(text, sources={URL: "x = []"}) == f"True {URL}\n"


def test_a_pinned_host_package_is_refused() -> None:
    answers: dict[str, Outcome] = {
        "./packages.json": Bytes(b'{"host": {"draw": ""}}'),
        "draw": Native(frozenset({"f"})),
    }
    (found,) = built(f'from "draw#sha256-{"0" * 64}" import f', answers).diagnostics
    assert found.code == "integrity-unsupported"


# -- names ------------------------------------------------------------------------------------------------------------


def test_stars_follow_cycles_to_their_end() -> None:
    answers = {
        "./a.py": Bytes(b'from "./b.py" import *\na = 1\n_hidden = 1'),
        "./b.py": Bytes(b'from "./a.py" import *\nfrom "./c.py" import *\nb = 1'),
        "./c.py": Bytes(b"c = d = 1"),
    }
    assert built('from "./a.py" import a, b, c, d', answers).diagnostics == ()
    (found,) = built('from "./a.py" import _hid', answers).diagnostics
    assert found.fix == "did you mean '_hidden'?"
    (found,) = built('from "./b.py" import _hidden', answers).diagnostics
    assert found.code == "no-export"


def test_all_decides_what_stars_bind() -> None:
    sources = {"./a.py": "__all__ = ['_x', 'y']\n_x = y = z = 1"}
    text = 'from "./a.py" import *\nprint(sorted(n for n in globals() if n in ("_x", "y", "z")))'
    assert output(text, sources=sources) == "['_x', 'y']\n"
    assert messages('from "./a.py" import *', sources={"./a.py": "__all__ = ['f']"}) == [
        "module './a.py' lists 'f' in __all__ but does not bind it"
    ]


def test_imported_names_are_exports() -> None:
    sources = {"./a.py": 'from "./b.py" import f as g\nimport "./b.py" as b', "./b.py": "f = 1"}
    assert output('from "./a.py" import *\nprint(g, b.f)', sources=sources) == "1 1\n"


def test_future_features_are_no_exports() -> None:
    sources = {"./a.py": "from __future__ import annotations\nx = 1"}
    assert messages('from "./a.py" import annotations', sources=sources) == [
        "module './a.py' has no export 'annotations'"
    ]
    assert output('from "./a.py" import *\nprint(x)', sources=sources) == "1\n"


def test_names_that_are_not_bound_after_all() -> None:
    sources = {"./a.py": "if 0: x = 1\ny = 1\ndel y"}
    for name in ("x", "y"):
        result = run(f'from "./a.py" import {name}', sources=sources)
        assert result.error
        assert (result.error.type, result.error.message) == (
            "ImportError",
            f"cannot import name '{name}' from './a.py'",
        )
    result = run('from "./a.py" import *', sources=sources)
    assert result.error
    assert result.error.message == "cannot import name 'x' from './a.py'"


def test_names_of_modules_that_are_missing_are_not_judged() -> None:
    sources = {"./a.py": 'from "./gone.py" import *\nx = 1'}
    assert [one.code for one in problems('from "./a.py" import y', sources=sources)] == ["not-found"]


def test_what_was_not_fetched_is_neither_module_nor_error() -> None:
    result = built(f'from "{URL}" import anything\nfrom "{URL}" import *\nimport nowhere', {URL: NotAtHand()})
    assert [one.code for one in result.diagnostics] == ["not-declared"]


# -- graph ------------------------------------------------------------------------------------------------------------


def test_every_level_is_one_batch() -> None:
    asked: list[Any] = []
    answers = {
        "./a.py": Bytes(b'import "./c.py" as c\nimport u'),
        "./b.py": Bytes(b'import "./c.py" as c\nimport "https://x.test/k/d.py" as d'),
        "./c.py": Bytes(b""),
        "https://x.test/k/d.py": Bytes(b"import u"),
        "./packages.json": Bytes(b'{"imports": {"u": "./u.py"}}'),
        "./u.py": Bytes(b""),
        "https://x.test/packages.json": Bytes(b'{"imports": {"u": "./k/e.py"}}'),
        "https://x.test/k/e.py": Bytes(b""),
    }
    assert built('import "./a.py" as a\nimport "./b.py" as b', answers, asked=asked).diagnostics == ()
    assert [[need.spec for need in batch] for batch in asked] == [
        ["./packages.json", "/packages.json"],
        ["./a.py", "./b.py"],
        ["./c.py", "./u.py", "https://x.test/k/d.py"],
        ["https://x.test/k/packages.json", "https://x.test/packages.json"],
        ["https://x.test/k/e.py"],
    ]


def test_the_root_is_the_outermost_manifest() -> None:
    answers = {"/q/packages.json": Bytes(b"{}"), "./packages.json": Bytes(b"{}"), "./b.py": Bytes(b"")}
    result = built('import "../../b.py" as b', answers, location="/q/app/src/main.py")
    assert (result.diagnostics, result.root) == ((), "/q/")


def test_modules_are_singletons_and_shared() -> None:
    sources = {
        "./m.py": "print('init')\nn = 0",
        "./a.py": 'import "./m.py" as m\ndef up(): m.n += 1',
        "./b.py": 'from "./a.py" import m',
    }
    text = 'import "./m.py" as m\nimport "./a.py" as a\nimport "./b.py" as b\na.up()\nm.n += 10\nprint(b.m.n, b.m is m, a.m is m)'
    assert output(text, sources=sources) == "init\n11 True True\n"


@pytest.mark.parametrize(
    ("sources", "chain", "ran"),
    [
        ({"./a.py": 'import "./a.py" as a'}, "a.py -> a.py", ""),
        ({"./a.py": 'import "./main.py" as m'}, "main.py -> a.py -> main.py", ""),
        ({"./a.py": 'import "./c.py" as c\ndef f():\n  import "./b.py" as b', "./b.py": 'import "./a.py" as a',
          "./c.py": "print('c')"}, "a.py -> b.py -> a.py", "c\n"),
        ({"./a.py": 'import "./b.py" as b', "./b.py": 'import "./c.py" as c', "./c.py": 'print("c")\nimport "./a.py" as a'},
         "a.py -> b.py -> c.py -> a.py", ""),
    ],
)  # fmt: skip
def test_cycles(sources: dict[str, str], chain: str, ran: str) -> None:
    result = run('print("never")\nimport "./a.py" as a', sources=sources)
    assert result.error
    assert (result.error.type, result.error.message) == ("ImportError", f"circular import: {chain}")
    assert result.output == ran


def test_modules_before_the_closing_edge_have_run() -> None:
    sources = {"./first.py": "print('first')", "./a.py": 'import "./b.py" as b', "./b.py": 'import "./a.py" as a'}
    assert (
        run('import "./first.py" as f\nimport "./a.py" as a\nimport "./first.py" as z', sources=sources).output
        == "first\n"
    )


# -- limits -----------------------------------------------------------------------------------------------------------


def test_ten_thousand_modules() -> None:
    def program(count: int) -> tuple[str, dict[str, str]]:
        return "".join(f'import "./m{n}.py" as m{n}\n' for n in range(count)), {f"./m{n}.py": "" for n in range(count)}

    text, sources = program(9_999)
    assert messages(text, sources=sources) == []
    text, sources = program(10_002)
    assert messages(text, sources=sources) == ["the program has too many modules: more than 10000"]


def test_sixteen_mebibytes() -> None:
    size = 1024 * 1024
    sources = {f"./m{n}.py": "#" * size for n in range(16)}
    text = "".join(f'import "./m{n}.py" as m{n}\n' for n in range(16))
    sources["./m0.py"] = "#" * (size - len(text))
    assert messages(text, sources=sources) == []
    sources["./m0.py"] += "#"
    assert messages(text, sources=sources) == ["the program is too large: more than 16777216 bytes of source"]
