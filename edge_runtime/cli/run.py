"""`edge run FILE`.

Takes: the path of a program. Gives: its output, its exit code (2 where it did not compile). Refuses: a file that is not
there, in one line.
"""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import TextIO

import click

from ..hosts.terminal import NoEntry, run_file
from ..hosts.watchdog import watch
from ..machine.machine import Limits

_LONGEST = 1e9
"""Seconds: thirty years, which every clock holds."""


def _open(stream: TextIO | None) -> TextIO:
    """A standard stream, or nowhere where it is closed (`>&-`)."""
    return stream or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _no_nan(value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        raise click.BadParameter("it must be a number of seconds")
    return value


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=_LONGEST),
    callback=lambda _context, _option, value: _no_nan(value),
    help="End the run after that many seconds of computing.",
)
@click.option(
    "--memory", type=click.IntRange(min=1), default=512, show_default=True, help="MiB that the program may use."
)
@click.option("--allow-native", is_flag=True, help="Let native libraries (.so, .dylib, .dll) run, outside the sandbox.")
def run(file: Path, arguments: tuple[str, ...], timeout: float | None, memory: int, *, allow_native: bool) -> None:
    """Run the program in FILE. ARGUMENTS are its `sys.argv`."""
    limits = Limits(time=timeout, memory=memory * 1024 * 1024)
    watched = watch(timeout)
    if isinstance(watched, int):
        sys.exit(watched)
    try:
        code = run_file(
            file,
            sys.stdin,
            _open(sys.stdout),
            _open(sys.stderr),
            arguments=arguments,
            limits=limits,
            allow_native=allow_native,
            board=watched.board,
        )
    except NoEntry as error:
        raise click.ClickException(str(error)) from None
    except BrokenPipeError:
        # Nobody listens: what is left in the buffer goes nowhere, and there is nobody to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
