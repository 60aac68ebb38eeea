"""The demo, as a visitor has it: below a path of its own, as any static host may serve it.

Takes: `dist/`. Holds: the three elements end as the page says, nothing comes from elsewhere, the second visit asks for no URL
module, everything works by keyboard, and axe finds nothing serious in light and dark, wide and phone-sized.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.support.elements import findings
from tests.support.site import Site

BASE = "/some/where%20else/"
RULE, GARDEN, MISTAKES = "#text edge-python", "#garden", "#mistakes edge-python"
LISTENER = "#listener edge-python"
ENDED = "([selector, states]) => states.includes(document.querySelector(selector)?.state)"


class Visit:
    """One page on the demo, and what it asked for and complained of."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.site = site
        site.clear_log()
        self.page: Page = context.new_page()
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{site.url}{BASE}demo/")

    def ended(self, selector: str) -> str:
        """Scroll to an element, wait for its end; the output."""
        self.page.locator(selector).scroll_into_view_if_needed()
        self.page.wait_for_function(ENDED, arg=[selector, ["done", "failed"]])
        return str(self.page.locator(selector).evaluate("(e) => e.shadowRoot.querySelector('.output').textContent"))

    def state(self, selector: str) -> str:
        return str(self.page.locator(selector).evaluate("(e) => e.state"))

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def site(dist: Path) -> Iterator[Site]:
    with Site({"/some/where else/": dist}) as opened:
        yield opened
    assert not opened.failures, opened.failures


@pytest.fixture(scope="module")
def visitor(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    visitor = browser.new_context(**browser_context_args)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def visit(visitor: BrowserContext, site: Site) -> Visit:
    """The first visit, scrolled to the end."""
    first = Visit(visitor, site)
    for selector in (RULE, GARDEN, MISTAKES):
        first.ended(selector)
    return first


def test_text_in_the_page(visit: Visit) -> None:
    lines = visit.ended(RULE).splitlines()
    assert visit.state(RULE) == "done"
    assert [line.strip() for line in lines[:3]] == ["*", "* *", "*   *"]
    assert lines[-1] == "81 cells, which is 3 to the power of 4"


def test_garden_of_many_modules(visit: Visit) -> None:
    lines = visit.ended(GARDEN).splitlines()
    assert visit.state(GARDEN) == "done"
    assert lines[-1] == "17 flowers, colours of 'August evening'"
    assert visit.page.locator("[data-canvas] svg g").count() > 17, "petals"
    assert visit.page.locator("[data-caption]").inner_text() == "August evening, garden no. 7"
    asked = [url.removeprefix(f"{visit.site.url}{BASE}demo/") for url in visit.requests]
    modules = [path for path in asked if path.endswith(".py") and not path.startswith("lib/")]
    # The file viewer shows the entry, so that it is asked for twice.
    assert sorted(modules) == [
        "app/dice/dice.py", "app/dice/mix.py", "app/main.py", "app/main.py", "app/shapes/flower.py", "app/shapes/meadow.py",
        "app/shapes/turn.py", "cdn/palette.py",
    ]  # fmt: skip


def test_a_program_that_listens_and_remembers(
    browser: Browser, browser_context_args: dict[str, Any], site: Site
) -> None:
    context = browser.new_context(**browser_context_args)
    shown = "to 2 · be 2 · or 1 · not 1"
    for words in ("to be or NOT to be", None):
        visit = Visit(context, site)
        visit.page.locator(LISTENER).scroll_into_view_if_needed()
        visit.page.wait_for_function(ENDED, arg=[LISTENER, ["waiting"]])
        if words is not None:
            expect(visit.page.locator("#counter-shown")).to_have_text("No words yet")
            visit.page.locator("#counter-field").fill(words)
            visit.page.keyboard.press("Enter")
        expect(visit.page.locator("#counter-shown")).to_have_text(shown)
        expect(visit.page.locator("#counter-field")).to_have_value("")
        assert visit.complaints == []
        visit.page.close()
    context.close()


def test_mistakes_are_shown_and_repaired_as_the_page_says(visit: Visit) -> None:
    output = visit.ended(MISTAKES)
    assert visit.state(MISTAKES) == "failed"
    assert [line for line in output.splitlines() if line.startswith("error: ")] == [
        "error: module './lib/greet.py' has no export 'helo'",
        (
            "error: 'os' is not part of Edge Python; files and the system are out of a script's reach; "
            "ask the page for a host package"
        ),
    ]
    assert "help: did you mean 'hello'?" in output
    assert visit.page.locator(f"{MISTAKES} .caret").all_inner_texts() == ["     " + 16 * "^", "       ^^"]
    assert "Nothing is printed" not in output
    keyboard = visit.page.keyboard
    visit.page.locator(f"{MISTAKES} textarea").focus()
    keyboard.press("Control+Home")
    keyboard.press("End")
    for _ in range(len(" as greet")):
        keyboard.press("ArrowLeft")
    keyboard.press("ArrowLeft")
    keyboard.type("l")  # helo -> hello
    keyboard.press("ArrowDown")
    keyboard.press("Home")
    keyboard.press("Shift+End")
    keyboard.press("Delete")
    keyboard.press("Control+Enter")
    visit.page.wait_for_function(ENDED, arg=[MISTAKES, ["done"]])
    assert visit.ended(MISTAKES) == "Nothing is printed while a mistake is left.\nHello, world!\n"
    visit.page.locator(f"{MISTAKES} .reset").press("Enter")
    visit.page.wait_for_function(ENDED, arg=[MISTAKES, ["ready"]])
    visit.page.locator(f"{MISTAKES} .run").press("Enter")
    visit.page.wait_for_function(ENDED, arg=[MISTAKES, ["failed"]])


def test_another_run_asks_for_nothing(visit: Visit) -> None:
    visit.ended(GARDEN)
    visit.requests.clear()
    visit.site.clear_log()
    visit.page.locator(f"{GARDEN} .run").press("Enter")
    visit.page.wait_for_function("document.querySelector('[data-caption]').textContent.endsWith('garden no. 8')")
    assert "garden no. 8" in visit.page.locator("[data-caption]").inner_text()
    visit.ended(GARDEN)
    assert visit.requests == []


def test_file_viewer_by_keyboard(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="main.py").focus()
    tabs = visit.page.get_by_role("tab")
    names = tabs.all_inner_texts()
    assert names[0] == "main.py"
    source = visit.page.locator(".source")
    shown = source.inner_text()
    for name in [*names[1:], names[0]]:
        visit.page.keyboard.press("ArrowRight")
        assert visit.page.locator("[role=tab][aria-selected=true]").inner_text() == name
        expect(source).not_to_have_text(shown)
        shown = source.inner_text()
        assert "did not load" not in shown
    assert "A small garden" in shown, "round to the first one"
    visit.page.keyboard.press("End")
    assert visit.page.locator("[role=tab][aria-selected=true]").inner_text() == "page"
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "source"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_looks_right_everywhere(visit: Visit, scheme: Literal["light", "dark"], width: int) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.set_viewport_size({"width": width, "height": 900})
    assert findings(visit.page) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    buttons = "[...e.shadowRoot.querySelectorAll('button')]"
    cut = f"(e) => {buttons}.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"
    assert [visit.page.locator(selector).evaluate(cut) for selector in (RULE, GARDEN, MISTAKES)] == [[], [], []]


def test_nothing_from_elsewhere_and_no_complaint(visit: Visit, visitor: BrowserContext, site: Site) -> None:
    visit.page.close()
    again = Visit(visitor, site)
    for selector in (RULE, GARDEN, MISTAKES):
        again.ended(selector)
    assert again.state(GARDEN) == "done"
    outside = [url for url in again.requests if not url.startswith(f"{site.url}{BASE}")]
    assert outside == []
    assert again.complaints == visit.complaints == []
    assert not any(path.endswith("palette.py") for path in site.paths()), "the store has it"
    again.page.close()
