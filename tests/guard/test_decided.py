"""Every node, `__x__` name and attribute of each supported Python has been decided on, and the guard does what was decided.

Takes: `tests/guard/decided/*.toml`; the running interpreter, and those of Pyodide 3.12 to 3.14.
Gives: a failure that says for each new name in which file to decide what.
Refuses: a table that says two things of one name, or whose example is none.
"""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tests.guard.decisions import (
    attributes,
    contradictions,
    dunders,
    examples,
    node_names,
    nodes,
    questions,
    table,
    undecided,
)
from tests.guard.interpreter import surface, verdicts
from tests.support.pyodides import VERSIONS, RunIn

ALL = ("native", *VERSIONS)


@pytest.fixture(scope="module", params=ALL)
def python(request: pytest.FixtureRequest, run_in: RunIn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What one Python has, and what the guard says there."""
    if request.param == "native":
        ours = surface()
        return ours, verdicts(questions(ours))
    theirs = run_in(request.param, "tests.guard.interpreter:surface")
    return theirs, run_in(request.param, "tests.guard.interpreter:verdicts", questions(theirs))


def test_nothing_is_undecided(python: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert undecided(python[0]) == []


def test_the_guard_does_what_was_decided(python: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert contradictions(python[1]) == []


def test_the_guard_knows_no_other_node() -> None:
    """A rule for a node that the table refuses would be a decision that nobody wrote down."""
    from edge_runtime.guard.rules import RULES

    taken = {name for name, verdict in nodes().items() if verdict == "taken"}
    assert {cls.__name__ for cls in RULES} <= taken


def test_each_example_has_its_node() -> None:
    for name, (source, _) in examples().items():
        if hasattr(ast, name):  # an older Python cannot parse the newer examples
            assert name in node_names(source), name


def test_the_tables_name_each_thing_once() -> None:
    rows = table("nodes")
    listed = [*rows["parts"].split(), *rows["never"].split(), *rows["taken"], *rows["refused"]]
    assert len(listed) == len(set(listed)) == len(nodes())
    words = [name for row in table("dunders")["names"] for name in row["list"].split()]
    assert len(words) == len(set(words)) == len(dunders())
    seen: dict[str, str] = {}
    for names in attributes().values():
        for name, verdict in names.items():
            assert seen.setdefault(name, verdict) == verdict, name


def test_what_is_new_is_found() -> None:
    """As on a Python of tomorrow."""
    new = {
        "python": "3.99",
        "nodes": ["Teleport"],
        "dunders": ["__teleport__"],
        "attributes": {"generator": ["gi_state"], "portal": ["to"]},
    }
    found = undecided(new)
    assert [sentence.partition(".")[0] for sentence in found] == ["nodes", "dunders", "attributes", "attributes"]
    assert "Python 3.99 has generator.gi_state" in found[2]


def test_what_the_guard_does_otherwise_is_found() -> None:
    ours = surface()
    answers = verdicts(questions(ours))
    answers["names"]["__mro__"] = ["read"]
    answers["names"]["gi_frame"] = ["read"]
    answers["examples"]["Name"] = "unknown-node"
    found = contradictions(answers)
    assert any(sentence.startswith("dunders.toml says of __mro__: refused") for sentence in found)
    assert any(sentence.startswith("attributes.toml says of generator.gi_frame: hidden") for sentence in found)
    assert any(sentence.startswith("nodes.toml says of Name: taken") for sentence in found)
