"""`createWorker` in Chromium: its options, its methods, and how a run may end.

Takes: `dist/` as a page loads it. Holds: browser.md, "createWorker". What a program imports: test_imports.py; the lock and
the store: test_lock.py; host packages: test_hosts.py; an engine that misbehaves: test_protocol.py.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.support.lab import PAGE, Lab
from tests.support.site import CORS, ROOT, Site

pytestmark = pytest.mark.usefixtures("dist")

# What ends a program's waiting or looping from outside, however long that takes.
STOP_SOON = """(work) => {
  const began = performance.now();
  const running = work();
  return new Promise((resolve) => setTimeout(resolve, 150)).then(async () => {
    e.stop();
    const result = await running;
    return { ...result, took: performance.now() - began };
  });
}"""
STOPPED = {
    "type": "Stopped",
    "message": "the page stopped the program",
    "frames": [],
    "rendered": "error: Stopped: the page stopped the program",
}
# A worker whose page answers some questions, and one never.
PATIENT = """{
  limits: { timeout: 1e7 },
  mainThreadModules: { page: { never: () => new Promise(() => {}) } },
  onInput: (prompt) => {
    said.push(prompt);
    return prompt === 'never? ' ? new Promise(() => {}) : Promise.resolve(prompt === 'end? ' ? null : `from ${prompt}`);
  },
}"""


# -- what a run gives ------------------------------------------------------------------------------------------------


def test_the_result_of_a_good_run(shared_lab: Lab) -> None:
    result = shared_lab.run('print("a", "b", sep="-")\nprint("c", end="")\n')
    assert set(result) == {"ok", "out", "error", "exitCode", "ms", "phases", "compiled"}
    assert (result["ok"], result["out"], result["error"], result["exitCode"]) == (True, "a-b\nc", None, 0)
    assert set(result["phases"]) == {"boot", "fetch", "link", "compile", "run"}
    assert all(ms >= 0 for ms in result["phases"].values())
    assert 0 < result["phases"]["run"] <= result["ms"]
    assert shared_lab.run("")["out"] == ""


def test_the_result_of_a_program_that_raises(shared_lab: Lab) -> None:
    source = 'print("before")\ndef half(n):\n    return 1 / n\nhalf(0)\n'
    rendered = (
        "error: ZeroDivisionError: division by zero\n"
        "   --> main.py:4:1 in <module>\n"
        "    |\n"
        "  4 | half(0)\n"
        "    | ^^^^^^^\n"
        "   --> main.py:3:12 in half\n"
        "    |\n"
        "  3 |     return 1 / n\n"
        "    |            ^^^^^"
    )
    result = shared_lab.run(source)
    assert (result["ok"], result["exitCode"], result["out"]) == (False, 1, f"before\n{rendered}")
    frames = [
        {"file": "./main.py", "line": 4, "column": 1, "endLine": 4, "endColumn": 8, "function": "<module>"},
        {"file": "./main.py", "line": 3, "column": 12, "endLine": 3, "endColumn": 17, "function": "half"},
    ]
    error = {"type": "ZeroDivisionError", "message": "division by zero", "frames": frames, "rendered": rendered}
    assert result["error"] == error


def test_the_result_of_a_program_that_does_not_compile(shared_lab: Lab) -> None:
    result = shared_lab.run("print('never')\nx = = 1\n")
    rendered = "error: invalid syntax\n   --> main.py:2:5\n    |\n  2 | x = = 1\n    |     ^"
    assert (result["ok"], result["exitCode"], result["out"]) == (False, 2, rendered)
    (diagnostic,) = result["error"].pop("diagnostics")
    assert result["error"] == {"type": "CompileError", "message": "invalid syntax", "rendered": rendered}
    place = {"spec": "./main.py", "line": 2, "column": 5, "endLine": 2, "endColumn": 6}
    assert {key: diagnostic[key] for key in place} == place
    assert (diagnostic["severity"], diagnostic["message"], diagnostic["rendered"]) == (
        "error",
        "invalid syntax",
        rendered,
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [("", [True, "", 0]), ("0", [True, "", 0]), ("7", [False, "", 7]), ("'bye'", [False, "bye\n", 1])],
)
def test_exit_codes(shared_lab: Lab, code: str, expected: list[object]) -> None:
    result = shared_lab.run(f"raise SystemExit({code})")
    assert [result["ok"], result["out"], result["exitCode"]] == expected
    assert result["error"] is None


def test_each_print_is_handed_over_once_and_as_it_is(shared_lab: Lab) -> None:
    result = shared_lab.evaluate("""async () => {
      const heard = [];
      w.onOutput((text, stream) => void heard.push([stream, text]));
      const source = 'print(1, 2, sep=", ", end="!")\\nprint()\\nprint("a\\\\nb")\\nprint("é\\\\ud800")\\n';
      const good = await w.run(source + 'raise SystemExit("why")');
      const bad = await w.run('print(1)\\n1/0');
      w.onOutput(null);
      return { heard, good, bad, after: await w.run('print(2)') };
    }""")
    assert result["heard"] == [
        ["stdout", "1, 2!"],
        ["stdout", "\n"],
        ["stdout", "a\nb\n"],
        ["stdout", "é\ud800\n"],
        ["stderr", "why\n"],
        ["stdout", "1\n"],
    ]
    assert (result["good"]["out"], result["good"]["exitCode"]) == ("", 1)
    assert result["bad"]["out"] == result["bad"]["error"]["rendered"]
    assert result["after"]["out"] == "2\n"


def test_callbacks_that_throw_disturb_no_run(quick: Lab) -> None:
    lab = quick
    thrower = "() => { throw new Error('the page is wrong'); }"
    lab.start(f"{{ onProgress: {thrower}, onState: {thrower}, onInput: {thrower} }}")
    lab.evaluate(f"() => {{ w.onOutput({thrower}); w.onDiagnostics({thrower}); }}")
    assert lab.run("print(1)\nx = 1")["ok"]
    assert lab.run("x = = 1")["exitCode"] == 2
    caught = lab.run(
        "try:\n    input()\nexcept RuntimeError as error:\n    raise SystemExit(str(error) == 'the page is wrong')"
    )
    assert caught["exitCode"] == 1
    lab.page.wait_for_function("true")
    assert lab.errors, "they are reported as the page's own"
    assert all("the page is wrong" in error for error in lab.errors)
    lab.errors.clear()


def test_runs_queue_and_share_nothing(shared_lab: Lab) -> None:
    results = shared_lab.evaluate("""() => Promise.all([
      w.run('import_me = 1\\nsleep(0.05)\\nprint("first")'),
      w.run('print("second")\\nprint(import_me)'),
      w.check('x ='),
      w.run('int = float = 3\\nprint("third")'),
      w.run('print(int("4"), float("5"))'),
    ]).then((all) => all.map((each) => each.out ?? each.map(({ message }) => message)))""")
    assert results[0] == "first\n"
    assert results[1].startswith("second\nerror: NameError: name 'import_me' is not defined")
    assert results[2:] == [["invalid syntax"], "third\n", "4 5.0\n"]


# -- checking --------------------------------------------------------------------------------------------------------


def test_check_runs_nothing_and_fetches_on_demand(shared_lab: Lab) -> None:
    site = shared_lab.site
    site.put("/check/a.py", "print('a ran')\ndef f(): pass\n")
    url = site.put("/check/u.py", "def g(): pass\n")
    source = f'from "./check/a.py" import f, h\nfrom "{url}" import k\nfrom page import x\nprint("ran")\n'
    shared_lab.clear()
    messages = "(source) => w.check(source, { fetch: FETCH }).then((found) => found.map(({ message, line }) => [line, message]))"
    without = shared_lab.evaluate(messages.replace("FETCH", "false"), source)
    assert without == [[3, "no packages.json above '' declares 'page'"]]
    assert shared_lab.requests == []
    full = shared_lab.evaluate(messages.replace("FETCH", "true"), source)
    assert full == [
        [1, "module './check/a.py' has no export 'h'"],
        [2, f"module '{url}' has no export 'k'"],
        [3, "no packages.json above '' declares 'page'"],
    ]
    assert sorted(shared_lab.requests) == [f"{site.url}/check/a.py", url]
    assert shared_lab.evaluate("w.check('print(1)')") == []
    assert shared_lab.evaluate("w.check('def f(:\\n  pass\\n').then((found) => found[0].rendered)") == (
        "error: invalid syntax\n   --> main.py:1:7\n    |\n  1 | def f(:\n    |       ^"
    )
    # What is at hand is looked at, fetched or not.
    assert shared_lab.evaluate(messages.replace("FETCH", "false"), source) == full


def test_diagnostics_are_handed_over(shared_lab: Lab) -> None:
    found = shared_lab.evaluate("""async () => {
      const heard = [];
      w.onDiagnostics((diagnostics) => void heard.push(diagnostics.map(({ message }) => message)));
      const [checked, ran] = [await w.check('x ='), await w.run('from "./none.py" import a, b\\nfrom nowhere import c')];
      await w.run('1/0');
      w.onDiagnostics(null);
      await w.run('x =');
      return { heard, checked: checked.length, ran: ran.error.diagnostics.length };
    }""")
    missing = ["module './none.py' not found", "no packages.json above '' declares 'nowhere'"]
    assert found == {"heard": [["invalid syntax"], missing], "checked": 1, "ran": 2}


# -- ending a run ----------------------------------------------------------------------------------------------------

ENDLESS = {
    "a busy loop": "() => e.run('while True:\\n    try:\\n        while True: pass\\n    except BaseException: pass')",
    "waiting for input": "() => e.run('input(\"never? \")')",
    "waiting for an event": "() => e.run('receive()')",
    "a long sleep": "() => e.run('sleep(1e12)')",
    "a host call": "() => e.run('from page import never\\nnever()')",
    "fetching a module": "() => e.run('from \"./slow.py\" import x')",
    "fetching the entry": "() => e.runEntry('/slow.py')",
}


@pytest.fixture(scope="module")
def endless_lab(shared_lab: Lab) -> Iterator[Lab]:
    shared_lab.site.put("/slow.py", "x = 1\n", delay=30)
    shared_lab.start(PATIENT, name="e")
    yield shared_lab
    shared_lab.evaluate("e.dispose()")


@pytest.mark.parametrize("how", ENDLESS)
def test_stop(endless_lab: Lab, how: str) -> None:
    lab = endless_lab
    result = lab.evaluate(f"() => ({STOP_SOON})({ENDLESS[how]})")
    assert result["error"] == STOPPED
    assert (result["ok"], result["exitCode"]) == (False, 1)
    assert result["out"] in (STOPPED["rendered"], f"never? \n{STOPPED['rendered']}")  # the prompt was printed before
    assert lab.run("print('next')", name="e")["out"] == "next\n"


def test_stop_ends_one_run_and_no_other(endless_lab: Lab) -> None:
    endless_lab.evaluate("e.stop()")  # nothing runs
    outs = endless_lab.evaluate("""async () => {
      const runs = [e.run('print("x")\\nreceive()'), e.run('print("y")')];
      while (shown.length === 0) { await new Promise((resolve) => setTimeout(resolve, 20)); shown.push(1); }
      e.stop();
      const results = await Promise.all(runs);
      e.stop();
      return [...results, await e.run('print("z")')].map(({ out }) => out);
    }""")
    assert outs == [f"x\n{STOPPED['rendered']}", "y\n", "z\n"]


def test_a_stop_in_a_callback_of_the_end_is_for_nobody_else(endless_lab: Lab) -> None:
    outs = endless_lab.evaluate("""async () => {
      e.onDiagnostics(() => e.stop());
      const [first, second] = [e.run('x = ('), e.run('sleep(0.3)\\nprint("second")')];
      const types = [(await first).error.type, (await second).out];
      e.onDiagnostics(null);
      return types;
    }""")
    assert outs == ["CompileError", "second\n"]


@pytest.mark.parametrize("late", ["match", "load"])
def test_a_stop_while_a_loader_makes_up_its_mind(quick: Lab, late: str) -> None:
    """Nothing of it ever comes: a stop still ends the run, and the next one has an engine."""
    functions = {"match": "() => true", "load": "() => ({ kind: 'capability', names: ['f'], fns: {} })"}
    functions[late] = "() => new Promise(() => {})"
    loader = f"export default {{ match: {functions['match']}, load: {functions['load']} }};"
    quick.site.put("/late.js", loader, "text/javascript", headers=CORS)
    quick.site.put("/empty.wasm", bytes([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]), "application/wasm")
    quick.evaluate("async () => { window.w = await createWorker({ loaders: ['/late.js'] }); }")
    stopped = """async () => {
      const run = w.run('import "./empty.wasm" as m');
      const fetched = () => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/empty.wasm'));
      while (!fetched()) await new Promise(requestAnimationFrame);
      setTimeout(() => w.stop(), 20);
      return (await run).error;
    }"""
    assert quick.evaluate(stopped) == STOPPED
    assert quick.run("print('next')")["out"] == "next\n"


def test_a_stop_while_an_engine_starts(endless_lab: Lab) -> None:
    # One long operation hears no stop: its engine is ended, so the second run waits for the start of the next one.
    found = endless_lab.evaluate("""async () => {
      const first = e.run('sum(iter(int, 1))');
      setTimeout(() => e.stop(), 100);
      await first;
      const second = e.run('print("never")');
      setTimeout(() => e.stop(), 20);
      return [(await second).error.type, (await e.run('print("next")')).out];
    }""")
    assert found == ["Stopped", "next\n"]


@pytest.fixture(scope="module")
def limited_lab(shared_lab: Lab) -> Iterator[Lab]:
    shared_lab.start(
        "{ limits: { timeout: 0.5, maxOutput: 10 }, onInput: () => new Promise((resolve) => setTimeout(resolve, 700, 'late')),"
        " mainThreadModules: { page: { later: () => new Promise((resolve) => setTimeout(resolve, 100, 1)) } } }",
        name="q",
    )
    yield shared_lab
    shared_lab.evaluate("q.dispose()")


def test_time_is_limited_and_waiting_is_free(limited_lab: Lab) -> None:
    waits = "from page import later\nsleep(0.6)\nx = input()\nfor _ in range(6): later()\nprint(x)\n"
    assert limited_lab.run(waits, name="q")["out"] == "late\n"
    result = limited_lab.run("print('begins')\nwhile True: pass", name="q")
    message = "the program computed longer than its limit of 0.5 s"
    rendered = result["error"]["rendered"]  # with its place, where the engine could still say it
    assert (result["error"]["type"], result["error"]["message"]) == ("TimeoutError", message)
    assert rendered.startswith(f"error: TimeoutError: {message}")
    assert (result["ok"], result["out"]) == (False, f"begins\n{rendered}")
    assert result["ms"] >= 500
    # Time that was waited away is not given back: what is computed between waits adds up.
    slices = "from page import later\nwhile True:\n    for _ in range(2_000_000): pass\n    later()\n"
    assert limited_lab.run(slices, name="q")["error"]["type"] == "TimeoutError"
    assert limited_lab.run("print('next')", name="q")["out"] == "next\n"


def test_limits_may_be_as_large_as_a_number(quick: Lab) -> None:
    quick.start("{ limits: { timeout: Infinity, memory: Infinity, maxOutput: Infinity } }")
    result = quick.run("sleep(0.01)\nprint('x' * 100)")
    assert (result["ok"], result["out"]) == (True, "x" * 100 + "\n"), result


def test_prints_of_nothing_are_no_messages(limited_lab: Lab) -> None:
    heard = limited_lab.evaluate("""async () => {
      const heard = [];
      q.onOutput((text) => void heard.push(text));
      await q.run('for n in range(40_000): print(end="")\\nprint("x", end="")'.replace('\\\\n', '\\n'));
      q.onOutput(null);
      return heard;
    }""")
    assert heard == ["x"]


def test_output_is_limited(limited_lab: Lab) -> None:
    result = limited_lab.run("for n in range(100): print('äb')\nx = 1", name="q")
    assert result["out"] == "äb\näb\nä\n[output limit reached: the rest is not shown]\n"
    assert (result["ok"], result["exitCode"]) == (True, 0)
    assert limited_lab.run("print('again')", name="q")["out"] == "again\n"


# -- the worker's life -----------------------------------------------------------------------------------------------


def test_reset_shows_an_edit(lab: Lab) -> None:
    lab.site.put("/app/main.py", "from './lib.py' import x\nprint('one', x)\n")
    lab.site.put("/app/lib.py", "x = 1\n")
    lab.start()
    assert lab.entry("/app/main.py")["out"] == "one 1\n"
    lab.site.put("/app/main.py", "from './lib.py' import x\nprint('two', x)\n")
    lab.site.put("/app/lib.py", "x = 2\n")
    lab.clear()
    assert lab.entry("/app/main.py")["out"] == "one 1\n"
    assert lab.requests == []
    reset_in_a_run = "async () => { const run = w.run('receive()'); await w.reset(); return (await run).error.type; }"
    assert lab.evaluate(reset_in_a_run) == "Stopped"
    assert lab.entry("/app/main.py")["out"] == "two 2\n"
    lab.site.put("/app/lib.py", "x = 3\n")
    both = "() => { void w.reset(); return w.runEntry('/app/main.py'); }"  # the run comes after the reset
    assert lab.evaluate(both)["out"] == "two 3\n"
    lab.site.put("/app/lib.py", "x = 4\n")
    lab.again()
    assert lab.entry("/app/main.py")["out"] == "two 4\n"


def test_an_event_from_before_a_reset_is_gone(shared_lab: Lab) -> None:
    out = "async () => { w.pushEvent('old'); await w.reset(); w.pushEvent('new'); return (await w.run('print(receive())')).out; }"
    assert shared_lab.evaluate(out) == "new\n"


def test_dispose(lab: Lab) -> None:
    lab.site.put("/slow.py", "x = 1\n", delay=30)
    every = "[() => w.run('1'), () => w.runEntry('/a.py'), () => w.check('1'), () => w.reset(), () => w.clearCache(),"
    every += " () => w.lockfile(), () => w.importLockfile('{}'), () => w.updateLock()]"
    for pending in ("w.run('while True: pass')", "w.runEntry('/slow.py')", "w.lockfile()"):
        lab.start()
        found = lab.evaluate(f"""async () => {{
          const message = (promise) => promise.then(() => 'resolved', (error) => error.message);
          const waiting = [message({pending}), message(w.run('print(1)'))];
          await new Promise((resolve) => setTimeout(resolve, {0 if "lockfile" in pending else 50}));
          w.dispose();
          w.stop();
          w.dispose();
          return [await Promise.all(waiting), await Promise.all({every}.map((call) => message(call())))];
        }}""")
        assert found == [["the worker was disposed"] * 2, ["the worker was disposed"] * 8], pending


def test_misuse_is_refused_before_anything_starts(shared_lab: Lab) -> None:
    refusals = {
        "{ import: {} }": r"TypeError: createWorker has no option 'import'; it has baseUrl, defaults, .*, wasmUrl",
        "{ isolation: 'none' }": "TypeError: isolation 'none' is not known; there is 'strict', "
        "and 'worker' for programs that you trust",
        "{ grant: ['dom', 'disk'] }": "Error: there is no official host package 'disk'; there is dom, network, storage",
        "{ limits: { timeout: 0 } }": "TypeError: limits.timeout must be a number above 0, not 0",
        "{ limits: { maxOutput: '100' } }": "TypeError: limits.maxOutput must be a number above 0, not '100'",
        "{ limits: { memory: NaN } }": "TypeError: limits.memory must be a number above 0, not NaN",
        "{ limits: { timeout: null } }": "TypeError: limits.timeout must be a number above 0, not null",
        "{ importOrigins: ['cdn'] }": "TypeError: import-origins: 'cdn' is no origin; write it like 'https://cdn.example.com'",
    }
    for options, message in refusals.items():
        found = shared_lab.rejection(f"createWorker({options})")
        pattern = message if ".*" in message else re.escape(message)
        assert re.fullmatch(pattern, found), options
    for call in ("w.run()", "w.run(null)", "w.check(3)"):
        assert shared_lab.rejection(call).startswith("TypeError: "), call


# -- the other options -----------------------------------------------------------------------------------------------


def test_what_a_worker_says_of_itself(lab: Lab) -> None:
    lab.evaluate("""async () => {
      window.w = await createWorker({
        wasmUrl: './compiler.wasm', isolation: 'worker', defaults: true,
        onProgress: (progress) => void said.push(progress), onState: (state) => void shown.push(state),
      });
    }""")
    told = lab.evaluate("[w.isolation, w.integrityActive, w.loadMs > 100 && w.loadMs < 60000]")
    assert told == ["worker", True, True]
    first, second = lab.run("sleep(0.01)"), lab.run("x = 1")
    assert first["phases"]["boot"] > 100
    assert second["phases"]["boot"] == 0
    progress = lab.evaluate("said")
    phases = [each["phase"] for each in progress]
    order = list(dict.fromkeys(phases))
    assert order == ["download", "boot", "run"]
    downloads = [each for each in progress if each["phase"] == "download"]
    assert [each["loaded"] for each in downloads] == sorted(each["loaded"] for each in downloads)
    assert downloads[-1]["loaded"] == downloads[-1]["total"] > 10_000_000
    assert lab.evaluate("shown") == ["running", "waiting", "running", "running"]


def test_a_second_worker_of_a_page_downloads_nothing(shared_lab: Lab) -> None:
    shared_lab.site.clear_log()
    shared_lab.start(name="second")
    assert shared_lab.site.paths() == []
    outs = "Promise.all([w.run('print(1)'), second.run('print(2)')]).then((all) => all.map(({ out }) => out))"
    assert shared_lab.evaluate(outs) == ["1\n", "2\n"]
    shared_lab.evaluate("second.dispose()")
    assert shared_lab.run("print(3)")["out"] == "3\n"


def test_input_comes_from_the_run_then_from_the_page(endless_lab: Lab) -> None:
    endless_lab.evaluate("() => { said.length = 0; }")
    source = "print([input('1? '), input('2? '), input()])\n"
    source += "try:\n    input('end? ')\nexcept EOFError as error:\n    print(error)\n"
    result = endless_lab.run(source, "{ input: ['a'] }", name="e")
    assert result["out"] == "1? 2? ['a', 'from 2? ', 'from ']\nend? EOF when reading a line\n"
    assert endless_lab.evaluate("said") == ["2? ", "", "end? "]
    assert endless_lab.run("input('x' * 17_000_000)\n", name="e")["ok"], (
        "a very long prompt is cut, and the run goes on"
    )
    assert endless_lab.evaluate("said[3].length") == 10_000


def test_input_without_a_page_to_ask(shared_lab: Lab) -> None:
    source = (
        "try:\n    while True: print(repr(input()))\nexcept Exception as error: print(type(error).__name__, error)\n"
    )
    for given, lines in {
        "'a\\nb\\n'": ["'a'", "'b'"],
        "'a\\n\\n'": ["'a'", "''"],
        "['c', '']": ["'c'", "''"],
        "''": [],
    }.items():
        out = shared_lab.run(source, f"{{ input: {given} }}")["out"].splitlines()
        assert out == [*lines, "EOFError EOF when reading a line"], given
    shared_lab.evaluate("() => { w.provideInput('early'); w.provideInput(null); }")
    assert shared_lab.run(source)["out"] == "'early'\nEOFError EOF when reading a line\n"
    assert (
        "input() waits for provideInput(): give lines to run(), or an onInput option, if that is not what you meant"
        not in (shared_lab.warnings)
    )
    waiting = shared_lab.evaluate("""async () => {
      const run = w.run('print(input("? "))');
      while (w.state !== 'waiting') await new Promise(requestAnimationFrame);
      w.provideInput('late');
      return (await run).out;
    }""")
    assert waiting == "? late\n"
    assert shared_lab.warnings[-1].startswith("input() waits for provideInput(): ")


def test_places_of_inline_text(shared_lab: Lab) -> None:
    site = shared_lab.site
    for path in ("/here.py", "/deep/here.py", "/deep/er/here.py"):
        site.put(path, f"print('{path}', __name__)\n")
    source = "import './here.py' as here\n1/0\n"
    site.put("/deep/packages.json", "{ not json")  # inline text asks for no manifest
    places = {
        "{}": ("/here.py ./here.py", "main.py"),
        "{ name: 'zelle-ü.py' }": ("/here.py ./here.py", "zelle-ü.py"),
        "{ entryDir: './deep/' }": ("/deep/here.py ./here.py", "main.py"),
        "{ baseUrl: '/deep/er/index.html' }": ("/deep/er/here.py ./here.py", "main.py"),
        "{ baseUrl: '/deep/', entryDir: './er/' }": ("/deep/er/here.py ./here.py", "main.py"),
    }
    for how, (printed, name) in places.items():
        result = shared_lab.run(source, how)
        assert result["out"].splitlines()[0] == printed, how
        assert f"--> {name}:2:1 in <module>" in result["out"], how


def test_base_url_of_a_worker(quick: Lab) -> None:
    lab = quick
    lab.site.put("/deep/main.py", "from './here.py' import x\nfrom up import y\nprint(x, y)\n")
    lab.site.put("/deep/here.py", "x = 1\n")
    lab.site.put("/up.py", "y = 2\n")
    lab.site.put("/deep/packages.json", '{"imports": {"up": "/up.py"}}')
    lab.start("{ baseUrl: './deep/page.html', packages: 'packages.json' }")
    assert lab.entry("main.py")["out"] == "1 2\n"
    assert lab.run("from './here.py' import x\nfrom up import y\nprint(x, y)\n")["out"] == "1 2\n"


def test_everything_from_another_origin(context: BrowserContext, site: Site, other_site: Site) -> None:
    """The module and the runtime come from a CDN; the page and its programs do not."""
    for file in (ROOT / "dist").rglob("*"):
        path = file.relative_to(ROOT / "dist").as_posix()
        if file.is_file() and not path.startswith("demo/"):
            kind = (
                "text/javascript"
                if path.endswith("js")
                else "application/wasm"
                if path.endswith("wasm")
                else "text/plain"
            )
            other_site.put(f"/v1/{path}", file.read_bytes(), kind, headers=CORS)
    lab = Lab(context, site, other_site, module=f"{other_site.url}/v1/edge-python.js?setElement=false")
    site.put("/app/main.py", "from './lib.py' import x\nimport dom\nprint(x, dom.get_text(dom.query('title')))\n")
    site.put("/app/lib.py", "x = 1\n")
    lab.start("{ grant: ['dom'] }")
    assert lab.entry("/app/main.py")["out"] == "1 worker\n"
    assert not [path for path in site.paths() if path.startswith("/dist/")]
    # The module from here, the rest from there.
    lab.home = site.put("/own.html", PAGE.replace("MODULE", "/dist/edge-python.js?setElement=false"), "text/html")
    lab.page.close()
    lab.open()
    lab.clear()
    lab.start(f"{{ runtime: '{other_site.url}/v1' }}")
    assert lab.run("print(1)")["out"] == "1\n"
    assert not [path for path in site.paths() if "runtime/" in path or "engine.js" in path if "page/" not in path]
    other_site.put("/v2/engine.js", "1", "text/javascript")
    found = lab.rejection(f"createWorker({{ runtime: '{other_site.url}/v2/' }})")
    assert re.fullmatch(
        rf"Error: the runtime file {other_site.url}/v2/\S+ could not be fetched: (is 'runtime' the right address, and does"
        r" it allow this page \(CORS\)\?|the server answered 404)",
        found,
    )
    found = lab.rejection("createWorker({ runtime: '/nothing/' })")
    assert re.fullmatch(
        rf"Error: the runtime file {site.url}/nothing/\S+ could not be fetched: the server answered 404", found
    )


def test_a_base_on_another_origin_makes_nothing_local(quick: Lab) -> None:
    """What `<base>` points to is another origin's all the same: locked, and without the page's word."""
    lab, other_site = quick, quick.other
    other_site.put("/app/main.py", "from './lib.py' import x\nprint(x)\n", headers=CORS)
    other_site.put("/app/lib.py", "x = 1\n", headers=CORS)
    other_site.put("/app/packages.json", '{"host": {"evil": "./evil.js"}}', headers=CORS)
    other_site.put("/app/evil.py", "from evil import f\n", headers=CORS)
    lab.start(f"{{ baseUrl: '{other_site.url}/app/' }}")
    assert lab.entry("main.py")["out"] == "1\n"
    locked = {url.removeprefix(other_site.url): entry.get("absent") for url, entry in lab.lock().items()}
    assert locked == {"/app/main.py": None, "/app/lib.py": None}
    refused = lab.entry("evil.py")
    assert refused["error"]["message"] == "host package 'evil' is not granted here"
    assert "/app/evil.js" not in other_site.paths()
