"""The page of `bench/speed.py`: a rival's program that takes too long is broken off, and the next one has a fresh worker."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from bench.speed import FOLDER, RUN, START
from tests.support.site import Site

LONG = 60_000
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
