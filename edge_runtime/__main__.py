"""`python -m edge_runtime` is the `edge` command."""

from .cli.main import main

main(prog_name="edge")
