"""One file of benchmarks by itself: its report, in a browser of its own."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import launch_options


def run(report: Callable[[Browser], None]) -> None:
    """Start Chromium, measure, print."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        try:
            report(browser)
        finally:
            browser.close()
