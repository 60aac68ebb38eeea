"""Every attack of `families/` in Chromium, on the Python that pages have; plain CPython is the same Python under Node.

Takes: `dist/` as a page loads it, with this tree's package; into its archive goes one line more, which hides the secret in the
engine's own Python. Holds: issue 4, "Must hold": none gets through on 3.14 in Chromium.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.guard.cases import FAMILIES, read_all
from tests.guard.oracle import LIB
from tests.guard.verdicts import Answers, Verdict, hold, judge, play_in
from tests.support.lab import Lab
from tests.support.pyodides import RunIn
from tests.support.site import JSON, PYTHON, ROOT, Site, built

pytestmark = pytest.mark.usefixtures("dist")

NEWEST = (3, 14)
SECRET = "prize-in-the-page"  # noqa: S105 - nobody's password
PLANTED = f"""
import pathlib, sys, types
sys.modules["secret"] = types.ModuleType("secret")
sys.modules["secret"].TOKEN = {SECRET!r}
pathlib.Path("secret.txt").write_text({SECRET!r})
sys.float_repr_style = "planted"
"""
# The module `host`, as a page would offer it: the same names, with the page's own objects behind them.
OPTIONS = f"""{{ limits: {{ timeout: 20 }}, imports: {{ lib: './lib.py' }}, mainThreadModules: {{ host: () => {{
  const vault = {{ token: '{SECRET}' }};
  const kept = [];
  return {{
    apply: (f, ...given) => (typeof f === 'function' ? f(...given) : f),
    each: (f, values) => values.map((value) => (typeof f === 'function' ? f(value) : value)),
    open_vault: (name) => vault[name].missing.token,
    look_up: (name) => vault[name].token.length,
    fail: () => {{ throw new Error('no', {{ cause: vault }}); }},
    describe: (value) => String(value).slice(0, 5),
    order: (values) => [...values].sort(),
    echo: (value) => value,
    remember: (value) => kept.push(value),
  }};
}} }} }}"""
IS_PLANTED = "import sys\nprint(sys.float_repr_style)\n"


@pytest.fixture(scope="module")
def prison(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Lab]:
    """A page with a worker whose engine has the secret."""
    with Site() as site, Site() as other:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted((ROOT / "edge_runtime").rglob("*.py")):
                text = path.read_text("utf-8")
                name = path.relative_to(ROOT).as_posix()
                packed.writestr(name, text + (PLANTED if name == "edge_runtime/__init__.py" else ""))
        body = archive.getvalue()
        manifest = json.loads((built(ROOT / "dist") / "runtime" / "manifest.json").read_text("utf-8"))
        digest = hashlib.sha256(body).hexdigest()
        manifest["files"]["edge_runtime.zip"] = {"bytes": len(body), "sha256": digest}
        site.put("/dist/runtime/edge_runtime.zip", body, "application/zip")
        site.put("/dist/runtime/manifest.json", json.dumps({**manifest, "build": digest, "snapshot": False}), JSON)
        # In a snapshot the package is imported already, without the secret.
        site.put("/dist/page/build.js", "export const RUNTIME = null;", "text/javascript")
        site.put("/lib.py", LIB, PYTHON)
        context = browser.new_context(**browser_context_args)
        try:
            lab = Lab(context, site, other)
            lab.start(OPTIONS)
            yield lab
        finally:
            context.close()


@pytest.fixture(scope="module")
def verdicts(prison: Lab, run_apart: RunIn) -> list[Verdict]:
    """What became of the cases."""

    def play(how: str, cases: list[dict[str, Any]], secret: str) -> Answers:
        return (
            [_guarded(prison, case) for case in cases]
            if how == "guarded"
            else play_in(run_apart, "3.14")(how, cases, secret)
        )

    return judge([case for case in read_all() if case.fits(NEWEST) and not case.alone], play, SECRET)


def _guarded(prison: Lab, case: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for number, program in enumerate(case["programs"]):
        if isinstance(program, str):
            result = prison.run(program)
        else:
            where = prison.site.put(f"/odd{number}/main.py", _bytes(program), PYTHON)
            result = prison.entry(where)
        error = result["error"]
        answer = {
            "out": result["out"] + "\n" + json.dumps(error, ensure_ascii=False).replace("\\n", "\n"),
            "ended": "" if error is None else f"{error['type']}: {error['message']}",
            "codes": [one["code"] for one in (error or {}).get("diagnostics", ())],
        }
    return answer


def _bytes(program: list[str]) -> bytes:
    return base64.b64decode(program[0])


def test_the_engine_has_the_secret(prison: Lab) -> None:
    """Or no case could win."""
    assert prison.run(IS_PLANTED)["out"] == "planted\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_of_a_family_gets_through(family: str, verdicts: list[Verdict]) -> None:
    hold([one for one in verdicts if one.case.family == family])


def test_no_source_kills_the_engine(prison: Lab) -> None:
    for case in (case for case in read_all() if case.kills):
        answer = _guarded(prison, case.as_data())
        assert answer["codes"] == ["too-deep"], case
    assert prison.run(IS_PLANTED)["out"] == "planted\n"
