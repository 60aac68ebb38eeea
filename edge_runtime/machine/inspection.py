"""What a program that stands still looks like: its tasks, its frames, its names.

Takes: a run's scheduler, modules and sources; the frame where it was interrupted.
Gives: `Inspector`: `stack` and `globals` as plain data, and `fingerprint`, a short text that is the same where the program is at
the same place with the same small values.
No look is larger or longer than a bound, whatever the program made: names, texts and lines are cut, and where a look is full
stands "…".
Refuses: to run a script's code or to change anything: no `repr`, no attribute, no number of an object is asked for. What is not
of a built-in type is named by its class.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    ModuleType,
)
from typing import Any, Final

from ..guard.names import is_dunder
from ..source import Source
from .groups import Group
from .scheduler import Scheduler
from .tasks import Asked, Task, Unwinding

_MOST_FRAMES: Final = 1_000
_MOST_NAMES: Final = 1_000
_LONGEST_TEXT: Final = 80
_MOST_SHOWN: Final = 1024 * 1024
"""Characters of one look, about. As JSON none takes more than twelve, so that it fits into one message of a page."""
_ROW: Final = 64
"""What a row counts beside its texts."""
_MORE: Final = "…"
_LOOKED_AT: Final = 200
_ADDRESS: Final = re.compile(r"(?<= at )0x(?!00)[0-9a-fA-F]+")
"""An address of CPython's. Sequence numbers (addresses.py) begin with zeros."""
_FEW: Final = 8
_DEPTH: Final = 2
_LONG_INT: Final = 256
"""Bits of an integer whose digits are shown."""

_DRIVES: Final = Scheduler._drive.__code__  # noqa: SLF001 - the frames above it are those of the task that it drives
_COMPLETES: Final = Scheduler.complete.__code__
_CLASS_NAME: Final[Any] = type.__dict__["__name__"]
_BRACKETS: Final[Mapping[type, tuple[str, str]]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}
_BY_NAME: Final = {
    FunctionType: "function",
    BuiltinFunctionType: "built-in function",
    CoroutineType: "coroutine",
    GeneratorType: "generator",
    AsyncGeneratorType: "async generator",
}


class _Space:
    """What is left of one look."""

    def __init__(self, most: int = _MOST_SHOWN) -> None:
        self._left = most

    @property
    def full(self) -> bool:
        """Whether no row may be shown any more."""
        return self._left <= 0

    def take(self, *texts: str) -> bool:
        """Whether a row of these texts may still be shown."""
        if not self.full:
            self._left -= _ROW + sum(map(len, texts))
        return not self.full


class Inspector:
    """Looks at one run. `sources` are the chunks' sources by the identity of their globals or codes (`Kept.sources`)."""

    def __init__(self, scheduler: Scheduler, modules: Sequence[ModuleType], sources: Mapping[int, Source]) -> None:
        self._scheduler, self._modules, self._sources = scheduler, modules, sources

    def stack(self, frame: FrameType | None = None) -> list[dict[str, Any]]:
        """The tasks in the order in which they were made, the program's own code first: what each is called, what it waits for,
        and its frames, outermost first. `frame` is where the running one was interrupted."""
        found: dict[Task, list[dict[str, Any]]] = {}
        space, rows = _Space(_MOST_SHOWN // 2), _Space(_MOST_SHOWN // 2)  # deep stacks leave room to name the others
        self._walk(frame or sys._getframe(1), self._scheduler.main, found, space)
        for task in self._tasks():
            if task.stack is not None and task not in found and not space.full:
                self._scheduler.visit(task, lambda top: self._walk(top, self._scheduler.main, found, space))
        shown: list[dict[str, Any]] = []
        for task in self._tasks():
            name, waits = _cut(task.name), _waits(task)
            if not rows.take(name):
                shown.append({"task": _MORE, "waits": None, "frames": []})
                break
            frames = found.get(task) or self._awaited(task.coroutine, space)
            if not frames and space.full:
                frames = [{"file": _MORE, "line": 0, "function": _MORE, "text": _MORE}]
            shown.append({"task": name, "waits": None if waits is None else _cut(waits), "frames": frames})
        return shown

    def globals(self) -> dict[str, dict[str, str]]:
        """The names of each module that a script made, with short texts of their values."""
        found = {}
        space = _Space()
        for module in self._modules:
            names = module.__dict__
            if id(names) not in self._sources:
                continue
            spec = self._sources[id(names)].spec
            if not space.take(spec):
                found[_MORE] = {_MORE: _MORE}
                break
            found[spec] = dict(_names(names, space))
        return found

    def fingerprint(self, frame: FrameType) -> str:
        """The place where the program was interrupted, and a digest of the small values that it can see there."""
        digest = sha256()
        place = ""
        space = _Space()
        one: FrameType | None = frame
        for _ in range(_MOST_FRAMES):
            if one is None:
                break
            source = self._source(one)
            if source is not None:
                place = place or f"{source.spec}:{one.f_lasti}"
                digest.update(
                    f"\n{source.spec} {_cut(one.f_code.co_qualname)} {one.f_lasti}".encode("utf-8", "surrogatepass")
                )
                if one.f_locals is not one.f_globals:
                    _feed(digest, one.f_locals, space)
            one = one.f_back
        for module in self._modules:
            if id(module.__dict__) in self._sources:
                _feed(digest, module.__dict__, space)
        return f"{place} {digest.hexdigest()[:32]}"

    def place(self, frame: FrameType) -> str:
        """The first word of `fingerprint`, which is found fast."""
        one: FrameType | None = frame
        while one is not None:
            source = self._source(one)
            if source is not None:
                return f"{source.spec}:{one.f_lasti}"
            one = one.f_back
        return ""

    def _source(self, frame: FrameType) -> Source | None:
        """The script's text that a frame is of; None for one of the runtime's."""
        return self._sources.get(id(frame.f_code)) or self._sources.get(id(frame.f_globals))

    def _tasks(self) -> Iterator[Task]:
        left = [*reversed(self._scheduler.after.children), self._scheduler.main]
        while left:
            task = left.pop()
            yield task
            left += reversed(task.children)

    def _walk(self, top: FrameType, main: Task, found: dict[Task, list[dict[str, Any]]], space: _Space) -> None:
        """Sort the script's frames of one stack by the tasks that they belong to."""
        frames: list[dict[str, Any]] = []
        one: FrameType | None = top
        for _ in range(_MOST_FRAMES):
            if one is None:
                break
            source = self._source(one)
            if source is not None:
                frames[:0] = _frame(one, source, space)
            elif one.f_code is _DRIVES:
                found[one.f_locals["task"]] = frames
                frames = []
            elif one.f_code is _COMPLETES and not frames:
                frames = self._awaited(one.f_locals["coroutine"], space)
            one = one.f_back
        if frames:
            found[main] = frames

    def _awaited(self, coroutine: Any, space: _Space) -> list[dict[str, Any]]:
        """The frames of a coroutine that is on no stack, of what it awaits, and so on."""
        frames: list[dict[str, Any]] = []
        one = coroutine
        for _ in range(_MOST_FRAMES):
            frame, one = _inner(one)
            if frame is None:
                break
            source = self._source(frame)
            if source is not None:
                frames += _frame(frame, source, space)
        return frames


def _waits(task: Task) -> str | None:
    """What a task waits for, as the script calls it; None: it is running or ready."""
    match task.wait:
        case None:
            return None
        case Asked() as asked:
            return asked.what
        case Group() as group:
            return group.what
        case Unwinding():
            return "cancel"
        case _:
            return "sleep"


def _inner(one: Any) -> tuple[FrameType | None, Any]:
    """The frame of what can be awaited, and what it awaits."""
    if type(one) is CoroutineType:
        return one.cr_frame, one.cr_await
    if type(one) is GeneratorType:
        return one.gi_frame, one.gi_yieldfrom
    if type(one) is AsyncGeneratorType:
        return one.ag_frame, one.ag_await
    return None, None


def _frame(frame: FrameType, source: Source, space: _Space) -> list[dict[str, Any]]:
    """The row of a frame; none where the look is full."""
    line = frame.f_lineno or 0
    function = _cut(frame.f_code.co_qualname)
    text = _cut(source.line(line).strip()) if line else ""
    if not space.take(source.spec, function, text):
        return []
    return [{"file": source.spec, "line": line, "function": function, "text": text}]


def _names(names: Mapping[str, Any], space: _Space) -> Iterator[tuple[str, str]]:
    """The names in a namespace that a script gave, and their values in short."""
    shown = 0
    for name, value in list(islice(names.items(), 2 * _MOST_NAMES)):
        if type(name) is not str or is_dunder(name) or name.startswith(("<", ".")):
            continue
        row = _cut(name), short(value)
        if shown == _MOST_NAMES or not space.take(*row):
            yield _MORE, _MORE
            return
        yield row
        shown += 1


def _feed(digest: Any, names: Mapping[str, Any], space: _Space) -> None:
    for name, value in _names(names, space):
        digest.update(f"\n{name}={value}".encode("utf-8", "surrogatepass"))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + _MORE


def _named(name: str) -> str:
    """A name that a script may have given: exactly a str, whatever class it is of, and short."""
    return _cut(str.__str__(name))


def short(value: Any, depth: int = _DEPTH) -> str:
    """A value in a few words. Nothing of a script's own runs for it."""
    kind = type(value)
    if value is None or value is ... or value is NotImplemented or kind is bool or kind is float or kind is complex:
        return repr(value)
    if kind is int:
        return repr(value) if value.bit_length() <= _LONG_INT else f"<int of {value.bit_length()} bits>"
    if kind is str:
        return _text(value)
    if kind is bytes or kind is bytearray:
        return repr(value) if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]!r}… ({len(value)})"
    if kind is range:
        return f"range({short(value.start)}, {short(value.stop)}, {short(value.step)})"
    if kind in _BRACKETS:
        return _container(kind, value, depth)
    if kind is ModuleType:
        return "<module>"
    if kind in _BY_NAME:
        return f"<{_BY_NAME[kind]} {_named(value.__name__)}>"
    if issubclass(kind, type):
        return f"<class {_named(_CLASS_NAME.__get__(value))}>"
    return f"<{_named(_CLASS_NAME.__get__(kind))}>"


def _text(value: str) -> str:
    """A text in a few words, without where objects lie: that is not the same where the program is restored."""
    shown = _ADDRESS.sub("0x…", value[:_LOOKED_AT]) if " at 0x" in value else value
    if len(value) <= _LOOKED_AT and len(shown) <= _LONGEST_TEXT:
        return repr(shown)
    return f"{shown[:_LONGEST_TEXT]!r}…" + ("" if shown is not value else f" ({len(value)})")


def _container(kind: type, value: Any, depth: int) -> str:
    opening, closing = _BRACKETS[kind]
    if depth == 0:
        return f"{opening}… {len(value)}{closing}" if value else opening + closing
    shown = []
    for item in list(islice(value.items() if kind is dict else value, _FEW)):
        if kind is dict:
            shown.append(f"{short(item[0], depth - 1)}: {short(item[1], depth - 1)}")
        else:
            shown.append(short(item, depth - 1))
    if len(value) > _FEW:
        shown.append(f"… {len(value)}")
    comma = "," if kind is tuple and len(value) == 1 else ""
    return opening + ", ".join(shown) + comma + closing
