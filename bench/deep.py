"""What it costs that the shipped engine notices deep recursion: classic programs on it and on one that does not.

Takes: a built `dist/`, the stock engine of `node_modules/`, Node, the browser of `playwright.config.py`.
Gives: printed lines: for each program the median of both and of their quotients, and the geometric mean, with the limit that
the project promises. The two engines take turns, so that a machine that slows down slows both; and there are several pages, as
the browser compiles an engine better in one than in another.
Refuses: to judge times; it fails where a program gives a wrong answer or the two engines differ in it.

The other engine is the stock one with the build's second edit (tools/build/signals.mjs), by which programs that format numbers
take half the time: it would hide the price of the first.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import ROOT, Site, built

PROGRAM = """
import json
import time

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def queens(n, row=0, columns=frozenset(), down=frozenset(), up=frozenset()):
    if row == n:
        return 1
    return sum(queens(n, row + 1, columns | {c}, down | {row - c}, up | {row + c})
               for c in range(n) if c not in columns and row - c not in down and row + c not in up)

class Node:
    def __init__(self, value):
        self.value, self.left, self.right = value, None, None
    def add(self, value):
        side = "left" if value < self.value else "right"
        child = self.left if side == "left" else self.right
        if child is not None:
            child.add(value)
        elif side == "left":
            self.left = Node(value)
        else:
            self.right = Node(value)
    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.value
        if self.right is not None:
            yield from self.right

def tree():
    root, value = Node(1500), 1
    for _ in range(8000):
        value = value * 1103515245 % 2147483648 + 12345
        root.add(value % 3000)
    return sum(root)

class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return self.x == other.x and self.y == other.y
    def __repr__(self):
        return f"Vector({self.x!r}, {self.y!r})"

def vectors():
    total = Vector(0, 0)
    for i in range(60000):
        total = total + Vector(i, 1)
    return repr(total)

def sieve():
    marks = [True] * 200000
    for i in range(2, 450):
        if marks[i]:
            for j in range(i * i, 200000, i):
                marks[j] = False
    return sum(marks)

def words():
    counts = {}
    for i in range(60000):
        word = "w" + str(i * 7919 % 997)
        counts[word] = counts.get(word, 0) + 1
    return len(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

def documents():
    data = {"rows": [{"id": i, "tags": ["a", "b", [i, None, 1.5]]} for i in range(3000)]}
    return len(json.dumps(json.loads(json.dumps(data))))

def pairs():
    table = {(i, (i % 7, str(i % 11))): i for i in range(60000)}
    return sum(table[key] for key in table)

def pipeline():
    return sum(a * b for a, b in zip(map(abs, range(-60000, 60000)), filter(None, range(1, 120001))))

def nested():
    rows = [[[i, j] for j in range(12)] for i in range(2500)]
    return len(repr(rows)) + (rows == [[list(pair) for pair in row] for row in rows])

results = {}
for name, work in (("fib", lambda: fib(26)), ("queens", lambda: queens(8)), ("tree", tree), ("vectors", vectors),
                   ("sieve", sieve), ("words", words), ("documents", documents), ("pairs", pairs),
                   ("pipeline", pipeline), ("nested", nested)):
    began = time.perf_counter()
    answer = work()
    results[name] = [time.perf_counter() - began, str(answer)]
print(json.dumps(results))
"""

PAGES: Final = 4
TURNS: Final = 4
"""In each page that count, after `WARMING` that do not: the browser compiles an engine while it runs."""
WARMING: Final = 2

IN_PAGE: Final = """
async ([program, turns, reversed]) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const engine = (folder) => createWorker({ runtime: new URL(folder, location.href).href, memo: false, spare: false });
  const names = reversed ? ['stock', 'deep'] : ['deep', 'stock'];
  const [engines, results] = [{}, {}];
  for (const name of names) [engines[name], results[name]] = [await engine(`/${name}/`), []];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of names) results[name].push(await engines[name].run(program));
    names.reverse(); // who goes first has it easier or harder, by turns; so has who started first, by pages
  }
  for (const one of Object.values(engines)) one.dispose();
  return results;
}
"""
# The stock engine with the edit that has nothing to do with depth.
COUNTED: Final = """
const { countDown } = await import('./tools/build/signals.mjs');
const { readFile, writeFile } = await import('node:fs/promises');
await writeFile(process.argv[1], countDown(await readFile('node_modules/pyodide/pyodide.asm.wasm')));
"""


def report(browser: Browser, pages: int = PAGES) -> None:
    """The lines of this file, from a browser that is running."""
    deep: list[dict[str, Any]] = []
    stock: list[dict[str, Any]] = []
    with Site() as site:
        _put_engines(site)
        for number in range(pages):
            page = browser.new_page()
            page.goto(f"{site.url}/index.html")
            results: dict[str, list[dict[str, Any]]] = page.evaluate(
                IN_PAGE, [PROGRAM, WARMING + TURNS, number % 2 == 1]
            )
            page.close()
            deep += map(_answers, results["deep"][WARMING:])
            stock += map(_answers, results["stock"][WARMING:])
    quotients = []
    for name in deep[0]:
        said = {one[name][1] for one in (*deep, *stock)}
        if len(said) != 1:
            raise SystemExit(f"{name}: the engines differ: {said}")
        quotient = statistics.median(mine[name][0] / theirs[name][0] for mine, theirs in zip(deep, stock, strict=True))
        middle = statistics.median(one[name][0] for one in deep) * 1e3
        print(f"{'deep structures: ' + name:<44} {middle:7.1f} ms, of the time without {quotient:.3f}")
        quotients.append(quotient)
    mean = statistics.geometric_mean(quotients)
    print(f"{'deep structures: geometric mean':<44} {mean:7.3f} of the time without; limit 1.02")


def _put_engines(site: Site) -> None:
    dist = built(ROOT / "dist")
    site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
    manifest = json.loads((dist / "runtime" / "manifest.json").read_text("utf-8"))
    if not manifest["deepStructures"]:
        raise SystemExit("the build did not know this engine, and left it as it is: there is nothing to compare")
    plainly = json.dumps({**manifest, "snapshot": False})  # the snapshot's code is the shipped engine's
    for folder in ("deep", "stock"):
        for path in [dist / "engine.js", dist / "frame.html", *(dist / "runtime").iterdir()]:
            site.put(f"/{folder}/{path.relative_to(dist)}", path.read_bytes(), _type_of(path))
        site.put(f"/{folder}/runtime/manifest.json", plainly, "application/json")
    with tempfile.TemporaryDirectory() as folder:
        engine = Path(folder) / "engine.wasm"
        command = ["node", "--input-type=module", "--eval", COUNTED, str(engine)]
        subprocess.run(command, cwd=ROOT, check=True)
        site.put("/stock/runtime/pyodide.asm.wasm", engine.read_bytes(), "application/wasm")


def _answers(result: dict[str, Any]) -> dict[str, tuple[float, str]]:
    """Of each program how long it took, in seconds, and what it found."""
    if not result["ok"]:
        raise SystemExit(result["error"]["rendered"])
    found: dict[str, tuple[float, str]] = json.loads(result["out"])
    return found


def _type_of(path: Path) -> str:
    return {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".json": "application/json",
        ".html": "text/html; charset=utf-8",
    }.get(path.suffix, "application/octet-stream")


if __name__ == "__main__":
    chromium.run(report)
