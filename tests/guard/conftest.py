"""Fixtures of the guard's suites: Pyodides under Node, and a page in Chromium."""

from tests.support.browser import browser_context_args, browser_type_launch_args, dist
from tests.support.pyodides import run_apart, run_in

__all__ = ["browser_context_args", "browser_type_launch_args", "dist", "run_apart", "run_in"]
