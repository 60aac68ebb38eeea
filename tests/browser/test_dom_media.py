"""The host package `dom`: observers, animation, sound, dialogs and the window.

Takes: real programs, a browser that draws and plays. Holds: what each tells and when it ends; what the browser allows only
after a touch is a `PermissionError`.
"""

import struct
from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

from tests.support.stage import Stage


def wav(seconds: float) -> bytes:
    """Silence."""
    samples = b"\x80" * int(8000 * seconds)
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def test_observers(stage: Stage) -> None:
    program = """
s, m, low = query("#s"), query("#m"), query("#low")
seen = observe_intersection(low, 0.5)
print(receive())
scroll_into_view(low)
print(receive())
stop(seen)
size = observe_resize(s)
print(receive())
set_style(s, "width", "70px")
print(receive())
release(size)
watch = observe_mutations(m, {"subtree": True})
new = create("b")
append(m, new)
set_text(query("i", m), "x")
set_attribute(m, "title", "t")
count = 0
while count < 3:
    text = receive()
    count += text.count('"kind"')
    print(text)
print(new)
stop(watch)
set_attribute(m, "title", "u")
set_scroll(0, 0)
print(next_frame() > 0)
print("listening")
print(receive())
"""
    markup = (
        "<div id='s' style='width: 50px; height: 20px'></div><div id='m'><i>i</i></div>"
        "<div style='height: 3000px'></div><p id='low'>low</p>"
    )
    stage.start(program, markup)
    stage.ground.call("element.worker.pushEvent('{\"last\": 1}')")
    *told, last = stage.events()
    assert last == {"last": 1}, "nothing is told of what is stopped"
    assert [each["type"] for each in told[:4]] == ["intersection", "intersection", "resize", "resize"]
    assert [each["detail"]["visible"] for each in told[:2]] == [False, True]
    assert told[1]["detail"]["ratio"] >= 0.5
    assert [each["detail"] for each in told[2:4]] == [{"width": 50, "height": 20}, {"width": 70, "height": 20}]
    changes: list[dict[str, Any]] = [change for each in told[4:] for change in each["detail"]]
    new = int(next(line for line in stage.lines() if line.isdigit()))
    assert changes[0] == {
        "kind": "children",
        "target": told[4]["target"],
        "attribute": None,
        "added": [new],
        "removed": 0,
    }
    assert [(change["kind"], change["attribute"]) for change in changes[1:]] == [
        ("children", None),
        ("attributes", "title"),
    ]


def test_animation(stage: Stage) -> None:
    program = """
a = query("#a")
quick = animate(a, [{"opacity": 0}, {"opacity": 1}], {"duration": 0.02})
wait_animation(quick)
wait_animation(quick)
cancel_animation(quick)
kept = animate(a, {"width": ["10px", "30px"]}, {"duration": 0.02, "fill": "forwards"})
wait_animation(kept)
print(get_style(a, "width"))
cancel_animation(kept)
print(get_style(a, "width"))
endless = animate(a, {"backgroundColor": ["red", "blue"]}, {"iterations": float("inf"), "direction": "alternate"})
pause_animation(endless)
resume_animation(endless)
print("listening")
set_attribute(a, "title", "on")
receive()
remove(a)
b = query("#b")
frame = request_frame()
print(receive())
stop(request_frame())
first = next_frame()
print(next_frame() > first > 0, frame)
"""
    stage.start(program, "<div id='a' style='width: 5px; height: 5px'></div><div id='b'></div>")
    expect(stage.page.locator("#a")).to_have_attribute("title", "on")
    assert stage.page.evaluate("document.getAnimations().map((each) => each.playState)") == ["running"]
    stage.page.evaluate("window.held = document.querySelector('#a')")
    stage.ground.call("element.worker.pushEvent('go')")
    lines = stage.lines()
    assert lines[:2] == ["30px", "5px"]
    (event,) = stage.events()
    assert (event["type"], event["target"], event["detail"]["time"] > 0) == ("frame", None, True)
    assert lines[-1] == f"True {event['listener']}"
    assert stage.page.evaluate("held.getAnimations().length") == 0, "an animation ends with its element's id"


def test_reset_ends_observers_animations_and_frames(stage: Stage) -> None:
    program = """
animate(query("#a"), {"opacity": [0, 1]}, {"iterations": float("inf")})
observe_mutations(query("#a"))
print("listening")
"""
    stage.start(program, "<div id='a'></div>")
    assert stage.lines() == []
    stage.ground.call("element.reset()")
    assert stage.page.evaluate("document.getAnimations().length") == 0
    stage.page.evaluate("document.querySelector('#a').title = 'x'")
    stage.start("print('listening')\nprint(receive())")
    stage.ground.call("element.worker.pushEvent('{}')")
    assert stage.lines() == ["{}"]


def test_sound(stage: Stage) -> None:
    stage.ground.site.put("/silence.wav", wav(0.3), "audio/wav", headers={"Accept-Ranges": "bytes"})
    program = """
a = query("#a")
listen(a, "ended")
listen(a, "loadedmetadata", {"once": True})
print("listening")
set_attribute(a, "src", "/silence.wav")
receive()
state = get_media(a)
print(round(state["duration"], 1), state["paused"], state["ended"], state["error"])
set_volume(a, 0.5)
set_muted(a, True)
set_rate(a, 2)
seek(a, 0.1)
state = get_media(a)
print(state["volume"], state["muted"], state["rate"], round(state["time"], 1))
play(a)
print(get_media(a)["paused"])
print(receive())
pause(a)
"""
    stage.start(program, "<audio id='a'></audio>")
    assert stage.lines()[:3] == ["0.3 True False None", "0.5 True 2 0.1", "False"]
    (event,) = stage.events()
    assert (event["type"], event["detail"]["ended"]) == ("ended", True)


def test_errors_of_media_dialogs_and_observers(stage: Stage) -> None:
    page = "v = query('#v'); a = query('#a'); d = query('#d'); "
    calls = {
        "play(d)": "TypeError: <dialog> plays nothing; audio and video do",
        "play(a)": "OSError: this browser cannot play it: ",
        "set_volume(a, 2)": "ValueError: set_volume(): ",
        "show_dialog(a)": "TypeError: <audio> is no <dialog>",
        "show_dialog(create('dialog'))": "ValueError: show_dialog(): ",
        "observe_intersection(d, 2)": "ValueError: a threshold is between 0 and 1, not 2",
        "observe_mutations(d, {'children': False, 'attributes': False, 'text': False})": "ValueError: observe_mutations() has",
        "animate(d, [1])": "TypeError: animate() argument 2 (keyframes) item 0 must be dict, not int",
        "animate(d, [{'opacity': 0}], {'easing': 'wobbly'})": "TypeError: animate(): ",
        "animate(d, [{'opacity': 0}], {'duration': -1})": "TypeError: animate(): ",
        "wait_animation(999)": "ValueError: dom has no animation 999",
        "enter_fullscreen(d)": "PermissionError: the browser does not let this page fill the screen now; do it just after",
    }
    stage.fails(
        {page + call: want for call, want in calls.items()},
        "<video id='v'></video><audio id='a' src='data:audio/wav,none'></audio><dialog id='d'></dialog>",
    )


def test_dialogs(stage: Stage) -> None:
    said: list[tuple[str, str, str]] = []

    def answer(dialog: Dialog) -> None:
        said.append((dialog.type, dialog.message, dialog.default_value))
        if dialog.message == "no":
            dialog.dismiss()
        else:
            dialog.accept("typed" if dialog.type == "prompt" else None)

    stage.page.on("dialog", answer)
    program = """
print(alert("hey"), confirm("yes"), confirm("no"), prompt("name", "nobody"), prompt("no"))
d = query("#d")
listen(d, "close")
show_dialog(d)
print(get_dialog(d), matches(d, ":modal"))
print("listening")
print(receive())
show_dialog(d, False)
close_dialog(d, "by hand")
print(get_dialog(d), receive().count("by hand"))
"""
    stage.start(
        program, "<dialog id='d'><form method='dialog'><button id='ok' value='fine'>ok</button></form></dialog>"
    )
    stage.page.locator("#ok").click()
    lines = stage.lines()
    stage.page.remove_listener("dialog", answer)
    assert lines[:2] == ["None True False typed None", "{'open': True, 'value': ''} True"]
    assert lines[-1] == "{'open': False, 'value': 'by hand'} 1"
    (event,) = stage.events()
    assert event["detail"] == {"open": False, "value": "fine"}
    assert said == [
        ("alert", "hey", ""), ("confirm", "yes", ""), ("confirm", "no", ""), ("prompt", "name", "nobody"), ("prompt", "no", ""),
    ]  # fmt: skip


def test_the_window(stage: Stage) -> None:
    page = stage.page
    page.emulate_media(color_scheme="dark")
    program = """
title = get_title()
set_title("New é")
print(title, get_title())
set_hash("a b")
print(get_url()[-5:], get_hash(), get_languages(), is_visible())
set_hash("")
view = get_viewport()
print(view, matches_media(f"(width: {view['width']}px)"), matches_media("(width: 1px)"), get_color_scheme())
set_title(title)
print(leave_fullscreen())
"""
    lines = stage.play(program)
    page.emulate_media(color_scheme="light")
    size = page.viewport_size
    assert size is not None
    width, height = size["width"], size["height"]
    assert lines == [
        "Elements New é",
        "a%20b a%20b ['en-GB'] True",
        f"{{'width': {width}, 'height': {height}, 'pixel_ratio': 1}} True False dark",
        "None",
    ]
    assert stage.play("print(get_color_scheme())") == ["light"]


def test_the_clipboard(stage: Stage) -> None:
    stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stage.page.bring_to_front()
    stage.play("write_clipboard('copied é')")
    assert stage.page.evaluate("navigator.clipboard.readText()") == "copied é"
    stage.page.context.clear_permissions()


@pytest.mark.parametrize("name", ["pointerup", "lostpointercapture"])
def test_a_captured_pointer_is_followed(stage: Stage, name: str) -> None:
    program = f"""
a = query("#a")
listen(a, "pointerdown")
listen(a, "{name}")
print("listening")
down = receive()
capture_pointer(a, int(down[down.index('"pointer":') + 10:].split(",")[0]))
set_text(a, "held")
print(receive())
"""
    stage.start(program, "<div id='a' style='width: 50px; height: 20px'>a</div>")
    stage.page.locator("#a").hover()
    stage.page.mouse.down()
    expect(stage.page.locator("#a")).to_have_text("held")
    stage.page.mouse.move(300, 300)
    stage.page.mouse.up()
    (event,) = stage.events()
    assert (event["type"], event["detail"]["x"]) == (name, 300)
