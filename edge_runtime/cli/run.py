"""`edge run FILE`.

Takes: the path of a program, its arguments, where its events come from. Gives: its output, its exit code (2 where it did not
compile, 130 after Ctrl-C). Refuses: a file that is not there, in one line; events and input from one stream.
"""

from __future__ import annotations

import math
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO

import click

from ..hosts.clocks import RealClock, VirtualClock
from ..hosts.interrupts import INTERRUPTED
from ..hosts.saving import HASH_SEED
from ..hosts.terminal import NoEntry, run_file
from ..hosts.watchdog import watch
from ..machine.machine import Limits
from ..machine.state import BadState

_LONGEST = 1e9
"""Seconds: thirty years, which every clock holds."""


def _open(stream: TextIO | None) -> TextIO:
    """A standard stream, or nowhere where it is closed (`>&-`)."""
    return stream or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _no_nan(value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        raise click.BadParameter("it must be a number of seconds")
    return value


def _open_events(name: str | None) -> TextIO | None:
    """The stream that brings the events: one each line."""
    if name is None:
        return None
    if name == "-":
        if sys.stdin is None:
            raise click.ClickException("--events -: standard input is closed")
        return sys.stdin
    try:
        stream = Path(name).open(encoding="utf-8")  # noqa: SIM115 - the program reads it for as long as it runs
    except OSError as error:
        raise click.ClickException(f"cannot read '{name}': {error.strerror or error}") from None
    if _is_standard_input(stream):
        stream.close()
        raise click.UsageError(
            f"'{name}' is standard input, where input() reads: take '--events -' to have events there"
        )
    return stream


def _is_standard_input(stream: TextIO) -> bool:
    """Whether who reads the one takes lines from the other. Two openings of a file on disk each read all of it."""
    try:
        one, other = os.fstat(stream.fileno()), os.fstat(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    shared = stat.S_ISFIFO(one.st_mode) or stat.S_ISSOCK(one.st_mode) or os.isatty(stream.fileno())
    return shared and os.path.samestat(one, other)


def _begin_again(seed: str) -> NoReturn:
    """Run Python anew with that seed of hashes: it takes one at its start only."""
    again = [
        sys.executable,
        "-P",
        "-c",
        "from edge_runtime.cli.main import main; main(prog_name='edge')",
        *sys.argv[1:],
    ]
    os.execve(sys.executable, again, os.environ | {"PYTHONHASHSEED": seed})  # noqa: S606 - this very program


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
@click.option(
    "--events",
    metavar="FILE",
    help="What receive() gets: each line of FILE is an event. A pipe is read as it comes; '-' is standard input, and then "
    "there is no input().",
)
@click.option(
    "--save-state",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="At Ctrl-C, or at the end of input or events, save the run in FILE and leave (exit code 75). A program that "
    "computes is saved when it waits next.",
)
@click.option(
    "--restore-state",
    metavar="FILE",
    type=click.File("rb"),
    help="Go on from a saved run of the same program. It computes again what it had computed, and prints nothing twice.",
)
@click.option(
    "--no-memo", is_flag=True, help="Do every call of pure recursive functions, also those whose result is known."
)
@click.option("--virtual-clock", is_flag=True, help="Waiting takes no time: the program's clock jumps instead.")
def run(
    file: Path,
    arguments: tuple[str, ...],
    timeout: float | None,
    memory: int,
    events: str | None,
    save_state: Path | None,
    restore_state: BinaryIO | None,
    *,
    allow_native: bool,
    no_memo: bool,
    virtual_clock: bool,
) -> None:
    """Run the program in FILE. ARGUMENTS are its `sys.argv`.

    input() reads lines of standard input. Ctrl-C stops the program (exit code 130); a second Ctrl-C, while it cleans up,
    ends it at once.
    """
    limits = Limits(time=timeout, memory=memory * 1024 * 1024)
    if (save_state or restore_state) and os.environ.get("PYTHONHASHSEED") != HASH_SEED:
        _begin_again(HASH_SEED)
    state = restore_state.read() if restore_state else None
    try:
        source = _open_events(events)  # a named pipe opens when somebody writes to it
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
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
            events=source,
            clock=VirtualClock() if virtual_clock else RealClock(),
            limits=limits,
            save_state=save_state,
            restore_state=state,
            allow_native=allow_native,
            memo=not no_memo,
            board=watched.board,
        )
    except (NoEntry, BadState) as error:
        raise click.ClickException(str(error)) from None
    except BrokenPipeError:
        # Nobody listens: what is left in the buffer goes nowhere, and there is nobody to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
