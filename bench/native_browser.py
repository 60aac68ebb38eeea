"""Native modules in Chromium: what a call costs, what bytes cost, what stays behind.

Takes: a built `dist/`, the browser of `playwright.config.py`, modules written here in WAT.
Gives: printed lines: microseconds a call with the limit that the project promises, beside a call of a plain Python function
in the same run; megabytes a second; memory and live handles before and after a million calls.
Refuses: to judge times; it fails where a program gives a wrong answer.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from wasmtime import wat2wasm

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import chromium
from tests.support.site import Site

CALLS = 1_000_000
MEGABYTE = 1024 * 1024

# The smallest module of the ABI that adds two ints and gives back bytes: written from the contract, with no header.
ABI = """
(module
  (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
  (import "env" "edge_decode" (func $decode (param i32 i32 i32 i32) (result i32)))
  (import "env" "edge_release" (func $release (param i32)))
  (import "env" "edge_throw" (func $throw (param i32 i32 i32)))
  (memory (export "memory") 64)
  (data (i32.const 16) "arg is not an int")
  (func (export "__edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "__edge_free") (param i32 i32))
  (func $int (param $handle i32) (param $to i32) (result i32)
    (drop (call $decode (local.get $handle) (i32.const 64) (local.get $to) (i32.const 16)))
    (i32.eq (i32.load (i32.const 64)) (i32.const 2)))
  (func (export "add") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
    (if (i32.eqz (i32.and (call $int (i32.load (local.get $argv)) (i32.const 80))
                          (call $int (i32.load offset=4 (local.get $argv)) (i32.const 96))))
      (then (call $throw (i32.const 0) (i32.const 16) (i32.const 17)) (return (i32.const 1))))
    (i64.store (i32.const 80) (i64.add (i64.load (i32.const 80)) (i64.load (i32.const 96))))
    (i64.store (i32.const 88) (i64.shr_s (i64.load (i32.const 80)) (i64.const 63)))
    (i32.store (local.get $out) (call $encode (i32.const 2) (i32.const 80) (i32.const 16)))
    (i32.const 0))
  ;; Where a fresh handle lies, and the pages of this memory times 2**32: neither grows.
  (func (export "state") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
    (local $handle i32)
    (local.set $handle (call $encode (i32.const 0) (i32.const 0) (i32.const 0)))
    (call $release (local.get $handle))
    (i64.store (i32.const 80) (i64.or (i64.extend_i32_u (i32.and (local.get $handle) (i32.const 0x3fffff)))
                                      (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 32))))
    (i64.store (i32.const 88) (i64.const 0))
    (i32.store (local.get $out) (call $encode (i32.const 2) (i32.const 80) (i32.const 16)))
    (i32.const 0))
  (func (export "copy") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
    (local $size i32)
    (local.set $size (call $decode (i32.load (local.get $argv)) (i32.const 64) (i32.const 65536) (i32.const 2097152)))
    (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const 65536) (local.get $size)))
    (i32.const 0)))
"""

PLAIN = """
(module
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "addf") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1))))
"""

PROGRAM = """
import time
from json import dumps
from "./abi.wasm" import add, copy, state
import "./plain.wasm" as plain

def python_add(a, b):
    return a + b

def per_call(function, count):
    began = time.perf_counter()
    for i in range(count):
        function(i, 1)
    return (time.perf_counter() - began) / count * 1e6

def float_calls(function, count):
    began = time.perf_counter()
    for i in range(count):
        function(0.5, 1.5)
    return (time.perf_counter() - began) / count * 1e6

assert add(2, 3) == 5 and plain.add(2, 3) == 5 and plain.addf(0.5, 1.5) == 2.0
data = bytes(range(256)) * 4096
assert copy(data) == data
per_call(add, 1000)
before = state()
found = {
    "abi": per_call(add, COUNT), "plain": per_call(plain.add, COUNT), "python": per_call(python_add, COUNT),
    "plain f64": float_calls(plain.addf, COUNT // 4),
}
began = time.perf_counter()
for _ in range(50):
    copy(data)
found["before"], found["after"] = before, state()
found["bytes"] = 100 * len(data) / (time.perf_counter() - began) / 1e6
print(dumps(found))
"""

IN_PAGE = """
async ({ program, turns }) => {
  const { createWorker } = await import('/dist/edge-python.js?setElement=false');
  const worker = await createWorker({ limits: { timeout: 600 } });
  const results = [];
  for (let turn = 0; turn < turns; turn += 1) results.push(await worker.run(program));
  worker.dispose();
  return results;
}
"""


def report(browser: Browser, turns: int = 5) -> None:
    """The lines of this file, from a browser that is running."""
    with Site() as site:
        site.put("/index.html", "<!doctype html><link rel=icon href=data:,>", "text/html; charset=utf-8")
        site.put("/abi.wasm", bytes(wat2wasm(ABI)), "application/wasm")
        site.put("/plain.wasm", bytes(wat2wasm(PLAIN)), "application/wasm")
        page = browser.new_page()
        page.goto(f"{site.url}/index.html")
        program = PROGRAM.replace("COUNT", str(CALLS // turns))
        results = page.evaluate(IN_PAGE, {"program": program, "turns": turns})
        page.close()
    found: list[dict[str, Any]] = []
    for result in results:
        if not result["ok"]:
            raise SystemExit(result["error"]["rendered"])
        found.append(json.loads(result["out"]))
    python = statistics.median(one["python"] for one in found)
    for name, title, limit in (
        ("abi", "Chromium: add(i, 1) of an ABI module", 6.0),
        ("plain", "Chromium: add(i, 1) of a plain module", 2.0),
        ("plain f64", "Chromium: add(0.5, 1.5) of a plain module", 2.0),
    ):
        values = [one[name] for one in found]
        median = statistics.median(values)
        spread = f"{min(values):.2f} to {max(values):.2f}"
        print(f"{title:<44} {median:7.2f} us ({spread}; limit {limit:g}; {median / python:.0f} x a Python function)")
    left = [divmod(one[moment], 2**32) for one in found for moment in ("before", "after")]
    handles, pages = sorted({slot for _, slot in left}), sorted({size for size, _ in left})
    # A slot is used again once some 16,000 others were: numbers below that say that no handle was forgotten.
    slots = f"fresh handles lie in slots up to {handles[-1]:,}"
    print(f"{'Chromium: left by a million calls':<44} {slots}, the memory has {pages} pages, always")
    rates = [one["bytes"] for one in found]
    spread = f"{min(rates):.0f} to {max(rates):.0f}"
    print(f"{'Chromium: 1 MB of bytes in and out':<44} {statistics.median(rates):7.0f} MB/s ({spread}; at least 500)")


if __name__ == "__main__":
    chromium.run(report)
