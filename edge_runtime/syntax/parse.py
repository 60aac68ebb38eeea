"""Source to tree, with imports by quoted specs.

Takes: a `Source`.
Gives: `Parsed`: the parser's tree (quoted specs stand in it as identifiers of their own length), the imports with their
specs and spans, the names that the top level binds.
Refuses: what Python's parser refuses, with its own message, and code too deep for it, as diagnostics.
"""

from __future__ import annotations
import __future__

import ast
import keyword
import re
import warnings
from dataclasses import dataclass
from typing import Final

from ..diagnostics import Diagnostic, problem
from ..source import Source, Span
from .depth import MAX_DEPTH, PARSER_DEPTH, seems_too_deep
from .exports import FUTURE, ImportNode, outline
from .scan import QuotedSpec, Scan, scan


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name of a `from` import: what it is called there, what it is bound to here."""

    name: str
    bound: str


@dataclass(frozen=True, slots=True)
class Import:
    """One spec that a module imports. `names` is empty for `import X` and for a star; `top`: outside functions and classes."""

    spec: str
    span: Span
    node: ImportNode
    names: tuple[ImportedName, ...]
    star: bool
    bound: str | None
    top: bool


@dataclass(frozen=True, slots=True)
class Parsed:
    """A module that parsed. `future` are the `from __future__` features that it asks for."""

    source: Source
    tree: ast.Module
    imports: tuple[Import, ...]
    names: frozenset[str]
    all_names: tuple[str, ...] | None
    future: tuple[str, ...]
    problems: tuple[Diagnostic, ...]


_MODULE_NAME: Final = re.compile(r"from(?:[ \t\f]|\\\n)+([\w.]+)")


def parse(source: Source) -> Parsed | tuple[Diagnostic, ...]:
    """Parse a module, or say why not."""
    scanned = scan(source)
    if scanned.problems:
        return scanned.problems
    zero = source.text.find("\0")
    if zero >= 0:
        line, column = source.text.count("\n", 0, zero) + 1, zero - source.text.rfind("\n", 0, zero)
        return (problem("is-binary", source, Span(line, column, line, column + 1), spec=source.spec),)
    deep = seems_too_deep(scanned.text)
    if deep is not None:
        return (problem("too-deep", source, deep, limit=MAX_DEPTH),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # CPython's SyntaxWarnings go to stderr, which is not the script's
            tree = ast.parse(scanned.text)
    except SyntaxError as error:
        return (syntax_problem(source, error),)
    except (RecursionError, MemoryError):
        return (problem("too-deep", source, Span(1, 1, 1, 2), limit=PARSER_DEPTH),)
    found = outline(tree, walrus=":=" in source.text)
    imports: list[Import] = []
    future: list[str] = []
    problems: list[Diagnostic] = []
    for node, top in found.imports:
        _read_import(source, scanned, node, top, imports, future, problems)
    return Parsed(source, tree, tuple(imports), found.names, found.all_names, tuple(future), tuple(problems))


def _read_import(
    source: Source,
    scanned: Scan,
    node: ImportNode,
    top: bool,
    imports: list[Import],
    future: list[str],
    problems: list[Diagnostic],
) -> None:
    """Turn one statement into the specs that it asks for, or into problems of its form."""
    if isinstance(node, ast.ImportFrom):
        quoted = scanned.quoted.get((node.lineno, node.col_offset))
        if quoted is None and (node.level or not node.module):
            span = node_span(source, node)
            problems.append(problem("relative-import", source, span, fix='name the file: from "./name.py" import …'))
            return
        if quoted is None and node.module == FUTURE:
            _read_future(source, node, future, problems)
            return
        spec, span = (quoted.value, quoted.span) if quoted else (node.module or "", _module_span(source, node))
        star = node.names[0].name == "*"
        if star and not top:
            problems.append(problem("star-not-top", source, node_span(source, node)))
        names = () if star else tuple(ImportedName(alias.name, alias.asname or alias.name) for alias in node.names)
        imports.append(Import(spec, span, node, names, star, None, top))
        return
    for alias in node.names:
        quoted = scanned.quoted.get((alias.lineno, alias.col_offset))
        spec, span = (quoted.value, quoted.span) if quoted else (alias.name, _name_span(source, alias))
        if alias.asname is None and (quoted or "." in alias.name):
            problems.append(_needs_as(source, span, alias.name, quoted))
            alias.asname = "module"  # the guard is not to judge the stand-in for the string
            continue
        imports.append(Import(spec, span, node, (), star=False, bound=alias.asname or alias.name, top=top))


def _read_future(source: Source, node: ast.ImportFrom, future: list[str], problems: list[Diagnostic]) -> None:
    for alias in node.names:
        if alias.name in __future__.all_feature_names:
            future.append(alias.name)
        else:
            problems.append(problem("future-unknown", source, node_span(source, alias), name=alias.name))


def _needs_as(source: Source, span: Span, name: str, quoted: QuotedSpec | None) -> Diagnostic:
    if quoted is None:
        fix = f"import {name} as {name.rpartition('.')[2]}"
        return problem("dotted-needs-as", source, span, fix=fix, statement=f"import {name}")
    stem = re.sub(r"\W+", "_", quoted.value.rpartition("/")[2].partition(".")[0])
    stem = stem if stem.isidentifier() and not keyword.iskeyword(stem) else "module"
    return problem("quoted-needs-as", source, span, fix=f'import "{quoted.value}" as {stem}')


def _module_span(source: Source, node: ast.ImportFrom) -> Span:
    """Where the bare name of a `from` import stands: the tree does not say, the text behind `from` does."""
    line = source.line(node.lineno)
    start = source.column(node.lineno, node.col_offset)
    match = _MODULE_NAME.match(line, start - 1)
    if match:
        return Span(node.lineno, match.start(1) + 1, node.lineno, match.end(1) + 1)
    return Span(node.lineno, start, node.lineno, start + 4)


def _name_span(source: Source, alias: ast.alias) -> Span:
    start = source.column(alias.lineno, alias.col_offset)
    return Span(alias.lineno, start, alias.lineno, start + len(alias.name))


def node_span(source: Source, node: ast.AST) -> Span:
    """The span of a node that has a place."""
    line, end_line = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    return Span(
        line,
        source.column(line, getattr(node, "col_offset", 0)),
        end_line,
        source.column(end_line, getattr(node, "end_col_offset", 1)),
    )


def syntax_problem(source: Source, error: SyntaxError) -> Diagnostic:
    """CPython's own syntax error, its place taken over."""
    line = error.lineno or 1
    column = max(1, error.offset or 1)
    end_line = error.end_lineno or line
    end_column = error.end_offset or 0
    if end_line < line or (end_line == line and end_column <= column):
        end_line, end_column = line, column + 1
    return Diagnostic(
        code="syntax",
        message=error.msg,
        spec=source.spec,
        span=Span(line, column, end_line, end_column),
        text=source.line(line),
    )
