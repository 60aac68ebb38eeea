"""The engine's Python side, driven as its JavaScript drives it, with stand-ins for what JavaScript holds."""

from __future__ import annotations

import gc
import json
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from edge_runtime.hosts.browser import BrowserSession
from edge_runtime.hosts.buildid import build_id
from edge_runtime.hosts.values import decode, encode
from edge_runtime.machine.replay import Past
from edge_runtime.machine.state import State, identity, write
from edge_runtime.packages.linker import Entry
from edge_runtime.packages.needs import Absent
from edge_runtime.packages.resolver import Settings
from edge_runtime.pipeline import Session, build, drive

OPTIONS: dict[str, Any] = {
    "entry": "/app/main.py",
    "probe": True,
    "packages": None,
    "imports": {},
    "hosts": {},
    "fetch": True,
    "defaults": True,
    "args": [],
    "loaders": False,
    "maxMemory": 64 * 1024 * 1024,
    "keep": False,
    "memo": True,
    "mode": "run",
    "record": True,
}


class Ffi:
    """Stands for `pyodide.ffi`."""

    @staticmethod
    def can_run_sync() -> bool:
        return True

    @staticmethod
    def run_sync(_never: Any) -> Any:
        """Nothing is parked here."""

    @staticmethod
    def to_js(value: Any) -> Any:
        return value


@dataclass
class Held:
    """Bytes, or an answer, that JavaScript holds."""

    value: Any

    def to_bytes(self) -> bytes:
        return bytes(self.value)

    def to_py(self) -> Any:
        return self.value


@dataclass
class Bridge:
    """The page: `answers` by function or by what is asked for; they are there at once."""

    answers: dict[str, Any] = field(default_factory=dict)
    jspi: bool = True
    written: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    ended: tuple[str, str] | None = None
    breaths: int = 0
    finished: bool = False
    again: list[bool] = field(default_factory=list)
    ready: list[Any] = field(default_factory=list)
    functions: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stacks: Any = self if self.jspi else None

    def handled(self, again: bool) -> None:
        self.again.append(again)

    def why(self) -> tuple[str, str] | None:
        return self.ended

    def begin(self) -> None:
        self.finished = False

    def mark(self) -> None:
        """Nothing is interrupted here, so no look is counted."""

    def over(self) -> None:
        self.finished = True

    def breathe(self) -> None:
        self.breaths += 1
        if self.breaths == 3:
            self.ended = ("Stopped", "the page stopped the program")

    def due(self) -> bool:
        return True

    def forget(self, number: int) -> None:
        self.calls.append(("forget", number))

    def looks(self) -> int:
        return 0

    def seek(self, _looks: float) -> None:
        raise AssertionError("no program here is restored")

    def reached(self, _looks: int) -> None:
        raise AssertionError("no program here is restored")

    def library(self) -> None:
        raise AssertionError("the standard library is all there")

    def shown(self, well: bool, text: str) -> None:
        raise AssertionError(f"nobody asked to see {text} ({well})")

    def natives(self, *_shared: Any) -> Any:
        raise AssertionError("no program here has native modules")

    def write(self, stream: str, text: str) -> None:
        self.written.append((stream, text))

    def name(self, function: int, module: str, name: str) -> None:
        self.functions[function] = module, name

    def ask(self, questions: list[Any]) -> None:
        left = list(questions)
        while left:
            number, what = left[:2]
            if isinstance(what, int):
                (module, name), size = self.functions[what], left[2]
                self.calls.append((module, name, decode(left[3 : 3 + size])))
                left, answer = left[3 + size :], self.answers[name]
            else:
                self.calls.append((what, left[2]))
                left, answer = left[3:], self.answers.get(what)
            well = not isinstance(answer, tuple)
            content = encode(answer, "") if well else answer
            self.ready += (number, well, len(content), *content)

    def wait(self, seconds: float, *questions: Any) -> Held | None:
        self.ask(list(questions))
        if self.ready:
            found, self.ready = self.ready, []
            return Held(found)
        self.calls.append(("wait", seconds > 0))
        time.sleep(max(0, seconds))
        return None


class Page:
    """Drives a session: answers its needs from `files` by spec."""

    def __init__(self, files: dict[str, Any] | None = None) -> None:
        self.session = BrowserSession(Ffi)
        self.files = files or {}
        self.asked: list[list[str]] = []
        self.named = b""
        self.code: Held | None = None

    def build(self, source: str, **options: Any) -> dict[str, Any]:
        step = json.loads(
            self.session.begin(json.dumps(OPTIONS | options), Held(source.encode()), Held(self.named), self.code)
        )
        while not step["done"]:
            self.asked.append([need["spec"] for need in step["needs"]])
            answers, data = [], b""
            for need in step["needs"]:
                answer, content = self.answer(need)
                answers.append(answer | {"key": need["key"]})
                data += content
            step = json.loads(self.session.supply(json.dumps(answers), Held(data)))
        return dict(step)

    def answer(self, need: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        found = self.files.get(need["spec"])
        if found is None:
            return {"kind": "absent"}, b""
        if isinstance(found, str):
            return {"kind": "bytes", "url": None, "size": len(found.encode())}, found.encode()
        return found, b""

    def run(self, source: str, bridge: Bridge | None = None, limit: int = 10_000, **options: Any) -> dict[str, Any]:
        step = self.build(source, **options)
        assert step["diagnostics"] == [], step["diagnostics"][0]["rendered"]
        return dict(json.loads(self.session.run(bridge or Bridge(), limit)))


def test_a_program_of_several_files() -> None:
    page = Page({"./a.py": "from u import x", "https://x.test/u.py": "x = 'é'",
                 "./packages.json": '{"imports": {"u": "https://x.test/u.py"}}'})  # fmt: skip
    bridge = Bridge()
    ending = page.run('from "./a.py" import x\nprint(x)', bridge)
    assert (ending["ok"], ending["error"], ending["exitCode"]) == (True, None, 0)
    assert bridge.written == [("stdout", "é\n")]
    assert page.asked == [["./packages.json", "/packages.json"], ["./a.py"], ["https://x.test/u.py"]]
    assert set(ending["phases"]) == {"link", "compile", "run"}
    assert all(time >= 0 for time in ending["phases"].values())


def test_a_second_run_asks_for_nothing_until_it_forgets() -> None:
    page = Page({"./a.py": "n = 0"})
    text = 'import "./a.py" as a\na.n += 1\nprint(a.n)'
    for _ in range(2):
        bridge = Bridge()
        page.run(text, bridge)
        assert bridge.written == [("stdout", "1\n")]
    assert len(page.asked) == 2
    page.session.forget()
    page.run(text)
    assert len(page.asked) == 4


def test_steps_are_what_the_page_needs() -> None:
    page = Page({"draw": {"kind": "host", "names": ["f"]}})
    pin = sha256(b"").hexdigest()
    step = page.build(
        f'from draw import f\nimport "https://x.test/u.py#sha256-{pin}" as u', hosts={"draw": "./draw.js"}
    )
    assert step["hosts"] == []
    assert step["root"] == "/app/"
    assert step["keys"] == ["manifest:/app/", "manifest:/", "module:draw", "module:https://x.test/u.py"]
    (found,) = step["diagnostics"]
    assert (found["code"], found["line"], found["column"]) == ("not-found", 2, 8)
    ending = json.loads(page.session.checked())
    assert (ending["ok"], ending["error"]["type"], ending["exitCode"]) == (False, "CompileError", 2)
    assert ending["error"]["diagnostics"] == step["diagnostics"]
    assert ending["error"]["rendered"] == found["rendered"]


def test_check_without_fetching_asks_for_manifests_only() -> None:
    page = Page({"./packages.json": '{"imports": {"u": "./u.py"}}'})
    step = page.build('import u, v\nfrom "./a.py" import anything\nx.__code__', fetch=False)
    assert [found["code"] for found in step["diagnostics"]] == ["alias-missing", "attribute-refused"]
    assert page.asked == [["./packages.json", "/packages.json"]]
    assert json.loads(Page().session.begin(json.dumps(OPTIONS | {"probe": False}), Held(b"x = 1"), Held(b"")))["done"]


def test_the_next_engine_compiles_nothing_of_what_this_one_did() -> None:
    files = {"./a.py": "n = 1"}
    text = 'import "./a.py" as a\nprint(a.n)'
    first = Page(files)
    assert first.build(text)["compiled"] == 2
    code = first.session.code()
    assert first.build(text)["compiled"] == 0
    assert first.session.code() is None, "there is nothing new"
    second = Page(files)
    second.code = Held(code)
    bridge = Bridge()
    assert second.build(text)["compiled"] == 0
    json.loads(second.session.run(bridge, 10_000))
    assert bridge.written == [("stdout", "1\n")]
    third = Page(files)
    third.code = Held(code)
    assert third.build(text, keep=True)["compiled"] == 2, "a snippet is another program"
    assert third.session.code() is None


HOST = {"draw": {"kind": "host", "names": ["f", "later"]}}


def test_calls_of_the_page() -> None:
    bridge = Bridge({"f": {"a": [1.0, None]}})
    text = "from draw import f\nimport draw\nprint(f(1, [True, b'x'], {'k': -0.0}), draw.f)"
    assert Page(dict(HOST)).run(text, bridge, hosts={"draw": ""})["ok"]
    assert bridge.calls == [("draw", "f", [1, [True, b"x"], {"k": -0.0}])]
    assert bridge.written == [("stdout", "{'a': [1.0, None]} <built-in function f>\n")]


@pytest.mark.parametrize(
    ("answer", "type_", "message"),
    [
        (("ValueError", "bad"), "ValueError", "bad"),
        (("TypeError", "m"), "TypeError", "m"),
        (("NoSuchError", "m"), "RuntimeError", "m"),
        (("print", "m"), "RuntimeError", "m"),
        (("SystemExit", "m"), "RuntimeError", "m"),
        (("KeyboardInterrupt", "m"), "RuntimeError", "m"),
        (("SyntaxError", "m"), "RuntimeError", "m"),
        (("UnicodeDecodeError", "m"), "RuntimeError", "m"),
        (("ExceptionGroup", "m"), "RuntimeError", "m"),
    ],
)
def test_errors_of_the_page(answer: tuple[str, str], type_: str, message: str) -> None:
    ending = Page(dict(HOST)).run("import draw\ndraw.f()", Bridge({"f": answer}), hosts={"draw": ""})
    error = ending["error"]
    assert (error["type"], error["message"]) == (type_, message)
    assert [(frame["file"], frame["line"], frame["function"]) for frame in error["frames"]] == [
        ("./main.py", 2, "<module>")
    ]
    assert "edge_runtime" not in error["rendered"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("f(print)", "f() argument 1: builtin_function_or_method cannot cross to the page"),
        ("f(1, x=2)", "f() takes its arguments by position, not as x=…"),
        ("f({1: 2})", "f() argument 1: a dict that crosses to the page has str keys, not int"),
    ],
)
def test_wrong_calls(call: str, message: str) -> None:
    ending = Page(dict(HOST)).run(f"from draw import f\n{call}", Bridge(), hosts={"draw": ""})
    assert (ending["error"]["type"], ending["error"]["message"]) == ("TypeError", message)


MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("arguments", "carried"),
    [
        (f"b'x' * {16 * MIB}", True),
        (f"b'x' * {16 * MIB + 1}", False),
        (f"'x' * {8 * MIB}, ['x' * {8 * MIB}]", True),
        (f"'x' * {8 * MIB}, ['x' * {8 * MIB + 1}]", False),
        (f"[b'x' * {MIB}] * 17", False),
        (f"{{'k' * {17 * MIB}: 1}}", False),
        (f"[1 << {8 * MIB}] * 17", False),
    ],
)
def test_what_a_call_carries(arguments: str, carried: bool) -> None:
    """One value many times crosses many times: 16 MiB for a program of 64."""
    bridge = Bridge({"f": None})
    ending = Page(dict(HOST)).run(f"from draw import f\nf({arguments})", bridge, hosts={"draw": ""})
    if carried:
        assert (ending["error"], len(bridge.calls)) == (None, 1)
    else:
        assert (ending["error"]["type"], bridge.calls) == ("MemoryError", [])
        assert ending["error"]["message"] == "a call of the page carries at most 16 MiB"


def test_what_a_call_carries_where_there_is_much_memory() -> None:
    ending = Page(dict(HOST)).run(
        f"from draw import f\nf([b'x' * {MIB}] * 65)", Bridge(), hosts={"draw": ""}, maxMemory=2**40
    )
    assert ending["error"]["message"] == "a call of the page carries at most 64 MiB"


def test_more_values_than_a_call_carries() -> None:
    ending = Page(dict(HOST)).run("from draw import f\nf([None] * 500_001)", Bridge(), hosts={"draw": ""})
    assert ending["error"]["message"] == "f() argument 1 holds more than 500,000 values"
    assert Page(dict(HOST)).run("from draw import f\nf([None] * 499_998)", Bridge({"f": 1}), hosts={"draw": ""})["ok"]


class Overfull:
    """An answer that does not fit, as Pyodide words it."""

    def to_py(self) -> Any:
        try:
            raise OSError("RangeError: offset is out of bounds")
        except OSError as error:
            raise SystemError("<built-in method to_py of pyodide.ffi.JsProxy> returned a result") from error


def test_an_answer_that_does_not_fit_is_a_memory_error(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from draw import f\ntry:\n    f()\nexcept MemoryError as error:\n    print([error], error.__context__)\nf()"
    bridge = Bridge({"f": None})
    monkeypatch.setattr(bridge, "wait", lambda *_: Overfull())
    ending = Page(dict(HOST)).run(text, bridge, hosts={"draw": ""})
    assert bridge.written == [("stdout", "[MemoryError()] None\n")]
    error = ending["error"]
    assert (error["type"], error["message"]) == ("MemoryError", "the program used more than its limit of 64 MiB")
    assert "to_py" not in error["rendered"]


def test_no_length_of_sleep_gets_past() -> None:
    text = (
        "class F(float):\n    def __ge__(self, other): return True\n    def __float__(self): return -1.0\nsleep(F(1))"
    )
    bridge = Bridge()
    assert Page().run(text, bridge)["error"]["message"] == "sleep length must be non-negative"
    assert bridge.calls == []


def test_waiting() -> None:
    bridge = Bridge({"input": "line", "receive": "event"})
    Page().run("print(input('? '), receive(), sleep(0.01))", bridge)
    assert bridge.calls[:3] == [("input", "? "), ("receive", ""), ("wait", True)]
    assert bridge.written == [("stdout", "? "), ("stdout", "line event None\n")]
    assert Page().run("input()", Bridge())["error"]["type"] == "EOFError"


@pytest.mark.parametrize("call", ["input()", "receive()", "sleep(1)", "draw.f()"])
def test_a_browser_that_cannot_wait(call: str) -> None:
    ending = Page(dict(HOST)).run(f"import draw\nprint(1)\n{call}", Bridge(jspi=False), hosts={"draw": ""})
    assert ending["error"]["type"] in ("RuntimeError", "Unavailable")
    assert "JavaScript Promise Integration" in ending["error"]["message"]
    assert ending["error"]["type"] == "RuntimeError"


@pytest.mark.parametrize("code", ["2**60", "-2**70", "10**5000"])
def test_exit_codes_of_any_size(code: str) -> None:
    assert Page().run(f"raise SystemExit({code})")["exitCode"] == -1


def test_output_is_bounded() -> None:
    bridge = Bridge()
    Page().run("print('x' * 100)", bridge, limit=10)
    assert bridge.written == [("stdout", "x" * 10 + "\n[output limit reached: the rest is not shown]\n")]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"kind": "failed", "reason": "HTTP 500", "hint": None}, "cannot-load"),
        ({"kind": "drift", "locked": "0" * 64, "remote": "1" * 64}, "drift"),
        ({"kind": "absent"}, "not-found"),
    ],
)
def test_outcomes(answer: dict[str, Any], code: str) -> None:
    page = Page({"./a.py": answer})
    assert [found["code"] for found in page.build('import "./a.py" as a')["diagnostics"]] == [code]
    page.files["./a.py"] = "x = 1"
    again = page.build('import "./a.py" as a')["diagnostics"]
    assert [found["code"] for found in again] == (["not-found"] if code == "not-found" else []), (
        "failures are asked again"
    )


def test_a_redirect_is_the_base() -> None:
    class Redirecting(Page):
        def answer(self, need: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
            answer, data = super().answer(need)
            return (answer | {"url": "https://cdn.test/v2/u.py"} if need["spec"].endswith("u.py") else answer), data

    page = Redirecting({"https://x.test/u.py": 'import "./d.py" as d', "https://cdn.test/v2/d.py": ""})
    assert page.build('import "https://x.test/u.py" as u')["diagnostics"] == []


def test_conflicts_with_another_tab() -> None:
    page = Page({"./a.py": "x = 1"})
    page.build('import "./a.py" as a')
    ending = json.loads(
        page.session.conflicts(
            json.dumps([{"kind": "drift", "key": "module:./a.py", "locked": "0" * 64, "remote": "1" * 64}])
        )
    )
    assert (
        ending["error"]["message"]
        == f"integrity drift for './a.py'\n  locked: sha256-{'0' * 64}\n  remote: sha256-{'1' * 64}"
    )
    assert (ending["ok"], ending["exitCode"]) == (False, 2)
    page.build('import "./a.py" as a')
    assert len(page.asked) == 4, "what was kept is forgotten"


def test_lockfiles() -> None:
    session = Page().session
    entries = {
        "https://x.test/a.py": {"sha256": "0" * 64, "bytes": 5},
        "https://x.test/packages.json": {"absent": True},
    }
    ok, text = session.write_lock(json.dumps(entries))
    assert ok
    assert text.endswith('  "version": 1\n}\n')
    read_ok, read = session.read_lock(text, "packages.lock.json")
    assert read_ok
    assert json.loads(read) == entries
    bad_ok, picture = session.read_lock('{"version": 2}', "packages.lock.json")
    assert not bad_ok
    assert picture.startswith("error: packages.lock.json: lockfile version 2 is newer")


def test_named_packages_and_page_options() -> None:
    page = Page({"./conf/u.py": "x = 1", "./page.py": "y = 2"})
    page.named = b'{"imports": {"u": "./u.py"}}'
    step = page.build("import u, v", packages="/conf/packages.json", imports={"v": "/page.py"})
    assert step["diagnostics"] == []
    assert step["root"] == "/"


@pytest.mark.parametrize("how", [{"record": False}, {"record": True, "keep": True}], ids=str)
def test_a_state_is_no_way_into_a_run_that_is_not_recorded(how: dict[str, Any]) -> None:
    page, bridge = Page(), Bridge()
    page.build("print('anew')", **how)
    ending = json.loads(page.session.run(bridge, 10_000, Held(b"whatever")))
    assert (ending["ok"], ending["error"]["type"], bridge.written) == (False, "StateError", [])
    assert "only where it is recorded" in ending["error"]["message"]


def test_a_state_is_of_its_options() -> None:
    """What the program may use belongs to them: with less memory it may do something else."""
    program = drive(
        build(Entry(b"x = 1", "/app/main.py"), Settings(), Session()),
        lambda needs: {need.key: Absent() for need in needs},
    ).program
    assert program is not None
    whose = identity(program, build=build_id(), hash_seed="0", options="others")
    state = write(State(identity=whose, past=Past(log=b"", calls=0, waiting=True, ticks=0, clock=0.0)))
    page = Page()
    assert page.build("x = 1", args=["a"])["diagnostics"] == []
    ending = json.loads(page.session.run(Bridge(), 10_000, Held(state)))
    here = 'memory: 67108864 bytes, output: 10000 characters, arguments: ["main.py", "a"], memo: true'
    assert ending["error"]["type"] == "StateError"
    assert ending["error"]["message"] == f"this state was saved with other options (others, not {here}); save a new one"


def test_no_collection_goes_through_what_an_engine_starts_with() -> None:
    page, thresholds = Page(), gc.get_threshold()
    try:
        page.session.settle(False)
        assert gc.get_freeze_count() > 10_000
        assert not any(found is page.session for found in gc.get_objects())
        assert gc.get_threshold()[0] > thresholds[0]
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def test_what_a_run_left_in_cycles_goes_while_nothing_runs() -> None:
    def left() -> bool:
        return any(type(found).__name__ == "Leftover" for found in gc.get_objects())

    page = Page()
    gc.disable()
    try:
        assert page.run("class Leftover: pass\none = Leftover()\none.itself = one\n")["ok"]
        assert left()
        assert page.session.make_ahead() is True
        assert not left()
        while page.session.make_ahead():
            pass
    finally:
        gc.enable()
