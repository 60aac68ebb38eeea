"""The host package `dom`, through real programs: finding, building, content, and the gate.

Takes: one element with `grant="dom"`, and markup for each test. Holds: what each function does, the errors that a program
sees, and that no text of a program becomes code of the page. Forms, events and media have files of their own.
"""

import builtins

from tests.support.stage import Stage

# Programs that are out there use these.
FIRST_NAMES = """
query query_all body parent children create append insert_before remove get_text set_text get_attribute set_attribute
remove_attribute add_class remove_class toggle_class has_class get_style set_style get_value set_value get_checked
set_checked focus listen unlisten
""".split()
GONE = "(was it removed, or is the id from an earlier run?)"


def test_names_are_known_before_the_program_runs(stage: Stage) -> None:
    names = stage.page.evaluate(
        "import('/dist/host/dom.js').then(({ dom }) => Object.keys(dom({ signal: new AbortController().signal })))"
    )
    assert [name for name in FIRST_NAMES if name not in names] == []
    assert [name for name in names if hasattr(builtins, name)] == [], "a star import hides nothing of Python's"
    assert stage.play("\n".join(names)) == [], "all of them are there"
    result = stage.ground.run("print('never')\nfrom dom import query, quarry")
    assert [(each["line"], each["message"]) for each in result["error"]["diagnostics"]] == [
        (2, "module 'dom' has no export 'quarry'"),
    ]
    assert "never" not in result["out"]


def test_finding(stage: Stage) -> None:
    markup = "<ul id='l'><li class='x'>a</li><li>b</li><li>d</li></ul><p class='x'>c</p>"
    program = """
l = query("#l")
print(l == query("ul"), query("#none"), query_all(".none"))
print([get_text(each) for each in query_all(".x")], [get_text(each) for each in query_all(".x", l)])
print(query("p", l), get_text(query(".x", l)))
a, b, d = children(l)
print([get_text(each) for each in children(l)], parent(a) == l)
print(parent(parent(body())), query("body") == body(), root() == parent(body()))
print(closest(a, "ul") == l, closest(a, "li") == a, closest(a, "p"), matches(a, ".x"), matches(b, ".x"))
print(contains(l, a), contains(l, l), contains(a, l), get_tag(a), is_connected(a), is_connected(create("p")))
print(siblings(b) == [a, d], next_sibling(b) == d, previous_sibling(b) == a, next_sibling(d), previous_sibling(a))
print(siblings(root()), siblings(create("p")))
"""
    assert stage.play(program, markup) == [
        "True None []",
        "['a', 'c'] ['a']",
        "None a",
        "['a', 'b', 'd'] True",
        "None True True",
        "True True None True False",
        "True True False li True False",
        "True True True None None",
        "[] []",
    ]


def test_building(stage: Stage) -> None:
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
last = clone(first)
append_text(last, "!")
insert_after(items["b"], last)
prepend(ul, items["b"])
empty = clone(first, False)
append(ul, empty)
swap = create("li")
replace(first, swap)
svg = create_svg("svg")
append(stage, svg)
append(svg, create_svg("circle"))
print(get_tag(svg), last == first)
replace(swap, swap)
"""
    assert stage.play(program) == ["a<b>", "svg False"]
    assert stage.html() == "<ul><li>&lt;b&gt;</li><li></li><li>a!</li><li></li></ul><svg><circle></circle></svg>"
    assert stage.page.evaluate("document.querySelector('#stage circle') instanceof SVGCircleElement")


def test_ids_end_with_their_elements(stage: Stage) -> None:
    program = """
stage, outer, inner, kept, leaf, old, part = [query(s) for s in ["#stage", "#a", "#a b", "#k", "#k i", "#o", "#o u"]]
remove(outer)
set_text(kept, "text")
replace(old, create("p"))
for each in [outer, inner, leaf, old, part, 99999, 0, -1]:
    try:
        get_text(each)
    except ValueError as e:
        print(e)
print(get_text(kept))
again = query("#k")
release(again)
print(query("#k") == again)
deep = query("#h s")
set_html(query("#h"), "<em>new</em>")
more = query("#h em")
clear(query("#h"))
for each in [again, deep, more]:
    try:
        release(each)
    except ValueError as e:
        print(str(e).replace(str(each), "N"))
"""
    markup = "<div id='a'><b></b></div><div id='k'><i></i></div><div id='o'><u></u></div><div id='h'><s></s></div>"
    lines = stage.play(program, markup)
    assert [line.endswith(GONE) for line in lines[:8]] == [True] * 8
    assert lines[8:] == ["text", "False", *["dom has nothing with the id N (was it released before?)"] * 3]


def test_text_markup_attributes_classes_and_styles(stage: Stage) -> None:
    program = """
a = query("#a")
print(get_attribute(a, "href"), get_attribute(a, "none"), get_attributes(a), get_data(a))
set_attribute(a, "title", "T")
remove_attribute(a, "href")
add_class(a, "two")
remove_class(a, "one")
print(toggle_class(a, "three"), toggle_class(a, "two"), has_class(a, "two"), has_class(a, "three"), get_classes(a))
print(toggle_class(a, "three", True), toggle_class(a, "none", False))
set_style(a, "color", "rgb(1, 2, 3)")
set_styles(a, {"--own": "x", "width": "5px !important", "margin": "1px"})
print(get_style(a, "color"), get_style(a, "--own"), repr(get_style(a, "none")), get_own_style(a, "width"))
print(get_style(a, "display"))
set_style(a, "margin", "")
d = query("#d")
set_html(d, "<b>bold</b> &amp; <i>it</i>")
append_text(d, "<u>")
print(get_html(d), get_text(d))
hide(d)
print(get_attribute(d, "hidden"), get_rect(d)["width"])
show(d)
print(get_attribute(d, "hidden"))
"""
    markup = "<a id='a' href='/x' class='one' data-row-number='3'>t</a><div id='d'>old</div>"
    assert stage.play(program, markup) == [
        "/x None {'id': 'a', 'href': '/x', 'class': 'one', 'data-row-number': '3'} {'rowNumber': '3'}",
        "True False False True ['three']",
        "True False",
        "rgb(1, 2, 3) x '' 5px",
        "inline",
        "<b>bold</b> &amp; <i>it</i>&lt;u&gt; bold & it<u>",
        " 0",
        "None",
    ]
    assert stage.page.locator("#a").evaluate("(a) => a.outerHTML") == (
        '<a id="a" class="three" data-row-number="3" title="T"'
        ' style="color: rgb(1, 2, 3); --own: x; width: 5px !important;">t</a>'
    )


def test_place_and_scroll(stage: Stage) -> None:
    program = """
box, inner, low = query("#box"), query("#inner"), query("#low")
print(get_rect(box))
print(element_at(15, 25) == box, element_at(-1, 0))
print(get_scroll(box))
set_scroll(3, 40, box)
print(get_scroll(box)["x"], get_scroll(box)["y"])
set_scroll(0, 0)
before = get_scroll()
scroll_into_view(low)
after = get_scroll()
print(before["y"], 0 < after["y"] <= after["max_y"], get_rect(low)["bottom"] <= get_viewport()["height"] + 1)
"""
    markup = """<div id='box' style='position: absolute; left: 10px; top: 20px; width: 100px; height: 50px; overflow: auto'>
      <div id='inner' style='width: 300px; height: 400px; margin-left: 20px'></div></div>
      <div style='height: 3000px'></div><p id='low'>low</p>"""
    lines = stage.play(program, markup)
    rect = "{'x': 10, 'y': 20, 'width': 100, 'height': 50, 'top': 20, 'right': 110, 'bottom': 70, 'left': 10}"
    assert lines[:2] == [rect, "True None"]
    assert lines[2].startswith("{'x': 0, 'y': 0, 'max_x': ")
    assert lines[3:] == ["3 40", "0 True True"]


def test_errors_are_of_python(stage: Stage) -> None:
    an_id = "must be an element's id (int)"
    dashed = "is written 'background-color' in CSS"
    calls = {
        "query('[')": "ValueError: '[' is not a selector that this browser reads",
        "matches(body(), '[')": "ValueError: '[' is not a selector that this browser reads",
        "query(1)": "TypeError: query() argument 1 (selector) must be str, not int",
        "query()": "TypeError: query() needs argument 1 (selector: str)",
        "query('p', 1, 2)": "TypeError: query() takes at most 2 arguments, 3 given",
        "query('p', '#p')": f"TypeError: query() argument 2 (within) {an_id} or None, not str (query() finds",
        "get_text('#p')": f"TypeError: get_text() argument 1 (element) {an_id}, not str (query() finds the id for a selector)",
        "get_text(query('#none'))": f"TypeError: get_text() argument 1 (element) {an_id}, not None (query() gives None where",
        "get_text(query_all('p'))": f"TypeError: get_text() argument 1 (element) {an_id}, not list (query_all() gives a list",
        "get_text(True)": f"TypeError: get_text() argument 1 (element) {an_id}, not bool",
        "get_text(999)": f"ValueError: dom has no element 999 {GONE}",
        "get_text(listen(body(), 'x'))": "ValueError: 3 is the id of a listener, not of an element",
        "set_text(query('#p'), 7)": "TypeError: set_text() argument 2 (text) must be str, not int",
        "set_text(query('#p'), ['x'])": "TypeError: set_text() argument 2 (text) must be str, not list",
        "set_attribute(query('#p'), 'a b', 'x')": "ValueError: set_attribute(): ",
        "create('a b')": "ValueError: create(): ",
        "create(None)": "TypeError: create() argument 1 (tag) must be str, not None",
        "append(query('#p'), query('#stage'))": "ValueError: append(): ",
        "insert_before(create('p'), create('p'))": "ValueError: a <p> that is in no other element has nothing beside it",
        "replace(query('#stage'), query('#p'))": "ValueError: replace(): the new element is inside the old one",
        "add_class(query('#p'), 'a b')": "ValueError: add_class(): ",
        "set_style(query('#p'), 'colour', 'red')": "ValueError: this browser knows no style 'colour'",
        "set_style(query('#p'), 'color', 'rad')": "ValueError: 'rad' is no value that this browser knows for 'color'",
        "set_style(query('#p'), 'backgroundColor', 'red')": f"ValueError: the style 'backgroundColor' {dashed}",
        "set_style(query('#p'), 'background_color', 'red')": f"ValueError: the style 'background_color' {dashed}",
        "set_styles(query('#p'), {'color': 1})": "TypeError: set_styles() argument 2 (styles) ['color'] must be str, not int",
        "set_scroll('0', 0)": "TypeError: set_scroll() argument 1 (x) must be float, not str",
        "get_text(2 ** 70)": f"TypeError: get_text() argument 1 (element) {an_id}, not an int beyond 2**53",
    }  # fmt: skip
    stage.fails(calls, "<p id='p'>t</p>")
    result = stage.ground.run("from dom import get_text\ndef f():\n    return get_text(9999)\nf()")
    assert result["error"]["type"] == "ValueError"
    assert [frame["line"] for frame in result["error"]["frames"]] == [4, 3], "a traceback points at the call"


def test_text_never_becomes_code(stage: Stage) -> None:
    markup = (
        "<p id='p'>t</p><a id='a' href='#'>a</a><script id='s' type='text/plain'>s</script><x-late></x-late>"
        "<svg><a id='g'></a><animatetransform id='t'></animatetransform></svg><div id='w'><b><script></script></b></div>"
        "<template id='n'><template><iframe></iframe></template></template>"
        "<edge-python id='other' autorun='false'><span id='inner'>print(1)</span></edge-python>"
    )
    code = "they can run code in the page"
    other = "ValueError: dom does not touch <edge-python> elements"
    refused = {
        **{f"{make}('{tag}')": f"ValueError: dom does not touch <{tag.lower()}> elements: {code}"
           for make in ("create", "create_svg")
           for tag in ("script", "SCRIPT", "iframe", "object", "embed", "base", "meta", "link", "animateTransform")},
        **{f"set_html(query('#p'), {html!r})": f"ValueError: dom does not {what}"
           for html, what in {
               "<b>x</b><script>x()</script>": "touch <script>",
               "<img src=x onerror=x()>": "set 'onerror'",
               "<svg><animate onbegin=x()></svg>": "touch <animate>",
               "<svg><a href='java&#10;script:x()'></a></svg>": "set 'href' to a javascript:",
               "<form><button formaction=' javascript:x()'>": "set 'formaction' to a javascript:",
               "<template><template><i onclick=x()></i></template></template>": "set 'onclick'",
               "<template><iframe></iframe></template>": "touch <iframe>",
               "<math><mtext><table><mglyph><style><!--</style><img title='--><img onerror=x()>' onload=x()>": "set 'onload'",
               "<noscript><p title='</noscript><img onerror=x() src=x>'></noscript><base href=/>": "touch <base>",
               "<edge-python>print(1)</edge-python>": "touch <edge-python>",
           }.items()},
        "set_text(query('#s'), 'x')": f"ValueError: dom does not touch <script> elements: {code}",
        "set_html(query('#s'), 'x')": f"ValueError: dom does not touch <script> elements: {code}",
        "append(query('#s'), create('b'))": "ValueError: dom does not touch <script>",
        "clone(query('#s'))": "ValueError: dom does not touch <script>",
        "clone(query('#w'))": "ValueError: dom does not touch <script>",
        "clone(query('#n'))": "ValueError: dom does not touch <iframe>",
        "set_attribute(query('#t'), 'values', 'x;javascript:x()')": "ValueError: dom does not touch <animatetransform>",
        "set_attribute(query('#p'), 'onclick', 'x()')": "ValueError: dom does not set 'onclick': it is code of the page;",
        "set_attribute(query('#p'), 'OnClick', 'x()')": "ValueError: dom does not set 'OnClick': ",
        "set_attribute(query('#a'), 'href', ' java\\nscript:x()')": "ValueError: dom does not set 'href' to a javascript:",
        "set_attribute(query('#g'), 'xlink:href', '\\x01JavaScript:x()')": "ValueError: dom does not set 'xlink:href' to",
        "set_attribute(query('#p'), 'srcdoc', 'x')": "ValueError: dom does not set 'srcdoc'",
        # Another program may have been granted more: it is neither started nor changed.
        "create('edge-python')": f"{other}: a program neither starts",
        "create('Edge-Python')": other,
        "create('x-later')": "ValueError: this page does not define <x-later>",
        "clone(query('#other'))": other,
        "clone(body())": "ValueError: dom does not touch <",
        "set_attribute(query('#other'), 'grant', 'dom')": other,
        "set_text(query('#other'), 'print(2)')": other,
        "set_text(query('#inner'), 'print(2)')": other,
        "set_html(query('#inner'), 'print(2)')": other,
        "append_text(query('#inner'), 'print(2)')": other,
        "append(query('#other'), query('#p'))": other,
        "insert_before(query('#inner'), query('#p'))": other,
        "insert_after(query('#inner'), query('#p'))": other,
        "replace(query('#inner'), create('p'))": other,
        "click(query('#other'))": other,
        "dispatch(query('#other'), 'x')": other,
        "remove(query('#e'))": other,
    }  # fmt: skip
    stage.set(markup)
    before = stage.html()
    stage.fails(refused, markup)
    assert stage.html() == before
    stage.page.evaluate("customElements.define('x-own', class extends HTMLElement {})")
    program = "append(query('#stage'), create('x-own'))\nset_html(query('#p'), '<x-own></x-own>')\nprint(get_text(query('#s')))"
    assert stage.play(program, markup) == ["s"]


def test_reset_ends_all_ids(stage: Stage) -> None:
    (found,) = stage.play("print(query('#p'))", "<p id='p'></p>")
    assert stage.play(f"print(get_tag({found}))", "<p id='p'></p>") == ["p"], (
        "runs share the package, so they share its ids"
    )
    stage.ground.call("element.reset()")
    stage.fails({f"get_tag({found})": f"ValueError: dom has no element {found} {GONE}"})
