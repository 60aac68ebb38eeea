"""What a program imports, in Chromium: where names lead, how much is asked for, and every way in which it can be bad.

Takes: real programs on real servers. Holds: browser.md on `imports`, `packages` and failures, and the issue's list of bad
input: each is one exact text with its picture, and nothing of the program runs or is stored. The linker by itself:
tests/unit, tests/programs.
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from bench.graph import make_graph
from tests.support.lab import Lab, picture
from tests.support.site import CORS, Site

pytestmark = pytest.mark.usefixtures("dist")

LIMIT = 1024 * 1024
HTML = "<!doctype html><title>no such page</title>"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# -- where names lead ------------------------------------------------------------------------------------------------


def test_imports_of_the_page(quick: Lab) -> None:
    site, far = quick.site, quick.other
    text = "x = 'checked'\n"
    site.put("/lib/relative.py", "x = 'relative'\n")
    site.put("/absolute.py", "x = 'absolute'\n")
    site.put("/checked.py", text)
    site.put("/app/own.py", "x = 'of the manifest'\n")
    site.put("/app/packages.json", '{"imports": {"relative": "./own.py", "own": "./own.py"}, "extends": "."}')
    far.put("/far.py", distant := "x = 'far'\n", headers=CORS)
    names = ("relative", "absolute", "far", "checked", "sealed", "near", "own")
    source = "".join(f"from {name} import x as {name}\n" for name in names) + f"print({', '.join(names)})\n"
    site.put("/app/main.py", source)
    imports = {
        "relative": "./lib/relative.py",
        "absolute": "/absolute.py",
        "far": f"{far.url}/far.py",
        "checked": f"./checked.py#sha256-{sha256(text)}",
        "sealed": f"{far.url}/far.py#sha256-{sha256(distant)}",
        "near": f"{site.url}/absolute.py",
    }
    quick.start(f"{{ imports: {json.dumps(imports)} }}")
    assert quick.entry("/app/main.py")["out"] == "relative absolute far checked far absolute of the manifest\n"
    # What is written as an address is locked, wherever it leads; a path is a local file.
    assert sorted(quick.lock()) == sorted([f"{far.url}/far.py", f"{site.url}/absolute.py"])
    inline = quick.run("from relative import x\nfrom nothing import y\nprint(x)\n")
    message = "no packages.json above '' declares 'nothing'"
    assert inline["out"] == picture(message, "main.py", 2, "from nothing import y", "nothing")


def test_bytes_that_the_page_did_not_mean(quick: Lab) -> None:
    site, far = quick.site, quick.other
    site.put("/a.py", "x = 1\n")
    url = far.put("/b.py", "x = 2\n", headers=CORS)
    imports = {"a": f"./a.py#sha256-{'0' * 64}", "b": f"{url}#sha256-{'1' * 64}"}
    quick.start(f"{{ imports: {json.dumps(imports)} }}")
    result = quick.run("print('never')\nfrom a import x\nfrom b import x\n")
    failed = "integrity check failed for '{}'\n  expected sha256-{}\n  got      sha256-{}"
    pictures = [
        picture(failed.format("./a.py", "0" * 64, sha256("x = 1\n")), "main.py", 2, "from a import x", "a"),
        picture(failed.format(url, "1" * 64, sha256("x = 2\n")), "main.py", 3, "from b import x", "b"),
    ]
    assert result["out"] == "\n\n".join(pictures)
    assert quick.audit() == NOTHING


def test_the_manifest_that_the_page_names(quick: Lab) -> None:
    site, far = quick.site, quick.other
    site.put("/conf/packages.json", '{"imports": {"a": "./a.py", "up": "../up.py"}}')
    site.put("/conf/a.py", "x = 'a'\n")
    site.put("/up.py", "x = 'up'\n")
    site.put("/app/lib/packages.json", '{"imports": {"a": "./a.py"}}')
    site.put("/app/lib/a.py", "x = 'nearer'\n")
    site.put("/app/lib/b.py", "from a import x\n")
    site.put(
        "/app/main.py", "from a import x\nfrom up import x as y\nfrom './lib/b.py' import x as z\nprint(x, y, z)\n"
    )
    quick.start("{ packages: './conf/packages.json' }")
    assert quick.entry("/app/main.py")["out"] == "a up nearer\n"
    assert quick.run("from a import x\nprint(x)\n")["out"] == "a\n"

    # On another origin it is locked like everything there, and the second visit does not ask for it.
    named = far.put("/conf/packages.json", '{"imports": {"a": "./a.py"}}', headers=CORS)
    far.put("/conf/a.py", "x = 'far'\n", headers=CORS)
    site.put("/app/main.py", "from a import x\nprint(x)\n")
    for asked in (["/conf/a.py", "/conf/packages.json"], []):
        quick.again(f"{{ packages: '{named}' }}")
        assert quick.entry("/app/main.py")["out"] == "far\n"
        assert quick.asked() == (["/app/main.py"], asked)
    far.put("/conf/packages.json", '{"imports": {"a": "./evil.py"}}', headers=CORS)
    quick.evict()
    quick.again(f"{{ packages: '{named}' }}")
    error = quick.entry("/app/main.py")["error"]
    assert error["message"].startswith(f"integrity drift for '{named}'\n  locked: sha256-")


def test_import_origins(quick: Lab, other_site: Site) -> None:
    far = quick.other
    url = far.put("/u.py", f"from '{other_site.url}/v.py' import x\n", headers=CORS)
    other_site.put("/v.py", "x = 1\n", headers=CORS)
    quick.site.put("/w.py", "x = 1\n")
    quick.start(f"{{ importOrigins: ['{far.url}'] }}")
    assert quick.run("from './w.py' import x\nprint(x)\n")["out"] == "1\n"
    far_away = f"'{other_site.url}/v.py'"
    message = f"cannot load module {far_away}: imports from '{other_site.url}' are not allowed here (import-origins)"
    note = f"    = note: imported by main.py -> {url}"
    out = quick.run(f"from '{url}' import x\n")["out"]
    assert out == picture(message, url, 1, f"from {far_away} import x", far_away, note)
    assert other_site.paths() == []


# -- how much is asked for -------------------------------------------------------------------------------------------

RECORD_BATCHES = """(() => {
  const real = window.Worker;
  window.batches = [];
  window.Worker = class extends real {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'needs') window.batches.push(data.needs.map(({ kind }) => kind));
      });
    }
  };
})()"""


def test_a_thousand_modules(quick: Lab) -> None:
    """In a graph of twelve levels: at most one round trip a level, and one for its manifests."""
    graph = make_graph()
    for path, text in graph.files.items():
        quick.site.put(f"/graph/{path}", text)
    quick.again(script=RECORD_BATCHES)
    result = quick.entry("/graph/main.py")
    assert result["error"] is None
    assert result["out"] == graph.output
    batches = quick.evaluate("batches")
    kinds = [kind for batch in batches for kind in batch]
    assert (kinds.count("module"), kinds.count("manifest")) == (graph.modules, 2 + 20)
    # One to find the root, one a level, and one more where the twenty manifests are met.
    assert len(batches) <= 1 + 12 + 1
    near, _ = quick.asked()
    assert len(near) == len(set(near)), "each is asked for once"
    assert len([path for path in near if path.endswith(".py")]) == 1_001
    # Again, warm: nothing is asked of a server, and the output is the same.
    quick.clear()
    assert quick.entry("/graph/main.py")["out"] == graph.output
    assert quick.asked() == ([], [])
    assert quick.audit()["wrong"] == []


def test_a_walk_up_is_one_round_trip(quick: Lab) -> None:
    site = quick.site
    site.put("/app/main.py", "from './a/b/c/d/e/deep.py' import x\nprint(x)\n")
    site.put("/app/a/b/c/d/e/deep.py", "from far import x\n")
    site.put("/app/packages.json", '{"imports": {"far": "./far.py"}}')
    site.put("/app/far.py", "x = 'far'\n")
    quick.again(script=RECORD_BATCHES)
    assert quick.entry("/app/main.py")["out"] == "far\n"
    assert quick.evaluate("batches") == [["manifest"] * 2, ["module"], ["manifest"] * 5, ["module"]]


def test_a_shared_module_is_fetched_once_and_an_unused_name_never(quick: Lab) -> None:
    site, far = quick.site, quick.other
    url = far.put("/shared.py", "print('initialised')\nx = []\n", headers=CORS)
    for name in "abc":
        site.put(f"/app/{name}.py", f"from '{url}' import x\nfrom './one.py' import y\nx.append('{name}')\n")
    site.put("/app/one.py", "y = 1\n")
    site.put(
        "/app/main.py",
        f"import './a.py' as a\nimport './b.py' as b\nimport './c.py' as c\nfrom '{url}' import x\nprint(x)\n",
    )
    site.put("/app/packages.json", json.dumps({"imports": {"unused": "./unused.py", "far": f"{far.url}/unused.py"}}))
    quick.start()
    assert quick.entry("/app/main.py")["out"] == "initialised\n['a', 'b', 'c']\n"
    near, asked = quick.asked()
    assert near == [f"/app/{name}" for name in ("a.py", "b.py", "c.py", "main.py", "one.py", "packages.json")] + [
        "/packages.json"
    ]
    assert asked == ["/shared.py"]


# -- bad input -------------------------------------------------------------------------------------------------------

NOTHING = {"programs": {}, "blobs": 0, "wrong": []}
WEB_PAGE = "the server answered with a web page: its 'not found' page, or a page to sign in; check the address"

# Each puts one bad module and says what must be said of it: the message, and what stands under the import's picture.
BAD_MODULES: dict[str, tuple[Callable[[Site, str], str], str, str]] = {
    "not UTF-8": (
        lambda site, path: site.put(path, b"x = 1\ny = 'caf\xe9'\n", headers=CORS),
        "module '{spec}' parse error",
        "error: module '{spec}' is not UTF-8: byte 0xe9\n   --> {shown}:2:9\n    |\n  2 | y = 'caf\ufffd'\n    |         ^",
    ),
    "a syntax error": (
        lambda site, path: site.put(path, "x = 1\ny = = 2\n", headers=CORS),
        "module '{spec}' parse error",
        "error: invalid syntax\n   --> {shown}:2:5\n    |\n  2 | y = = 2\n    |     ^",
    ),
    "one byte over the limit": (
        lambda site, path: site.put(path, b"#" * (LIMIT + 1), headers=CORS),
        "module '{spec}' is too large: more than 1048576 bytes",
        "",
    ),
    "far over the limit": (
        lambda site, path: site.put(path, b"#" * (8 * LIMIT), headers=CORS),
        "module '{spec}' is too large: more than 1048576 bytes",
        "",
    ),
    "an HTML page": (
        lambda site, path: site.put(path, HTML, headers=CORS),
        "module '{spec}' is an HTML page, not Python",
        f"    = note: {WEB_PAGE}",
    ),
    "404": (lambda site, path: site.url + path, "module '{spec}' not found", ""),
    "500": (
        lambda site, path: site.put(path, "x = 1\n", status=500, headers=CORS),
        "cannot load module '{spec}': the server answered 500",
        "",
    ),
    "a truncated body": (
        lambda site, path: site.put(path, "x = 1\n" * 1_000, truncate=True, headers=CORS),
        "cannot load module '{spec}': the connection broke before the end of the file",
        "",
    ),
}


@pytest.mark.parametrize("how", BAD_MODULES)
def test_bad_modules(quick: Lab, how: str) -> None:
    put, message, under = BAD_MODULES[how]
    quick.start()
    for site in (quick.site, quick.other):
        url = put(site, "/m/bad.py")
        spec = "./m/bad.py" if site is quick.site else url
        good = site.put("/m/good.py", "print('never')\nx = 1\n", headers=CORS)
        names = {"spec": spec, "shown": spec.removeprefix("./")}
        line = f'from "{spec}" import x'
        expected = picture(message, "main.py", 2, line, f'"{spec}"', *([under] if under else []))
        result = quick.run(f'from "{good}" import x\nfrom "{spec}" import x\nprint("never")\n')
        assert result["out"] == expected.format(**names)
        assert (result["ok"], result["exitCode"], result["error"]["type"]) == (False, 2, "CompileError")
    assert quick.audit() == NOTHING


def test_sources_at_the_limit_are_taken(quick: Lab) -> None:
    quick.site.put("/m/fits.py", b"x = 1\n" + b"#" * (LIMIT - 6))
    quick.site.put("/m/bom.py", b"\xef\xbb\xbfy = 'caf\xc3\xa9'\r\n")
    quick.start()
    assert quick.run("from './m/fits.py' import x\nfrom './m/bom.py' import y\nprint(x, y)\n")["out"] == "1 café\n"


def test_a_refusal_by_cors_and_a_server_that_is_not_there(quick: Lab) -> None:
    closed = quick.other.put("/closed.py", "x = 1\n")
    gone = "http://127.0.0.1:9/x.py"  # the discard port, which browsers and servers leave alone
    quick.start()
    for url in (closed, gone):
        origin = url.rpartition("/")[0]
        out = quick.run(f"print('never')\nfrom '{url}' import x\n")["out"]
        message = f"cannot load module '{url}': the request was blocked or the server could not be reached"
        cors = f"'{origin}' is another origin, so its server has to send the header 'Access-Control-Allow-Origin: *'"
        assert out == picture(message, "main.py", 2, f"from '{url}' import x", f"'{url}'", f"    = help: {cors}")
    assert quick.audit() == NOTHING


def test_no_answer_within_30_seconds(quick: Lab) -> None:
    url = quick.other.put("/slow.py", "x = 1\n", headers=CORS, delay=3_600)
    quick.page.close()
    quick.page = quick.context.new_page()
    quick.page.clock.install()
    quick.page.goto(quick.home)
    quick.page.wait_for_function("window.ready")
    quick.start()
    quick.evaluate(f"() => {{ window.result = w.run(`print('never')\\nfrom '{url}' import x`); }}")
    while not quick.other.paths():
        quick.page.wait_for_timeout(20)
    quick.page.clock.fast_forward(29_000)
    early = "Promise.race([result, new Promise((resolve) => requestAnimationFrame(() => resolve('still waiting')))])"
    assert quick.evaluate(early) == "still waiting"
    quick.page.clock.fast_forward(1_500)
    message = f"cannot load module '{url}': no answer within 30 s"
    expected = picture(message, "main.py", 2, f"from '{url}' import x", f"'{url}'")
    assert quick.evaluate("result")["out"] == expected


def test_every_failure_at_once_with_the_chain_that_asked(quick: Lab) -> None:
    site = quick.site
    site.put("/app/main.py", "from './a.py' import x\nfrom './none1.py' import y\nprint('never')\n")
    site.put("/app/a.py", "from './b.py' import x\nimport './none2.py' as n\n")
    site.put("/app/b.py", "from './none3.py' import x\n")
    quick.start()
    result = quick.entry("/app/main.py")
    note = "    = note: imported by main.py -> "
    one, two, three = (
        "module './none1.py' not found",
        "module './none2.py' not found",
        "module './none3.py' not found",
    )
    pictures = [
        picture(one, "main.py", 2, "from './none1.py' import y", "'./none1.py'"),
        picture(two, "a.py", 2, "import './none2.py' as n", "'./none2.py'", f"{note}a.py"),
        picture(three, "b.py", 1, "from './none3.py' import x", "'./none3.py'", f"{note}a.py -> b.py"),
    ]
    assert result["out"] == "\n\n".join(pictures)


BAD_SPECS = {
    "./a b.py": ("a module spec cannot contain a space", "write %20 for a space in an address"),
    "https://x.test/a b.py": ("a module spec cannot contain a space", "write %20 for a space in an address"),
    "./a#b.py": ("unrecognized integrity fragment 'b.py'", "only #sha256-<64 hex digits> may follow a spec"),
    "./a.py#md5-0": ("unrecognized integrity fragment 'md5-0'", "only #sha256-<64 hex digits> may follow a spec"),
    "./a.py#sha256-0": ("sha256 digest must be 64 hex chars", None),
    "./a.py#sha256-" + "g" * 64: ("invalid hex in sha256 digest", None),
    "./%2e%2e/x.py": ("'./%2e%2e/x.py' leads above the root of the program", None),
    "./%2E./x.py": ("'./%2E./x.py' leads above the root of the program", None),
    "../x.py": ("'../x.py' leads above the root of the program", None),
    "https://x.test/%2e%2e/x.py": ("'https://x.test/%2e%2e/x.py' leads above the root of https://x.test/", None),
    "./a%2fb.py": ("a module path cannot contain the escape '%2F'", None),
    "./a\\nb.py": ("a module spec cannot contain the control character 'U+000A'", None),
    "https://x.test/\\n": ("a module spec cannot contain the control character 'U+000A'", None),
    "./a\\\\b.py": ("a module spec cannot contain a backslash", "write / between the parts of a path, on every system"),
    "": ("a module spec cannot be empty", None),
    "./": ("'./' names a directory, not a module", "name the file in it"),
    "ftp://x.test/y.py": ("cannot import from ftp: addresses; only http and https", None),
    "javascript://x": ("cannot import from javascript: addresses; only http and https", None),
    "https://u:p@x.test/a.py": (
        "'https://u:p@x.test/a.py' is not a valid address: a name or password does not belong in it",
        None,
    ),
    "https://": ("'https://' is not a valid address: it has no host", None),
}


def test_bad_specs(quick: Lab) -> None:
    quick.start()
    for spec, (message, fix) in BAD_SPECS.items():
        result = quick.run(f'print("never")\nfrom "{spec}" import x\n')
        under = [f"    = help: {fix}"] if fix else []
        assert result["out"] == picture(message, "main.py", 2, f'from "{spec}" import x', f'"{spec}"', *under)
    for spec in ("./" + "a" * 10_000 + ".py", "https://x.test/" + "a" * 10_000):
        result = quick.run(f'print("never")\nfrom "{spec}" import x\n')
        message = f"error: a module spec has at most 2048 characters; this one has {len(spec)}\n   --> main.py:2:6\n"
        assert re.fullmatch(
            re.escape(message) + r"    \|\n  2 \| from \".{100,240}…\n    \|      \^{100,240}", result["out"]
        )
    assert quick.asked() == ([], [])
    assert quick.audit() == NOTHING


# Of each: the manifest's text, the message, where, and what is marked.
BAD_MANIFESTS: dict[str, tuple[str | bytes, str, int, int]] = {
    "an array": ("[]", "{file}: the top level must be an object", 1, 2),
    "a number": ('{"imports": {"a": 1}}', "{file}: a number is not allowed in packages.json", 19, 1),
    "true": ('{"x": {"y": true}}', "{file}: true or false is not allowed in packages.json", 13, 4),
    "null": ('{"imports": null}', "{file}: null is not allowed in packages.json", 13, 4),
    "a duplicate key": ('{"imports": {"a": "./a.py", "a": "./b.py"}}', "{file}: the key 'a' is there twice", 29, 3),
    "a trailing comma": (
        '{"imports": {"a": "./a.py",}}',
        "{file}: a comma before the closing '}}' is not allowed",
        27,
        1,
    ),
    "an escape": (
        '{"imports": {"\\u0061": "./a.py"}}',
        "{file}: the escape '\\u0061' is not allowed; paste the character itself (UTF-8)",
        15,
        6,
    ),
    "no JSON": ("imports: a", "{file}: unexpected character 'i'", 1, 1),
    "imports as text": ('{"imports": "./a.py"}', "{file}: 'imports' must be an object of strings", 13, 8),
    "extends as object": ('{"extends": {}}', "{file}: 'extends' must be a string, the path of a directory", 13, 2),
    "not UTF-8": (b'{"imports": {"a": "\xe9"}}', "module '{spec}' is not UTF-8: byte 0xe9", 20, 1),
    "a bad target": ('{"imports": {"a": "./a b.py"}}', "a module spec cannot contain a space", 19, 10),
}


def test_bad_manifests(quick: Lab) -> None:
    """As the root manifest, a sub-package's, a URL module's, and the one that the page names."""
    site, far = quick.site, quick.other
    for how, (text, message, column, width) in BAD_MANIFESTS.items():
        quick.start()
        base = f"/{how.replace(' ', '-')}"
        data = text if isinstance(text, bytes) else text.encode()
        line = data.decode("utf-8", "replace")
        uses = "print('never')\nfrom a import x\n"
        for place in (site, far):
            place.put(f"{base}/packages.json", data, headers=CORS)
            place.put(f"{base}/u.py", uses, headers=CORS)
        site.put(f"{base}/main.py", uses)
        runs = {
            "packages.json": quick.entry(f"{base}/main.py"),
            f"{base[1:]}/packages.json": quick.run(f"from '.{base}/u.py' import x\n"),
            f"{far.url}{base}/packages.json": quick.run(f"from '{far.url}{base}/u.py' import x\n"),
        }
        quick.start(f"{{ packages: '.{base}/packages.json' }}")
        named = quick.run("print('never')\nfrom a import x\n")
        for shown, result in [*runs.items(), (f"{base[1:]}/packages.json", named)]:
            spec = shown if "://" in shown else f"./{shown}"
            fix = "\n    = help: write %20 for a space in an address" if "space" in message else ""
            said = message.format(file=shown, spec=spec)
            place_ = f"   --> {shown}:1:{column}\n    |\n  1 | {line}\n    | {' ' * (column - 1)}{'^' * width}{fix}"
            assert result["out"] == f"error: {said}\n{place_}", (how, shown)
            assert (result["ok"], result["exitCode"]) == (False, 2)
    assert quick.audit() == NOTHING


def test_manifests_that_are_not_there(quick: Lab) -> None:
    """404 and a web page count as absent; what cannot be asked for is an error."""
    quick.site.put("/app/main.py", "from './lib/a.py' import x\nprint(x)\n")
    quick.site.put("/app/packages.json", '{"imports": {"b": "./b.py"}}')
    quick.site.put("/app/b.py", "x = 'b'\n")
    quick.site.put("/app/lib/a.py", "from b import x\n")
    quick.site.put("/app/lib/packages.json", HTML, "text/html")
    quick.start()
    assert quick.entry("/app/main.py")["out"] == "b\n"
    quick.site.put("/app/lib/packages.json", "{}", status=503)
    quick.evaluate("w.reset()")
    result = quick.entry("/app/main.py")
    assert result["out"] == "error: cannot load lib/packages.json: the server answered 503"
    assert result["exitCode"] == 2


def test_entries_that_cannot_be_had(quick: Lab) -> None:
    site, far = quick.site, quick.other
    site.put("/bad/html.py", HTML)
    site.put("/bad/500.py", "1", status=500)
    site.put("/bad/latin.py", b"print('never')\n# caf\xe9\n")
    site.put("/bad/big.py", b"#" * (LIMIT + 1))
    site.put("/bad/half.py", "#" * 4_000, truncate=True)
    site.put("/bad/syntax.py", "print('never')\nx = = 1\n")
    closed = far.put("/closed.py", "1")
    blocked = (
        f"cannot load the program '{closed}': the request was blocked or the server could not be reached\n    = help: "
    )
    blocked += f"'{far.url}' is another origin, so its server has to send the header 'Access-Control-Allow-Origin: *'"
    cases = {
        "/bad/none.py": "cannot load the program '/bad/none.py': it is not there (the server answered 404)",
        "/bad/500.py": "cannot load the program '/bad/500.py': the server answered 500",
        "/bad/half.py": "cannot load the program '/bad/half.py': the connection broke before the end of the file",
        closed: blocked,
        "/bad/html.py": f"module './html.py' is an HTML page, not Python\n    = note: {WEB_PAGE}",
        "/bad/big.py": "module './big.py' is too large: more than 1048576 bytes",
        "/bad/latin.py": picture("module './latin.py' is not UTF-8: byte 0xe9", "latin.py", 2, "# caf\ufffd", "\ufffd")[
            7:
        ],
        "/bad/syntax.py": "invalid syntax\n   --> syntax.py:2:5\n    |\n  2 | x = = 1\n    |     ^",
    }
    quick.start()
    for entry, text in cases.items():
        result = quick.entry(entry)
        assert result["out"] == f"error: {text}"
        assert (result["ok"], result["exitCode"], result["error"]["type"]) == (False, 2, "CompileError")
        assert len(result["error"]["diagnostics"]) == 1
    for packages, reason in {
        "/none.json": "it is not there (the server answered 404, or with a web page)",
        "/bad/html.py": "it is not there (the server answered 404, or with a web page)",
        "/bad/500.py": "the server answered 500",
    }.items():
        quick.start(f"{{ packages: '{packages}' }}")
        message = f"cannot load the manifest '{site.url}{packages}': {reason}"
        assert quick.run("print('never')\n")["out"] == f"error: {message}"
        assert quick.evaluate("w.check('1').then((found) => found.map(({ message }) => message))") == [message]
    assert quick.audit() == NOTHING


def test_a_name_in_the_request_is_as_it_is_on_disk(quick: Lab) -> None:
    """Percent-escapes and other scripts name one file, however they are written."""
    site = quick.site
    path = PurePosixPath("/app/naïve 100%.py")
    site.put("/app/na%C3%AFve%20100%25.py", "print('initialised')\nx = __name__\n")
    site.put(
        "/app/main.py",
        'from "./naïve%20100%25.py" import x\nfrom "./na%C3%AFve%20100%25.py" import x as y\nprint(x, x == y)\n',
    )
    quick.start()
    assert (
        quick.entry("/app/main.py")["out"]
        == f"initialised\n./{path.name.replace(' ', '%20').replace('100%', '100%25')} True\n"
    )
    site.put("/ü/mäin.py", "from './lib.py' import x\nprint(x)\n1/0\n")
    site.put("/ü/lib.py", "x = 'lib'\n")
    result = quick.entry("/%C3%BC/mäin.py")
    assert result["out"].startswith("lib\nerror: ZeroDivisionError: division by zero\n   --> mäin.py:3:1 in <module>\n")
