"""What two runs both reach, and whether one can leave something there for the other.

Takes: what two walks found, by identity.
Gives: `shared_and_written`: the paths of objects that both runs hold, that took a mark, and that kept it when the next run began.
Refuses: nothing. The mark is made with methods that every script has; raw setters are findings of the walk itself.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, Final

from edge_runtime import MemoryHost, run_program
from edge_runtime.std import NAMES
from tests.guard.walk_judge import raw

_MARK: Final = "edge_walk_mark"
Reached = dict[Any, tuple[str, Any]]


def shared_and_written(first: Reached, second: Reached) -> list[str]:
    """Where each run finds what keeps a mark from run to run: `path in the first = path in the second`."""
    others = {id(value): path for path, value in second.values()}
    shared = {id(value): (path, value) for path, value in first.values() if id(value) in others}
    marked = [(path, value, forget) for path, value in shared.values() if (forget := _mark(value)) is not None]
    imports = "\n".join(f"import {name} as module_{place}" for place, name in enumerate(sorted(NAMES)))
    result = run_program(f"{imports}\n", MemoryHost())
    assert result.ok, result.error and result.error.rendered
    kept = [f"{path} = {others[id(value)]}" for path, value, _ in marked if _is_marked(value)]
    for _, value, forget in marked:
        if _is_marked(value):
            forget()
    return sorted(kept)


def _mark(value: Any) -> Callable[[], Any] | None:
    """Write something on an object; how to take it away again, or None where it cannot be written to."""
    if type(value) is MethodType:
        return None
    if isinstance(value, dict):
        dict.__setitem__(value, _MARK, True)
        return lambda: dict.pop(value, _MARK)
    if isinstance(value, list):
        list.append(value, _MARK)
        return lambda: list.remove(value, _MARK)
    if isinstance(value, set):
        set.add(value, _MARK)
        return lambda: set.discard(value, _MARK)
    if isinstance(value, bytearray):
        value.extend(_MARK.encode())
        return value.clear
    try:
        setattr(value, _MARK, True)
    except Exception:  # noqa: BLE001 - a class of a script may raise anything
        return None
    # Why raw for classes: a metaclass may let a class be written to and not be cleaned up.
    return lambda: type.__delattr__(value, _MARK) if isinstance(value, type) else object.__delattr__(value, _MARK)


def _is_marked(value: Any) -> bool:
    if isinstance(value, type):
        return _MARK in type.__dict__["__dict__"].__get__(value)
    if isinstance(value, dict):
        return dict.__contains__(value, _MARK)
    if isinstance(value, list | set):
        return _MARK in value
    if isinstance(value, bytearray):
        return _MARK.encode() in value
    return _MARK in (raw(value, "__dict__") or {})
