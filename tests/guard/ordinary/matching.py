"""Pattern matching of every kind."""
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass
class Point:
    x: int
    y: int = 0


class Shape:
    __match_args__ = ("kind", "size")

    def __init__(self, kind, size, extra=None):
        self.kind, self.size, self.extra = kind, size, extra


Pair = namedtuple("Pair", "left right")


def describe(value):
    match value:
        case None | True | False:
            return f"single {value}"
        case 0 | 0.5 | -1 | 1 + 2j:
            return "special number"
        case int(n) if n > 100:
            return f"big {n}"
        case int():
            return "int"
        case float(f):
            return f"float {f}"
        case "go" | "stop" as word:
            return f"command {word}"
        case str(s) if s.startswith("#"):
            return "comment " + s[1:]
        case str():
            return "text"
        case b"raw":
            return "raw bytes"
        case Color.RED:
            return "red!"
        case Color():
            return "some colour"
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y):
            return f"on y at {y}"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point():
            return "point"
        case Shape("circle", r):
            return f"circle {r}"
        case Shape(kind, size=s, extra=[first, *_]):
            return f"{kind} {s} {first}"
        case Shape(extra=e):
            return f"shape extra {e}"
        case Pair(left, right=[a, b]):
            return f"pair {left} {a} {b}"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case (1, 2, *rest):
            return f"from one two {rest}"
        case [*_, "end"]:
            return "ends"
        case [[a, b], {"k": c}]:
            return f"nested {a} {b} {c}"
        case [first, *middle, last]:
            return f"{first}..{last} around {middle}"
        case {"type": "circle", "r": r, **others}:
            return f"circle dict {r} {others}"
        case {"pos": (x, y)}:
            return f"pos {x},{y}"
        case {}:
            return "a mapping"
        case set() | frozenset() as group:
            return f"set of {len(group)}"
        case type():
            return f"class {value.__name__}"
        case _:
            return f"other {type(value).__name__}"


VALUES = [
    None, True, 0, 0.5, -1, 1 + 2j, 7, 101, 3.5, "go", "#note", "hm", b"raw", b"other", Color.RED, Color.BLUE,
    Point(0, 0), Point(0, 5), Point(3, 3), Point(1, 2), Shape("circle", 4), Shape("box", 2, [9, 8]), Shape("t", 1),
    Pair(1, [2, 3]), [], [5], (1, 2, 3, 4), [7, 8, "end"], [[1, 2], {"k": 3}], [1, 9, 9, 2], range(3), Pair(5, 6),
    {"type": "circle", "r": 2, "fill": 1}, {"pos": [1, 2]}, {}, {"z": 1}, {1, 2}, frozenset(), int, 1j, object, print,
]
for value in VALUES:
    print(describe(value))


class Tricky:
    __match_args__ = ("a",)
    a = 1


try:
    match Tricky():
        case Tricky(1, 2):
            pass
except TypeError as e:
    print(e)
try:
    match object():
        case object(1):
            pass
except TypeError as e:
    print(e)
match [1, [2, [3, [4]]]]:
    case [a, [b, [c, [d]]]]:
        print(a + b + c + d)
match {"a": {"b": [{"c": 42}]}}, 5:
    case {"a": {"b": [{"c": found}]}}, int(n):
        print(found, n)
