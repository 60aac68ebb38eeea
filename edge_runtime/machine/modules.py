"""Module objects of one run.

Takes: a program, its built-ins; for native modules, the host's attributes.
Gives: a module object for every module, shared by all importers, with its own names and nothing of the runtime's.
Refuses: `import_module` of what the program does not import statically.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

from ..lower.folding import slot_name
from ..lower.lowering import FROM, STAR, module_name
from ..lower.program import Chunk, NativeModule, Program
from .builtins import cannot_import, from_module, host_function
from .memo import make_tables

_MAIN: Final = "__main__"
_IMPORT_MODULE: Final = "import_module"


def make_modules(program: Program, builtins: dict[str, Any], known: Mapping[int, ModuleType]) -> list[ModuleType]:
    """The modules of a run, in the program's order: those that are known from earlier runs, the others empty.

    The entry has built-ins of its own each time: code of earlier ones goes on with theirs, and finds there what it imported.
    """
    modules = [known.get(index) or _empty(index, module) for index, module in enumerate(program.modules)]
    builtins = builtins | {FROM: from_module(modules)}
    for index, module in enumerate(program.modules):
        if isinstance(module, Chunk) and (index == 0 or index not in known):
            _link(modules[index], module, modules, builtins)
    return modules


def _empty(index: int, module: Chunk | NativeModule) -> ModuleType:
    made = ModuleType(_MAIN if index == 0 else module.spec)
    for name in ("__loader__", "__package__", "__spec__"):
        del made.__dict__[name]
    return made


def fill_native(made: ModuleType, module: NativeModule, attributes: Mapping[str, Any]) -> None:
    """Put a native module's attributes into it: those that the linker knew of, whatever else the host brought."""
    for name in (*module.names, *module.constants):
        made.__dict__[name] = attributes[name]


def fill_slots(made: ModuleType, chunk: Chunk, modules: Sequence[ModuleType]) -> None:
    """What a chunk's functions read from modules that have run by now goes beside its built-ins."""
    if chunk.slots:
        own = made.__dict__["__builtins__"]
        for position, name in chunk.slots:
            own[slot_name(position, name)] = modules[chunk.links[position].target].__dict__[name]


def _link(made: ModuleType, chunk: Chunk, modules: list[ModuleType], builtins: dict[str, Any]) -> None:
    """Built-ins of the module's own: those of the run, and the modules that its imports mean."""
    own = builtins.copy()
    for position, link in enumerate(chunk.links):
        own[module_name(position)] = modules[link.target]
    if any(link.star is not None for link in chunk.links):
        own[STAR] = _star_importer(made, chunk, modules)
    if _IMPORT_MODULE in chunk.source.text:
        own[_IMPORT_MODULE] = host_function(_IMPORT_MODULE, _module_importer(made, chunk, modules, own))
    made.__dict__["__builtins__"] = own
    make_tables(chunk.code, made.__dict__, own)


def _star_importer(made: ModuleType, chunk: Chunk, modules: list[ModuleType]) -> Callable[[int], None]:
    def star(position: int) -> None:
        link = chunk.links[position]
        source = modules[link.target]
        for name in link.star or ():
            try:
                made.__dict__[name] = source.__dict__[name]
            except KeyError:
                raise cannot_import(source, name) from None

    return star


def _module_importer(
    made: ModuleType, chunk: Chunk, modules: list[ModuleType], builtins: dict[str, Any]
) -> Callable[[str], ModuleType]:
    def import_module(name: str, /) -> ModuleType:
        """A module that this program imports, by its spec or alias."""
        if type(name) is not str:
            raise TypeError(f"import_module() argument must be str, not {type(name).__name__}")
        index = chunk.names.get(name)
        if index is not None:
            return modules[index]
        missing = object()
        value = made.__dict__.get(name, builtins.get(name, missing)) if name.isidentifier() else missing
        if isinstance(value, ModuleType) and any(value is module for module in modules):
            return value
        if value is missing:
            raise NameError(f"module {name!r} is not imported by this program", name=name)
        raise TypeError(f"{name!r} is not a module")

    return import_module
