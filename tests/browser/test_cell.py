"""The cell around the engine, as a page has it: what the page sees of it, when it ends, what the engine may ask for.

Takes: `dist/` as a page loads it. Holds: sandbox.md, layer 2. Who breaks into the engine and what they find: cell/; pages with
policies of their own: test_policy.py; what the engine may say at all: test_protocol.py, which runs in the cell too.
"""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from wasmtime import wat2wasm

from tests.browser.test_protocol import MINE, put_engine
from tests.support.browser import launch_options
from tests.support.lab import PAGE, Lab
from tests.support.site import Site, built

pytestmark = pytest.mark.usefixtures("dist")

# The host of a cell's frame. Its shadow is closed, so the tests see what every page sees.
HOST = "document.documentElement.querySelector(':scope > div[hidden]')"
HOSTS = "document.documentElement.querySelectorAll(':scope > div[hidden]').length"
ENDED = "Error: the Python engine ended: the page removed or moved the hidden <div> below <html> that holds its frame"


def test_the_policy_names_the_hash_of_the_frames_only_script(dist: Path) -> None:
    text = (built(dist) / "frame.html").read_text()
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == text.count("<script") == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}' blob: 'wasm-unsafe-eval'; worker-src blob:"
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in text
    assert text.index("Content-Security-Policy") < text.index("<script>")


# -- what the page has of it -----------------------------------------------------------------------------------------


def test_nobody_sees_the_frame(lab: Lab) -> None:
    lab.evaluate("document.body.innerHTML = '<button id=first>1</button><button id=last>2</button>'")
    lab.start()
    assert lab.evaluate("w.isolation") == "strict"
    assert lab.run("print(6 * 7)")["out"] == "42\n"
    assert lab.evaluate(f"""[
      {HOSTS}, {HOST}.getClientRects().length, {HOST}.ariaHidden, {HOST}.inert, {HOST}.shadowRoot,
      window.length, document.querySelectorAll('iframe').length, document.body.children.length,
    ]""") == [1, 0, "true", True, None, 0, 0, 2]
    lab.page.focus("#last")
    for _ in range(3):
        lab.page.keyboard.press("Tab")
        assert lab.evaluate("['first', 'last', ''].includes(document.activeElement.id)")
        assert lab.evaluate(f"document.activeElement !== {HOST}")
    (frame,) = lab.page.frames[1:]
    assert frame.evaluate("[origin, document.body.childNodes.length, onmessage]") == ["null", 0, None]
    lab.evaluate("w.dispose()")
    assert lab.evaluate(HOSTS) == 0
    lab.page.wait_for_timeout(50)
    assert not lab.page.workers


def test_a_page_hears_no_messages_of_the_frame(lab: Lab) -> None:
    lab.evaluate("addEventListener('message', ({ data }) => said.push(data))")
    lab.start()
    assert lab.run("print(1)")["ok"]
    assert lab.evaluate("said") == []


@pytest.mark.parametrize(
    "how", [f"{HOST}.remove()", "document.documentElement.replaceChildren()", "document.write('new')"]
)
def test_a_frame_that_is_removed_ends_its_engine_once(lab: Lab, how: str) -> None:
    lab.start("{ spare: false }")
    lab.evaluate("void (window.going = [w.run('while True: pass'), w.run('print(1)')].map((run) => run.catch(String)))")
    lab.page.wait_for_function("w.state === 'running'")
    assert lab.evaluate(f"() => {{ {how}; }}") is None
    assert lab.evaluate("going[0]") == ENDED
    # The next run has an engine of its own again.
    assert lab.evaluate("going[1].then(({ out }) => out)") == "1\n"
    assert lab.evaluate(HOSTS) == 1


def test_a_frame_that_is_moved_ends_its_engine(lab: Lab) -> None:
    lab.start("{ spare: false }")
    lab.evaluate("void (window.going = w.run('while True: pass').catch(String))")
    lab.page.wait_for_function("w.state === 'running'")
    lab.evaluate(f"document.body.append({HOST})")
    assert lab.evaluate("going") == ENDED
    assert lab.run("print(2)")["out"] == "2\n"


def test_stop_takes_the_process_along(lab: Lab) -> None:
    lab.start("{ spare: false }")
    lab.evaluate("void (window.going = w.run('while True: pass'))")
    lab.page.wait_for_timeout(100)
    lab.evaluate("w.stop()")
    assert lab.evaluate("going.then(({ error }) => error.type)") == "Stopped"
    assert lab.run("print(3)")["out"] == "3\n"
    assert lab.evaluate(HOSTS) == 1
    assert len(lab.page.workers) == 1


def test_dispose_before_the_cell_is_there_leaves_nothing(lab: Lab) -> None:
    lab.start("{ isolation: 'worker' }")  # so that the files are at hand
    lab.evaluate("void (window.more = createWorker({ limits: { timeout: 1 } }).then((worker) => worker.dispose()))")
    lab.evaluate("w.dispose()")
    lab.evaluate("more")
    assert lab.evaluate(HOSTS) == 0


def test_elements_that_move_in_the_document_keep_their_cells(lab: Lab) -> None:
    lab.evaluate("""async () => {
      const { defineElement } = await import('/dist/edge-python.js?setElement=false');
      defineElement();
      const element = (id) => `<edge-python id=${id}></edge-python>`;
      document.body.innerHTML = `<div id=a>${element('x')}</div><div id=b>${element('y')}</div>`;
    }""")
    for name in ("x", "y"):
        lab.page.wait_for_function(f"document.querySelector('#{name}').state === 'ready'")
    assert lab.evaluate(HOSTS) == 2
    lab.evaluate("void (window.going = x.run('print(input())', { input: ['moved'] }), window.before = x.worker)")
    lab.evaluate("b.append(x)")
    assert lab.evaluate("going.then(({ out }) => out)") == "moved\n"
    assert lab.evaluate("x.run('print(1)').then(({ out }) => [out, x.worker === before])") == ["1\n", True]
    lab.evaluate("b.remove()")
    lab.page.wait_for_function(f"{HOSTS} === 0")


def test_a_page_comes_back_from_the_back_forward_cache(site: Site, playwright: Playwright) -> None:
    """A browser of its own: Playwright's is told to keep no page alive."""
    site.put("/index.html", PAGE.replace("MODULE", "/dist/edge-python.js?setElement=false"), "text/html; charset=utf-8")
    site.put("/else.html", "<!doctype html><link rel=icon href=data:,>elsewhere", "text/html")
    run = "async () => (await w.run('print(input())', { input: ['back'] })).out"
    browser = playwright.chromium.launch(**launch_options(), ignore_default_args=["--disable-back-forward-cache"])
    try:
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        page.wait_for_function("window.ready")
        page.evaluate("() => addEventListener('pageshow', (event) => said.push(event.persisted))")
        page.evaluate("async () => { window.w = await createWorker(); }")
        assert page.evaluate(run) == "back\n"
        page.goto(f"{site.url}/else.html")
        page.evaluate("history.back()")
        page.wait_for_url("**/index.html", wait_until="commit")
        page.wait_for_function("window.ready")
        assert page.evaluate("said") == [True], "the cell keeps its page out of the cache"
        assert page.evaluate(run) == "back\n"
    finally:
        browser.close()


# -- what the engine has ---------------------------------------------------------------------------------------------

# A loader runs where the modules do, and after the lockdown: it tells what it finds.
LOOK = """
const has = (name) => { try { return eval2(name); } catch (error) { return error.name; } };
const eval2 = (name) => name.split('.').reduce((at, key) => at[key], globalThis) !== undefined;
export default {
  async match() {
    const found = NAMES.filter((name) => has(name) === true);
    for (const [what, make] of Object.entries({
      Function: () => (() => {}).constructor('return 1')(), timer: () => (async () => {}).constructor('return 1'),
    })) try { make(); found.push(what); } catch (error) { if (error.name !== 'EvalError') found.push(error.name); }
    await import('data:text/javascript,1').then(() => found.push('data:'), () => {});
    await import('SITE/seen.js').then(() => found.push('import'), () => {});
    throw new Error(JSON.stringify([origin, found]));
  },
  load() {},
};
"""
GONE = [
    *(
        "fetch",
        "XMLHttpRequest",
        "WebSocket",
        "EventSource",
        "WebTransport",
        "Worker",
        "SharedWorker",
        "BroadcastChannel",
    ),
    *(
        "importScripts",
        "indexedDB",
        "caches",
        "eval",
        "close",
        "navigator.storage",
        "navigator.serviceWorker",
        "createImageBitmap",
    ),
    *(
        "navigator.locks",
        "URL.createObjectURL",
        "WebAssembly.compileStreaming",
        "WebAssembly.instantiateStreaming",
        "FontFace",
    ),
    *(
        "createImageBitmap",
        "Notification",
        "OffscreenCanvas",
        "Request",
        "navigator.gpu",
        "navigator.permissions",
        "cookieStore",
    ),
]


def test_what_is_left_in_the_worker_after_the_start(lab: Lab) -> None:
    lab.site.put("/look.js", LOOK.replace("NAMES", json.dumps(GONE)).replace("SITE", lab.site.url), "text/javascript")
    lab.site.put("/seen.js", "export default 1;", "text/javascript")
    lab.site.put("/m.wasm", bytes(wat2wasm("(module)")), "application/wasm")
    lab.start("{ loaders: ['/look.js'] }")
    shown = lab.run('import "./m.wasm" as m')["error"]["rendered"]
    assert '["null",[]]' in shown, shown
    assert "/seen.js" not in lab.site.paths()
    # The same eyes see most of it in a worker that the page trusts: its origin, and code from strings.
    lab.start("{ loaders: ['/look.js'], isolation: 'worker' }", name="v")
    shown = lab.run('import "./m.wasm" as m', name="v")["error"]["rendered"]
    assert f'["{lab.site.url}",[' in shown
    for name in ("WebSocket", "indexedDB", "navigator.storage", "Function", "import"):
        assert f'"{name}"' in shown, name
    assert "/seen.js" in lab.site.paths()


def test_an_engine_asks_for_nothing_once_its_program_is_linked(lab: Lab) -> None:
    """Else a program could send what it learnt away, in addresses."""
    ask = """
      const need = { key: 'k', kind: 'module', spec: 's', location: 'WHERE', remote: true, integrity: null };
      if (data.type === 'run') say(linked);
      else if (data.type === 'committed' && run === 1) say({ type: 'needs', batch: 2, root: '/', needs: [need] });
      else if (data.type === 'committed' && run === 3) say(linked);
      else if (data.type === 'committed') done();
    """
    put_engine(lab, ask.replace("WHERE", f"{lab.other.url}/?secret"))
    lab.start(MINE)
    after = "message after its program was linked"
    assert lab.rejection("w.run('')") == f"ProtocolError: the engine sent a 'needs' {after}"
    assert lab.run("")["ok"]
    assert lab.rejection("w.run('')") == f"ProtocolError: the engine sent a 'linked' {after}"
    assert lab.other.paths() == []


def test_an_engine_sees_neither_web_pages_nor_data_of_its_origin(lab: Lab) -> None:
    site = lab.site
    files = {
        "/account": "\n<html>the reader's balance: 42</html>",
        "/api/me": '{"token": "secret"}',
        "/api/list.json": "[1, 2, 3]",
        "/plain.py": "[1, 2]",
        "/odd": "{1: 2}",
    }
    for path, text in files.items():
        site.put(path, text)
    does = """
      const local = (location) => ({ key: location, kind: 'module', spec: 's', location, remote: false, integrity: null });
      if (data.type === 'run') say({ type: 'needs', batch: 1, root: '/', needs: PATHS.map(local) });
      else if (data.type === 'supplied') {
        const text = ({ bytes, reason, kind }) => bytes ? new TextDecoder().decode(bytes) : reason ?? kind;
        say({ type: 'output', stream: 'stdout', text: JSON.stringify(data.outcomes.map(text)) });
        say(linked);
      } else if (data.type === 'committed') done();
    """
    put_engine(lab, does.replace("PATHS", json.dumps(list(files))))
    lab.start(MINE)
    no_module = "the server answered with JSON, which is not a module"
    seen = ["<!doctype html>", no_module, no_module, "[1, 2]", "{1: 2}"]
    assert json.loads(lab.run("")["out"]) == seen
    # Manifests are JSON, so their name decides.
    put_engine(
        lab,
        """if (data.type === 'run') say({ type: 'needs', batch: 1, root: '/', needs: [
          { key: 'k', kind: 'manifest', spec: 's', location: '/api/me', remote: false, integrity: null }] });""",
    )
    lab.page.goto(lab.home)
    lab.page.wait_for_function("window.ready")
    lab.start(MINE)
    site.clear_log()
    assert (
        lab.rejection("w.run('')") == "ProtocolError: the engine asked for a manifest that is not called packages.json"
    )
    assert "/api/me" not in site.paths()
