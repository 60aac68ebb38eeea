"""One interface to two browsers, for tests whose body is a page.

Takes: a page that does its work by itself and then sets `window.results` to a value of JSON; pages beside it, which are
opened first, in the same session of the browser, and set `window.ready` to true.
Gives: the fixture `driver`, once for Chromium and once for Firefox: `driver.visit(url)` is that value.
Refuses: a page that reports nothing in time, or that had an uncaught error, with all that its console said.

A visit has cookies, storage and tabs of its own: no visit sees another. Chromium runs by Playwright. Firefox runs by
puppeteer-core over WebDriver BiDi in a Node process, `firefox.mjs`: Playwright's Firefox is one of its own make, and ours
is the one that people have. A machine without Firefox skips its half with a sentence; `$FIREFOX` names one by hand.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from tests.support.site import ROOT

# A page's own word for what went wrong in it: Firefox's console has each request that a policy stopped as an error as well.
LISTENER = """
window.uncaught = [];
const tell = (error) => window.uncaught.push([String(error), error?.stack].join('\\n'));
// An element of ours says 'error' as well, of its program: that is no error of the page's.
addEventListener('error', (event) => { if (event instanceof ErrorEvent) tell(event.error ?? event.message); });
addEventListener('unhandledrejection', ({ reason }) => tell(reason));
"""
REPORTED = "window.results !== undefined || window.uncaught.length > 0"

__all__ = ["Driver", "driver", "firefox_path", "firefox_process", "open_firefox"]

PATIENCE = 60.0
FIREFOXES = ("firefox-esr", "firefox", "/usr/bin/firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox")
NO_FIREFOX = "no Firefox here: `make setup` says how to get one, or name one in $FIREFOX"


class Driver(Protocol):
    """A browser that visits pages. `name` is `chromium` or `firefox`."""

    name: str
    version: str

    def visit(self, url: str, *, beside: Sequence[str] = (), timeout: float = PATIENCE) -> Any:
        """What the page at `url` reports; it has `timeout` seconds."""


class ReportError(AssertionError):
    """A page broke, or did not report."""

    def __init__(self, browser: str, url: str, why: str, said: Sequence[str]) -> None:
        told = "\n".join(f"  {line[:300]}" for line in said[-30:]) or "  (nothing)"
        super().__init__(f"{browser}: {url}: {why}\nits console said:\n{told}")


class Chromium:
    """By Playwright; the browser is the suite's own."""

    name = "chromium"

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.version = f"Chromium {browser.version}"

    def visit(self, url: str, *, beside: Sequence[str] = (), timeout: float = PATIENCE) -> Any:
        """See `Driver`."""
        said: list[str] = []
        context = self._browser.new_context()
        context.on("console", lambda message: said.append(f"console.{message.type}: {message.text}"))
        context.add_init_script(LISTENER)

        def opened(address: str) -> Page:
            page = context.new_page()
            page.goto(address, timeout=timeout * 1000)
            return page

        try:
            for address in beside:
                opened(address).wait_for_function("window.ready === true", timeout=timeout * 1000)
            page = opened(url)
            page.wait_for_function(REPORTED, timeout=timeout * 1000)
            results, uncaught = page.evaluate("[window.results, window.uncaught]")
        except PlaywrightError as error:
            raise ReportError(self.version, url, error.message, said) from None
        finally:
            context.close()
        return _checked(self.version, url, said, results, uncaught)


class Firefox:
    """By a Node process that has the browser; it ends with its input."""

    name = "firefox"

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.version = str(self._heard()["version"]).replace("firefox/", "Firefox ")

    def visit(self, url: str, *, beside: Sequence[str] = (), timeout: float = PATIENCE) -> Any:
        """See `Driver`."""
        order = {
            "url": url,
            "beside": list(beside),
            "timeout": timeout * 1000,
            "listener": LISTENER,
            "reported": REPORTED,
        }
        if self._process.stdin is None:
            raise BrokenPipeError("the process of Firefox has no input")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        heard = self._heard()
        if "failure" in heard:
            raise ReportError(self.version, url, heard["failure"], heard["said"])
        return _checked(self.version, url, heard["said"], heard.get("results"), heard["uncaught"])

    def _heard(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise ChildProcessError(f"Firefox ended with exit code {self._process.wait()}: see its own words above")
        heard: dict[str, Any] = json.loads(line)
        return heard


def _checked(browser: str, url: str, said: Sequence[str], results: Any, uncaught: Sequence[str]) -> Any:
    if uncaught:
        raise ReportError(browser, url, "uncaught errors in the page:\n" + "\n".join(uncaught), said)
    return results


def firefox_path() -> str | None:
    """Where this machine has a Firefox; None where it has none."""
    chosen = os.environ.get("FIREFOX", "")
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise FileNotFoundError(f"$FIREFOX names '{chosen}', which is no program")
        return found
    return next((found for name in FIREFOXES if (found := shutil.which(name)) is not None), None)


@contextmanager
def open_firefox(path: str) -> Iterator[Firefox]:
    """A Firefox that runs until the block ends."""
    command = ["node", "tests/support/firefox.mjs", path]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Firefox(process)
    finally:
        # Closes its input, which is its sign to end.
        process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def firefox_process() -> Iterator[Firefox | None]:
    path = firefox_path()
    if path is None:
        yield None
        return
    with open_firefox(path) as firefox:
        yield firefox


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def driver(request: pytest.FixtureRequest) -> Driver:
    """Each browser in turn."""
    if request.param == "chromium":
        return Chromium(request.getfixturevalue("browser"))
    firefox: Firefox | None = request.getfixturevalue("firefox_process")
    if firefox is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_FIREFOX)
        pytest.skip(NO_FIREFOX)
    return firefox


def main() -> int:
    """Print where Firefox is; exit code 1 where there is none."""
    path = firefox_path()
    print(path or NO_FIREFOX)
    return 0 if path else 1


if __name__ == "__main__":
    raise SystemExit(main())
