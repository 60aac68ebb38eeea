"""How soon the page answers its reader while a hostile engine floods it.

Takes: a built `dist/`, the browser of `playwright.config.py`, the floods of `tests/browser/cell/forger.js`.
Gives: for each flood, and for none: the time from a key's event to the end of its handler, median and longest, and how the
run ended.
Refuses: to judge times; it fails where a flood does not end its engine, or the page does not go on.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.browser.cell.test_forged import FLOODS, put_forger
from tests.support.site import ROOT, Site

KEYS = 40
PROMISE_MS = 50
PATIENCE_MS = 60_000
# In the order of the page: the flood begins, keys are pressed all the while.
LISTEN = """
window.late = [];
addEventListener('keydown', (event) => late.push(performance.now() - event.timeStamp));
"""


def report(browser: Browser) -> None:
    """The lines of this file, from a browser that is running."""
    for way in ("honest", "floodOfGarbage", *FLOODS):
        with Site() as site:
            put_forger(site, ROOT / "dist")
            page = browser.new_page()
            page.add_init_script(LISTEN)
            page.goto(f"{site.url}/forged.html#{quote(json.dumps([way]))}", wait_until="commit")
            try:
                for _ in range(KEYS):
                    page.keyboard.press("a")
                    page.wait_for_timeout(20)
                page.wait_for_function("window.results !== undefined", timeout=PATIENCE_MS)
            except PlaywrightError as error:
                raise SystemExit(f"the page did not get over {way}: {error.message}") from None
            late = page.evaluate("late")
            found = page.evaluate("results")[way]
            page.close()
        if found["next"] != "fine":
            raise SystemExit(f"after {way} the page ran nothing: {found['next']}")
        longest = f"longest {max(late):.1f} ms of {len(late)} keys; limit {PROMISE_MS} ms"
        print(
            f"{'Chromium: a key during ' + way:<48} {statistics.median(late):7.1f} ms ({longest}; {found['ended'][:60]})"
        )


if __name__ == "__main__":
    chromium.run(report)
