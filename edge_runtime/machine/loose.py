"""Loose ends: coroutines that nobody awaited, asynchronous generators that nobody finished.

Takes: the scheduler of a run, its output, the sources of its modules.
Gives: `LooseEnds.watching`: within it such a coroutine is told of on standard error, once for each place; such a generator is
closed as soon as somebody waits, and those that are left at the end, in the order in which they began.
Refuses: to run anything after the run; what is dropped then is dropped silently.

The interpreter tells of both by hooks that belong to the thread, or to the whole process; they know a script's objects by the
built-ins of its frames.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from inspect import CORO_CREATED, getcoroutinestate
from types import CoroutineType, ModuleType
from typing import Any, Final
from weakref import ref

from ..diagnostics import picture_of, printable
from ..source import Source, Span
from .limits import RunEnded
from .output import Output
from .scheduler import Scheduler
from .tasks import Task

TOLD: Final = "<told>"
"""The name among a script's built-ins under which the hook finds the run of a coroutine. No source can spell it."""

_HOOK: Final = "_warn_unawaited_coroutine"
"""What the interpreter calls, in the module `warnings`, as a coroutine goes that never ran. It has no public name."""
_OURS: Final = "of_edge_runtime"


class LooseEnds:
    """Those of one run, or of a session's snippets. Generators that a session still holds may go on in the next (`snippets`)."""

    def __init__(self, scheduler: Scheduler, output: Output, *, snippets: bool = False) -> None:
        self._scheduler, self._output, self._snippets = scheduler, output, snippets
        self._sources: Mapping[str, Source] = {}
        self._on = False
        self._told: set[tuple[str, int]] = set()
        self._begun: dict[int, ref[Any]] = {}
        self._closing = 0
        self._waiting: Task | None = None
        self._error: BaseException | None = None

    @contextmanager
    def watching(self, sources: Mapping[str, Source]) -> Iterator[None]:
        """During a run. Its end closes what is left. `sources` go by the file names of their code."""
        _install()
        self._sources = sources
        self._on, self._error, self._closing = True, None, 0
        hooks, depth = sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth()
        sys.set_asyncgen_hooks(self._begins, self._dropped)
        sys.set_coroutine_origin_tracking_depth(1)
        try:
            yield
        finally:
            self._on = False
            self._begun.clear()
            self._told.clear()
            sys.set_coroutine_origin_tracking_depth(depth)
            sys.set_asyncgen_hooks(*hooks)

    # Coroutines.

    def not_awaited(self, coroutine: Any) -> None:
        """Tell of a coroutine that was made and never run."""
        if not self._on:
            return
        code = coroutine.cr_code
        file, line = code.co_filename, code.co_firstlineno
        for origin in coroutine.cr_origin or ():
            if origin[0] in self._sources:
                file, line = origin[0], origin[1]
        if (file, line) in self._told or file not in self._sources:
            return
        self._told.add((file, line))
        source = self._sources[file]
        text = source.line(line)
        indent = len(text) - len(text.lstrip())
        name = printable(code.co_name)
        _, picture = picture_of(source.spec, Span(line, indent + 1, line, len(text) + 1), text, None)
        head = f"warning: coroutine '{name}' was never awaited"
        help_ = f"    = help: write 'await {name}(…)' or 'run({name}(…))'"
        self._output.write("stderr", "\n".join([head, *picture, help_, ""]))

    def look_through(self, modules: Iterable[ModuleType]) -> None:
        """The program has ended well: coroutines that its modules still hold were never awaited either."""
        for module in modules:
            for value in list(module.__dict__.values()):
                if type(value) is CoroutineType and getcoroutinestate(value) == CORO_CREATED:
                    self.not_awaited(value)
                    value.close()

    # Asynchronous generators.

    def finish(self) -> None:
        """Close all that are left, as the main task. Raises the first error of one."""
        self._scheduler.wait(self)
        while self._begun and not self._snippets:
            generator = self._begun.pop(next(iter(self._begun)))()
            if generator is not None:
                try:
                    self._scheduler.complete(_closed(generator))
                except (Exception, self._scheduler.cancelled_error) as error:  # noqa: BLE001 - the script's
                    self._keep(error)
        if self._error is not None:
            raise self._error

    def _begins(self, generator: Any) -> None:
        key = id(generator)
        self._begun[key] = ref(generator, lambda _: self._begun.pop(key, None))

    def _dropped(self, generator: Any) -> None:
        """The interpreter asks: nobody holds it any more, and it has not ended."""
        self._begun.pop(id(generator), None)
        if not self._on:
            return
        after, name = self._scheduler.after, generator.ag_code.co_name
        closing = Task(_closed(generator), generator, name, after, self, copy_context())
        closing.watchers.append(self)
        self._closing += 1
        self._scheduler.adopt(closing)

    def _keep(self, error: BaseException) -> None:
        """Keep the first one; what ends the program the scheduler has heard of."""
        if self._error is None and not isinstance(error, SystemExit | KeyboardInterrupt | RunEnded):
            self._error = error

    # As what the main task waits for at the end.

    def begin(self, task: Task) -> None:
        self._waiting = task
        if self._closing == 0:
            self._scheduler.wake(task)

    def ended(self, task: Task) -> None:
        """One was closed."""
        self._closing -= 1
        if task.error is not None:
            self._keep(task.error)
        if self._closing == 0 and self._waiting is not None:
            self._scheduler.wake(self._waiting)

    def abandon(self, _: Task) -> None:
        self._waiting = None

    def result(self, _: Any) -> None:
        self._waiting = None


async def _closed(generator: Any) -> None:
    if not generator.ag_running:  # who drives one by hand may leave it in the middle: Python lets that be, too
        await generator.aclose()


def _install() -> None:
    """Put the hook of this project before the interpreter's own, once in a process."""
    before: Callable[[Any], None] = getattr(warnings, _HOOK)
    if getattr(before, _OURS, False):
        return

    def warn(coroutine: Any) -> None:
        frame = coroutine.cr_frame
        told = None if frame is None else frame.f_builtins.get(TOLD)
        if told is None:
            before(coroutine)
        else:
            told(coroutine)

    setattr(warn, _OURS, True)
    setattr(warnings, _HOOK, warn)
