"""Decorators of classes whose inner functions have the names of the methods that they become."""
import functools


def logged_init(cls):
    original = cls.__init__

    def __init__(self, *args, **kw):
        print(f"  making {cls.__name__}{args}")
        original(self, *args, **kw)

    cls.__init__ = __init__
    return cls


def auto_repr(*names):
    def decorate(cls):
        def __repr__(self):
            return f"{cls.__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"

        cls.__repr__ = __repr__
        return cls

    return decorate


def counted(cls):
    """Count the calls of two special methods."""
    cls.calls = {}

    def count(name):
        original = getattr(cls, name)

        @functools.wraps(original)
        def __call__(self, *args):
            cls.calls[name] = cls.calls.get(name, 0) + 1
            return original(self, *args)

        return __call__

    for name in ("__len__", "__getitem__"):
        setattr(cls, name, count(name))
    return cls


@counted
@auto_repr("name", "size")
@logged_init
class Box:
    """A box."""

    def __init__(self, name, size=1):
        self.name, self.size = name, size

    def __len__(self):
        return self.size

    def __getitem__(self, i):
        return self.name * i


a, b = Box("a", 3), Box("b")
print(a, b, len(a), len(b), a[2], b[1], Box.calls)
print(Box.__init__.__name__, Box.__len__.__name__, Box.__doc__)
for bad in (lambda: Box(), lambda: a["x"], lambda: len(Box("c", -1))):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


def eq_by_state(cls):
    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self):
        return hash(tuple(vars(self).values()))

    cls.__eq__, cls.__hash__ = __eq__, __hash__
    return cls


@eq_by_state
class Point:
    def __init__(self, x):
        self.x = x


print(Point(1) == Point(1), Point(1) != Point(2), len({Point(1), Point(1)}), Point(3) == 3)
