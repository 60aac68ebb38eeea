"""One instance of a native module of the ABI, whatever engine it runs in: calls of its exports, and the six imports.

Takes: from the script, arguments; from the module, numbers, and bytes that the engine fetches (`read`, `write`, `enter`).
Gives: results, or the exceptions that the script and the module hand to each other through it. An exception of the script
that a module passes on, or takes and throws again as it was, is still the same object.
Refuses: handles, operations and names that are not valid, as an error to the module; results that are none, as a
`RuntimeError`; calls of a module that trapped, or whose run is over. No module can swallow the end of a program.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from sys import getrecursionlimit, setrecursionlimit
from typing import Any, Final

from ..guard.sealed import Sealed
from ..machine.limits import RunEnded
from .abi import (
    HAS_NAME,
    HAS_RECEIVER,
    NOT_PRIMITIVE,
    VERSION,
    dispatch,
    error_of,
    exception_of,
    message_bytes,
    pack,
    unpack,
)
from .binding import attributes_of, not_started
from .handles import MAX_HANDLES, Handles, Items
from .wasmfile import Surface

MAX_DEPTH: Final = 200
"""How deep a script and its modules may call each other. Each level takes stack of the engine's and the interpreter's."""

_HOST_FRAMES: Final = 32
_MISSING: Final = object()


class Trap(Exception, metaclass=Sealed):
    """The engine ended a call of the module; the text says why, in few words."""


class BadPointer(Exception, metaclass=Sealed):
    """A module named memory that it does not have."""


class Run:
    """What the modules of one run share: how deep they call each other, and whether the run is over."""

    __slots__ = ("depth", "ending")

    def __init__(self) -> None:
        self.depth = 0
        self.ending: BaseException | None = None

    def go_down(self) -> int:
        """One call more; what `come_up` wants. Raises `RecursionError` where they are too deep.

        The host's own frames get room beyond what the script is allowed: an error where they begin, in the engine's hands,
        would end the module.
        """
        limit = getrecursionlimit()
        try:
            setrecursionlimit(limit)  # it is refused where not even `come_up` would have room
        except RecursionError:
            raise RecursionError("maximum recursion depth exceeded while calling a native module") from None
        if self.depth >= MAX_DEPTH:
            raise RecursionError(f"native modules and the program call each other more than {MAX_DEPTH} levels deep")
        setrecursionlimit(limit + _HOST_FRAMES)
        self.depth += 1
        return limit

    def come_up(self, limit: int) -> None:
        """A call is over."""
        self.depth -= 1
        setrecursionlimit(limit)


class Guest(ABC):
    """One module instance. Engines add its memory and how to enter it."""

    def __init__(self, spec: str, run: Run) -> None:
        self.spec = spec
        self.handles = Handles()
        self.broken = ""
        """Why the module cannot be called any more, as the end of a sentence that begins with its name."""
        self._run = run
        # Of the call that runs now; calls within calls put these aside.
        self._pending: BaseException | tuple[int, str] | None = None
        self._taken: BaseException | None = None
        self._ending: BaseException | None = None

    @abstractmethod
    def read(self, pointer: int, size: int) -> bytes:
        """A copy of the module's memory. Raises `BadPointer`."""

    @abstractmethod
    def write(self, pointer: int, data: bytes) -> None:
        """Change the module's memory. Raises `BadPointer`."""

    @abstractmethod
    def read_handles(self, pointer: int, count: int) -> tuple[int, ...]:
        """Numbers of 32 bits from the module's memory. Raises `BadPointer`."""

    @abstractmethod
    def write_number(self, pointer: int, number: int) -> None:
        """Write a number of 32 bits to the module's memory. Raises `BadPointer`."""

    @abstractmethod
    def enter(self, export: str, handles: list[int]) -> tuple[int, int]:
        """Call an export `(argv, argc, out) -> i32`: what it returned, and what it wrote to `out`. Raises `Trap`."""

    @abstractmethod
    def version(self) -> int:
        """What `__edge_abi_version` gives."""

    # ---- the script calls the module ----

    def bind(self, surface: Surface) -> dict[str, Any]:
        """The attributes of the module as a script sees them. Raises `ImportError` where it does not start."""
        try:
            spoken = self.version() if surface.has_version else VERSION
        except Trap as trap:
            raise self.not_started(f"trapped: {trap}") from None
        return attributes_of(self.spec, surface, spoken, self.function)

    def not_started(self, why: str) -> BaseException:
        """The error of a module that does not start, unless its run is over."""
        if self._run.ending is not None:
            return self._run.ending
        return not_started(self.spec, why)

    def function(self, name: str, export: str) -> Callable[..., Any]:
        """An export as a Python function; `name` is for messages."""
        call = self.call

        def native(*args: Any, **named: Any) -> Any:
            return call(name, export, args, named)

        return native

    def call(self, name: str, export: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """Call an export with values: the arguments, and in one more place the keywords, or 0 where there are none."""
        run, handles = self._run, self.handles
        if self.broken or run.ending is not None:
            raise self.cannot_be_called()
        limit = run.go_down()
        outer = self._pending, self._taken, self._ending
        self._pending = self._taken = self._ending = None
        staged: list[int] = []
        trap = None
        try:
            for value in args:
                staged.append(handles.new(value))  # noqa: PERF401 - what is staged before the table is full is released
            staged.append(handles.new(named) if named else 0)
            try:
                status, out = self.enter(export, staged)
            except Trap as why:
                status, out, trap = 0, 0, str(why)
            if trap is not None:  # here, so that no error of the script's gets a context that is not its own
                raise self.trapped(trap)
            ending = self._over()
            if ending is not None:
                raise ending
            return self._result(name, out) if status == 0 else self._fail(name, status)
        finally:
            for handle in staged:
                handles.release(handle)
            self._pending, self._taken, self._ending = outer
            run.come_up(limit)

    def _result(self, name: str, out: int) -> object:
        value = self.handles.get(out, _MISSING)
        if value is _MISSING:
            if self._pending is not None:
                return self._fail(name, 1)
            what = f"left {out}, which is no handle, in *out" if out else "returned 0 but left no handle in *out"
            raise RuntimeError(f"native module {self.spec!r}: {name}() {what}")
        self.handles.release(out)
        return value.rest() if type(value) is Items else value

    def _fail(self, name: str, status: int) -> object:
        pending = self._pending
        if status != 1:
            raise RuntimeError(f"native module {self.spec!r}: {name}() returned {status}; only 0 and 1 have a meaning")
        if pending is None:
            raise RuntimeError(f"native module {self.spec!r}: {name}() returned 1, an error, but set none")
        raise exception_of(*pending) if isinstance(pending, tuple) else pending

    def _over(self) -> BaseException | None:
        """The end of the program or of the run, where one came up during the call."""
        return self._run.ending if self._ending is None else self._ending

    def cannot_be_called(self) -> BaseException:
        """Why no call of the module may begin."""
        if self._run.ending is not None:
            return self._run.ending
        return RuntimeError(f"native module {self.spec!r} {self.broken}")

    def trapped(self, reason: str) -> BaseException:
        """The error of a call that trapped. The module ends here."""
        again = self.broken
        self.handles.clear()
        ending = self._over()
        self.broken = again or (
            "was ended in the middle of a call" if ending is not None else f"trapped earlier: {reason}"
        )
        if ending is not None:
            return ending  # it was no trap of the module's: its run ended
        if again and isinstance(self._pending, BaseException):
            return self._pending  # a call within this one trapped, and the script let its error pass
        return RuntimeError(f"native module {self.spec!r} {again or 'trapped: ' + reason}")

    def escaped(self, error: BaseException) -> None:
        """An import raised what is no error for the module: its call ends, with that."""
        if self._ending is None and not isinstance(error, BadPointer | Trap):
            self._ending = error

    def close(self) -> None:
        """Release what the module holds. It cannot be called any more."""
        self.broken = self.broken or "cannot be called: its program is over"
        self.handles.clear()

    # ---- the module calls the host ----

    def edge_op(self, op: int, receiver: int, name: int, name_size: int, argv: int, argc: int, out: int) -> int:
        """Dispatch one operation: 0 and a fresh handle in `*out`, or 1 and a pending error."""
        if self._ending is not None:
            self._pending = self._ending
            return 1
        try:
            handle = self.handles.new(self._operate(op, receiver, name, name_size, argv, argc))
        except BadPointer:
            raise
        except Exception as error:  # noqa: BLE001 - any error of the script's is the module's to see
            self._pending = error
            handle = 0
        except BaseException as error:
            self._pending = self._ending = error
            if isinstance(error, RunEnded | KeyboardInterrupt):
                raise
            handle = 0
        if self.broken:  # a call within this one trapped: nothing of the module may go on
            raise Trap(self.broken)
        if handle == 0:
            return 1
        self.write_number(out, handle)
        return 0

    def _operate(self, op: int, receiver: int, name: int, name_size: int, argv: int, argc: int) -> object:
        target: object = None
        if op in HAS_RECEIVER:
            target = self._value(receiver)
        text = ""
        if op in HAS_NAME:
            try:
                text = self.read(name, name_size).decode()
            except UnicodeDecodeError:
                raise RuntimeError("edge_op: the name is not UTF-8") from None
        args: list[object] = []
        if argc:
            if argc > MAX_HANDLES:
                raise RuntimeError(f"edge_op: {argc} arguments are too many, the most are {MAX_HANDLES}")
            args = [self._value(handle) for handle in self.read_handles(argv, argc)]
        return dispatch(op, target, text, args, self.spec)

    def _value(self, handle: int) -> object:
        value = self.handles.get(handle, _MISSING)
        if value is _MISSING:
            raise RuntimeError(f"edge_op: {handle} is not a valid handle")
        return value

    def edge_encode(self, tag: int, pointer: int, size: int) -> int:
        """A fresh handle for a primitive; 0 where the bytes are not valid for the tag."""
        try:
            return self.handles.new(unpack(tag, self.read(pointer, size)))
        except ValueError:
            return 0
        except RuntimeError as error:  # too many handles
            self._pending = error
            return 0

    def edge_decode(self, handle: int, out_tag: int, target: int, room: int) -> int:
        """Bytes copied, or minus the number needed. The tag is written in any case."""
        packed = pack(self.handles.get(handle, _MISSING))
        if packed is None:
            self.write_number(out_tag, NOT_PRIMITIVE)
            return 0
        tag, data = packed
        self.write_number(out_tag, tag)
        size = len(data)
        if size > room:
            return -size
        if size:
            self.write(target, data)
        return size

    def edge_release(self, handle: int) -> None:
        """Drop one reference."""
        self.handles.release(handle)

    def edge_take_error(self, out_kind: int, target: int, room: int) -> int:
        """Drain the pending error: bytes copied, minus the number needed (then it stays), or -1 where there is none.

        -1 cannot also say that one byte is needed: a message of one byte asks for two.
        """
        pending = self._pending
        if pending is None:
            return -1
        kind, message = pending if isinstance(pending, tuple) else error_of(pending)
        data = message_bytes(message)
        self.write_number(out_kind, kind)
        if len(data) > room:
            return -max(len(data), 2)
        self.write(target, data)
        self._pending = None
        self._taken = None if isinstance(pending, tuple) else pending
        return len(data)

    def edge_throw(self, kind: int, pointer: int, size: int) -> None:
        """Set the pending error. One that was taken, thrown as it was, is the same exception again."""
        thrown = kind, self.read(pointer, size).decode("utf-8", "replace")
        same = self._taken is not None and _as_taken(self._taken) == thrown
        self._pending = self._taken if same else thrown


def _as_taken(error: BaseException) -> tuple[int, str]:
    """Kind and message as `edge_take_error` gave them."""
    kind, message = error_of(error)
    return kind, message_bytes(message).decode()
