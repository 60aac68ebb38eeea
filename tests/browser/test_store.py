"""The page's store and loader in a real browser, over its IndexedDB and a real server.

Takes: `web/page/` as it is served. Holds: the guarantees of the content-addressed store (atomic, self-healing, shared by
tabs, surviving a browser that gives no database), and what a lock does to a program's requests. The loader's logic in
detail: tests/web/loader.test.js.
"""

import contextlib
import random
import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from tests.support.site import CORS, Site

KILLS = 60
GROUP = 5  # entries of one commit: all of them are there, or none

# What every page of these tests has: a store, a loader per `visit()`, and the database with its cover off.
HARNESS = """<!doctype html><title>store</title><script type="module">
import { createFetcher } from '/web/page/fetch.js';
import { createLoader } from '/web/page/loader.js';
import { openStore } from '/web/page/store.js';

const { origin } = location;
window.warnings = [];
const onWarning = (text) => void warnings.push(text);
window.open_ = (options) => openStore({ onWarning, ...options });
window.visit = async ({ fetch, ...options } = {}) => createLoader({
  store: await openStore({ onWarning }),
  fetcher: createFetcher({ origin, timeoutMs: 5000, ...fetch }),
  origin,
  onWarning,
  ...options,
});
window.need = (spec, kind = 'module') => {
  const remote = spec.includes('://');
  return { key: spec, kind, spec, location: spec, remote, integrity: null };
};
const text = new TextDecoder();
window.said = (outcomes) => outcomes.map(({ key, bytes, ...rest }) => bytes ? { ...rest, text: text.decode(bytes) } : rest);
window.run = async (loader, needs, root = '/app/') => {
  const outcomes = said(await loader.supply(needs, root));
  const refused = await loader.commit(root, needs.map(({ key }) => key));
  return refused.length ? said(refused) : outcomes;
};
window.digest = async (data) => {
  const hash = await crypto.subtle.digest('SHA-256', typeof data === 'string' ? new TextEncoder().encode(data) : data);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
};
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
window.raw = async (work, version) => {
  const db = await done(indexedDB.open('edge-python', version));
  try {
    const tx = db.transaction(['blobs', 'programs'], 'readwrite');
    return await work(tx.objectStore('blobs'), tx.objectStore('programs'), done);
  } finally {
    db.close();
  }
};
// Every entry of every lock, and what of it has no blob with its digest.
window.audit = () => raw(async (blobs, programs, done) => {
  const [keys, values, records] = await Promise.all([done(blobs.getAllKeys()), done(blobs.getAll()), done(programs.getAll())]);
  const entries = records.flatMap((record) => Object.entries(record.modules));
  const stored = new Map(keys.map((key, i) => [key, values[i]]));
  return { entries, blobs: stored };
}).then(async ({ entries, blobs }) => {
  const wrong = [];
  for (const [key, bytes] of blobs) if (await digest(bytes) !== key) wrong.push(`blob ${key}`);
  for (const [spec, entry] of entries) if (!entry.absent && !blobs.has(entry.sha256)) wrong.push(spec);
  return { specs: entries.map(([spec]) => spec), blobs: blobs.size, wrong };
});
// Commits without end (or `rounds` of them), several entries at a time.
window.churn = async (name, rounds, size = 4000) => {
  const store = await openStore({ onWarning });
  for (let round = 0; round < rounds; round += 1) {
    const [modules, blobs] = [{}, new Map()];
    for (let i = 0; i < GROUP; i += 1) {
      const bytes = new Uint8Array(size);
      crypto.getRandomValues(bytes.subarray(0, 32));
      const sha256 = await store.digest(bytes);
      blobs.set(sha256, bytes);
      modules[`https://x.test/${name}/${round}/${i}.py`] = { sha256, bytes: size };
    }
    window.rounds = round;
    const conflicts = await store.commit('shared', { modules, blobs });
    if (conflicts.length) throw new Error('conflict');
  }
  return rounds;
};
window.ready = true;
</script>""".replace("GROUP", str(GROUP))


def harness(page: Page, site: Site) -> Page:
    """Open the page of these tests."""
    site.put("/store.html", HARNESS, "text/html")
    page.goto(f"{site.url}/store.html")
    page.wait_for_function("window.ready")
    return page


def texts(outcomes: Any) -> list[str]:
    """What came as bytes, else what came."""
    return [outcome.get("text", outcome["kind"]) for outcome in outcomes]


def test_a_cold_run_fetches_and_a_second_visit_does_not(page: Page, site: Site, other_site: Site) -> None:
    harness(page, site)
    site.put("/app/a.py", "a")
    there = [
        other_site.put("/u.py", "u", headers=CORS),
        other_site.put("/r.py", redirect="/u.py", headers=CORS),
        f"{other_site.url}/packages.json",
    ]
    needs = f"[need('/app/a.py'), need('{there[0]}'), need('{there[1]}'), need('{there[2]}', 'manifest')]"
    expected = [
        {"kind": "bytes", "url": None, "text": "a"},
        {"kind": "bytes", "url": None, "text": "u"},
        {"kind": "bytes", "url": there[0], "text": "u"},
        {"kind": "absent"},
    ]
    assert page.evaluate(f"visit().then((l) => run(l, {needs}))") == expected
    assert sorted(other_site.paths()) == ["/packages.json", "/r.py", "/u.py", "/u.py"]
    page.reload()
    page.wait_for_function("window.ready")
    for log in (site, other_site):
        log.clear_log()
    twice = f"visit().then(async (l) => [await run(l, {needs}), await run(l, {needs}), l.integrityActive])"
    assert page.evaluate(twice) == [expected, expected, True]
    assert (site.paths(), other_site.paths()) == (["/app/a.py"], [])
    assert page.evaluate("audit().then((a) => [a.specs.sort(), a.wrong])") == [sorted(there), []]
    assert page.evaluate("warnings") == []


def test_what_the_network_does_to_a_module(page: Page, site: Site, other_site: Site) -> None:
    harness(page, site)
    here = site.url
    cases = {
        site.put("/500.py", status=500): "the server answered 500",
        f"{here}/nothing.py": None,
        other_site.put("/u.py", "u"): "the request was blocked or the server could not be reached",
        site.put("/half.py", "x" * 4000, truncate=True): "the connection broke before the end of the file",
        site.put("/slow.py", "x", delay=3): "no answer within 0.7 s",
    }
    answer = page.evaluate(
        "(urls) => visit({ fetch: { timeoutMs: 700 } }).then((l) => run(l, urls.map((url) => need(url))))", list(cases)
    )
    assert [outcome.get("reason") for outcome in answer] == list(cases.values())
    assert [outcome["kind"] for outcome in answer] == ["failed", "absent", "failed", "failed", "failed"]
    cors = (
        f"'{other_site.url}' is another origin, so its server has to send the header 'Access-Control-Allow-Origin: *'"
    )
    assert [outcome.get("hint") for outcome in answer] == [None, None, cors, None, None]
    assert page.evaluate("audit().then((a) => a.specs)") == []


def test_drift_after_eviction_fails_with_both_digests(page: Page, site: Site) -> None:
    harness(page, site)
    url = site.put("/u.py", "old")
    assert texts(page.evaluate(f"visit().then((l) => run(l, [need('{url}')]))")) == ["old"]
    site.put("/u.py", "new")
    assert texts(page.evaluate(f"visit().then((l) => run(l, [need('{url}')]))")) == ["old"]
    page.evaluate("raw((blobs, _, done) => done(blobs.clear()))")
    old, new = page.evaluate("Promise.all([digest('old'), digest('new')])")
    drift = [{"kind": "drift", "locked": old, "remote": new}]
    for options in ("{}", "{ frozen: true }"):
        assert page.evaluate(f"visit({options}).then((l) => l.supply([need('{url}')], '/app/')).then(said)") == drift
    assert page.evaluate("visit().then((l) => l.entries('/app/'))") == {url: {"sha256": old, "bytes": 3}}
    assert page.evaluate("audit().then((a) => a.blobs)") == 0
    site.put("/u.py", "old")
    assert texts(page.evaluate(f"visit().then((l) => run(l, [need('{url}')]))")) == ["old"]
    assert page.evaluate("audit().then((a) => a.wrong)") == []
    site.put("/u.py", "new")
    changes = {"ok": True, "changes": [{"spec": url, "old": old, "new": new}]}
    assert page.evaluate("visit().then((l) => l.update('/app/'))") == changes
    assert texts(page.evaluate(f"visit({{ frozen: true }}).then((l) => run(l, [need('{url}')]))")) == ["new"]
    assert page.evaluate("audit().then((a) => [a.blobs, a.wrong])") == [1, []]


def test_frozen_and_offline(page: Page, context: BrowserContext, site: Site) -> None:
    harness(page, site)
    site.put("/app/a.py", "a")
    u, v = site.put("/u.py", "u"), site.put("/v.py", "v")
    manifests = [f"{site.url}/packages.json", "/packages.json"]
    known = f"[need('{u}'), need('/app/a.py'), need('{manifests[0]}', 'manifest'), need('{manifests[1]}', 'manifest')]"
    page.evaluate(f"visit().then((l) => run(l, {known}))")
    site.clear_log()
    frozen = page.evaluate(f"visit({{ frozen: true }}).then((l) => run(l, [need('{u}'), need('{v}')]))")
    assert (texts(frozen), frozen[1]["reason"]) == (["u", "failed"], "it is not in the lockfile (frozen)")
    offline = page.evaluate(f"visit({{ offline: true }}).then((l) => run(l, [...{known}, need('{v}')]))")
    assert texts(offline) == ["u", "a", "absent", "absent", "failed"]
    assert offline[-1]["reason"] == "it is not stored, and this run is offline"
    assert site.paths() == []
    context.set_offline(True)
    assert texts(page.evaluate(f"visit().then((l) => run(l, {known}))")) == ["u", "a", "absent", "absent"]
    context.set_offline(False)
    assert page.evaluate("warnings") == [
        "the server could not be reached: local files are used as they were when this program last ran"
    ]


def test_two_tabs_lose_nothing(page: Page, context: BrowserContext, site: Site) -> None:
    tabs = [harness(page, site), harness(context.new_page(), site)]
    for i, tab in enumerate(tabs):
        tab.evaluate(f"void churn('tab{i}', 150).then((n) => {{ window.churned = n; }})")
    for tab in tabs:
        tab.wait_for_function("window.churned === 150", timeout=60_000)
    found = page.evaluate("audit()")
    assert (len(set(found["specs"])), found["blobs"], found["wrong"]) == (2 * 150 * GROUP, 2 * 150 * GROUP, [])


def test_two_tabs_that_see_different_bytes_do_not_both_lock_them(
    page: Page, context: BrowserContext, site: Site
) -> None:
    tabs = [harness(page, site), harness(context.new_page(), site)]
    url = f"{site.url}/u.py"
    for i, tab in enumerate(tabs):
        site.put("/u.py", f"bytes of tab {i}")
        tab.evaluate(f"visit().then(async (l) => {{ window.loader = l; await l.supply([need('{url}')], '/app/'); }})")
    for tab in tabs:
        tab.evaluate(f"window.ended = loader.commit('/app/', ['{url}'])")
    kinds = sorted([o["kind"] for o in tab.evaluate("ended.then(said)")] for tab in tabs)
    assert kinds == [[], ["drift"]]
    assert page.evaluate("audit().then((a) => [a.specs, a.blobs, a.wrong])") == [[url], 1, []]


def test_killing_the_page_at_any_point_leaves_whole_commits(page: Page, context: BrowserContext, site: Site) -> None:
    harness(page, site)
    dice = random.Random(2)  # noqa: S311 - points in time, not secrets
    hit = 0
    for kill in range(KILLS):
        victim = harness(context.new_page(), site)
        victim.evaluate(f"void churn('kill{kill}', 100_000, {dice.choice([100, 4000, 200_000])})")
        victim.wait_for_function("window.rounds >= 0")
        time.sleep(dice.uniform(0, 0.06))
        if kill % 6 == 0:
            crash(victim)
        victim.close()
        found = page.evaluate("audit()")
        assert found["wrong"] == [], f"kill {kill}"
        assert len(found["specs"]) % GROUP == 0, f"kill {kill}: half a commit"
        hit += bool(found["specs"])
        if kill % 10 == 9:
            assert page.evaluate("open_().then((s) => s.commit('shared', { modules: {} }))") == []
            page.evaluate("open_().then((s) => s.clear('shared'))")
    assert hit > KILLS / 2, "the pages were killed before they wrote anything"
    assert page.evaluate("warnings") == []


def crash(page: Page) -> None:
    """End the renderer process where it stands, as happens when the memory runs out."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=5_000)


@pytest.mark.parametrize("damage", ["new Uint8Array([1, 2, 3])", "'text'", "new Uint8Array()", "null"])
def test_a_damaged_blob_heals_with_one_warning(page: Page, site: Site, damage: str) -> None:
    harness(page, site)
    url = site.put("/u.py", "u")
    page.evaluate(f"visit().then((l) => run(l, [need('{url}')]))")
    key = page.evaluate("digest('u')")
    break_it = f"raw((blobs, _, done) => done(blobs.put({damage}, '{key}')))"
    page.evaluate(break_it)
    site.clear_log()
    store_twice = "async (key) => { const s = await open_(); await s.readBlobs([key]); await s.readBlobs([key]); }"
    page.evaluate(store_twice, key)
    assert page.evaluate("raw((blobs, _, done) => done(blobs.count()))") == 0
    warning = f"the stored copy of sha256-{key} was damaged and has been deleted; it is fetched again"
    assert page.evaluate("warnings") == [warning]
    page.evaluate(break_it)
    assert texts(page.evaluate(f"visit().then((l) => run(l, [need('{url}')]))")) == ["u"]
    assert site.paths() == ["/u.py"]
    assert page.evaluate("audit().then((a) => [a.specs, a.blobs, a.wrong])") == [[url], 1, []]


NO_DATABASE = {
    "a getter that throws": (
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })",
        "this browser does not let the page store anything",
    ),
    "undefined": (
        "Object.defineProperty(window, 'indexedDB', { value: undefined })",
        "the database in this browser failed (Cannot read properties of undefined (reading 'open'))",
    ),
    "open throws": (
        "IDBFactory.prototype.open = () => { throw new DOMException('private', 'InvalidStateError'); }",
        "the database in this browser failed (private)",
    ),
    "open never answers": (
        """const open = IDBFactory.prototype.open;
        IDBFactory.prototype.open = function (...args) {
          const request = open.apply(this, args);
          for (const type of ['success', 'error', 'upgradeneeded', 'blocked']) {
            request.addEventListener(type, (event) => event.stopImmediatePropagation());
          }
          return request;
        }""",
        "the browser did not open its database within 3 s",
    ),
    "no transaction": (
        "IDBDatabase.prototype.transaction = () => { throw new DOMException('broken', 'UnknownError'); }",
        "the database in this browser failed (broken)",
    ),
    "no secure context": (
        "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })",
        "this page is not a secure context (https: or localhost), so digests cannot be checked",
    ),
}


@pytest.mark.parametrize("how", NO_DATABASE)
def test_without_a_database_the_run_goes_on_from_memory(page: Page, site: Site, how: str) -> None:
    script, reason = NO_DATABASE[how]
    page.add_init_script(script)
    harness(page, site)
    url = site.put("/u.py", "u")
    started = time.monotonic()
    needs = f"[need('{url}')]"
    runs = f"visit().then(async (l) => [await run(l, {needs}), await run(l, {needs}), l.integrityActive, await l.clear('/app/')])"
    first, second, active, _ = page.evaluate(runs)
    assert (texts(first), texts(second), active) == (["u"], ["u"], False)
    assert time.monotonic() - started < 6
    assert site.paths().count("/u.py") == 1
    assert page.evaluate("warnings") == [f"modules are not kept: {reason}; this page goes on from memory"]


def test_a_database_from_the_future_stays_as_it_is(page: Page, site: Site) -> None:
    harness(page, site)
    page.evaluate("""new Promise((resolve) => {
      const request = indexedDB.open('edge-python', 7);
      request.onupgradeneeded = () => request.result.createObjectStore('marker');
      request.onsuccess = () => resolve(request.result.close());
    })""")
    assert page.evaluate("open_().then((s) => s.persistent)") is False
    why = "the database in this browser was written by a newer version of Edge Python"
    assert page.evaluate("warnings") == [f"modules are not kept: {why}; this page goes on from memory"]
    names = "indexedDB.databases().then((all) => all.map(({ name, version }) => [name, version]))"
    assert page.evaluate(names) == [["edge-python", 7]]


def test_a_record_that_cannot_be_read_is_never_overwritten(page: Page, site: Site) -> None:
    harness(page, site)
    url = site.put("/u.py", "u")
    page.evaluate("open_()")
    page.evaluate("raw((_, programs, done) => done(programs.put({ modules: 3 }, `${location.origin}/app/`)))")
    assert texts(page.evaluate(f"visit().then((l) => run(l, [need('{url}')]))")) == ["u"]
    assert page.evaluate("raw((_, programs, done) => done(programs.getAll()))") == [{"modules": 3}]
    assert len(page.evaluate("warnings")) == 1


def test_a_tab_that_blocks_the_database_is_not_waited_for(page: Page, context: BrowserContext, site: Site) -> None:
    blocker = harness(page, site)
    blocker.evaluate("""new Promise((resolve) => {
      const request = indexedDB.open('edge-python', 1);
      request.onsuccess = () => { window.kept = request.result; resolve(); };
    })""")
    upgrader = context.new_page()
    upgrader.add_init_script(
        "const { open } = IDBFactory.prototype; IDBFactory.prototype.open = function (n) { return open.call(this, n, 2); }"
    )
    harness(upgrader, site)
    assert upgrader.evaluate("open_().then((s) => s.persistent)") is False
    why = "another tab holds an older version of the database open"
    assert upgrader.evaluate("warnings") == [f"modules are not kept: {why}; this page goes on from memory"]
    blocker.evaluate("void indexedDB.deleteDatabase('edge-python')")
    waiting = harness(context.new_page(), site)
    started = time.monotonic()
    assert waiting.evaluate("open_({ openMs: 500 }).then((s) => s.persistent)") is False
    assert time.monotonic() - started < 2
    # Whatever opens late is closed again: no connection of ours keeps the others from their turn.
    blocker.evaluate("kept.close()")
    waiting.wait_for_timeout(200)
    assert blocker.evaluate("""new Promise((resolve) => {
      const request = indexedDB.deleteDatabase('edge-python');
      request.onsuccess = () => resolve(true);
      request.onblocked = () => resolve(false);
    })""")


@pytest.mark.parametrize("how", ["another tab deletes it", "the browser closes it"])
def test_losing_the_database_keeps_the_lock_in_force(page: Page, context: BrowserContext, site: Site, how: str) -> None:
    harness(page, site)
    url = site.put("/u.py", "old")
    page.evaluate(f"visit().then(async (l) => {{ window.loader = l; await run(l, [need('{url}')]); }})")
    if how == "another tab deletes it":
        other = harness(context.new_page(), site)
        deleted = (
            "new Promise((r) => { const d = indexedDB.deleteDatabase('edge-python'); d.onsuccess = () => r(true); })"
        )
        assert other.evaluate(deleted)
        why = "another tab changed or deleted the database"
    else:
        arguments = {"origin": site.url, "storageTypes": "indexeddb"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", arguments)
        why = "the browser closed the database"
    page.wait_for_function("!loader.integrityActive")
    assert page.evaluate("warnings") == [f"modules are not kept: {why}; this page goes on from memory"]
    site.put("/u.py", "new")
    again = f"(async () => {{ const first = await run(loader, [need('{url}')]); loader.reset(); "
    again += f"return [...first, ...await run(loader, [need('{url}')])]; }})()"
    assert [outcome["kind"] for outcome in page.evaluate(again)] == ["bytes", "drift"]
    assert len(page.evaluate("warnings")) == 1


def test_a_full_disk_ends_the_writing_and_not_the_reading(page: Page, context: BrowserContext, site: Site) -> None:
    harness(page, site)
    small, large = site.put("/u.py", "u"), site.put("/large.py", random.Random(1).randbytes(900_000))  # noqa: S311
    # Before the first write, because Chromium remembers for a while how much room it found.
    session = context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 300_000})
    page.evaluate(f"visit().then((l) => run(l, [need('{small}')]))")
    result = page.evaluate(f"""visit().then(async (l) => {{
      const first = (await run(l, [need('{large}')])).map(({{ kind }}) => kind);
      l.reset();
      const second = (await run(l, [need('{large}'), need('{small}')])).map(({{ kind }}) => kind);
      return [first, second, l.integrityActive, Object.keys(await l.entries('/app/')).length];
    }})""")
    assert result == [["bytes"], ["bytes", "bytes"], False, 2]
    why = "the space that the browser gives this site is full"
    assert page.evaluate("warnings") == [f"modules are not kept: {why}; this page goes on from memory"]
    assert (site.paths().count("/u.py"), site.paths().count("/large.py")) == (1, 1)
    session.send("Storage.overrideQuotaForOrigin", {"origin": site.url})
    assert page.evaluate("audit().then((a) => [a.specs, a.wrong])") == [[small], []]


def test_edits_of_local_files_leave_nothing_behind(page: Page, site: Site) -> None:
    harness(page, site)
    shared = site.put("/shared.py", "edit 0")
    for edit in range(5):
        site.put("/app/a.py", f"edit {edit}")
        page.evaluate(f"visit().then((l) => run(l, [need('/app/a.py'), need('{shared}')]))")
    # The first edit's bytes stay: a lock names them, too.
    assert page.evaluate("audit().then((a) => [a.blobs, a.wrong])") == [2, []]


def test_clearing_takes_every_blob_and_this_program_s_lock(page: Page, site: Site) -> None:
    harness(page, site)
    u, v = site.put("/u.py", "u"), site.put("/v.py", "v")
    page.evaluate(
        f"visit().then(async (l) => {{ await run(l, [need('{u}')]); await run(l, [need('{v}')], '/other/'); }})"
    )
    page.evaluate("visit().then((l) => l.clear('/app/'))")
    assert page.evaluate("audit().then((a) => [a.specs, a.blobs])") == [[v], 0]
    site.put("/v.py", "other")
    kinds = f"visit().then(async (l) => [await run(l, [need('{u}')]), await run(l, [need('{v}')], '/other/')])"
    assert [outcome[0]["kind"] for outcome in page.evaluate(kinds)] == ["bytes", "drift"]


def test_a_thousand_modules_from_a_warm_store(page: Page, site: Site, record_property: Any) -> None:
    harness(page, site)
    filler = "# thirty lines of a module\n" * 30
    urls = [site.put(f"/m/{i}.py", f"x = {i}\n{filler}") for i in range(1000)]
    timed = """async (urls) => {
      const loader = await visit();
      const needs = urls.map((url) => need(url));
      const marks = [performance.now()];
      const outcomes = await loader.supply(needs, '/app/');
      marks.push(performance.now());
      const refused = await loader.commit('/app/', urls);
      marks.push(performance.now());
      const again = await loader.supply(needs, '/app/');
      marks.push(performance.now());
      const good = [...outcomes, ...again].every(({ kind }) => kind === 'bytes') && refused.length === 0;
      return [good, ...marks.slice(1).map((mark, i) => Math.round(mark - marks[i]))];
    }"""
    cold = page.evaluate(timed, urls)
    site.clear_log()
    warm = [page.evaluate(timed, urls) for _ in range(3)]
    assert site.paths() == []
    assert all(run[0] for run in [cold, *warm])
    record_property("cold: supply, commit, again in ms", cold[1:])
    record_property("warm: supply, commit, again in ms", warm)
    print(f"1000 modules, ms for supply, commit, supply again: cold {cold[1:]}, warm {[run[1:] for run in warm]}")
