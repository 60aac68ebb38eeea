"""What kind of spec a text is, and where it leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_runtime.packages.specs import (
    Spec,
    SpecProblem,
    classify,
    directory_of,
    join,
    join_directory,
    looks_like_domain,
    parent_of,
    tidy_escapes,
    tidy_location,
)

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("utils", "bare", "utils"),
        ("a.b.c", "bare", "a.b.c"),
        ("@scope/x", "bare", "@scope/x"),
        ("x.com/u.py", "bare", "x.com/u.py"),
        ("data:text/python,x", "bare", "data:text/python,x"),
        ("./a.py", "relative", "./a.py"),
        ("../a.py", "relative", "../a.py"),
        ("..", "relative", ".."),
        (".hidden.py", "bare", ".hidden.py"),
        ("/usr/a.py", "absolute", "/usr/a.py"),
        ("//x.test/a.py", "absolute", "//x.test/a.py"),
        ("https://x.test/u.py", "url", "https://x.test/u.py"),
        ("HTTPS://X.Test/U.py", "url", "https://x.test/U.py"),
        ("http://x.test:80/u.py", "url", "http://x.test/u.py"),
        ("https://x.test:443/u.py", "url", "https://x.test/u.py"),
        ("https://x.test:/u.py", "url", "https://x.test/u.py"),
        ("http://x.test:443/u.py", "url", "http://x.test:443/u.py"),
        ("https://x.test:8443/u.py", "url", "https://x.test:8443/u.py"),
        ("https://[::1]:8000/u.py", "url", "https://[::1]:8000/u.py"),
        ("https://[2001:DB8::1]/u.py", "url", "https://[2001:db8::1]/u.py"),
        ("https://x.test", "url", "https://x.test/"),
        ("https://x.test/a/./b/../u.py", "url", "https://x.test/a/u.py"),
        ("https://x.test/a/%2E%2e/u.py", "url", "https://x.test/u.py"),
        ("https://x.test/u.py?v=1&p=../x", "url", "https://x.test/u.py?v=1&p=../x"),
        ("https://x.test/u.py?", "url", "https://x.test/u.py"),
        ("https://x.test/a%2Fb.py", "url", "https://x.test/a%2Fb.py"),
        ("https://x.test/é.py", "url", "https://x.test/é.py"),
        ("https://x.test/a//b.py", "url", "https://x.test/a//b.py"),
    ],
)
def test_kinds(text: str, kind: str, path: str) -> None:
    assert classify(text) == Spec(kind, path, None)
    assert classify(f"{text}#sha256-{HEX.upper()}") == Spec(kind, path, HEX)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "spec-empty"),
        (f"#sha256-{HEX}", "spec-empty"),
        ("a" * 2_049, "spec-too-long"),
        ("./a b.py", "spec-space"),
        (" a", "spec-space"),
        ("./a\n.py", "spec-control"),
        ("./a\t.py", "spec-control"),
        ("./a\u202e.py", "spec-control"),
        ("./a\u00a0.py", "spec-control"),
        (".\\a.py", "spec-backslash"),
        ("https://x.test\\@y/", "spec-backslash"),
        ("file:///etc/passwd", "spec-scheme"),
        ("javascript://x/%0aalert(1)", "spec-scheme"),
        ("blob:https://x.test/1", "spec-scheme"),
        ("./a://b.py", "spec-scheme"),
        ("://x", "spec-scheme"),
        ("https:///u.py", "spec-bad-url"),
        ("https://u@x.test/u.py", "spec-bad-url"),
        ("https://u:p@x.test/u.py", "spec-bad-url"),
        ("https://@x.test/u.py", "spec-bad-url"),
        ("https://x.test:99999/u.py", "spec-bad-url"),
        ("https://x.test:a/u.py", "spec-bad-url"),
        ("https://[::1/u.py", "spec-bad-url"),
        ("https://x.test/../u.py", "above-root"),
        ("https://x.test/a/%2e%2e/.%2E/u.py", "above-root"),
        ("a#", "fragment-unknown"),
        ("a#md5-00", "fragment-unknown"),
        ("a#sha384-00", "fragment-unknown"),
        (f"a#SHA256-{HEX}", "fragment-unknown"),
        ("a#sha256-", "fragment-length"),
        (f"a#sha256-{HEX}0", "fragment-length"),
        (f"a#sha256-{HEX[:-1]}g", "fragment-hex"),
        (f"a#sha256-{HEX[:-1]}٣", "fragment-hex"),
        (f"a#sha256-{HEX}#x", "fragment-length"),
    ],
)
def test_refused(text: str, code: str) -> None:
    found = classify(text)
    assert isinstance(found, SpecProblem)
    assert found.code == code


@pytest.mark.parametrize(
    ("base", "relative", "expected"),
    [
        ("/p/main.py", "./a.py", "/p/a.py"),
        ("/p/lib/a.py", "../b.py", "/p/b.py"),
        ("/p/lib/a.py", "./x/../y/./b.py", "/p/lib/y/b.py"),
        ("/p/main.py", "/usr/a.py", "/usr/a.py"),
        ("/p/main.py", "/p/a.py", "/p/a.py"),
        ("/usr/lib/a.py", "../b.py", "/usr/b.py"),
        ("/p/main.py", "./a.py?v=../x", "/p/a.py?v=../x"),
        ("/p/a.py?v=/x/y", "./b.py", "/p/b.py"),
        ("/p/main.py", "./%61.py", "/p/a.py"),
        ("/p/main.py", "./%C3%A9.py", "/p/é.py"),
        ("/p/main.py", "./a%20b%25.py", "/p/a%20b%25.py"),
        ("/p/main.py", "./%2e/a.py", "/p/a.py"),
        ("https://x.test/k/i.py", "./b.py", "https://x.test/k/b.py"),
        ("https://x.test/k/i.py", "../b.py", "https://x.test/b.py"),
        ("https://x.test/k/i.py", "/b.py", "https://x.test/b.py"),
        ("https://x.test/k/i.py?q=/z/", "./b.py?w", "https://x.test/k/b.py?w"),
        ("https://x.test/k/i.py", "./%C3%A9.py", "https://x.test/k/%C3%A9.py"),
    ],
)
def test_join(base: str, relative: str, expected: str) -> None:
    assert join(base, relative, "/p/") == expected


@pytest.mark.parametrize(
    ("base", "relative", "code"),
    [
        ("/p/main.py", "../a.py", "above-root"),
        ("/p/main.py", "../p/a.py", "above-root"),
        ("/p/lib/a.py", "../../a.py", "above-root"),
        ("/p/main.py", "./%2e%2e/a.py", "above-root"),
        ("/p/main.py", "./x/../../a.py", "above-root"),
        ("/usr/a.py", "../../a.py", "above-root"),
        ("/p/main.py", "/../a.py", "above-root"),
        ("https://x.test/a.py", "../b.py", "above-root"),
        ("https://x.test/k/a.py", "./%2E./../b.py", "above-root"),
        ("/p/main.py", "./", "spec-directory"),
        ("/p/main.py", ".", "spec-directory"),
        ("/p/main.py", "./lib/", "spec-directory"),
        ("/p/main.py", "./lib/?x", "spec-directory"),
        ("/p/main.py", "./lib/..", "spec-directory"),
        ("/p/main.py", "./a%2fb.py", "spec-escape"),
        ("/p/main.py", "./a%5Cb.py", "spec-escape"),
        ("/p/main.py", "./a%00.py", "spec-escape"),
        ("/p/main.py", "./a%e9.py", "spec-escape"),
    ],
)
def test_join_refuses(base: str, relative: str, code: str) -> None:
    found = join(base, relative, "/p/")
    assert isinstance(found, SpecProblem)
    assert found.code == code


def test_a_root_with_escapes_stays_the_root() -> None:
    assert join("/caf%C3%A9/main.py", "./lib/a.py", "/caf%C3%A9/") == "/caf%C3%A9/lib/a.py"
    assert join("/caf%C3%A9/lib/a.py", "../b.py", "/caf%C3%A9/") == "/caf%C3%A9/b.py"
    assert tidy_location("/caf%C3%A9/main.py") == "/café/main.py"
    assert tidy_location("/%ff/main.py") == "/%ff/main.py"
    assert tidy_location("https://x.test/%C3%A9.py") == "https://x.test/%C3%A9.py"


def test_directories() -> None:
    assert join_directory("/p/lib/packages.json", "..", "/p/") == "/p/"
    assert join_directory("/p/packages.json", "./lib/", "/p/") == "/p/lib/"
    assert join_directory("https://x.test/k/packages.json", "..", "/p/") == "https://x.test/"
    assert join_directory("/p/packages.json", "https://X.test/k", "/p/") == "https://x.test/k/"
    above = join_directory("/p/packages.json", "../..", "/p/")
    assert isinstance(above, SpecProblem)
    assert above.fields["spec"] == "../.."
    assert directory_of("https://x.test/k/i.py?a=/b") == "https://x.test/k/"
    assert [parent_of(one) for one in ("/", "/a/", "/a/b/", "https://x.test/", "https://x.test/a/b/")] == [
        None, "/", "/a/", None, "https://x.test/a/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "like"), [("x.com/u.py", True), ("x.test/u.py", False), ("a/b", False), ("x.org:80/u", True)]
)
def test_domains(name: str, like: bool) -> None:
    assert looks_like_domain(name) is like


SEGMENTS = st.lists(
    st.sampled_from(["a", "..", ".", "%2e%2E", "%2e", "b%20c", "é", "%C3%A9", "", "x" * 9]), min_size=1, max_size=8
)


@given(SEGMENTS, SEGMENTS)
def test_no_step_leaves_the_root(base: list[str], relative: list[str]) -> None:
    start = join("/p/main.py", "./" + "/".join([*base, "m.py"]), "/p/")
    if isinstance(start, SpecProblem):
        return
    assert start.startswith("/p/")
    found = join(start, "./" + "/".join([*relative, "m.py"]), "/p/")
    if isinstance(found, str):
        assert found.startswith("/p/")
        assert not {"..", ".", "%2e"} & set(found.lower().split("/"))
        assert tidy_escapes(found) == found


@given(st.text())
def test_any_text_is_a_spec_or_a_problem(text: str) -> None:
    for found in (classify(text), classify(f"https://{text}"), classify(f"https://x.test/{text}")):
        assert isinstance(found, Spec | SpecProblem)
