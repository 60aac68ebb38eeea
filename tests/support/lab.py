"""A page with `createWorker` at hand, for the browser suites.

Takes: a browser context and a site. Gives: `Lab`: pages, workers in them, what the browser asked for and what it warned of.
Refuses: nothing; a rejection in the page is an exception here, or its text by `rejection()`.

A worker is a global of its page: `w`, or what `start` is told. Options and arguments are JavaScript, because host packages
and callbacks are. The runtime's own files do not count as requests.

A worker takes more than a second to start, nearly all of it Python's. So there are three fixtures:
- `lab`: a context and a site of the test's own; its workers are as every page has them;
- `shared_lab`: the same with a worker `w`, for all tests of a file;
- `quick`: everything real as well, but the engine of each page is a relay to one real engine in a page of its own, which
  forgets what it knew when another page comes. For one worker at a time, and programs that end.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.support.site import ROOT, Site, built

__all__ = ["Lab", "lab", "picture", "quick", "shared_lab", "workshop"]

MODULE = "/dist/edge-python.js?setElement=false"
PAGE = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>worker</title>
<script type="module">
import { createWorker } from 'MODULE';
Object.assign(window, { createWorker, said: [], shown: [] });
window.ready = true;
</script>"""

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
WIPE = """() => new Promise((resolve, reject) => {
  const request = indexedDB.deleteDatabase('edge-python');
  request.onsuccess = resolve;
  request.onerror = reject;
})"""

RELAY = """
const line = new BroadcastChannel('engine');
const from = crypto.randomUUID();
line.onmessage = ({ data }) => { if (data.to === from) postMessage(data.message); };
onmessage = ({ data }) => line.postMessage({ from, message: data.type === 'boot' ? { type: 'boot' } : data });
"""
STATION = """<!doctype html><link rel=icon href=data:,><script type="module">
import { PROTOCOL } from '/web/protocol.js';
const engine = new Worker('/dist/engine.js');
const line = new BroadcastChannel('engine');
const files = {}, digests = {};
for (const [name, { xxh64 }] of Object.entries((await (await fetch('/dist/runtime/manifest.json')).json()).files)) {
  files[name] = await (await fetch(`/dist/runtime/${name}`)).blob();
  digests[name] = xxh64;
}
let to = null, next = null, booted = null;
const say = (message) => line.postMessage({ to, message });
engine.onmessage = ({ data }) => {
  if (data.type === 'booted') [booted, window.ready] = [data, true];
  else if (data.type === 'answer' && data.ask === 0) { to = next; say(booted); } // it has left what it was about
  else say(data);
};
line.onmessage = ({ data: { from, message } }) => {
  if (message.type !== 'boot') return void (from === to && engine.postMessage(message));
  [to, next] = [null, from];
  engine.postMessage({ type: 'forget' });
  engine.postMessage({ type: 'ask', ask: 0, what: 'writeLock', text: '{}', name: '' });
};
engine.postMessage({ type: 'boot', protocol: PROTOCOL, files, digests, loaders: {} });
</script>"""
RUNTIME_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "edge_runtime.zip")


def picture(message: str, place: str, line: int, text: str, marked: str, *under: str) -> str:
    """An error's picture: the place, its line of text, what is marked in it, and what stands under it."""
    at = text.index(marked)
    lines = [f"error: {message}", f"   --> {place}:{line}:{at + 1}", "    |", f"{line:>3} | {text}"]
    return "\n".join([*lines, f"    | {' ' * at}{'^' * len(marked)}", *under])


class Lab:
    """One browser context on one site. `requests` are the addresses that it asked for, `warnings` what we said in its
    console, `errors` what went wrong in a page. `other` is another origin."""

    def __init__(self, context: BrowserContext, site: Site, other: Site, module: str = MODULE) -> None:
        self.context, self.site, self.other = context, site, other
        self.requests: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self._module = module
        self._options = ""
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        self.put_home()
        self.page = self.open()

    def put_home(self) -> None:
        """The page's own document."""
        self.home = self.site.put("/index.html", PAGE.replace("MODULE", self._module), "text/html; charset=utf-8")

    def put_runtime(self, base: str, engine: str) -> None:
        """A runtime at `base`, below `/runtimes/`, that is one script: an engine of the test's own."""
        self.site.put(f"{base}engine.js", engine, "text/javascript")
        self.site.put(
            f"{base}frame.html", (built(ROOT / "dist") / "frame.html").read_bytes(), "text/html; charset=utf-8"
        )
        for name in RUNTIME_FILES:
            self.site.put(f"{base}runtime/{name}", "")
        files = {name: {"bytes": 0, "sha256": ""} for name in RUNTIME_FILES}
        self.site.put(f"{base}runtime/manifest.json", json.dumps({"files": files}), "application/json")

    def relay(self) -> None:
        """From now on workers use the engine of one page, which this opens."""
        self.put_runtime("/runtimes/relay/", RELAY)
        self._options = f"isolation: 'worker', spare: false, runtime: '{self.site.url}/runtimes/relay/', "
        if not any(page.url.endswith("/station.html") for page in self.context.pages):
            station = self.context.new_page()
            station.goto(self.site.put("/station.html", STATION, "text/html"))
            station.wait_for_function("window.ready", timeout=60_000)

    def open(self, address: str | None = None, *, script: str | None = None) -> Page:
        """Another page, which is the lab's from now on; `script` runs in it before anything else does."""
        self.page = self.context.new_page()
        if script is not None:
            self.page.add_init_script(script)
        self.page.goto(address or self.home)
        self.page.wait_for_function("window.ready")
        return self.page

    def again(self, options: str = "{}", *, script: str | None = None) -> None:
        """The next visit: a new page in place of the old one, with a worker; the log begins anew."""
        self.page.close()
        self.open(script=script)
        self.clear()
        self.start(options)

    def clear(self) -> None:
        """Forget what was asked for."""
        self.requests.clear()
        self.site.clear_log()
        self.other.clear_log()

    def start(self, options: str = "{}", name: str = "w") -> None:
        """Start a worker."""
        self.page.evaluate(f"async () => {{ window.{name} = await createWorker({{ {self._options}...{options} }}); }}")

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
        """The text of an expression that throws or rejects; it may use `argument`."""
        found = self.page.evaluate(
            f"""async (argument) => {{
              try {{ await ({expression}); }} catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}
              return null;
            }}""",
            argument,
        )
        assert isinstance(found, str), f"this did not fail: {expression}"
        return found

    def asked(self) -> tuple[list[str], list[str]]:
        """What was asked for, of the page's site and of the other one; sites and browser agree."""
        near = [path for path in self.site.paths() if not path.startswith(("/dist/", "/index.html", "/runtimes/"))]
        far = self.other.paths()
        assert sorted(self.requests) == sorted(
            [self.site.url + path for path in near] + [self.other.url + p for p in far]
        )
        return sorted(near), sorted(far)

    def audit(self) -> dict[str, Any]:
        """What is stored: locks by program, how many blobs, and what is wrong."""
        return self.page.evaluate(AUDIT)  # type: ignore[no-any-return]

    def lock(self) -> dict[str, Any]:
        """The one lock that is stored."""
        (lock,) = self.audit()["programs"].values()
        return lock  # type: ignore[no-any-return]

    def evict(self, *digests: str) -> None:
        """Delete stored bytes: these, or all."""
        self.page.evaluate(EVICT, list(digests) or None)

    def wipe(self) -> None:
        """Delete all that is stored, as if nobody had been here; a new page takes the old one's place."""
        self.page.close()
        self.open()
        self.page.evaluate(WIPE)

    def renew(self) -> None:
        """Everything as at the beginning, but for a running relay."""
        for page in self.context.pages:
            if not page.url.endswith("/station.html"):
                page.close()
        self.context.set_offline(False)
        self.context.clear_cookies()
        for site in (self.site, self.other):
            site.forget()
        self.put_home()
        self.relay()
        self.open()
        self.page.evaluate(WIPE)
        self.clear()
        self.warnings.clear()
        self.errors.clear()

    def _on_request(self, request: Request) -> None:
        path = request.url.partition("://")[2].partition("/")[2]
        if request.url.startswith("http") and not path.startswith(("dist/", "runtimes/")) and request.url != self.home:
            self.requests.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith("edge-python: "):
            self.warnings.append(message.text.removeprefix("edge-python: "))

    def _on_error(self, event: WebError) -> None:
        self.errors.append(event.error.stack or event.error.message)


@pytest.fixture
def lab(context: BrowserContext, site: Site, other_site: Site) -> Lab:
    """A context of this test's own, with a page and no worker yet."""
    return Lab(context, site, other_site)


@pytest.fixture(scope="module")
def shared_lab(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Lab]:
    """A page with a worker `w` that the tests of a file share."""
    with _lab_of_a_file(browser, browser_context_args) as lab:
        lab.start()
        yield lab


@pytest.fixture(scope="module")
def workshop(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Lab]:
    """The lab behind `quick`."""
    with _lab_of_a_file(browser, browser_context_args) as lab:
        yield lab


@pytest.fixture
def quick(workshop: Lab) -> Iterator[Lab]:
    """A lab as new, whose workers start at once."""
    workshop.renew()
    yield workshop
    assert not workshop.errors, "uncaught errors in a page:\n" + "\n".join(workshop.errors)


@contextmanager
def _lab_of_a_file(browser: Browser, arguments: dict[str, Any]) -> Iterator[Lab]:
    with Site() as site, Site() as other:
        context = browser.new_context(**arguments)
        try:
            lab = Lab(context, site, other)
            yield lab
            assert not lab.errors, "uncaught errors in a page:\n" + "\n".join(lab.errors)
        finally:
            context.close()
    assert not site.failures, site.failures
    assert not other.failures, other.failures
