"""The tables of `tests/guard/decided/`, and what they leave open for an interpreter.

Takes: the tables; what `interpreter.surface` says of a version of Python; what `interpreter.verdicts` says of the guard.
Gives: `undecided`: a sentence for each name that a table lacks, with the file and what to write there; `contradictions`: for each
name of which table and guard say different things.
Refuses: to decide. A name gets its row from somebody who has thought about it.
"""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).with_name("decided")


@cache
def table(name: str) -> dict[str, Any]:
    """One of the tables: `nodes`, `dunders`, `attributes`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def nodes() -> dict[str, str]:
    """Each node's verdict: `part`, `never`, `taken`, `refused`."""
    rows = table("nodes")
    found = dict.fromkeys(rows["parts"].split(), "part") | dict.fromkeys(rows["never"].split(), "never")
    return found | dict.fromkeys(rows["taken"], "taken") | dict.fromkeys(rows["refused"], "refused")


def dunders() -> dict[str, tuple[str, ...]]:
    """Each `__x__` name's uses."""
    return {name: tuple(row["uses"].split()) for row in table("dunders")["names"] for name in row["list"].split()}


def attributes() -> dict[str, dict[str, str]]:
    """The verdict of each attribute, `open` or `hidden`, by type."""
    return {
        kind: {name: verdict for verdict, names in row.items() for name in names.split()}
        for kind, row in table("attributes").items()
    }


def examples() -> dict[str, tuple[str, str]]:
    """Each node's example, and whether it is `taken` or `refused`."""
    rows = table("nodes")
    taken = {name: (source, "taken") for name, source in rows["taken"].items()}
    return taken | {name: (row["example"], "refused") for name, row in rows["refused"].items()}


def undecided(surface: dict[str, Any]) -> list[str]:
    """What this Python has and the tables do not."""
    python = surface["python"]
    found = [
        f"nodes.toml: Python {python} has the syntax node {name}. Add an example under [taken], with a rule in "
        "edge_runtime/guard/rules.py that judges its names and parts; or under [refused], with the reason"
        for name in surface["nodes"]
        if name not in nodes()
    ]
    found += [
        f"dunders.toml: Python {python} has {name}. Add it to the list of those with the same uses; if it is to be "
        "read, written or defined, to the table in edge_runtime/guard/names.py as well"
        for name in surface["dunders"]
        if name not in dunders()
    ]
    found += [
        f"attributes.toml: Python {python} has {kind}.{name}. Add it under [{kind}] as open; or as hidden, and to the "
        "words in edge_runtime/guard/names.py, if it leads from an object to what is behind"
        for kind, names in surface["attributes"].items()
        for name in names
        if name not in attributes().get(kind, {})
    ]
    return found


def contradictions(guard: dict[str, Any]) -> list[str]:
    """Where the guard does not do what the tables say. `guard` is the answer to `questions`."""
    found = []
    for name, uses in dunders().items():
        if set(guard["names"][name]) != set(uses):
            found.append(
                f"dunders.toml says of {name}: {_listed(uses)}. The guard says: {_listed(guard['names'][name])}"
            )
    for kind, names in attributes().items():
        for name, verdict in names.items():
            if ("read" in guard["names"][name]) != (verdict == "open"):
                found.append(f"attributes.toml says of {kind}.{name}: {verdict}. The guard says the opposite")
    for name, (_, verdict) in examples().items():
        if name in guard["examples"] and (guard["examples"][name] is None) != (verdict == "taken"):
            found.append(f"nodes.toml says of {name}: {verdict}. The guard says: {guard['examples'][name] or 'taken'}")
    return found


def questions(surface: dict[str, Any]) -> dict[str, Any]:
    """What to ask `interpreter.verdicts`: every name; the examples of the nodes that this Python has."""
    names = {*dunders(), *(name for row in attributes().values() for name in row)}
    return {
        "names": sorted(names),
        "examples": {name: source for name, (source, _) in examples().items() if name in surface["nodes"]},
    }


def node_names(source: str) -> set[str]:
    """The classes of the nodes in a program."""
    return {type(node).__name__ for node in ast.walk(ast.parse(source))}


def _listed(uses: Any) -> str:
    return " ".join(uses) or "refused"
