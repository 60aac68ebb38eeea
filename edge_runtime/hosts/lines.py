"""Lines of a stream, read without standing still.

Takes: a text stream, as `sys.stdin` or an opened file.
Gives: `Lines`: the lines that have come and the end; `wait`: until one of several streams has something.
Refuses: nothing. A stream without a file descriptor (a test's, in memory) has everything at hand. Where the system cannot wait
for files (Windows), all stand still until a line is there.

No thread: one that sits in a read cannot be ended, and takes a line that was meant for the shell. Nor Python's own buffer: what
lies in it the system does not tell of. So this file reads the descriptor, and nobody else may.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, TextIO

_AT_ONCE: Final = 65_536
_LONGEST: Final = 86_400.0
"""Seconds that the system is asked to wait: it refuses to wait for centuries. Who waits asks again."""
_CAN_SELECT: Final = sys.platform != "win32"


class Lines:
    """The lines of one stream, oldest first."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.descriptor = _descriptor(stream)
        decode = codecs.getincrementaldecoder(stream.encoding or "utf-8")(stream.errors or "strict")
        self._decoder = io.IncrementalNewlineDecoder(decode, translate=True)
        self._come: deque[str | UnicodeError | None] = deque()
        self._partial: list[str] = []

    @property
    def ready(self) -> bool:
        """Whether a line, or the end, is at hand."""
        return bool(self._come)

    def take(self) -> str | None:
        """The oldest line without its newline; None at the end. Raises `UnicodeError` for one that is no text.

        The end of what is typed (Ctrl-D) answers one question; the end of a file is there whenever it is asked for.
        """
        line = self._come.popleft()
        if isinstance(line, UnicodeError):
            raise line
        return line

    def fill(self) -> None:
        """Read what has come; stands still where nothing has."""
        if self.descriptor is None:
            line = self._stream.readline()
            self._come.append(line.removesuffix("\n") if line else None)
            return
        try:
            data = os.read(self.descriptor, _AT_ONCE)
        except OSError:  # the terminal was closed
            data = b""
        for piece in data.splitlines(keepends=True):
            self._decode(piece)
        if not data:
            self._end()

    def _decode(self, piece: bytes, *, final: bool = False) -> None:
        try:
            *whole, rest = self._decoder.decode(piece, final=final).split("\n")
        except UnicodeError as error:
            self._decoder.reset()
            self._partial.clear()
            self._come.append(error)
            return
        for text in whole:
            self._come.append("".join([*self._partial, text]))
            self._partial.clear()
        if rest:
            self._partial.append(rest)

    def _end(self) -> None:
        """What stands before the end is a line without a newline; the end itself is there when it is read again."""
        before = len(self._come)
        self._decode(b"", final=True)
        self._decoder.reset()
        if self._partial:
            self._come.append("".join(self._partial))
            self._partial.clear()
        if len(self._come) == before:
            self._come.append(None)


def wait(
    streams: Sequence[Lines],
    seconds: float | None,
    idle: Callable[[], AbstractContextManager[None]],
    waker: int | None = None,
) -> None:
    """Until one of the streams has a line, or part of one, or the time is up; None: however long it takes. Also until the
    descriptor `waker` has something, which is read.

    All standing still is done inside of `idle()`, and nothing else: where that is interrupted, no line is lost.
    """
    if any(stream.ready for stream in streams):
        return
    timeout = None if seconds is None else min(seconds, _LONGEST)
    files = {stream.descriptor: stream for stream in streams if stream.descriptor is not None and _CAN_SELECT}
    if len(files) == len(streams) and (files or waker is not None):
        wakers = [] if waker is None else [waker]
        with idle():
            having = select.select([*files, *wakers], [], [], timeout)[0]
        for descriptor in having:
            if descriptor == waker:
                os.read(descriptor, _AT_ONCE)
            else:
                files[descriptor].fill()
    elif not streams:
        with idle():
            time.sleep(_LONGEST if timeout is None else timeout)
    else:
        with idle():
            next((stream for stream in streams if stream.descriptor is None), streams[0]).fill()


def _descriptor(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None
