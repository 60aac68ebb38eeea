"""Pages that work with the server stopped, and builds that follow one another.

Takes: `dist/`, served by `tools/serve.py` in a process of its own, which is then ended. Holds: docs/operators.md, "Offline"
and "What to host": the demo starts and runs all of its programs without a server; a page has files of one build only; what
has gone says so.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.site import ROOT, built

ENDED = "(selector) => ['done', 'failed', 'waiting'].includes(document.querySelector(selector)?.state)"
LAST_LINES = {
    "#text edge-python": "81 cells, which is 3 to the power of 4",
    "#garden": "17 flowers, colours of 'August evening'",
    "#listener edge-python": "Waiting for words.",
}
MISTAKES = "#mistakes edge-python"
# It reads the standard library's archive: see tests/browser/test_library.py.
FROM_THE_PAGE = """
print('from the page')
try:
    'x'.encode('mbcs')
except LookupError as error:
    print(error)
"""
FORGET_RUNTIME = """() => new Promise((resolve, reject) => {
  const request = indexedDB.deleteDatabase('edge-python-runtime');
  request.onsuccess = resolve;
  request.onerror = reject;
})"""
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    found[name] = [];
    for (const request of await cache.keys()) {
      const { status, type } = await cache.match(request);
      found[name].push([new URL(request.url).pathname, status, type]);
    }
  }
  return found;
}"""
# A newer worker has come, and waits until the pages are gone.
WAITING = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  while (!found.waiting) await new Promise((done) => setTimeout(done, 50));
}"""


class Host:
    """A static host with one folder, at an origin that stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "tools/serve.py"), str(self.folder), "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[0]
        self._port = int(self.url.rpartition(":")[2].rstrip("/"))

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None


@pytest.fixture
def host(dist: Path, tmp_path: Path) -> Iterator[Host]:
    shutil.copytree(dist, tmp_path / "some where" / "edge", copy_function=os.link)
    opened = Host(tmp_path)
    yield opened
    opened.stop()


def build_again(folder: Path) -> tuple[str, str]:
    """Another build in the place of the one in `folder`: another digest, another title of the demo; both digests."""
    old, new = built(folder).name, "fedcba9876543210"
    (folder / old).rename(folder / new)
    worker = (folder / "sw.js").read_text()
    for path in [*folder.glob("*.js*"), *folder.glob("host/*"), folder / "demo/index.html"]:
        if path.name == "sw.js":
            continue
        was = path.read_bytes()
        path.unlink()  # a link to the real one
        now = was.replace(old.encode(), new.encode()).replace(b"<title>", b"<title>Newer ")
        path.write_bytes(now)
        worker = worker.replace(_integrity(was), _integrity(now))
    (folder / "sw.js").unlink()
    (folder / "sw.js").write_text(worker.replace(old, new))
    return old, new


def _integrity(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def output(page: Page, selector: str) -> str:
    """Scroll to an element, wait for its end; what it printed."""
    page.locator(selector).scroll_into_view_if_needed()
    page.wait_for_function(ENDED, arg=selector)
    return str(page.locator(selector).evaluate("(e) => e.shadowRoot.querySelector('.output').textContent"))


def builds(page: Page) -> set[str]:
    """The builds whose files the page has loaded."""
    urls: list[str] = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return set(re.findall(r"/([0-9a-f]{16})/", " ".join(urls)))


def test_the_demo_without_a_server_and_then_with_a_newer_one(context: BrowserContext, host: Host) -> None:
    page = context.new_page()
    page.goto(f"{host.url}some%20where/edge/demo/?offline")
    note = page.locator("#offline")
    expect(note).to_have_text(re.compile("^Ready to work offline"), timeout=60_000)
    assert note.get_attribute("role") == "status"
    host.stop()
    assert page.evaluate("fetch('/none').then(() => 'came', () => 'failed')") == "failed"

    page.reload()
    assert {selector: output(page, selector).splitlines()[-1] for selector in LAST_LINES} == LAST_LINES
    assert "module './lib/greet.py' has no export 'helo'" in output(page, MISTAKES)
    page.get_by_role("tab", name="dice.py").click()
    expect(page.locator(".source")).not_to_contain_text("did not load")
    expect(note).to_have_text(re.compile("^Ready to work offline"))
    expect(page.locator("#stale")).to_be_hidden()
    cached: dict[str, list[tuple[str, int, str]]] = page.evaluate(CACHED)
    assert {(status, kind) for files in cached.values() for _, status, kind in files} == {(200, "basic")}

    old, new = build_again(host.folder / "some where" / "edge")
    host.start()
    page.reload()
    page.evaluate(WAITING)
    assert not page.title().startswith("Newer ")
    assert builds(page) == {old}
    # A second page is of the same build, however often it is loaded; nothing is taken from the first.
    second = context.new_page()
    for _ in range(2):
        second.goto(page.url)
        expect(second).to_have_title(re.compile("^(?!Newer ).+"))
        assert builds(second) == {old}
    second.close()
    assert any(old in name for name in page.evaluate("caches.keys()"))
    page.reload()
    # Chromium takes a second to change workers, and more under load.
    expect(page).to_have_title(re.compile("^Newer "), timeout=30_000)
    assert output(page, "#garden").splitlines()[-1] == LAST_LINES["#garden"]
    assert builds(page) == {new}
    assert not [name for name in page.evaluate("caches.keys()") if old in name]
    page.close()


def test_a_page_of_its_own_with_one_line(context: BrowserContext, host: Host) -> None:
    folder = host.folder / "some where"
    page = context.new_page()
    folder.joinpath("style.css").write_text("p { color: rgb(1, 2, 3) }")
    folder.joinpath("later.txt").write_text("later")
    folder.joinpath("page.html").write_text(
        "<!doctype html><link rel=icon href=data:,><link rel=stylesheet href=style.css><p>Page"
        '<script type="module" src="edge/edge-python.js"></script><edge-python>' + FROM_THE_PAGE + "</edge-python>"
    )
    page.goto(f"{host.url}some%20where/page.html")
    ask = """async (options) => {
      const { workOffline } = await import('./edge/offline.js');
      return workOffline(options).then(() => 'ready', ({ message }) => message);
    }"""
    told = f"it is a file beside the page, with the line importScripts('{host.url}some%20where/edge/sw.js')"
    assert told in page.evaluate(ask, {})
    folder.joinpath("sw.js").write_text("importScripts('./edge/sw.js');\n")
    gone = page.evaluate(ask, {"files": ["none.txt"]})
    assert gone == f"the page's files are not all stored: {host.url}some%20where/none.txt could not be fetched"
    assert page.evaluate(ask, {"files": ["later.txt"]}) == "ready"
    host.stop()
    page.evaluate(FORGET_RUNTIME)  # all of it is in the worker's cache, what no program has read as well
    page.reload()
    page.wait_for_function("document.querySelector('edge-python')?.state === 'done'")  # it waits for the archive first
    assert output(page, "edge-python") == "from the page\nunknown encoding: mbcs\n"
    assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
    assert page.evaluate("fetch('later.txt').then((answer) => answer.text())") == "later"
    page.close()


def test_what_cannot_be_says_what_to_do(context: BrowserContext, host: Host) -> None:
    folder = host.folder / "some where" / "edge"
    page = context.new_page()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined })")
    page.goto(f"{host.url}some%20where/edge/demo/?offline")
    expect(page.locator("#offline")).to_have_text(
        "Not ready to work offline: this browser keeps nothing for offline use here: "
        "open the page by https, in a window that is not private."
    )
    page.close()

    # Not a file of the build, and an answer of 200 all the same.
    page = context.new_page()
    greet = folder / "demo/lib/greet.py"
    greet.unlink()
    greet.write_text("<!doctype html>Welcome")
    page.goto(f"{host.url}some%20where/edge/demo/?offline")
    expect(page.locator("#offline")).to_have_text(
        re.compile("^Not ready to work offline: not all files could be stored .*: see to the network"), timeout=60_000
    )
    page.close()


def test_a_page_of_a_build_that_has_gone(browser: Browser, browser_context_args: dict[str, Any], host: Host) -> None:
    folder = host.folder / "some where" / "edge"
    # Why two: what a visitor has of the old folder serves on, as it is kept for ever.
    early, late = (browser.new_context(**browser_context_args) for _ in range(2))
    page = early.new_page()
    page.goto(f"{host.url}some%20where/edge/demo/none.html")
    page.evaluate("import('../edge-python.js?setElement=false').then((all) => { window.edge = all; })")
    old, new = build_again(folder)
    failed: Any = page.evaluate("edge.createWorker().catch(({ message }) => message)")
    assert re.fullmatch(
        rf"the runtime file \S+/{old}/\S+ could not be fetched: the server answered 404; "
        "the server may have another version by now: reload the page",
        failed,
    )
    # The same with an entry that some cache kept longer than it should.
    entry = folder / "edge-python.js"
    entry.write_text(entry.read_text().replace(new, old))
    page = late.new_page()
    page.goto(f"{host.url}some%20where/edge/demo/")
    expect(page.locator("#stale")).to_be_visible()
    early.close()
    late.close()
