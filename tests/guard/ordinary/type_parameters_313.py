# since 3.13
"""Type parameters where they meet other things: scopes, names, decorators, standard packages, errors."""
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol, TypeVar, get_args, get_origin, runtime_checkable


def show(*values):
    print(*values, sep=" | ")


class Outer:
    class Base:
        def __init_subclass__(cls, tag="none", **named):
            super().__init_subclass__(**named)
            show("subclass", cls.__name__, cls.__qualname__, tag, named)

        def hello(self):
            return "hello from " + type(self).__qualname__

    kind = "outer"

    class Inner[T](Base, tag=kind.upper()):
        """The inner class."""

        def again(self, x: T) -> T:
            return super().hello() + str(x)

    class More[T: kind](Inner[T]):
        __slots__ = ("__hidden", "seen")

        def __init__(self, x):
            self.__hidden = x
            self.seen = __class__.__name__

        @property
        def hidden(self):
            return self.__hidden

    def method[T](self, x: T, y: "T | None" = None) -> Base:
        return x or y


more = Outer.More[int](5)
show(more.hidden, more.seen, more.again(1), Outer.Inner.__doc__, Outer().method(0, 3), Outer.method.__qualname__)
show(Outer.More, Outer.Inner[int], Outer.More.again.__qualname__, Outer.Inner.__name__, Outer.Inner.__module__)
show([p.__name__ for p in Outer.More.__type_params__], Outer.method.__type_params__, isinstance(Outer.method.__type_params__[0], TypeVar))
show([name for name in vars(Outer) if not name.startswith("__")])


def once(cls):
    order.append("decorated " + cls.__name__)
    return cls


def twice(name):
    order.append("made " + name)

    def decorate(cls):
        order.append(name + " " + cls.__name__)
        cls.extra = name
        return cls

    return decorate


order = []


def traced(value):
    order.append(value)
    return value


@twice("a")
@once
@twice("b")
class Decorated[T](traced(Outer.Base), *[traced(ABC)]):
    order.append("body")
    local = [T for _ in range(2)]

    def make(self):
        return Decorated, T


show(order, Decorated.extra, Decorated().make(), Decorated.local)


def replaced(cls):
    return "not a class at all"


@replaced
class Gone[T]:
    pass


show(Gone)


class Node[T]:
    def __init__(self, value: T, next: "Node[T] | None" = None):
        self.value, self.next = value, next

    def __iter__(self):
        node = self
        while node:
            yield node.value
            node = node.next

    @classmethod
    def of(cls, *values: T) -> "Node[T]":
        node = None
        for value in reversed(values):
            node = Node(value, node)
        return node


class Tree:
    class Node[T]:
        def other(self):
            return Node

    def find(self):
        return self.Node().other() is Node


show(list(Node.of(1, 2, 3)), Tree().find(), Tree.Node.__qualname__, Node.of(1).__class__, type(Node[str]("x")).__name__)


def factory(n):
    limit = n

    class Made[T]:
        size = limit

        def get(self, default: T = limit) -> T:
            nonlocal limit
            limit += 1
            return Made, limit, default

    class Child[K](Made[K]):
        def get(self):
            return super().get()[1:]

    return Made, Child


for n in (1, 5):
    made, child = factory(n)
    show(made().get()[1:], child().get(), made.size, made.__qualname__, child.get.__qualname__)


@dataclass(order=True, frozen=True)
class Pair[A, B = int]:
    left: A
    right: list[B] = field(default_factory=list)


show(Pair(1, [2]), Pair(1) < Pair(2), Pair[int, str](3), hash(Pair(1, ())) == hash(Pair(1, ())))


class Shape[T](ABC):
    @abstractmethod
    def area(self) -> T: ...


class Square[T](Shape[T]):
    def __init__(self, side: T):
        self.side = side

    def area(self) -> T:
        return self.side**2


try:
    Shape()
except TypeError as error:
    show(error)
show(Square[float](1.5).area(), issubclass(Square, Shape))


@runtime_checkable
class Comparable[T](Protocol):
    def less(self, other: T) -> bool: ...


class Number:
    def less(self, other):
        return True


show(isinstance(Number(), Comparable), isinstance(3, Comparable))


class Point[T](NamedTuple):
    x: T
    y: T = 0


show(Point(1), Point[int](1, 2), Point(3)._replace(y=1))


class Stack[T](list[T]):
    def push(self, x: T):
        self.append(x)
        return self


class Errors[T](Exception):
    def __init__(self, value: T):
        super().__init__(f"wrong: {value}")


show(Stack("ab").push("c"), Stack[int]([1]), len(Stack()))
try:
    raise Errors[int](3)
except Errors as error:
    show(type(error).__name__, error)
show(get_origin(Node[int]) is Node, get_args(Node[int]), get_args(Pair[int, str]), Node[int] == Node[int], Node[int] == Node[str])
show(Stack[int]().__class__.__name__, Node[int].of(4, 5).next.value, callable(Node[int]))

type Point2 = tuple[float, float]
type Grid[Cell] = list[list[Cell]]
type Json = dict[str, Json] | list[Json] | str | None


def area(p: Point2, g: Grid[int] | None = None) -> Json:
    return [str(p[0] * p[1])]


show(Point2, Point2.__name__, Point2.__value__, Grid[int], Grid.__value__, Grid.__type_params__, Json.__name__, area((2.0, 3.0)))


class Colour(Enum):
    RED = 1

    def mix[T](self, other: T) -> tuple["Colour", T]:
        return self, other


show(Colour.RED.mix(3), list(Colour))


def apply[**P, R, *Ts](f, *args: *Ts, **named: P.kwargs) -> R:
    return f(*args, **named)


show(apply(max, 3, 1, key=lambda v: -v), [type(p).__name__ for p in apply.__type_params__], apply.__type_params__)
for T in (1, 2):

    def shadow[T](T: T) -> T:
        return T

    show(shadow("inner"), T)

for bad in (
    lambda: Node(),
    lambda: Square(),
    lambda: Outer.Inner.nothing,
    lambda: Pair[int]().x,
    lambda: Node[int].nothing,
    lambda: Square("a").area(),
    lambda: Point2(),
):
    try:
        show(bad())
    except Exception as error:
        show(type(error).__name__, error)


def failing():
    class Broken[T](missing):
        pass


try:
    failing()
except NameError as error:
    show(error)

try:

    class AlsoBroken[T](int, nothing=1):
        x = 1

except TypeError as error:
    show(error)
