"""A page with `createWorker` at hand, for the browser suites.

Takes: a browser context and a site. Gives: `Lab`: pages, workers in them, what the browser asked for and what it warned of.
Refuses: nothing; a rejection in the page is an exception here, or data by `outcome()`.

A worker is a global of its page: `w`, or what `start` is told. Options and arguments are JavaScript, because host packages
and callbacks are. The runtime's own files do not count as requests.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.support.site import Site

__all__ = ["Lab", "lab", "shared_lab"]

PAGE = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>worker</title>
<script type="module">
import { createWorker } from 'MODULE';
Object.assign(window, { createWorker, said: [], shown: [] });
window.ready = true;
</script>"""
MODULE = "/dist/edge-python.js?setElement=false"

# What is stored, read behind the store's back: the locks by program, and what is wrong with them.
AUDIT = """async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const db = await done(indexedDB.open('edge-python'));
  const tx = db.transaction(['blobs', 'programs'], 'readonly');
  const [blobs, programs] = [tx.objectStore('blobs'), tx.objectStore('programs')];
  const [digests, values, keys, records] = await Promise.all(
    [blobs.getAllKeys(), blobs.getAll(), programs.getAllKeys(), programs.getAll()].map(done));
  db.close();
  const wrong = [];
  for (const [i, bytes] of values.entries()) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    if (Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('') !== digests[i]) wrong.push(digests[i]);
  }
  for (const { modules, locals } of records) {
    for (const [spec, { sha256 }] of Object.entries(modules)) if (sha256 && !digests.includes(sha256)) wrong.push(spec);
    for (const [path, sha256] of Object.entries(locals)) if (sha256 && !digests.includes(sha256)) wrong.push(path);
  }
  return { programs: Object.fromEntries(keys.map((key, i) => [key, records[i].modules])), blobs: digests.length, wrong };
}"""

# The stored bytes of a digest go, as a browser under pressure (or its user) may take them.
EVICT = """(digests) => new Promise((resolve, reject) => {
  const open = indexedDB.open('edge-python');
  open.onsuccess = () => {
    const db = open.result;
    const tx = db.transaction('blobs', 'readwrite');
    if (digests === null) tx.objectStore('blobs').clear();
    else for (const digest of digests) tx.objectStore('blobs').delete(digest);
    tx.oncomplete = () => { db.close(); resolve(); };
    tx.onerror = () => reject(tx.error);
  };
})"""


class Lab:
    """One browser context on one site. `requests` are the addresses that it asked for, `warnings` what we said in its
    console, `errors` what went wrong in a page."""

    def __init__(self, context: BrowserContext, site: Site, module: str = MODULE) -> None:
        self.context, self.site = context, site
        self.requests: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        self.home = site.put("/index.html", PAGE.replace("MODULE", module), "text/html; charset=utf-8")
        self.page = self.open()

    def open(self, address: str | None = None) -> Page:
        """Another page, which is the lab's from now on."""
        self.page = self.context.new_page()
        self.page.goto(address or self.home)
        self.page.wait_for_function("window.ready")
        return self.page

    def again(self, options: str = "{}") -> None:
        """The next visit: a new page in place of the old one, with a worker; the log begins anew."""
        self.page.close()
        self.open()
        self.clear()
        self.start(options)

    def clear(self) -> None:
        """Forget what was asked for, here and on the site."""
        self.requests.clear()
        self.site.clear_log()

    def start(self, options: str = "{}", name: str = "w") -> None:
        """Start a worker."""
        self.page.evaluate(f"async () => {{ window.{name} = await createWorker({options}); }}")

    def run(self, source: str, how: str = "{}", name: str = "w") -> dict[str, Any]:
        """Run a program from its text; its result."""
        return self.evaluate(f"(source) => {name}.run(source, {how})", source)  # type: ignore[no-any-return]

    def entry(self, url: str, how: str = "{}", name: str = "w") -> dict[str, Any]:
        """Run the program at a URL; its result."""
        return self.evaluate(f"(url) => {name}.runEntry(url, {how})", url)  # type: ignore[no-any-return]

    def evaluate(self, expression: str, argument: Any = None) -> Any:
        """Evaluate in the page."""
        return self.page.evaluate(expression, argument)

    def rejection(self, expression: str, argument: Any = None) -> str:
        """The message of an expression that throws or rejects."""
        found = self.page.evaluate(
            f"async (argument) => {{ try {{ await ({expression}); }} catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}"
            " return null; }",
            argument,
        )
        assert isinstance(found, str), f"this did not fail: {expression}"
        return found

    def audit(self) -> dict[str, Any]:
        """What is stored: locks by program, how many blobs, and what is wrong."""
        return self.page.evaluate(AUDIT)  # type: ignore[no-any-return]

    def evict(self, *digests: str) -> None:
        """Delete stored bytes: these, or all."""
        self.page.evaluate(EVICT, list(digests) or None)

    def lock(self) -> dict[str, Any]:
        """The one lock that is stored."""
        (lock,) = self.audit()["programs"].values()
        return lock  # type: ignore[no-any-return]

    def _on_request(self, request: Request) -> None:
        path = request.url.partition("://")[2].partition("/")[2]
        if request.url.startswith("http") and not path.startswith("dist/") and request.url != self.home:
            self.requests.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith("edge-python: "):
            self.warnings.append(message.text.removeprefix("edge-python: "))

    def _on_error(self, event: WebError) -> None:
        self.errors.append(event.error.stack or event.error.message)


@pytest.fixture
def lab(context: BrowserContext, site: Site, dist: object) -> Lab:
    """A page of this test's own, without a worker yet."""
    return Lab(context, site)


@pytest.fixture(scope="module")
def shared_lab(browser: Browser, browser_context_args: dict[str, Any], dist: object) -> Iterator[Lab]:
    """A page with a worker `w` that the tests of a file share: its start takes more than a second."""
    with Site() as site:
        context = browser.new_context(**browser_context_args)
        try:
            lab = Lab(context, site)
            lab.start()
            yield lab
            assert not lab.errors, "uncaught errors in the page:\n" + "\n".join(lab.errors)
        finally:
            context.close()
    assert not site.failures, site.failures
