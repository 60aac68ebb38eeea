"""Native modules in the browser's WebAssembly: Python's side of `web/engine/abi.js`.

Takes: the JavaScript of one run's instances, as `Engine`.
Gives: `Natives.bind`: a module's attributes as a script sees them.
Refuses: modules of another ABI, constants that fail, as `ImportError`; calls of a module that trapped.

Values cross by themselves where they can: numbers, texts, None. One number in an array that both sides see, the status,
says what a value is, because JavaScript cannot tell 2.0 from 2. Everything that is not primitive stays here, under a number:
above zero it belongs to whoever holds the number, below zero it is lent for one call.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any, Final, Protocol

from ..machine.builtins import host_function
from ..machine.limits import RunEnded
from . import abi, plain
from .binding import attributes_of, not_started
from .handles import Items
from .wasmfile import Surface

_NONE, _BOOL, _INT, _FLOAT, _STR, _BYTES, _OBJECT, _ERROR, _MINUS_ZERO, _TRAP, _WIDE = range(11)
_CONTRACT, _UNUSABLE = 9, 10
"""Kinds of errors of a call that broke the contract: by the function's doing, or the module's."""

_ITSELF: Final = frozenset({_NONE, _BOOL, _INT, _STR})
"""Kinds of results that are what arrived."""

_KINDS: Final[Mapping[type, str]] = {NoneType: "0", bool: "1", int: "2", float: "3", str: "4"}
"""Kinds of arguments that cross by themselves."""

_PLAIN: Final = frozenset("0123")
"""Those of which the type says all: calls with no others go the short way."""

_MOST_KNOWN: Final = 4_096
_MOST_RAISED: Final = 1_000
_LARGE: Final = 65_536
"""From so many bytes on, memory is used again."""
_UNSTOPPABLE: Final = (SystemExit, RunEnded, KeyboardInterrupt, GeneratorExit)


class Engine(Protocol):
    """What `begin` of `web/engine/wasm.js` gives; a result is a JavaScript object, `failed` on it a reason."""

    def abi(self, spec: str, digest: str, guest: int) -> Any:
        """A module of the ABI, instantiated; `guest` is what its operations go by."""

    def capability(self, spec: str, digest: str, guest: int) -> Any:
        """The functions of a loader's capability."""

    def plain(self, digest: str) -> Any:
        """A plain module, instantiated."""

    def end(self) -> None:
        """No run uses them any more."""


class Ffi(Protocol):
    """What is used of `pyodide.ffi`."""

    def create_proxy(self, value: Any) -> Any:
        """A Python object that JavaScript may keep."""

    def to_js(self, value: Any) -> Any:
        """Bytes as a `Uint8Array`."""


class _Dead:
    """A module instance's end: why it trapped, or ''."""

    __slots__ = ("reason",)

    def __init__(self) -> None:
        self.reason = ""


class Natives:
    """The native modules of one run, or of a session's snippets. `begin` of the engine gets the status and what it calls here."""

    def __init__(self, begin: Callable[..., Engine], ffi: Ffi) -> None:
        self._ffi = ffi
        self._status = array("i", [0])
        self._objects: dict[int, object] = {}
        self._last = 0
        self._lent = 0
        self._raised: dict[str, BaseException] = {}
        self._ending: BaseException | None = None
        self._known: dict[tuple[type, ...], str] = {}
        self._guests: list[str] = []
        self._spare: Any = None
        self.depth = 0
        called = (self._status, self._dispatch, self._keep_wide, self._underneath, self._drop)
        self._proxies = [ffi.create_proxy(value) for value in called]
        self._engine = begin(*self._proxies)

    def resume(self) -> None:
        """The next snippet of a session begins. What ended the one before is over."""
        self._ending = None
        self._raised.clear()

    def close(self) -> None:
        """The run is over: nothing of it is held any more."""
        self._engine.end()
        for proxy in self._proxies:
            proxy.destroy()
        self._objects.clear()
        self._raised.clear()

    # -- binding --------------------------------------------------------------------------------------------------

    def bind(self, spec: str, digest: str, surface: Surface) -> Mapping[str, Any]:
        """A module's attributes. Raises `ImportError` where it does not start."""
        dead = _Dead()
        if surface.kind == "plain":
            return self._plain(spec, dead, self._started(spec, self._engine.plain(digest)), surface)
        instance = self._started(spec, self._engine.abi(spec, digest, self._new_guest(spec)))
        return attributes_of(
            spec,
            surface,
            instance.version,
            lambda name, export: self._function(spec, name, dead, instance.call(export)),
        )

    def bind_loaded(self, spec: str, digest: str, names: tuple[str, ...], *, capability: bool) -> Mapping[str, Any]:
        """The attributes of a module that a loader of the page took."""
        start = self._engine.capability if capability else self._engine.abi
        instance = self._started(spec, start(spec, digest, self._new_guest(spec)))
        dead = _Dead()
        return {name: host_function(name, self._function(spec, name, dead, instance.call(name))) for name in names}

    def _new_guest(self, spec: str) -> int:
        self._guests.append(spec)
        return len(self._guests) - 1

    def _started(self, spec: str, instance: Any) -> Any:
        failed = getattr(instance, "failed", None)
        if failed is not None:
            raise not_started(spec, failed)
        return instance

    def _plain(self, spec: str, dead: _Dead, instance: Any, surface: Surface) -> Mapping[str, Any]:
        attributes: dict[str, Any] = {}
        for name, export in surface.functions.items():
            signature = surface.signatures[name]
            js = instance.call(export, " ".join(signature.params), " ".join(signature.results))
            raw = self._raw(spec, dead, js, signature.results)
            attributes[name] = host_function(name, plain.function(spec, name, signature, raw))
        for name, (kind, export) in surface.globals.items():
            value = instance.value(export)
            attributes[name] = float(value) if kind in ("f32", "f64") else int(value)
        return attributes

    def _raw(self, spec: str, dead: _Dead, js: Callable[..., Any], results: tuple[str, ...]) -> Callable[..., Any]:
        """The function over numbers that `plain.function` puts its checks around."""
        status = self._status

        def raw(*numbers: float) -> Any:
            status[0] = _NONE  # a plain function says only where it trapped
            result = js(*numbers)
            if status[0] == _TRAP:
                raise self._trap(spec, dead, result)
            return result

        def raw_wide(*numbers: float) -> Any:
            return int(raw(*numbers))

        def raw_real(*numbers: float) -> Any:
            return float(raw(*numbers))

        def raw_several(*numbers: float) -> Any:
            found = raw(*numbers).to_py()
            return tuple(
                (float if kind[0] == "f" else int)(number) for kind, number in zip(results, found, strict=True)
            )

        if len(results) > 1:
            return raw_several
        return {"i64": raw_wide, "f32": raw_real, "f64": raw_real}.get("".join(results), raw)

    # -- calling --------------------------------------------------------------------------------------------------

    def _function(self, spec: str, name: str, dead: _Dead, js: Callable[..., Any]) -> Callable[..., Any]:
        """A function of the ABI. The short way is for arguments that cross by themselves."""
        known, status, raised = self._known, self._status, self._raised

        def call(*args: Any, **named: Any) -> Any:
            kinds = known.get((*map(type, args),))
            if kinds is None or named or dead.reason:
                return self._call_slowly(spec, name, dead, js, args, named)
            result = js(kinds, 0, *args)
            kind = status[0]
            if kind in _ITSELF and not raised and self._ending is None:
                return result
            return self._result(spec, name, dead, kind, result)

        return call

    def _call_slowly(
        self, spec: str, name: str, dead: _Dead, js: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
    ) -> Any:
        if dead.reason:
            raise RuntimeError(f"native module {spec!r} trapped earlier: {dead.reason}")
        kinds, values, lent = "", [], []
        for value in args:
            kind = _kind_of(value)
            if kind is None and type(value) is bytes:
                kinds += str(_BYTES)
                values.append(self._bytes_to_js(value))
            elif kind is None:
                kinds += str(_OBJECT)
                lent.append(self._lend(value))
                values.append(lent[-1])
            else:
                kinds += kind
                values.append(value)
        if len(values) <= 8 and _PLAIN.issuperset(kinds) and len(self._known) < _MOST_KNOWN:
            self._known[(*map(type, args),)] = kinds
        keywords = 0
        if named:
            keywords = self._lend(named)
            lent.append(keywords)
        try:
            result = js(kinds, keywords, *values)
            return self._result(spec, name, dead, self._status[0], result)
        finally:
            for number in lent:
                del self._objects[number]

    def _bytes_to_js(self, value: bytes) -> Any:
        """Bytes as a `Uint8Array`: many of them in the memory of an earlier result, for new memory costs more than copying."""
        spare, size = self._spare, len(value)
        if spare is None or size < _LARGE or size > spare.length:
            return self._ffi.to_js(value)
        self._spare = None
        data = spare.subarray(0, size)
        data.assign(value)
        return data

    def _result(self, spec: str, name: str, dead: _Dead, kind: int, result: Any) -> Any:
        if self._ending is not None:  # a guest cannot swallow the end of a program
            ending = self._ending
            if not isinstance(ending, RunEnded):
                self._ending = None  # the script around this call may catch it
            raise ending
        if kind != _ERROR and self.depth == 0:
            self._raised.clear()
        if kind == _BYTES:
            data: bytes = result.to_bytes()
            self._spare = result if len(data) >= _LARGE else self._spare
            return data
        if kind == _OBJECT:
            value = self._objects.pop(result) if result > 0 else self._objects[result]
            return value.rest() if type(value) is Items else value
        if kind == _TRAP:
            raise self._trap(spec, dead, result)
        if kind == _ERROR:
            raise self._error(spec, name, result)
        return self._value(kind, result)

    def _trap(self, spec: str, dead: _Dead, reason: str) -> BaseException:
        if self._ending is not None:
            return self._ending
        if dead.reason:
            return RuntimeError(f"native module {spec!r} trapped earlier: {dead.reason}")
        dead.reason = reason
        return RuntimeError(f"native module {spec!r} trapped: {reason}")

    def _error(self, spec: str, name: str, text: str) -> BaseException:
        kind, own, message = text.split(":", 2)
        raised = self._raised.pop(own, None)
        if self.depth == 0:
            self._raised.clear()
        if raised is not None:
            return raised
        if int(kind) in (_CONTRACT, _UNUSABLE):
            subject = f"{name}() " if int(kind) == _CONTRACT else ""
            return RuntimeError(f"native module {spec!r}: {subject}{message}")
        return abi.exception_of(int(kind), message)

    # -- what the engine calls ------------------------------------------------------------------------------------

    def _dispatch(self, guest: int, op: int, kind: int, receiver: Any, name: str, kinds: str, *args: Any) -> Any:
        """One `edge_op`."""
        self.depth += 1
        try:
            if self._ending is not None:
                raise self._ending
            values = [self._value(ord(digit) - 48, value) for digit, value in zip(kinds, args, strict=True)]
            return self._give(abi.dispatch(op, self._value(kind, receiver), name, values, self._guests[guest]))
        except BaseException as error:  # noqa: BLE001 - what a script raises is the guest's to know, and travels on
            if isinstance(error, _UNSTOPPABLE):
                self._ending = error
            number, message = abi.error_of(error)
            message = abi.message_bytes(message).decode()
            self._last += 1
            self._raised[str(self._last)] = error
            if len(self._raised) > _MOST_RAISED:  # within one call a guest may swallow any number
                del self._raised[next(iter(self._raised))]
            self._status[0] = _ERROR
            return f"{int(number)}:{self._last}:{message}"
        finally:
            self.depth -= 1

    def _value(self, kind: int, value: Any) -> Any:
        """A value as it arrived from the engine."""
        if kind in _ITSELF:
            return value
        if kind == _FLOAT:
            return float(value)
        if kind == _MINUS_ZERO:
            return -0.0
        if kind == _WIDE:
            return int(value)
        return value.to_bytes() if kind == _BYTES else self._objects[value]

    def _give(self, value: Any) -> Any:
        """A value on its way to the engine; the status says what it is."""
        kind = _kind_of(value)
        if kind is not None:
            minus = kind == "3" and value == 0 and str(value)[0] == "-"
            self._status[0] = _MINUS_ZERO if minus else ord(kind) - 48
            return value
        if type(value) is bytes:
            self._status[0] = _BYTES
            return self._ffi.to_js(value)
        self._status[0] = _OBJECT
        return self._keep(value)

    def _keep(self, value: Any) -> int:
        self._last += 1
        self._objects[self._last] = value
        return self._last

    def _keep_wide(self, value: Any) -> int:
        """An int or a text that is not primitive, on its way back: JavaScript holds ints so wide as a class of Pyodide's."""
        return self._keep(int(value) if isinstance(value, int) else value)

    def _lend(self, value: Any) -> int:
        self._lent -= 1
        self._objects[self._lent] = value
        return self._lent

    def _underneath(self, number: int) -> Any:
        """What an object of a class derived from a primitive's is underneath; the status says OBJECT where it is none."""
        packed = abi.pack(self._objects[number])
        if packed is None:
            self._status[0] = _OBJECT
            return None
        return self._give(abi.unpack(*packed))

    def _drop(self, numbers: Any) -> None:
        self.depth += 1  # what ends with an object runs here, and cannot wait either
        try:
            for number in numbers:
                self._objects.pop(number, None)
        finally:
            self.depth -= 1


def _kind_of(value: object) -> str | None:
    """The kind of a value that crosses by itself. JavaScript would join surrogates that stand beside each other."""
    kind = _KINDS.get(type(value))
    if kind == "4" and not value.isascii():  # type: ignore[attr-defined] # a str
        try:
            value.encode()  # type: ignore[attr-defined]
        except UnicodeEncodeError:
            return None
    return kind
