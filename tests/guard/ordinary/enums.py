"""enum in its uses, and enum-like code without it."""
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum, auto, unique


class Planet(Enum):
    EARTH = (5.97e24, 6.37e6)
    MARS = (6.42e23, 3.39e6)

    def __init__(self, mass, radius):
        self.mass, self.radius = mass, radius

    @property
    def gravity(self):
        return round(6.67e-11 * self.mass / self.radius**2, 2)


class Day(IntEnum):
    MON = 1
    TUE = auto()
    WED = auto()

    def next(self):
        return Day(self % len(Day) + 1)


class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W


class Bits(IntFlag):
    A = 1
    B = 2


class Suit(StrEnum):
    HEARTS = auto()
    SPADES = "s"


class Auto(Enum):
    def _generate_next_value_(name, start, count, last):
        return name.lower() + str(count)

    X = auto()
    Y = auto()

    @classmethod
    def _missing_(cls, value):
        return cls.X if value == "default" else None


class Alias(Enum):
    ONE = 1
    UNO = 1
    TWO = 2

    def __str__(self):
        return f"<{self.name}>"

    @classmethod
    def parse(cls, text):
        return cls[text.upper()]

    @staticmethod
    def help():
        return "one or two"


print(Planet.EARTH, repr(Planet.MARS), Planet.EARTH.gravity, [p.name for p in Planet], Planet((6.42e23, 3.39e6)))
print(Day.MON < Day.TUE, Day.WED.next(), Day(2), Day["WED"], int(Day.WED), list(Day), f"{Day.TUE}", Day.TUE + 1, len(Day))
print(Perm.R | Perm.X, Perm.RW, Perm.R in Perm.RW, Perm.X in Perm.RW, ~Perm.R, Perm(0), bool(Perm(0)), Perm.RW & Perm.W, list(Perm.RW))
print(Bits.A | Bits.B, Bits(3), Bits.A | 8, Bits.B ^ Bits.A)
print(Suit.HEARTS, Suit.SPADES == "s", Suit("hearts"), Suit.HEARTS.upper(), f"{Suit.SPADES:>3}")
print([m.value for m in Auto], Auto("default"))
print(Alias.UNO is Alias.ONE, Alias.UNO, list(Alias), list(Alias.__members__.items()), Alias.parse("two"), Alias.help(), Alias.ONE.parse("uno"))
for bad in (lambda: Day(9), lambda: Day["SUN"], lambda: Planet.VENUS, lambda: setattr(Day, "MON", 3), lambda: Auto("zz"), lambda: Alias.ONE < Alias.TWO, lambda: Day(), lambda: Perm(64)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e).split(";")[0].split("\n")[0])
try:
    @unique
    class Twice(Enum):
        A = 1
        B = 1
except ValueError as e:
    print(e)
try:
    class More(Day):
        SUN = 7
except TypeError as e:
    print(e)
Animal = Enum("Animal", "CAT DOG")
print(list(Animal), Animal.CAT.value, Animal(2).name, Animal.DOG in Animal, isinstance(Animal.CAT, Animal))
print({Day.MON: "m"}[Day.MON], {Day.MON: "m"}[1], Day.MON == 1, Alias.ONE == 1, hash(Alias.ONE) == hash(Alias.UNO))
match Day(3):
    case Day.MON | Day.TUE:
        print("early")
    case Day.WED as d:
        print("mid", d.name, d.value, type(d), type(d).__name__)
for name in ("MON", "TUE"):
    print(name, getattr(Day, name), Day[name].name.title())


class Level:
    LOW, MID, HIGH = range(3)
    names = {v: k for k, v in list(locals().items()) if k.isupper()}


print(Level.HIGH, Level.names)
