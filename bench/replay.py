"""What time travel costs: bytes of an answer in the log, recording a call of the page, restoring a second of computing.

Takes: a built `dist/`, a running browser. Gives: printed lines (docs/replay.md has them).
Refuses: to judge: it never fails on a time; it fails where a restored program prints something else.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import Site

TURNS: Final = 3
CALLS: Final = 20_000
CALL: Final = f"""from page import same
from time import perf_counter
async def one(n):
    return await same(n)
began = perf_counter()
for _ in range({CALLS // 1000}):
    gather(*[one(n) for n in range(1_000)])
print((perf_counter() - began) / {CALLS} * 1e6)
input()
"""
COMPUTING: Final = """n = 0
while True:
    n += 1
"""
PAGE: Final = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,><script type="module">
import { createWorker } from '/dist/edge-python.js?setElement=false';
const page = { same: (n) => n };
window.w = await createWorker({ isolation: 'worker', mainThreadModules: { page: () => page }, limits: { timeout: 120 } });
window.after = (ms) => new Promise((go) => setTimeout(go, ms));
window.until = async (state) => { while (w.state !== state) await after(2); };
window.out = '';
w.onOutput((text) => { window.out += text; });
window.ready = true;
</script>"""
RECORDED: Final = """async ([source, record]) => {
  window.out = '';
  const going = w.run(source, { record });
  await until('waiting');
  while (!window.out) await after(2);
  const bytes = record ? (await w.saveState()).length : 0;
  w.stop();
  await going;
  return [Number(window.out), bytes];
}"""
RESTORED: Final = """async (source) => {
  const first = w.run(source);
  await until('running');
  await after(1000);
  await w.pause();
  const { './main.py': { n } } = await w.stateGlobals();
  const state = await w.saveState();
  w.stop();
  await first;
  const began = performance.now();
  const again = w.restoreState(state);
  await w.pause();
  const ms = performance.now() - began;
  const { './main.py': { n: restored } } = await w.stateGlobals();
  w.stop();
  await again;
  return { ms, n, restored, bytes: state.length };
}"""


def report(browser: Browser) -> None:
    """Measure and print."""
    with Site() as site:
        site.put("/replay.html", PAGE, "text/html; charset=utf-8")
        page = browser.new_page()
        page.goto(f"{site.url}/replay.html")
        page.wait_for_function("window.ready")
        _recording(page)
        _restoring(page)
        page.close()


def _recording(page: Page) -> None:
    plain, kept, size = [], [], 0
    for _ in range(TURNS):
        plain.append(page.evaluate(RECORDED, [CALL, False])[0])
        took, size = page.evaluate(RECORDED, [CALL, True])
        kept.append(took)
    cost = statistics.median(kept) - statistics.median(plain)
    print(f"replay    a batched call: {statistics.median(plain):.1f} us; recording it {cost:+.1f} us")
    print(f"          its answer in the saved state, compressed: {size / CALLS:.2f} bytes")


def _restoring(page: Page) -> None:
    runs: list[dict[str, Any]] = [page.evaluate(RESTORED, COMPUTING) for _ in range(TURNS)]
    for run in runs:
        if run["n"] != run["restored"]:
            raise AssertionError(f"restored {run['restored']}, saved {run['n']}")
    print(
        f"          a run of one second of computing: restored in {statistics.median(run['ms'] for run in runs):.0f} ms, "
        f"{runs[0]['bytes']} bytes"
    )


if __name__ == "__main__":
    chromium.run(report)
