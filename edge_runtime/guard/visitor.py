"""The language guard: every node of a module's tree, against one named rule.

Takes: a parsed module.
Gives: a diagnostic for each construct that the dialect refuses, at its exact characters; where there is none, the tree is
rewritten so that the guards at run time see what names alone do not decide (`rewrites.py`).
Refuses: by default; a node class that is not in the table (a newer Python's syntax) is refused by its name.

The walk keeps its own stack, so that no depth of nesting meets the interpreter's, and refuses what is deeper than
`MAX_DEPTH`. What it asks of each node stands in `rules.py`.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from ..diagnostics import Diagnostic, problem
from ..source import Source, Span
from ..syntax.depth import MAX_DEPTH
from ..syntax.parse import Parsed, node_span
from .names import METHODS, REFUSED_BUILTINS, instead, is_dunder
from .rewrites import (
    call_directly,
    guard_call_of_format,
    guard_load,
    guard_place,
    guard_value,
    hide_parameters,
    iterate,
    judge_captures,
    let_cancelled_through,
    make_plain,
    read_moment,
    use_real_class,
    use_real_type,
    wait_later,
)
from .rules import INSTEAD_OF_METACLASS, INSTEAD_OF_NODES, RULES


def check(parsed: Parsed, *, keep: bool = False) -> tuple[Diagnostic, ...]:
    """Everything in a module that the dialect refuses, in the order of the text. `keep`: it is a snippet, whose names may have
    been bound before."""
    walk = Walk(parsed.source)
    walk.starred = keep
    walk.run(parsed.tree)
    if not walk.problems:
        walk.rewrite()
    return tuple(
        sorted(walk.problems, key=lambda found: (found.span.line, found.span.column) if found.span else (0, 0))
    )


MAX_BLOCKS: Final = 20
"""`try`, `with` and comprehensions within each other: CPython's own limit for the first two."""


class Walk:
    """One pass. `scope` is `module`, `class` or `function`: where a name would be bound."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        self.bound: set[str] = set()
        self.refused_reads: list[ast.Name] = []
        self.type_bases: list[ast.Name] = []
        self.classes: set[str] = set()
        self.starred = False
        self.guarded: list[ast.Attribute] = []
        self.places: list[ast.Attribute] = []
        self.receivers: set[int] = set()  # nodes whose value goes nowhere: an attribute of it is asked for
        self.called: set[int] = set()  # `format` of something, of which is made nothing but a call
        self.type_calls: list[tuple[list[ast.Call], list[ast.Name], bool]] = []
        self.direct: list[ast.Call] = []
        self.slots: list[ast.Assign] = []
        self.moments: list[ast.Attribute] = []
        self.compared: set[int] = set()  # attributes in patterns
        self.objects: list[ast.Call] = []
        self.captures: list[tuple[ast.match_case, list[str]]] = []
        self.generic: list[ast.ClassDef] = []
        self.awaited: list[ast.Await] = []
        self.iterated: list[ast.AsyncFor | ast.comprehension] = []
        self.handled: list[tuple[ast.Try, list[ast.Name] | None]] = []
        self.blocks: list[Any] = []
        self.scope = "module"
        self.targets: list[ast.AST] = []

    def run(self, tree: ast.Module) -> None:
        """Judge every node."""
        rules, name_node, load, constant = RULES, ast.Name, ast.Load, ast.Constant
        stack: list[tuple[Any, int, str]] = [(tree, 0, "module")]
        push = stack.append
        while stack:
            node, depth, scope = stack.pop()
            kind = type(node)
            if kind is name_node:  # this and the next are two of three nodes
                name = node.id
                if type(node.ctx) is load and name not in REFUSED_BUILTINS and name[:2] != "__":
                    continue
            elif kind is constant:
                continue
            entry = rules.get(kind)
            if entry is None:
                self.refuse(node, "unknown-node", fix=INSTEAD_OF_NODES.get(kind.__name__), node=kind.__name__)
                continue
            rule, fields, inner = entry
            if rule is not None:
                self.scope = scope
                rule(self, node)
                while self.targets:
                    push((self.targets.pop(), depth + 1, scope))
            if depth > MAX_DEPTH:
                self.refuse(node, "too-deep", limit=MAX_DEPTH)
                return
            if inner is not None:
                scope = inner
            depth += 1
            for name in fields:
                child = getattr(node, name)
                if type(child) is list:
                    for item in child:
                        if item is not None:
                            push((item, depth, scope))
                elif child is not None:
                    push((child, depth, scope))
        self._look_back()

    def _look_back(self) -> None:
        """Judge what depends on the names that the whole module binds."""
        for read in self.refused_reads:
            if read.id not in self.bound:
                self.refuse(read, "builtin-refused", fix=REFUSED_BUILTINS[read.id], name=read.id)
        if "type" not in self.bound and not self.starred:
            for base in self.type_bases:
                self.refuse(base, "metaclass", fix=INSTEAD_OF_METACLASS)
        self._count_blocks()

    def _count_blocks(self) -> None:
        """CPython's compiler keeps `try`, `with` and, from 3.12 on, comprehensions on a list of fixed length, and writes beyond
        it where comprehensions are nested deeper."""
        if len(self.blocks) <= MAX_BLOCKS:
            return
        ends: list[tuple[int, int]] = []
        for node in sorted(self.blocks, key=lambda block: (block.lineno, block.col_offset)):
            while ends and ends[-1] <= (node.lineno, node.col_offset):
                ends.pop()
            ends.append((node.end_lineno, node.end_col_offset))
            if len(ends) > MAX_BLOCKS:
                self.refuse(node, "too-deep", limit=MAX_BLOCKS)
                return

    def rewrite(self) -> None:
        """Change the tree as the walk found it needs."""
        for attribute in self.guarded:
            if id(attribute) not in self.receivers:
                (guard_call_of_format if id(attribute) in self.called else guard_load)(attribute)
        for attribute in self.places:
            guard_place(attribute)
        for assignment in self.slots:
            guard_value(assignment, "<slots>")
        for case, names in self.captures:
            judge_captures(case, names)
        for statement in self.generic:
            hide_parameters(statement)
        self._rewrite_waiting()
        self._rewrite_calls()
        if "type" not in self.bound and not self.starred:
            for calls, operands, identity in self.type_calls:
                asked = [call.args[0] for call in calls]
                if not operands and any(type(one) is ast.Name and one.id not in self.bound for one in asked):
                    continue  # two built-in functions are of one class to a script
                if any(name.id == "object" for name in operands):
                    continue  # what `object()` makes says that this is its class
                if all(name.id not in self.bound or (identity and name.id in self.classes) for name in operands):
                    for call in calls:
                        use_real_type(call)
                    if not identity:
                        for name in operands:
                            use_real_class(name)
        self._rewrite_for_replay()

    def _rewrite_for_replay(self) -> None:
        for moment in self.moments:
            read_moment(moment)
        if "object" not in self.bound and not self.starred:
            for call in self.objects:
                make_plain(call)

    def _rewrite_calls(self) -> None:
        """Names that the module does not bind are those of the built-in functions."""
        for call in () if self.starred else self.direct:
            if call.func.id not in self.bound:  # type: ignore[attr-defined] # a name
                call_directly(call)

    def _rewrite_waiting(self) -> None:
        for wait in self.awaited:
            wait_later(wait)
        for loop in self.iterated:
            iterate(loop)
        for attempt, names in self.handled:
            if names is None or self.starred or any(name.id in self.bound for name in names):
                let_cancelled_through(attempt)
            else:
                for name in names:
                    use_real_class(name)

    def refuse(
        self, where: ast.AST, code: str, /, *, fix: str | None = None, span: Span | None = None, **fields: Any
    ) -> None:
        self.problems.append(problem(code, self.source, span or node_span(self.source, where), fix=fix, **fields))

    def bind(self, node: ast.AST, name: str | None, behind: str = "") -> None:
        """A name that is bound by any form; in a statement that begins with a keyword it stands `behind` that."""
        if name is None:
            return
        self.bound.add(name)
        if name.startswith("__") and is_dunder(name) and name not in METHODS:
            code, fields = ("finaliser", {}) if name == "__del__" else ("name-refused", {"name": name})
            self.refuse(node, code, span=self._behind(node, behind, name), fix=instead(name), **fields)

    def _behind(self, node: ast.AST, keyword: str, name: str) -> Span | None:
        """The span of a name behind a keyword at the start of a node (`def name`, `class name`)."""
        if not keyword:
            return None
        span = node_span(self.source, node)
        at = self.source.line(span.line).find(name, span.column - 1 + len(keyword))
        return Span(span.line, at + 1, span.line, at + 1 + len(name)) if at >= 0 else None
