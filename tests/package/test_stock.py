"""What `run_program` says in a stock Pyodide, where some of its ways are not there: never an error of Pyodide's own."""

from typing import Any

from tests.support.pyodides import RunIn

# Runs in Pyodide: how a program ended, or what `run_program` raised.
HERE = """
from edge_runtime import Limits, MemoryHost, run_program

def run(argument):
    program, given = argument
    sources = {name: bytes(data) for name, data in given.get("sources", {}).items()}
    host = MemoryHost(sources=sources, input=given.get("input"), events=given.get("events", ()))
    try:
        result = run_program(program, host, limits=Limits(**given.get("limits", {})))
    except RuntimeError as error:
        return {"raised": str(error)}
    return {"output": result.output, "error": result.error and result.error.message}
"""
WAITS = "a program cannot wait where Pyodide runs it by run_program: run it with <edge-python> or createWorker"


def test_what_waits_gets_one_sentence(run_in: RunIn) -> None:
    waiting: tuple[tuple[str, dict[str, Any]], ...] = (
        ("sleep(0.01)", {}),
        ("print(input())", {"input": ["a line"]}),
        ("print(receive())", {"events": ["an event"]}),
        ("async def f():\n    await sleep(0.01)\nrun(f())", {}),
    )
    for program, given in waiting:
        assert run_in("3.14", HERE, [f"print(1)\n{program}\n", given]) == {"output": "1\n", "error": WAITS}


def test_tasks_that_do_not_wait_run(run_in: RunIn) -> None:
    program = "async def f(n):\n    return n * n\nprint(run(f(3)), run(f(4), f(5)))\n"
    assert run_in("3.14", HERE, [program, {}]) == {"output": "9 16\n", "error": None}


def test_a_limit_of_time_is_refused_before_anything_runs(run_in: RunIn) -> None:
    said = run_in("3.14", HERE, ["print(1)\n", {"limits": {"time": 5}}])
    assert said == {
        "raised": "Pyodide has no threads, and run_program needs one to end a program in time: leave Limits.time out, "
        "or run the program with createWorker and its option timeout"
    }
    assert run_in("3.14", HERE, ["print('x' * 20)\n", {"limits": {"output": 9}}])["output"].startswith("xxxxxxxxx\n[")


def test_a_native_module_is_refused_with_the_way_out(run_in: RunIn) -> None:
    # A module with one function `f`, which gives 7.
    module = bytes.fromhex("0061736d010000000105016000017f030201000705010166 00000a0601040041070b".replace(" ", ""))
    said = run_in("3.14", HERE, ['from "./m.wasm" import f\n', {"sources": {"./m.wasm": list(module)}}])
    assert said["output"] == ""
    assert said["error"] == "cannot load module './m.wasm': run_program has no WebAssembly engine in Pyodide"
