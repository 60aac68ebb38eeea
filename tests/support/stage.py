"""A stage for the host package `dom`: markup, a program that plays on it, and what came of it.

Takes: a browser, programs, markup. Gives: `stage`: one page and one worker with `grant="dom"` for a file's tests; between
tests the package begins anew, and no event is left.
Refuses: a program that fails where none was to, an uncaught error in the page.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.elements import Ground, opened
from tests.support.site import Site

__all__ = ["Stage", "stage", "stage_page"]

LISTENING = "listening"


class Stage:
    """Programs import all of `dom`. The element is `#e`, and their markup is in `#stage`."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.page: Page = ground.page

    def set(self, markup: str) -> None:
        """Put markup on the stage, without running anything of it."""
        self.page.evaluate("(html) => { document.querySelector('#stage').innerHTML = html; }", markup)

    def play(self, program: str, markup: str = "") -> list[str]:
        """The lines that a program prints, over some markup."""
        self.set(markup)
        result = self.ground.run("from dom import *\n" + program)
        assert result["ok"], result["error"]["rendered"]
        return str(result["out"]).splitlines()

    def html(self) -> str:
        """What the markup has become."""
        return str(self.page.evaluate("document.querySelector('#stage').innerHTML"))

    def fails(self, calls: Mapping[str, str], markup: str = "") -> None:
        """Each expression raises the error that begins so: `TypeError: …`."""
        tries = "".join(
            f"try:\n    {call}\n    print('nothing')\nexcept Exception as e:\n    print(type(e).__name__, e, sep=': ')\n"
            for call in calls
        )
        found = self.play(tries, markup)
        pairs = zip(calls.items(), found, strict=True)
        wrong = [f"{call}: {got}, not {want}" for (call, want), got in pairs if not got.startswith(want)]
        assert not wrong, "\n".join(wrong)

    def start(self, program: str, markup: str = "") -> None:
        """Start a program, and come back when it prints that it is listening."""
        self.set(markup)
        self.page.evaluate("heard.length = 0")
        self.ground.call("void (window.result = element.run(argument))", "from dom import *\n" + program)
        self.shown(LISTENING)

    def shown(self, text: str) -> None:
        """Until the program has printed that."""
        self.ground.until(
            lambda: any(text in event["detail"]["text"] for event in self.ground.heard("output")),
            lambda: f"{text!r} was not printed: {[e['detail'] for e in self.ground.heard('output')]}",
        )

    def lines(self) -> list[str]:
        """What the program that was started printed, once it has ended; not the word that it listens."""
        result = self.page.evaluate("result")
        assert result["ok"], result["error"]["rendered"]
        return [line for line in result["out"].splitlines() if line != LISTENING]

    def events(self) -> list[Any]:
        """What that program received, where it prints each event."""
        return [json.loads(line) for line in self.lines() if line.startswith('{"')]


@pytest.fixture(scope="module")
def stage_page(browser: Browser, browser_context_args: dict[str, Any], dist: Path) -> Iterator[Stage]:
    """The page of a file, with a worker that is ready."""
    with Site({"/dist/": dist}) as site, opened(browser, browser_context_args, site) as ground:
        ground.put('<edge-python id="e" grant="dom" output="none"></edge-python><div id="stage"></div>', wait="ready")
        yield Stage(ground)
    assert not site.failures, site.failures


@pytest.fixture
def stage(stage_page: Stage) -> Iterator[Stage]:
    """The file's page, with nothing left of the test before."""
    yield stage_page
    stage_page.ground.call("element.reset()")
    stage_page.page.evaluate("document.querySelector('#stage').replaceChildren(); heard.length = 0")
