"""The modules of tests/native/modules through whole programs: in wasmtime, as shared libraries, and in Chromium.

Takes: `modules/programs/NAME.txt`, in the format of `tests/support/programs.py`: each imports modules by their names.
Gives: one test for each program and engine, and one for each lie and trap. To write the output of a program anew, after
a change that was meant: `.venv/bin/python -m tests.native.test_modules NAME`; read the difference.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from edge_runtime import MemoryHost, run_program
from tests.support.lab import Lab
from tests.support.modules import SOURCES, libraries, library, module, module_bytes
from tests.support.modules import names as module_names
from tests.support.programs import Program, parse

EDGE = Path(sys.executable).with_name("edge")
FOLDER = SOURCES / "programs"
_IMPORTED = re.compile(r'"\./(\w+)\.wasm"')


def programs() -> list[Program]:
    return [parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt"))]


def imported(source: str) -> list[str]:
    return sorted(set(_IMPORTED.findall(source)))


def in_wasmtime(source: str) -> tuple[str, str]:
    """What a program prints, and the picture of its error."""
    host = MemoryHost(sources={f"./{name}.wasm": module_bytes(name) for name in imported(source)})
    result = run_program(source, host)
    return result.output, "" if result.error is None else result.error.rendered


def in_chromium(lab: Lab, source: str) -> tuple[str, str]:
    for name in imported(source):
        lab.site.put(f"/{name}.wasm", module_bytes(name), "application/wasm")
    result = lab.run(source)
    error = "" if result["error"] is None else result["error"]["rendered"]
    return result["out"].removesuffix(error).removesuffix("\n" if error else ""), error


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_in_wasmtime(program: Program) -> None:
    assert in_wasmtime(program.main) == (program.output, "")


@pytest.mark.usefixtures("dist")
@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_in_chromium(program: Program, shared_lab: Lab) -> None:
    assert in_chromium(shared_lab, program.main) == (program.output, "")


@pytest.mark.parametrize(
    "program",
    [each for each in programs() if {*imported(each.main)} <= {*libraries()}],
    ids=lambda program: program.name,
)
def test_as_libraries(program: Program, tmp_path: Path) -> None:
    source = program.main
    for name in imported(source):
        built = library(name)
        (tmp_path / built.name).write_bytes(built.read_bytes())
        source = source.replace(f"./{name}.wasm", f"./{built.name}")
    (tmp_path / "main.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [EDGE, "run", "--allow-native", "main.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    assert done.stdout == program.output


def test_every_module_is_used_or_refused() -> None:
    """No source lies here that no test loads."""
    used = {name for program in programs() for name in imported(program.main)}
    assert {*module_names()} == used | {*HOSTILE} | {*REFUSED} | ELSEWHERE


MEMORY = "trapped: memory access out of bounds"
HOSTILE = {
    "liars": {
        **dict.fromkeys(
            "encode_outside encode_across_the_end encode_huge encode_negative encode_wraps decode_outside "
            "decode_huge_room decode_tag_outside op_name_outside op_argv_outside op_out_outside throw_outside "
            "take_outside take_kind_outside".split(),
            MEMORY,
        ),
        "op_argc_huge": "1073741825 arguments are too many",
        "op_argc_negative": "4294967295 arguments are too many",
        "misaligned": "5",
        "bad_receiver": "11259375 is not a valid handle",
        "zero_receiver": "0 is not a valid handle",
        "bad_argument": "4294967293 is not a valid handle",
        "bad_decode": "True",
        "bad_tag": "left no handle in *out",
        "bad_op": "there is no operation 14",
        "negative_op": "there is no operation",
        "bad_kind": "RuntimeError: the host must hold",
        "bad_name": "the name is not UTF-8",
        "nothing_written": "left no handle in *out",
        "garbage_written": "left 3735928559, which is no handle, in *out",
        "released_result": "which is no handle, in *out",
        "one_without_error": "returned 1, an error, but set none",
        "two": "returned 2; only 0 and 1 have a meaning",
        "minus_one": "returned -1; only 0 and 1 have a meaning",
        "error_and_result": "None",
        "overwrites_argv": "None",
        "fine": "None",
    },
    "traps": {
        "fine": "None",
        "apply": "'called'",
        "unreachable": "trapped: unreachable",
        "out_of_bounds": MEMORY,
        "store_out_of_bounds": MEMORY,
        "divide_by_zero": "trapped: divide by zero",
        # Where only "trapped: " stands the engines' words differ.
        "divide_overflow": "trapped: ",
        "convert_nan": "trapped: float unrepresentable in integer range",
        "convert_huge": "trapped: ",
        "call_null": "trapped: null function",
        "call_outside": "trapped: ",
        "call_other_type": "trapped: ",
        "stack_overflow": "trapped: stack overflow",
        "trap_after_callback": "trapped: unreachable",
    },
    "hoarder": {"hoard": "more than 1000000 handles are held"},
    "alloc_zero": {"f": "__edge_alloc(64) gave no memory of the module's"},
    "alloc_garbage": {"f": "__edge_alloc(64) gave no memory of the module's"},
    "alloc_across_the_end": {"f": "__edge_alloc(64) gave no memory of the module's"},
    "alloc_traps": {"f": "trapped: unreachable"},
    "free_traps": {"f": "trapped: unreachable"},
    "plain_traps": {
        "divide": "trapped: divide by zero",
        "deep": "trapped: stack overflow",
        "double": "2",
    },
    "start_counts": {"began": "True"},
    "plain_add": {"add": "2"},
}
ARGUMENTS = {
    "divide": "1, 0",
    "deep": "1",
    "double": "1",
    "add": "1, 1",
    "apply": "lambda: 'called'",
    "misaligned": "5",
}
LIES = [(name, function) for name, functions in HOSTILE.items() for function in functions]
PROBE = """
import "./{name}.wasm" as hostile
import "./basic.wasm" as other

try:
    print(repr(hostile.{function}({arguments})))
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")
print(other.add(2, 3))
"""


def probe(name: str, function: str) -> str:
    default = "" if name == "start_counts" else "print" if function == "trap_after_callback" else "'text'"
    return PROBE.format(name=name, function=function, arguments=ARGUMENTS.get(function, default))


def holds(name: str, function: str, said: tuple[str, str]) -> None:
    output, error = said
    assert error == ""
    first, *_, last = output.strip().split("\n")[-2:]
    assert HOSTILE[name][function] in first
    assert last == "5", "another module goes on"


@pytest.mark.parametrize(("name", "function"), LIES)
def test_hostile_in_wasmtime(name: str, function: str) -> None:
    holds(name, function, in_wasmtime(probe(name, function)))


@pytest.mark.usefixtures("dist")
@pytest.mark.parametrize(("name", "function"), LIES)
def test_hostile_in_chromium(name: str, function: str, shared_lab: Lab) -> None:
    holds(name, function, in_chromium(shared_lab, probe(name, function)))


REFUSED = {
    "no_alloc": "it does not export '__edge_alloc'",
    "no_memory": "it does not export its memory",
    "alloc_of_other_type": "its export '__edge_alloc' is (i32, i32) -> i32, not (i32) -> i32",
    "version_2": "targets ABI 2, this host speaks 1",
    "version_traps": "trapped: unreachable",
    "foreign_import": "it imports 'wasi_snapshot_preview1.fd_write'",
    "seventh_import": "it imports 'env.edge_eval'",
    "import_of_other_type": "it imports 'env.edge_release' as (i32, i32) -> ()",
    "plain_with_import": "it imports 'env.log'",
    "plain_with_memory_import": "it imports its memory ('env.memory')",
    "plain_with_global_import": "it imports 'env.base'",
    "plain_empty": "it exports nothing that a script can import",
    "plain_vectors": "takes or returns v128",
    "huge_memory": "4096 MiB",
    "bad_constant": "its constant 'broken' failed: ValueError: the host must hold",
    "start_traps": "trapped: unreachable",
}
ELSEWHERE = {"endless", "start_forever"}
"""What only a time limit ends; tested with the limits."""


def refused(name: str, said: tuple[str, str]) -> None:
    output, error = said
    assert output == "", "nothing ran"
    assert REFUSED[name] in error
    assert f"./{name}.wasm" in error


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_wasmtime(name: str) -> None:
    refused(name, in_wasmtime(f'import "./{name}.wasm" as m\nprint("ran")\n'))


@pytest.mark.usefixtures("dist")
@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_chromium(name: str, shared_lab: Lab) -> None:
    refused(name, in_chromium(shared_lab, f'import "./{name}.wasm" as m\nprint("ran")\n'))


def write_outputs(names: list[str]) -> None:
    """Write what programs print in wasmtime as what they must print."""
    for program in programs():
        if program.name in names or not names:
            output, error = in_wasmtime(program.main)
            path = FOLDER / f"{program.name}.txt"
            head, _, _ = path.read_text(encoding="utf-8").partition("--- output\n")
            path.write_text(f"{head}--- output\n{output}{error}", encoding="utf-8")
            print(path, error)


if __name__ == "__main__":
    module("basic")
    write_outputs(sys.argv[1:])
