"""`<edge-python>` in a real browser, over the real client, engine and Python.

Takes: `dist/` as it is served. Holds: every attribute, property, method, event and state of browser.md; that elements clean up
behind themselves; that keyboard and screen readers can use them; that the runtime may come from another origin and under a
strict content policy.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.support.elements import Ground, opened
from tests.support.site import CORS, JSON, PYTHON, ROOT, Answer, Site

FOREVER = "while True:\n    pass"


class Cdn(Site):
    """A site that lets every page read its files, as a content delivery network does."""

    def answer(self, target: str) -> Answer | None:
        found = super().answer(target)
        return found and replace(found, headers={**found.headers, **CORS})


@pytest.fixture(scope="module")
def home(dist: Path) -> Iterator[Site]:
    with Site({"/dist/": dist, "/elsewhere/": dist}) as opened_site:
        yield opened_site
    assert not opened_site.failures, opened_site.failures


@pytest.fixture(scope="module")
def cdn(dist: Path) -> Iterator[Site]:
    with Cdn({"/dist/": dist}) as opened_site:
        yield opened_site


@pytest.fixture(scope="module")
def one_page(browser: Browser, browser_context_args: dict[str, Any], home: Site) -> Iterator[Ground]:
    with opened(browser, browser_context_args, home) as ground:
        yield ground


@pytest.fixture
def ground(one_page: Ground) -> Iterator[Ground]:
    """The module's page, cleared behind each test: no worker may be left."""
    yield one_page
    one_page.clear()


def status(ground: Ground) -> str:
    """What the status line says."""
    return ground.part("status .phase").inner_text()


def focused(page: Page) -> str:
    """The class, else the tag, of what has the focus in an element's shadow tree."""
    found: str = page.evaluate(
        "(() => { const at = document.activeElement.shadowRoot?.activeElement; return at ? at.className || at.tagName : '' })()"
    )
    return found


def tab(page: Page, times: int) -> list[str]:
    """What the Tab key reaches, one after the other."""
    reached = []
    for _ in range(times):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    return reached


# ---- the program: text, script, entry ----


def test_text_is_the_program_and_changes_run_again(ground: Ground) -> None:
    text = "\n    for i in range(2):\n        print(i)\n\n    print('end')\n  "
    ground.put(f'<edge-python id="e" isolation="worker">{text}</edge-python>', wait="done")
    assert ground.shown() == "0\n1\nend\n"
    assert ground.get("source") == "for i in range(2):\n    print(i)\n\nprint('end')"
    assert ground.part("toolbar").is_hidden()
    assert ground.part("status").is_hidden()
    ground.call(
        """void (element.innerHTML = 'no Python<script type="text/x-python">\\tprint(1 < 2 and "&amp;")\\n\\n</script>')"""
    )
    ground.shows("&amp;\n")
    ground.call("void (element.lastChild.textContent = 'if 1:\\n\\tprint(\"second\")')")
    ground.shows("second\n")
    ground.call("void (element.source = 'print(\"third\")')")
    ground.shows("third\n")
    ground.call("void (element.textContent = 'print(4)')")
    ground.shows("4\n")
    assert len(ground.heard("ready")) == 1, "another text needs no other worker"
    assert ground.call("element.worker.isolation") == "worker"


def test_entry_and_its_manifests(ground: Ground, home: Site) -> None:
    home.put("/app/main.py", "from util import name\nprint(name)\n", PYTHON)
    home.put("/app/packages.json", '{"imports": {"util": "./near.py"}}', JSON)
    home.put("/app/near.py", "name = 'near'\n", PYTHON)
    home.put("/other/packages.json", '{"imports": {"util": "./far.py"}}', JSON)
    home.put("/other/far.py", "name = 'far'\n", PYTHON)
    home.put("/bare/main.py", "from util import name\nprint(name)\n", PYTHON)
    ground.put('<edge-python id="e" entry="./app/main.py"></edge-python>', wait="done")
    assert ground.shown() == "near\n", "the manifest beside the entry counts"
    ground.call("element.setAttribute('entry', 'bare/main.py')")
    ground.wait("failed")
    assert "no packages.json above" in ground.shown()
    assert len(ground.heard("ready")) == 1, "another program needs no other worker"
    ground.call("element.setAttribute('packages', '/other/packages.json')")
    ground.shows("far\n")
    assert len(ground.heard("ready")) == 2, "other packages are another worker"
    ground.until(lambda: len(ground.page.workers) == 1)
    ground.call("element.setAttribute('entry', '/none.py')")
    ground.wait("failed")
    assert (
        ground.shown()
        == f"error: cannot load the program '{home.url}/none.py': it is not there (the server answered 404)\n".strip()
    )
    assert status(ground).startswith("Ended with an error")


def test_without_a_program_it_starts_for_run(ground: Ground) -> None:
    ground.put('<edge-python id="e"></edge-python>', wait="ready")
    assert ground.element().evaluate("(e) => e.getBoundingClientRect().height") == 0
    result = ground.run("print(input() + input())", {"input": ["a", "b"]})
    assert result["out"] == "ab\n"
    assert "--> sum.py:1:1" in ground.run("boom()", {"name": "sum.py"})["error"]["rendered"]
    message = ground.page.evaluate(
        "document.createElement('edge-python').run('print(1)').catch((error) => error.message)"
    )
    assert "is in no document" in message

    # onOutput takes the output over, and gives it back.
    ground.call("void (window.back = element.onOutput((text, stream) => (window.got ??= []).push([text, stream])))")
    assert ground.part("output").is_hidden()
    result = ground.run("print(1)\nprint(2, end='')")
    assert ground.page.evaluate("got") == [["1\n", "stdout"], ["2", "stdout"]]
    assert result["out"] == ""
    ground.page.evaluate("back()")
    assert ground.run("print('mine')")["out"] == "mine\n"
    assert ground.shown() == "mine\n"
    assert ground.part("output").is_visible()


# ---- limits, locks, grants ----


def test_timeout_and_output_limit(ground: Ground) -> None:
    ground.put(f'<edge-python timeout="0.4" max-output="1000" memory="64">{FOREVER}</edge-python>', wait="failed")
    assert "TimeoutError: the program computed longer than its limit of 0.4 s" in ground.shown()
    result = ground.run("for i in range(1_000):\n    print(i)")
    assert result["ok"], result
    assert len(result["out"]) < 2000
    assert "output" in ground.shown().splitlines()[-1], "the notice of what is missing"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('isolation="none"', 'isolation="none" is unknown: write isolation="strict" or isolation="worker"'),
        ('timeout="soon"', 'timeout="soon" is not a number of seconds above 0'),
        ('memory="-1"', 'memory="-1" is not a number of MiB above 0'),
        ('max-output="0"', 'max-output="0" is not a number of bytes above 0'),
        ('grant="dom windows"', "there is no official host package 'windows'"),
        ('entry="http://"', 'entry="http://" is not an address'),
    ],
)
def test_attributes_that_mean_nothing_are_errors(ground: Ground, attributes: str, message: str) -> None:
    ground.put(f'<edge-python id="e" controls autorun="true" {attributes}>print(1)</edge-python>', wait="failed")
    assert ground.shown().startswith("error: ")
    assert message in ground.shown()
    assert status(ground) == "Could not start"
    assert [event["type"] for event in ground.heard()].count("error") == 1


def test_import_origins_frozen_and_lockfile(ground: Ground, home: Site, cdn: Site) -> None:
    body = b"value = 42\n"
    url = cdn.put("/lock/util.py", body, PYTHON)
    other = cdn.put("/lock/other.py", body, PYTHON)
    entry = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
    home.put("/lock/packages.lock.json", json.dumps({"version": 1, "modules": {url: entry}}), JSON)
    ground.put(
        f'<edge-python frozen lockfile="lock/packages.lock.json" import-origins="{cdn.url}">'
        f'from "{url}" import value\nprint(value)</edge-python>',
        wait="done",
    )
    assert ground.shown() == "42\n", "what the page's lockfile has"
    assert not ground.run(f'from "{other}" import value')["ok"]
    assert other in ground.shown(), "what it does not have is named"
    assert not ground.run('from "https://bad.test/a.py" import value')["ok"]
    assert "https://bad.test" in ground.shown()
    assert cdn.paths() == ["/lock/util.py"]

    cdn.clear_log()
    ground.put(f'<edge-python offline>from "{url}" import value\nprint(value)</edge-python>', wait="done")
    assert ground.shown() == "42\n", "locked and stored"
    assert not ground.run(f'from "{other}" import value')["ok"]
    assert other in ground.shown()
    assert cdn.paths() == []


def test_runtime_from_elsewhere(ground: Ground, home: Site) -> None:
    ground.put('<edge-python runtime="/elsewhere">print("from there")</edge-python>', wait="done")
    assert "/elsewhere/engine.js" in home.paths()
    assert "/elsewhere/runtime/snapshot.bin" in home.paths()


# ---- when it runs ----


def test_autorun(ground: Ground) -> None:
    ground.put(
        '<edge-python group="g" id="no" autorun="false">print("no")</edge-python>'
        '<edge-python group="g" id="controls" controls>print("controls")</edge-python>'
        '<div style="height: 4000px"></div>'
        '<edge-python group="g" id="seen" autorun="visible">print("seen")</edge-python>'
        '<edge-python group="g" id="asked" controls autorun="true">print("asked")</edge-python>'
    )
    assert ground.part("status", "#controls").inner_text() == "Ready to run"
    ground.wait("done", "#asked")
    assert [ground.shown(f"#{name}") for name in ("no", "controls", "seen")] == [""] * 3
    ground.part("output", "#asked").scroll_into_view_if_needed()
    ground.shows("seen\n", "#seen")
    ground.call("element.setAttribute('autorun', 'true')", None, "#no")
    ground.shows("no\n", "#no")
    assert ground.shown("#controls") == ""


def test_group_shares_a_worker_and_runs_in_document_order(ground: Ground) -> None:
    ground.page.evaluate(
        """() => {
          for (const id of ['c', 'b', 'a']) {
            const element = document.createElement('edge-python');
            Object.assign(element, { id, textContent: `print("${id}")` });
            element.setAttribute('group', 'g');
            document.querySelector('#place').prepend(element);
          }
        }"""
    )
    ground.wait("done", "#c")
    order = [event["id"] for event in ground.page.evaluate("heard") if event["type"] == "done"]
    assert order == ["a", "b", "c"]
    assert [ground.shown(f"#{name}") for name in "abc"] == ["a\n", "b\n", "c\n"]
    assert len(ground.page.workers) == 1
    ground.call("element.remove()", None, "#a")
    assert ground.run("print('still')", selector="#b")["out"] == "still\n", "the group outlives a member"


# ---- life in the document ----


def test_moving_does_not_restart(ground: Ground) -> None:
    ground.put('<div id="to"></div><edge-python id="e">print("got", input("what? "))</edge-python>', wait="waiting")
    ground.call("document.querySelector('#to').append(element)")
    ground.page.wait_for_timeout(100)
    assert ground.state() == "waiting"
    if ground.page.evaluate("'moveBefore' in Element.prototype"):
        ground.call("document.querySelector('#place').moveBefore(element, null)")
        ground.page.wait_for_timeout(100)
        assert ground.state() == "waiting"
    ground.part("question input").fill("it")
    ground.part("question input").press("Enter")
    ground.wait("done")
    assert ground.shown() == "what? it\ngot it\n"
    assert len(ground.heard("ready")) == 1


def test_removing_disposes_whatever_it_does(ground: Ground) -> None:
    ground.put(f'<edge-python id="busy">{FOREVER}</edge-python><edge-python id="asks">input("? ")</edge-python>')
    ground.wait("running", "#busy")
    ground.wait("waiting", "#asks")
    assert len(ground.page.workers) == 2
    ground.page.evaluate(
        "window.gone = [...document.querySelectorAll('edge-python')]; gone.forEach((each) => each.remove())"
    )
    ground.until(lambda: not ground.page.workers)
    assert ground.page.evaluate("gone.map((each) => each.state)") == ["idle", "idle"]
    ground.put('<edge-python id="early" controls>print(1)</edge-python>')
    ground.call("(element.run().catch(() => {}), void element.remove())")
    ground.page.wait_for_timeout(100)
    ground.until(lambda: not ground.page.workers)
    ground.page.evaluate("document.querySelector('#place').append(gone[1])")
    ground.wait("waiting")
    assert ground.shown() == "? ", "back in the document it runs again"


# ---- events, states, methods ----


def test_waiting_for_an_event_is_a_state(ground: Ground) -> None:
    ground.put('<edge-python id="e">print("got", receive())</edge-python>', wait="waiting")
    ground.call("element.worker.pushEvent('it')")
    ground.wait("done")
    assert ground.shown() == "got it\n"


def test_events_and_states(ground: Ground) -> None:
    ground.page.evaluate(
        """() => {
          const root = document.querySelector('#place').attachShadow({ mode: 'open' });
          root.innerHTML = '<edge-python id="e">print("a")\\nprint("b", end="")</edge-python>';
          window.element = root.firstChild;
        }"""
    )
    try:
        ground.until(lambda: ground.page.evaluate("element.state") == "done")
        heard = [event for event in ground.page.evaluate("heard") if event["type"] != "progress"]
        # The document hears them from within another shadow tree: they bubble and are composed.
        assert [(event["type"], event["state"]) for event in heard] == [
            ("ready", "ready"),
            ("output", "running"),
            ("output", "running"),
            ("done", "done"),
        ]
        assert heard[0]["keys"] == ["worker"]
        assert [event["detail"] for event in heard[1:3]] == [
            {"stream": "stdout", "text": "a\n"},
            {"stream": "stdout", "text": "b"},
        ]
        result = heard[3]["detail"]["result"]
        assert result["ok"]
        assert (result["out"], result["error"], result["exitCode"]) == ("a\nb", None, 0)
        assert set(result["phases"]) == {"boot", "fetch", "link", "compile", "run"}
        progress = [event["detail"] for event in ground.page.evaluate("heard") if event["type"] == "progress"]
        assert {"download", "boot", "run"} <= {each["phase"] for each in progress}
        assert all(set(each) == {"phase", "loaded", "total", "bytes"} for each in progress)
        states = [event["state"] for event in ground.page.evaluate("heard")]
        assert states[0] == "loading"
        assert ground.page.evaluate("heard.every(({ id }) => id === 'e')")
    finally:  # a shadow root cannot be taken off again
        ground.page.evaluate(
            "() => { const place = document.querySelector('#place'); place.shadowRoot.replaceChildren();"
            " place.replaceWith(Object.assign(document.createElement('div'), { id: 'place' })); }"
        )


def test_failures_are_events_with_their_picture(ground: Ground) -> None:
    ground.put('<edge-python id="e" controls></edge-python>', wait="ready")
    ground.call("void (element.source = argument)", 'import os\nfrom nowhere import x\nprint("never")')
    ground.part("run").click()
    ground.wait("failed")
    (diagnostics,) = ground.heard("diagnostics")
    assert [each["line"] for each in diagnostics["detail"]["diagnostics"]] == [1, 2]
    (error,) = ground.heard("error")
    rendered = error["detail"]["error"]["rendered"]
    assert ground.shown() == rendered.rstrip("\n")
    assert ground.part("picture").count() == 1
    (done,) = ground.heard("done")
    assert done["detail"]["result"]["out"] == rendered

    result = ground.run("print('first')\n1 / 0")
    assert result["error"]["type"] == "ZeroDivisionError"
    assert result["out"] == "first\n" + result["error"]["rendered"]
    assert ground.shown() == "first\n" + result["error"]["rendered"].rstrip("\n")
    assert ground.part("output .caret").inner_text() == "^^^^^"
    assert not ground.run("from dom import query")["ok"]
    assert "'dom'" in ground.shown(), "not without a grant"


def test_an_engine_that_is_lost_takes_no_output_along(ground: Ground) -> None:
    ground.put('<edge-python id="e" controls>print("kept")\ninput("Name? ")</edge-python>')
    ground.part("run").click()
    ground.wait("waiting")
    ground.page.evaluate("() => document.querySelectorAll('html > div').forEach((cell) => cell.remove())")
    ground.wait("failed")
    assert status(ground) == "The Python engine ended; press Run to try again"
    assert ground.shown().startswith("kept\nName? ")
    assert "error: the Python engine ended: the page removed or moved" in ground.shown()
    assert ground.part("question").count() == 0 or ground.part("question").is_hidden()
    ground.part("run").click()
    ground.wait("waiting")
    assert ground.shown().startswith("kept\nName?"), "and it runs again"


def test_stop_and_reset(ground: Ground) -> None:
    ground.put(f'<edge-python id="e" controls editor>print("on")\n{FOREVER}</edge-python>')
    ground.part("run").click()
    ground.shows("on\n")
    assert ground.part("run").get_attribute("aria-disabled") == "true"
    ground.call("void (window.queued = element.run('print(3)'))")
    ground.part("stop").click()
    ground.wait("failed")
    assert status(ground) == "Stopped"
    assert ground.shown() == "on\n", "a stop that was asked for is no picture of an error"
    queued, running = (event["detail"]["result"] for event in ground.heard("done"))
    assert (queued["out"], queued["error"]["type"]) == ("", "Stopped")
    assert (running["out"].splitlines()[0], running["error"]["type"]) == ("on", "Stopped")
    ground.part("code").fill('print("edited")')
    assert ground.get("source") == 'print("edited")'
    ground.part("run").click()
    ground.shows("edited\n")
    ground.wait("done")
    ground.part("reset").click()
    ground.shows("")
    assert ground.part("code").input_value() == f'print("on")\n{FOREVER}'
    ground.until(lambda: status(ground) == "Ready to run")
    assert ground.state() == "ready"
    ground.part("reset").click()
    ground.call("void element.remove()")  # nothing may fail unheard


def test_output_none_still_asks(ground: Ground) -> None:
    ground.put('<edge-python id="e" output="none">print("hidden", input("Name? "))</edge-python>', wait="waiting")
    assert ground.part("output").is_hidden()
    assert ground.element().get_by_label("Name?").is_visible()
    assert ground.part("question label").bounding_box(), "nothing else shows the prompt"
    ground.part("question input").fill("Ada")
    ground.part("question input").press("Enter")
    ground.wait("done")
    assert [event["detail"]["text"] for event in ground.heard("output")] == ["Name? ", "hidden Ada\n"]
    assert ground.element().evaluate("(e) => e.getBoundingClientRect().height") == 0


# ---- control of a program under way ----


def test_stop_without_a_toolbar(ground: Ground) -> None:
    page = ground.page
    ground.put(f'<button id="mine">mine</button><edge-python id="e">print("on")\n{FOREVER}</edge-python>')
    stop = ground.part("status .stop")
    ground.until(stop.is_visible)
    assert stop.get_attribute("part") == "button stop-button"
    assert status(ground) == "Running"
    page.locator("#mine").focus()
    assert tab(page, 2) == ["output", "stop"]
    page.keyboard.press("Enter")
    ground.wait("failed")
    assert (ground.shown(), status(ground)) == ("on\n", "Stopped")
    assert ground.part("status").is_visible(), "a reader who stops a program sees that it stopped"
    assert stop.is_hidden()
    assert focused(page) == "output", "focus is not lost with the button"
    ground.call("void (element.source = 'receive()')")
    ground.wait("waiting")
    ground.until(stop.is_visible)
    assert status(ground) == "Waiting"
    stop.click()
    ground.wait("failed")
    assert ground.run("print('next')")["out"] == "next\n"
    assert ground.part("status").is_hidden(), "nothing is under way, and nobody stopped it"


def test_stop_is_not_for_a_program_that_ends_at_once_nor_where_the_page_took_over(ground: Ground) -> None:
    ground.put('<edge-python id="e" autorun="false"></edge-python>', wait="ready")
    seen = ground.call(
        """(async () => {
          const seen = [];
          const stop = element.shadowRoot.querySelector('.status .stop');
          new MutationObserver(() => seen.push(stop.hidden)).observe(stop, { attributes: true });
          await element.run('print(1)');
          return seen;
        })()"""
    )
    assert False not in seen
    ground.put('<edge-python id="f" output="none">receive()</edge-python>', wait="waiting")
    ground.page.wait_for_timeout(400)
    assert ground.element().evaluate("(e) => e.getBoundingClientRect().height") == 0


def test_stop_takes_the_question_away(ground: Ground) -> None:
    ground.put('<edge-python id="e">input("Name? ")</edge-python>', wait="waiting")
    assert ground.part("question").is_visible()
    ground.until(ground.part("status .stop").is_visible)
    ground.part("question input").focus()
    ground.part("status .stop").click()
    ground.wait("failed")
    assert ground.part("question").is_hidden()
    assert ground.shown() == "Name? ", "and no answer is made up"


def test_the_page_may_answer_in_the_readers_place(ground: Ground) -> None:
    ground.put('<edge-python id="e">print("got", input("? "))\nprint(input("more? "))</edge-python>', wait="waiting")
    ground.call("element.worker.provideInput('this')")
    ground.shows("? got this\nmore? ")
    assert ground.part("question").is_visible(), "the next question is the reader's again"
    assert ground.state() == "waiting"
    ground.part("question input").fill("that")
    ground.part("question input").press("Enter")
    ground.wait("done")
    assert ground.part("question").is_hidden()


def test_an_error_is_read_from_its_first_line(ground: Ground) -> None:
    """It may be higher than the log, on a phone for instance."""
    for controls in ("controls autorun=true", ""):
        ground.put(
            f'<edge-python id="e" {controls} style="--edge-output-max-height: 8rem">print("\\n" * 20)\n'
            "def f(n):\n    if n:\n        f(n - 1)\n    raise ValueError('deep')\nf(6)</edge-python>",
            wait="failed",
        )
        gap = ground.element().evaluate(
            """(e) => {
              const [log, head] = ['.output', '.picture'].map((name) => e.shadowRoot.querySelector(name).getBoundingClientRect());
              return { above: head.top - log.top, below: log.bottom - head.top, high: head.height - log.height };
            }"""
        )
        assert gap["high"] > 0, "the case that this is about"
        assert gap["above"] >= 0
        assert gap["below"] > 60


# ---- properties ----


def test_properties_reach_the_program(ground: Ground, home: Site) -> None:
    home.put("/props/util.py", "def double(x):\n    return 2 * x\n", PYTHON)
    home.put("/props/shout.js", "export const shout = { loud: (text) => text.toUpperCase() };", "text/javascript")
    ground.page.evaluate(
        """() => {
          const element = document.createElement('edge-python');
          element.id = 'e';
          element.imports = { util: './props/util.py' };
          element.hostModules = { shout: './props/shout.js' };
          element.mainThreadModules = { here: ({ element }) => ({ who: () => element.id }) };
          element.textContent = [
            'from util import double', 'from shout import loud', 'from here import who', 'print(double(loud("x")), who())',
          ].join('\\n');
          document.querySelector('#place').append(element);
        }"""
    )
    ground.wait("done")
    assert ground.shown() == "XX e\n"
    ground.call("void (element.mainThreadModules = { here: { who: () => 'another' } })")
    ground.shows("XX another\n")
    assert len(ground.heard("ready")) == 2


def test_registration_is_apart_from_the_class(
    browser: Browser, browser_context_args: dict[str, Any], home: Site
) -> None:
    context = browser.new_context(**browser_context_args)
    try:
        page = context.new_page()
        home.put(
            "/apart.html",
            '<!doctype html><link rel="icon" href="data:,"><x-python id="late">from here import say\nprint(say())</x-python>'
            "<script type=module>window.late.mainThreadModules = { here: { say: () => 'set early' } };"
            "window.module = await import('/dist/edge-python.js?setElement=false')</script>",
            "text/html",
        )
        page.goto(home.url + "/apart.html")
        page.wait_for_function("window.module")
        assert page.evaluate("customElements.get('edge-python') === undefined")
        assert page.evaluate("Object.keys(module).sort()") == ["EdgePythonElement", "createWorker", "defineElement"]
        assert page.evaluate("module.defineElement('x-python') === customElements.get('x-python')")
        assert page.evaluate("module.defineElement('x-python') === customElements.get('x-python')"), "twice is once"
        assert page.evaluate("module.defineElement().prototype instanceof module.EdgePythonElement"), "a further tag"
        assert page.evaluate("customElements.get('edge-python') !== undefined")
        page.evaluate("customElements.define('x-other', class extends HTMLElement {})")
        refused = "(() => { try { module.defineElement('x-other') } catch (error) { return error.message } })()"
        assert page.evaluate(refused) == "<x-other> is already defined by another script"
        page.wait_for_function("late.state === 'done'")
        assert page.locator("#late .output").inner_text() == "set early\n", (
            "a property of before its registration counts"
        )
    finally:
        context.close()


# ---- input, keyboard, accessibility ----


def test_input_by_keyboard(ground: Ground) -> None:
    page = ground.page
    ground.put(
        '<button id="mine">mine</button><edge-python id="e" controls autorun="true" label="Names">\n'
        "  name = input('Name? ')\n  print('Hello,', name)\n"
        "  try:\n      input('More? ')\n  except EOFError:\n      print('|no more')\n</edge-python>"
    )
    page.locator("#mine").focus()
    ground.wait("waiting")
    assert status(ground) == "Waiting for your answer"
    assert ground.shown() == "Name? ", "the prompt is there once"
    assert ground.element().get_by_label("Name?", exact=True).count() == 1, "it names the field"
    box = ground.part("question label").bounding_box()
    assert box is not None
    assert box["width"] <= 1, "and is not drawn twice"
    assert page.evaluate("document.activeElement.id") == "mine", "a program takes no focus from elsewhere"
    assert tab(page, 7) == ["run", "stop", "pause", "reset", "copy", "output", "INPUT"]
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    ground.shows("Name? Ada\nHello, Ada\nMore? ")
    ground.until(lambda: focused(page) == "INPUT")
    page.keyboard.press("Escape")
    ground.wait("done")
    assert ground.shown() == "Name? Ada\nHello, Ada\nMore? |no more\n"
    assert focused(page) == "output", "focus is not lost with the field"


def test_editor_and_controls_by_keyboard(ground: Ground) -> None:
    page = ground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ground.put(
        '<button id="mine">mine</button>'
        '<edge-python id="e" controls editor label="Sums">if True:\n    print(1)</edge-python><button>after</button>'
    )
    page.locator("#mine").focus()
    assert tab(page, 6) == ["run", "stop", "pause", "reset", "copy", "code"]
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("for i in range(2):")
    page.keyboard.press("Enter")
    page.keyboard.type("print(i)")
    assert ground.get("source") == "if True:\n    print(1)\n    for i in range(2):\n        print(i)"
    page.keyboard.press("Shift+Tab")
    assert str(ground.get("source")).endswith("\n    print(i)")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert str(ground.get("source")).endswith("\n        print(i)")
    page.keyboard.press("Backspace")
    assert str(ground.get("source")).endswith("\n    print(i)"), "a whole step at a time"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Enter")
    ground.wait("done")
    assert ground.shown() == "1\n0\n1\n"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    assert tab(page, 1) == ["output"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "after"

    ground.part("copy").press("Enter")
    ground.until(lambda: ground.part("copy").inner_text() == "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == ground.get("source"), "of an editor, the program"
    ground.call("element.removeAttribute('editor')")
    ground.part("copy").press("Space")
    ground.until(lambda: page.evaluate("navigator.clipboard.readText()") == "1\n0\n1\n")


@pytest.fixture(scope="module")
def five(browser: Browser, browser_context_args: dict[str, Any], home: Site) -> Iterator[Ground]:
    """A fresh page with five elements at work, and one that is idle."""
    home.clear_log()
    with opened(browser, browser_context_args, home) as ground:
        ground.put(
            '<edge-python id="idle" controls editor label="Idle">print(1)</edge-python>'
            f'<edge-python id="running" controls editor autorun="true" label="Running">print("on")\n{FOREVER}</edge-python>'
            '<edge-python id="waiting" controls autorun="true" label="Waiting">print("x")\ninput("Your name? ")</edge-python>'
            '<edge-python id="failed" controls editor autorun="true" label="Failed">import os\n'
            'from "./none.py" import a</edge-python>'
            '<edge-python id="done" label="Done">print("end")</edge-python><edge-python id="ready"></edge-python>'
        )
        for state in ("idle", "running", "waiting", "failed", "done", "ready"):
            ground.wait(state, f"#{state}")
        yield ground


def test_five_elements_load_the_runtime_once(five: Ground, home: Site) -> None:
    assert len(five.page.workers) == 5
    runtime = [path for path in home.paths() if path.startswith("/dist/runtime/") or path == "/dist/engine.js"]
    assert "/dist/runtime/snapshot.bin" in runtime
    assert len(runtime) == len(set(runtime)) == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe_in_any_state(five: Ground, scheme: Literal["light", "dark"]) -> None:
    five.page.emulate_media(color_scheme=scheme)
    five.until(lambda: bool(re.search(r"\d s$", five.part("status", "#running").inner_text())))
    assert five.axe() == []


# ---- other origins, strict pages ----


def test_runtime_and_script_from_another_origin(
    browser: Browser, browser_context_args: dict[str, Any], home: Site, cdn: Site
) -> None:
    home.clear_log()
    cdn.put("/far/util.py", "def twice(x):\n    return 2 * x\n", PYTHON)
    home.put(
        "/own.py",
        f'from "{cdn.url}/far/util.py" import twice\nfrom dom import query, get_text\nprint(twice(get_text(query("h1"))))\n',
        PYTHON,
    )
    html = (
        '<!doctype html><link rel="icon" href="data:,"><h1>far</h1>'
        f'<script type="module" src="{cdn.url}/dist/edge-python.js"></script>'
        '<edge-python entry="./own.py" grant="dom"></edge-python>'
    )
    home.put("/far.html", html, "text/html")
    context = browser.new_context(**browser_context_args)
    try:
        page = context.new_page()
        page.goto(home.url + "/far.html")
        page.wait_for_function("document.querySelector('edge-python').state === 'done'")
        assert page.locator(".output").inner_text() == "farfar\n"
        assert set(home.paths()) == {"/far.html", "/own.py", "/packages.json"}, "the runtime came from there"
    finally:
        context.close()


# The least that a page must allow; the same words stand in edge-python.js for the documentation.
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'"


def test_strict_content_policy(browser: Browser, browser_context_args: dict[str, Any], home: Site) -> None:
    assert POLICY in (ROOT / "web" / "edge-python.js").read_text()
    home.put("/csp/util.py", "def f(x):\n    return -x\n", PYTHON)
    home.put("/csp/pack.js", "export default { plus: (x) => x + 1 };", "text/javascript")
    html = (
        '<!doctype html><script type="module" src="/dist/edge-python.js"></script>'
        '<edge-python controls editor grant="dom" packages="/csp/packages.json"><script type="text/x-python">'
        "from util import f\nfrom pack import plus\nfrom dom import query, set_text\n"
        "set_text(query('#out'), input('? '))\nprint(f(plus(1)))</script></edge-python><p id='out'></p>"
    )
    home.put("/csp/packages.json", '{"imports": {"util": "./util.py"}, "host": {"pack": "./pack.js"}}', JSON)
    home.put("/csp/index.html", html, "text/html", headers={"Content-Security-Policy": POLICY})
    context = browser.new_context(**browser_context_args)
    try:
        page = context.new_page()
        violations = []
        page.on("console", lambda message: violations.append(message.text) if "violates" in message.text else None)
        page.route("**/favicon.ico", lambda route: route.abort())
        page.goto(home.url + "/csp/index.html")
        page.locator(".run").click()
        page.locator(".question input").fill("in")
        page.keyboard.press("Enter")
        _says(page, ".output", "? in\n-2\n")
        assert page.locator("#out").inner_text() == "in"
        assert page.locator(".run").evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(29, 95, 209)", (
            "it has its look"
        )
        # The cell tries its frame's text first, which this policy forbids, and then its file.
        assert len([text for text in violations if "favicon" not in text and "inline script" not in text]) == 0
    finally:
        context.close()


def _says(page: Page, selector: str, text: str) -> None:
    """Poll from here: this policy allows no evaluated predicate."""
    for _ in range(500):
        if page.locator(selector).text_content() == text:
            return
        page.wait_for_timeout(20)
    raise AssertionError(page.locator(selector).text_content())
