"""What the cell costs: from `createWorker` to the first print, in the cell and in a plain worker of the page.

Takes: a built `dist/`, Chromium. Gives: printed lines: the median of each, the spread, and their ratio.
Refuses: to judge: it never fails on a time; it fails where a program prints something else.

The two take turns in one page that nobody debugs (`visits.py`), so that a machine that is busy for a while is busy for both.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.visits import HEAD, Visits, end_with_browsers
from tests.support.site import Site

TURNS: Final = 7
LIMIT: Final = 1.3

PAGE: Final = (
    HEAD
    + """<script type="module">
import { createWorker } from '/dist/edge-python.js?setElement=false';
const first = async (isolation) => {
  const began = performance.now();
  const worker = await createWorker({ isolation });
  const printed = new Promise((resolve) => worker.onOutput((text) => resolve([text, performance.now() - began])));
  const done = worker.run('print("hello")');
  const [text, ms] = await printed;
  await done;
  worker.dispose();
  if (text !== 'hello\\n') throw new Error(`it printed ${text}`);
  return ms;
};
await first('worker'); // the runtime's files come but once
const times = { strict: [], worker: [] };
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const isolation of turn % 2 ? ['strict', 'worker'] : ['worker', 'strict']) times[isolation].push(await first(isolation));
}
report(times);
</script>"""
)


def report() -> None:
    """The lines of this file."""
    with Site() as site:
        page = site.put("/index.html", PAGE.replace("TURNS", str(TURNS)), "text/html; charset=utf-8")
        with Visits(site) as visits:
            times: dict[str, list[float]] = visits.visit(page)
    for isolation, place in (("worker", "a plain worker"), ("strict", "the cell")):
        found = times[isolation]
        spread = f"{min(found):.0f} to {max(found):.0f}"
        print(f"{'first print from ' + place:54} {statistics.median(found):9.0f} ms  ({spread})")
    ratio = statistics.median(times["strict"]) / statistics.median(times["worker"])
    print(f"{'the cell in plain workers':54} {ratio:9.2f}     at most {LIMIT:g}")


if __name__ == "__main__":
    end_with_browsers()
    report()
