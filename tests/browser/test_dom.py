"""The host package `dom`, through real programs.

Takes: one element with `grant="dom"`, and markup for each test. Holds: what each function does, the errors that a program sees,
and that no text of a program becomes code of the page.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.elements import Ground, opened
from tests.support.site import Site

NAMES = [
    "query", "query_all", "body", "parent", "children",
    "create", "append", "insert_before", "remove",
    "get_text", "set_text", "get_attribute", "set_attribute", "remove_attribute",
    "add_class", "remove_class", "toggle_class", "has_class", "get_style", "set_style",
    "get_value", "set_value", "get_checked", "set_checked", "focus",
    "listen", "unlisten",
]  # fmt: skip


@pytest.fixture(scope="module")
def one_page(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> Iterator[Ground]:
    with Site({"/dist/": dist}) as site, opened(browser, browser_context_args, site) as ground:
        ground.put('<edge-python id="e" grant="dom" output="none"></edge-python><div id="stage"></div>', wait="ready")
        yield ground
    assert not site.failures, site.failures


@pytest.fixture
def ground(one_page: Ground) -> Iterator[Ground]:
    """The module's page and worker. Between tests the packages begin anew, and no event is left."""
    yield one_page
    one_page.call("element.reset()")
    one_page.page.evaluate("document.querySelector('#stage').replaceChildren(); heard.length = 0")


def play(ground: Ground, program: str, markup: str = "") -> list[str]:
    """The lines that a program prints, over some markup."""
    ground.page.evaluate("(html) => { document.querySelector('#stage').innerHTML = html; }", markup)
    result = ground.run("from dom import *\n" + program)
    assert result["ok"], result["error"]["rendered"]
    return str(result["out"]).splitlines()


def stage(ground: Ground) -> str:
    """What the markup has become."""
    return str(ground.page.evaluate("document.querySelector('#stage').innerHTML"))


def errors(ground: Ground, calls: list[str], markup: str = "") -> list[str]:
    """For each expression, the error that the program sees."""
    tries = "".join(
        f"try:\n    {call}\n    print('nothing')\nexcept Exception as e:\n    print(type(e).__name__, e, sep=': ')\n"
        for call in calls
    )
    return play(ground, tries, markup)


def test_names_are_known_before_the_program_runs(ground: Ground) -> None:
    assert play(ground, "\n".join(f"{name}" for name in NAMES)) == []
    result = ground.run("print('never')\nfrom dom import query, quarry")
    assert [(each["line"], each["message"]) for each in result["error"]["diagnostics"]] == [
        (2, "module 'dom' has no export 'quarry'"),
    ]
    assert "never" not in result["out"]
    functions = ground.page.evaluate(
        "import('/dist/host/dom.js').then(({ dom }) => Object.keys(dom({ signal: new AbortController().signal })))"
    )
    assert functions == NAMES, "the list that the documentation has"


def test_finding(ground: Ground) -> None:
    markup = "<ul id='l'><li class='x'>a</li><li>b</li></ul><p class='x'>c</p>"
    program = """
l = query("#l")
print(l == query("ul"), query("#none"), query_all(".none"))
print([get_text(each) for each in query_all(".x")], [get_text(each) for each in query_all(".x", l)])
print(query("p", l), get_text(query(".x", l)))
print([get_text(each) for each in children(l)], parent(children(l)[0]) == l)
print(parent(parent(body())), query("body") == body())
"""
    lines = play(ground, program, markup)
    assert lines == ["True None []", "['a', 'c'] ['a']", "None a", "['a', 'b'] True", "None True"]


def test_building_and_removing(ground: Ground) -> None:
    program = """
stage = query("#stage")
ul = create("ul")
append(stage, ul)
items = {}
for name in ["b", "c"]:
    items[name] = li = create("li")
    set_text(li, f"<{name}>")
    append(ul, li)
first = create("li")
set_text(first, "a")
insert_before(items["b"], first)
remove(items["c"])
print(get_text(ul))
"""
    assert play(ground, program) == ["a<b>"]
    assert stage(ground) == "<ul><li>a</li><li>&lt;b&gt;</li></ul>"
    program = """
stage, outer, inner, kept, leaf = [query(each) for each in ["#stage", "#a", "#a b", "#k", "#k i"]]
remove(outer)
set_text(kept, "text")
for each in [outer, inner, leaf]:
    try:
        get_text(each)
    except ValueError as e:
        print(e)
print(get_text(kept))
"""
    lines = play(ground, program, "<div id='a'><b></b></div><div id='k'><i></i></div>")
    assert [line.endswith("(was it removed, or is the id from an earlier run?)") for line in lines[:3]] == [True] * 3
    assert lines[3] == "text"


def test_attributes_classes_styles_and_fields(ground: Ground) -> None:
    markup = (
        "<a id='a' href='/x' class='one'>t</a><input id='i' value='v'><input id='c' type='checkbox'>"
        "<select id='s'><option>p</option><option>q</option></select><textarea id='t'>text</textarea>"
    )
    program = """
a, i, c, s, t = [query("#" + each) for each in "aicst"]
print(get_attribute(a, "href"), get_attribute(a, "none"))
set_attribute(a, "title", "T")
remove_attribute(a, "href")
add_class(a, "two")
remove_class(a, "one")
print(toggle_class(a, "three"), toggle_class(a, "two"), has_class(a, "two"), has_class(a, "three"))
set_style(a, "color", "rgb(1, 2, 3)")
set_style(a, "--own", "x")
print(get_style(a, "color"), get_style(a, "--own"), repr(get_style(a, "none")))
print([get_value(each) for each in [i, s, t]])
set_value(i, "new")
set_value(s, "q")
set_value(t, "more\\n")
print([get_value(each) for each in [i, s, t]])
print(get_checked(c))
set_checked(c, True)
print(get_checked(c), focus(i))
"""
    assert play(ground, program, markup) == [
        "/x None",
        "True False False True",
        "rgb(1, 2, 3) x ''",
        "['v', 'p', 'text']",
        "['new', 'q', 'more\\n']",
        "False",
        "True None",
    ]
    assert ground.page.locator("#a").evaluate("(a) => a.outerHTML") == (
        '<a id="a" class="three" title="T" style="color: rgb(1, 2, 3); --own: x;">t</a>'
    )
    assert ground.page.evaluate("document.activeElement.id") == "i"


def test_errors_are_of_python(ground: Ground) -> None:
    calls = {
        "query('[')": "ValueError: '[' is not a selector that this browser reads",
        "query(1)": "TypeError: a selector must be a str, not a number",
        "query()": "TypeError: a selector must be a str, not nothing",
        "get_text('#p')": "TypeError: dom expects an element's id, which is an int, not a str",
        "get_text(None)": "TypeError: dom expects an element's id, which is an int, not None",
        "get_text(query('#none'))": "TypeError: dom expects an element's id, which is an int, not None",
        "get_text(999)": "ValueError: dom has no element 999 (was it removed, or is the id from an earlier run?)",
        "set_text(query('#p'), 7)": "TypeError: a text must be a str, not a number",
        "set_text(query('#p'), ['x'])": "TypeError: a text must be a str, not a list",
        "set_attribute(query('#p'), 'a b', 'x')": "ValueError: dom cannot set 'a b': ",
        "create('a b')": "ValueError: dom cannot create <a b>: ",
        "create(None)": "TypeError: a tag name must be a str, not None",
        "append(query('#p'), query('#stage'))": "ValueError: dom cannot append there: ",
        "insert_before(create('p'), create('p'))": "ValueError: element ",
        "add_class(query('#p'), 'a b')": "ValueError: dom cannot add the class 'a b': ",
        "get_value(query('#p'))": "TypeError: element ",
        "get_checked(query('#p'))": "TypeError: element ",
        "set_checked(query('#c'), 1)": "TypeError: checked must be a bool, not a number",
        "set_value(query('#f'), '/etc/passwd')": "ValueError: dom cannot set that value: ",
        "listen(query('#p'), None)": "TypeError: an event type must be a str, not None",
        "unlisten(999)": "ValueError: dom has no element 999 (was it removed, or is the id from an earlier run?)",
    }
    found = errors(ground, list(calls), "<p id='p'>t</p><input id='c' type='checkbox'><input id='f' type='file'>")
    wrong = [(call, got) for (call, want), got in zip(calls.items(), found, strict=True) if not got.startswith(want)]
    assert wrong == []
    result = ground.run("from dom import get_text\ndef f():\n    return get_text(9999)\nf()")
    assert result["error"]["type"] == "ValueError"
    assert [frame["line"] for frame in result["error"]["frames"]] == [4, 3], "a traceback points at the call"


def test_text_never_becomes_code(ground: Ground) -> None:
    markup = (
        "<p id='p'>t</p><a id='a' href='#'>a</a><script id='s' type='text/plain'>s</script><x-late></x-late>"
        "<edge-python id='other' autorun='false'><span id='inner'>print(1)</span></edge-python>"
    )
    calls = {
        **{f"create('{tag}')": f"ValueError: dom does not touch <{tag.lower()}> elements: they can run code in the page"
           for tag in ("script", "SCRIPT", "iframe", "object", "embed", "base", "meta", "link")},
        "set_text(query('#s'), 'x')": "ValueError: dom does not touch <script> elements: they can run code in the page",
        "append(query('#s'), create('b'))": "ValueError: dom does not touch <script>",
        "set_attribute(query('#p'), 'onclick', 'x()')": "ValueError: dom does not set 'onclick': it is code of the page;",
        "set_attribute(query('#p'), 'OnClick', 'x()')": "ValueError: dom does not set 'OnClick': ",
        "set_attribute(query('#a'), 'href', ' java\\nscript:x()')": "ValueError: dom does not set 'href' to a javascript:",
        "set_attribute(query('#a'), 'href', '\\x01JavaScript:x()')": "ValueError: dom does not set 'href' to a javascript:",
        "set_attribute(query('#p'), 'srcdoc', 'x')": "ValueError: dom does not set 'srcdoc'",
        # Another program may have been granted more: it is neither started nor changed.
        "create('edge-python')": "ValueError: dom does not touch <edge-python> elements: a program neither starts",
        "create('Edge-Python')": "ValueError: dom does not touch <edge-python> elements",
        "create('x-later')": "ValueError: this page does not define <x-later>",
        "set_attribute(query('#other'), 'grant', 'dom')": "ValueError: dom does not touch <edge-python> elements",
        "set_text(query('#other'), 'print(2)')": "ValueError: dom does not touch <edge-python> elements",
        "set_text(query('#inner'), 'print(2)')": "ValueError: dom does not touch <edge-python> elements",
        "append(query('#other'), query('#p'))": "ValueError: dom does not touch <edge-python> elements",
        "insert_before(query('#inner'), query('#p'))": "ValueError: dom does not touch <edge-python> elements",
        "remove(query('#e'))": "ValueError: dom does not touch <edge-python> elements",
    }  # fmt: skip
    found = errors(ground, list(calls), markup)
    wrong = [(call, got) for (call, want), got in zip(calls.items(), found, strict=True) if not got.startswith(want)]
    assert wrong == []
    assert stage(ground) == markup.replace("'", '"')
    ground.page.evaluate("customElements.define('x-own', class extends HTMLElement {})")
    assert play(ground, "append(query('#stage'), create('x-own'))\nprint(get_text(query('#s')))", markup) == ["s"]


def listening(ground: Ground, program: str, markup: str) -> None:
    """Start a program, and come back when it says so."""
    ground.page.evaluate("(html) => { document.querySelector('#stage').innerHTML = html; }", markup)
    ground.call("void (window.result = element.run(argument))", "from dom import *\n" + program)
    ground.until(lambda: any(event["detail"]["text"] == "listening\n" for event in ground.heard("output")))


def heard(ground: Ground) -> list[Any]:
    """What the program received, once it has ended."""
    result = ground.page.evaluate("result")
    assert result["ok"], result["error"]["rendered"]
    return [json.loads(line) for line in result["out"].splitlines() if line.startswith("{")]


def test_listening(ground: Ground) -> None:
    program = """
b, i, c, f, k = [query("#" + each) for each in "bicfk"]
for each, kind in [(b, "click"), (b, "click"), (i, "input"), (c, "change"), (f, "submit"), (k, "keydown"), (k, "own")]:
    listen(each, kind)
print("listening")
for _ in range(6):
    print(receive())
unlisten(b, "click")
unlisten(k)
print(set_text(b, "done"))
print(receive())
"""
    markup = (
        "<button id='b'>b</button><input id='i'><input id='c' type='checkbox' value='v'>"
        "<form id='f' action='/gone'><button id='go'>go</button></form><div id='k' tabindex='0'>k</div>"
    )
    listening(ground, program, markup)
    page = ground.page
    page.locator("#b").click(modifiers=["Shift"])
    page.locator("#i").fill("typed")
    page.locator("#c").check()
    page.locator("#go").click()
    page.locator("#k").focus()
    page.keyboard.press("a")
    page.evaluate("document.querySelector('#k').dispatchEvent(new CustomEvent('own', { detail: [1, 'x'] }))")
    page.wait_for_function("document.querySelector('#b').textContent === 'done'")
    page.locator("#b").click()
    page.locator("#i").fill("last")
    events = heard(ground)
    ids = [event["target"] for event in events]
    assert [event["type"] for event in events] == ["click", "input", "change", "submit", "keydown", "own", "input"]
    assert len(set(ids)) == 5
    assert events[0]["detail"].pop("x") > 0
    assert events[0]["detail"].pop("y") > 0
    assert [event["detail"] for event in events] == [
        {"button": 0, "shift": True, "ctrl": False, "alt": False, "meta": False},
        {"value": "typed"},
        {"value": "v", "checked": True},
        None,
        {"key": "a", "code": "KeyA", "repeat": False, "shift": False, "ctrl": False, "alt": False, "meta": False},
        [1, "x"],
        {"value": "last"},
    ]
    assert page.url.endswith("/ground.html"), "a form that is listened to does not leave the page"


def test_reset_ends_the_listeners(ground: Ground) -> None:
    listening(ground, "listen(query('#b'), 'click')\nprint('listening')\nprint(receive())", "<button id='b'>b</button>")
    ground.page.locator("#b").click()
    assert len(heard(ground)) == 1
    ground.call("element.reset()")
    ground.page.evaluate("heard.length = 0")
    ground.page.locator("#b").click()
    listening(ground, "print('listening')\nprint(receive())", "<button id='b'>b</button>")
    ground.call("element.worker.pushEvent('{}')")
    assert heard(ground) == [{}], "the click of before is not an event of this program"
