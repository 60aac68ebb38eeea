"""Uncaught exceptions as data and as a picture.

Takes: an exception and the run's chunks.
Gives: `RunError`: type, message, the script's own frames, outermost first, and the picture of `language.md`.
Refuses: to trust the exception: its `__str__` may raise, its chain may be endless, its frames may be thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Final

from ..diagnostics import Diagnostic, picture_of, printable, render_all
from ..lower.program import Chunk
from ..source import Source, Span

_MAX_FRAMES: Final = 1_000
_SHOWN_FRAMES: Final = 10
_MAX_CHAIN: Final = 5
_MAX_MESSAGE: Final = 10_000


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
    frames = tuple(_frames(error.__traceback__, sources))
    message = message_of(error)
    return RunError(
        type=_type_name(error),
        message=message,
        rendered="\n".join(_picture(error, sources)),
        frames=frames,
    )


def circular_import(message: str, chunk: Chunk, span: Span) -> RunError:
    """The error of a program whose initialisation reached the import that closes a cycle."""
    frame = Frame(chunk.spec, span, "<module>", chunk.source.line(span.line))
    head = f"error: ImportError: {message}"
    picture = picture_of(frame.file, frame.span, frame.text, frame.function)[1]
    return RunError(type="ImportError", message=message, rendered="\n".join([head, *picture]), frames=(frame,))


def message_of(error: BaseException) -> str:
    """The text of an exception; a class of the script's own may fail to give one."""
    try:
        return str(error)[:_MAX_MESSAGE]
    except BaseException:  # whatever a hostile __str__ raises, rendering must end
        return "<the exception's own text could not be had>"


def _type_name(error: BaseException) -> str:
    return type.__dict__["__qualname__"].__get__(type(error))  # type: ignore[no-any-return]


def _head(error: BaseException) -> str:
    message = "\n".join(printable(line) for line in message_of(error).split("\n"))
    return f"{_type_name(error)}: {message}" if message else _type_name(error)


def _picture(error: BaseException, sources: Mapping[int, Source]) -> Iterator[str]:
    seen: set[int] = set()
    label: str | None = "error"
    found: BaseException | None = error
    while found is not None and label and len(seen) < _MAX_CHAIN and id(found) not in seen:
        seen.add(id(found))
        yield f"{label}: {_head(found)}"
        yield from _frames_picture(tuple(_frames(found.__traceback__, sources)))
        yield from _extras(found)
        if found.__cause__ is not None:
            label, found = "caused by", found.__cause__
        elif found.__context__ is not None and not found.__suppress_context__:
            label, found = "while handling", found.__context__
        else:
            label = None


def _extras(error: BaseException) -> Iterator[str]:
    notes = error.__dict__.get("__notes__")
    if isinstance(notes, list):
        yield from (f"    = note: {printable(note)}" for note in notes if type(note) is str)
    if isinstance(error, BaseExceptionGroup):
        for inner in BaseExceptionGroup.exceptions.__get__(error)[:_SHOWN_FRAMES]:
            yield f"    = {_head(inner)}"


def _frames_picture(frames: tuple[Frame, ...]) -> Iterator[str]:
    half = _SHOWN_FRAMES // 2
    for position, frame in enumerate(frames):
        if len(frames) > _SHOWN_FRAMES and half <= position < len(frames) - half:
            if position == half:
                yield f"   ... {len(frames) - 2 * half} more frames ..."
            continue
        yield from picture_of(frame.file, frame.span, frame.text, frame.function)[1]


def _frames(traceback: TracebackType | None, sources: Mapping[int, Source]) -> Iterator[Frame]:
    """The script's own frames: those whose globals are a chunk's. Frames of the runtime are never shown."""
    count = 0
    while traceback is not None and count < _MAX_FRAMES:
        source = sources.get(id(traceback.tb_frame.f_globals))
        if source is not None:
            count += 1
            yield _frame(traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno, source)
        traceback = traceback.tb_next


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
