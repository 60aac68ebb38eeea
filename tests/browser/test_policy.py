"""Pages with policies of their own: the cell starts where it can be had at all, and else the page's author reads what to add.

Takes: pages whose headers forbid this and that. Holds: page-authors.md, "Content Security Policy". No test may end with less
than was asked for: each that starts says where its engine is.
"""

import re

import pytest
from playwright.sync_api import Page, Route

from tests.support.site import CORS, DIGEST, Site

pytestmark = pytest.mark.usefixtures("dist")

# What `createWorker` gives: what the program printed (it waits, for that is JSPI's work) and the isolation; else the error.
START = """async (options) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  try {
    const worker = await createWorker(options);
    const { out } = await worker.run('print(input())', { input: ['hello'] });
    worker.dispose();
    return [worker.isolation, out];
  } catch (error) { return error.message; }
}"""
STARTED = ["strict", "hello\n"]
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin"}
SMALLEST = "default-src 'none'; script-src 'self'; connect-src 'self'"

# By the page's policy: where the text of the frame may not run, its file takes its place.
GOOD = {
    "no policy": "",
    "the smallest": f"{SMALLEST}; frame-src 'self'",
    "no WebAssembly on the page": f"{SMALLEST}; script-src-elem 'self' 'unsafe-inline' blob:; worker-src blob:; frame-src 'self'",
    "no workers": "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'",
    "no scripts from Blobs": "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:",
    "Trusted Types": "require-trusted-types-for 'script'; trusted-types 'none'",
    "no frames": "script-src 'self' blob: 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; frame-src 'none'",
}


def open_page(site: Site, page: Page, **headers: str) -> None:
    site.put("/page.html", "<!doctype html><title>x</title>", content_type="text/html", headers=headers)
    page.goto(f"{site.url}/page.html")


@pytest.mark.parametrize("policy", GOOD.values(), ids=GOOD)
def test_policies_under_which_the_cell_starts(site: Site, page: Page, policy: str) -> None:
    open_page(site, page, **({"Content-Security-Policy": policy} if policy else {}))
    assert page.evaluate(START, {}) == STARTED
    if "frame-src 'self'" in policy:
        assert page.evaluate(START, {}) == STARTED, "and again, with what the page has learnt"


@pytest.mark.parametrize("embedder", ["require-corp", "credentialless"])
def test_a_page_that_is_cross_origin_isolated(site: Site, page: Page, embedder: str) -> None:
    headers = {**ISOLATED, "Cross-Origin-Embedder-Policy": embedder}
    open_page(site, page, **headers)
    assert page.evaluate("crossOriginIsolated")
    assert page.evaluate(START, {}) == STARTED
    open_page(site, page, **headers, **{"Content-Security-Policy": f"{SMALLEST}; frame-src 'self'"})
    assert page.evaluate(START, {}) == STARTED


def test_a_policy_without_frames_is_named(site: Site, page: Page) -> None:
    open_page(site, page, **{"Content-Security-Policy": SMALLEST})
    add = f"its Content-Security-Policy forbids the engine's frame; add {site.url} to its frame-src"
    assert page.evaluate(START, {}) == f"isolation 'strict' cannot start on this page: {add}"
    assert page.evaluate("document.documentElement.lastElementChild.localName") == "body", "no frame is left"
    assert not page.workers


@pytest.mark.parametrize(
    ("answer", "headers"),
    [
        ("the file", {"X-Frame-Options": "DENY"}),
        ("the file", {"Content-Security-Policy": "script-src 'self'"}),
        ("<!doctype html><title>the site's start page</title>", {}),
    ],
)
def test_a_frame_that_cannot_answer_is_named(site: Site, page: Page, answer: str, headers: dict[str, str]) -> None:
    if answer == "the file":
        answer = (site.answer("/dist/frame.html") or pytest.fail("no dist/")).body.decode()
    site.put("/dist/frame.html", answer, "text/html", headers=headers)
    open_page(site, page, **{"Content-Security-Policy": f"{SMALLEST}; frame-src 'self'"})
    found = page.evaluate(START, {})
    named = f"{site.url}/dist/frame.html did not answer; serve it without X-Frame-Options and without a policy"
    assert named in DIGEST.sub("", found)
    assert not page.workers


def test_a_policy_without_webassembly_is_named_to_a_plain_worker(site: Site, page: Page) -> None:
    policy = "default-src 'none'; script-src 'self' blob: 'unsafe-inline'; worker-src blob:; connect-src 'self'"
    open_page(site, page, **{"Content-Security-Policy": policy})
    assert "forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src" in page.evaluate(
        START, {"isolation": "worker"}
    )
    open_page(site, page, **{"Content-Security-Policy": f"{SMALLEST} 'wasm-unsafe-eval'"})
    assert "a Content-Security-Policy needs blob: in worker-src" in page.evaluate(START, {"isolation": "worker"})


def allow(route: Route) -> None:
    """Answer with what the server says, for everybody to read."""
    response = route.fetch()
    route.fulfill(response=response, headers={**response.headers, **CORS})


@pytest.mark.parametrize("policy", ["", "default-src 'none'; script-src CDN 'self'; connect-src CDN; frame-src CDN"])
def test_the_runtime_of_another_origin(site: Site, other_site: Site, page: Page, policy: str) -> None:
    page.route(re.compile("/dist/"), allow)
    open_page(site, page, **({"Content-Security-Policy": policy.replace("CDN", other_site.url)} if policy else {}))
    module = f"{other_site.url}/dist/edge-python.js?setElement=false"
    assert page.evaluate(START.replace("/dist/edge-python.js?setElement=false", module), {}) == STARTED
    assert not [path for path in site.paths() if path.startswith("/dist/")]


def test_a_page_of_an_opaque_origin(site: Site, page: Page) -> None:
    page.route(re.compile("/dist/"), allow)
    open_page(site, page, **{"Content-Security-Policy": "sandbox allow-scripts"})
    assert page.evaluate("origin") == "null"
    assert page.evaluate(START, {}) == STARTED


def test_where_there_is_no_document(site: Site, page: Page) -> None:
    """A worker of the page's can start no cell, and says so."""
    open_page(site, page)
    script = f"""
      import {{ createWorker }} from '{site.url}/dist/client.js';
      postMessage(await createWorker({{ baseUrl: '{site.url}/' }}).then(() => 'started', (error) => error.message));
    """
    site.put("/own.js", script, "text/javascript")
    found = page.evaluate(
        "new Promise((resolve) => { new Worker('/own.js', { type: 'module' }).onmessage = ({ data }) => resolve(data); })"
    )
    assert "there is no document to put its frame in; programs that you trust run with isolation: 'worker'" in found
