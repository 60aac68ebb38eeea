"""Bare names, manifests and grants: what formats.md says about who decides."""

from __future__ import annotations

from typing import Any

import pytest

from edge_runtime.packages.needs import Absent, Bytes, Failed, Native, Outcome
from tests.unit.kit import built, messages, output, picture

A = {"./a.py": "x = 'a'"}


@pytest.mark.parametrize(
    ("source", "host", "message"),
    [
        ("import u", {}, "no packages.json above '' declares 'u'"),
        ("import u", {"manifests": {"": {}}}, "alias 'u' not declared in 'packages.json'"),
        (
            "import u",
            {"manifests": {"": {"extends": "https://x.test/k"}}},
            "alias 'u' not declared in 'packages.json'",
        ),
        (
            "import u",
            {"manifests": {"": {"extends": "lib"}, "./lib/": {"extends": ".."}}},
            "circular extends chain in packages.json: packages.json -> lib/packages.json -> packages.json",
        ),
        (
            "import u",
            {"manifests": {"": {"extends": "."}}},
            "circular extends chain in packages.json: packages.json -> packages.json",
        ),
        ("import dom", {"hosts": ["dom"]}, "host package 'dom' is not granted here"),
        (
            'from "https://x.test/u.py#md5-1" import f',
            {},
            "unrecognized integrity fragment 'md5-1'",
        ),
        ('from "u#sha256-0" import f', {}, "sha256 digest must be 64 hex chars"),
        (f'from "u#sha256-{"z" * 64}" import f', {}, "invalid hex in sha256 digest"),
        (
            f'from "m#sha256-{"0" * 64}" import f',
            {"natives": {"m": {"f": abs}}},
            "integrity verification not supported by this host",
        ),
    ],
)  # fmt: skip
def test_messages_of_the_table(source: str, host: dict[str, Any], message: str) -> None:
    assert messages(source, **host) == [message]


def test_no_resolver_at_all() -> None:
    from edge_runtime import check

    (found,) = check("from unknown import f")
    assert found.message == "module 'unknown' not found (no resolver configured)"


@pytest.mark.parametrize(
    ("target", "sources"),
    [
        ("./a.py", A),
        ("./lib/../a.py", A),
        ("/program/a.py", A),
        ("/opt/a.py", {"/opt/a.py": "x = 'a'"}),
        ("https://x.test/a.py?v=1", {"https://x.test/a.py?v=1": "x = 'a'"}),
        ("HTTPS://X.test:443/k/%2e%2e/a.py", {"https://x.test/a.py": "x = 'a'"}),
        ("other", A),
        ("native", {}),
    ],
)
def test_targets_of_an_alias(target: str, sources: dict[str, str]) -> None:
    manifests = {"": {"imports": {"u": target, "other": "./a.py"}}}
    assert (
        output("from u import x\nprint(x)", sources=sources, manifests=manifests, constants={"native": {"x": "a"}})
        == "a\n"
    )


@pytest.mark.parametrize("target", ["", "a b", "../a.py", "./", "ftp://x/a.py", "x#md5-1", "./%00"])
def test_a_bad_target_is_underlined_in_the_manifest(target: str) -> None:
    shown = picture("import u", manifests={"": {"imports": {"u": target}}})
    assert "--> packages.json:1:19" in shown


def test_targets_are_read_against_their_manifest() -> None:
    manifests = {"": {"imports": {"u": "./a.py"}}, "./lib/": {"extends": "..", "imports": {"v": "./a.py"}}}
    sources = {"./a.py": "x = 'root'", "./lib/a.py": "x = 'lib'", "./lib/m.py": "from u import x\nfrom v import x as y"}
    assert output('import "./lib/m.py" as m\nprint(m.x, m.y)', sources=sources, manifests=manifests) == "root lib\n"


def test_an_alias_to_itself_is_the_hosts_module() -> None:
    assert (
        output("import json\nprint(json.x)", sources={"json": "x = 1"}, manifests={"": {"imports": {"json": "json"}}})
        == "1\n"
    )


def test_loops_of_aliases_end() -> None:
    manifests = {"": {"imports": {"a": "b", "b": "c", "c": "a"}}}
    assert messages("import a", manifests=manifests) == ["packages.json walk-up exceeded 32 hops resolving 'a'"]


@pytest.mark.parametrize(("length", "found"), [(31, True), (32, True), (33, False)])
def test_thirty_two_hops(length: int, found: bool) -> None:
    """`length` manifests, each extending the next; the last declares the name."""
    manifests: dict[str, dict[str, Any]] = {f"./p{n}/": {"extends": f"../p{n + 1}"} for n in range(length)}
    manifests[f"./p{length}/"] = {"imports": {"far": "./far.py"}}
    sources = {"./p0/m.py": "from far import x", f"./p{length}/far.py": "x = 1"}
    expected = [] if found else ["packages.json walk-up exceeded 32 hops resolving 'far'"]
    assert messages('import "./p0/m.py" as m', sources=sources, manifests=manifests) == expected


def test_hops_count_parents_and_extends_together() -> None:
    deep = "./" + "d/" * 20
    manifests: dict[str, dict[str, Any]] = {"": {"extends": "p0"}}
    manifests |= {f"./p{n}/": {"extends": f"../p{n + 1}"} for n in range(20)}
    (found,) = messages(f'import "{deep}m.py" as m', sources={f"{deep}m.py": "import far"}, manifests=manifests)
    assert found == "packages.json walk-up exceeded 32 hops resolving 'far'"


def test_packages_are_hermetic() -> None:
    manifests = {"": {"imports": {"u": "./a.py"}}, "./lib/": {}}
    sources = {**A, "./lib/m.py": "import u", "./lib/deep/n.py": "import u"}
    assert messages(
        'import "./lib/m.py" as m\nimport "./lib/deep/n.py" as n', sources=sources, manifests=manifests
    ) == [
        "alias 'u' not declared in './lib/packages.json'",
        "alias 'u' not declared in './lib/packages.json'",
    ]


def test_defaults_never_shadow_a_manifest() -> None:
    host: dict[str, Any] = {"sources": {"json": "x = 'default'", "./mine.py": "x = 'mine'"}}
    text = "from json import x\nprint(x)"
    assert output(text, **host) == "default\n"
    assert output(text, manifests={"": {}}, **host) == "default\n"
    assert output(text, manifests={"": {"imports": {"json": "./mine.py"}}}, **host) == "mine\n"


def test_the_nearest_manifest_decides_even_where_it_is_html() -> None:
    """An HTML page in the place of a manifest is none: the server's 'not found' page."""
    sources = {"./lib/m.py": "from u import x", **A}
    manifests = {"": {"imports": {"u": "./a.py"}}, "./lib/": "<!doctype html>"}
    assert output('from "./lib/m.py" import x\nprint(x)', sources=sources, manifests=manifests) == "a\n"


def test_a_broken_manifest_is_one_problem_and_not_many() -> None:
    manifests = {"": '{"imports": 1}'}
    assert messages("import a\nimport b\nimport c", manifests=manifests) == [
        "packages.json: a number is not allowed in packages.json"
    ]


# -- grants ---------------------------------------------------------------------------------------------------------


HOST: dict[str, Outcome] = {
    "./packages.json": Bytes(b'{"host": {"draw": "./draw.js"}}'),
    "draw": Native(frozenset({"f"})),
}


def test_the_root_manifest_grants() -> None:
    asked: list[Any] = []
    assert built("from draw import f", HOST, asked=asked).diagnostics == ()
    need = next(need for batch in asked for need in batch if need.kind == "host")
    assert (need.spec, need.location, need.remote) == ("draw", "/p/draw.js", False)


@pytest.mark.parametrize("manifest", ["./lib/packages.json", "https://x.test/k/packages.json"])
def test_no_other_manifest_grants(manifest: str) -> None:
    module = manifest.replace("packages.json", "m.py")
    answers: dict[str, Outcome] = {
        module: Bytes(b"from draw import f"),
        manifest: HOST["./packages.json"],
        "draw": HOST["draw"],
    }
    answers["./packages.json"] = Bytes(b"{}")
    (found,) = built(f'import "{module}" as m', answers).diagnostics
    assert found.message == "host package 'draw' is not granted here"
    assert found.note is not None
    assert 'grant="draw"' in found.note
    assert found.spec == module


def test_a_sub_package_that_extends_the_root_has_its_grants() -> None:
    answers: dict[str, Outcome] = {
        **HOST,
        "./lib/m.py": Bytes(b"from draw import f"),
        "./lib/packages.json": Bytes(b'{"extends": ".."}'),
    }
    assert built('import "./lib/m.py" as m', answers).diagnostics == ()


def test_a_program_of_another_origin_grants_itself_nothing() -> None:
    answers: dict[str, Outcome] = {"https://x.test/packages.json": HOST["./packages.json"], "draw": HOST["draw"]}
    (found,) = built("from draw import f", answers, location="https://x.test/app/main.py").diagnostics
    assert found.code == "host-not-granted"
    page = built("from draw import f", answers, location="https://x.test/app/main.py", hosts={"draw": "/draw.js"})
    assert page.diagnostics == ()


def test_the_page_wins_over_the_root_manifest() -> None:
    answers: dict[str, Outcome] = {
        "./packages.json": Bytes(b'{"imports": {"u": "./file.py", "v": "./v.py"}}'),
        "./page.py": Bytes(b"x = 1"),
        "./v.py": Bytes(b"x = 2"),
    }
    result = built("import u, v", answers, imports={"u": "./page.py"})
    assert result.diagnostics == ()
    assert result.program is not None
    assert {module.spec for module in result.program.modules} == {"./main.py", "./page.py", "./v.py"}


def test_a_named_manifest_replaces_the_walk() -> None:
    answers: dict[str, Outcome] = {"./packages.json": Bytes(b"{}"), "./conf/u.py": Bytes(b"x = 1")}
    named = ("/p/conf/packages.json", b'{"imports": {"u": "./u.py"}}')
    assert built("import u", answers, packages=named).diagnostics == ()
    broken = built("import u", answers, packages=("/p/conf/packages.json", b"[]"))
    assert [found.code for found in broken.diagnostics] == ["manifest-not-object"]


def test_a_manifest_that_cannot_be_had_is_said_once() -> None:
    answers: dict[str, Outcome] = {"./packages.json": Failed("HTTP 500")}
    (found,) = built("import a, b", answers).diagnostics
    assert found.message == "cannot load packages.json: HTTP 500"


def test_inline_text_probes_nothing() -> None:
    asked: list[Any] = []
    (found,) = built(
        "import u", {"./packages.json": Bytes(b'{"imports": {"u": "./u.py"}}')}, probe=False, asked=asked
    ).diagnostics
    assert (asked, found.code) == ([], "not-declared")


# -- URL modules ----------------------------------------------------------------------------------------------------


def test_url_modules_walk_up_in_their_own_origin() -> None:
    asked: list[Any] = []
    answers: dict[str, Outcome] = {
        "https://x.test/k/l/m.py": Bytes(b"from u import x"),
        "https://x.test/k/packages.json": Bytes(b'{"imports": {"u": "./u.py"}}'),
        "https://x.test/k/u.py": Bytes(b"x = 1"),
        "./packages.json": Bytes(b'{"imports": {"u": "./wrong.py"}}'),
    }
    assert built('import "https://x.test/k/l/m.py" as m', answers, asked=asked).diagnostics == ()
    manifests = [need.spec for batch in asked for need in batch if need.kind == "manifest" and need.remote]
    assert manifests == [f"https://x.test/{path}packages.json" for path in ("k/l/", "k/", "")]


def test_a_redirect_moves_the_base_and_not_the_identity() -> None:
    text = 'import "https://x.test/latest.py" as m\nprint(m.y, m.__name__)'
    sources = {"https://x.test/latest.py": 'from "./dep.py" import y', "https://cdn.test/v2/dep.py": "y = 2"}
    redirects = {"https://x.test/latest.py": "https://cdn.test/v2/index.py"}
    assert output(text, sources=sources, redirects=redirects) == "2 https://x.test/latest.py\n"


def test_a_redirect_moves_the_walk_up() -> None:
    answers: dict[str, Outcome] = {
        "https://x.test/m.py": Bytes(b"from u import x", "https://cdn.test/v2/m.py"),
        "https://cdn.test/v2/packages.json": Bytes(b'{"imports": {"u": "./u.py"}}', "https://cdn.test/conf/p.json"),
        "https://cdn.test/conf/u.py": Bytes(b"x = 1"),
        "https://x.test/packages.json": Absent(),
    }
    assert built('import "https://x.test/m.py" as m', answers).diagnostics == ()
