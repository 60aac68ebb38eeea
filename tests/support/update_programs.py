"""Writes what fixture programs do now into their `output`, `error` and `exit` sections; read the diff before you keep it.

Takes: names of programs (all without any). Gives: changed files, named on standard output. Refuses: nothing it can parse.
By hand: `python -m tests.support.update_programs error_parse`
"""

import re
import sys

from edge_runtime import MemoryHost, run_program
from tests.support.programs import FOLDER, parse

COMMAND = "python -m tests.support.update_programs"


def updated(name: str, text: str) -> str:
    """The fixture's text with its expectations as they are now."""
    program = parse(name, text)
    host = MemoryHost(sources=program.sources, manifests=program.manifests, input=program.input)
    result = run_program(program.main, host, name="main.py")
    parts = re.split(r"^(?=--- )", text, flags=re.MULTILINE)
    kept = [part for part in parts if not re.match(r"--- (output|error|exit)\n", part)]
    body = "".join(kept).rstrip("\n") + "\n"
    if result.output:
        body += f"--- output\n{result.output}"
    if result.error is not None:
        body += f"--- error\n{result.error.rendered}\n"
    if result.exit_code != (0 if result.error is None else 1):
        body += f"--- exit\n{result.exit_code}\n"
    return body


def main() -> int:
    """Update the named programs, or all."""
    names = sys.argv[1:] or [path.stem for path in sorted(FOLDER.glob("*.txt"))]
    for name in names:
        path = FOLDER / f"{name}.txt"
        before = path.read_text(encoding="utf-8")
        after = updated(name, before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"updated {path.relative_to(FOLDER.parents[1])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
