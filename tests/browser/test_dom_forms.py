"""The host package `dom`: forms and files.

Takes: real programs, real fields, files that the browser is given. Holds: values in and out, validity, what each function
says of an element that it is not for, the contents of files, downloads, and which addresses a program may make.
"""

from pathlib import Path

from playwright.sync_api import FilePayload

from tests.support.stage import Stage

FIELDS = (
    "<form id='f'><input id='i' name='i' value='v'><input id='n' name='n' type='number'>"
    "<input id='c' name='c' type='checkbox' value='yes'><input id='r' type='radio' name='r' value='1' checked>"
    "<select id='s' name='s'><option>p</option><option value='Q'>q</option></select>"
    "<select id='m' name='m' multiple><option>x</option><option>y</option><option>z</option></select>"
    "<textarea id='t' name='t'>text</textarea><input id='u' name='u' type='file' multiple>"
    "<button id='b' name='b' value='go'>go</button></form><p id='p'>p</p>"
)
NAMES = 'f, i, n, c, r, s, m, t, u, b, p = [query("#" + each) for each in "fincrsmtubp"]\n'


def test_values(stage: Stage) -> None:
    program = (
        NAMES
        + """
print([get_value(each) for each in [i, n, c, s, m, t]])
set_value(i, "new")
set_value(n, "1.5")
set_value(s, "Q")
set_value(t, "more\\n")
print([get_value(each) for each in [i, n, s, t]])
set_value(n, "")
print(repr(get_value(n)), get_checked(c), get_checked(r))
set_checked(c, True)
print(get_checked(c))
print(get_options(s)[1], get_selected(s), get_selected(m))
set_selected(m, ["x", "z"])
print(get_selected(m))
print(get_form_data(f))
set_selected(m, [])
set_selected(s, [])
print(get_selected(m), get_selected(s))
set_options(s, {"1": "<one>", "2": "two"})
print(get_html(s), get_value(s))
reset_form(f)
print(get_value(i), get_checked(c), get_form_data(create("form")))
"""
    )
    assert stage.play(program, FIELDS) == [
        "['v', '', 'yes', 'p', '', 'text']",
        "['new', '1.5', 'Q', 'more\\n']",
        "'' False True",
        "True",
        "{'value': 'Q', 'text': 'q', 'selected': True, 'disabled': False} ['Q'] []",
        "['x', 'z']",
        "{'i': 'new', 'n': '', 'c': 'yes', 'r': '1', 's': 'Q', 'm': ['x', 'z'], 't': 'more\\n', 'u': None}",
        "[] []",
        '<option value="1">&lt;one&gt;</option><option value="2">two</option> 1',
        "v False {}",
    ]


def test_validity_focus_and_selection(stage: Stage) -> None:
    program = (
        NAMES
        + """
print(is_valid(i), repr(get_error(i)), is_valid(f))
set_attribute(i, "required", "")
set_value(i, "")
print(is_valid(i), get_error(i) != "", is_valid(f), report_validity(f), get_focused() == i)
set_value(i, "hello")
set_error(i, "too friendly")
print(is_valid(i), get_error(i))
set_error(i, "")
print(is_valid(f))
set_disabled(b, True)
print(get_disabled(b), get_disabled(i), get_attribute(b, "disabled"))
blur(i)
print(get_focused())
focus(t)
print(get_focused() == t)
select_text(t, 1, 3)
print(get_selection(t))
select_text(i)
print(get_selection(i), get_selection(n))
"""
    )
    assert stage.play(program, FIELDS) == [
        "True '' True",
        "False True False False True",
        "False too friendly",
        "True",
        "True False ",
        "None",
        "True",
        "{'start': 1, 'end': 3, 'text': 'ex'}",
        "{'start': 0, 'end': 5, 'text': 'hello'} {'start': None, 'end': None, 'text': ''}",
    ]


def test_submit_is_told_and_the_page_stays(stage: Stage) -> None:
    program = """
f = query("#f")
listen(f, "submit")
submit(f)
print(receive())
print("listening")
"""
    stage.start(program, "<form id='f' action='/gone'><input name='q' value='é'></form>")
    (event,) = stage.events()
    assert event["detail"] == {"values": {"q": "é"}, "submitter": None}
    assert "/gone" not in stage.page.url


def test_errors_of_fields(stage: Stage) -> None:
    calls = {
        "get_value(p)": "TypeError: <p> has no value; input, textarea and select have one",
        "get_checked(i)": "TypeError: <input> has no tick; checkboxes and radio buttons have one",
        "set_checked(c, 1)": "TypeError: set_checked() argument 2 (checked) must be bool, not int",
        "set_value(u, '/etc/passwd')": "ValueError: set_value(): ",
        "set_value(n, 'many')": "ValueError: <input type=number> does not take 'many'",
        "set_value(s, 'z')": "ValueError: <select> does not take 'z'",
        "set_selected(m, ['x', 'w'])": "ValueError: <select> has no option 'w'",
        "set_selected(s, ['p', 'Q'])": "ValueError: <select> takes one option; with the attribute 'multiple'",
        "get_selected(i)": "TypeError: <input> has no options; select has them",
        "get_form_data(i)": "TypeError: <input> has no fields of its own; that is for form",
        "is_valid(p)": "TypeError: <p> has no validity; forms and their fields have it",
        "get_error(f)": "TypeError: <form> has no message of its own; fields have one",
        "set_disabled(p, True)": "TypeError: <p> has no way to be disabled",
        "select_text(s)": "TypeError: <select> has no text to select",
        "select_text(n)": "ValueError: select_text(): ",
        "get_files(i)": "TypeError: <input> has no files",
    }
    stage.fails({f"{NAMES.strip()}; {call}": want for call, want in calls.items()}, FIELDS)


def test_chosen_files(stage: Stage) -> None:
    program = """
u = query("#u")
print(get_files(u))
listen(u, "change")
print("listening")
receive()
files = get_files(u)
print([(each["name"], each["size"], each["type"]) for each in files], files == get_files(u))
text, latin, png = [each["id"] for each in files]
print(read_text(text), read_bytes(text, 1, 3), read_bytes(text, 3) == read_bytes(text)[3:], read_text(latin, "latin1"))
for call in [lambda: read_text(latin), lambda: read_text(latin, "klingon"), lambda: make_url(text), lambda: read_text(u),
             lambda: read_text(files[0]), lambda: read_text("n.txt"), lambda: make_url(b"x", "text/html"),
             lambda: make_url(png, "image/svg+xml")]:
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)
url = make_url(png)
print(url[:5], make_url(b"x", "image/png") != url)
set_attribute(query("#img"), "src", url)
release(text)
try:
    read_text(text)
except ValueError as e:
    print(e)
"""
    stage.start(program, "<input id='u' type='file' multiple><img id='img' alt=''>")
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001"
        "ffa0f3a5a50000000049454e44ae426082"
    )
    stage.page.locator("#u").set_input_files(
        [
            FilePayload(name="n.txt", mimeType="text/plain", buffer="añb\n".encode()),
            FilePayload(name="l.txt", mimeType="text/plain", buffer=b"\xe9"),
            FilePayload(name="p.png", mimeType="image/png", buffer=png),
        ]
    )
    lines = stage.lines()
    assert lines[:4] == [
        "[]",
        "[('n.txt', 5, 'text/plain'), ('l.txt', 1, 'text/plain'), ('p.png', 70, 'image/png')] True",
        "añb",
        " b'\\xc3\\xb1' True é",
    ]
    file_id = "read_text() argument 1 (file) must be a file's id (int)"
    unsafe = (
        "which could run code in the page; it does for PNG, JPEG, GIF, WebP, AVIF and BMP images, audio and video; "
        "download() saves anything"
    )
    assert [line.replace("  ", " ") for line in lines[4:12]] == [
        "ValueError 'l.txt' is not text in utf-8; read_bytes() reads it as it is",
        "LookupError this browser knows no encoding 'klingon'",
        f"ValueError dom makes no address for 'text/plain', {unsafe}",
        "ValueError 1 is the id of an element, not of a file",
        f"TypeError {file_id}, not dict (give its 'id')",
        f"TypeError {file_id}, not str (programs see only files that the reader chose)",
        f"ValueError dom makes no address for 'text/html', {unsafe}",
        f"ValueError dom makes no address for 'image/svg+xml', {unsafe}",
    ]
    assert lines[12] == "blob: True"
    assert lines[13].startswith("dom has no file ")
    loads = "async (src) => { try { return (await fetch(src)).ok; } catch { return false; } }"
    url = stage.page.locator("#img").get_attribute("src")
    assert stage.page.evaluate(loads, url)
    stage.ground.call("element.reset()")
    assert not stage.page.evaluate(loads, url), "the bytes are held no longer than the program"


def test_addresses_end_when_they_are_revoked(stage: Stage) -> None:
    program = """
url = make_url(b"x", "image/png")
set_attribute(query("#a"), "title", url)
revoke_url(url)
revoke_url("blob:none")
"""
    stage.play(program, "<a id='a'></a>")
    url = stage.page.locator("#a").get_attribute("title")
    assert not stage.page.evaluate(
        "async (src) => { try { return (await fetch(src)).ok; } catch { return false; } }", url
    )


def test_downloads(stage: Stage, tmp_path: Path) -> None:
    for call, name, content in [
        ("download('a é.txt', 'añb')", "a é.txt", "añb".encode()),
        ("download('b.bin', bytes(range(256)))", "b.bin", bytes(range(256))),
        ("download('page.html', '<script>x()</script>', 'text/html')", "page.html", b"<script>x()</script>"),
    ]:
        with stage.page.expect_download() as found:
            stage.play(call)
        assert found.value.suggested_filename == name
        found.value.save_as(tmp_path / "file")
        assert (tmp_path / "file").read_bytes() == content
    assert "/ground.html" in stage.page.url
