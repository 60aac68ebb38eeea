"""Browser launch options for tests and benchmarks: the one place.

Takes: $CHROMIUM, the PATH, and Playwright's own download, in this order.
Gives: `executable()` and `launch_options()`; run as a script it prints the executable.
Refuses: a machine without Chromium, with `BrowserNotFoundError` and the next step.

The name has a dot, so nothing imports it: `tests/support/browser.py` loads it by path.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import TypedDict

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/usr/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# The browser talks to the test's own servers and to nothing else: no look-ups, no updates, no QUIC probing.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class LaunchOptions(TypedDict):
    """What `browser_type.launch` is given."""

    executable_path: str
    args: list[str]
    headless: bool


class BrowserNotFoundError(Exception):
    """No Chromium on this machine."""


def executable() -> str:
    """The path of the Chromium to use."""
    chosen = os.environ.get("CHROMIUM", "")
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise BrowserNotFoundError(f"$CHROMIUM names '{chosen}', which is no program")
        return found
    for candidate in (*NAMES, *PLACES):
        found = shutil.which(candidate)
        if found is not None:
            return found
    downloaded = _downloaded()
    if downloaded is not None:
        return downloaded
    raise BrowserNotFoundError("no Chromium found: run 'make setup', or name one in $CHROMIUM")


def launch_options() -> LaunchOptions:
    """Headless by default; HEADED=1 shows the window."""
    # Why: Chromium's own sandbox refuses to start for root, which is who CI is.
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {
        "executable_path": executable(),
        "args": [*sandbox, *ARGUMENTS],
        "headless": os.environ.get("HEADED", "") in ("", "0"),
    }


def _downloaded() -> str | None:
    """Playwright's own browser, where `playwright install chromium` could fetch it."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - half a second that is seldom needed
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


def main() -> int:
    """Print the executable; exit code 1 when there is none."""
    try:
        print(executable())
    except BrowserNotFoundError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
