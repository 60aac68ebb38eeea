# since 3.12
"""Type parameters, type aliases, and f-strings as they are since 3.12."""
from dataclasses import dataclass


def first[T](items: list[T]) -> T:
    return items[0]


class Stack[T]:
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self

    def pop(self) -> T:
        return self.items.pop()

    def map[U](self, f) -> "Stack[U]":
        made = Stack()
        made.items = [f(i) for i in self.items]
        return made


class Bounded[N: int]:
    def __init__(self, value: N):
        self.value = value

    def twice(self) -> N:
        return self.value * 2


@dataclass
class Pair[A, B]:
    left: A
    right: B

    def swap(self) -> "Pair[B, A]":
        return Pair(self.right, self.left)


class Sub[T](Stack[T]):
    def peek(self) -> T | None:
        return self.items[-1] if self.items else None


class Ints(Stack[int]):
    def total(self) -> int:
        return sum(self.items)


type Names = list[str]
type Tree[T] = T | list[Tree[T]]


def count[*Ts, **P](*args: *Ts) -> int:
    return len(args)


def flatten[T](tree: Tree[T]) -> list[T]:
    return [x for t in tree for x in flatten(t)] if isinstance(tree, list) else [tree]


s = Stack[int]().push(1).push(2)
print(s.items, s.pop(), s.map(str).items, first([7, 8]), type(s).__name__, Stack.__name__, isinstance(s, Stack))
print(Bounded(4).twice(), Pair(1, "a"), Pair(1, "a").swap(), Pair(1, 2) == Pair(1, 2), Sub().push(3).peek(), Ints().push(4).push(5).total(), issubclass(Ints, Stack))
print(count(1, 2, 3), flatten([1, [2, [3]], 4]), first.__name__, Stack.push.__name__, Stack.__doc__)
names: Names = ["x", "y"]
who = {"name": "Ann", "tags": ["a", "b"]}
print(f"{who["name"]} has {", ".join(f"<{t}>" for t in who["tags"])} {"\n".join(names)!r}")
print(f"{f"{f"{1 + 1}"}"}", f"{'a' if who["tags"] else "b"}", f"{
    len(names)  # a comment inside
    :>4}", f"{who["tags"][0]:{">"}{3}}")
for bad in (lambda: Stack().pop(), lambda: first([]), lambda: Pair(1), lambda: Stack(1), lambda: f"{who["nope"]}", lambda: Stack().nope, lambda: first()):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


def outer[T](value: T):
    def inner(x: T) -> T:
        return x

    class Local[V]:
        kept = value

        def get(self, default: V | None = None) -> V | None:
            return self.kept or default

    return inner(value), Local().get(), Local[int]().get(5)


print(outer(3), outer(0), outer("x"))


class Base[T]:
    registry: list = []

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.registry.append(cls.__name__)


class One(Base[int]): ...


class Two[K](Base[K], dict): ...


print(Base.registry, Two(a=1), Two[str](b=2)["b"])
