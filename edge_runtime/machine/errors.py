"""Uncaught exceptions as data and as a picture.

Takes: an exception and the run's chunks.
Gives: `RunError`: type, message, the script's own frames, outermost first, and the picture of `language.md`.
Refuses: to trust the exception: its `__str__` may raise, its chain may be endless, its frames may be thousands, and any of
its attributes may be a property of the script's own. So all but its text is read past its class.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType, TracebackType
from typing import Any, Final

from ..diagnostics import Diagnostic, picture_of, printable, printable_lines, render_all
from ..guard.names import GENERIC
from ..lower.program import Chunk
from ..source import Source, Span
from .limits import RunEnded

_MAX_FRAMES: Final = 1_000
_SHOWN_FRAMES: Final = 10
_MAX_CHAIN: Final = 5
_MAX_MESSAGE: Final = 10_000
_MAX_NAME: Final = 200
_SHOWN_EXTRAS: Final = 10
_MAX_STEPS: Final = 200_000
_NO_TEXT: Final = "<exception str() failed>"
_ITSELF: Final = "coroutine already executing"
"""What CPython says of a coroutine that awaits itself."""

_CAUSE: Final[Any] = BaseException.__dict__["__cause__"]
_CONTEXT: Final[Any] = BaseException.__dict__["__context__"]
_HIDES_CONTEXT: Final[Any] = BaseException.__dict__["__suppress_context__"]
_TRACEBACK: Final[Any] = BaseException.__dict__["__traceback__"]
_ATTRIBUTES: Final[Any] = BaseException.__dict__["__dict__"]
_INNER: Final[Any] = BaseExceptionGroup.__dict__["exceptions"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the script that an exception passed: canonical spec, span, function, and the line's text."""

    file: str
    span: Span
    function: str
    text: str

    def to_json(self) -> dict[str, Any]:
        """The frame as the browser's protocol has it."""
        span = self.span
        return {
            "file": self.file,
            "line": span.line,
            "column": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
            "function": self.function,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RunError:
    """Why a program failed. `type` is `CompileError` for one that did not compile (then `diagnostics` say why), else the
    name of the exception's class (then `frames` say where). `rendered` is the picture."""

    type: str
    message: str
    rendered: str
    frames: tuple[Frame, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The error as the browser's protocol has it."""
        data: dict[str, Any] = {"type": self.type, "message": self.message, "rendered": self.rendered}
        if self.diagnostics:
            data["diagnostics"] = [diagnostic.to_json() for diagnostic in self.diagnostics]
        else:
            data["frames"] = [frame.to_json() for frame in self.frames]
        return data


def compile_error(diagnostics: tuple[Diagnostic, ...]) -> RunError:
    """The error of a program that did not compile."""
    return RunError(
        type="CompileError",
        message=diagnostics[0].message,
        rendered=render_all(diagnostics),
        diagnostics=diagnostics,
    )


def uncaught(error: BaseException, sources: Mapping[int, Source]) -> RunError:
    """The error of a program that raised. `sources` are the chunks' sources by the identity of their globals, or of
    their code objects (`Kept.sources`)."""
    frames = _frames(_TRACEBACK.__get__(error), sources)
    try:
        message = _text(error)
        rendered = "\n".join(_picture(error, message, frames, sources))
    except RunEnded as ending:  # the time was up in a `__str__`
        return ended(ending.type, str(ending), ending, sources)
    return RunError(type=_type_name(error), message=message, rendered=rendered, frames=frames)


def ended(kind: str, message: str, error: BaseException, sources: Mapping[int, Source]) -> RunError:
    """The error of a run that its host ended."""
    frames = _frames(error.__traceback__, sources)
    rendered = "\n".join([f"error: {kind}: {message}", *_frames_picture(frames)])
    return RunError(type=kind, message=message, rendered=rendered, frames=frames)


def import_failed(message: str, chunk: Chunk, span: Span) -> RunError:
    """The error of an import statement that cannot be carried out: the module does not start, or the import closes a
    cycle."""
    frame = Frame(chunk.spec, span, "<module>", chunk.source.line(span.line))
    head = f"error: ImportError: {message}"
    picture = picture_of(frame.file, frame.span, frame.text, frame.function)[1]
    return RunError(type="ImportError", message=message, rendered="\n".join([head, *picture]), frames=(frame,))


def text_of(value: object) -> str:
    """`str` of an exit code, cut; a class of the script's own may fail to give one, or never come back."""
    try:
        return _text(value)
    except RunEnded:
        return _NO_TEXT


def said_of(error: BaseException) -> str:
    """An exception in one line: type and text."""
    return _head(error)


def _text(value: object) -> str:
    """The same of any value. What its host ends, ends."""
    before = sys.gettrace()
    sys.settrace(_bounded(_MAX_STEPS))
    try:
        text = str(value)
        return str.__str__(text)[:_MAX_MESSAGE]  # exactly a str, whatever class it was
    except RunEnded:
        raise
    except BaseException:  # noqa: BLE001 - whatever a hostile __str__ raises, rendering must end
        return _NO_TEXT
    finally:
        sys.settrace(before)


def _bounded(steps: int) -> Callable[[FrameType, str, Any], Any]:
    """A trace function that ends Python code after a number of instructions. Code that swallows the end is not stopped
    again: against hostile scripts hosts have a time limit, this is for those that loop by mistake."""

    def trace(frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True  # a loop on one line is no new line
        steps -= 1
        if steps < 0:
            raise TimeoutError
        return trace

    return trace


def _type_name(error: BaseException) -> str:
    """The class's qualified name, harmless: a script may set it to any text."""
    name: str = type.__dict__["__qualname__"].__get__(type(error))
    return printable(str.__str__(name)[:_MAX_NAME])


def _head(error: BaseException, message: str | None = None) -> str:
    text = printable_lines(_text(error) if message is None else message)
    return f"{_type_name(error)}: {text}" if text else _type_name(error)


def _picture(
    error: BaseException, message: str, frames: tuple[Frame, ...], sources: Mapping[int, Source]
) -> Iterator[str]:
    yield f"error: {_head(error, message)}"
    yield from _frames_picture(frames)
    if type(error) is ValueError and message == _ITSELF:
        yield "    = help: a coroutine cannot await itself; await another, or call its function again"
    yield from _extras(error)
    seen = {id(error)}
    while len(seen) < _MAX_CHAIN:
        cause, context = _CAUSE.__get__(error), _CONTEXT.__get__(error)
        if cause is not None:
            label, error = "caused by", cause
        elif context is not None and not _HIDES_CONTEXT.__get__(error):
            label, error = "while handling", context
        else:
            return
        if id(error) in seen:
            return
        seen.add(id(error))
        yield f"{label}: {_head(error)}"
        yield from _frames_picture(_frames(_TRACEBACK.__get__(error), sources))
        yield from _extras(error)


def _extras(error: BaseException) -> Iterator[str]:
    """The notes of an exception, and what a group holds."""
    notes = dict.get(_ATTRIBUTES.__get__(error), "__notes__")
    texts = [note for note in notes if type(note) is str] if type(notes) is list else []
    if issubclass(type(error), BaseExceptionGroup):
        inner: tuple[BaseException, ...] = _INNER.__get__(error)
        yield from _few([f"    = {_head(one)}" for one in inner[: _SHOWN_EXTRAS + 1]], len(inner))
    lines = [f"    = note: {printable_lines(note[:_MAX_MESSAGE])}" for note in texts[: _SHOWN_EXTRAS + 1]]
    yield from _few([line.replace("\n", "\n            ") for line in lines], len(texts))


def _few(lines: list[str], count: int) -> list[str]:
    return lines if count <= _SHOWN_EXTRAS else [*lines[:_SHOWN_EXTRAS], f"    = ... {count - _SHOWN_EXTRAS} more ..."]


def _frames_picture(frames: tuple[Frame, ...]) -> Iterator[str]:
    half = _SHOWN_FRAMES // 2
    for position, frame in enumerate(frames):
        if len(frames) > _SHOWN_FRAMES and half <= position < len(frames) - half:
            if position == half:
                yield f"   ... {len(frames) - 2 * half} more frames ..."
            continue
        yield from picture_of(frame.file, frame.span, frame.text, frame.function)[1]


def _frames(traceback: TracebackType | None, sources: Mapping[int, Source]) -> tuple[Frame, ...]:
    """The script's own frames: those whose globals are a chunk's. Frames of the runtime are never shown; of very many,
    the outermost and the innermost are."""
    first: list[tuple[TracebackType, Source]] = []
    last: deque[tuple[TracebackType, Source]] = deque(maxlen=_MAX_FRAMES // 2)
    while traceback is not None:
        frame = traceback.tb_frame
        source = sources.get(id(frame.f_code)) or sources.get(id(frame.f_globals))
        if source is not None and frame.f_code.co_name != GENERIC:  # nobody wrote that class
            (first if len(first) < _MAX_FRAMES // 2 else last).append((traceback, source))
        traceback = traceback.tb_next
    return tuple(_frame(one.tb_frame.f_code, one.tb_lasti, one.tb_lineno, source) for one, source in (*first, *last))


def _frame(code: CodeType, last: int, line: int | None, source: Source) -> Frame:
    for index, (start, end, column, end_column) in enumerate(code.co_positions()):
        if index == last // 2:
            if start is None or end is None or column is None or end_column is None:
                break
            span = Span(start, source.column(start, column), end, source.column(end, end_column))
            return Frame(source.spec, span, code.co_qualname, source.line(start))
    line = line or code.co_firstlineno  # an instruction that the compiler added may have no line
    text = source.line(line)
    indent = len(text) - len(text.lstrip())
    return Frame(source.spec, Span(line, indent + 1, line, len(text) + 1), code.co_qualname, text)
