"""The browser for tests and benchmarks: how to start it, and the fixtures that suites share.

Takes: `playwright.config.py`, loaded by path because of the dot in its name. Gives: `launch_options()`, and through
the `conftest.py` of each suite that needs a page the fixtures `site`, `other_site`, `dist` and the watch over page
errors.
Refuses: a test during which a page had an uncaught error, unless it is marked `page_errors_expected(reason)`.
"""

import importlib.util
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

from tests.support.site import ROOT, Site

__all__ = ["browser_context_args", "browser_type_launch_args", "dist", "no_page_errors", "other_site", "site"]

SOURCES = ("web", "edge_runtime", "tools/build", "tools/build.mjs", "package-lock.json")


def launch_options() -> dict[str, Any]:
    """The options of `playwright.config.py`."""
    spec = importlib.util.spec_from_file_location("playwright_config", ROOT / "playwright.config.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("playwright.config.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("dict[str, Any]", module.launch_options())


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Override of pytest-playwright's: `--headed` and the like still win."""
    return {**launch_options(), **browser_type_launch_args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Override of pytest-playwright's: the same page on every machine."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture
def site() -> Iterator[Site]:
    """The page's own origin, with `dist/` under `/dist/` and `web/` under `/web/`."""
    with Site() as opened:
        yield opened
    assert not opened.failures, opened.failures


@pytest.fixture
def other_site() -> Iterator[Site]:
    """Another origin: what it serves is readable from the page only with CORS headers."""
    with Site() as opened:
        yield opened
    assert not opened.failures, opened.failures


@pytest.fixture(scope="session")
def dist() -> Path:
    """The built folder, built now if a source is newer."""
    folder = ROOT / "dist"
    made = folder / "sw.js"
    if not made.is_file() or made.stat().st_mtime < _newest_source():
        done = subprocess.run(["node", "tools/build.mjs"], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.fail(f"dist/ is stale and cannot be built:\n{done.stdout}{done.stderr}", pytrace=False)
    return folder


@pytest.fixture(autouse=True)
def no_page_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """Watches every page of the test's context; what the console said is shown with a failure."""
    if "context" not in request.fixturenames:
        yield
        return
    context: BrowserContext = request.getfixturevalue("context")
    errors: list[str] = []
    said: list[str] = []

    def on_error(event: WebError) -> None:
        errors.append(event.error.stack or event.error.message)

    def on_console(message: ConsoleMessage) -> None:
        said.append(f"console.{message.type}: {message.text}")

    context.on("weberror", on_error)
    context.on("console", on_console)
    yield
    print("\n".join(said))
    if request.node.get_closest_marker("page_errors_expected") is None:
        assert not errors, "uncaught errors in the page:\n" + "\n".join(errors)


def _newest_source() -> float:
    newest = 0.0
    for name in SOURCES:
        top = ROOT / name
        files = [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
        for file in files:
            if "__pycache__" not in file.parts and "vendor" not in file.parts:
                newest = max(newest, file.stat().st_mtime)
    return newest
