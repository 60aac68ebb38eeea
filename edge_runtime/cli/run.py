"""`edge run FILE`.

Takes: the path of a program. Gives: its output, its exit code (2 where it did not compile). Refuses: a file that is not
there, in one line.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..hosts.terminal import NoEntry, run_file


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def run(file: Path) -> None:
    """Run the program in FILE."""
    try:
        code = run_file(file, sys.stdin, sys.stdout, sys.stderr)
    except NoEntry as error:
        raise click.ClickException(str(error)) from None
    except BrokenPipeError:
        code = 1
    sys.exit(code)
