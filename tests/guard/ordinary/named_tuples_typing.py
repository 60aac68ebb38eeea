"""NamedTuple, TypedDict, Protocols, NewType, Literal, overload, Generic classes, Self, dataclass_transform-free typing."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, ClassVar, Final, Generic, Literal, NamedTuple, NewType, Protocol, TypedDict, TypeVar, cast, overload, runtime_checkable

T = TypeVar("T")
K = TypeVar("K", bound="Comparable")
UserId = NewType("UserId", int)
Mode = Literal["r", "w"]
LIMIT: Final = 3


class Comparable(Protocol):
    def __lt__(self, other: Any) -> bool: ...


class Point(NamedTuple):
    """A point."""

    x: int
    y: int = 0

    @property
    def length(self) -> float:
        return (self.x**2 + self.y**2) ** 0.5

    def __add__(self, other: Point) -> Point:
        return Point(self.x + other.x, self.y + other.y)


class Movie(TypedDict, total=False):
    title: str
    year: int


class Repo(Generic[T]):
    def __init__(self) -> None:
        self._items: dict[int, T] = {}

    def add(self, key: int, item: T) -> Repo[T]:
        self._items[key] = item
        return self

    def get(self, key: int) -> T | None:
        return self._items.get(key)

    def __class_getitem__(cls, item):
        return super().__class_getitem__(item)


class IntRepo(Repo[int]):
    kind: ClassVar[str] = "ints"


@runtime_checkable
class Named(Protocol):
    name: str

    def greet(self) -> str: ...


@dataclass
class Person:
    name: str
    boss: Person | None = None

    def greet(self) -> str:
        return f"Hi, {self.name}"


@overload
def double(x: int) -> int: ...
@overload
def double(x: str) -> str: ...
def double(x):
    return x * 2


def largest(items: list[K]) -> K:
    return max(items)


def apply(f: Callable[[int], T], n: int, mode: Mode = "r") -> T:
    return f(n)


p = Point(3, 4)
x, y = p
print(p, p.length, p + Point(1), x, y, p._replace(x=0), Point._fields, p._asdict(), Point.__doc__, p == (3, 4), isinstance(p, tuple), Point(1) < Point(2), hash(p) == hash((3, 4)))
for bad in (lambda: Point(), lambda: setattr(p, "x", 1), lambda: Point(1, 2, 3), lambda: p.z, lambda: Point._make([1]), lambda: p._replace(q=1)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
m: Movie = {"title": "Alien", "year": 1979}
print(m, Movie(title="Up"), type(m).__name__, UserId(5) + 1, cast(str, 5), LIMIT, double(4), double("ab"), largest([3, 1, 2]), apply(str, 7))
print(Repo[int]().add(1, 5).get(1), IntRepo().get(3), IntRepo.kind, isinstance(Person("a"), Named), isinstance(p, Named), Person("b", Person("c")))
print(Person.__annotations__["boss"], apply.__annotations__["mode"], Point.__annotations__ if False else sorted(Point.__annotations__), list[int], dict[str, list[int]], int | None, Callable[[int], str], Literal["a", 1])
match p:
    case Point(x=0):
        print("on axis")
    case Point(a, b):
        print("point", a, b)
Pt3 = NamedTuple("Pt3", [("a", int), ("b", int), ("c", int)])
print(Pt3(1, 2, 3), Pt3._fields, sum(Pt3(1, 2, 3)), max(Pt3(1, 5, 2)))


class Chain:
    def __init__(self):
        self.steps = []

    def __getattr__(self, name) -> Callable[..., Chain]:
        if name.startswith("__"):
            raise AttributeError(name)

        def step(*args: Any) -> Chain:
            self.steps.append((name, *args))
            return self

        return step


print(Chain().filter("x").map(1, 2).take().steps)
