"""Every fixture program says the same, to the byte, without tables of pure functions. (`test_memory.py` runs them with.)"""

import pytest

from tests.support.programs import Program, load_all


@pytest.mark.parametrize("program", load_all(), ids=lambda program: program.name)
def test_without_tables(program: Program) -> None:
    from edge_runtime import MemoryHost, run_program

    if program.name == "pure_functions":
        pytest.skip("without tables it would not end")
    host = MemoryHost(sources=program.sources, manifests=program.manifests, input=program.input)
    result = run_program(program.main, host, name="main.py", memo=False)
    rendered = None if result.error is None else result.error.rendered
    assert (result.output, rendered, result.exit_code) == (program.output, program.error, program.exit_code)
