"""Where the time of one warm visit goes: what each thread of Chromium did, from the navigation to the first print.

Takes: a built `dist/`; how the engine is isolated, and the milliseconds below which nothing is shown: `python -m bench.timeline
strict 5`. Gives: a line for each piece of work, with when it began, how long it took, in which process and on which thread; sums
by kind for the engine's worker. The threads of the cell are another process's than the page's.
Refuses: nothing. Tracing itself makes a visit a fifth slower: read shares, and take times from `bench/start.py`.

Page, frame and worker have clocks of their own. Chromium's trace has one for all, and costs a page that is not traced nothing.
It is asked for through the browser's own end of DevTools, which attaches a debugger to no page, frame or worker.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, Final

from bench import start
from bench.visits import Visits, end_with_browsers
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
    with Site() as site, Visits(site, piped=True) as visits:
        start.serve(site)
        address = f"{site.url}/{isolation}.html"
        for _ in range(2):
            start.arrive(visits, address)
        visits.open()
        tracing = {"recordMode": "recordAsMuchAsPossible", "includedCategories": [*CATEGORIES, *CATEGORIES_OF_V8]}
        messages = _messages(visits.process.stdout)
        _ask(visits, messages, "Tracing.start", transferMode="ReportEvents", traceConfig=tracing)
        printed = start.printed(visits.go(address))
        _ask(visits, messages, "Tracing.end")
        events: list[dict[str, Any]] = []
        for message in messages:
            if message["method"] == "Tracing.tracingComplete":
                break
            events += message["params"]["value"]
    show(events, printed, least)


def _ask(visits: Visits, messages: Iterator[dict[str, Any]], method: str, **params: object) -> None:
    """Ask Chromium for something, and wait for its answer."""
    assert visits.process.stdin is not None
    visits.process.stdin.write(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\0")
    answer = next(message for message in messages if "id" in message)
    if "error" in answer:
        sys.exit(f"Chromium does not trace: {answer['error']['message']}")


def _messages(pipe: IO[bytes] | None) -> Iterator[dict[str, Any]]:
    """What Chromium says: JSON, each message ended by a NUL."""
    assert pipe is not None
    parts: list[bytes] = []
    while chunk := pipe.read(2**20):
        first, *others = chunk.split(b"\0")
        parts.append(first)
        for other in others:
            yield json.loads(b"".join(parts))
            parts = [other]


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
    print(f"{'began':>8} {'took':>7} {'process':>8}  {'thread':24} what")
    for event in whole:
        at, took = (event["ts"] - began) / 1000, event["dur"] / 1000
        thread = threads.get((event["pid"], event["tid"]), "")
        if at > printed or event["name"] in HULLS:
            continue
        if thread == WORKER:
            sums[event["name"]] += took
        if took >= least:
            print(f"{at:8.1f} {took:7.1f} {event['pid']:8}  {thread:24.24} {event['name']}")
    print(f"{printed:8.1f}                   the first print\n\nin the engine's worker, one within the other:")
    for name, took in sums.most_common(16):
        print(f"{took:8.1f} ms  {name}")


if __name__ == "__main__":
    end_with_browsers()
    chosen = [*sys.argv[1:], *("strict", "5")[len(sys.argv) - 1 :]]
    main(chosen[0], float(chosen[1]))
