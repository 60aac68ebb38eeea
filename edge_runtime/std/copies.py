"""Private copies of CPython's Python modules.

Takes: the streams of a run, at once or later (`ahead.py`).
Gives: modules that behave as CPython's, made for this run alone by executing CPython's own code once more.
Refuses: to hand out the process's modules where a script could change something through them: a copy has built-ins, an
`import`, a `sys` and a `builtins` module of its own. Text is executed only as `text.py` allows.

Why copies: Python classes and functions can be written to (`Counter.x = 1`), and a guard that noticed each write would
cost every attribute assignment. Executing the code again costs a few milliseconds a module, once a run, on demand; what
was compiled is kept in the process. Their code is rewritten so that it meets the same guards as a script's
(`rewriting.py`). Modules in C are shared.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, ModuleType
from typing import Any, Final

from ..guard.classes import library_build_class
from ..guard.sealed import Sealed
from ..lower.lowering import FROM
from . import NAMES, attributes, exports, generics, rewriting, table
from .stand_ins import stand_ins
from .streams import Streams, printer
from .text import checked_compile, checked_eval, checked_exec
from .typing_for_c import COPIES

PRIVATE: Final = frozenset(
    "abc _collections_abc annotationlib base64 calendar collections collections.abc contextlib copy copyreg dataclasses "
    "enum fractions functools hashlib heapq inspect json numbers operator pprint random re reprlib statistics string "
    "textwrap types typing weakref _weakrefset".split()
)
"""Modules in Python whose objects reach scripts. Their submodules are copied with them."""

_ALIASES: Final = {"collections.abc": "_collections_abc"}
_PATCHED: Final = NAMES | {"annotationlib", "numbers"}
_SHARED: Final = {"json.decoder": ("JSONDecodeError",), "re._constants": ("error", "PatternError")}
"""Exceptions that C code raises: the copy uses the process's class, so that `except` finds it."""

_AS_THEY_ARE: Final = {"inspect": "it looks behind functions for `dataclass` and `typing`, and no script gets at it"}
"""Modules that read and write attributes without a guard."""

_NOT_CONCERNED: Final = frozenset("re._casefix re._compiler re._constants re._parser weakref _weakrefset".split())
"""Modules that work on texts and numbers, or on objects that only other copies have: rewriting them would cost 40 ms."""

_REAL_TYPES: Final = frozenset({"copy", "copyreg", "re"})
"""Modules that only look classes up: by `type(x)` as it is, because a class is of the real `type`. `re` does so to find a pattern
in its cache, in each `search` and `match`: where a judged `type` made the call a third slower."""

_WITHHELD: Final = """
    open eval exec compile input breakpoint exit quit help copyright credits license __import__ __loader__ __spec__
""".split()


class NoRun(Exception, metaclass=Sealed):
    """A module that is made ahead of its run asked for something of the run."""


class Copies:
    """The copies of one run, by name."""

    def __init__(self) -> None:
        self.modules = _Modules()
        self.modules.update(stand_ins(self.modules, self._seed, self.load))
        self.sys: Any = self.modules["sys"]
        self._stand_ins = frozenset(self.modules)
        self.builtins: dict[str, Any] = {
            name: value for name, value in builtins.__dict__.items() if name not in _WITHHELD
        } | {
            "__import__": self._import,
            "print": printer(lambda: self.sys.stdout),
            "exec": checked_exec,
            "eval": checked_eval,
            "compile": checked_compile,
            "__build_class__": library_build_class,
        }
        self.unguarded = self.builtins.copy()
        self.builtins.update(attributes.helpers(self.modules))
        self.unguarded[COPIES] = self.builtins[COPIES] = self
        self.made: list[str] = []
        """The modules of the run, each after those that it needs; without what the script's own calls made."""
        self._streams: Streams | None = None
        self._ahead: dict[str, ModuleType] = {}
        self._needs: dict[str, list[str]] = {}
        self._asking: list[list[str]] = []
        self._handing_out = False

    def serve(self, streams: Streams) -> None:
        """From now on they are this run's. What was made ahead comes to its modules when it is asked for."""
        self._streams = streams
        self.sys.__dict__.update(stdout=streams.stdout, stderr=streams.stderr, stdin=streams.stdin)
        for name in self.modules.keys() - self._stand_ins:
            self._ahead[name] = self.modules.pop(name)
        self.made = []

    @contextmanager
    def handing_out(self) -> Iterator[None]:
        """While the run is given what it imports: what was made ahead is for that. What a script's calls load later is
        executed then, as in an engine in which nothing was made ahead: a saved run is found again by what it executed."""
        before, self._handing_out = self._handing_out, True
        try:
            yield
        finally:
            self._handing_out = before

    def load(self, name: str) -> ModuleType:
        """The run's copy of a module, or the process's where there is nothing to copy."""
        module = dict.get(self.modules, name) or self._made_ahead(name) or self._make(name)
        if self._asking:
            self._asking[-1].append(name)
        return module

    def _make(self, name: str) -> ModuleType:
        if name in _ALIASES:
            module = self.modules[name] = self.load(_ALIASES[name])
            package, _, leaf = name.rpartition(".")
            setattr(self.load(package), leaf, module)
            return module
        package, _, leaf = name.rpartition(".")
        if name.partition(".")[0] not in PRIVATE:
            return importlib.import_module(name)
        if package:
            parent = self.load(package)
            module = dict.get(self.modules, name) or self._execute(name)  # the parent may have loaded it
            setattr(parent, leaf, module)
            return module
        return self._execute(name)

    def _execute(self, name: str) -> ModuleType:
        code, is_package = _code_of(name)
        module = self.modules[name] = ModuleType(name)
        space = module.__dict__
        space["__builtins__"] = self.unguarded if name in _AS_THEY_ARE else self.builtins
        space.update(attributes.names_of(name, self.modules))
        space["__package__"] = name.rpartition(".")[0]
        if is_package:
            space.update(__package__=name, __path__=[])
        before = set(self.modules)
        self._asking.append([])
        try:
            exec(code, space)  # noqa: S102 - CPython's own module
            self._asking[-1].extend(self.modules.keys() - before)  # `collections` puts one in by itself
            for shared in _SHARED.get(name, ()):
                if shared in space:
                    space[shared] = getattr(importlib.import_module(name), shared)
            if name in _PATCHED:
                patch = getattr(table(name), "patch", None)
                if patch is not None:
                    patch(space, self)
        except BaseException:
            del self.modules[name]
            raise
        finally:
            self._needs[name] = self._asking.pop()
        self._begin(name)
        return module

    def _made_ahead(self, name: str) -> ModuleType | None:
        """The module, with all that it needs, as if it had been executed now."""
        if not self._handing_out:
            self._ahead.clear()
        module = self._ahead.pop(name, None)
        if module is not None:
            self.modules[name] = module
            for needed in self._needs.get(name, ()):
                self.load(needed)
            if name in self._needs:
                self._begin(name)
        return module

    def _begin(self, name: str) -> None:
        """The run begins to have the module."""
        begin = getattr(table(name), "begin", None) if name in _PATCHED else None
        if begin is not None:
            begin(self)
        if self._handing_out:
            self.made.append(name)

    def _seed(self) -> int:
        if self._streams is None:
            raise NoRun
        return self._streams.seed()

    def _import(
        self,
        name: str,
        globals: Any = None,  # noqa: A002 - `__import__`'s own names
        locals: Any = None,  # noqa: A002
        fromlist: Any = (),
        level: int = 0,
    ) -> ModuleType:
        """`import` in a copy."""
        if type(fromlist) is list and not fromlist:
            return importlib.import_module(name)  # so asks C code, which then takes the process's module
        if level:
            base = globals["__package__"].rsplit(".", level - 1)[0]
            name = f"{base}.{name}" if name else base
        module = self.load(name)
        if not fromlist:
            return self.load(name.partition(".")[0])
        for item in fromlist:
            if item != "*" and "__path__" in module.__dict__ and not hasattr(module, item):
                self.load(f"{name}.{item}")
        return module


class _Modules(dict[str, ModuleType]):
    """`sys.modules` of the copies: never the process's own; a script's module is found while one of its frames runs."""

    def get(self, name: Any, default: Any = None) -> Any:
        found = super().get(name)
        if found is None and isinstance(name, str) and name.partition(".")[0] not in sys.stdlib_module_names:
            return self._module_of_script(name)
        return default if found is None else found

    def _module_of_script(self, name: str) -> ModuleType:
        """A copy of the script's module that asks: `dataclass` looks there for what an annotation in text means.

        Where the script has a standard package, the copy has the whole of it, because the two are compared.
        """
        made = ModuleType(name)
        frame = sys._getframe(2)
        while frame.f_back is not None:
            if FROM in frame.f_builtins and frame.f_globals.get("__name__") == name:
                for word, value in frame.f_globals.items():
                    if word != "__builtins__":
                        whole = super().get(value.__name__) if type(value) is ModuleType else None
                        made.__dict__[word] = value if whole is None else whole
                break
            frame = frame.f_back
        return made


@cache
def _code_of(name: str) -> tuple[CodeType, bool]:
    """The compiled code of a module, and whether it is a package."""
    # A few modules are built into the interpreter without their source; the path has them with it.
    spec = importlib.util.find_spec(name) if "." in name else importlib.machinery.PathFinder.find_spec(name)
    loader: Any = spec.loader if spec else None
    if spec is None or loader is None:
        raise ModuleNotFoundError(f"this Python has no module {name!r}", name=name)
    is_package = spec.submodule_search_locations is not None
    if name in _AS_THEY_ARE or name in _NOT_CONCERNED:
        return loader.get_code(name), is_package
    source = loader.get_source(name)
    if source is None:
        raise ImportError(
            f"this Python has no source text of its module {name!r}, which is needed to guard it", name=name
        )
    if not rewriting.concerns(source):
        return loader.get_code(name), is_package
    tree = ast.parse(source)
    if name == "typing":
        generics.rewrite(tree)
    rewriting.rewrite(tree, asks_for_types=name not in _REAL_TYPES)
    return compile(tree, f"<{name}>", "exec", dont_inherit=True), is_package


class _Nobody:
    """A run that nothing comes from or goes to."""

    def write(self, stream: str, text: str) -> None:
        raise AssertionError("standard modules print nothing while they are made")

    def read_line(self) -> str | None:
        return None

    def seed(self) -> int:
        return 0


def nobodys() -> Copies:
    """Copies for a script without standard packages (`typing_for_c.py`)."""
    copies = Copies()
    copies.serve(Streams(_Nobody()))
    return copies


def preload() -> None:
    """Compile everything that may be copied: for an engine that is about to be kept as a snapshot. Where the standard
    library comes as source, as in Pyodide, the first import of a package would otherwise wait for that."""
    copies = nobodys()
    for name in sorted(PRIVATE):
        if importlib.util.find_spec(name) is not None:
            copies.load(name)
    for name in NAMES:
        exports(name)
