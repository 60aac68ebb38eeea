"""Fixtures for the suites here that need a browser; see `tests/support/browser.py`."""

from tests.support.browser import browser_context_args, browser_type_launch_args, dist, no_page_errors
from tests.support.lab import shared_lab

__all__ = ["browser_context_args", "browser_type_launch_args", "dist", "no_page_errors", "shared_lab"]
