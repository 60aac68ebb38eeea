"""`sys`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: what leads to modules, frames or files.
"""

from __future__ import annotations

import sys

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.std import exports
from edge_runtime.std.library import Library
from tests.unit.std.differential import Recorder
from tests.unit.std.kit import forgotten, printed, same_output


def test_facts_as_cpython() -> None:
    same_output("""
        import sys
        print(sys.version_info[:2], sys.version, sys.implementation.name, sys.maxsize, sys.byteorder, sys.float_info)
        print(sys.int_info, sys.hash_info, sys.maxunicode, sys.hexversion, sys.getsizeof([]), sys.intern("a") is sys.intern("a"))
        print(sys.getrecursionlimit() > 100, sys.version_info >= (3, 11), sys.float_repr_style)
        """)


def test_streams() -> None:
    recorder = Recorder()
    module = Library(recorder).module("sys")
    out = module["stdout"]
    print("a", 1, file=out)
    assert out.write("äb") == 2
    out.writelines(["x", "y"])
    out.flush()
    print("wrong", file=module["stderr"], end="")
    assert "".join(text for stream, text in recorder.written if stream == "stdout") == "a 1\näbxy"
    assert "".join(text for stream, text in recorder.written if stream == "stderr") == "wrong"
    assert (out.name, module["stderr"].name, out.encoding, out.isatty(), out.writable()) == (
        "<stdout>", "<stderr>", "utf-8", False, True,
    )  # fmt: skip
    with pytest.raises(TypeError, match=r"write\(\) argument must be str, not int"):
        out.write(1)


def test_input() -> None:
    result = run_program(
        "from sys import stdin\nprint(repr(stdin.readline()), [line for line in stdin], repr(stdin.read()), stdin.readlines())",
        MemoryHost(input=["a", "", "b"]),
    )
    assert result.output == "'a\\n' ['\\n', 'b\\n'] '' []\n"
    with pytest.raises(ValueError, match="whole lines"):
        Library(Recorder()).module("sys")["stdin"].read(5)


def test_arguments_are_a_list_of_the_run() -> None:
    forgotten("import sys\nsys.argv.append('left')", "import sys\nprint('left' if 'left' in sys.argv else 'clean')")
    assert Library(Recorder(argv=("a.py", "1"))).module("sys")["argv"] == ["a.py", "1"]


def test_exit() -> None:
    for code, exit_code in (("3", 3), ("", 0), ("'bye'", 1)):
        result = run_program(f"import sys\nprint(1)\nsys.exit({code})\nprint(2)", MemoryHost())
        assert (result.exit_code, result.output.startswith("1\n"), "2" in result.output) == (exit_code, True, False)


def test_the_platform_is_edge() -> None:
    assert printed("import sys\nprint(sys.platform)") == "edge\n"


@pytest.mark.parametrize(
    "name",
    "modules path settrace setprofile _getframe exc_info meta_path path_hooks setrecursionlimit addaudithook excepthook "
    "displayhook executable prefix getrefcount _current_frames stdlib_module_names gettrace exception __stdout__".split(),
)
def test_what_is_left_out(name: str) -> None:
    assert name not in exports("sys")


def test_what_is_left_out_is_there_in_cpython() -> None:
    """Else the test above could not fail."""
    assert hasattr(sys, "modules")
    assert hasattr(sys, "_getframe")


def test_streams_lead_nowhere() -> None:
    assert (
        printed("""
        import sys, copy
        for stream in (sys.stdout, sys.stderr, sys.stdin):
            print([name for name in dir(stream) if not name.startswith("__")])
        """).count("_run")
        == 0
    )
