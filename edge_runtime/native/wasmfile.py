"""Judges a `.wasm` before any engine sees it: which kind of module it is, and what a script may import from it.

Takes: the bytes of a `.wasm`.
Gives: a `Surface`, every importable name with the export behind it.
Refuses: with one `Refusal` a module that breaks the contract ("ABI version 1", `wasm-abi.md`), wants more than a host
gives, or gives a script nothing. Exports that are no part of the contract never make a module fail: they are not
importable, and `Surface.missing` says why to whoever asks for one.

Rulings where the contract is silent:
- A prefix wins over a bare name: of `add` and `__fn_add`, the second is `add`. Of two prefixed claims to one name, a class
  wins over a constant, and a constant over a function.
- In `__class_<Name>_<method>` both parts may hold underscores. A special method shows where the name ends
  (`__class_My_Vec___init__`: `My_Vec`). Any other method belongs to the longest name that is known so; where none fits,
  the name ends before its first inner underscore. A class needs no constructor; one whose constructor is no function of
  the contract is not importable.
- A name is importable where Python can spell it as it stands (an identifier, no keyword, in NFKC form, at most 255
  characters) and it does not begin with `__`, except `__version__` and `__author__`.
- A plain function with more than 32 parameters or results is not importable, and no module offers more than 5,000 names:
  what a hostile module can make the host build is bounded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Final, Literal

from ..messages import quote
from .binary import Export, Global, Import, Memory, Shape, Signature, read_shape
from .bounds import TooLarge, bounded
from .reader import Malformed

__all__ = [
    "Examined", "Export", "Global", "Import", "Malformed", "Memory", "Refusal", "Shape", "Signature", "Surface",
    "TooLarge", "bounded", "examine", "judge", "read_shape",
]  # fmt: skip

CONTRACT: Final = "ABI version 1, docs/module-authors.md"
NUMBERS: Final = frozenset({"i32", "i64", "f32", "f64"})
MODULE_NAMES: Final = frozenset({"__version__", "__author__"})


def _of_i32(params: int, results: int) -> Signature:
    return Signature(("i32",) * params, ("i32",) * results)


FUNCTION: Final = _of_i32(3, 1)
"""A function, method or constant of the contract: `(argv, argc, out) -> i32`."""

IMPORTS: Final[Mapping[str, Signature]] = {
    "edge_op": _of_i32(7, 1),
    "edge_encode": _of_i32(3, 1),
    "edge_decode": _of_i32(4, 1),
    "edge_release": _of_i32(1, 0),
    "edge_take_error": _of_i32(3, 1),
    "edge_throw": _of_i32(3, 0),
}
"""All that a module of the ABI may import, from `env`."""

_DUTIES: Final[Mapping[str, Signature]] = {
    "__edge_alloc": _of_i32(1, 1),
    "__edge_free": _of_i32(2, 0),
    "__edge_abi_version": _of_i32(0, 1),
}
_PREFIXES: Final = ("__edge_", "__fn_", "__const_", "__class_")
_MAX_NAME: Final = 255
_MAX_NAMES: Final = 5_000
_MAX_NUMBERS: Final = 32
_MAX_THROWN: Final = 16
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a module is not loaded. `reason` completes "cannot load module '…': "; `fix` says what to do."""

    reason: str
    fix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What a module offers, by Python name.

    `functions` and `constants` map a name to its export, `classes` a class to its methods and their exports, `globals` a
    name to its type and export. `signatures` has the types of a plain module's functions. `missing` says of exports why they
    are not importable. `pure`: it exports `__edge_pure`, a constant.
    """

    kind: Literal["abi", "plain"]
    functions: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    globals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    has_free: bool = False
    has_version: bool = False
    pure: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every importable name."""
        return frozenset((*self.functions, *self.constants, *self.classes, *self.globals))


@dataclass(frozen=True, slots=True)
class Examined:
    """A module that may be given to an engine: its surface, and its bytes with bounded memories and tables."""

    surface: Surface
    data: bytes


def examine(spec: str, data: bytes, pages: int) -> Examined | Refusal:
    """Everything that is asked of a `.wasm` before an engine gets it. Never raises."""
    try:
        surface = judge(spec, read_shape(data))
        return surface if isinstance(surface, Refusal) else Examined(surface, bounded(data, pages))
    except Malformed as error:
        return Refusal(str(error), error.fix)
    except TooLarge as error:
        return Refusal(str(error), error.fix)


def judge(spec: str, shape: Shape) -> Surface | Refusal:
    """What a script may import from a module of this shape."""
    unbounded = _judge_memory(spec, shape)
    if unbounded is not None:
        return unbounded
    surface = _judge_abi(spec, shape) if _follows_abi(shape) else _judge_plain(spec, shape)
    if isinstance(surface, Surface) and len(surface.names) > _MAX_NAMES:
        return Refusal(
            f"it exports {len(surface.names)} names, and {_MAX_NAMES} is the limit", f"split {quote(spec)} up"
        )
    return surface


def _judge_memory(spec: str, shape: Shape) -> Refusal | None:
    """What takes memory that no bound in the module's bytes holds (`bounds.py`)."""
    places = [("memory", memory) for memory in shape.memories] + [("table", table.limits) for table in shape.tables]
    for place, limits in places:
        if limits.shared or limits.wide:
            what, flag = ("shared", "threads") if limits.shared else ("64-bit", "memory64")
            return Refusal(
                f"it has a {what} {place}, which no module may have here", f"build {quote(spec)} without {flag}"
            )
    if shape.collects:
        return Refusal(
            "it uses garbage-collected types, whose memory cannot be bounded",
            f"build {quote(spec)} from a language with a memory of its own, such as C, C++ or Rust",
        )
    if any(table.keeps for table in shape.tables):
        return Refusal(
            "it has a table of objects, whose memory cannot be bounded",
            f"keep functions in the tables of {quote(spec)}, and all else in its memory",
        )
    if shape.thrown > _MAX_THROWN:
        return Refusal(
            f"one of its exceptions carries {shape.thrown} values, and {_MAX_THROWN} is the limit",
            "keep them in the module's memory, and throw a pointer",
        )
    return None


def _follows_abi(shape: Shape) -> bool:
    return any(item.module == "env" and item.name.startswith("edge_") for item in shape.imports) or any(
        export.name.startswith(_PREFIXES) for export in shape.exports
    )


def _judge_abi(spec: str, shape: Shape) -> Surface | Refusal:
    beyond = [item for item in shape.imports if item.module != "env" or item.name not in IMPORTS]
    if beyond:
        return _refuse_imports(
            spec, shape, beyond, f"only the six functions of the contract can be imported ({CONTRACT})"
        )
    for item in shape.imports:
        wanted = IMPORTS[item.name]
        if item.type != wanted:
            return Refusal(
                f"it imports 'env.{item.name}' as {_typed(item)}, which is {wanted} in the contract ({CONTRACT})"
            )
    exports = {export.name: export for export in shape.exports}
    if "memory" not in exports or exports["memory"].kind != "memory":
        return Refusal(
            f"it does not export its memory as 'memory' ({CONTRACT})", "export the memory; linkers do by default"
        )
    if "__edge_alloc" not in exports:
        return Refusal(
            f"it does not export '__edge_alloc' ({CONTRACT})",
            "add a function '__edge_alloc' that takes a size and returns a pointer; edge.h brings one",
        )
    for name, wanted in _DUTIES.items():
        if name in exports and exports[name].type != wanted:
            return Refusal(f"its export '{name}' is {_typed(exports[name])}, not {wanted} ({CONTRACT})")
    return _abi_surface(exports)


def _abi_surface(exports: Mapping[str, Export]) -> Surface:
    functions: dict[str, str] = {}
    constants: dict[str, str] = {}
    methods: list[str] = []
    missing: dict[str, str] = {}
    broken: dict[str, str] = {}
    # Why sorted so: `__fn_add` comes after `add` and takes its place.
    for export in sorted(exports.values(), key=lambda export: export.name.startswith("__fn_")):
        prefix = next((prefix for prefix in _PREFIXES if export.name.startswith(prefix)), "")
        name = export.name.removeprefix(prefix)
        other = f"its export {quote(export.name)} is {_typed(export)}, not {FUNCTION} as the functions of the ABI are"
        if prefix == "__class_":
            methods.append(name)
            if export.type != FUNCTION:
                broken[name] = other
        elif prefix == "__edge_" or not _is_importable(name):
            continue
        elif export.type != FUNCTION:
            missing[name] = other
        elif prefix == "__const_":
            constants[name] = export.name
        else:
            functions[name] = export.name
    classes = _classes(methods, broken, missing)
    constants = {name: export for name, export in constants.items() if name not in classes}
    functions = {name: export for name, export in functions.items() if name not in classes and name not in constants}
    taken = {*classes, *constants, *functions}
    return Surface(
        kind="abi",
        functions=functions,
        constants=constants,
        classes=classes,
        missing={name: why for name, why in missing.items() if name not in taken},
        has_free="__edge_free" in exports,
        has_version="__edge_abi_version" in exports,
        pure="__edge_pure" in exports and exports["__edge_pure"].type == FUNCTION,
    )


def _classes(rests: Iterable[str], broken: Mapping[str, str], missing: dict[str, str]) -> dict[str, dict[str, str]]:
    """Classes and their methods, from what follows `__class_`. Those in `broken` are no functions of the contract."""
    split: dict[str, int] = {}  # where the name ends
    others: list[str] = []
    for rest in rests:
        special = rest.rfind("___", 1, len(rest) - 2) if rest.endswith("__") else -1
        if special > 0:
            split[rest] = special
        elif len(rest) <= 2 * _MAX_NAME:
            others.append(rest)
    known = {rest[:at] for rest, at in split.items()}
    for rest in others:
        ends = [at for at in range(1, len(rest) - 1) if rest[at] == "_"]
        split[rest] = next((at for at in reversed(ends) if rest[:at] in known), ends[0] if ends else 0)
    classes: dict[str, dict[str, str]] = {}
    for rest, at in split.items():
        name, method = rest[:at], rest[at + 1 :]
        if not _is_importable(name) or not method.isidentifier():
            continue
        if rest not in broken:
            classes.setdefault(name, {})[method] = f"__class_{rest}"
        elif method == "__init__":
            missing[name] = broken[rest]
    return {name: methods for name, methods in classes.items() if f"{name}___init__" not in broken}


def _judge_plain(spec: str, shape: Shape) -> Surface | Refusal:
    if shape.imports:
        return _refuse_imports(spec, shape, shape.imports, "a plain module gets nothing from outside")
    functions: dict[str, str] = {}
    values: dict[str, tuple[str, str]] = {}
    signatures: dict[str, Signature] = {}
    missing: dict[str, str] = {}
    for export in shape.exports:
        name, kind = export.name, export.type
        if name.startswith("__") and name not in MODULE_NAMES:
            continue
        if not _is_importable(name):
            missing[name] = f"Python cannot spell the name of its export {quote(name)}"
        elif isinstance(kind, Signature):
            foreign = next((type_ for type_ in kind.params + kind.results if type_ not in NUMBERS), None)
            if max(len(kind.params), len(kind.results)) > _MAX_NUMBERS:
                missing[name] = f"its export {quote(name)} has more than {_MAX_NUMBERS} parameters or results"
            elif foreign is None:
                functions[name], signatures[name] = name, kind
            else:
                missing[name] = f"its export {quote(name)} takes or returns {foreign}, and only numbers can be passed"
        elif isinstance(kind, Global) and kind.type in NUMBERS and not kind.mutable:
            values[name] = kind.type, name
        else:
            missing[name] = f"its export {quote(name)} is {_typed(export)}, not a function or a constant number"
    if not functions and not values:
        why = [reason for name, reason in missing.items() if name != "memory"] or ["it exports no function"]
        return Refusal(
            f"it exports nothing that a script can import: {why[0]}",
            "export functions over i32, i64, f32 and f64, or follow the ABI (docs/module-authors.md)",
        )
    return Surface(kind="plain", functions=functions, globals=values, signatures=signatures, missing=missing)


def _refuse_imports(spec: str, shape: Shape, items: Iterable[Import], rule: str) -> Refusal:
    """One refusal for all imports that cannot be had; a function comes first, since it tells more than a memory."""
    items = sorted(items, key=lambda item: item.kind != "function")
    first = items[0]
    if first.kind == "memory":
        return Refusal(
            f"it imports its memory ({_named(first)}), and every module here has a memory of its own",
            f"link {quote(spec)} so that it exports its memory (without --import-memory)",
        )
    shown = ", ".join(map(_named, items[:_SHOWN])) + (f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else "")
    return Refusal(f"it imports {shown}; {rule}", _advice(spec, shape, first))


def _advice(spec: str, shape: Shape, item: Import) -> str:
    if item.module.startswith("wasi"):
        return (
            f"build {quote(spec)} without WASI, for example for wasm32-unknown-unknown: no files, no clock, no printing"
        )
    if "wbindgen" in item.module or item.module == "wbg":
        return f"build {quote(spec)} without wasm-bindgen, whose functions are JavaScript"
    if "dylink.0" in shape.customs or item.module.startswith("GOT."):
        return f"link {quote(spec)} as a module of its own, not as a part of another (no side module, no -fPIC)"
    return f"define {quote(item.name)} in the module itself, or link the library that does"


def _named(item: Import) -> str:
    return quote(f"{item.module}.{item.name}")


def _typed(item: Import | Export) -> str:
    match item.type:
        case Signature():
            return str(item.type)
        case Global(type=type_, mutable=mutable):
            return f"a {'variable' if mutable else 'constant'} {type_}"
    return f"a {item.kind}"


def _is_importable(name: str) -> bool:
    if len(name) > _MAX_NAME or (name.startswith("__") and name not in MODULE_NAMES):
        return False
    return name.isidentifier() and not iskeyword(name) and unicodedata.normalize("NFKC", name) == name
