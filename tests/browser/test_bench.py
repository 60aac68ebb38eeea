"""What the benchmarks rest on. In the page of `bench/speed.py` a rival's program that takes too long is broken off, and the next
one has a fresh worker. A visit of `bench/visits.py` ends with what the page reports, or with what is wrong; nothing is left.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bench import visits
from bench.speed import FOLDER, RUN, START
from bench.visits import HEAD, VisitError, Visits
from tests.support.site import Site

LONG = 60_000
# One page at a time has the lock: it waits for the one before to be gone.
COUNT = """>
await new Promise((held) => navigator.locks.request('page', () => { held(); return new Promise(() => {}); }));
localStorage.count = `${localStorage.count ?? ''}1`;
report([localStorage.count, !!opener]);
"""
# What it does is the text of its program. It counts its programs, which shows who has run some before.
RIVAL = """
let count = 0;
onmessage = ({ data: { files } }) => {
  count += 1;
  postMessage({ began: true });
  const out = new Function(files['main.py'])();
  postMessage({ ms: 1, out: `${out} ${count}`, error: null });
};
postMessage({ version: 'a rival' });
"""


@pytest.mark.page_errors_expected("a rival's worker that dies is told as its answer")
def test_what_takes_too_long_is_broken_off(page: Page, site: Site) -> None:
    site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
    site.put("/bench/runners.js", (FOLDER / "rivals" / "runners.js").read_text("utf-8"), "text/javascript")
    site.put("/bench/rival.js", RIVAL, "text/javascript")
    page.goto(f"{site.url}/index.html")
    page.evaluate(START, ["rival", {}])

    def ran(program: str, most: float = LONG) -> dict[str, Any]:
        found: dict[str, Any] = page.evaluate(RUN, ["rival", {"files": {"main.py": program}, "entry": ""}, most])
        return found

    assert ran("return 'fine'") == {"ms": 1, "out": "fine 1", "error": None, "late": False}
    late = ran("for (;;);", most=100)
    assert (late["ms"], late["late"]) == (100, True)
    assert ran("return 'fine'")["out"] == "fine 1", "the worker that was broken off has run it"
    assert "no luck" in ran("throw new Error('no luck')")["error"]
    assert ran("return 'fine'")["out"] == "fine 1", "the worker that died has run it"


def test_a_visit_ends_with_what_the_page_says(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def page(name: str, script: str) -> str:
        return site.put(f"/{name}.html", f"{HEAD}<script type=module{script}</script>", "text/html; charset=utf-8")

    count = page("count", COUNT)
    away = page("away", " src=/away.js>")
    silent = page("silent", ">")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for pause in ("REST", "WINDOW", "AFTER"):
        monkeypatch.setattr(visits, pause, 0)
    with Visits(site, patience=40) as browser:
        assert isinstance(browser.process.args, list)
        assert not [option for option in browser.process.args if "debugging" in option]
        assert browser.visit(count) == ["1", False], "the profile is not new"
        assert browser.visit(count) == ["11", False], "the profile is not the same"
        for address, why in (
            (page("broken", ">throw new Error('no luck')"), "Uncaught Error: no luck"),
            (page("rejected", ">Promise.reject(new Error('no chance'))"), "Error: no chance"),
            (away, f"{site.url}/away.js did not load"),
        ):
            with pytest.raises(VisitError, match=f"^{address} failed: {why}$"):
                browser.visit(address)
        browser.patience = 0
        with pytest.raises(VisitError, match=f"^{silent} did not report within 0 s$"):
            browser.visit(silent)
        assert browser.process.poll() is None
    assert browser.process.poll() is not None
    assert not list(tmp_path.iterdir()), "the profile is left"


def test_a_browser_that_does_not_come_is_told(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    browser = tmp_path / "browser"
    monkeypatch.setenv("CHROMIUM", str(browser))
    for program, why in (
        (
            "#!/bin/sh\necho some >&2\necho 'no display' >&2\nexit 1\n",
            "the browser ended before .*/visits.html had reported: no display",
        ),
        ("#!/nowhere/sh\n", f"{browser} does not start: No such file or directory"),
    ):
        browser.write_text(program, "utf-8")
        browser.chmod(0o755)
        with pytest.raises(VisitError, match=f"^{why}$"):
            Visits(site)
        assert list(tmp_path.iterdir()) == [browser], "the profile is left"
