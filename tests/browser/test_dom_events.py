"""The host package `dom`: events, as programs read them with `receive()`.

Takes: real programs, and a browser's own mouse and keyboard. Holds: what an event says, every option of `listen`, when
listening ends, and what a program cannot send.
"""

from typing import Any

from playwright.sync_api import expect

from tests.support.stage import Stage

MODIFIERS = {"shift": False, "ctrl": False, "alt": False, "meta": False}


def hear(count: int, *listeners: str, after: str = "") -> str:
    """A program that starts some listeners, and prints so many events."""
    return "\n".join([*listeners, "print('listening')", f"for _ in range({count}):", "    print(receive())", after])


def test_what_events_say(stage: Stage) -> None:
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
        "<button id='b' data-row='3' style='border: 0'>b</button><input id='i' name='n'><input id='c' type='checkbox' value='v'>"
        "<form id='f' action='/gone'><input name='a' value='1'><input name='a' value='2'><input name='u' type='file'>"
        "<button id='go' name='by' value='go'>go</button></form><div id='k' tabindex='0'>k</div>"
    )
    stage.start(program, markup)
    page = stage.page
    page.locator("#b").click(modifiers=["Shift"], position={"x": 4, "y": 5})
    page.locator("#i").press_sequentially("t")
    page.locator("#c").check()
    page.locator("#go").click()
    page.locator("#k").focus()
    page.keyboard.press("a")
    page.evaluate("document.querySelector('#k').dispatchEvent(new CustomEvent('own', { detail: [1, 'x'] }))")
    expect(page.locator("#b")).to_have_text("done")
    page.locator("#b").click()
    page.locator("#i").fill("last")
    events = stage.events()
    assert [event["type"] for event in events] == ["click", "input", "change", "submit", "keydown", "own", "input"]
    assert len({event["target"] for event in events}) == 5
    assert len({event["listener"] for event in events}) == 6, (
        "the second listener of a kind takes the place of the first"
    )
    assert [event["data"] for event in events] == [{"row": "3"}] + [{}] * 6
    click = events[0]["detail"]
    box = page.locator("#b").bounding_box()
    assert box is not None
    assert (click.pop("x"), click.pop("inside_x")) == (round(box["x"] + 4), 4)
    assert abs(click.pop("y") - box["y"] - 5) < 1
    assert abs(click.pop("inside_y") - 5) < 1
    assert click.pop("pointer") > 0
    assert events[3]["detail"].pop("submitter") not in (None, events[3]["target"])
    assert [event["detail"] for event in events] == [
        {"button": 0, "buttons": 0, "pointer_type": "mouse", "pressure": 0, **MODIFIERS, "shift": True},
        {"input": "insertText", "inserted": "t", "name": "n", "value": "t"},
        {"name": "", "value": "v", "checked": True},
        {"values": {"a": ["1", "2"], "u": None, "by": "go"}},
        {"key": "a", "code": "KeyA", "repeat": False, **MODIFIERS},
        [1, "x"],
        {"input": "insertText", "inserted": None, "name": "n", "value": "last"} | events[6]["detail"],
    ]
    assert "/gone" not in page.url, "a form that is listened to does not leave the page"


def test_pointers_wheels_and_window(stage: Stage) -> None:
    program = hear(
        5,
        "p = query('#p')",
        "for kind in ['pointerdown', 'wheel', 'scroll']: listen(p, kind, {'once': True})",
        "listen_window('hashchange')",
        "listen_window('keydown')",
        after="set_hash('')",
    )
    markup = "<div id='p' style='width: 100px; height: 50px; overflow: auto'><div style='height: 500px'></div></div>"
    stage.start(program, markup)
    stage.page.locator("#p").click(position={"x": 10, "y": 20})
    stage.page.mouse.wheel(0, 30)
    stage.ground.until(lambda: stage.page.evaluate("document.querySelector('#p').scrollTop") == 30)
    stage.page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true }))")
    stage.page.evaluate("location.hash = '#there'")
    stage.ground.until(lambda: not stage.page.url.endswith("#there"))
    events = {event["type"]: event for event in stage.events()}
    assert events["pointerdown"]["detail"]["buttons"] == 1
    assert (events["wheel"]["detail"]["delta_x"], events["wheel"]["detail"]["delta_y"]) == (0, 30)
    assert 0 < events["scroll"]["detail"]["y"] <= 30
    assert [events["hashchange"][key] for key in ("target", "data", "detail")] == [None, {}, {"hash": "#there"}]
    assert (events["keydown"]["target"], events["keydown"]["detail"]["key"]) == (None, "x")


def test_options(stage: Stage) -> None:
    program = """
a, l, o, k, s, t = [query("#" + each) for each in "alokst"]
listen(a, "click", {"prevent": True})
rows = listen(l, "click", {"selector": "li"})
listen(o, "click", {"once": True})
listen(k, "keydown", {"keys": ["x", "Escape"], "prevent": True})
listen(s, "click", {"stop": True})
listen(parent(s), "click")
listen(parent(t), "click", {"capture": True})
listen(t, "click", {"passive": True})
end = listen(body(), "end")
print("listening")
while True:
    event = receive()
    if '"end"' in event:
        break
    print(event)
stop(end)
stop(end)
print(query("#l i"), rows)
"""
    markup = (
        "<a id='a' href='/gone'>a</a><ul id='l'><li data-n='1'><b>1</b></li><li data-n='2'>2</li><p>no</p></ul>"
        "<button id='o'>o</button><input id='k'><div><button id='s'>s</button></div><div><button id='t'>t</button></div>"
    )
    stage.start(program, markup)
    page = stage.page
    for selector in ("#a", "#l b", "#l li:nth-child(2)", "#l p", "#o", "#o"):
        page.locator(selector).click()
    page.locator("#k").press_sequentially("axb")
    page.locator("#s").click()
    page.locator("#t").click()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('end'))")
    events = stage.events()
    assert "/gone" not in page.url
    assert page.locator("#k").input_value() == "ab"
    by_listener: dict[int, list[dict[str, Any]]] = {}
    for event in events:
        by_listener.setdefault(event["listener"], []).append(event)
    kinds = [[event["data"] or event["detail"].get("key") for event in heard] for heard in by_listener.values()]
    assert kinds == [[None], [{"n": "1"}, {"n": "2"}], [None], ["x"], [None], [None], [None]], kinds
    rows = list(by_listener.values())[1]
    assert rows[0]["target"] != rows[1]["target"]
    outer, inner = list(by_listener.values())[-2:]
    assert outer[0]["listener"] < inner[0]["listener"], "capture comes first"


def test_throttled_events_end_with_the_latest(stage: Stage) -> None:
    program = """
listen(query("#i"), "input", {"throttle": 0.2})
print("listening")
values = []
while values[-1:] != ["z"]:
    text = receive()
    values.append(text[text.index('"value":"') + 9])
print(values[0], len(values) < 20)
"""
    stage.start(program, "<input id='i'>")
    stage.page.evaluate(
        """() => { for (const value of 'abcdefghijklmnopqrstuvwxyz') {
          const i = document.querySelector('#i');
          i.value = value;
          i.dispatchEvent(new Event('input'));
        } }"""
    )
    assert stage.lines() == ["a True"]


def test_drop_and_paste_bring_files(stage: Stage) -> None:
    program = hear(2, "listen(query('#d'), 'drop')", "listen(query('#d'), 'paste')")
    stage.start(program, "<div id='d'>here</div>")
    allowed = stage.page.evaluate(
        """() => {
          const d = document.querySelector('#d');
          const carry = () => {
            const data = new DataTransfer();
            data.items.add(new File(['abc'], 'n.txt', { type: 'text/plain', lastModified: 5000 }));
            data.setData('text/plain', 'words');
            return data;
          };
          const over = new DragEvent('dragover', { cancelable: true, bubbles: true, dataTransfer: carry() });
          const drop = new DragEvent('drop', { cancelable: true, bubbles: true, dataTransfer: carry() });
          const paste = new ClipboardEvent('paste', { cancelable: true, bubbles: true, clipboardData: carry() });
          return [over, drop, paste].map((event) => { d.dispatchEvent(event); return event.defaultPrevented; });
        }"""
    )
    assert allowed == [True, True, False], "what is dropped does not replace the page"
    for event in stage.events():
        (file,) = event["detail"]["files"]
        assert file.pop("id") > 0
        assert file == {"name": "n.txt", "size": 3, "type": "text/plain", "modified": 5}
        assert event["detail"]["text"] == "words"


def test_dispatch_and_click(stage: Stage) -> None:
    program = """
b, o = query("#b"), query("#o")
listen(b, "own")
listen(parent(b), "own", {"prevent": True})
listen(b, "click")
print("listening")
print(dispatch(b, "own", {"a": [1, None]}), dispatch(b, "own", None, False), dispatch(o, "x"))
click(b)
for _ in range(4):
    print(receive())
"""
    stage.start(program, "<div><button id='b'>b</button></div><i id='o'></i>")
    assert stage.lines()[0] == "False True True"
    events = stage.events()
    assert [(event["type"], event["detail"]) for event in events[:3]] == [("own", {"a": [1, None]})] * 2 + [
        ("own", None)
    ]
    assert events[3]["detail"]["button"] == 0


def test_what_listen_refuses(stage: Stage) -> None:
    options, an_id = "argument 3 (options)", "must be an element's id (int)"
    stage.fails(
        {
            "listen(body(), None)": "TypeError: listen() argument 2 (type) must be str, not None",
            "listen(query('#none'), 'click')": f"TypeError: listen() argument 1 (element) {an_id}, not None",
            "listen(body(), 'x', {'onse': True})": f"ValueError: listen() {options} has no option 'onse'; it has selector,",
            "listen(body(), 'x', {'once': 1})": f"TypeError: listen() {options} ['once'] must be bool, not int",
            "listen(body(), 'x', {'selector': '['})": "ValueError: '[' is not a selector that this browser reads",
            "listen(body(), 'x', {'passive': True, 'prevent': True})": "ValueError: a 'passive' listener cannot 'prevent'",
            "unlisten(999)": "ValueError: dom has no element 999",
            "stop(999)": "ValueError: dom has no listener 999",
            "stop(body())": "ValueError: 1 is the id of an element, not of a listener",
            "dispatch(body(), 'edge-python-event', 'x')": "ValueError: dom does not send 'edge-python-event'",
            "capture_pointer(body(), 12345)": "ValueError: capture_pointer(): ",
        }
    )


def test_a_page_may_send_what_is_no_json(stage: Stage) -> None:
    stage.start(hear(1, "listen(query('#b'), 'own')"), "<b id='b'></b>")
    stage.page.evaluate(
        """() => {
          const detail = {};
          detail.self = detail;
          document.querySelector('#b').dispatchEvent(new CustomEvent('own', { detail }));
        }"""
    )
    (event,) = stage.events()
    assert event["detail"] is None


def test_listening_ends_with_the_element_and_with_reset(stage: Stage) -> None:
    program = """
b, r = query("#b"), query("#r")
listen(b, "click")
listen(r, "click")
listen_window("own")
listen_window("own")
listen(query("#i"), "keydown", {"prevent": True})
release(r)
release(root())
print("listening")
print(receive())
print(receive())
"""
    markup = "<button id='b'>b</button><button id='r'>r</button><input id='i'>"
    stage.start(program, markup)
    stage.page.locator("#r").click()
    stage.page.evaluate("dispatchEvent(new CustomEvent('own'))")
    stage.page.locator("#b").click()
    assert [each["type"] for each in stage.events()] == ["own", "click"], (
        "a listener ends with its element's id, and only so"
    )
    stage.page.evaluate("window.kept = document.querySelector('#b')")
    stage.ground.call("element.reset()")
    stage.page.locator("#i").press_sequentially("x")
    assert stage.page.locator("#i").input_value() == "x", "nothing is prevented any more"
    stage.start("print('listening')\nprint(receive())")
    stage.page.evaluate("document.querySelector('#stage').append(kept)")
    stage.page.locator("#b").click()
    stage.ground.call("element.worker.pushEvent('{}')")
    assert stage.lines() == ["{}"], "the click of before is not an event of this program"
