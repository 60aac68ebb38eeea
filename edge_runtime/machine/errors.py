"""Uncaught exceptions as data and as a picture.

Takes: an exception and the run's chunks.
Gives: `RunError`: type, message, the script's own frames, outermost first, and the picture of `language.md`.
Refuses: to trust the exception: its `__str__` may raise, its chain may be endless, its frames may be thousands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Final

from ..diagnostics import Diagnostic, picture_of, printable, printable_lines, render_all
from ..lower.program import Chunk
from ..source import Source, Span

_MAX_FRAMES: Final = 1_000
_SHOWN_FRAMES: Final = 10
_MAX_CHAIN: Final = 5
_MAX_MESSAGE: Final = 10_000
_MAX_NAME: Final = 200
_SHOWN_EXTRAS: Final = 10
_MAX_STEPS: Final = 200_000


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
    """The error of a program that raised. `sources` are the chunks' sources by the identity of their globals."""
    frames = _frames(error.__traceback__, sources)
    message = text_of(error)
    return RunError(
        type=_type_name(error),
        message=message,
        rendered="\n".join(_picture(error, message, frames, sources)),
        frames=frames,
    )


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
    """`str` of an exception or exit code, cut; a class of the script's own may fail to give one, or never come back."""
    before = sys.gettrace()
    sys.settrace(_bounded(_MAX_STEPS))
    try:
        text = str(value)
        return str.__str__(text)[:_MAX_MESSAGE]  # exactly a str, whatever class it was
    except BaseException:  # noqa: BLE001 - whatever a hostile __str__ raises, rendering must end
        return "<exception str() failed>"
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
    text = printable_lines(text_of(error) if message is None else message)
    return f"{_type_name(error)}: {text}" if text else _type_name(error)


def _picture(
    error: BaseException, message: str, frames: tuple[Frame, ...], sources: Mapping[int, Source]
) -> Iterator[str]:
    yield f"error: {_head(error, message)}"
    yield from _frames_picture(frames)
    yield from _extras(error)
    seen = {id(error)}
    while len(seen) < _MAX_CHAIN:
        if error.__cause__ is not None:
            label, error = "caused by", error.__cause__
        elif error.__context__ is not None and not error.__suppress_context__:
            label, error = "while handling", error.__context__
        else:
            return
        if id(error) in seen:
            return
        seen.add(id(error))
        yield f"{label}: {_head(error)}"
        yield from _frames_picture(_frames(error.__traceback__, sources))
        yield from _extras(error)


def _extras(error: BaseException) -> Iterator[str]:
    """The notes of an exception, and what a group holds."""
    notes = error.__dict__.get("__notes__")
    texts = [note for note in notes if type(note) is str] if isinstance(notes, list) else []
    if isinstance(error, BaseExceptionGroup):
        inner: tuple[BaseException, ...] = BaseExceptionGroup.exceptions.__get__(error)
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
    found: list[tuple[TracebackType, Source]] = []
    while traceback is not None:
        source = sources.get(id(traceback.tb_frame.f_globals))
        if source is not None:
            found.append((traceback, source))
        traceback = traceback.tb_next
    if len(found) > _MAX_FRAMES:
        found[_MAX_FRAMES // 2 : -_MAX_FRAMES // 2] = []
    return tuple(_frame(one.tb_frame, one.tb_lasti, one.tb_lineno, source) for one, source in found)


def _frame(frame: FrameType, last: int, line: int, source: Source) -> Frame:
    code = frame.f_code
    for index, (start, end, column, end_column) in enumerate(code.co_positions()):
        if index == last // 2:
            if start is None or end is None or column is None or end_column is None:
                break
            span = Span(start, source.column(start, column), end, source.column(end, end_column))
            return Frame(source.spec, span, code.co_qualname, source.line(start))
    text = source.line(line)
    indent = len(text) - len(text.lstrip())
    return Frame(source.spec, Span(line, indent + 1, line, len(text) + 1), code.co_qualname, text)
