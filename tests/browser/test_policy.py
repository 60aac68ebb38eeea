"""Pages whose Content-Security-Policy the engine cannot live with: said in words, never a start that hangs."""

import pytest
from playwright.sync_api import Page

from tests.support.site import Site

START = """async () => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  return createWorker().then(() => 'started', (error) => error.message);
}"""


@pytest.mark.usefixtures("dist")
def test_a_policy_without_webassembly_is_named(site: Site, page: Page) -> None:
    policy = "default-src 'none'; script-src 'self' blob: 'unsafe-inline'; worker-src blob:; connect-src 'self'"
    headers = {"Content-Security-Policy": policy}
    site.put("/strict.html", "<!doctype html><title>x</title>", content_type="text/html", headers=headers)
    page.goto(f"{site.url}/strict.html")
    assert "forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src" in page.evaluate(START)
    site.put("/open.html", "<!doctype html><title>x</title>", content_type="text/html")
    page.goto(f"{site.url}/open.html")
    assert page.evaluate(START) == "started"
