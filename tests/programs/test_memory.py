"""Every fixture program through `MemoryHost`, the embedder's way; and that the fixtures are in their format."""

import pytest

from tests.support.programs import FixtureError, Program, load_all, parse

PROGRAMS = load_all()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_program(program: Program) -> None:
    from edge_runtime import MemoryHost, run_program

    host = MemoryHost(sources=program.sources, manifests=program.manifests, input=program.input)
    result = run_program(program.main, host, name="main.py")
    rendered = None if result.error is None else result.error.rendered
    assert rendered == program.error
    assert result.output == program.output
    assert result.exit_code == program.exit_code
    assert result.ok == (program.error is None and program.exit_code == 0)


def test_there_are_enough() -> None:
    assert len(PROGRAMS) >= 25


def test_format() -> None:
    text = (
        "Shows the\nformat.\n--- main.py\nprint(1)\n\n--- lib/packages.json\n{}\n--- packages.json\n{}\n"
        "--- url https://x.test/n/u.py\nx = 1\n--- input\na\n\nb\n--- output\n1\n--- error\nerror: E\n"
    )
    program = parse("n", text)
    assert program.about == "Shows the format."
    assert program.sources == {"./main.py": "print(1)\n", "https://x.test/n/u.py": "x = 1\n"}
    assert program.manifests == {"./lib/": "{}\n", "": "{}\n"}
    assert program.input == ("a", "", "b")
    assert (program.output, program.error, program.exit_code) == ("1\n", "error: E", 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x\n--- lib.py\n", "no section 'main.py'"),
        ("--- main.py\n", "say before"),
        ("x\n--- main.py\n--- main.py\n", "twice"),
        ("x\n--- main.py\n--- outptu\n", "unknown section 'outptu'"),
        ("x\n--- main.py\n--- url https://x.test/other/u.py\n", "start with"),
    ],
)
def test_format_is_held(text: str, complaint: str) -> None:
    with pytest.raises(FixtureError, match=complaint):
        parse("n", text)
