"""The host package `network`, through real programs and against real servers.

Takes: one element with `grant="network"`; a site of its own origin, another one, and `Services` (tests/support/services.py).
Holds: what each function does, what servers hear, the errors that a program sees, and that `reset()` ends all of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.elements import Ground, opened
from tests.support.services import Services
from tests.support.site import CORS, ROOT, Site

ELEMENT = '<edge-python id="e" grant="network" output="none"></edge-python>'
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class World:
    """A page, its own server, another origin's, and one that talks."""

    ground: Ground
    near: Site
    far: Site
    services: Services

    def play(self, program: str) -> list[str]:
        """The lines that a program prints; NEAR, FAR, HTTP and WS in it are addresses."""
        result = self.ground.run(self.placed(program))
        assert result["ok"], result["error"]["rendered"]
        return str(result["out"]).splitlines()

    def start(self, program: str) -> None:
        """Run a program, and do not wait for it."""
        self.ground.call("void (window.result = element.run(argument))", self.placed(program))

    def ended(self) -> Any:
        """The result of what was started."""
        return self.ground.page.evaluate("result")

    def placed(self, program: str) -> str:
        """A program with addresses in it."""
        http, ws = self.services.url, self.services.ws
        for name, url in (("NEAR", self.near.url), ("FAR", self.far.url), ("HTTP", http), ("WS", ws)):
            program = program.replace(name, url)
        return "from network import *\n" + program

    def wrong(self, calls: dict[str, str]) -> dict[str, str]:
        """For each expression whose error does not begin as said, the error."""
        tries = "".join(
            f"try:\n    {call}\n    print('nothing')\nexcept Exception as e:\n    print(type(e).__name__, e, sep=': ')\n"
            for call in calls
        )
        found = dict(zip(calls, self.play(tries), strict=True))
        said = {call: self.placed(text).partition("\n")[2] for call, text in calls.items()}
        return {call: got for call, got in found.items() if not got.startswith(said[call])}


@pytest.fixture(scope="module")
def one_world(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> Iterator[World]:
    with Services() as services, Site({"/dist/": dist, "/web/": ROOT / "web"}) as near, Site({}) as far:
        with opened(browser, browser_context_args, near) as ground:
            ground.put(ELEMENT, wait="ready")
            yield World(ground, near, far, services)
        assert not (failures := near.failures + far.failures + services.failures), failures


@pytest.fixture
def world(one_world: World) -> Iterator[World]:
    """The module's. Between tests the package begins anew, and nothing is under way or remembered."""
    yield one_world
    one_world.ground.call("element.reset()")
    one_world.ground.page.context.clear_cookies()
    one_world.services.clear()
    one_world.far.forget()


# -- requests --------------------------------------------------------------------------------------------------------


def test_what_an_answer_holds(world: World) -> None:
    page = world.near.put("/data/text", "é😀\n", headers={"X-One": "1"})
    world.near.put("/moved", redirect=page)
    world.near.put("/gone", "it is gone", status=410)
    world.far.put("/far.bin", bytes(range(256)), "application/octet-stream", headers=CORS)
    program = """
one = fetch("/moved")
print(one["status"], one["ok"], one["url"], one["headers"]["x-one"], repr(one["text"]), sorted(one))
gone = fetch("NEAR/gone#part")
print(gone["status"], gone["ok"], gone["text"])
print(fetch("FAR/far.bin", {"read": "bytes"})["bytes"] == bytes(range(256)) == fetch_bytes("FAR/far.bin"))
print(repr(fetch_text("data/text")), fetch("data/text", {"method": "head"})["text"] == "")
"""
    assert world.play(program) == [
        rf"200 True {page} 1 'é😀\n' ['headers', 'ok', 'status', 'text', 'url']",
        "410 False it is gone",
        "True",
        r"'é😀\n' True",
    ]


def test_what_a_server_hears(world: World) -> None:
    program = r"""
def show(answer):
    sent = answer["headers"]
    print(answer["method"], answer["size"], answer["hex"], sent.get("content-type"), sent.get("x-own"), sent.get("cookie"))
show(fetch_json("HTTP/echo"))
show(fetch_json("HTTP/echo", {"method": "post", "body": "é\n", "headers": {"X-Own": "own"}}))
show(fetch_json("HTTP/echo", {"method": "patch", "body": b"\0\xff", "headers": {"Content-Type": "a/b"}}))
show(fetch_json("HTTP/echo", {"method": "DELETE"}))
big = bytes(range(256)) * 4096
print(fetch_json("HTTP/echo", {"method": "PUT", "body": big})["size"], fetch_json("HTTP/echo?a=1&b=%C3%A9")["query"])
print(fetch("HTTP/echo")["headers"].get("x-answer"))
"""
    assert world.play(program) == [
        "GET 0  None None None",
        "POST 3 c3a90a text/plain;charset=UTF-8 own None",
        "PATCH 2 00ff a/b None None",
        "DELETE 0  None None None",
        "1048576 {'a': '1', 'b': 'é'}",
        "yes",
    ]


def test_cookies_are_left_out_unless_asked_for(world: World) -> None:
    world.ground.page.context.add_cookies(
        [{"name": "who", "value": "reader", "url": world.near.url, "sameSite": "Lax"}]
    )
    program = """
for word in ["omit", "same-origin", "include"]:
    print(fetch_json("HTTP/echo", {"credentials": word})["headers"].get("cookie"), fetch("/gone", {"credentials": word})["ok"])
print(fetch_json("HTTP/echo")["headers"].get("cookie"))
"""
    world.near.clear_log()
    assert world.play(program) == ["None False", "None False", "who=reader False", "None"]
    heard = [
        h.get("Cookie") for (_, path), h in zip(world.near.log, world.near.headers, strict=True) if path == "/gone"
    ]
    assert heard == [None, "who=reader", "who=reader"]


def test_json_keeps_its_digits(world: World) -> None:
    numbers = "[1, -2.5, 12345678901234567890, 9007199254740993, 1e3, 0.12345678901234567, null, true]"
    world.near.put("/n.json", f'{{"n": {numbers}, "__proto__": {{"é": "\\ud800"}}}}', JSON)
    world.near.put("/deep.json", "[" * 100_000 + "1" + "]" * 100_000, JSON)
    world.near.put("/page.json", "<!doctype html><title>no such page</title>", "text/html")
    assert world.play('value = fetch_json("/n.json")\nprint(value["n"], value["__proto__"])') == [
        "[1, -2.5, 12345678901234567890, 9007199254740993, 1000, 0.12345678901234566, None, True] {'é': '\\ud800'}",
    ]
    said = "ValueError: the answer of 'NEAR/page.json' is not JSON; it begins with \"<!doctype html><title>no such page"
    assert world.wrong({"fetch_json('/page.json')": said}) == {}


def test_wrong_arguments_are_named(world: World) -> None:
    calls = {
        "fetch()": "TypeError: fetch() needs argument 1 (url: str)",
        "fetch(1)": "TypeError: fetch() argument 1 (url) must be str, not int",
        "fetch('/x', None)": "TypeError: fetch() argument 2 (options) must be dict, not None",
        "fetch('/x', {'metod': 'PUT'})": "ValueError: fetch() argument 2 (options) has no option 'metod'; it has method, ",
        "fetch('/x', {'headers': {'a': 1}})": "TypeError: fetch() argument 2 (options) ['headers'] ['a'] must be str, not int",
        "fetch('/x', {'body': 1, 'method': 'PUT'})": "TypeError: fetch() argument 2 (options) ['body'] must be str, bytes",
        "fetch('/x', {'timeout': '1'})": "TypeError: fetch() argument 2 (options) ['timeout'] must be float or None, not str",
        "fetch('/x', {'timeout': 0})": "ValueError: the option 'timeout' must be a number of seconds above 0, at most 86400",
        "fetch('/x', {'timeout': float('nan')})": "ValueError: the option 'timeout' must be a number of seconds above 0,",
        "fetch('/x', {'credentials': 'all'})": "ValueError: the option 'credentials' must be 'omit', 'same-origin' or",
        "fetch('/x', {'read': 'json'})": "ValueError: the option 'read' must be 'text' or 'bytes', not 'json'",
        "fetch('/x', {'redirect': 'manual'})": "ValueError: the option 'redirect' must be 'follow' or 'error', not 'manual'",
        "fetch('/x', {'cache': 'never'})": "ValueError: the option 'cache' must be 'default', 'no-store', 'reload', ",
        "fetch_text('/x', {'read': 'bytes'})": "ValueError: fetch_text() argument 2 (options) has no option 'read'; it has",
        "fetch('/x', {'body': 'b'})": "ValueError: a GET request has no body; choose another 'method', such as 'POST'",
        "fetch('/x', {'method': 'TRACE'})": "ValueError: the browser refuses this request: ",
        "fetch('/x', {'method': 'a b'})": "ValueError: the browser refuses this request: ",
        "fetch('/x', {'headers': {'a b': 'c'}})": "ValueError: the browser refuses this request: ",
        "fetch('/x', {'headers': {'Host': 'x'}})": "ValueError: browsers set the header 'Host' themselves; leave it out",
        "fetch('http://')": "ValueError: 'http://' is not an address; write it like 'https://example.com/data.json'",
        "fetch('file:///etc/passwd')": "ValueError: 'file:///etc/passwd' is no http: or https: address, and network asks for",
        "fetch('data:,x')": "ValueError: 'data:,x' is no http: or https: address",
        "fetch('http://me:secret@x.test/')": "ValueError: the address of 'x.test' holds a user name or a password; send the",
        "abort_request('7')": "TypeError: abort_request() argument 1 (id) must be int, not str",
        "fetch_text('/none')": "OSError: GET 'NEAR/none' was answered with 404 Not Found; use fetch() to read such an answer",
        "fetch_json('/none', {'method': 'put'})": "OSError: PUT 'NEAR/none' was answered with 404 Not Found;",
        "ws_open('ftp://x.test/')": "ValueError: 'ftp://x.test/' is no ws: or wss: address, and network asks for no others",
        "ws_open('WS/ws', {'protocols': 'edge'})": "TypeError: ws_open() argument 2 (options) ['protocols'] must be list[str],",
        "ws_open('WS/ws', {'protocols': ['a b']})": "ValueError: the browser refuses this WebSocket: ",
        "ws_send(1, 'x')": "ValueError: there is no WebSocket 1; ws_open() gives the number of a new one",
        "ws_send(1, None)": "TypeError: ws_send() argument 2 (data) must be str or bytes, not None",
        "ws_state(0)": "ValueError: there is no WebSocket 0; ",
        "ws_close(-1)": "ValueError: there is no WebSocket -1; ",
        "sse_state(1)": "ValueError: there is no event stream 1; sse_open() gives the number of a new one",
        "sse_open('/x', {'credentials': 'omit'})": "ValueError: the option 'credentials' must be 'same-origin' or 'include', not",
    }  # fmt: skip
    assert world.wrong(calls) == {}


def test_failures_say_what_to_do(world: World) -> None:
    world.far.put("/closed", "secret")
    world.near.put("/moved", redirect="/elsewhere")
    with Site({}) as dead:
        gone = dead.url
    cross = "is another origin, so its server has to send the header 'Access-Control-Allow-Origin: NEAR'"
    calls = {
        "fetch_text('FAR/closed')": "OSError: 'FAR/closed' could not be reached, or its answer may not be read here: 'FAR' "
        + cross,
        "fetch('HTTP/closed/echo', {'method': 'PUT'})": "OSError: 'HTTP/closed/echo' could not be reached, or its answer may not",
        f"fetch_text('{gone}/x')": f"OSError: '{gone}/x' could not be reached, or its answer may not be read here",
        "fetch('/moved', {'redirect': 'error'})": "OSError: 'NEAR/moved' could not be reached: its server does not answer, or "
        "refuses the connection, or it redirects, which 'redirect': 'error' refuses",
        "fetch('HTTP/dies')": "OSError: the connection to 'HTTP/dies' broke before the end of its answer; ask again",
        "fetch_bytes('HTTP/dies')": "OSError: the connection to 'HTTP/dies' broke before the end of its answer; ask again",
        "fetch('HTTP/hang', {'timeout': 0.05})": "TimeoutError: GET 'HTTP/hang' took longer than 0.05 s",
        "fetch('HTTP/drip', {'timeout': 0.2})": "TimeoutError: GET 'HTTP/drip' took longer than 0.2 s",
    }  # fmt: skip
    assert world.wrong(calls) == {}
    # The server is told that nobody waits any more.
    world.services.until("/hang left")
    world.services.until("/drip left")
    world.ground.page.context.set_offline(True)
    try:
        assert (
            world.wrong({"fetch('HTTP/echo')": "OSError: 'HTTP/echo' could not be reached: this browser is offline"})
            == {}
        )
    finally:
        world.ground.page.context.set_offline(False)


def test_a_policy_of_the_page_is_named(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> None:
    with Services() as services, Site({"/dist/": dist}) as near, opened(browser, browser_context_args, near) as ground:
        ground.page.evaluate("""() => {
          const meta = document.createElement('meta');
          [meta.httpEquiv, meta.content] = ['Content-Security-Policy', "connect-src 'self'"];
          document.head.append(meta);
        }""")
        ground.put(ELEMENT, wait="ready")
        world = World(ground, near, near, services)
        why = "could not be reached: this page's Content-Security-Policy forbids it; add"
        calls = {
            "fetch('HTTP/echo')": f"OSError: 'HTTP/echo' {why} 'HTTP' to its connect-src",
            "ws_open('WS/ws')": f"OSError: 'WS/ws' {why} 'WS' to its connect-src",
            "sse_open('HTTP/feeds/a')": f"OSError: 'HTTP/feeds/a' {why} 'HTTP' to its connect-src",
        }
        assert world.wrong(calls) == {}
        assert services.log == []


def test_a_request_is_aborted_by_its_id(world: World) -> None:
    """By the page's own side of the protocol: programs have no second coroutine in this release."""
    program = """async ({ url }) => {
      const { createHosts } = await import('/web/page/hosts.js');
      const hosts = createHosts({ modules: { network: '/dist/host/network.js' } });
      await hosts.names('network');
      const call = (name, ...args) => hosts.call('network', name, args).catch(({ name, message }) => `${name}: ${message}`);
      const waiting = [7, 8].map((id) => call('fetch', `${url}/hang`, { id }));
      const twice = await call('fetch', `${url}/hang`, { id: 7 });
      const first = [await call('abort_request', 7), await waiting[0], await call('abort_request', 7)];
      const again = await call('fetch', `${url}/drip`, { id: 7, timeout: 0.1 });
      hosts.reset();
      return [twice, ...first, again, await waiting[1]];
    }"""
    http = world.services.url
    assert world.ground.page.evaluate(program, {"url": http}) == [
        "ValueError: a request with the id 7 is under way; give each its own, or abort_request(7) first",
        True,
        f"ConnectionAbortedError: GET '{http}/hang' was aborted",
        False,
        f"TimeoutError: GET '{http}/drip' took longer than 0.1 s",
        f"ConnectionAbortedError: GET '{http}/hang' was aborted",
    ]
    assert world.play("print(abort_request(7), issubclass(ConnectionAbortedError, OSError))") == ["False True"]


# -- WebSockets ------------------------------------------------------------------------------------------------------


def events(lines: list[str]) -> list[Any]:
    """The lines that are JSON."""
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_a_websocket_speaks_text_and_bytes(world: World) -> None:
    program = r"""
ws = ws_open("WS/ws", {"protocols": ["edge"], "timeout": 20})
print(ws, ws_state(ws))
for data in ["", "é😀\0\n\"", b"\0\xff", b""]:
    ws_send(ws, data)
    print(receive())
ws_send(ws, b"ab" * 524288)
answer = receive()
print(len(answer), answer[:54])
ws_send(ws, "!close 4001 bye é")
print(receive())
print(ws_state(ws), ws_close(ws))
try:
    ws_send(ws, "x")
except OSError as e:
    print(e)
other = ws_open("HTTP/ws")
print(other, ws_close(other, 3000, "done"), ws_state(other) in ("closing", "closed"))
print(receive())
"""
    lines = world.play(program)
    heard = {"type": "ws", "id": 1, "event": "message"}
    assert lines[0] == "1 open"
    assert events(lines) == [
        {**heard, "data": "", "binary": False},
        {**heard, "data": 'é😀\0\n"', "binary": False},
        {**heard, "data": "AP8=", "binary": True},
        {**heard, "data": "", "binary": True},
        {"type": "ws", "id": 1, "event": "close", "code": 4001, "reason": "bye é", "clean": True},
        {"type": "ws", "id": 2, "event": "close", "code": 1000, "reason": "", "clean": True},
    ]
    rest = [line for line in lines if not line.startswith("{")]
    assert rest[1] == '1398166 {"type":"ws","id":1,"event":"message","data":"YWJhYmFi'
    assert rest[2:] == ["closed None", "WebSocket 1 is closed; open another with ws_open()", "2 None True"]
    assert [entry for entry in world.services.log if "ws" in entry] == [
        "ws open edge", "ws closed 4001", "ws open None", "ws closed 3000",
    ]  # fmt: skip


def test_a_websocket_that_breaks(world: World) -> None:
    program = """
ws = ws_open("WS/ws")
ws_send(ws, "!die")
print(receive())
print(ws_state(ws))
ws = ws_open("WS/ws")
for code, reason in [(1001, ""), (2999, ""), (5000, ""), (3000, "é" * 62)]:
    try:
        ws_close(ws, code, reason)
    except ValueError as e:
        print(e)
"""
    lines = world.play(program)
    assert events(lines) == [{"type": "ws", "id": 1, "event": "close", "code": 1006, "reason": "", "clean": False}]
    own = "a WebSocket is closed with code 1000, or one of your own from 3000 to 4999, not "
    assert lines[1:] == [
        "closed",
        *(own + code for code in ("1001", "2999", "5000")),
        "the reason for closing is longer than 123 bytes of UTF-8",
    ]
    calls = {
        "ws_open('WS/none')": "OSError: 'WS/none' could not be reached: its server does not answer, or refuses the connection",
        "ws_open('WS/ws/hang', {'timeout': 0.05})": "TimeoutError: 'WS/ws/hang' did not open within 0.05 s",
        "ws_open('WS/ws', {'protocols': ['unknown']})": "OSError: 'WS/ws' could not be reached",
    }
    assert world.wrong(calls) == {}
    world.services.until("/ws/hang left")


def test_many_messages_keep_their_order(world: World) -> None:
    program = """
ws = ws_open("WS/ws")
ws_send(ws, "!flood 3000")
count = 0
while f'"data":"{count}"' in receive():
    count += 1
    if count == 3000:
        break
print(count)
"""
    assert world.play(program) == ["3000"]


# -- server-sent events ----------------------------------------------------------------------------------------------


def test_server_sent_events(world: World) -> None:
    first = "retry: 10\n\nid: 1\ndata: one\ndata: é😀\n\nevent: tick\ndata: 2\n\nevent: error\ndata: named\n\n"
    world.services.feed(
        "/feeds/a", first, "id: 2\ndata: three\n\nevent: unheard\ndata: x\n\n: comment\n\ndata: four\n\n"
    )
    program = """
stream = sse_open("HTTP/feeds/a", {"events": ["tick", "error"], "timeout": 20})
print(stream)
for _ in range(7):
    print(receive())
print(sse_state(stream), sse_close(stream), sse_state(stream), sse_close(stream))
"""
    lines = world.play(program)
    heard = {"type": "sse", "id": 1, "event": "message"}
    assert events(lines) == [
        {**heard, "name": "message", "data": "one\né😀", "last_id": "1"},
        {**heard, "name": "tick", "data": "2", "last_id": "1"},
        {**heard, "name": "error", "data": "named", "last_id": "1"},
        {"type": "sse", "id": 1, "event": "reconnecting"},
        {"type": "sse", "id": 1, "event": "open"},
        {**heard, "name": "message", "data": "three", "last_id": "2"},
        {**heard, "name": "message", "data": "four", "last_id": "2"},
    ]
    assert [line for line in lines if not line.startswith("{")] == ["1", "open None closed None"]
    assert [entry for entry in world.services.log if entry.startswith("sse")] == ["sse after ''", "sse after '1'"]
    world.services.until("/feeds/a left")


def test_a_stream_that_the_server_ends(world: World) -> None:
    world.services.feed("/feeds/short", "retry: 10\n\ndata: one\n\n", "retry: 10\n\n")
    world.near.put("/text", "data: one\n\n")
    program = """
stream = sse_open("HTTP/feeds/short")
while True:
    event = receive()
    print(event)
    if '"event":"open"' in event:
        break
print("again")
print(receive())
print(receive(), sse_state(stream))
"""
    world.start(program)
    world.services.until("sse after ''")
    world.ground.until(lambda: any(each["detail"]["text"] == "again\n" for each in world.ground.heard("output")))
    world.services.cut()
    result = world.ended()
    assert result["ok"], result["error"]["rendered"]
    assert [event["event"] for event in events(result["out"].replace("} closed", "}").splitlines())] == [
        "message", "reconnecting", "open", "reconnecting", "close",
    ]  # fmt: skip
    assert result["out"].endswith("} closed\n")
    assert world.services.log[-1] == "sse sent away"
    calls = {
        "sse_open('/text')": "OSError: 'NEAR/text' does not answer with events: it must answer with status 200 and content",
        "sse_open('/none')": "OSError: 'NEAR/none' does not answer with events: it must answer with status 200",
        "sse_open('HTTP/feeds/none')": "OSError: 'HTTP/feeds/none' could not be reached, or its answer may not be read here:",
        "sse_open('HTTP/hang', {'timeout': 0.05})": "TimeoutError: 'HTTP/hang' did not open within 0.05 s",
    }
    assert world.wrong(calls) == {}
    world.services.until("/hang left")


# -- reset -----------------------------------------------------------------------------------------------------------


def test_reset_ends_all_that_is_under_way(world: World) -> None:
    world.services.feed("/feeds/a", "data: one\n\n")
    world.start("""
ws = ws_open("WS/ws")
stream = sse_open("HTTP/feeds/a")
fetch("HTTP/hang")
""")
    world.services.until("/hang begins")
    world.ground.call("element.reset()")
    for left in ("/hang left", "/feeds/a left", "ws closed 0"):
        world.services.until(left)
    assert world.ended()["error"]["type"] == "Stopped"
    program = "print(abort_request(1))\ntry:\n    ws_state(1)\nexcept ValueError as e:\n    print(e)\n"
    assert world.play(program) == ["False", "there is no WebSocket 1; ws_open() gives the number of a new one"]


def test_the_page_s_word_is_needed(world: World) -> None:
    world.near.clear_log()
    world.ground.put('<edge-python id="e" output="none"></edge-python>', wait="ready")
    try:
        result = world.ground.run("from network import fetch\nfetch('/never')")
        (found,) = result["error"]["diagnostics"]
        assert (found["line"], found["message"]) == (1, "host package 'network' is not granted here")
        assert "only the page grants it" in found["note"]
        assert [path for path in world.near.paths() if path == "/never" or "network" in path] == []
    finally:
        world.ground.put(ELEMENT, wait="ready")
