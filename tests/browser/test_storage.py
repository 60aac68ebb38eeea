"""The host package `storage`, through real programs over the browser's own storage.

Takes: one element with `grant="storage"`. Holds: what each function does, the cases of host-storage.json in
../shared/conformance where that is there, the errors that a program sees, and that the runtime's own database is out of reach.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.elements import Ground, opened
from tests.support.site import ROOT, Site

CASES = ROOT.parent / "shared" / "conformance" / "host-storage.json"
# Everything that a test left: databases but the runtime's own, and both areas.
WIPE = """async () => {
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases()) {
    if (name === 'edge-python') continue;
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = () => reject(request.error);
      // `blocked` is not said to whoever waits behind another that is.
      setTimeout(() => reject(new Error(`the database '${name}' is still open`)), 10_000);
    });
  }
}"""


@pytest.fixture(scope="module")
def one_page(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> Iterator[Ground]:
    with Site({"/dist/": dist}) as site, opened(browser, browser_context_args, site) as ground:
        ground.put('<edge-python id="e" grant="storage" output="none"></edge-python>', wait="ready")
        yield ground
    assert not site.failures, site.failures


@pytest.fixture
def ground(one_page: Ground) -> Iterator[Ground]:
    """The module's page and worker. Between tests the package begins anew, and nothing is stored."""
    yield one_page
    one_page.call("element.reset()")
    one_page.page.evaluate(WIPE)


def play(ground: Ground, program: str) -> list[str]:
    """The lines that a program prints."""
    result = ground.run("from storage import *\n" + program)
    assert result["ok"], result["error"]["rendered"]
    return str(result["out"]).splitlines()


def wrong(ground: Ground, calls: dict[str, str], before: str = "") -> dict[str, str]:
    """For each expression whose error does not begin as said, the error."""
    tries = "".join(
        f"try:\n    {call}\n    print('nothing')\nexcept Exception as e:\n    print(type(e).__name__, e, sep=': ')\n"
        for call in calls
    )
    found = dict(zip(calls, play(ground, before + tries), strict=True))
    return {call: got for call, got in found.items() if not got.startswith(calls[call])}


def test_conformance(ground: Ground) -> None:
    if not CASES.exists():
        pytest.skip(f"no conformance cases here: {CASES} is absent")
    cases: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))
    assert len(cases) >= 2
    assert [play(ground, case["src"]) for case in cases] == [case["output"] for case in cases]


@pytest.mark.parametrize("area", ["local", "session"])
def test_texts_by_their_keys(ground: Ground, area: str) -> None:
    page = ground.page
    page.evaluate(f"{area}Storage.setItem('of the page', 'x')")
    program = """
print(AREA_get("none"), AREA_keys())
AREA_set("b", "one\\0é😀")
AREA_set("b", "two\\0é😀")
AREA_set("", "")
AREA_set("__proto__", "p")
print(repr(AREA_get("b")), repr(AREA_get("")), AREA_get("__proto__"), AREA_get("of the page"))
print(AREA_keys())
AREA_remove("b")
print(AREA_remove("b"), AREA_get("b"))
"""
    assert play(ground, program.replace("AREA", area)) == [
        "None ['of the page']",
        "'two\\x00é😀' '' p x",
        "['', '__proto__', 'b', 'of the page']",
        "None None",
    ]
    other = "session" if area == "local" else "local"
    assert page.evaluate(f"[{area}Storage.length, {other}Storage.length]") == [3, 0]
    assert play(ground, f"{area}_clear()\nprint({area}_keys())") == ["[]"]
    assert page.evaluate(f"{area}Storage.length") == 0


def test_a_database_outlives_its_program(ground: Ground) -> None:
    program = """
db = idb_open("notes", 1, '{"stores": ["items", "more"]}')
idb_put(db, "items", "text", "a\\0é😀\\ud800")
idb_put(db, "items", "bytes", bytes(range(256)))
idb_put(db, "items", 2, "number")
idb_put(db, "items", 10, "")
idb_put(db, "items", "text", "again")
print(idb_get(db, "items", "text"), idb_get(db, "items", "bytes") == bytes(range(256)), idb_get(db, "items", "2"))
print(idb_keys(db, "items"), idb_keys(db, "more"))
print(idb_delete(db, "items", 2), idb_delete(db, "items", 2), idb_get(db, "items", 2))
print(idb_close(db), idb_close(db))
"""
    assert play(ground, program) == [
        "again True None",
        '[2,10,"bytes","text"] []',
        "None None None",
        "None None",
    ]
    ground.call("element.reset()")
    program = """
db = idb_open("notes", 2, '{"stores": ["new"]}')
print(idb_get(db, "items", "text"), repr(idb_get(db, "items", 10)), idb_keys(db, "new"))
big = bytes(1024 * 1024)
idb_put(db, "new", "big", big)
print(idb_get(db, "new", "big") == big)
"""
    assert play(ground, program) == ["again '' []", "True"]


def test_errors_say_what_to_do(ground: Ground) -> None:
    before = """
closed = idb_open("notes", 3, '{"stores": ["items", "more"]}')
idb_close(closed)
db = idb_open("notes", 3)
"""
    calls = {
        "local_get()": "TypeError: local_get() needs argument 1 (key: str)",
        "local_set('a', 1)": "TypeError: local_set() argument 2 (value) must be str, not int",
        "local_keys(1)": "TypeError: local_keys() takes no arguments, 1 given",
        "session_get(None)": "TypeError: session_get() argument 1 (key) must be str, not None",
        "idb_open('notes', 2)": "ValueError: database 'notes' has a version above 2 already; open it with that one",
        "idb_open('n', 0)": "ValueError: the version of a database is an int from 1, not 0",
        "idb_open('n', -1)": "ValueError: the version of a database is an int from 1, not -1",
        "idb_open('n', 2 ** 60)": "TypeError: idb_open() argument 2 (version) must be int, not an int beyond 2**53",
        "idb_open('n', '1')": "TypeError: idb_open() argument 2 (version) must be int, not str",
        "idb_open('n', 1, '{')": "ValueError: idb_open() argument 3 (options) is not JSON; it is a text of JSON, like",
        "idb_open('n', 1, '[]')": "ValueError: idb_open() argument 3 (options) is no JSON object;",
        "idb_open('n', 1, '{\"stores\": \"x\"}')": 'ValueError: idb_open() argument 3 (options) has "stores" that are no',
        "idb_open('n', 1, '{\"store\": []}')": "ValueError: idb_open() argument 3 (options) has an entry 'store' that nobody",
        "idb_open('notes', 3, '{\"stores\": [\"new\"]}')": "ValueError: database 'notes' has version 3 already, without a store "
        "'new'; open it with version 4 to add it",
        "idb_get(closed, 'items', 'a')": "OSError: database 1 is closed; open it again with idb_open()",
        "idb_get(99, 'items', 'a')": "ValueError: there is no database 99; idb_open() gives the number of one",
        "idb_close(99)": "ValueError: there is no database 99; idb_open() gives the number of one",
        "idb_get('notes', 'items', 'a')": "TypeError: idb_get() argument 1 (db) must be the number of a database (int), not str",
        "idb_get(db, 'none', 'a')": "LookupError: database 'notes' has no store 'none' (it has: 'items', 'more'); to add it,",
        "idb_put(db, 'items', 1.5, 'a')": "TypeError: idb_put() argument 3 (key) must be str or int, not float",
        "idb_put(db, 'items', 'a', {})": "TypeError: idb_put() argument 4 (value) must be str or bytes, not dict",
        "local_set('a', 'x' * 11_000_000)": "OSError: the local storage of this site is full: the browser gives",
    }  # fmt: skip
    assert wrong(ground, calls, before) == {}
    assert ground.page.evaluate("indexedDB.databases().then((all) => all.map((each) => each.name).sort())") == [
        "edge-python",
        "notes",
    ], "what was refused was not made"


def test_a_full_disk_is_an_error_and_not_a_loss(
    browser: Browser, browser_context_args: dict[str, Any], dist: Path
) -> None:
    with Site({"/dist/": dist}) as site, opened(browser, browser_context_args, site) as ground:
        session = ground.page.context.new_cdp_session(ground.page)
        # Before the first write, because Chromium remembers for a while how much room it found.
        session.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 300_000})
        ground.put('<edge-python id="e" grant="storage" output="none"></edge-python>', wait="ready")
        # Bytes that do not compress, or they would fit.
        before = """
db = idb_open('notes', 1, '{"stores": ["items"]}')
idb_put(db, 'items', 'a', 'kept')
noise, x = [], 1
for _ in range(900_000):
    x = (x * 1103515245 + 12345) & 0x7fffffff
    noise.append(x >> 16 & 255)
"""
        said = "OSError: database 'notes' is full: the browser gives this site no more space; remove something first"
        assert wrong(ground, {"idb_put(db, 'items', 'a', bytes(noise))": said}, before) == {}
        assert play(ground, "print(idb_get(idb_open('notes'), 'items', 'a'))") == ["kept"]


def test_the_runtime_s_own_database_is_out_of_reach(ground: Ground) -> None:
    said = "PermissionError: names that begin with 'edge-python' are kept for the runtime,"
    calls = dict.fromkeys(["idb_open('edge-python')", "idb_open('edge-python-2')", "idb_drop('edge-python')"], said)
    assert wrong(ground, calls) == {}


def test_a_database_gives_way_to_others(ground: Ground) -> None:
    program = """
old = idb_open("notes", 1, '{"stores": ["items"]}')
new = idb_open("notes", 2)
idb_put(new, "items", "a", "kept")
print(idb_get(new, "items", "a"))
try:
    idb_get(old, "items", "a")
except OSError as e:
    print(e)
print(idb_drop("notes"), idb_drop("notes"))
try:
    idb_get(new, "items", "a")
except OSError as e:
    print(e)
print(idb_get(idb_open("notes", 1, '{"stores": ["items"]}'), "items", "a"))
"""
    why = "another tab or program changes or deletes it; open it again with idb_open()"
    assert play(ground, program) == [
        "kept",
        f"database 1 is closed: {why}",
        "None None",
        f"database 2 is closed: {why}",
        "None",
    ]


def test_a_page_that_does_not_give_way_is_an_error(ground: Ground) -> None:
    ground.page.evaluate("""() => new Promise((resolve, reject) => {
      const request = indexedDB.open('held', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('first');
      request.onsuccess = () => resolve(void (window.held = request.result));
      request.onerror = reject;
    })""")
    said = "OSError: database 'held' is open elsewhere and is not let go; close it there, then try again"
    # The second waits behind the first, and the browser does not say so.
    calls = dict.fromkeys(["idb_open('held', 2, '{\"stores\": [\"late\"]}')", "idb_open('held', 3)"], said)
    try:
        assert wrong(ground, calls) == {}
    finally:
        ground.page.evaluate("held.close()")
    assert play(ground, "print(idb_keys(idb_open('held', 1), 'first'))") == ["[]"], "what failed has not happened later"


def test_what_the_page_stored_is_read(ground: Ground) -> None:
    ground.page.evaluate("""() => new Promise((resolve, reject) => {
      const request = indexedDB.open('of the page', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('s');
      request.onerror = reject;
      request.onsuccess = () => {
        const tx = request.result.transaction('s', 'readwrite');
        tx.objectStore('s').put({ list: [1, 'x', null] }, 'dict');
        tx.objectStore('s').put(new Date(0), 'date');
        tx.oncomplete = () => resolve(request.result.close());
      };
    })""")
    program = "db = idb_open('of the page')\nprint(idb_get(db, 's', 'dict'))\n"
    assert play(ground, program) == ["{'list': [1, 'x', None]}"]
    said = "TypeError: the result of idb_get() is an instance of Date, which cannot cross to the program"
    assert wrong(ground, {"idb_get(db, 's', 'date')": said}, program.partition("\n")[0] + "\n") == {}


def test_reset_closes_databases(ground: Ground) -> None:
    # Watched, because a connection that is left open would still give way to whoever asks.
    ground.page.evaluate("""() => {
      const { close } = IDBDatabase.prototype;
      window.letGo = [];
      IDBDatabase.prototype.close = function () {
        letGo.push(this.name);
        return close.call(this);
      };
      window.unwatch = () => { IDBDatabase.prototype.close = close; };
    }""")
    play(ground, "idb_open('notes')\nidb_open('more')")
    ground.call("element.reset()")
    ground.page.evaluate("unwatch()")
    assert ground.page.evaluate("letGo") == ["notes", "more"]
    assert wrong(ground, {"idb_close(1)": "ValueError: there is no database 1;"}) == {}


def test_a_page_without_storage(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> None:
    with Site({"/dist/": dist}) as site, opened(browser, browser_context_args, site) as ground:
        ground.page.evaluate("""() => {
          const refuse = { get() { throw new DOMException('not here', 'SecurityError'); } };
          for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(window, name, refuse);
        }""")
        ground.put('<edge-python id="e" grant="storage" output="none"></edge-python>', wait="ready")
        said = "OSError: this browser does not let the page store anything (its settings, or a private window)"
        calls = dict.fromkeys(["local_get('a')", "session_set('a', 'b')", "idb_open('a')", "idb_drop('a')"], said)
        assert wrong(ground, calls) == {}
