"""Compiled modules as bytes, which a page keeps for the next visit.

Takes: the modules of a program that was built; or the bytes that another engine made of them.
Gives: `pack`: bytes; `unpack`: what a `Session` asks before it parses (`stored`).
Refuses: bytes of another format or another Python, and what is not of the shape: such a module is parsed and compiled as ever.

A record says everything of a module that the linker and the machine need, so that neither parser nor compiler sees it again. It
holds code that nobody judges a second time. So it is used only where nobody but a page could have written it, which checks its
digest, its build and its options (web/page/codes.js): the command line never reads one. docs/security.md has the argument.
"""

from __future__ import annotations

import ast
import marshal
import sys
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any, Final

from ..lower.lowering import with_steady_sets
from ..pipeline import Session, Stored
from ..source import Source, Span
from ..syntax.parse import Import, ImportedName, Parsed

_MARK: Final = f"edge code 2 {sys.implementation.cache_tag} {marshal.version} {sys.hexversion:x}\n".encode()
_GONE: Final = ast.Import(names=[])
"""In the place of a statement: the code was made of it already."""


def pack(session: Session, modules: Iterable[tuple[str, str]]) -> bytes:
    """The modules of these (spec, digest), as far as they compiled."""
    records: dict[tuple[str, str], bytes] = {}
    plainer: dict[tuple[str, str], list[tuple[tuple[int, ...], CodeType]]] = {}
    for (spec, digest, folded), less in session.plainer.items():
        plainer.setdefault((spec, digest), []).append((folded, less))
    for key in modules:
        parsed, code = session.parsed.get(key), session.compiled.get(key)
        if not isinstance(parsed, Parsed) or not isinstance(code, CodeType) or parsed.problems:
            continue
        try:
            facts = _imports(parsed), tuple(parsed.names), parsed.all_names, parsed.future
            records[key] = marshal.dumps((*facts, code, tuple(plainer.get(key, ()))))
        except ValueError:
            continue  # a constant that is no plain data: this module is compiled anew each time
    return _MARK + marshal.dumps(records)


def unpack(data: bytes) -> Callable[[Source, str], Stored | None] | None:
    """What there is of modules; None where these are no records of this format and Python."""
    if not data.startswith(_MARK):
        return None
    try:
        records = marshal.loads(data[len(_MARK) :])  # noqa: S302 - the page has checked whose they are
    except (ValueError, EOFError, TypeError):
        return None
    if not isinstance(records, dict):
        return None

    def stored(source: Source, digest: str) -> Stored | None:
        record = records.get((source.spec, digest))
        try:
            return None if record is None else _module(source, marshal.loads(record))  # noqa: S302 - as above
        except (ValueError, EOFError, TypeError):
            return None

    return stored


def _imports(parsed: Parsed) -> tuple[Any, ...]:
    return tuple(
        (
            item.spec,
            (item.span.line, item.span.column, item.span.end_line, item.span.end_column),
            tuple((name.name, name.bound) for name in item.names),
            item.star,
            item.bound,
            item.top,
        )
        for item in parsed.imports
    )


def _module(source: Source, record: Any) -> Stored:
    """Raises a `ValueError` or `TypeError` where the record is not of the shape."""
    imports, names, all_names, future, code, pairs = record
    plainer = dict(pairs)
    if not all(isinstance(one, CodeType) and one.co_filename == source.spec for one in (code, *plainer.values())):
        raise ValueError("this is not the module's code")
    parsed = Parsed(
        source=source,
        tree=ast.Module(body=[], type_ignores=[]),
        imports=tuple(
            Import(spec, Span(*span), _GONE, tuple(ImportedName(*pair) for pair in taken), star, bound, top)
            for spec, span, taken, star, bound, top in imports
        ),
        names=frozenset(names),
        all_names=all_names,
        future=future,
        problems=(),
    )
    return parsed, with_steady_sets(code), {folded: with_steady_sets(less) for folded, less in plainer.items()}
