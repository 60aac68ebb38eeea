"""The machine's host in a page: output, questions, time and native functions of a run, or of all snippets of a session, over the
bridge to the engine.

Takes: the engine's bridge, what parks the stack, the native modules that the session knows.
Gives: `Page`. Questions are gathered here and in the engine, and cross in one list; so do the answers.
Refuses: more than 1,000 calls that wait, and more than 1,000 other questions; more bytes than the run's share in arguments that
are on their way; to wait where nothing can be parked, with a sentence that says why.
"""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any, Final, Protocol

from ..lower.program import NativeModule
from ..machine.host import Answer, Asking, Lent, Question, Unavailable
from ..machine.stacks import Stacks
from ..native import on_demand
from ..packages.needs import Failed
from .jspi import JspiStacks, Parking
from .slices import Slicer
from .standard import Standard
from .values import INT, LIST, MAX_TOKENS, SMALL, Room, decode, encode

_NOT_BY_TEXT: Final = (SyntaxError, UnicodeError, ExceptionGroup)
"""Exceptions that cannot be made from a text alone."""

_LONGEST_PROMPT: Final = 10_000
"""Of a prompt, which was printed already, the page needs no more."""

_MOST_CARRIED: Final = 64 * 1024 * 1024
"""Bytes that the arguments of all calls hold at most that wait. They are copied twice on their way, outside of the program's
memory; so a program that has little may send less: a fourth of it."""

_MOST_CALLS: Final = 1_000
_MOST_WAITS: Final = 1_000
_FULL: Final = 65_536
"""Values in gathered questions that leave without waiting for more."""
_FEW: Final = 64
"""As many cross as arguments of a call, which is faster than to make an array of them."""

_NO_WAITING: Final = (
    "this browser cannot wait inside a program: it lacks JavaScript Promise Integration (JSPI). "
    "Chrome 137, Firefox 153 and Safari 27 have it"
)
_NO_WAITING_INSIDE: Final = (
    "a function that a native module called cannot wait (input, receive, sleep, calls of the page): "
    "wait before the native call, or after it"
)


class Bridge(Slicer, Protocol):
    """What the engine's JavaScript gives a run (`web/engine/engine.js`, `waiting.js`)."""

    stacks: Any
    """What switches stacks; None where none can be parked."""

    def natives(self, *shared: Any) -> Any:
        """Begin the run of native modules."""

    def write(self, stream: str, text: str) -> None:
        """Hand output to the page."""

    def name(self, function: int, module: str, name: str) -> None:
        """What function of the page goes by that number."""

    def ask(self, questions: Any) -> None:
        """Questions as one array: of each call its number, the function's, how many tokens, tokens; of each other one number,
        kind, text."""

    def forget(self, number: int) -> None:
        """Nobody waits for that answer any more."""

    def mark(self) -> None:
        """Looks at the program are counted anew."""

    def looks(self) -> int:
        """How many there were since."""

    def seek(self, looks: float) -> None:
        """From that look on each check is a signal; below 0: none."""

    def reached(self, looks: int) -> None:
        """A restored run is where it was saved, and the count is this."""

    def library(self) -> None:
        """Let the next stack that is parked be so until the standard library's archive has come (`archive.py`)."""

    def shown(self, well: bool, text: str) -> None:
        """What somebody wanted to see of the program, which then rests on."""

    def wait(self, seconds: float, *questions: Any) -> Any:
        """Ask these first. Then answers as one array (number, whether it went well, how many, tokens or name and message, again
        and again), or None; or True: park the stack, and be given the same. Below 0 seconds: for ever."""


@dataclass(slots=True)
class KnownNative:
    """A native module as the session keeps it, by its digest. `data` are its bytes until the engine compiled them; `surface`
    what it offers (`native/wasmfile.py`), or `refused` why not; `loaded` are its names where a loader of the page took it."""

    data: bytes
    surface: Any
    refused: Failed | None = None
    loaded: tuple[str, ...] | None = None
    capability: bool = False


class Page:
    """The host of one run or, for snippets, of one after the other."""

    def __init__(self, ffi: Any, parking: Parking, known: Mapping[str, KnownNative], argv: tuple[str, ...]) -> None:
        self._to_js, self._parking, self._known = ffi.to_js, parking, known
        self._ffi = ffi
        self._standard = Standard(argv)
        self._natives: Any = None
        self._functions: list[tuple[str, str]] = []

    def begin(self, bridge: Bridge, memory: int) -> None:
        """A run begins, whose memory is so many bytes. Nothing of an earlier one is left, but for its native modules."""
        self._bridge = bridge
        self.end: Callable[[], Any] = lambda: None
        """Raises `RunEnded`, where a wait was broken off."""
        self.show: Callable[[str], None] = lambda _: None
        """What the host does where somebody looks at the program that waits."""
        # A method of JavaScript's is looked up once: that takes longer than to call it.
        self._js_wait, self._why = bridge.wait, bridge.why
        self._switch = bridge.stacks
        self._carried = min(_MOST_CARRIED, memory // 4)
        self._gathered: list[Any] = []
        self._plain = True
        self._calls: dict[int, int] = {}
        self._waits: set[int] = set()
        self._carrying = 0
        for number, named in enumerate(self._functions):
            bridge.name(number, *named)
        if self._natives is not None:
            self._natives.resume()

    def close(self) -> None:
        """No run uses it any more."""
        if self._natives is not None:
            self._natives.close()

    def write(self, stream: str, text: str) -> None:
        self._bridge.write(stream, text)

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.perf_counter()

    def seed(self) -> int:
        return SystemRandom().getrandbits(64)

    def stacks(self) -> Stacks:
        return JspiStacks(self._parking, self._switch)

    def can_wait(self) -> str | None:
        if self._switch is None:
            return _NO_WAITING
        if self._natives is not None and self._natives.depth > 0:
            return _NO_WAITING_INSIDE  # only Python's own stack can be parked, not a module's below it
        return None

    # Questions and answers.

    def ask(self, question: Question) -> None:
        number, kind = question.number, question.kind
        if kind == "call":
            if len(self._calls) >= _MOST_CALLS:
                raise Unavailable(f"more than {_MOST_CALLS:,} calls of the page wait for their answers")
            function, tokens, size, plain = question.arguments
            self._gathered += (number, function, len(tokens), *tokens)
            self._calls[number] = size
            self._carrying += size
            if not plain:
                self._plain = False
            if len(self._gathered) >= _FULL:
                self.send()
        else:
            if len(self._waits) >= _MOST_WAITS:
                raise Unavailable(f"more than {_MOST_WAITS:,} coroutines wait for input, events or frames of the page")
            self._gathered += (number, kind, question.text[:_LONGEST_PROMPT])
            self._waits.add(number)

    def forget(self, number: int) -> None:
        self.send()
        self._close(number)
        self._bridge.forget(number)

    def send(self) -> None:
        """Hand over what was gathered."""
        if self._gathered:
            gathered, self._gathered, self._plain = self._gathered, [], True
            self._bridge.ask(self._to_js(gathered))

    def wait(self, seconds: float | None) -> Sequence[Answer]:
        first: Sequence[Any] = ()
        if self._plain and len(self._gathered) <= _FEW:
            first, self._gathered = self._gathered, []
        else:
            self.send()
        found = self._js_wait(-1.0 if seconds is None else seconds, *first)
        if found is True:
            found = self._parking.rest(self.show)
        if found is not None:
            return self._answers(found)
        if self._why() is not None:
            self.end()
        return ()

    def _answers(self, found: Any) -> list[Answer]:
        items = _converted(found)
        if items is None:  # there is no telling which of them were in it
            lost = [*self._calls, *self._waits]
            for number in lost:
                self._close(number)
            return [Answer(number, None, MemoryError()) for number in lost]
        answers = []
        at, end = 0, len(items)
        while at < end:
            number, well, size = items[at], items[at + 1], items[at + 2]
            content = items[at + 3 : at + 3 + size]
            at += 3 + size
            self._close(number)
            answers.append(_answer(number, well, content))
        return answers

    def _close(self, number: int) -> None:
        size = self._calls.pop(number, None)
        if size is None:
            self._waits.discard(number)
        else:
            self._carrying -= size

    # Native modules.

    def bind(self, module: NativeModule, lent: Lent) -> Mapping[str, Any]:
        if module.kind == "std":
            return self._standard.bind(module.spec, lent)
        if module.kind == "wasm":
            return self._bind_wasm(module)
        return {name: Asking(self._prepare(name, self._numbered(module.spec, name))) for name in module.names}

    def _numbered(self, module: str, name: str) -> int:
        """The number of a function of the page, by which the engine knows it from now on."""
        number = len(self._functions)
        self._functions.append((module, name))
        self._bridge.name(number, module, name)
        return number

    def _bind_wasm(self, module: NativeModule) -> Mapping[str, Any]:
        if self._natives is None:
            self._natives = on_demand("browser").Natives(self._bridge.natives, self._ffi)
        known = self._known[module.digest]
        if known.loaded is not None:
            names, capability = known.loaded, known.capability
            return self._natives.bind_loaded(module.spec, module.digest, names, capability=capability)  # type: ignore[no-any-return]
        return self._natives.bind(module.spec, module.digest, known.surface)  # type: ignore[no-any-return]

    def _prepare(self, name: str, function: int) -> Callable[..., tuple[int, list[Any], int, bool]]:
        def prepare(*arguments: Any, **named: Any) -> tuple[int, list[Any], int, bool]:
            if named:
                raise TypeError(f"{name}() takes its arguments by position, not as {next(iter(named))}=…")
            tokens: list[Any] = []
            room: Room | None = None
            for position, argument in enumerate(arguments, 1):
                if type(argument) is int and -SMALL < argument < SMALL:  # frequent, and nothing to check
                    tokens += (INT, argument)
                    continue
                room = room or Room(self._carried, self._carrying)
                tokens += encode(argument, f"{name}() argument {position}", room)
            if len(tokens) + 2 > MAX_TOKENS:
                raise TypeError(f"the arguments of {name}() hold more than {MAX_TOKENS // 2:,} values")
            tokens += (LIST, len(arguments))
            return (function, tokens, 0, True) if room is None else (function, tokens, room.taken, room.plain)

        return prepare


def _answer(number: int, well: bool, content: list[Any]) -> Answer:
    if not well:
        name, message = content
        kind = getattr(builtins, name, None)
        known = isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _NOT_BY_TEXT)
        return Answer(number, None, kind(message) if known and kind else RuntimeError(message))
    try:
        return Answer(number, decode(content))
    except MemoryError:
        return Answer(number, None, MemoryError())


def _converted(found: Any) -> Any:
    """Answers in Python's hands; None where they do not fit its memory. The page's side made them, so nothing else can go
    wrong, and the runtime words that in ways of its own: a `SystemError`, a `RangeError` of JavaScript."""
    try:
        return found.to_py()
    except Exception:  # noqa: BLE001
        return None
