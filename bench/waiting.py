"""What waiting costs in Chromium: a switch, a call of the page and back, many calls at once, many tasks that sleep; beside them
what a message and its answer cost where nothing else is done.

Takes: a built `dist/`, a running browser. Gives: printed lines, with what the project promises.
Refuses: to judge: it never fails on a time; it fails where a program prints something else.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import Site

SWITCH: Final = """from time import perf_counter
def turn():
    sleep(0)
async def one():
    for _ in range(2_000):
        turn()
began = perf_counter()
gather(one(), one())
print((perf_counter() - began) / 4_000 * 1e6)
"""
CALL: Final = """from page import same
from time import perf_counter
times = []
for _ in range(101):
    began = perf_counter()  # a browser's clock is coarse: twenty at a time
    for _ in range(20):
        same(1)
    times.append((perf_counter() - began) / 20)
print(sorted(times)[50] * 1e6)
"""
CALLS: Final = """from page import same
from time import perf_counter
async def one(n):
    return HOW same(n)
began = perf_counter()
for _ in range(10):
    if gather(*[one(n) for n in range(1_000)]) != list(range(1_000)):
        print('wrong')
print((perf_counter() - began) / 10_000 * 1e6)
"""
SLEEPERS: Final = """from time import perf_counter
def helper():
    sleep(0.1)
async def one():
    helper()
began = perf_counter()
gather(*[one() for _ in range(1_000)])
print((perf_counter() - began) * 1e3)
"""
LINES: Final[tuple[tuple[str, str, str, dict[str, int]], ...]] = (
    ("a switch of stacks", SWITCH, "us", {"worker": 80, "strict": 80}),
    ("a call of the page and back, median", CALL, "us", {"worker": 150, "strict": 250}),
    ("10,000 calls that are awaited, each", CALLS.replace("HOW", "await"), "us", {"worker": 30, "strict": 30}),
    ("10,000 calls, a stack for each", CALLS.replace("HOW ", ""), "us", {}),
    ("1,000 tasks that sleep 100 ms in a plain helper", SLEEPERS, "ms", {"worker": 2_000, "strict": 2_000}),
)
TURNS: Final = 3

IN_PAGE: Final = """async ([isolation, sources, turns]) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const worker = await createWorker({ isolation, mainThreadModules: { page: { same: (value) => value } } });
  const found = sources.map(() => []);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, source] of sources.entries()) found[at].push((await worker.run(source)).out);
  }
  worker.dispose();
  return found;
}"""

ECHO: Final = """
const handle = ({ data }) => {
  if (data === 'begin') [count, times, began] = [0, [], performance.now()];
  else if ((count += 1) % 20 === 0) {
    const now = performance.now();
    times.push((now - began) / 20);
    began = now;
  }
  line.postMessage(count < 2_020 ? count : times.sort((a, b) => a - b)[50] * 1_000 + 'us');
};
let line = self, count, times, began;
onmessage = (event) => {
  if (event.ports.length === 0) return handle(event);
  [line] = event.ports;
  line.onmessage = handle;
};
"""
"""A worker that sends a message as soon as it has the answer to the last, and measures as a call of the page is measured."""

BARE: Final = """async ([isolation, source]) => {
  let line;
  if (isolation === 'worker') {
    line = new Worker(URL.createObjectURL(new Blob([source])));
  } else { // as the cell: a worker of a sandboxed frame, and a port
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = `<script>onmessage = ({ data, ports }) => {
      new Worker(URL.createObjectURL(new Blob([data]))).postMessage(0, ports);
    }</` + 'script>';
    const loaded = new Promise((resolve) => { frame.onload = resolve; });
    document.body.append(frame);
    await loaded;
    const { port1, port2 } = new MessageChannel();
    frame.contentWindow.postMessage(source, '*', [port2]);
    line = port1;
  }
  const times = [];
  return new Promise((resolve) => {
    line.onmessage = ({ data }) => {
      if (typeof data === 'string') times.push(String(parseFloat(data)));
      if (times.length === 3) resolve(times);
      else line.postMessage(typeof data === 'string' ? 'begin' : 0);
    };
    line.postMessage('begin');
  });
}"""


def report(browser: Browser) -> None:
    """The lines of this file, from a browser that is running."""
    with Site() as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        for isolation, place in (("worker", "a plain worker"), ("strict", "the cell")):
            found: list[list[str]] = page.evaluate(IN_PAGE, [isolation, [source for _, source, _, _ in LINES], TURNS])
            bare = ("a bare message and back, median", "", "us", dict[str, int]())
            found.insert(0, page.evaluate(BARE, [isolation, ECHO]))
            for (what, _, unit, limits), texts in zip((bare, *LINES), found, strict=True):
                try:
                    times = sorted(float(text) for text in texts)
                except ValueError:
                    sys.exit(f"{what} printed {texts}")
                promise = f"  at most {limits[isolation]:,}" if isolation in limits else ""
                spread = f"({times[0]:.1f} to {times[-1]:.1f})"
                print(f"{f'{place}: {what}':66} {times[len(times) // 2]:9.1f} {unit}  {spread}{promise}")
        page.close()


if __name__ == "__main__":
    chromium.run(report)
