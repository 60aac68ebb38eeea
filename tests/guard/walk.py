"""The walk over what a script can reach: attributes, items, calls with arguments, subclasses, errors.

Takes: `Hands`, functions of a running script that fetch, read and call as scripts do; a `Judge`; roots by path.
Gives: `Walk.run`: findings as (kind, path), and what was found, by identity.
Refuses: nothing. Past its budget it stops and says so: `complete` is False.

An object is looked at once. Of instances of one class, closures of one function and classes of one name it looks at a few:
others behave alike. Results of calls may be called again, `CALLS_DEEP` levels. Runs on every supported Python.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Final

from tests.guard.walk_arguments import FEW, MANY, NAMED, SAID
from tests.guard.walk_judge import Judge, bases_of, class_of, function_of, raw

CALLS_DEEP: Final = 2
ALIKE: Final = 3
CHAIN: Final = 16
"""Errors behind an error that are looked at: those further back were looked at when they came."""
PLAIN: Final = (type(None), bool, int, float, complex, str, bytes, range, slice, type(...), type(NotImplemented))
_CONTAINERS: Final = (dict, list, tuple, set, frozenset, MappingProxyType)
_BOUND: Final = (BuiltinFunctionType, MethodWrapperType)
_DESCRIPTORS: Final = (GetSetDescriptorType, MemberDescriptorType, MethodDescriptorType, WrapperDescriptorType)
_ITEMS: Final = 400
_NEXT: Final = 5
_CARRIED: Final = "args obj name value object exceptions msg path code __context__ __cause__ __notes__".split()
_NOT_CALLED: Final = frozenset({"setrecursionlimit", "breakpoint"})


@dataclass(frozen=True, slots=True)
class Hands:
    """What the script lends. `fetch` gives its function for an attribute's name, None where the guard refuses the name."""

    fetch: Callable[[str], Callable[[Any], Any] | None]
    dynamic: Callable[[Any, str], Any]
    call: Callable[..., Any]
    derive: Callable[[Any], Any]
    above: Callable[[Any, Any], Any]
    samples: dict[str, Callable[[], Any]]


@dataclass(slots=True)
class Budget:
    """Bounds of one walk."""

    objects: int = 150_000
    calls: int = 3_000_000
    seconds: float = 240.0


@dataclass(slots=True)
class Walk:
    """One walk. `found` has each object with its path."""

    hands: Hands
    judge: Judge
    budget: Budget = field(default_factory=Budget)
    calls_deep: int = CALLS_DEEP
    findings: list[tuple[str, str]] = field(default_factory=list)
    found: dict[Any, tuple[str, Any]] = field(default_factory=dict)
    calls: int = 0
    complete: bool = True
    _queue: deque[tuple[str, Any, int]] = field(default_factory=deque)
    _alike: Counter[Any] = field(default_factory=Counter)
    _instances: dict[type, list[Any]] = field(default_factory=dict)

    def run(self, roots: Iterable[tuple[str, Any]]) -> None:
        """Walk from the roots until nothing is new."""
        self._queue.extend((path, value, self.calls_deep) for path, value in roots)
        until = time.monotonic() + self.budget.seconds
        while self._queue:
            self._visit(*self._queue.popleft())
            if len(self.found) > self.budget.objects or self.calls > self.budget.calls or time.monotonic() > until:
                self.complete = False
                return

    def _visit(self, path: str, value: Any, left: int) -> None:
        kind = class_of(value)
        if kind in PLAIN:
            return
        key = self._key(value, kind)
        if key in self.found:
            return
        self.found[key] = path, value
        verdict = self.judge.verdict(value)
        if verdict is not None:
            self.findings.append((verdict, path))
            return
        self._alike[group := _group(value, kind)] += 1
        if self._alike[group] > ALIKE and kind not in _CONTAINERS:
            return
        if kind not in self._instances or len(self._instances[kind]) < ALIKE:
            self._instances.setdefault(kind, []).append(value)
        if kind not in _CONTAINERS or self._alike[kind, "attributes"] < 1:
            self._alike[kind, "attributes"] += 1
            self._attributes(path, value, kind, left)
        try:
            for place, inner in _items(value, kind):
                self._add(f"{path}[{place}]", inner, left)
        except BaseException as error:  # noqa: BLE001 - an object that cannot even be iterated
            self._error(f"{path}[…]!", error)
        if left > 0:
            self._calls(path, value, kind, left - 1)

    def _add(self, path: str, value: Any, left: int) -> None:
        if class_of(value) not in PLAIN:
            self._queue.append((path, value, left))

    def _key(self, value: Any, kind: type) -> Any:
        """Identity; of a bound method, made anew at each access, that of the function and the class it is bound to."""
        if kind is MethodType:
            return id(function_of(value)), id(class_of(value.__self__))
        if kind in _BOUND:
            owner = value.__self__
            if isinstance(owner, ModuleType) or owner is None:
                return id(value)
            places = bases_of(owner) if isinstance(owner, type) else bases_of(class_of(owner))
            for base in places:
                inside = type.__dict__["__dict__"].__get__(base)
                if value.__name__ in inside:
                    return id(inside[value.__name__]), isinstance(owner, type)
            return value.__name__, id(class_of(owner))
        return id(value)

    # Attributes

    def _attributes(self, path: str, value: Any, kind: type, left: int) -> None:
        for name in _names(value, kind):
            fetch = self.hands.fetch(name)
            results = []
            for get in (fetch, lambda it, name=name: self.hands.dynamic(it, name)):
                if get is None:
                    continue
                try:
                    results.append(get(value))
                except BaseException as error:  # noqa: BLE001 - an error is within reach as well
                    self._error(f"{path}.{name}!", error)
            for inner in results[:1] if len(results) == 2 and results[0] is results[1] else results:
                self._add(f"{path}.{name}", inner, left)

    def _error(self, path: str, error: BaseException) -> None:
        """An exception that the script catches; those alike are judged by what they and those behind them carry."""
        group = class_of(error), "error"
        self._alike[group] += 1
        if self._alike[group] <= ALIKE * 3:
            self._add(path, error, 0)
            return
        chain, seen = [(path, error)], {id(error)}
        for at, one in chain:
            for name in _CARRIED:
                inner = raw(one, name)
                if class_of(inner) in PLAIN or id(inner) in self.found:
                    continue
                inside = inner if class_of(inner) is tuple else (inner,)
                if any(self.judge.verdict(item) for item in inside):
                    self._queue.append((f"{at}.{name}", inner, 0))
                for item in inside:
                    if len(chain) < CHAIN and issubclass(class_of(item), BaseException) and id(item) not in seen:
                        seen.add(id(item))
                        chain.append((f"{at}.{name}", item))

    # Calls

    def _calls(self, path: str, value: Any, kind: type, left: int) -> None:
        if kind in (GetSetDescriptorType, MemberDescriptorType) or not callable(value):
            self._descriptor(path, value, kind, left)
            return
        name = raw(value, "__name__")
        if class_of(name) is str and name in _NOT_CALLED:
            return
        results: Counter[type] = Counter()
        for label, given, named in self._arguments(value, kind, name):
            self.calls += 1
            try:
                result = self.hands.call(value, given, named)
            except BaseException as error:  # noqa: BLE001 - an error is within reach as well
                self._error(f"{path}({label})!", error)
                continue
            results[class_of(result)] += 1
            if results[class_of(result)] <= ALIKE or self.judge.verdict(result):
                self._add(f"{path}({label})", result, left)
        if isinstance(value, type):
            self._class(path, value, left)

    def _descriptor(self, path: str, value: Any, kind: type, left: int) -> None:
        """What `descriptor.__get__` gives for an object that it is for."""
        get = self.hands.fetch("__get__")
        if kind not in _DESCRIPTORS or get is None:
            return
        for owner in self._some_of(value.__objclass__):
            self.calls += 1
            try:
                self._add(f"{path}.__get__(…)", self.hands.call(get(value), (owner,), {}), left)
            except BaseException as error:  # noqa: BLE001 - an error is within reach as well
                self._error(f"{path}.__get__(…)!", error)

    def _class(self, path: str, value: type, left: int) -> None:
        """A subclass of a class, `super()` of one, and of an instance."""
        attempts: list[tuple[str, Callable[[], Any]]] = [
            ("class of", lambda: self.hands.derive(value)),
            ("super of", lambda: self.hands.above(value, value)),
        ]
        some = self._some_of(value)
        if some:
            attempts.append(("super of an instance of", lambda: self.hands.above(value, some[0])))
        for label, attempt in attempts:
            self.calls += 1
            try:
                self._add(f"{label} {path}", attempt(), left)
            except BaseException as error:  # noqa: BLE001 - an error is within reach as well
                self._error(f"{label} {path}!", error)

    def _arguments(self, value: Any, kind: type, name: Any) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
        special = isinstance(name, str) and name.startswith("__") and not isinstance(value, type)
        for label, words in FEW if special else MANY:
            yield label, tuple(self._sample(word, value) for word in words), {}
        for owner in self._some_of(_owner(value, kind)):
            for label, words in FEW:
                yield f"self {label}", (owner, *(self._sample(word, owner) for word in words)), {}
        if not special:
            for keyword, words, word in NAMED:
                given = tuple(self._sample(word, value) for word in words)
                yield f"{' '.join(words)}, {keyword}={word}", given, {keyword: self._sample(word, value)}

    def _sample(self, word: str, itself: Any) -> Any:
        """What a word of the tables below stands for: made anew by the script, said as it is, or the object itself."""
        if word in self.hands.samples:
            return self.hands.samples[word]()
        return SAID.get(word, itself)

    def _some_of(self, cls: type | None) -> list[Any]:
        """Objects met before that a method of the class takes as `self`."""
        if cls is None or cls is object:
            return []
        near = self._instances.get(cls)
        if near is not None:
            return near[:2]
        for other, some in self._instances.items():
            if cls in bases_of(other):
                return some[:1]
        return []


def _owner(value: Any, kind: type) -> type | None:
    """The class whose instance a function takes first, if it is a method."""
    if kind in _DESCRIPTORS:
        owner: type = value.__objclass__
        return owner
    return None


def _group(value: Any, kind: type) -> Any:
    """What is alike: instances of a class, closures of a function, classes of one name."""
    if kind is FunctionType:
        return value.__code__
    if issubclass(kind, type):
        return (
            kind,
            repr(type.__dict__["__dict__"].__get__(value).get("__module__")),
            type.__dict__["__qualname__"].__get__(value),
        )
    if kind in _BOUND or kind in _DESCRIPTORS or kind is MethodType or issubclass(kind, ModuleType):
        return id(value)
    return kind


def _names(value: Any, kind: type) -> list[str]:
    """Every name that an attribute of the object may have."""
    found: set[Any] = {"__context__", "__class__", "__dict__", "__annotations__"}
    for base in bases_of(kind):
        found.update(type.__dict__["__dict__"].__get__(base))
    if isinstance(value, type):
        for base in bases_of(value):
            found.update(type.__dict__["__dict__"].__get__(base))
    elif kind is super:
        for base in bases_of(value.__self_class__ or object):
            found.update(type.__dict__["__dict__"].__get__(base))
    elif type(inner := raw(value, "__dict__")) is dict:
        found.update(inner)
    return sorted(name for name in found if class_of(name) is str)


def _items(value: Any, kind: type) -> Iterator[tuple[Any, Any]]:
    """What iteration and subscription give, at most so many."""
    if issubclass(kind, dict | MappingProxyType):
        inside = value.items() if kind is MappingProxyType else dict.items(value)
        for key, inner in itertools.islice([*inside], _ITEMS):
            yield repr(key) if type(key) in (str, int) else "…", inner
            yield "key", key
    elif issubclass(kind, list | tuple):
        yield from itertools.islice(
            enumerate([*kind.__iter__(value)] if kind not in (list, tuple) else [*value]), _ITEMS
        )
    elif issubclass(kind, set | frozenset):
        for inner in sorted([*value], key=lambda it: str(type(it)))[:_ITEMS]:
            yield "…", inner
    elif hasattr(kind, "__next__"):
        for place in range(_NEXT):
            try:
                yield place, next(value)
            except BaseException as error:  # noqa: BLE001 - an error is within reach as well
                yield "next!", error
                return
    elif hasattr(kind, "__iter__") and not isinstance(value, type):
        try:
            yield "iter", iter(value)
        except BaseException as error:  # noqa: BLE001 - an error is within reach as well
            yield "iter!", error
