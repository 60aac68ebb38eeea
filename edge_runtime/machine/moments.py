"""The time of day that `datetime` tells a program.

Takes: the host's clock. Gives: `moments`: what `x.now`, `x.today` and `x.utcnow` of a script's text call (guard/rewrites.py).
Refuses: nothing: an attribute of that name of any other object is that attribute.

CPython's classes ask the system, in C. A run that is restored has to hear the time that it heard before, so they ask the host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from types import BuiltinMethodType
from typing import Any, Final

from ..guard.names import MOMENTS
from ..guard.sealed import host_function

_FROM_TIMESTAMP: Final[Any] = datetime.__dict__["fromtimestamp"]
"""Of a subclass too it is this: `now` does not ask for a method of the subclass."""


def moments(now: Callable[[], float]) -> Mapping[str, Callable[[Any], Any]]:
    """The functions that read these attributes, by their built-in names."""

    def method(kind: Any, name: str) -> Any:
        def here(tz: Any = None) -> Any:
            if tz is not None and not isinstance(tz, tzinfo):
                kind.now(tz)  # an error, in CPython's words
            return _FROM_TIMESTAMP.__get__(None, kind)(now(), tz)

        def today() -> Any:
            return kind.fromtimestamp(now())

        def in_utc() -> Any:
            return _FROM_TIMESTAMP.__get__(None, kind)(now(), UTC).replace(tzinfo=None)

        function = {"now": here, "today": today, "utcnow": in_utc}[name]
        return host_function(name, function, text=f"<built-in method {name} of type object>")

    def reader(name: str) -> Callable[[Any], Any]:
        def read(value: Any) -> Any:
            found = getattr(value, name)
            if type(found) is not BuiltinMethodType or found.__name__ != name:
                return found
            kind: Any = found.__self__
            return method(kind, name) if isinstance(kind, type) and issubclass(kind, date) else found

        return read

    return {f"<moment {name}>": reader(name) for name in MOMENTS}
