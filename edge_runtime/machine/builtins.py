"""The built-in names of a program.

Takes: the run's scheduler and output.
Gives: the dictionary that modules find their built-ins in: CPython's own objects where they are harmless, functions of
ours where they wait, print, or take names.
Refuses: everything that is not listed: `exec`, `eval`, `open` and their kin do not exist.
"""

from __future__ import annotations

import builtins
import importlib
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, ModuleType
from typing import Any, Final

from ..guard.names import BASE, CANCELLED, DIRECT, GUARDED, LATER, PLAIN, is_dunder, may_read
from ..guard.runtime import (
    HELPERS,
    TYPE,
    build_class,
    format_helpers,
    guarded_delattr,
    guarded_getattr,
    guarded_hasattr,
    guarded_setattr,
    judged_dict,
    public_names,
)
from ..guard.sealed import host_function, renamed
from ..lower.lowering import FROM
from .addresses import Addresses
from .limits import RunEnded
from .moments import moments
from .output import Output
from .pristine import is_immutable, restore
from .scheduler import Scheduler
from .waiting import Waiting, waiting_functions

__all__ = ["cannot_import", "from_module", "host_function", "make_builtins"]

_HARMLESS: Final = """
    abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter
    float format frozenset hash hex int isinstance issubclass iter len list map max memoryview min next object oct ord
    pow property range repr reversed round set slice sorted staticmethod str sum super tuple zip
    None True False Ellipsis NotImplemented __debug__
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
    ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup
    FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
    IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
    ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning
    PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning
    StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
    UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning
    ValueError Warning ZeroDivisionError
""".split()


_MUTABLE: Final = tuple(
    value
    for value in (getattr(builtins, name) for name in _HARMLESS)
    if isinstance(value, type) and not is_immutable(value)
)
"""`ExceptionGroup`, and whatever else a newer Python may have: what an earlier run wrote on it is gone."""
restore(*_MUTABLE)  # the first sight is before any script's


def make_builtins(scheduler: Scheduler, waiting: Waiting, output: Output) -> dict[str, Any]:
    """The built-ins of one run. Runs share none that a script can write to."""
    table: dict[str, Any] = {name: getattr(builtins, name) for name in _HARMLESS}
    restore(*_MUTABLE)
    addresses = Addresses()
    ours: Mapping[str, Callable[..., Any]] = {
        "print": _print_to(output, addresses),
        "repr": addresses.showing(repr),
        "ascii": addresses.showing(ascii),
        "format": addresses.showing(format),
    }
    table |= waiting_functions(waiting, scheduler, output)
    table["CancelledError"] = scheduler.cancelled_error
    table[FROM] = from_module([])
    table["__build_class__"] = build_class
    table["id"], table[BASE] = addresses.identity, addresses.base
    table["type"] = TYPE
    table |= HELPERS
    table |= format_helpers()
    table |= _SHARED
    table |= _as_built_in(ours)
    table[PLAIN] = addresses.plain
    table.update(moments(scheduler.host.now))
    table[LATER] = waiting.later()
    table[CANCELLED] = (scheduler.cancelled_inside, RunEnded)
    # As the names in code are: others are compared letter by letter, each time that code of a module looks for them.
    return {sys.intern(name): value for name, value in table.items()}


def from_module(modules: Sequence[ModuleType]) -> Callable[[ModuleType, str], Any]:
    """What `from module import name` calls: it reads names of these modules, and of nothing else."""
    own = {id(module) for module in modules}

    def read(module: ModuleType, name: str) -> Any:
        """A name of a module that the compiler knows it may bind, though it may not have run that far."""
        if id(module) not in own or not may_read(name) or (name in GUARDED and is_dunder(name)):
            raise ImportError("imports are settled before the program runs")
        try:
            return getattr(module, name)
        except AttributeError:
            raise cannot_import(module, name) from None

    return read


def cannot_import(module: ModuleType, name: str) -> ImportError:
    """The error for a name that a module did not bind after all."""
    return ImportError(f"cannot import name {name!r} from {module.__name__!r}", name=module.__name__)


_FOR_C: Final = frozenset({"_pylong", "_strptime", "json.decoder", "re", "time", "typing", "warnings"})
"""What C code on behalf of a script imports: to divide very long integers, read a date, raise `JSONDecodeError`, read a
replacement text, ask for the day, make a generic class, warn."""


BEFORE_C_TAKES: Final[dict[str, Callable[[], None]]] = {}
"""What the standard packages do to a module of the process before C code takes it on behalf of a script."""


def _import_for_c(name: str, *_: Any) -> None:
    """CPython's own C code calls this, and then takes the process's module; it needs no value back.

    A script cannot spell it: the guard refuses the name.
    """
    if name not in _FOR_C:
        raise ImportError("imports are settled before the program runs")
    importlib.import_module(name)
    if name in BEFORE_C_TAKES:
        BEFORE_C_TAKES[name]()


def _script() -> FrameType:
    """The innermost frame of a script: what calls may be code of the host's, or of a standard module."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if FROM in frame.f_builtins:
            return frame
        frame = frame.f_back
    raise RuntimeError("no code of the program is running")


def _globals(*given: Any, **named: Any) -> dict[str, Any]:
    """A copy of the calling module's names."""
    if given or named:
        globals(*given, **named)
    return public_names(_script().f_globals)


def _locals(*given: Any, **named: Any) -> dict[str, Any]:
    """A copy of the names where it is called."""
    if given or named:
        locals(*given, **named)
    return public_names(_script().f_locals)


def _vars(*given: Any, **named: Any) -> Any:
    """An object's attributes; without an argument, a copy of the names where it is called."""
    if not given and not named:
        return public_names(_script().f_locals)
    return judged_dict(vars(*given, **named), given[0])


def _dir(*given: Any, **named: Any) -> list[str]:
    """The names of the attributes of an object that may be read; without an argument, the names where it is called."""
    if not given and not named:
        return sorted(public_names(_script().f_locals))
    if len(given) == 1 and isinstance(given[0], ModuleType):
        return sorted(public_names(vars(given[0])))
    return [name for name in dir(*given, **named) if type(name) is not str or may_read(name)]


def _as_built_in(functions: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    """Functions by their built-in names, and where the guard calls one directly, by the name that it does that by."""
    table = {name: host_function(name, function, own=True) for name, function in functions.items()}
    return table | {f"<call {name}>": renamed(functions[name], name) for name in DIRECT if name in functions}


def _print_to(output: Output, addresses: Addresses) -> Callable[..., None]:
    """`print`, as one write for each call, body and end together."""

    def write(*values: Any, **named: Any) -> None:
        """Print values to the page or terminal, with a space between and a newline at the end."""
        if not named and len(values) == 1 and type(values[0]) is str:
            output.write("stdout", values[0] + "\n")
        elif named.get("file") is not None:
            print(*values, **named)
        else:
            buffer = io.StringIO()
            try:
                print(*values, **{**named, "file": buffer})
            finally:  # where a value cannot be printed, those before it were
                text = buffer.getvalue()
                if text:
                    output.write("stdout", addresses.shown(text, values))

    return write


_SHARED: Final[Mapping[str, Any]] = _as_built_in(
    {
        "getattr": guarded_getattr,
        "hasattr": guarded_hasattr,
        "setattr": guarded_setattr,
        "delattr": guarded_delattr,
        "globals": _globals,
        "locals": _locals,
        "vars": _vars,
        "dir": _dir,
        "__import__": _import_for_c,
    }
)
"""Those that hold nothing of a run, and cannot be written to: made once, because each makes a class."""
