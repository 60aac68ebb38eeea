"""Waiting and control, by pages of their own, in Chromium and in Firefox.

Takes: a built `dist/`; waiting_pages/: each page reports which of its cases failed (suite.js says how).
Holds: issue 5 as a page sees it. The same programs natively: tests/programs; what one browser alone can tell:
test_waiting.py, test_control.py.

`CYCLES=1000 pytest tests/browser/test_waiting_pages.py -k cycles` starts and stops a thousand times; `SEED=7` at other moments.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.support.drivers import Driver, driver, firefox_process
from tests.support.programs import load_all
from tests.support.site import JSON, Site, built
from tools.serve import content_type

__all__ = ["driver", "firefox_process"]

PAGES = Path(__file__).parent / "waiting_pages"
CYCLES = int(os.environ.get("CYCLES", "50"))
SEED = os.environ.get("SEED", "1")
PROGRAMS = [
    program for program in load_all() if not program.urls and ("waiting" in program.name or "attack" in program.name)
]
# What a browser without JSPI lacks, put before the engine's own first line.
WITHOUT_JSPI = "delete WebAssembly.Suspending; delete WebAssembly.promising; delete WebAssembly.SuspendError;\n"


@pytest.fixture(scope="module")
def pages(dist: Path) -> Iterator[Site]:
    """The pages, `dist/`, a runtime without JSPI, and the fixture programs that wait."""
    with Site({"/dist/": dist, "/pages/": PAGES, "/nojspi/": built(dist)}) as site:
        site.put("/nojspi/engine.js", WITHOUT_JSPI + (built(dist) / "engine.js").read_text(), "text/javascript")
        for program in PROGRAMS:
            for path, text in program.files.items():
                site.put(f"/p/{program.name}/{path}", text, content_type(path))
        listed = [
            {
                "name": program.name,
                "input": list(program.input),
                "out": program.output + (program.error or ""),
                "exitCode": program.exit_code,
            }
            for program in PROGRAMS
        ]
        site.put("/programs.json", json.dumps(listed), JSON)
        yield site
    assert not site.failures, site.failures


def holds(driver: Driver, site: Site, page: str, *, timeout: float = 250) -> None:
    """Every case of the page; its figures are printed."""
    report = driver.visit(f"{site.url}/pages/page.html?{page}", timeout=timeout)
    for name, value in report["figures"].items():
        print(f"{driver.version}: {name}: {value}")
    assert report["failed"] == [], f"{driver.version}: {len(report['failed'])} of {page}:\n" + "\n".join(
        report["failed"]
    )
    assert report["passed"] > 0, f"{page} has no cases"


@pytest.mark.parametrize("isolation", ["strict", "worker"])
@pytest.mark.parametrize("page", ["calls", "control"])
def test_page(driver: Driver, pages: Site, page: str, isolation: str) -> None:
    holds(driver, pages, f"{page}&isolation={isolation}")


@pytest.mark.parametrize("page", ["programs", "repl", "nojspi", "element", "limits", "replay"])
def test_page_in_the_cell(driver: Driver, pages: Site, page: str) -> None:
    holds(driver, pages, page)


@pytest.mark.parametrize("isolation", ["strict", "worker"])
def test_cycles(driver: Driver, pages: Site, isolation: str) -> None:
    holds(
        driver, pages, f"cycles&count={CYCLES}&seed={quote(SEED)}&isolation={isolation}&patience=3000000", timeout=3000
    )


# -- memory ----------------------------------------------------------------------------------------------------------


def test_cycles_leave_no_memory_behind(browser: Browser, pages: Site) -> None:
    """By the operating system: what all processes of the browser hold, after a tenth of the cycles and after all."""
    system = browser.new_browser_cdp_session()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{pages.url}/pages/page.html?cycles&count={CYCLES * 2}&seed={quote(SEED)}&samples&patience=3000000")
        early = _memory_at("early", page, system)
        late = _memory_at("late", page, system)
        page.wait_for_function("window.results", timeout=60_000)
        assert page.evaluate("window.results.failed") == []
    finally:
        context.close()
    print(f"memory of the browser: {early / 2**20:.1f} MiB, then {late / 2**20:.1f} MiB")
    assert late < early * 1.1


def _memory_at(moment: str, page: Page, system: CDPSession) -> int:
    page.wait_for_function(f"window.wants === '{moment}' || window.results", timeout=3_000_000)
    assert page.evaluate("window.results ?? null") is None
    # Engines that ended are taken down in the background.
    page.wait_for_timeout(2000)
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    page.wait_for_timeout(1000)
    processes = system.send("SystemInfo.getProcessInfo")["processInfo"]
    held = sum(_proportional_set_size(process["id"]) for process in processes)
    page.evaluate("window.given = true")
    return held


def _proportional_set_size(pid: int) -> int:
    """Bytes in memory that a process has, what it shares divided among those who share."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    if not path.is_file():
        pytest.skip("no /proc here")
    fields = dict(line.split(":", 1) for line in path.read_text().splitlines()[1:])
    return int(fields["Pss"].split()[0]) * 1024
