"""Host packages in Chromium: what crosses between a program and its page, and who may call what.

Takes: real programs, real ES modules, the site's log. Holds: browser.md, "Host packages", and formats.md on `host`.
The page's side alone: tests/web/hosts.test.js, values.test.js.
"""

import json
from collections.abc import Iterator

import pytest

from tests.support.lab import Lab
from tests.support.site import CORS

pytestmark = pytest.mark.usefixtures("dist")

GRANTS = (
    "    = note: only the page grants it: grant=\"{0}\" on the element, 'hostModules' of createWorker, or '{0}' under"
    ' "host" in the page\'s own packages.json'
)

# `show` describes what arrived, as JavaScript sees it; `make` gives values that JSON and Python sources cannot spell.
PAGE_VALUES = r"""{
  page: () => {
    const show = (value) => {
      if (typeof value === 'bigint') return `${value}n`;
      if (Object.is(value, -0)) return '-0';
      if (value instanceof Uint8Array) return `bytes(${[...value]})`;
      if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
      if (typeof value === 'string') return JSON.stringify(value);
      if (typeof value === 'object' && value !== null) {
        const plain = Object.getPrototypeOf(value) === Object.prototype ? '' : '?';
        return `${plain}{${Object.entries(value).map(([key, inner]) => `${key}: ${show(inner)}`).join(', ')}}`;
      }
      return String(value);
    };
    const deep = (depth, wrap) => {
      let value = 1;
      for (let i = 0; i < depth; i += 1) value = wrap(value);
      return value;
    };
    const cycle = { list: [] };
    cycle.list.push(cycle);
    const made = {
      undefined, null: null, true: true, int: 3, whole: 3.0, float: 0.5, minus: -0, nan: NaN, infinity: -Infinity,
      edge: 2 ** 53, beyond: 2n ** 53n + 1n, huge: -(10n ** 40n), small: 5n, far: 1e300,
      text: 'é\u0000😀', surrogate: 'a\ud800b', empty: '',
      bytes: new Uint8Array([0, 255]), view: new Uint8Array([1, 2, 3]).subarray(1, 2),
      buffer: new ArrayBuffer(2), list: [], dict: {}, nested: [[], [{}], { a: [1, null] }], map: new Map([['k', 1]]),
      proto: JSON.parse('{"__proto__": 1, "constructor": 2}'), bare: Object.assign(Object.create(null), { x: 1 }),
      function: () => 1, symbol: Symbol('s'), date: [new Date(0)], element: { a: [document.body] }, cycle, set: new Set(),
      shared: (() => { const part = [1]; return [part, part]; })(), mapkey: new Map([[1, 1]]),
      deep: deep(10_000, (value) => [value]), deepdict: deep(10_000, (value) => ({ a: value })),
    };
    return {
      show: (...values) => values.map(show).join(' | '),
      make: (name) => made[name],
      echo: (value) => value,
      depth: (value) => {
        let depth = 0;
        for (; typeof value === 'object'; depth += 1) value = value[0] ?? value.a;
        return depth;
      },
      fail: (name, message) => { const error = new Error(message); error.name = name; throw error; },
      reject: async (message) => { throw new TypeError(message); },
      raw: (what) => { throw { text: 'a text', nothing: undefined, null: null, object: { a: 1 } }[what]; },
      later: (value) => new Promise((resolve) => setTimeout(resolve, 10, value)),
    };
  },
}"""


@pytest.fixture(scope="module")
def values(shared_lab: Lab) -> Iterator[Lab]:
    """A worker `v` whose page takes and makes values."""
    shared_lab.start(f"{{ mainThreadModules: {PAGE_VALUES} }}", name="v")
    yield shared_lab
    shared_lab.evaluate("v.dispose()")


def printed(lab: Lab, *lines: str) -> list[str]:
    """What a program prints that imports the functions of PAGE_VALUES."""
    head = "from page import show, make, echo, depth, fail, reject, raw, later\n"
    result = lab.run(head + "\n".join(lines) + "\n", name="v")
    assert result["error"] is None, result["error"]["rendered"]
    out: str = result["out"]
    return out.splitlines()


# -- values ----------------------------------------------------------------------------------------------------------

TO_PAGE = {
    "None, True, False": "null | true | false",
    "0, -7, 2**53, -2**53": "0 | -7 | 9007199254740992 | -9007199254740992",
    "2**53 + 1, -2**53 - 1, 10**30": "9007199254740993n | -9007199254740993n | 1000000000000000000000000000000n",
    "1.0, 1.5, 1e300, -0.0": "1 | 1.5 | 1e+300 | -0",
    "float('nan'), float('inf'), -float('inf')": "NaN | Infinity | -Infinity",
    "'', 'é\\0😀', 'a\\ud800b'": '"" | "é\\u0000😀" | "a\\ud800b"',
    "b'', b'\\x00\\xff'": "bytes() | bytes(0,255)",
    "[], (), {}": "[] | [] | {}",
    "[1, (2, [3]), {'a': None}]": "[1, [2, [3]], {a: null}]",
    "{'__proto__': 1, 'constructor': [2], '': 3}": "{__proto__: 1, constructor: [2], : 3}",
}


def test_values_for_the_page(values: Lab) -> None:
    found = printed(values, *(f"print(show({source}))" for source in TO_PAGE))
    assert dict(zip(TO_PAGE, found, strict=True)) == TO_PAGE


FROM_PAGE = {
    "undefined": "None",
    "null": "None",
    "true": "True",
    "int": "3",
    "whole": "3",
    "float": "0.5",
    "minus": "-0.0",
    "nan": "nan",
    "infinity": "-inf",
    "edge": "9007199254740992",
    "beyond": "9007199254740993",
    "huge": str(-(10**40)),
    "small": "5",
    "far": "1e+300",
    "text": "'é\\x00😀'",
    "surrogate": "'a\\ud800b'",
    "empty": "''",
    "bytes": "b'\\x00\\xff'",
    "view": "b'\\x02'",
    "buffer": "b'\\x00\\x00'",
    "list": "[]",
    "dict": "{}",
    "nested": "[[], [{}], {'a': [1, None]}]",
    "map": "{'k': 1}",
    "proto": "{'__proto__': 1, 'constructor': 2}",
    "bare": "{'x': 1}",
    "shared": "[[1], [1]]",
}


def test_values_from_the_page(values: Lab) -> None:
    found = printed(values, *(f"print(repr(make('{name}')))" for name in FROM_PAGE))
    assert dict(zip(FROM_PAGE, found, strict=True)) == FROM_PAGE
    kinds = printed(values, "print(*(type(make(name)).__name__ for name in ('true', 'int', 'far', 'minus', 'bytes')))")
    assert kinds == ["bool int float float bytes"]


def test_values_there_and_back(values: Lab) -> None:
    found = printed(
        values,
        "values = [None, True, 0, 2**53, 2**64, -10**40, 0.5, float('inf'), '', 'x\\udc80y', b'\\0']",
        "values += [[], {}, [[[]]], {'__proto__': {}}]",
        "for value in values:",
        "    back = echo(value)",
        "    if back != value or type(back) is not type(value): print('changed', repr(value), repr(back))",
        "print(repr(echo((1, (2,)))), repr(echo(-0.0)), echo(float('nan')), echo([1.5, -0.0]))",
        "part = [1]",
        "print(echo([part, part, {'a': part}]))",
    )
    assert found == ["[1, [2]] -0.0 nan [1.5, -0.0]", "[[1], [1], {'a': [1]}]"]


def test_nesting_has_no_limit_of_its_own(values: Lab) -> None:
    # Unwound from outside: Pyodide's Python dies where a deep value is dropped all at once, host packages or not.
    unwound = (
        "count = 0",
        "while type(value) in (list, dict): value, count = value[0] if type(value) is list else value['a'], count + 1",
        "print(count)",
    )
    build = "for _ in range(10_000): value = "
    found = printed(
        values,
        "value = 1",
        build + "[value]",
        "print(depth(value))",
        "back = echo(value)",
        *unwound,
        "value, back = back, None",
        *unwound,
        build + "{'a': value}",
        "print(depth(value))",
        *unwound,
        "value = make('deep')",
        *unwound,
        "value = make('deepdict')",
        *unwound,
    )
    assert found == ["10000"] * 7


def test_what_cannot_cross_is_a_type_error_that_names_it(values: Lab) -> None:
    to_page = {
        "echo(print)": "echo() argument 1: builtin_function_or_method cannot cross to the page",
        "show(1, {1})": "show() argument 2: set cannot cross to the page",
        "echo([1, {'a': object()}])": "echo() argument 1: object cannot cross to the page",
        "echo({1: 2})": "echo() argument 1: a dict that crosses to the page has str keys, not int",
        "echo(1j)": "echo() argument 1: complex cannot cross to the page",
        "echo(C)": "echo() argument 1: type cannot cross to the page",
        "show(0, ring)": "show() argument 2 contains itself, so it cannot cross to the page",
        "echo({'a': [ring]})": "echo() argument 1 contains itself, so it cannot cross to the page",
        "echo(own)": "echo() argument 1 contains itself, so it cannot cross to the page",
        "echo(grown)": "echo() argument 1 holds more than 500,000 values",
        "show(half, half)": "the arguments of show() hold more than 500,000 values",
        "echo(a=1)": None,
    }
    from_page = {
        "make('function')": "the result of make() is a function, which cannot cross to the program",
        "make('symbol')": "the result of make() is a symbol, which cannot cross to the program",
        "make('date')": "the result of make()[0] is an instance of Date, which cannot cross to the program",
        "make('set')": "the result of make() is an instance of Set, which cannot cross to the program",
        "make('element')": "the result of make().a[0] is a DOM node (HTMLBodyElement), which cannot cross to the program; keep it"
        " on the page and hand out an integer id",
        "make('cycle')": "the result of make().list[0] contains itself, so it has no end",
        "make('mapkey')": "the result of make() is a Map with a key that is a number; a dict from the page has str keys",
    }
    cases = {**to_page, **from_page}
    found = printed(
        values,
        "class C: pass",
        "class Own(list): pass",
        "ring = []",
        "ring.append(ring)",
        "own = Own()",
        "own.append(own)",
        "grown = [0]",
        "for _ in range(40): grown = [grown, grown]",
        "half = [0] * 300_000",
        *(
            line
            for call in cases
            for line in ("try:", f"    {call}", "    print('crossed')", "except TypeError as error: print(error)")
        ),
    )
    for (call, message), line in zip(cases.items(), found, strict=True):
        assert line == message or (message is None and line != "crossed"), call


def test_subclasses_cross_as_what_they_are_underneath(values: Lab) -> None:
    found = printed(
        values,
        "class S(str):",
        "    def __str__(self): return self",
        "class I(int):",
        "    def __int__(self): return 5",
        "class L(list):",
        "    def __iter__(self): return iter([self])",
        "class D(dict):",
        "    def items(self): return [(1, self)]",
        "class T(tuple): pass",
        "print(show(S('s'), I(3), L([1]), D({'k': 2}), T((4,)), [S('t'), True]))",
    )
    assert found == ['"s" | 3 | [1] | {k: 2} | [4] | ["t", true]']


# -- failing ---------------------------------------------------------------------------------------------------------


def test_what_a_handler_throws(values: Lab) -> None:
    cases = {
        "fail('ValueError', 'wrong')": "ValueError: wrong",
        "fail('KeyError', 'k')": "KeyError: 'k'",
        "fail('StopIteration', 'x')": "StopIteration: x",
        "fail('TimeoutError', 'slow')": "TimeoutError: slow",
        "fail('Error', 'plain')": "RuntimeError: plain",
        "fail('NotFoundError', 'no class')": "RuntimeError: no class",
        "fail('print', 'no class')": "RuntimeError: no class",
        "fail('SystemExit', 'not so')": "RuntimeError: not so",
        "fail('KeyboardInterrupt', 'not so')": "RuntimeError: not so",
        "fail('__class__', 'not so')": "RuntimeError: not so",
        "fail('SyntaxError', 'parts')": "RuntimeError: parts",
        "fail('UnicodeDecodeError', 'parts')": "RuntimeError: parts",
        "fail('ExceptionGroup', 'parts')": "RuntimeError: parts",
        "reject('later')": "TypeError: later",
        "raw('text')": "RuntimeError: a text",
        "raw('nothing')": "RuntimeError: undefined",
        "raw('null')": "RuntimeError: null",
        "raw('object')": "RuntimeError: an object without a message was thrown",
    }
    lines = [
        line
        for call in cases
        for line in ("try:", f"    {call}", "except Exception as error: print(f'{type(error).__name__}: {error}')")
    ]
    found = printed(values, *lines, "print(later(7), fail)")
    assert dict(zip(cases, found, strict=False)) == cases
    assert found[-1] == "7 <built-in function fail>"


def test_an_uncaught_throw_is_the_program_s_error(values: Lab) -> None:
    result = values.run("from page import fail\ndef go():\n    fail('ValueError', 'no')\ngo()\n", name="v")
    assert result["error"]["rendered"] == (
        "error: ValueError: no\n"
        "   --> main.py:4:1 in <module>\n    |\n  4 | go()\n    | ^^^^\n"
        "   --> main.py:3:5 in go\n    |\n  3 |     fail('ValueError', 'no')\n    |     ^^^^^^^^^^^^^^^^^^^^^^^^"
    )


def test_an_export_that_is_not_there(values: Lab) -> None:
    result = values.run("print('never')\nfrom page import shov, echo\nfrom page import zzz\nimport page\n", name="v")
    assert result["out"] == (
        "error: module 'page' has no export 'shov'\n   --> main.py:2:6\n    |\n"
        "  2 | from page import shov, echo\n    |      ^^^^\n    = help: did you mean 'show'?\n"
        "\n"
        "error: module 'page' has no export 'zzz'\n   --> main.py:3:6\n    |\n"
        "  3 | from page import zzz\n    |      ^^^^"
    )
    attribute = values.run("import page\npage.nothing\n", name="v")
    assert attribute["error"]["message"] == "module 'page' has no attribute 'nothing'"


# -- who loads what, and when ----------------------------------------------------------------------------------------


def test_packages_load_when_a_program_imports_them(quick: Lab) -> None:
    lab, other_site = quick, quick.other
    site = lab.site
    counting = "globalThis.loads = (globalThis.loads ?? 0) + 1; export const NAME = () => ({ n: () => loads });"
    site.put("/host/own.js", counting.replace("NAME", "own"), "text/javascript")
    far = other_site.put(
        "/far.js", "export default async () => ({ n: async () => 'far' });", "text/javascript", headers=CORS
    )
    site.put("/host/throws.js", "throw new RangeError('at once');", "text/javascript")
    site.put("/host/factory.js", "export const factory = () => { throw new Error('not today'); };", "text/javascript")
    site.put("/host/other.js", "export const something = {};", "text/javascript")
    site.put("/host/number.js", "export default 3;", "text/javascript")
    site.put("/host/syntax.js", "export const = 3;", "text/javascript")
    modules = {name: f"./host/{name}.js" for name in ("own", "throws", "factory", "other", "number", "syntax", "none")}
    lab.start(
        f"{{ hostModules: {json.dumps({**modules, 'far': far})}, mainThreadModules: {{"
        " object: { n: () => 'object' }, made: async () => ({ n: () => 'made', not: 3 }),"
        " broken: () => { throw new Error('cannot be made'); }, own2: { n() { return this.kept; }, kept: 'this' } } }"
    )
    assert lab.run("print(1)")["ok"]
    assert (lab.requests, other_site.paths()) == ([], [])
    source = "from own import n\nfrom far import n as far\nfrom object import n as o\nfrom made import n as m\n"
    source += "from own2 import n as t\nprint(n(), far(), o(), m(), t())\n"
    for _ in range(2):
        assert lab.run(source)["out"] == "1 far object made this\n"
    assert (lab.requests, other_site.paths()) == ([f"{site.url}/host/own.js", far], ["/far.js"])
    failures = {
        "throws": f"{site.url}/host/throws.js did not load (RangeError: at once)",
        "factory": f"its factory in {site.url}/host/factory.js threw Error: not today",
        "other": f"{site.url}/host/other.js exports neither 'other' nor a default (it exports something)",
        "number": f"{site.url}/host/number.js gives a number where an object of functions was expected",
        "none": f"{site.url}/host/none.js did not load (TypeError: Failed to fetch dynamically imported module:"
        f" {site.url}/host/none.js)",
        "broken": "its factory in the page option mainThreadModules threw Error: cannot be made",
    }
    result = lab.run("print('never')\nfrom object import n\nn()\n" + "".join(f"import {name}\n" for name in failures))
    assert "never" not in result["out"]
    for line, (name, reason) in enumerate(failures.items(), 4):
        picture = (
            f"error: cannot load module '{name}': {reason}\n   --> main.py:{line}:8\n    |\n{line:>3} | import {name}\n"
        )
        assert f"{picture}    |        {'^' * len(name)}" in result["out"]
    assert len(result["error"]["diagnostics"]) == len(failures)
    unread = lab.run("import syntax")["error"]["message"]
    assert unread.startswith(f"cannot load module 'syntax': {site.url}/host/syntax.js did not load (SyntaxError: ")
    assert lab.run("from made import not_there")["error"]["message"] == "module 'made' has no export 'not_there'"
    # A package that did not load is tried again: its author has mended it.
    lab.site.put("/host/factory.js?2", "export const factory = { n: () => 'mended' };", "text/javascript")
    assert lab.run(source)["ok"]


def test_events_reach_the_program(quick: Lab) -> None:
    lab = quick
    lab.start(
        "{ mainThreadModules: { page: ({ pushEvent, signal, element }) => ({"
        " push: (text) => pushEvent(text), later: (text) => void setTimeout(pushEvent, 30, text),"
        " context: () => [signal.aborted, element, typeof pushEvent] }) } }"
    )
    dispatch = "window.dispatchEvent(new CustomEvent('edge-python-event', { detail: 'window' }))"
    lab.evaluate(f"() => {{ w.pushEvent('early'); {dispatch}; }}")
    source = "from page import push, later, context\npush('pushed')\npush(3)\nlater('late')\n"
    source += "print([receive() for _ in range(5)], context())\n"
    assert lab.run(source)["out"] == "['early', 'window', 'pushed', '3', 'late'] [False, None, 'function']\n"
    out = lab.evaluate("""async () => {
      const run = w.run('print(receive(), receive())');
      await new Promise((resolve) => setTimeout(resolve, 50));
      window.dispatchEvent(new CustomEvent('edge-python-event', { detail: 'a' }));
      w.pushEvent('b');
      return (await run).out;
    }""")
    assert out == "a b\n"
    kept = lab.evaluate("""async () => {
      const { createEvents } = await import('/web/page/queues.js');
      const [events, { signal }] = [createEvents(), new AbortController()];
      for (let i = 0; i < 10_005; i += 1) events.push(`${i}`);
      const texts = await Promise.all(Array.from({ length: 10_000 }, () => events.next(signal)));
      const lost = await events.next(signal).catch((error) => error.message);
      events.push('after');
      const after = await events.next(signal);
      const waiting = await Promise.race([events.next(signal), new Promise((resolve) => setTimeout(resolve, 0, 'none'))]);
      return [texts[0], texts.at(-1), lost, after, waiting];
    }""")
    lost = "more than 10,000 events waited: 5 are lost"
    assert kept == ["0", "9999", lost, "after", "none"], "the oldest are kept"


def test_no_event_of_a_package_reaches_a_later_run(quick: Lab) -> None:
    """The page's own do: it may speak before the program begins."""
    lab = quick
    lab.start(
        "{ mainThreadModules: { page: ({ pushEvent }) => { window.push = pushEvent; return { push: pushEvent }; } } }"
    )
    assert lab.run("from page import push\nfor n in range(10_003): push('left')\n")["ok"]
    lab.evaluate("""() => {
      push('after the run');
      w.pushEvent('page');
      window.dispatchEvent(new CustomEvent('edge-python-event', { detail: 'window' }));
    }""")
    source = "from page import push\npush('mine')\nprint([receive() for _ in range(3)])\n"
    assert lab.run(source)["out"] == "['page', 'window', 'mine']\n"


def test_a_reset_ends_packages_and_dispose_too(quick: Lab) -> None:
    quick.start(
        "{ mainThreadModules: { page: ({ signal }) => { said.push(signal); return { n: () => said.length }; } } }"
    )
    source = "from page import n\nprint(n())\n"
    assert [quick.run(source)["out"] for _ in range(2)] == ["1\n", "1\n"]
    quick.evaluate("w.reset()")
    assert quick.evaluate("said[0].aborted")
    assert quick.run(source)["out"] == "2\n"
    assert not quick.evaluate("said[1].aborted")
    quick.evaluate("w.dispose()")
    assert quick.evaluate("said[1].aborted")


# -- who may grant ---------------------------------------------------------------------------------------------------


def test_the_page_s_own_manifest_grants(quick: Lab) -> None:
    lab, other_site = quick, quick.other
    site = lab.site
    site.put("/app/main.py", "from './lib/deep.py' import d\nfrom box import where\nprint(where(), d)\n")
    site.put("/app/lib/deep.py", "from box import where\nd = where()\n")
    site.put("/app/packages.json", '{"host": {"box": "./host/box.js"}}')
    site.put("/app/lib/packages.json", '{"extends": ".."}')
    site.put("/app/host/box.js", "export const box = { where: () => 'app' };", "text/javascript")
    site.put("/two/main.py", "from box import where\nprint(where())\n")
    site.put("/two/packages.json", '{"host": {"box": "/two/box.js"}}')
    site.put("/two/box.js", "export const box = { where: () => 'two' };", "text/javascript")
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "app app\n"
    assert lab.entry("/two/main.py")["out"] == "two\n"
    assert lab.entry("/app/main.py")["out"] == "app app\n", "each program has its own page's package"
    # A program beside them, without a manifest, has none of it.
    refused = lab.run("from box import where\nprint(where())\n")
    assert refused["error"]["message"] == "no packages.json above '' declares 'box'"
    # The manifest that the page names grants as well, wherever it is.
    named = other_site.put("/packages.json", '{"host": {"box": "./box.js"}}', headers=CORS)
    other_site.put("/box.js", "export const box = { where: () => 'named' };", "text/javascript", headers=CORS)
    lab.start(f"{{ packages: '{named}' }}")
    assert lab.run("from box import where\nprint(where())\n")["out"] == "named\n"
    # Options win over manifests.
    lab.start("{ mainThreadModules: { box: { where: () => 'option' } } }")
    assert lab.entry("/two/main.py")["out"] == "option\n"


def test_nobody_else_grants(quick: Lab) -> None:
    lab, other_site = quick, quick.other
    site = lab.site
    for place in (site, other_site):
        place.put("/kit/packages.json", '{"host": {"evil": "./evil.js"}}', headers=CORS)
        place.put("/kit/evil.js", "export const evil = { f: () => 1 };", "text/javascript", headers=CORS)
        place.put("/kit/u.py", "def g(): pass\nfrom evil import f\n", headers=CORS)
    site.put("/app/packages.json", "{}")
    site.put("/app/sub/packages.json", '{"host": {"evil": "./evil.js"}, "extends": ".."}')
    site.put("/app/sub/u.py", "def g(): pass\nfrom evil import f\n")
    lab.start()
    picture = (
        "error: host package 'evil' is not granted here\n   --> {0}:2:6\n    |\n  2 | from evil import f\n    |      ^^^^\n"
        + GRANTS.format("evil")
    )
    places = {
        "./sub/u.py": "sub/u.py",
        f"{other_site.url}/kit/u.py": f"{other_site.url}/kit/u.py",
        f"{site.url}/kit/u.py": f"{site.url}/kit/u.py",
        "/kit/u.py": "/kit/u.py",
    }
    for spec, shown in places.items():
        site.put("/app/main.py", f'print("never")\nfrom "{spec}" import g\n')
        lab.evaluate("w.reset()")
        result = lab.entry("/app/main.py")
        assert result["out"] == picture.format(shown), spec
        assert result["error"]["type"] == "CompileError"
    # An entry on another origin is not the page's word either.
    assert lab.entry(f"{other_site.url}/kit/u.py")["error"]["message"] == "host package 'evil' is not granted here"
    assert not [url for url in lab.requests if url.endswith("evil.js")]


def test_dom_needs_a_grant(shared_lab: Lab) -> None:
    refused = shared_lab.run("import dom\n")
    assert refused["out"] == (
        "error: host package 'dom' is not granted here\n   --> main.py:1:8\n    |\n  1 | import dom\n    |        ^^^\n"
        + GRANTS.format("dom")
    )
    shared_lab.start("{ grant: ['dom'] }", name="d")
    shared_lab.site.clear_log()
    assert shared_lab.run("print(1)", name="d")["ok"]
    assert shared_lab.site.paths() == []
    source = "from dom import query, create, append, set_text\np = create('p')\nset_text(p, 'drawn')\nappend(query('body'), p)\n"
    assert shared_lab.run(source, name="d")["ok"]
    assert shared_lab.evaluate("document.querySelector('p').textContent") == "drawn"
    first, *others = shared_lab.site.paths()
    assert first == "/dist/host/dom.js", "a package is asked for when it is imported"
    own = ("/dist/host/dom/", "/dist/host/registry.js", "/dist/host/signature.js")
    assert [path for path in others if not path.startswith(own)] == [], "and no other one with it"
    shared_lab.evaluate("d.dispose()")
