"""Every fixture program through `createWorker` in Chromium; one page and one worker for all of them.

The program's files are served by a site. URL modules keep their address, so that pictures stay byte for byte the same:
the browser's requests to https://x.test are answered by Playwright, with CORS headers as another origin needs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.programs import ORIGIN, Program, load_all
from tests.support.site import CORS, Site
from tools.serve import content_type

PROGRAMS = load_all()
START = """async () => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  window.worker = await createWorker({ isolation: 'worker' });
}"""
RUN = """async ([url, input]) => {
  const result = await window.worker.runEntry(url, { input });
  return { ok: result.ok, out: result.out, rendered: result.error?.rendered ?? null, exitCode: result.exitCode };
}"""


@pytest.fixture(scope="module")
def programs_site() -> Iterator[Site]:
    """All programs, each in a directory of its own."""
    with Site() as site:
        site.put("/index.html", "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>", "text/html")
        for program in PROGRAMS:
            for path, text in program.files.items():
                site.put(f"/p/{program.name}/{path}", text, content_type(path))
        yield site
    assert not site.failures, site.failures


@pytest.fixture(scope="module")
def worker_page(
    browser: Browser, browser_context_args: dict[str, Any], dist: Path, programs_site: Site
) -> Iterator[Page]:
    """A page whose worker has started."""
    assert dist.is_dir()
    context = browser.new_context(**browser_context_args)
    context.route(f"{ORIGIN}/**", _answer)
    errors: list[str] = []
    context.on("weberror", lambda event: errors.append(event.error.stack or event.error.message))
    page = context.new_page()
    page.goto(f"{programs_site.url}/index.html")
    page.evaluate(START)
    yield page
    context.close()
    assert not errors, "uncaught errors in the page:\n" + "\n".join(errors)


def _answer(route: Route) -> None:
    url = unquote(route.request.url)
    text = next((program.urls[url] for program in PROGRAMS if url in program.urls), None)
    if text is None:
        route.fulfill(status=404, headers=CORS, body="not here\n")
    else:
        route.fulfill(status=200, headers={**CORS, "Content-Type": content_type(url)}, body=text)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_program(program: Program, worker_page: Page, programs_site: Site) -> None:
    url = f"{programs_site.url}/p/{quote(program.name)}/main.py"
    result = worker_page.evaluate(RUN, [url, list(program.input)])
    assert result["rendered"] == program.error
    expected = program.output if program.error is None else f"{program.output}{program.error}"
    # Why: whether the picture in `out` ends its line is not fixed.
    assert result["out"].removesuffix("\n") == expected.removesuffix("\n")
    assert result["exitCode"] == program.exit_code
    assert result["ok"] == (program.error is None and program.exit_code == 0)
