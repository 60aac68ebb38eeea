"""Classes changed after the fact: dunders set on classes, __init__ wrapped, decorators that add protocols, object.__x__ called."""
import operator


def comparable(key):
    def decorate(cls):
        for name in ("lt", "le", "gt", "ge", "eq"):
            op = getattr(operator, name)
            setattr(cls, f"__{name}__", lambda self, other, op=op: op(getattr(self, key), getattr(other, key)))
        cls.__hash__ = lambda self: hash(getattr(self, key))
        return cls

    return decorate


def logged_init(cls):
    original = cls.__init__

    def init(self, *args, **kw):
        print(f"  making {cls.__name__}{args}")
        original(self, *args, **kw)

    cls.__init__ = init
    return cls


def auto_repr(*names):
    def decorate(cls):
        def show(self):
            return f"{cls.__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"

        cls.__repr__ = show
        return cls

    return decorate


@comparable("size")
@auto_repr("name", "size")
@logged_init
class Box:
    """A box."""

    def __init__(self, name, size=1):
        self.name, self.size = name, size


a, b = Box("a", 3), Box("b", 2)
print(a, b, a > b, a <= b, sorted([a, b]), max(a, b), a == Box("c", 3), len({a, Box("d", 3)}))
Box.__str__ = lambda self: f"<{self.name}>"
Box.__len__ = lambda self: self.size
Box.__getitem__ = lambda self, i: self.name * i
Box.__call__ = lambda self, *a: ("called", a)
Box.__doc__ = "A patched box."
Box.colour = "red"
print(str(a), f"{a}", len(a), a[3], a(1), Box.__doc__, b.colour)
del Box.__str__, Box.colour
print(str(a), hasattr(b, "colour"))
setattr(Box, "__contains__", lambda self, c: c in self.name)
print("a" in a, "z" in a, hasattr(Box, "__iter__"), getattr(Box, "__len__")(a), Box.__len__(b))


def method(self, n):
    return self.size * n


Box.times = method
a.only = method.__get__(a)
a.plain = lambda n: n
print(a.times(2), a.only(3), a.plain(4), Box.times(b, 5), hasattr(b, "only"))


class Base:
    def __init__(self, *args):
        self.args = args

    def __repr__(self):
        return "Base" + repr(self.args)


class Own(Base):
    def __init__(self, *args):
        Base.__init__(self, *args, "own")

    def __eq__(self, other):
        return Base.__eq__(self, other) is True or self.args == other.args

    def __repr__(self):
        return "Own/" + Base.__repr__(self)

    def __format__(self, spec):
        return super().__format__("") + spec

    def __dir__(self):
        return sorted(set(n for n in super().__dir__() if not n.startswith("_")) | {"extra"})

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError as e:
            return str(e)[:40]


o = Own(1)
print(o, o == Own(1), o != Own(2), f"{o:!}", dir(o), o.nope, object.__repr__(o)[:18], object.__eq__(o, o), object.__ne__(o, o))
p = object.__new__(Own)
Base.__init__(p, 7)
q = Own.__new__(Own)
print(p, hasattr(q, "__dict__"), vars(q), isinstance(q, Own), object.__str__(o), object.__hash__(o) == object.__hash__(o))
print(int.__add__(2, 3), str.__mul__("ab", 2), list.__len__([1, 2]), dict.__contains__({1: 2}, 1), "abc".__len__(), (5).__add__(6), [3, 1].__getitem__(0), (1).__eq__("a"), "a".__lt__("b"), int.__neg__(4), float.__round__(2.567, 1))
print((5).__class__.__name__, "x".__class__ is str, o.__class__ is Own, Own.__name__, Own.__qualname__, Own.__module__, Base.__init__.__name__, o.__doc__, Box.__init__.__qualname__)
for bad in (lambda: setattr(int, "x", 1), lambda: setattr(Box, "__slots__", 1) if False else delattr(Box, "gone"), lambda: object.__new__(Own, 1), lambda: object.__new__(int), lambda: Own.__init__(), lambda: object.__init__(o, 1), lambda: int.__new__(str), lambda: int.__add__("a", 1), lambda: str.upper(5), lambda: [].__getitem__("x"), lambda: o.__len__()):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e)[:90])
