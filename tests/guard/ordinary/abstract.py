"""Abstract classes and protocols by abc and typing, and collections.abc mixins."""
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, MutableSequence, Sequence, Set
from typing import Generic, Protocol, TypeVar, runtime_checkable


class Shape(ABC):
    def __init__(self, name):
        self.name = name

    @property
    @abstractmethod
    def area(self):
        ...

    @abstractmethod
    def scale(self, factor):
        """Grow."""
        print("scaling", self.name, factor)

    @classmethod
    @abstractmethod
    def unit(cls): ...

    def describe(self):
        return f"{self.name} of {self.area:.2f}"


class Square(Shape):
    def __init__(self, side):
        super().__init__("square")
        self.side = side

    @property
    def area(self):
        return self.side**2

    def scale(self, factor):
        super().scale(factor)
        self.side *= factor
        return self

    @classmethod
    def unit(cls):
        return cls(1)


class Half(Shape):
    def scale(self, factor):
        return self


for cls in (Shape, Half, Square):
    try:
        print(cls("x") if cls is not Square else cls(3).scale(2).describe())
    except TypeError as e:
        print(e)
print(Square.unit().area, isinstance(Square(1), Shape), issubclass(Half, Shape), Shape.scale.__isabstractmethod__, Shape.scale.__doc__)


class Deck(Sequence):
    def __init__(self, cards):
        self._cards = list(cards)

    def __getitem__(self, i):
        return self._cards[i]

    def __len__(self):
        return len(self._cards)


class Log(MutableSequence):
    def __init__(self):
        self.items = []

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, v):
        self.items[i] = v

    def __delitem__(self, i):
        del self.items[i]

    def __len__(self):
        return len(self.items)

    def insert(self, i, v):
        print("  insert", i, v)
        self.items.insert(i, v)


class Env(Mapping):
    def __init__(self, parent=None, **names):
        self.parent, self.names = parent, names

    def __getitem__(self, key):
        return self.names[key] if key in self.names or self.parent is None else self.parent[key]

    def __iter__(self):
        yield from {**(self.parent or {}), **self.names}

    def __len__(self):
        return len(list(iter(self)))


class Evens(Set):
    def __init__(self, items):
        self.items = sorted({i for i in items if i % 2 == 0})

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


deck = Deck("abcab")
print(deck.index("b"), deck.count("a"), list(reversed(deck)), "c" in deck, isinstance(deck, Sequence))
log = Log()
log.append(1)
log.extend([2, 3])
log += [4]
print(log.pop(), log.items, log.remove(2), log.items, log.reverse(), log.items)
env = Env(Env(a=1, b=2), b=3)
print(dict(env), env.get("z", 0), "a" in env, sorted(env.items()), env == {"a": 1, "b": 3}, list(env.keys()))
print(list(Evens(range(10)) & Evens([2, 4, 20])), Evens([2]) <= Evens([2, 4]), list(Evens([2]) | Evens([8])))
try:
    env["zz"]
except KeyError as e:
    print("KeyError", e)


@runtime_checkable
class Quacks(Protocol):
    def quack(self) -> str: ...


class Duck:
    def quack(self):
        return "quack"


T = TypeVar("T")


class Box(Generic[T]):
    def __init__(self, value: T):
        self.value = value


print(isinstance(Duck(), Quacks), isinstance(5, Quacks), Box[int](5).value, Box("x").value, Box[int])


class Countdown(Iterator):
    def __init__(self, n):
        self.n = n

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


print(list(Countdown(4)), isinstance(iter([]), Iterator))
Shape.register(Duck)
print(issubclass(Duck, Shape), isinstance(Duck(), Shape))
