"""Snippets of a page's session, driven as the engine's JavaScript drives them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.hosts.test_browser import Bridge, Page

KEPT: dict[str, Any] = {"keep": True, "entry": "/app/<input>", "probe": False}


class Console:
    """One session; `say` gives what a snippet prints, and its error's picture."""

    def __init__(self, files: dict[str, Any] | None = None) -> None:
        self.page = Page(files)
        self.bridge = Bridge()

    def say(self, source: str, answers: dict[str, Any] | None = None, **options: Any) -> str:
        self.bridge = Bridge(answers or {})
        ending = self.page.run(source, self.bridge, **KEPT | options)
        out = "".join(text for _, text in self.bridge.written)
        return out + (ending["error"]["rendered"] if ending["error"] else "")


@pytest.fixture
def console() -> Console:
    return Console()


def test_names_and_the_last_value_stay(console: Console) -> None:
    assert [console.say(text) for text in ("x = 20", "def f(): return x + 1", "x = 40", "f()", "_ + 1")] == [
        "",
        "",
        "",
        "41\n",
        "42\n",
    ]


def test_each_has_a_number(console: Console) -> None:
    console.say("def bad(n):\n    return 1 / n")
    assert console.page.build("x =", **KEPT)["diagnostics"][0]["rendered"].splitlines()[1] == "   --> <input 2>:1:4"
    shown = console.say("bad(0)")
    assert [line for line in shown.splitlines() if "-->" in line] == [
        "   --> <input 3>:1:1 in <module>",
        "   --> <input 1>:2:12 in bad",
    ]
    console.page.build("x", **KEPT | {"mode": "check"})
    assert "<input 4>:1:1" in console.say("nope")
    assert "--> named.py:1:1" in console.say("nope", entry="/app/named.py")


def test_a_session_forgets(console: Console) -> None:
    console.say("x = 1")
    console.page.session.forget()
    assert "<input 1>:1:1" in console.say("x")


def test_other_runs_are_apart(console: Console) -> None:
    console.say("x = 1")
    apart = console.say("print('x' in globals())\nx = 2", keep=False, entry="/app/main.py")
    assert (apart, console.say("x")) == ("False\n", "1\n")


def test_functions_of_earlier_snippets_ask_the_page_of_today() -> None:
    console = Console({"draw": {"kind": "host", "names": ["f"]}})
    hosts = {"draw": ""}
    assert console.say("from draw import f\ndef twice():\n    print(f(1), f(2), input('? '))", hosts=hosts) == ""
    assert console.say("twice()", {"f": 7, "input": "line"}, hosts=hosts) == "? 7 7 line\n"
    assert [call[:2] for call in console.bridge.calls] == [("draw", "f"), ("draw", "f"), ("input", "? ")]


def test_the_page_is_told_of_packages_of_earlier_snippets() -> None:
    console = Console({name: {"kind": "host", "names": ["f"]} for name in ("one", "two")})
    hosts = {"one": "", "two": ""}
    console.say("from one import f", {"f": 1}, hosts=hosts)
    assert console.page.build("import two", **KEPT | {"hosts": hosts})["hosts"] == ["one", "two"]
    assert console.page.build("1", **KEPT | {"keep": False, "hosts": hosts})["hosts"] == []


def test_questions_that_nobody_answered_are_no_burden_of_the_next(console: Console) -> None:
    class Stopping(Bridge):
        def ask(self, questions: list[Any]) -> None:
            """The page is silent."""

        def wait(self, seconds: float, *questions: Any) -> None:
            self.ended = ("Stopped", "the page stopped the program")

    ending = console.page.run("kept = 1\ninput()", Stopping(), **KEPT)
    assert ending["error"]["type"] == "Stopped"
    assert console.say("kept") == "1\n"
    assert console.say("input()", {"input": "here"}) == "'here'\n"


def test_programs_in_different_places_share_names_and_packages() -> None:
    console = Console({"./a.py": "n = 1"})
    assert console.say("import json\nimport './a.py' as a\na.n += 1", entry="/one/main.py") == ""
    shown = console.say(
        "import json as again\nfirst = a\nimport './a.py' as a\nagain is json, a is first, a.n, first.n",
        entry="/two/main.py",
    )
    assert shown == "(True, False, 1, 2)\n"


def test_the_limit_of_output_is_each_snippets_own(console: Console) -> None:
    bridge = Bridge()
    console.page.run("print('x' * 100)", bridge, 10, **KEPT)
    assert bridge.written[0][1].startswith("x" * 10 + "\n[output limit")
    assert console.say("'y' * 9") == "'yyyyyyyyy'\n"
