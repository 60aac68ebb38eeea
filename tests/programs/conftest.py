"""Fixtures for the browser route; see `tests/support/browser.py`."""

from tests.support.browser import browser_context_args, browser_type_launch_args, dist

__all__ = ["browser_context_args", "browser_type_launch_args", "dist"]
