"""`edge`: the command and its verbs.

Takes: the command line. Gives: the verbs, and `edge FILE` for `edge run FILE`. Refuses: unknown verbs, with the list.
"""

from __future__ import annotations

import click

from .. import __version__
from .run import run


class _Verbs(click.Group):
    """`edge main.py` means `edge run main.py`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0].endswith(".py"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="edge")
def main() -> None:
    """Run Edge Python programs."""


main.add_command(run)
