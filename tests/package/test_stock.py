"""What `run_program` says in a stock Pyodide, where some of its ways are not there: never an error of Pyodide's own."""

from tests.support.pyodides import RunIn

# Runs in Pyodide: how a program ended, or what `run_program` raised.
HERE = """
from concurrent.futures import Future

from edge_runtime import Limits, MemoryHost, run_program

def run(argument):
    program, given = argument
    sources = {name: bytes(data) for name, data in given.get("sources", {}).items()}
    natives = {"m": {"later": Future}}
    host = MemoryHost(sources=sources, natives=natives, input=given.get("input"), events=given.get("events", ()))
    try:
        result = run_program(program, host, limits=Limits(**given.get("limits", {})))
    except RuntimeError as error:
        return {"raised": str(error)}
    return {"output": result.output, "error": result.error and result.error.message}
"""


def test_programs_wait(run_in: RunIn) -> None:
    program = (
        "async def f(n):\n    await sleep(n)\n    return n\n"
        "sleep(0.01)\nprint(input(), receive(), run(f(0)), gather(f(0.02), f(0.01)))\n"
    )
    said = run_in("3.14", HERE, [program, {"input": ["a line"], "events": ["an event"]}])
    assert said == {"output": "a line an event 0 [0.02, 0.01]\n", "error": None}


def test_no_task_goes_on_while_another_waits_in_a_plain_call(run_in: RunIn) -> None:
    program = "async def f(n):\n    sleep(n)\nprint(1)\ngather(f(0.02), f(0.01))\n"
    said = run_in("3.14", HERE, [program, {}])
    assert said == {
        "output": "1\n",
        "error": "no other task can go on here while one waits inside of a plain call: wait with await, "
        "or run the program with <edge-python> or createWorker",
    }


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


def test_an_answer_that_could_never_come_is_no_wait(run_in: RunIn) -> None:
    said = run_in("3.14", HERE, ["from m import later\nlater()\n", {}])
    assert said["error"] == (
        "the host's answer cannot come while run_program runs, for Pyodide has no threads: "
        "the host must give the value itself, or run the program with createWorker"
    )
