"""What it costs that the shipped engine notices deep recursion: classic programs on it and on the stock engine.

Takes: a built `dist/`, the stock engine of `node_modules/`, the browser of `playwright.config.py`.
Gives: printed lines: for each program the median of both and their quotient, and the geometric mean, with the limit that
the project promises. The two engines take turns, so that a machine that slows down slows both.
Refuses: to judge times; it fails where a program gives a wrong answer or the two engines differ in it.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

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
    root, value = Node(500), 1
    for _ in range(2500):
        value = value * 1103515245 % 2147483648 + 12345
        root.add(value % 1000)
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
    for i in range(20000):
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
    table = {(i, (i % 7, str(i % 11))): i for i in range(15000)}
    return sum(table[key] for key in table)

def pipeline():
    return sum(a * b for a, b in zip(map(abs, range(-60000, 60000)), filter(None, range(1, 120001))))

def nested():
    rows = [[[i, j] for j in range(12)] for i in range(2500)]
    return len(repr(rows)) + (rows == [[list(pair) for pair in row] for row in rows])

results = {}
for name, work in (("fib", lambda: fib(21)), ("queens", lambda: queens(7)), ("tree", tree), ("vectors", vectors),
                   ("sieve", sieve), ("words", words), ("documents", documents), ("pairs", pairs),
                   ("pipeline", pipeline), ("nested", nested)):
    began = time.perf_counter()
    answer = work()
    results[name] = [time.perf_counter() - began, str(answer)]
print(json.dumps(results))
"""

IN_PAGE = """
async ({ program, turns }) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const engine = (folder) => createWorker({ runtime: new URL(folder, location.href).href });
  const [deep, stock] = [await engine('/deep/'), await engine('/stock/')];
  const results = { deep: [], stock: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const both = [['deep', deep], ['stock', stock]];
    if (turn % 2) both.reverse(); // who goes first has it easier or harder, by turns
    for (const [name, worker] of both) results[name].push(await worker.run(program));
  }
  deep.dispose();
  stock.dispose();
  return results;
}
"""


def report(browser: Browser, turns: int = 16) -> None:
    """The lines of this file, from a browser that is running."""
    dist = built(ROOT / "dist")
    with Site() as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        manifest = json.loads((dist / "runtime" / "manifest.json").read_text("utf-8"))
        plainly = json.dumps({**manifest, "snapshot": False})  # the snapshot's code is the shipped engine's
        for folder in ("deep", "stock"):
            for path in [dist / "engine.js", dist / "frame.html", *(dist / "runtime").iterdir()]:
                site.put(f"/{folder}/{path.relative_to(dist)}", path.read_bytes(), _type_of(path))
            site.put(f"/{folder}/runtime/manifest.json", plainly, "application/json")
        stock = (ROOT / "node_modules/pyodide/pyodide.asm.wasm").read_bytes()
        site.put("/stock/runtime/pyodide.asm.wasm", stock, "application/wasm")
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        results: dict[str, list[dict[str, Any]]] = page.evaluate(IN_PAGE, {"program": PROGRAM, "turns": turns})
        page.close()
    deep, plain = (_medians(results[engine]) for engine in ("deep", "stock"))
    for name, (time, answer) in deep.items():
        if plain[name][1] != answer:
            raise SystemExit(f"{name}: the engines differ: {answer} and {plain[name][1]}")
        print(f"{'deep structures: ' + name:<44} {time * 1e3:7.1f} ms, of stock's time {time / plain[name][0]:.3f}")
    mean = statistics.geometric_mean(time / plain[name][0] for name, (time, _) in deep.items())
    print(f"{'deep structures: geometric mean':<44} {mean:7.3f} of the stock engine's time; limit 1.02")


def _medians(results: list[dict[str, Any]]) -> dict[str, tuple[float, str]]:
    """Of each program its median time and its answer; the first turns warm up the browser's compilers."""
    for result in results:
        if not result["ok"]:
            raise SystemExit(result["error"]["rendered"])
    found = [json.loads(result["out"]) for result in results[3:]]
    return {name: (statistics.median(one[name][0] for one in found), found[0][name][1]) for name in found[0]}


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
