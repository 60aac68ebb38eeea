"""Native modules in wasmtime: what a call costs, what bytes cost, what stays behind.

Takes: modules in WAT, the same as in Chromium (native_browser.py).
Gives: printed lines: medians of several runs with the spread, beside wasmtime-py's own call and a call of a plain Python
function in the same process; megabytes a second; memory and live handles over a million calls.
Refuses: to judge times; it fails where a module gives a wrong answer.
"""

from __future__ import annotations

import hashlib
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import wasmtime

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.native_browser import ABI, PLAIN
from edge_runtime.native.wasmfile import Examined, examine
from edge_runtime.native.wasmtime import Engine, Natives

TURNS = 7
CALLS = 1_000_000
FEWER = 100_000
MEGABYTE = 1024 * 1024
COPIES = 200


def main() -> None:
    """Measure and print."""
    natives = Natives(Engine(), memory_bytes=512 * MEGABYTE)
    abi, plain = _bind(natives, "./abi.wasm", ABI), _bind(natives, "./plain.wasm", PLAIN)
    _million(natives, abi["add"])
    python = _line("native: a plain Python function", _calls(_python_add))
    _line("native: add(i, 1) in an ABI module", _calls(abi["add"]), 10, python)
    _line("native: add(i, 1) in a plain module", _calls(plain["add"]), None, python)
    _line("native: addf(x, y) in a plain module", _calls(lambda *_: plain["addf"](0.5, 1.5)), None, python)
    _line("native: the plain module by wasmtime-py itself", _calls(_public_add(), FEWER), None, python)
    _bytes(abi["copy"])
    natives.close()


def _bind(natives: Natives, spec: str, text: str) -> dict[str, Any]:
    data = bytes(wasmtime.wat2wasm(text))
    found = examine(spec, data, 8_192)
    if not isinstance(found, Examined):
        sys.exit(f"the benchmark's module failed: {found.reason}")
    return natives.bind(spec, natives.engine.prepare(hashlib.sha256(data).hexdigest(), found.data, found.surface))


def _python_add(left: int, right: int) -> int:
    return left + right


def _public_add() -> Callable[[int, int], int]:
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    instance = wasmtime.Instance(store, wasmtime.Module(engine, bytes(wasmtime.wat2wasm(PLAIN))), [])
    function = instance.exports(store)["add"]
    assert isinstance(function, wasmtime.Func)
    return lambda left, right: int(function(store, left, right))


def _calls(function: Callable[[int, int], Any], count: int = FEWER) -> list[float]:
    """Microseconds a call, the loop around it included."""
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        for number in range(count):
            function(number, 1)
        times.append((time.perf_counter() - began) / count * 1e6)
    return times


def _million(natives: Natives, add: Callable[[int, int], int]) -> None:
    """One million calls, from the first: what they cost, and what they leave."""
    total = add(0, 0)
    before, live = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, natives.live
    began = time.perf_counter()
    for number in range(CALLS):
        total += add(number, 1)
    took = (time.perf_counter() - began) / CALLS * 1e6
    if total != sum(range(1, CALLS + 1)):
        sys.exit(f"the benchmark's module failed: a sum of {total}")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'native: one million add(i, 1), one run':54} {took:9.2f} us a call  at most 10 us")
    print(f"{'native:   memory that they left':54} {after - before:9} KiB")
    print(f"{'native:   live handles before and after':54} {live:4} {natives.live:4}")


def _bytes(copy: Callable[[bytes], bytes]) -> None:
    """A megabyte into a module and out again."""
    data = bytes(range(256)) * (MEGABYTE // 256)
    if copy(data) != data:
        sys.exit("the benchmark's module failed: other bytes came back")
    rates = []
    for _ in range(TURNS):
        began = time.perf_counter()
        for _ in range(COPIES):
            copy(data)
        rates.append(COPIES * len(data) / (time.perf_counter() - began) / 1e6)
    middle = statistics.median(rates)
    print(
        f"{'native: 1 MB of bytes in and out':54} {middle:9.0f} MB/s  ({min(rates):.0f} to {max(rates):.0f})  at least 500 MB/s"
    )


def _line(what: str, times: list[float], limit: float | None = None, beside: float | None = None) -> float:
    middle = statistics.median(times)
    promise = f"  at most {limit:g} us" if limit is not None else ""
    ratio = f"  {middle / beside:.0f} times a Python call" if beside is not None else ""
    print(f"{what:54} {middle:9.2f} us a call  ({min(times):.2f} to {max(times):.2f}){promise}{ratio}")
    return middle


if __name__ == "__main__":
    main()
