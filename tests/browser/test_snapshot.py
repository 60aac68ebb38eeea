"""Starts from the memory snapshot, in Chromium: what is the same as after a plain start, what is new in each engine, and what
happens where the snapshot cannot be used.

Takes: `dist/` as a page loads it. Holds: docs/snapshot.md. That programs run as ever is what all other browser tests show: they
start from the snapshot too. How long a start takes is `bench/start.py`'s.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.support.lab import Lab
from tests.support.site import Site

pytestmark = pytest.mark.usefixtures("dist")

RUNTIME = "/dist/runtime/"
PLAIN = {"pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"}
HELLO = "from random import random\nprint('hello')\n"


def asked(lab: Lab) -> set[str]:
    """Files of the runtime that were asked for."""
    return {path.removeprefix(RUNTIME) for path in lab.site.paths() if path.startswith(RUNTIME)}


def flipped(lab: Lab, name: str, at: int) -> None:
    """From now on the server sends this file with one byte changed."""
    answer: Any = lab.site.answer(RUNTIME + name)
    body = bytearray(answer.body)
    body[at % len(body)] ^= 1
    lab.site.put(
        RUNTIME + name, bytes(body), "application/wasm" if name.endswith("wasm") else "application/octet-stream"
    )


def test_a_start_takes_the_snapshot_and_nothing_else(lab: Lab) -> None:
    lab.start()
    assert asked(lab) == {"snapshot.bin", "bare.wasm"}
    result = lab.run(HELLO)
    assert result["out"] == "hello\n"
    assert "plain" not in result["phases"]
    assert lab.warnings == []


def test_a_later_visit_asks_for_no_file_of_the_runtime(lab: Lab) -> None:
    lab.start()
    lab.page.wait_for_function(KEPT)
    lab.again()
    assert asked(lab) == set()
    assert "/dist/engine.js" not in lab.site.paths()
    assert lab.run(HELLO)["out"] == "hello\n"


KEPT = """() => new Promise((resolve) => {
  const open = indexedDB.open('edge-python-runtime', 1);
  open.onerror = () => resolve(false);
  open.onupgradeneeded = () => open.transaction.abort(); // the page has not made it yet
  open.onsuccess = () => {
    const count = open.result.transaction('runtimes').objectStore('runtimes').count();
    count.onsuccess = () => { open.result.close(); resolve(count.result === 1); };
  };
})"""


# The head, the first page, the middle, the end; and the code.
@pytest.mark.parametrize(
    ("name", "at"), [("snapshot.bin", 9), ("snapshot.bin", 5_000), ("snapshot.bin", 7_654_321), ("bare.wasm", -100_000)]
)
def test_a_flipped_byte_is_refused(lab: Lab, name: str, at: int) -> None:
    flipped(lab, name, at)
    lab.start("{ isolation: 'worker' }")
    result = lab.run(HELLO)
    assert result["out"] == "hello\n"
    assert result["phases"]["plain"] > 0
    assert result["phases"]["boot"] >= result["phases"]["plain"]
    (warning,) = lab.warnings
    assert warning.endswith("engines start without their snapshot, which takes longer")
    assert asked(lab) >= PLAIN
    assert "plain" not in lab.run(HELLO)["phases"], "it is counted once"
    # Another worker of the page knows.
    lab.clear()
    lab.start("{ isolation: 'worker' }", "v")
    assert asked(lab) == set()
    assert len(lab.warnings) == 1


DAMAGE = """async (name) => {
  const asked = (request) => new Promise((resolve, reject) => {
    Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject });
  });
  const db = await asked(indexedDB.open('edge-python-runtime', 1));
  const [key] = await asked(db.transaction('runtimes').objectStore('runtimes').getAllKeys());
  const kept = await asked(db.transaction('runtimes').objectStore('runtimes').get(key));
  const bytes = new Uint8Array(await kept.files[name].arrayBuffer());
  bytes[bytes.length >> 1] ^= 1;
  kept.files[name] = new Blob([bytes]);
  const writing = db.transaction('runtimes', 'readwrite');
  const written = new Promise((resolve, reject) => Object.assign(writing, { oncomplete: resolve, onabort: reject }));
  writing.objectStore('runtimes').put(kept, key);
  await written; // the bytes are this page's until then
  db.close();
}"""


# The cell's frame compiles the code before anybody knows what it is.
@pytest.mark.parametrize("name", ["snapshot.bin", "bare.wasm"])
def test_what_was_kept_and_is_damaged_is_refused_in_the_cell(lab: Lab, name: str) -> None:
    lab.start()
    lab.page.wait_for_function(KEPT)
    lab.page.evaluate(DAMAGE, name)
    lab.again()
    result = lab.run(HELLO)
    assert (result["out"], asked(lab) >= PLAIN) == ("hello\n", True)
    assert result["phases"]["plain"] > 0
    (warning,) = lab.warnings
    assert warning == (
        f"{name} is damaged: it is not the one that was built; engines start without their snapshot, which takes longer"
    )


def test_a_page_of_plain_http_starts_from_the_snapshot_too(lab: Lab) -> None:
    def answer(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace("http://pages.test", lab.site.url)))

    lab.context.route("http://pages.test/**", answer)
    lab.open("http://pages.test/index.html")
    assert lab.evaluate("isSecureContext") is False
    lab.clear()
    for isolation in "strict", "worker":
        lab.start(f"{{ isolation: '{isolation}' }}", isolation)
        result = lab.run(HELLO, name=isolation)
        assert result["out"] == "hello\n"
        assert "plain" not in result["phases"]
    assert asked(lab) == {"snapshot.bin", "bare.wasm"}
    assert not any("snapshot" in warning for warning in lab.warnings)
    # What only a digest of the page's could tell counts as it came.
    assert lab.run("'x'.encode('mbcs')\n", name="worker")["error"]["message"] == "unknown encoding: mbcs"
    assert "python_stdlib.zip" in asked(lab)


def test_engines_that_start_at_once_are_told_once(lab: Lab) -> None:
    flipped(lab, "snapshot.bin", 5_000)
    many = "async () => { window.all = await Promise.all([1, 2].map(() => createWorker({ isolation: 'worker' }))); }"
    lab.page.evaluate(many)
    results = lab.evaluate("Promise.all(all.map((worker) => worker.run('print(1)')))")
    assert [result["out"] for result in results] == ["1\n", "1\n"]
    assert all(result["phases"]["plain"] > 0 for result in results)
    assert len(lab.warnings) == 1
    # So are engines that take the place of others.
    busy = "while True:\n    pass\n"
    lab.evaluate("(source) => { window.running = all[0].run(source); }", busy)
    lab.page.wait_for_function("all[0].state === 'running'")
    lab.evaluate("(all[0].stop(), running)")
    assert lab.evaluate("all[0].run('print(2)')")["out"] == "2\n"
    assert len(lab.warnings) == 1


def test_what_is_kept_of_another_build_is_replaced(lab: Lab) -> None:
    lab.start("{ isolation: 'worker' }")
    lab.page.wait_for_function(KEPT)
    text = (lab.site.answer("/dist/page/build.js") or pytest.fail("no dist/")).body.decode()
    build = json.loads(text.partition("RUNTIME = ")[2].rstrip(";\n"))["manifest"]["build"]
    lab.site.put("/dist/page/build.js", text.replace(build, "0" * 64), "text/javascript")
    for wanted in ({"snapshot.bin", "bare.wasm"}, set()):
        lab.again("{ isolation: 'worker' }")
        assert lab.run(HELLO)["out"] == "hello\n"
        assert asked(lab) == wanted
        lab.page.wait_for_function(KEPT)


def test_the_zone_and_chance_are_the_visitors(browser: Browser, site: Site, other_site: Site) -> None:
    program = "import random, time\nprint(time.timezone, *time.tzname, random.random(), hash('a'))\n"
    said = []
    for zone in ("America/New_York", "Asia/Kolkata"):
        context = browser.new_context(timezone_id=zone)
        lab = Lab(context, site, other_site)
        lab.start("{ isolation: 'worker' }")
        said.append(lab.run(program)["out"].split())
        context.close()
    assert [words[0] for words in said] == ["18000", "-19800"]
    assert [words[1] for words in said] == ["UTC-0500", "UTC+0530"]
    assert said[0][3] != said[1][3]
    assert said[0][4] == said[1][4], "the hash seed is the snapshot's"
