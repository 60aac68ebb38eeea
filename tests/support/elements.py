"""A page for `<edge-python>` elements, for the suites of the element and of `dom`.

Takes: a site, a browser. Gives: `Ground`: elements put into one page after another's test, what they show, what they said.
Refuses: an element that leaves a worker behind, and an uncaught error in the page.

One page serves many tests, because the runtime's files are then loaded once; each test clears it.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, WebError

from tests.support.site import ROOT, Site

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
PATIENCE = 20.0

# `heard` has every event of an element, as the document hears it.
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Elements</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width">
<style>html { color-scheme: light dark; background: light-dark(#fff, #101216); color: light-dark(#111, #eee) }</style>
<script type="module" src="MODULE"></script>
<script>
  window.heard = [];
  for (const type of ['ready', 'progress', 'output', 'diagnostics', 'done', 'error']) {
    addEventListener(type, (event) => {
      if (!(event instanceof CustomEvent)) return;
      const from = event.composedPath()[0];
      heard.push({
        type,
        id: from.id,
        state: from.state,
        keys: Object.keys(event.detail),
        detail: type === 'ready' ? {} : structuredClone(event.detail),
      });
    });
  }
</script></head><body><main><h1>Elements</h1><div id="place"></div></main></body></html>"""


class Ground:
    """One page on one site; `place` is where a test's elements go."""

    def __init__(self, page: Page, site: Site, module: str = "/dist/edge-python.js") -> None:
        self.page = page
        self.site = site
        self.errors: list[str] = []
        page.context.on("weberror", self._on_error)
        page.goto(site.put("/ground.html", PAGE.replace("MODULE", module), "text/html; charset=utf-8"))

    def put(self, html: str, *, wait: str | None = None) -> None:
        """Replace all elements by these; `wait` is the state that the first one shall reach."""
        self.page.evaluate("(html) => { document.querySelector('#place').innerHTML = html; }", html)
        if wait is not None:
            self.wait(wait)

    def wait(self, state: str, selector: str = "edge-python") -> None:
        """Until the element is in that state."""
        self.until(
            lambda: self.state(selector) == state,
            lambda: f"{selector} is {self.state(selector)}, not {state}: {self.shown(selector)}",
        )

    def until(self, holds: Callable[[], bool], otherwise: Callable[[], str] = lambda: "this never held") -> None:
        """Poll; a page with a content policy allows no evaluated predicate, and workers are known here only."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, otherwise()
            self.page.wait_for_timeout(20)

    def state(self, selector: str = "edge-python") -> str:
        """The element's state."""
        return str(self.get("state", selector))

    def shows(self, text: str, selector: str = "edge-python") -> None:
        """Until the output is exactly that."""
        self.until(
            lambda: self.shown(selector) == text, lambda: f"{selector} shows {self.shown(selector)!r}, not {text!r}"
        )

    def get(self, name: str, selector: str = "edge-python") -> Any:
        """A property of the element."""
        return self.element(selector).evaluate("(element, name) => element[name]", name)

    def call(self, expression: str, argument: Any = None, selector: str = "edge-python") -> Any:
        """Evaluate with `element` (and `argument`) at hand."""
        return self.element(selector).evaluate(f"async (element, argument) => {expression}", argument)

    def run(self, source: str, how: dict[str, Any] | None = None, selector: str = "edge-python") -> dict[str, Any]:
        """Run a program in the element's worker; the result."""
        result: dict[str, Any] = self.call(
            "element.run(argument.source, argument.how)", {"source": source, "how": how or {}}, selector
        )
        return result

    def element(self, selector: str = "edge-python") -> Locator:
        """The first element, or the one of a selector."""
        return self.page.locator(selector).first

    def part(self, name: str, selector: str = "edge-python") -> Locator:
        """A part of the element's shadow tree by its class."""
        return self.element(selector).locator(f".{name}").first

    def shown(self, selector: str = "edge-python") -> str:
        """The output as it stands in the page, pictures included."""
        return str(
            self.element(selector).evaluate("(element) => element.shadowRoot.querySelector('.output').textContent")
        )

    def heard(self, kind: str | None = None, selector: str = "edge-python") -> list[dict[str, Any]]:
        """The events of an element so far."""
        identity = self.element(selector).get_attribute("id") or ""
        events: list[dict[str, Any]] = self.page.evaluate("heard")
        return [event for event in events if event["id"] == identity and kind in (None, event["type"])]

    def axe(self) -> list[str]:
        """The serious and critical findings of axe."""
        return findings(self.page)

    def clear(self) -> None:
        """Remove the elements; their workers must go with them."""
        self.page.evaluate("document.querySelector('#place').replaceChildren(); heard.length = 0")
        self.until(lambda: not self.page.workers, lambda: f"{len(self.page.workers)} workers outlive their elements")
        self.site.clear_log()
        errors, self.errors = self.errors, []
        assert not errors, "uncaught errors in the page:\n" + "\n".join(errors)

    def _on_error(self, event: WebError) -> None:
        self.errors.append(event.error.stack or event.error.message)


@contextmanager
def opened(browser: Browser, arguments: dict[str, Any], site: Site, **how: Any) -> Iterator[Ground]:
    """A ground in a context of its own."""
    context = browser.new_context(**arguments, **how)
    try:
        ground = Ground(context.new_page(), site)
        yield ground
        ground.clear()
    finally:
        context.close()


def findings(page: Page) -> list[str]:
    """The serious and critical findings of axe, in words; it looks into open shadow trees by itself."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{finding['impact']}: {finding['help']}: {json.dumps([node['target'] for node in finding['nodes']])}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
    ]
