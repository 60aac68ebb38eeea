"""Looking at objects: dir, vars, getattr loops, callable, documentation, annotations, class trees."""


class Tool:
    """Base of tools."""

    price: float = 1.0
    name: str
    _hidden = 3

    def __init__(self, name):
        self.name = name

    def use(self, times: int = 1) -> str:
        """Use it."""
        return self.name * times

    @property
    def cost(self):
        return self.price * 2

    @classmethod
    def make(cls):
        return cls("made")

    @staticmethod
    def rules():
        return ["one"]


class Saw(Tool):
    """Cuts."""

    price = 3.5

    def test_cut(self):
        return "cut"

    def test_fail(self):
        raise ValueError("blunt")

    def test_skip(self):
        """Not today."""


class Runner:
    def run(self, thing):
        for name in sorted(dir(thing)):
            if name.startswith("test_"):
                method = getattr(thing, name)
                try:
                    result = method()
                    print(" ", name, "ok", result, method.__doc__)
                except Exception as e:
                    print(" ", name, type(e).__name__, e)


def public(thing):
    return [n for n in dir(thing) if not n.startswith("_")]


s = Saw("s")
print(public(s), public(Saw), [n for n in public(s) if callable(getattr(s, n))], vars(s))
Runner().run(s)
print(Saw.__doc__, Tool.use.__doc__, Tool.__annotations__, Tool.use.__annotations__, Saw.__name__, s.__class__.__name__, Saw.use.__name__, Saw.use.__qualname__, Tool.__module__)
print({k: type(v).__name__ for k, v in vars(Tool).items() if not k.startswith("__")}, sorted(k for k in Saw.__dict__ if k[:2] != "__"), "use" in Saw.__dict__, "use" in dir(Saw))
print(hasattr(s, "use"), hasattr(s, "fly"), getattr(s, "fly", None), getattr(Saw, "price"), getattr(s, "use")(2), [getattr(s, a) for a in ("name", "price", "cost")], callable(Saw), callable(s))
for name, value in {"name": "new", "weight": 5, "price": 0}.items():
    setattr(s, name, value)
print(vars(s), s.cost, Saw.price, [hasattr(s, n) for n in ("weight", "height")])
delattr(s, "price")
print(s.price, sorted(vars(s)))
for bad in (lambda: getattr(s, "zz"), lambda: delattr(s, "use"), lambda: setattr(s, "cost", 1), lambda: getattr(s, 5), lambda: s.rules.nope, lambda: Saw.nope, lambda: s.use.x, lambda: setattr(s.use, "x", 1), lambda: vars(len("x")), lambda: Tool().name, lambda: Tool.use(), lambda: setattr(object(), "a", 1), lambda: setattr(None, "a", 1), lambda: None.a, lambda: (1).real.zz, lambda: len.x, lambda: setattr(len, "x", 1), lambda: setattr(print, "x", 1), lambda: print.x, lambda: getattr.y):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
print(issubclass(Saw, Tool), isinstance(s, (int, Tool)), issubclass(bool, int), issubclass(Saw, (str, Saw)), isinstance(Saw, type), isinstance(s, object), isinstance(3, int | str), isinstance("a", int | str))
print(print.__name__, len.__name__, len.__doc__[:10], str.upper.__name__, (lambda: 0).__name__, print, len, getattr, hasattr, isinstance, input, repr(vars), dir, [].append.__name__)
print([type(x).__name__ for x in (len, print, [].append, str.join, int.__add__, s.use, Tool.use, Tool.make, Tool.rules, Tool.cost, dict.fromkeys, (i for i in ()), range, NotImplemented, ..., Tool, slice(1), iter(""), zip(), map(str, ()), enumerate(()), super(Saw, s), memoryview(b""), object())])


def documented(a, b: int = 2, *args, c: str = "x", **kw) -> None:
    """First line.

    More lines.
    """


print(documented.__doc__.splitlines()[0], documented.__name__, documented.__defaults__, documented.__kwdefaults__, documented.__annotations__, documented.__module__, documented.__qualname__, documented.__dict__)


def table(cls, depth=0):
    print("  " * depth + cls.__name__, sorted(n for n, v in vars(cls).items() if callable(v) and not n.startswith("_")))


table(Tool)
table(Saw, 1)


class Meter:
    total = 0

    def __init__(self):
        Meter.total += 1
        type(self).last = self
        self.__class__.names = getattr(self.__class__, "names", []) + [f"m{self.total}"]


Meter(), Meter()
print(Meter.total, Meter.names, type(Meter.last).__name__, [Meter.__dict__[k] for k in ("total", "names")])
print(dir([])[-3:], "append" in dir(list), len(dir(5)) > 20, [n for n in dir(str) if n.startswith("is")][:4], dir(type("E", (), {"z": 1})())[-1], len(dir(s)) == len(set(dir(s))))
