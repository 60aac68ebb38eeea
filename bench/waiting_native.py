"""What waiting costs outside of a browser: many parked tasks, their memory, a switch.

Takes: nothing. Gives: lines on standard output, with the limits that the project holds.
Refuses: nothing. By hand: `python -m bench.waiting_native`.
"""

from __future__ import annotations

import resource
import time

from edge_runtime import MemoryHost, run_program
from edge_runtime.hosts.clocks import VirtualClock

TASKS = 10_000
TURNS = 50_000

PARKED = f"""
def helper(n):
    sleep(1 + n % 7)
    return n


async def task(n):
    return helper(n)


print(len(gather(*[task(n) for n in range({TASKS})])))
"""
AWAITED = PARKED.replace("return helper(n)", "await sleep(1 + n % 7)")
PLAIN_TURNS = f"""
async def task():
    for _ in range({TURNS}):
        sleep(0)


run(task(), task())
"""
AWAITED_TURNS = PLAIN_TURNS.replace("sleep(0)", "await sleep(0)")


def seconds(source: str) -> float:
    """The processor's time for one run."""
    began = time.process_time()
    result = run_program(source, MemoryHost(clock=VirtualClock()))
    assert result.ok, result.error
    return time.process_time() - began


def main() -> None:
    """Measure, print."""
    seconds("run")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    parked = seconds(PARKED)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / TASKS
    print(f"{TASKS:,} tasks that each sleep in a helper: {parked:.2f} s (limit 2 s)")
    print(f"memory of a parked task: {memory:.1f} KiB (limit 64 KiB)")
    print(f"{TASKS:,} tasks that each await sleep: {seconds(AWAITED):.2f} s")
    print(f"a switch between two stacks: {seconds(PLAIN_TURNS) / TURNS / 2 * 1e6:.1f} us")
    print(f"a turn of an awaited sleep(0): {seconds(AWAITED_TURNS) / TURNS / 2 * 1e6:.1f} us")


if __name__ == "__main__":
    main()
