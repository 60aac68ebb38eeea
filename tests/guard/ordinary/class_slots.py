"""__slots__ in all their honest uses."""


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"{type(self).__name__}({self.x}, {self.y})"


class Point3(Point):
    __slots__ = ("z",)

    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


class Open(Point):
    pass


class Mixed:
    __slots__ = ["a", "__dict__"]


class One:
    __slots__ = "only"


class Documented:
    __slots__ = {"size": "how big", "colour": "what colour"}


class Private:
    __slots__ = ("__secret", "_half", "__weakref__")

    def __init__(self):
        self.__secret = 42
        self._half = 21

    def total(self):
        return self.__secret + self._half


p, q = Point(1, 2), Point3(1, 2, 3)
print(p, q, q.z, Point.__slots__, Point3.__slots__, Documented.__slots__)
for change in ("z", "name"):
    try:
        setattr(p, change, 1)
    except AttributeError as e:
        print(e)
try:
    p.w = 1
except AttributeError as e:
    print(e)
print(hasattr(p, "__dict__"), hasattr(Open(1, 2), "__dict__"))
o = Open(5, 6)
o.extra = 7
print(o, o.extra, o.__dict__)
m = Mixed()
m.a, m.b = 1, 2
print(m.a, m.b, m.__dict__)
n = One()
try:
    n.only
except AttributeError as e:
    print(type(e).__name__, e)
n.only = 3
print(n.only)
del n.only
print(hasattr(n, "only"), Private().total())
try:
    class Clash:
        __slots__ = ("x",)
        x = 5
except ValueError as e:
    print(e)
try:
    class Two(Point, One):
        pass
except TypeError as e:
    print(e)
try:
    class Bad:
        __slots__ = ("not ok",)
except TypeError as e:
    print(e)


class Empty(int):
    __slots__ = ()


try:
    Empty(4).x = 1
except AttributeError as e:
    print(e)
FIELDS = ("left", "right")


class Node:
    __slots__ = FIELDS + ("value",)

    def __init__(self, value, left=None, right=None):
        for name, item in zip(self.__slots__, (left, right, value)):
            setattr(self, name, item)


print(Node(3).value, [getattr(Node(1, 2, 3), s) for s in Node.__slots__])
print(type(Point.x).__name__, Point.x.__get__(p), Point.x.__name__)
