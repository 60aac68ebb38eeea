"""The modules of a run, or of a session whose snippets keep their names (a REPL).

Takes: programs, one after the other.
Gives: `Kept`: the module objects of each program: those of earlier programs, where nothing of them changed, else new ones; the
sources of all code that may still run; what shows the value of a snippet.
Refuses: to keep a module whose body did not end well, or of whose imports one changed: it is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, replace
from types import CodeType, ModuleType
from typing import Any, Final

from ..guard.names import SHOW
from ..lower.program import Chunk, NativeModule, Program
from ..source import Source
from .builtins import host_function, make_builtins
from .host import Host
from .limits import within
from .loose import TOLD, LooseEnds
from .modules import make_modules
from .output import Output
from .scheduler import Scheduler
from .waiting import Waiting

_LAST: Final = "_"
_OF_THE_HOST: Final = ("std", "host")
"""Kinds of native modules that are the same for programs in whatever place."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A program and its modules, in its order; `fresh` are the indexes of those that are still to run or to be filled."""

    program: Program
    modules: list[ModuleType]
    fresh: frozenset[int]
    keys: Mapping[int, str]


class Kept:
    """The modules of one run or, with `snippets`, of all runs of a session, and what their built-in functions stand on.

    There is one host for all: functions of earlier snippets print and wait through it too.
    """

    def __init__(self, host: Host, *, snippets: bool = False) -> None:
        self.snippets = snippets
        self.output = Output(host)
        self.scheduler = Scheduler(host)
        self.waiting = Waiting(self.scheduler)
        self.loose = LooseEnds(self.scheduler, self.output, snippets=snippets)
        self.context = copy_context()
        self.codes: list[CodeType] = []
        """The code of every module that was taken: functions of earlier ones may be called for ever."""
        self.sources: dict[int, Source] = {}
        """Where code is from, by the identity of its globals; for snippets, which share theirs, of the code object."""
        self.files: dict[str, Source] = {}
        """The same by the file name of the code, where nothing else is known of it."""
        self._builtins = make_builtins(self.scheduler, self.waiting, self.output)
        self._builtins[TOLD] = self.loose.not_awaited
        if snippets:
            self._builtins[SHOW] = host_function(SHOW, self._show_on(self.output), own=True)
        self._entry: ModuleType | None = None
        self._modules: dict[str, ModuleType] = {}
        self._last: Any = None

    def take(self, program: Program) -> Taken:
        """The modules of a program."""
        if self.snippets:
            program = self._distinct(program)
        keys = _keys(program)
        known = {index: self._modules[key] for index, key in keys.items() if key in self._modules}
        fresh = frozenset(range(len(program.modules))) - known.keys()
        if self._entry is not None:
            known[0] = self._entry
        modules = make_modules(program, self._builtins, known)
        if self.snippets:
            self._entry = modules[0]
        for index in fresh:
            chunk = program.modules[index]
            if isinstance(chunk, Chunk):
                self.codes.append(chunk.code)
                places = within(chunk.code) if index == 0 and self.snippets else [modules[index].__dict__]
                self.sources |= dict.fromkeys(map(id, places), chunk.source)
                self.files[chunk.code.co_filename] = chunk.source
        return Taken(program, modules, fresh, keys)

    def _distinct(self, program: Program) -> Program:
        """The program with file names that no earlier code of the session has: a page may give all snippets one name, and a
        module of which the source changed has the name that it had."""
        modules = tuple(
            replace(module, code=_renamed(module.code, f"{module.spec}\0{len(self.codes)}"))
            if isinstance(module, Chunk) and module.code.co_filename in self.files
            else module
            for module in program.modules
        )
        return replace(program, modules=modules)

    def keep(self, taken: Taken, index: int) -> None:
        """A module of a program is complete."""
        if self.snippets and index in taken.keys:
            self._modules[taken.keys[index]] = taken.modules[index]

    def _show_on(self, output: Output) -> Callable[[Any], None]:
        def show(value: Any, /) -> None:
            """Print the value of a snippet and keep it as `_`, which a script's own `_` hides."""
            if value is None:
                return
            output.write("stdout", f"{value!r}\n")
            assert self._entry is not None
            names = self._entry.__dict__
            if names.get(_LAST, self._last) is self._last:
                names[_LAST] = self._last = value

        return show


def _renamed(code: CodeType, name: str) -> CodeType:
    """The same code, of another file."""
    held = tuple(_renamed(one, name) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=name, co_consts=held)


def _keys(program: Program) -> dict[int, str]:
    """What each imported module is known by: where it is, what it says, and the same of all that it imports."""
    keys: dict[int, str] = {}
    for index in program.order:
        module = program.modules[index]
        if index == 0:
            continue
        said = [_where(program, module), module.spec, module.digest]
        if isinstance(module, Chunk):
            said += [keys.get(link.target, "") for link in module.links]
        else:
            said += [module.kind, *module.names]
        keys[index] = hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()
    return keys


def _where(program: Program, module: Chunk | NativeModule) -> str:
    """What a module's spec is relative to: those of one page may be of programs in different places."""
    everywhere = "://" in module.spec if isinstance(module, Chunk) else module.kind in _OF_THE_HOST
    return "" if everywhere else program.root
