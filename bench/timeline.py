"""Where the time of one warm visit goes: what each thread of Chromium did, from the navigation to the first print.

Takes: a built `dist/`; how the engine is isolated, and the milliseconds below which nothing is shown: `python -m bench.timeline
strict 5`. Gives: a line for each piece of work, with when it began, how long it took and on which thread; sums by kind for the
engine's worker.
Refuses: nothing. Tracing itself makes a visit a fifth slower: read shares, and take times from `bench/start.py`.

Page, frame and worker have clocks of their own. Chromium's trace has one for all, and costs a page that is not traced nothing.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any, Final

from playwright.sync_api import sync_playwright

from bench import start
from tests.support.browser import launch_options
from tests.support.site import Site

CATEGORIES: Final = (
    "blink.user_timing",
    "devtools.timeline",
    "v8",
    "v8.wasm",
    "v8.wasm.detailed",
    "IndexedDB",
    "loading",
)
CATEGORIES_OF_V8: Final = ("disabled-by-default-v8.compile",)
# They hold what is shown below them.
HULLS: Final = ("RunTask", "v8.callFunction", "EventDispatch", "FireAnimationFrame")
WORKER: Final = "DedicatedWorker thread"


def main(isolation: str, least: float) -> None:
    """Two visits that fill the caches, one that is traced."""
    with sync_playwright() as play, Site() as site:
        start.serve(site)
        browser = play.chromium.launch(**launch_options())
        context: Any = browser.new_context()
        address = f"{site.url}/{isolation}.html"
        for _ in range(2):
            start.arrive(context, address)
        page = context.new_page()
        page.wait_for_timeout(start.WINDOW_MS)
        browser.start_tracing(page=page, categories=[*CATEGORIES, *CATEGORIES_OF_V8])
        page.goto(address, wait_until="commit")
        page.wait_for_function("window.found")
        _, printed = page.evaluate("found")
        events = json.loads(browser.stop_tracing())["traceEvents"]
        browser.close()
    show(events, printed, least)


def show(events: list[dict[str, Any]], printed: float, least: float) -> None:
    """The lines, and the sums."""
    threads = {
        (event["pid"], event["tid"]): event["args"]["name"] for event in events if event["name"] == "thread_name"
    }
    begins = [
        event["ts"]
        for event in events
        if event["name"] == "navigationStart" and event["args"]["data"]["isOutermostMainFrame"]
    ]
    began = max(begins)
    whole = sorted(
        (event for event in events if event["ph"] == "X" and event["ts"] >= began), key=lambda event: event["ts"]
    )
    sums: Counter[str] = Counter()
    print(f"{'began':>8} {'took':>7}  {'thread':24} what")
    for event in whole:
        at, took = (event["ts"] - began) / 1000, event["dur"] / 1000
        thread = threads.get((event["pid"], event["tid"]), "")
        if at > printed or event["name"] in HULLS:
            continue
        if thread == WORKER:
            sums[event["name"]] += took
        if took >= least:
            print(f"{at:8.1f} {took:7.1f}  {thread:24.24} {event['name']}")
    print(f"{printed:8.1f}          the first print\n\nin the engine's worker, one within the other:")
    for name, took in sums.most_common(16):
        print(f"{took:8.1f} ms  {name}")


if __name__ == "__main__":
    chosen = [*sys.argv[1:], *("strict", "5")[len(sys.argv) - 1 :]]
    main(chosen[0], float(chosen[1]))
