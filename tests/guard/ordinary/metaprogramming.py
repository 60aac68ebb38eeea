"""Metaprogramming without metaclasses: generated classes, auto-properties, interface checks, tracing of every method, enums by hand."""
import functools


def traced(cls):
    for name, value in list(vars(cls).items()):
        if callable(value) and not name.startswith("__"):
            setattr(cls, name, trace(value, cls.__name__))
    return cls


def trace(f, where):
    @functools.wraps(f)
    def wrapper(self, *args, **kw):
        print(f"  > {where}.{f.__name__}{args}")
        try:
            return f(self, *args, **kw)
        except Exception as e:
            print(f"  ! {type(e).__name__}")
            raise

    return wrapper


def auto(*names, **defaults):
    def decorate(cls):
        def init(self, **kw):
            unknown = kw.keys() - {*names, *defaults}
            if unknown:
                raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
            for n in names:
                if n not in kw:
                    raise TypeError(f"{cls.__name__} needs {n!r}")
            self.__dict__.update(defaults | kw)

        cls.__init__ = init
        cls.__repr__ = lambda self: f"{cls.__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"
        cls.__eq__ = lambda self, other: vars(self) == vars(other) if type(other) is type(self) else NotImplemented
        for n in (*names, *defaults):
            setattr(cls, f"with_{n}", functools.partialmethod(lambda self, n, v: type(self)(**vars(self) | {n: v}), n))
        return cls

    return decorate


def implements(*needed):
    def check(cls):
        missing = [n for n in needed if not callable(getattr(cls, n, None))]
        if missing:
            raise TypeError(f"{cls.__name__} lacks {missing}")
        return cls

    return check


def struct(title, /, **kinds):
    def make(n, kind):
        slot = "_" + n

        def get(self):
            return getattr(self, slot)

        def put(self, value):
            if not isinstance(value, kind):
                raise TypeError(f"{title}.{n}: {kind.__name__} wanted, {type(value).__name__} given")
            setattr(self, slot, value)

        return property(get, put, doc=f"{n} ({kind.__name__})")

    def init(self, *values):
        if len(values) != len(kinds):
            raise TypeError(f"{title} takes {len(kinds)} values")
        for n, v in zip(kinds, values):
            setattr(self, n, v)

    namespace = {n: make(n, k) for n, k in kinds.items()}
    namespace |= {"__init__": init, "__iter__": lambda self: (getattr(self, n) for n in kinds), "fields": tuple(kinds), "__slots__": tuple("_" + n for n in kinds)}
    return type(title, (), namespace)


@traced
class Machine:
    def start(self, speed=1):
        return f"at {speed}"

    def stop(self):
        raise RuntimeError("stuck")

    def both(self):
        return self.start(2), self.start()


@auto("x", "y", colour="red")
class Dot:
    """A dot."""


m = Machine()
print(m.start(5), m.both(), Machine.start.__name__)
try:
    m.stop()
except RuntimeError as e:
    print(e)
d = Dot(x=1, y=2)
print(d, d == Dot(x=1, y=2), d.with_x(9), d.with_colour("blue").with_y(0), d != 5, Dot.__doc__)
for bad in (lambda: Dot(x=1), lambda: Dot(x=1, y=2, z=3), lambda: Dot(1)):
    try:
        bad()
    except TypeError as e:
        print(e)
try:
    @implements("read", "close")
    class Half:
        def read(self): ...
except TypeError as e:
    print(e)
P = struct("P", name=str, size=int)
p = P("box", 3)
p.size += 1
print([*p], P.fields, P.size.__doc__, P.__name__, P.__slots__)
for bad in (lambda: P(1, 2), lambda: P("a"), lambda: setattr(p, "size", "x"), lambda: setattr(p, "other", 1)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
classes = {name: type(name, (Dot,), {"level": i, "hello": lambda self, i=i: f"{type(self).__name__} {i}"}) for i, name in enumerate(("One", "Two"))}
print(classes, classes["Two"](x=0, y=0).hello(), [c.level for c in classes.values()])


class Members:
    """Enum-like, by __init_subclass__ and __set_name__."""

    def __init_subclass__(cls):
        cls.members = {}
        for name, value in list(vars(cls).items()):
            if name.isupper():
                member = object.__new__(cls)
                member.name, member.value = name, value
                cls.members[name] = member
                setattr(cls, name, member)

    def __class_getitem__(cls, name):
        return cls.members[name]

    def __new__(cls, value):
        for m in cls.members.values():
            if m.value == value:
                return m
        raise ValueError(f"{value!r} is no {cls.__name__}")

    def __repr__(self):
        return f"{type(self).__name__}.{self.name}"


class Level(Members):
    LOW = 1
    HIGH = 2


print(Level.LOW, Level(2) is Level.HIGH, Level["LOW"].value, list(Level.members), isinstance(Level.LOW, Level))
for bad in (lambda: Level(3), lambda: Level["NO"]):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)


def multimethod(*kinds):
    def register(f):
        table = TABLES.setdefault(f.__name__, {})
        table[kinds] = f

        def call(*args):
            found = table.get(tuple(type(a) for a in args)) or table.get(tuple(map(type, args))[:1])
            if found is None:
                raise TypeError(f"no {f.__name__} for {', '.join(type(a).__name__ for a in args)}")
            return found(*args)

        return call

    return register


TABLES = {}


@multimethod(int, int)
def join(a, b):
    return a + b


@multimethod(str, int)
def join(a, b):
    return a * b


print(join(1, 2), join("a", 3))
try:
    join(1.5, None)
except TypeError as e:
    print(e)
