"""Decorators: plain, with arguments, of classes, stacked, as classes, of methods, with wraps."""
import functools


def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kw):
        shown = ", ".join([*map(repr, args), *(f"{k}={v!r}" for k, v in kw.items())])
        print(f"  {function.__name__}({shown})")
        result = function(*args, **kw)
        print(f"  -> {result!r}")
        return result

    return wrapper


def repeat(times=2, *, join=None):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kw):
            results = [function(*args, **kw) for _ in range(times)]
            return join.join(results) if join is not None else results

        wrapper.times = times
        return wrapper

    return decorate


def flexible(function=None, *, prefix=">"):
    if function is None:
        return functools.partial(flexible, prefix=prefix)

    @functools.wraps(function)
    def wrapper(*args):
        return f"{prefix} {function(*args)}"

    return wrapper


class Counted:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function, self.calls = function, 0

    def __call__(self, *args, **kw):
        self.calls += 1
        return self.function(*args, **kw)

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)


def with_repr(cls):
    cls.__repr__ = lambda self: f"<{cls.__name__} {sorted(vars(self).items())}>"
    return cls


def singleton(cls):
    made = {}

    @functools.wraps(cls, updated=())
    def get(*args):
        if cls not in made:
            made[cls] = cls(*args)
        return made[cls]

    return get


@traced
@repeat(3, join="-")
def word(text, *, upper=False):
    """Say a word."""
    return text.upper() if upper else text


@flexible
def plain(x):
    return x


@flexible(prefix="**")
def fancy(x):
    return x


@Counted
def add(a, b=1):
    """Adds."""
    return a + b


@with_repr
class Thing:
    def __init__(self, **kw):
        self.__dict__.update(kw)

    @Counted
    def method(self, n):
        return n * 2

    @staticmethod
    @traced
    def static(x):
        return x

    @classmethod
    @traced
    def make(cls, *, n):
        return cls.__name__ * n

    @property
    @traced
    def size(self):
        return 5


@singleton
class Config:
    """The settings."""

    def __init__(self, name="main"):
        self.name = name


print(word("hi"), word("ho", upper=True))
print(word.__name__, word.__doc__, word.__module__, word.times if hasattr(word, "times") else None)
print(plain(1), fancy(2), plain.__name__, add(1), add(2, b=3), add.calls, add.__name__, add.__doc__)
t = Thing(b=2, a=1)
print(t, t.method(4), t.method(5), Thing.method.calls, t.static(3), Thing.make(n=2), t.size)
print(Config("x") is Config("y"), Config().name, Config.__name__, Config.__doc__)
handlers = {}


def on(event):
    return lambda f: handlers.setdefault(event, []).append(f) or f


@on("start")
@on("restart")
def begin(): return "begun"


@(lambda f: f() * 2)
def doubled(): return 21


print({k: [f.__name__ for f in v] for k, v in handlers.items()}, begin(), doubled)
