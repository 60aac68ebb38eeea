"""The start of a page: what goes on at once, what is said of it, how many elements share it.

Takes: `dist/` as it is served. Holds: the program comes while the engine starts, no address is asked for twice, a slow line is
never silent, many elements share one download, a stopped engine's successor is ready, hundreds of starts leave nothing behind.
"""

import json
import os
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.lab import RUNTIME_FILES, Lab
from tests.support.site import JSON, PYTHON, Site

CYCLES = int(os.environ.get("CYCLES", "4"))
"""Starts and disposals: 200 is what issue 6 asks for; `CYCLES=200` runs them."""

WARM = 6 if CYCLES < 100 else 40
"""Cycles before memory is measured: the browser compiles the page's own functions better while they are new (180 KB within the
first thirty cycles, 10 KB within the next hundred)."""

LINE = int(os.environ.get("LINE", "1600000"))
"""Bytes a second of the slow line: `LINE=200000` are the 1.6 Mbit/s of issue 6, on which the runtime takes more than two minutes,
because this server does not press it."""

FIRST_VISIT = 40_000_000
"""Bytes of a first visit at most, not pressed."""

ELEMENTS = """<!doctype html><html lang="en"><meta charset=utf-8><meta name="viewport" content="width=device-width">
<link rel=icon href=data:,><title>start</title>
<script>
  window.said = [];
  addEventListener('progress', ({ detail }) => said.push(detail));
</script>
<script type="module" src="/dist/edge-python.js"></script><body>BODY</body></html>"""


def put_program(site: Site, deep: int = 3) -> None:
    """A program at `/app/main.py` whose modules stand in a chain, each found by a name of its folder's manifest."""
    site.put("/app/packages.json", "{}", JSON)
    site.put("/app/main.py", 'from "./d1/m.py" import x\nprint(x)', PYTHON)
    for level in range(1, deep + 1):
        below = f"../d{level + 1}/m.py"
        site.put(f"/app/d{level}/packages.json", f'{{"imports": {{"below": "{below}"}}}}', JSON)
        site.put(f"/app/d{level}/m.py", "from below import x" if level < deep else "x = 'the end'", PYTHON)


def test_the_program_comes_while_the_engine_starts_and_nothing_is_asked_for_twice(lab: Lab) -> None:
    put_program(lab.site)
    lab.start(f"{{ prefetch: {{ entry: '{lab.site.url}/app/main.py' }} }}")
    before = lab.asked()[0]
    modules = ["/app/main.py", *(f"/app/d{level}/m.py" for level in (1, 2, 3))]
    manifests = [f"{folder}packages.json" for folder in ("/", "/app/", "/app/d1/", "/app/d2/")]
    assert before == sorted([*modules, *manifests]), "all was asked for, and nothing has run"
    result = lab.entry(f"{lab.site.url}/app/main.py")
    assert (result["ok"], result["out"]) == (True, "the end\n")
    assert lab.asked() == (before, [])


@pytest.mark.timeout(150 + FIRST_VISIT // LINE)
def test_a_slow_line_is_never_silent(page: Page, site: Site) -> None:
    site.put("/app/main.py", 'from "./large.py" import x\nprint(x)', PYTHON)
    site.put("/app/large.py", "x = 1\n" + "# filler\n" * 40_000, PYTHON)
    site.put("/index.html", ELEMENTS.replace("BODY", "<edge-python entry='/app/main.py'></edge-python>"), "text/html")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": LINE, "uploadThroughput": 1_000_000},
    )
    page.goto(f"{site.url}/index.html", wait_until="commit")
    page.wait_for_function(
        "document.querySelector('edge-python')?.state === 'done'", timeout=50_000 + FIRST_VISIT / LINE * 1_000
    )
    said: list[dict[str, Any]] = page.evaluate("said")
    phases = list(dict.fromkeys(each["phase"] for each in said))
    assert phases == ["download", "boot", "fetch", "link", "run"]
    download = [each["loaded"] for each in said if each["phase"] == "download" and each["total"]]
    total = said[[each["phase"] for each in said].index("boot") - 1]["total"]
    assert download == sorted(download)
    assert download[-1] == total
    steps = [after - before for before, after in pairwise(download)]
    assert max(steps) <= LINE, "more than a second of this line went by without a word"


@pytest.mark.timeout(330)
def test_twenty_elements_start_and_share_one_download(page: Page, site: Site) -> None:
    body = "".join(f"<edge-python>print({n})</edge-python>" for n in range(20))
    site.put("/index.html", ELEMENTS.replace("BODY", body), "text/html")
    page.goto(f"{site.url}/index.html")
    page.wait_for_function(
        "[...document.querySelectorAll('edge-python')].every((each) => each.state === 'done')", timeout=300_000
    )
    # On a busy machine a frame may be tried a second way, from its file (web/page/cell.js): the browser's own cache has that.
    runtime = [path for path in site.paths() if path.startswith("/dist/") and not path.endswith("/frame.html")]
    assert len(set(runtime)) == len(runtime)
    shown = page.evaluate(
        "[...document.querySelectorAll('edge-python')].map((each) => each.shadowRoot.querySelector('.output').textContent)"
    )
    assert shown == [f"{n}\n" for n in range(20)]


# What is kept of compiled code; `change` may alter each record before it is put back.
CODES = """(change) => new Promise((resolve, reject) => {
  const open = indexedDB.open('edge-python-code');
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const db = open.result;
    const tx = db.transaction('codes', 'readwrite');
    const found = {};
    tx.objectStore('codes').openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (cursor === null) return;
      found[cursor.key] = [...cursor.value.bytes];
      if (change !== null) {
        cursor.value.bytes[change] ^= 1;
        cursor.update(cursor.value);
      }
      cursor.continue();
    };
    tx.oncomplete = () => { db.close(); resolve(found); };
  };
})"""


def test_a_warm_visit_compiles_nothing_and_a_damaged_record_is_compiled(lab: Lab) -> None:
    put_program(lab.site)
    entry = f"{lab.site.url}/app/main.py"
    lab.start()
    first = lab.entry(entry)
    assert (first["out"], first["compiled"]) == ("the end\n", 4)
    assert lab.entry(entry)["compiled"] == 0
    lab.again()
    second = lab.entry(entry)
    assert (second["out"], second["compiled"]) == ("the end\n", 0)
    kept = lab.evaluate(CODES)
    lab.site.put("/app/d3/m.py", "x = 'another'", PYTHON)
    lab.again()
    third = lab.entry(entry)
    assert (third["out"], third["compiled"]) == ("another\n", 1), "what has changed is compiled"
    for _ in range(200):  # nobody waits for the disk
        if lab.evaluate(CODES) != kept:
            break
        lab.page.wait_for_timeout(25)
    (record,) = lab.evaluate(CODES, 200).values()
    assert len(record) > 200
    lab.again()
    fourth = lab.entry(entry)
    assert (fourth["out"], fourth["compiled"]) == ("another\n", 4)


LIAR = """
onmessage = ({ data }) => {
  const { run } = data;
  const ending = { ok: true, error: null, exitCode: 0, phases: { link: 0, compile: 0, run: 0 } };
  const linked = { type: 'linked', run, root: '/', keys: [], hosts: [], diagnostics: [], code: new Uint8Array([run]) };
  if (data.type === 'boot') postMessage({ type: 'booted', ms: 1, waits: true });
  if (data.type === 'run') postMessage(linked);
  if (data.type === 'committed') postMessage(run < 3 ? { type: 'done', run, ending } : linked);
};
"""


def test_code_is_taken_from_an_engine_before_its_first_program_begins_and_never_after(lab: Lab) -> None:
    """What an engine says once a script has run in it may be the script's."""
    lab.put_runtime("/runtimes/mine/", LIAR)
    files = {name: {"bytes": 0, "sha256": ""} for name in RUNTIME_FILES}
    lab.site.put("/runtimes/mine/runtime/manifest.json", json.dumps({"build": "mine", "files": files}), JSON)
    lab.start("{ runtime: '/runtimes/mine/', isolation: 'worker' }")
    for _ in range(2):
        assert lab.run("print(1)")["ok"]
    for _ in range(200):  # nobody waits for the disk
        if lab.evaluate(CODES):
            break
        lab.page.wait_for_timeout(25)
    lab.page.wait_for_timeout(250)  # time for what must not come
    assert list(lab.evaluate(CODES).values()) == [[1]]
    assert "after its program was linked" in lab.rejection("w.run('print(1)')")
    assert list(lab.evaluate(CODES).values()) == [[1]]


def workers_are(lab: Lab, count: int) -> None:
    """Until there are so many workers: a busy browser takes its time to start and to end one."""
    for _ in range(200):
        if len(lab.page.workers) == count:
            return
        lab.page.wait_for_timeout(25)
    raise AssertionError(f"there are {len(lab.page.workers)} workers, not {count}")


def test_a_stopped_engine_s_successor_is_there_already_and_goes_with_the_page_s_last_worker(lab: Lab) -> None:
    lab.start("{ isolation: 'worker' }")
    lab.start("{ isolation: 'worker', spare: false }", "other")
    workers = lab.page.workers
    assert len(workers) == 2
    for name, most in (("other", 2), ("w", 3)):
        stopped = lab.evaluate(
            f"""async () => {{
              const run = {name}.run('while True: pass');
              await new Promise((resolve) => setTimeout(resolve, 300));
              {name}.stop();
              return (await run).error.type;
            }}"""
        )
        assert stopped == "Stopped"
        assert lab.run("print(1)", name=name)["ok"]
        workers_are(lab, most)
    lab.evaluate("w.dispose()")
    workers_are(lab, 2)  # the other worker may still want the spare
    lab.evaluate("other.dispose()")
    workers_are(lab, 0)


@pytest.mark.timeout(60 + 10 * (WARM + CYCLES))
def test_starts_and_disposals_leave_nothing_behind(lab: Lab) -> None:
    devtools = lab.page.context.new_cdp_session(lab.page)

    def heap() -> int:
        devtools.send("HeapProfiler.collectGarbage")
        return int(devtools.send("Runtime.getHeapUsage")["usedSize"])

    def nodes() -> int:
        return int(lab.evaluate("document.querySelectorAll('*').length"))

    def cycles(count: int) -> None:
        lab.evaluate(
            """async (count) => {
              for (let n = 0; n < count; n += 1) {
                const worker = await createWorker();
                if ((await worker.run('print(1)')).out !== '1\\n') throw new Error(`cycle ${n} failed`);
                worker.dispose();
              }
            }""",
            count,
        )

    cycles(WARM)
    before, elements = heap(), nodes()
    cycles(CYCLES)
    assert nodes() == elements, "no frame is left"
    workers_are(lab, 0)
    if CYCLES >= 100:  # few cycles lose little, whatever leaks
        assert heap() <= before * 1.10, f"the page grew from {before} to {heap()} bytes in {CYCLES} cycles"
