"""dataclasses with every option."""
from dataclasses import KW_ONLY, FrozenInstanceError, InitVar, asdict, astuple, dataclass, field, fields, is_dataclass, make_dataclass, replace
from typing import ClassVar


@dataclass
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list)
    secret: str = field(default="s", repr=False, compare=False)
    count: ClassVar[int] = 0

    def total(self, n=2):
        return self.price * n


@dataclass(order=True, frozen=True)
class Card:
    rank: int
    suit: str = field(compare=False)


@dataclass(slots=True, kw_only=True)
class Slot:
    a: int
    b: int = 2


@dataclass(eq=False, repr=False, init=True)
class Bare:
    x: int = 1


@dataclass(unsafe_hash=True)
class Hashed:
    x: int
    y: int = field(default=0, hash=False)


@dataclass
class Circle:
    radius: float
    scale: InitVar[float] = 1
    area: float = field(init=False)
    _: KW_ONLY
    unit: str = "cm"

    def __post_init__(self, scale):
        self.area = round(3.14159 * (self.radius * scale) ** 2, 2)


@dataclass
class Child(Item):
    size: int = 0
    price: float = 9.0


a, b = Item("pen"), Item("pen", 1.0, [])
print(a, a == b, a is b, a.total(), Item("x", tags=[1]).tags, a.tags is b.tags)
b.tags.append("blue")
print(a == b, asdict(b), astuple(b), replace(b, name="ink", secret="t"))
print(sorted([Card(3, "h"), Card(1, "s"), Card(2, "d")]), Card(1, "a") == Card(1, "b"), Card(1, "a") < Card(2, "a"), hash(Card(1, "x")) == hash(Card(1, "x")))
for change in (lambda: setattr(Card(1, "a"), "rank", 2), lambda: delattr(Card(1, "a"), "rank"), lambda: Slot(1, 2), lambda: Slot(a=1).c, lambda: Item(), lambda: hash(a), lambda: a < b, lambda: Child("a", 1, [], "s", 2, 3)):
    try:
        print(change())
    except Exception as e:
        print(type(e).__name__, e, isinstance(e, FrozenInstanceError))
s = Slot(a=1)
s.b = 5
try:
    s.c = 1
except AttributeError as e:
    print(e)
print(s, Slot.__slots__, hasattr(s, "__dict__"), Bare() == Bare(), Bare().x)
print(hash(Hashed(1, 2)) == hash(Hashed(1, 3)), len({Hashed(1), Hashed(1)}))
print(Circle(2), Circle(1, 2, unit="m"), Child("c", size=3), Child.__match_args__)
print([f.name for f in fields(Child)], [f.type if isinstance(f.type, str) else f.type.__name__ for f in fields(Card)], is_dataclass(a), is_dataclass(Item), is_dataclass(3))
P = make_dataclass("P", [("x", int), ("y", int, field(default=4)), "z"][:2], namespace={"sum": lambda self: self.x + self.y})
print(P(1), P(1, 2).sum(), P.__name__)
match Card(2, "h"):
    case Card(2, suit):
        print("two of", suit)
try:
    @dataclass
    class Bad:
        x: list = []
except ValueError as e:
    print(e)
try:
    @dataclass
    class Order:
        x: int = 1
        y: int
except TypeError as e:
    print(e)


@dataclass
class Tree:
    value: int
    kids: "list[Tree]" = field(default_factory=list)

    def walk(self):
        yield self.value
        for kid in self.kids:
            yield from kid.walk()


t = Tree(1, [Tree(2), Tree(3, [Tree(4)])])
print(list(t.walk()), asdict(t), t)
