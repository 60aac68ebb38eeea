"""The lock and the store behind a program, as its page and its servers see them.

Takes: real programs, the sites' logs and the browser's own request events. Holds: formats.md on packages.lock.json and the
store, browser.md on what is fetched when. The store and the loader by themselves: test_store.py, tests/web/loader.test.js.
"""

import hashlib
import json
import random
import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.lab import Lab, picture
from tests.support.site import CORS, Site

pytestmark = pytest.mark.usefixtures("dist")

KILLS = 50


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def lab(quick: Lab) -> Lab:
    """Here workers start at once, but where a test says otherwise."""
    return quick


@pytest.fixture
def kit(lab: Lab) -> Site:
    return put_kit(lab)


def put_kit(lab: Lab) -> Site:
    """A program on the page's site, `/app/main.py`, that uses a library of another origin."""
    site, other_site = lab.site, lab.other
    site.put("/app/main.py", "from './lib/local.py' import l\nfrom kit import k\nprint(l, k)\n")
    site.put("/app/lib/local.py", "l = 'local'\n")
    site.put("/app/packages.json", json.dumps({"imports": {"kit": f"{other_site.url}/kit/index.py"}}))
    other_site.put("/kit/index.py", "from './a.py' import a\nfrom part import b\nk = a + b\n", headers=CORS)
    other_site.put("/kit/a.py", "a = 'a'\n", headers=CORS)
    other_site.put("/kit/packages.json", '{"imports": {"part": "./b.py"}}', headers=CORS)
    other_site.put("/kit/b.py", "b = 'b'\n", headers=CORS)
    return other_site


FAR = ["/kit/a.py", "/kit/b.py", "/kit/index.py", "/kit/packages.json", "/packages.json"]
NEAR = ["/app/lib/local.py", "/app/main.py", "/app/packages.json", "/packages.json"]


# -- what is fetched when --------------------------------------------------------------------------------------------


def test_cold_then_live_then_second_visit(context: BrowserContext, site: Site, other_site: Site) -> None:
    lab = Lab(context, site, other_site)
    kit = put_kit(lab)
    lab.start()
    lab.clear()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.asked() == (NEAR, FAR), "a cold run asks for each once"
    entries = {
        "/kit/a.py": "a = 'a'\n",
        "/kit/b.py": "b = 'b'\n",
        "/kit/index.py": "from './a.py' import a\nfrom part import b\nk = a + b\n",
        "/kit/packages.json": '{"imports": {"part": "./b.py"}}',
    }
    lock: dict[str, Any] = {
        kit.url + path: {"sha256": sha256(text), "bytes": len(text)} for path, text in entries.items()
    }
    lock[f"{kit.url}/packages.json"] = {"absent": True}
    audit = lab.audit()
    assert audit["programs"] == {f"{lab.site.url}/app/": lock}
    assert audit["wrong"] == []

    lab.clear()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.asked() == ([], []), "a live worker asks for nothing"

    lab.again()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.asked() == (NEAR, []), "a second visit asks for the page's own files alone"
    lab.evaluate("w.stop()")
    stopped = (
        "async () => { const run = w.run('while True: pass'); setTimeout(() => w.stop(), 50); return (await run).ok; }"
    )
    assert lab.evaluate(stopped) is False
    lab.clear()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.asked() == ([], []), "nor does a worker whose engine was replaced"
    assert lab.warnings == []


def test_a_level_is_fetched_at_once(lab: Lab) -> None:
    other_site = lab.other
    delay, width = 0.4, 12
    imports = ""
    for n in range(width):
        url = other_site.put(f"/m{n}.py", f"from './n{n}.py' import x\n", headers=CORS, delay=delay)
        other_site.put(f"/n{n}.py", f"x = {n}\n", headers=CORS, delay=delay)
        imports += f'from "{url}" import x as x{n}\n'
    lab.start()
    seen: list[str] = []
    lab.context.on("request", lambda request: seen.append(f"ask {request.url.removeprefix(other_site.url)[:2]}"))
    lab.context.on("response", lambda response: seen.append(f"got {response.url.removeprefix(other_site.url)[:2]}"))
    result = lab.run(f"{imports}print({'+'.join(f'x{n}' for n in range(width))})\n")
    assert result["out"] == f"{sum(range(width))}\n"
    assert seen == ["ask /m"] * width + ["got /m"] * width + ["ask /n"] * width + ["got /n"] * width
    assert len(other_site.paths()) == 2 * width
    # A browser has six connections to a server of HTTP/1.1, so twelve files take two delays.
    assert other_site.at_once == 6


def test_local_files_are_revalidated_once_a_page(lab: Lab) -> None:
    site = lab.site
    tagged = {"ETag": '"1"', "Cache-Control": "max-age=3600"}
    site.put("/app/main.py", "from './a.py' import a\nprint(a)\n", headers=tagged)
    site.put("/app/a.py", "a = 1\n", headers=tagged)
    modules = ["/app/main.py", "/app/a.py"]
    seen: list[int] = []
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "1\n"
    lab.again()
    session = lab.context.new_cdp_session(lab.page)
    session.send("Network.enable")
    session.on("Network.responseReceivedExtraInfo", lambda event: seen.append(event["statusCode"]))
    for _ in range(2):
        assert lab.entry("/app/main.py")["out"] == "1\n"
    assert [path for path in site.paths() if path in modules] == modules
    assert seen.count(304) == 2, "they have not changed, and are not sent again"
    # The author's edit shows on the next page load, fresh as the browser's cache thinks its copy is.
    site.put("/app/a.py", "a = 2\n", headers={**tagged, "ETag": '"2"'})
    lab.again()
    assert lab.entry("/app/main.py")["out"] == "2\n"
    sent = [
        headers.get("If-None-Match")
        for path, headers in zip(site.paths(), site.headers, strict=True)
        if path in modules
    ]
    assert sent == ['"1"', '"1"']


def test_last_copies_serve_when_the_server_is_gone(lab: Lab, kit: Site) -> None:
    lab.site.put(
        "/app/packages.json", json.dumps({"imports": {"kit": f"{kit.url}/kit/index.py"}, "host": {"box": "/box.js"}})
    )
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    lab.again()
    lab.context.set_offline(True)
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.warnings == [
        "the server could not be reached: local files are used as they were when this program last ran"
    ]
    assert lab.run("from './app/none.py' import x\n")["error"]["message"] == (
        "cannot load module './app/none.py': the request was blocked or the server could not be reached"
    )
    lab.context.set_offline(False)
    lab.site.put("/app/lib/local.py", "l = 'edited'\n")
    assert lab.evaluate("w.reset().then(() => w.runEntry('/app/main.py'))")["out"] == "edited ab\n"
    assert len(lab.warnings) == 1


def test_the_page_s_manifest_grants_from_its_last_copy(lab: Lab) -> None:
    other_site = lab.other
    box = other_site.put("/box.js", "export const box = { f: () => 'granted' };", "text/javascript", headers=CORS)
    lab.site.put("/app/main.py", "from box import f\nprint(f())\n")
    lab.site.put("/app/packages.json", json.dumps({"host": {"box": box}}))
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "granted\n"
    lab.again()
    down = "(origin) => { const { fetch } = window; window.fetch = (url, init) => `${url}`.startsWith(origin) "
    down += "? Promise.reject(new TypeError('down')) : fetch(url, init); }"
    lab.evaluate(down, lab.site.url)
    assert lab.entry("/app/main.py")["out"] == "granted\n"


# -- drift -----------------------------------------------------------------------------------------------------------


def test_drift_runs_nothing_and_changes_nothing(lab: Lab, kit: Site) -> None:
    options = "{ mainThreadModules: { page: { called: () => { said.push('called'); } } } }"
    lab.site.put("/app/main.py", "print('ran')\nfrom page import called\ncalled()\nfrom kit import k\nprint(k)\n")
    lab.start(options)
    assert lab.entry("/app/main.py")["out"] == "ran\nab\n"
    before = lab.audit()
    old = lab.lock()[f"{kit.url}/kit/a.py"]["sha256"]
    kit.put("/kit/a.py", "a = 'evil'\n", headers=CORS)
    lab.again(options)
    assert lab.entry("/app/main.py")["out"] == "ran\nab\n", "what is stored needs no server"
    lab.evict(old)
    lab.again(options)
    result = lab.evaluate("""async () => {
      const heard = [];
      w.onOutput((text) => void heard.push(text));
      const result = await w.runEntry('/app/main.py');
      w.onOutput(null);
      return { ...result, heard, said };
    }""")
    new = sha256("a = 'evil'\n")
    rendered = (
        f"error: integrity drift for '{kit.url}/kit/a.py'\n  locked: sha256-{old}\n  remote: sha256-{new}\n"
        f"   --> {kit.url}/kit/index.py:1:6\n    |\n  1 | from './a.py' import a\n    |      ^^^^^^^^\n"
        f"    = note: imported by main.py -> {kit.url}/kit/index.py"
    )
    assert result["error"]["rendered"] == rendered
    assert (result["heard"], result["said"], result["exitCode"]) == ([], [], 2)
    after = lab.audit()
    assert (after["programs"], after["blobs"]) == (before["programs"], before["blobs"] - 1)
    kit.put("/kit/a.py", "a = 'a'\n", headers=CORS)
    assert lab.entry("/app/main.py")["out"] == "ran\nab\n"
    assert lab.audit() == before


def test_everything_evicted_is_fetched_again_and_checked(lab: Lab, kit: Site) -> None:
    lab.start()
    lab.entry("/app/main.py")
    before = lab.audit()
    lab.evict()
    lab.again()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert sorted(kit.paths()) == ["/kit/a.py", "/kit/b.py", "/kit/index.py", "/kit/packages.json"]
    assert lab.audit() == before
    assert lab.warnings == []


# -- several tabs ----------------------------------------------------------------------------------------------------


def both(tabs: list[Page], source: str) -> list[dict[str, Any]]:
    """Run a program in two tabs at once."""
    for tab in tabs:
        tab.evaluate("(source) => { window.result = w.run(source); }", source)
    return [tab.evaluate("result") for tab in tabs]


def test_two_tabs_at_once(context: BrowserContext, site: Site, other_site: Site) -> None:
    lab = Lab(context, site, other_site)
    url = other_site.put("/u.py", "x = 1\n", headers=CORS, delay=0.1)
    tabs = [lab.page, lab.open()]
    for tab in tabs:
        tab.evaluate("() => { window.starting = createWorker(); }")
    for tab in tabs:
        tab.evaluate("async () => { window.w = await starting; }")
    source = f'from "{url}" import x\nprint(x)\n'
    assert [result["out"] for result in both(tabs, source)] == ["1\n", "1\n"]
    assert other_site.paths() == ["/u.py", "/u.py"]
    assert lab.audit()["wrong"] == []
    assert lab.lock() == {url: {"sha256": sha256("x = 1\n"), "bytes": 6}}

    # Each tab is told something else: one locks it, the other refuses to run.
    other_site.put("/v.py", headers=CORS, bodies=["x = 'one'\n", "x = 'two'\n"], delay=0.8)
    other_site.clear_log()
    source = f'from "{other_site.url}/v.py" import x\nprint(x)\n'
    results = both(tabs, source)
    assert len(other_site.paths()) == 2, "both asked before either had locked"
    (good,) = [result for result in results if result["ok"]]
    (refused,) = [result for result in results if not result["ok"]]
    locked = good["out"].strip()
    digests = {name: sha256(f"x = '{name}'\n") for name in ("one", "two")}
    other = "two" if locked == "one" else "one"
    assert refused["out"] == (
        f"error: integrity drift for '{other_site.url}/v.py'\n"
        f"  locked: sha256-{digests[locked]}\n  remote: sha256-{digests[other]}"
    )
    assert refused["exitCode"] == 2
    audit = lab.audit()
    assert audit["wrong"] == []
    # From now on both have what was locked, and so it is with a manifest that is there for one tab only.
    assert [tab.evaluate("(source) => w.run(source)", source)["out"] for tab in tabs] == [f"{locked}\n"] * 2
    base = f"{other_site.url}/w/"
    other_site.put("/w/u.py", "from part import x\n", headers=CORS)
    other_site.put("/w/packages.json", '{"imports": {"part": "./part.py"}}', headers=CORS)
    other_site.put("/packages.json", '{"imports": {"part": "./w/part.py"}}', headers=CORS)
    other_site.put("/w/part.py", "x = 'part'\n", headers=CORS, delay=0.8)
    tabs[1].route(f"{base}packages.json", lambda route: route.fulfill(status=404, headers=CORS))
    results = both(tabs, f'from "{base}u.py" import x\nprint(x)\n')
    assert sorted(result["ok"] for result in results) == [False, True]
    digest = sha256('{"imports": {"part": "./part.py"}}')
    reasons = ["the lockfile says that it is absent, and the server has it now"]
    reasons.append(f"the lockfile has it as sha256-{digest}, and the server says that it is absent")
    (refused,) = [result["out"] for result in results if not result["ok"]]
    assert refused in [f"error: cannot load {base}packages.json: {reason}" for reason in reasons]
    assert lab.audit()["wrong"] == []


# -- killing the page ------------------------------------------------------------------------------------------------


def test_killing_the_page_at_any_point_leaves_a_clean_store(lab: Lab, record_property: Any) -> None:
    site, far = lab.site, lab.other
    levels, width = 3, 10
    for level in range(levels):
        for n in range(width):
            below = f"from './m{level + 1}_{n}.py' import x\n" if level + 1 < levels else f"x = {n}\n"
            far.put(f"/m{level}_{n}.py", below, headers=CORS)
    lines = [f"from '{far.url}/m0_{n}.py' import x as x{n}\n" for n in range(width)]
    site.put("/app/main.py", "".join(lines) + f"print({'+'.join(f'x{n}' for n in range(width))})\n")
    expected, program = f"{sum(range(width))}\n", f"{site.url}/app/"

    run = "(version) => { window.out = w.runEntry('/app/main.py').then(({ out, ms }) => { window.took = ms; return out; }); }"
    for turn in range(2):
        lab.again(f"{{ version: 'whole {turn}' }}")
        lab.evaluate(run)
        assert lab.evaluate("out") == expected
    whole: float = lab.evaluate("took")
    dice = random.Random(11)  # noqa: S311 - points in time, not secrets
    for kill in range(KILLS):
        lab.again(f"{{ version: 'kill {kill}' }}")
        lab.evaluate(run)
        time.sleep(dice.uniform(0, 1.2 * whole / 1_000))
        lab.page.close(run_before_unload=False)
    lab.open()
    audit = lab.audit()
    assert audit["wrong"] == []
    assert {len(modules) for modules in audit["programs"].values()} == {levels * width}, "half a commit"
    locked = [kill for kill in range(KILLS) if f"{program} kill {kill}" in audit["programs"]]
    record_property("ms of a run, programs that were locked before their page was killed", [whole, len(locked)])
    assert 2 < len(locked) < KILLS - 2, "the pages were killed at points that say nothing"

    # The next run, over what a killed one left and over what it did not come to.
    undone = next(kill for kill in range(KILLS) if kill not in locked)
    for kill, count in ((locked[0], 0), (undone, levels * width)):
        lab.again(f"{{ version: 'kill {kill}' }}")
        assert lab.entry("/app/main.py")["out"] == expected
        assert len(far.paths()) == count
    audit = lab.audit()
    assert audit["wrong"] == []
    assert len(audit["programs"][f"{program} kill {undone}"]) == levels * width
    assert lab.warnings == []


# -- frozen, offline, shipped ----------------------------------------------------------------------------------------


def test_frozen_lists_every_missing_entry(lab: Lab, kit: Site) -> None:
    lab.start()
    lab.entry("/app/main.py")
    shipped = lab.evaluate("w.lockfile()")
    extra = [kit.put(f"/{name}.py", "x = 1\n", headers=CORS) for name in ("one", "two")]
    source = "".join(f'from "{url}" import x\n' for url in extra) + "print('never')\n"
    lab.site.put("/app/more.py", source)
    lab.again("{ frozen: true }")
    kit.clear_log()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    result = lab.entry("/app/more.py")
    assert result["out"] == "\n\n".join(
        f"error: cannot load module '{url}': it is not in the lockfile (frozen)\n   --> more.py:{line}:6\n    |\n"
        f'  {line} | from "{url}" import x\n    |      {"^" * (len(url) + 2)}'
        for line, url in enumerate(extra, 1)
    )
    assert kit.paths() == []
    # The first visit of somebody else, with the lockfile that the page ships: in a place of its own, and beside the manifest.
    for path, options in {
        "/locks/mine.json": "{ frozen: true, lockfile: './locks/mine.json' }",
        "/app/packages.lock.json": "{ frozen: true }",
    }.items():
        lab.site.put(path, shipped, "application/json")
        lab.wipe()
        lab.again(options)
        assert lab.entry("/app/main.py")["out"] == "local ab\n", options
        assert lab.asked() == (sorted([*NEAR, path]), sorted(set(FAR) - {"/packages.json"}))
        assert lab.entry("/app/more.py")["exitCode"] == 2
        assert lab.evaluate("w.lockfile()") == shipped
        assert lab.audit()["wrong"] == []
    # Frozen without any lockfile: everything is missing, and nothing is fetched.
    lab.site.remove("/app/packages.lock.json")
    lab.again("{ frozen: true, version: 'new' }")
    kit.clear_log()
    assert lab.entry("/app/main.py")["error"]["message"] == (
        f"cannot load module '{kit.url}/kit/index.py': it is not in the lockfile (frozen)"
    )
    assert kit.paths() == []


def test_a_shipped_lockfile_that_cannot_be_used(lab: Lab, kit: Site) -> None:
    site = lab.site
    site.put("/bad.json", '{\n  "version": 2,\n  "modules": {}\n}\n')
    found = lab.rejection("createWorker({ isolation: 'worker', runtime: '/runtimes/relay/', lockfile: '/bad.json' })")
    assert found == (
        "Error: error: packages.lock.json: lockfile version 2 is newer than this release knows (1)\n"
        '   --> packages.lock.json:2:14\n    |\n  2 |   "version": 2,\n    |              ^'
    )
    found = lab.rejection("createWorker({ isolation: 'worker', runtime: '/runtimes/relay/', lockfile: '/none.json' })")
    assert found == f"Error: cannot load the lockfile {site.url}/none.json: it is not there"
    url = f"{kit.url}/kit/index.py"
    site.put("/app/packages.lock.json", json.dumps({"version": 1, "modules": {url: {"sha256": "0" * 64, "bytes": 1}}}))
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    lab.again("{ lockfile: '/app/packages.lock.json' }")
    before = lab.audit()
    result = lab.entry("/app/main.py")
    message = f"cannot load module '{url}': the page's lockfile contradicts what this browser has locked for '{url}'"
    help_line = "    = help: clearCache() forgets what is locked; another 'version' starts a fresh lock"
    assert result["out"] == picture(message, "main.py", 2, "from kit import k", "kit", help_line)
    assert lab.audit() == before
    site.put("/app/packages.lock.json", "{")
    lab.again("{ frozen: true, version: 'new' }")
    assert lab.entry("/app/main.py")["out"].startswith(
        f"error: cannot load module '{url}': the lockfile cannot be used\n"
        "error: packages.lock.json: the file ends before the closing '}'\n   --> packages.lock.json:1:2\n"
    )
    site.put("/app/packages.lock.json", json.dumps({"version": 1, "modules": {"x": {"sha256": "0" * 64, "bytes": 1}}}))
    assert "the lockfile cannot be used\nthe lockfile has a bad entry for 'x'\n" in lab.entry("/app/main.py")["out"]
    site.put("/app/packages.lock.json", json.dumps({"version": 1, "modules": {}}))
    assert "it is not in the lockfile (frozen)" in lab.entry("/app/main.py")["out"], "it is read again"


def test_offline_asks_for_nothing(lab: Lab, kit: Site) -> None:
    lab.start()
    lab.entry("/app/main.py")
    for options in ("{ offline: true }", "{ offline: true, frozen: true, lockfile: '/none.json' }"):
        lab.again(options)
        kit.clear_log()
        assert lab.entry("/app/main.py")["out"] == "local ab\n"
        missing = lab.run(f"from '{kit.url}/new.py' import x\nfrom './new.py' import y\n")
        reasons = [f"cannot load module '{kit.url}/new.py': it is not stored, and this run is offline"]
        if "frozen" in options:
            reasons = [f"cannot load module '{kit.url}/new.py': it is not in the lockfile (frozen)"]
        reasons.append("cannot load module './new.py': it is not stored, and this run is offline")
        assert [found["message"] for found in missing["error"]["diagnostics"]] == reasons
        entry = lab.entry("/other/main.py")["error"]["message"]
        assert entry == "cannot load the program '/other/main.py': it is not stored, and this run is offline"
        assert lab.asked() == ([], [])
    assert lab.warnings == []


# -- lockfiles -------------------------------------------------------------------------------------------------------


def test_the_lockfile_goes_out_and_comes_back_byte_for_byte(lab: Lab, kit: Site) -> None:
    moved = kit.put("/moved.py", redirect="/kit/a.py", headers=CORS)
    lab.site.put("/app/main.py", f"from kit import k\nfrom '{moved}' import a\nprint(k, a)\n")
    index = "from './a.py' import a\nfrom part import b\nfrom './é/c.py' import c\nk = a + b + c\n"
    kit.put("/kit/index.py", index, headers=CORS)
    kit.put("/kit/é/c.py", "from part import b\nc = 'c'\n", headers=CORS)
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "abc a\n"
    text = lab.evaluate("w.lockfile()")
    lock = json.loads(text)
    assert text == json.dumps(lock, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert list(lock) == ["modules", "version"]
    assert lock["version"] == 1
    assert lock["modules"] == lab.lock()
    assert lock["modules"][moved] == {"sha256": sha256("a = 'a'\n"), "bytes": 8, "url": f"{kit.url}/kit/a.py"}
    absent = [url for url, entry in lock["modules"].items() if entry == {"absent": True}]
    assert absent == [f"{kit.url}/kit/é/packages.json", f"{kit.url}/packages.json"]
    # Another browser: imported before the first run, it holds for it.
    lab.wipe()
    lab.again("{ frozen: true }")
    assert lab.evaluate("(text) => w.importLockfile(text)", text) == []
    assert lab.evaluate("w.lockfile()") == text
    assert lab.entry("/app/main.py")["out"] == "abc a\n"
    assert lab.evaluate("w.lockfile()") == text
    assert lab.evaluate("(text) => w.importLockfile(text)", text) == []
    changed = text.replace(lock["modules"][moved]["sha256"], "0" * 64)
    specs = sorted([moved, f"{kit.url}/kit/a.py"])
    conflicts = lab.evaluate("(text) => w.importLockfile(text)", changed)
    assert sorted(conflict["spec"] for conflict in conflicts) == specs
    assert {(conflict["old"], conflict["new"]) for conflict in conflicts} == {(sha256("a = 'a'\n"), "0" * 64)}
    assert lab.evaluate("w.lockfile()") == text, "nothing of it was taken"
    bad = {
        '{"version": 3, "modules": {}}': "lockfile version 3 is newer than this release knows (1)\n"
        "   --> packages.lock.json:1:13",
        '{"version": 1, "modules": {},}': "a comma before the closing '}' is not allowed\n   --> packages.lock.json:1:29",
        '{"modules": {}}': "'version' must be 1\n   --> packages.lock.json:1:1",
        '{"version": 1, "modules": {"u": {"sha256": "x", "bytes": 1}}}': "'sha256' must be 64 lower-case hex digits\n"
        "   --> packages.lock.json:1:28",
        "": "a value is missing here\n   --> packages.lock.json:1:1",
    }
    for broken, message in bad.items():
        found = lab.rejection("w.importLockfile(argument)", broken)
        assert found.startswith(f"Error: error: packages.lock.json: {message}\n") or broken == "", (broken, found)
    assert lab.evaluate("w.lockfile()") == text


def test_updating_the_lock(lab: Lab, kit: Site) -> None:
    lab.start()
    lab.entry("/app/main.py")
    a, b = f"{kit.url}/kit/a.py", f"{kit.url}/kit/b.py"
    assert lab.evaluate("w.updateLock()") == {"ok": True, "changes": []}
    kit.put("/kit/a.py", "a = 'A'\n", headers=CORS)
    kit.put("/kit/b.py", "b = 'B'\n", headers=CORS)
    assert lab.entry("/app/main.py")["out"] == "local ab\n"
    change = {"spec": b, "old": sha256("b = 'b'\n"), "new": sha256("b = 'B'\n")}
    assert lab.evaluate("(b) => w.updateLock([b])", b) == {"ok": True, "changes": [change]}
    assert lab.entry("/app/main.py")["out"] == "local aB\n"
    change = {"spec": a, "old": sha256("a = 'a'\n"), "new": sha256("a = 'A'\n")}
    assert lab.evaluate("w.updateLock()") == {"ok": True, "changes": [change]}
    assert lab.entry("/app/main.py")["out"] == "local AB\n"
    kit.remove("/kit/a.py")
    failure = {"spec": a, "reason": "the server no longer has it", "hint": None}
    assert lab.evaluate("w.updateLock()") == {"ok": False, "failures": [failure]}
    lab.again("{ frozen: true }")
    assert lab.entry("/app/main.py")["out"] == "local AB\n"
    assert lab.audit()["wrong"] == []


def test_clearing_the_cache(lab: Lab, kit: Site) -> None:
    lab.start()
    lab.entry("/app/main.py")
    lab.evaluate("w.clearCache()")
    assert lab.audit() == {"programs": {}, "blobs": 0, "wrong": []}
    lab.clear()
    kit.put("/kit/a.py", "a = 'new'\n", headers=CORS)
    assert lab.entry("/app/main.py")["out"] == "local newb\n"
    assert lab.asked() == (NEAR, FAR)


def test_another_version_and_no_integrity(lab: Lab, kit: Site) -> None:
    lab.start()
    lab.entry("/app/main.py")
    kit.put("/kit/a.py", "a = 'new'\n", headers=CORS)
    lab.again("{ version: '2' }")
    assert lab.entry("/app/main.py")["out"] == "local newb\n", "another version starts a fresh lock"
    assert sorted(lab.audit()["programs"]) == [f"{lab.site.url}/app/", f"{lab.site.url}/app/ 2"]
    lab.again("{ integrity: false }")
    before = lab.audit()
    kit.clear_log()
    for _ in range(2):
        assert lab.entry("/app/main.py")["out"] == "local newb\n"
    assert sorted(kit.paths()) == FAR
    assert lab.evaluate("w.integrityActive") is False
    assert lab.audit() == before
    assert json.loads(lab.evaluate("w.lockfile()")) == {"version": 1, "modules": {}}
    assert lab.warnings == []


# -- where things cannot be kept -------------------------------------------------------------------------------------

NO_STORE = {
    "no IndexedDB": (
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })",
        "this browser does not let the page store anything",
    ),
    "no room": (
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }",
        "the space that the browser gives this site is full",
    ),
}


@pytest.mark.parametrize("how", NO_STORE)
def test_without_a_store_runs_go_on_from_memory(lab: Lab, kit: Site, how: str) -> None:
    script, reason = NO_STORE[how]
    lab.again(script=script)
    for _ in range(2):
        assert lab.entry("/app/main.py")["out"] == "local ab\n"
    assert lab.evaluate("w.integrityActive") is False
    assert lab.warnings == [f"modules are not kept: {reason}; this page goes on from memory"]
    assert sorted(kit.paths()) == FAR
    assert len(json.loads(lab.evaluate("w.lockfile()"))["modules"]) == 5, "within the page the lock holds"


# -- redirects and manners -------------------------------------------------------------------------------------------


def test_a_redirect_leads_on_and_is_remembered(lab: Lab) -> None:
    other_site = lab.other
    site = lab.site
    url = site.put("/latest/kit.py", redirect=f"{other_site.url}/v3/kit.py")
    other_site.put("/v3/kit.py", "from './part.py' import x\nfrom '/top.py' import y\nz = x + y\n", headers=CORS)
    other_site.put("/v3/part.py", "x = 'part '\n", headers=CORS)
    other_site.put("/top.py", "y = 'top'\n", headers=CORS)
    site.put("/latest/part.py", "x = 'wrong'\n")
    source = f'from "{url}" import z\nprint(z)\n'
    lab.start()
    assert lab.run(source)["out"] == "part top\n"
    lock = lab.lock()
    assert sorted(lock) == sorted([url, f"{other_site.url}/v3/part.py", f"{other_site.url}/top.py"])
    assert lock[url]["url"] == f"{other_site.url}/v3/kit.py"
    assert [entry.get("url") for spec, entry in lock.items() if spec != url] == [None, None]
    lab.again()
    other_site.clear_log()
    assert lab.run(source)["out"] == "part top\n"
    assert lab.asked() == ([], [])


def test_url_modules_are_fetched_without_credentials_or_referrer(lab: Lab) -> None:
    lab.context.add_cookies([{"name": "session", "value": "secret", "url": site.url} for site in (lab.site, lab.other)])
    far = lab.other.put("/u.py", "x = 1\n", headers=CORS)
    near = lab.site.put("/u.py", "y = 2\n")
    lab.start()
    lab.clear()
    assert lab.run(f"from '{far}' import x\nfrom '{near}' import y\nprint(x, y)\n")["out"] == "1 2\n"
    for headers in (lab.other.headers[-1], lab.site.headers[-1]):
        assert not {"Cookie", "Referer", "Authorization"} & set(headers)
    lab.site.put("/local.py", "z = 3\n")
    assert lab.run("from './local.py' import z\n")["ok"]
    assert "Referer" not in lab.site.headers[-1]
