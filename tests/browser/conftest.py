"""Fixtures of the browser suites; see `tests/support/browser.py`."""

from tests.support.browser import (
    browser_context_args,
    browser_type_launch_args,
    dist,
    no_page_errors,
    other_site,
    site,
)
from tests.support.lab import lab, quick, shared_lab, workshop
from tests.support.stage import stage, stage_page

__all__ = [
    "browser_context_args",
    "browser_type_launch_args",
    "dist",
    "lab",
    "no_page_errors",
    "other_site",
    "quick",
    "shared_lab",
    "site",
    "stage",
    "stage_page",
    "workshop",
]
