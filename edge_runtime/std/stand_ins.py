"""What the private copies of standard modules have in the place of modules in C that lead out, or belong to a run.

Takes: the copies' own `sys.modules`, where a seed comes from, how to load a copy.
Gives: `stand_ins`: `sys`, `os`, `_random`, `builtins`, `_operator` and, where there is one, `_typing`.
Refuses: nothing of its own; `sys` has no streams until a run lends them.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final

_NO_STREAMS: Final = dict.fromkeys(("stdout", "stderr", "stdin", "__stdout__", "__stderr__", "__stdin__"))


def stand_ins(
    modules: Mapping[str, ModuleType], seed: Callable[[], int], load: Callable[[str], ModuleType]
) -> dict[str, ModuleType]:
    """By name, made for one run."""
    made = [
        _stand_in("sys", **{**sys.__dict__, **_NO_STREAMS, "modules": modules}),
        _stand_in("os", urandom=_urandom(seed)),
        _stand_in("_random", Random=_seeded(seed)),
        _stand_in("builtins", **_HARMLESS_BUILTINS),
        _stand_in("_operator", **_operator_without_names()),
    ]
    if importlib.util.find_spec("_typing") and hasattr(importlib.import_module("_typing"), "Generic"):
        made.append(_typing_of(load))
    return {module.__name__: module for module in made}


def _stand_in(module_name: str, /, **values: Any) -> ModuleType:
    made = ModuleType(module_name)
    made.__dict__.update(values)
    return made


def _urandom(seed: Callable[[], int]) -> Callable[[int], bytes]:
    """The one thing that the copies need of `os`: `random` would also register what to do when a process forks."""

    def urandom(size: int, /) -> bytes:
        words = -(-size // 8)
        return b"".join(seed().to_bytes(8, "little") for _ in range(words))[:size]

    return urandom


def _seeded(seed: Callable[[], int]) -> type:
    """`_random.Random`, which takes its seed from the run: a run that is restored gets the same numbers again."""
    real: Any = importlib.import_module("_random").Random

    class Random(real):  # type: ignore[misc]
        def seed(self, a: Any = None, /) -> None:
            real.seed(self, seed() if a is None else a)

    Random.__module__ = "_random"
    return Random


def _operator_without_names() -> dict[str, Any]:
    """`_operator` without the functions that take names of attributes: those in Python are used, with a guard."""
    real = importlib.import_module("_operator").__dict__
    return {name: value for name, value in real.items() if name not in ("attrgetter", "methodcaller")}


def _typing_of(load: Callable[[str], ModuleType]) -> ModuleType:
    """`_typing`, whose `Generic` works with the run's copy of `typing`: the one in C asks the process's."""

    class Generic:
        __slots__ = ()
        __module__ = "typing"

        def __class_getitem__(cls, parameters: Any) -> Any:
            return load("typing").__dict__["_generic_class_getitem"](cls, parameters)

        def __init_subclass__(cls, *given: Any, **named: Any) -> None:
            load("typing").__dict__["_generic_init_subclass"](cls, *given, **named)

    Generic.__qualname__ = "Generic"
    for name in ("__class_getitem__", "__init_subclass__"):
        Generic.__dict__[name].__func__.__module__ = "typing"
        Generic.__dict__[name].__func__.__qualname__ = f"Generic.{name}"
    real = importlib.import_module("_typing")
    Generic.__doc__ = real.Generic.__doc__
    return _stand_in("_typing", **{**real.__dict__, "Generic": Generic})


_PLAIN_FUNCTIONS: Final = """
    abs aiter all anext any ascii bin callable chr divmod format hash hex id isinstance issubclass iter len max min next
    oct ord pow repr round sorted sum None True False NotImplemented Ellipsis
""".split()
_HARMLESS_BUILTINS: Final = {
    name: value for name, value in builtins.__dict__.items() if isinstance(value, type) or name in _PLAIN_FUNCTIONS
}
"""What `import builtins` gives: `annotationlib` looks names of scripts up there, so only what scripts have too."""
