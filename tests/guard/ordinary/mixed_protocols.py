"""Classes that combine protocols: numbers that iterate, containers that call, lazy sequences, chainable proxies, dict-like objects."""
from collections.abc import Callable, Hashable, Iterable, Mapping, Sized


class Lazy:
    """A lazy sequence of a function, with slicing and caching."""

    def __init__(self, f, size=None):
        self.f, self.size, self.cache = f, size, {}

    def __len__(self):
        if self.size is None:
            raise TypeError("an endless sequence has no len()")
        return self.size

    def __getitem__(self, i):
        if isinstance(i, slice):
            start, stop, step = i.start or 0, i.stop, i.step or 1
            if stop is None:
                return Lazy(lambda n: self[start + n * step], None if self.size is None else len(range(*i.indices(self.size))))
            return [self[n] for n in range(start, stop, step)]
        if i < 0:
            i += len(self)
        if self.size is not None and not 0 <= i < self.size:
            raise IndexError(i)
        if i not in self.cache:
            self.cache[i] = self.f(i)
        return self.cache[i]

    def __add__(self, other):
        return Lazy(lambda n: self[n] + other[n] if isinstance(other, Lazy) else self[n] + other, self.size)

    def __bool__(self):
        return self.size != 0


class Dotted(dict):
    """Keys as attributes."""

    def __getattr__(self, name):
        try:
            value = self[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no key {name!r}") from None
        return Dotted(value) if type(value) is dict else value

    def __setattr__(self, name, value):
        self[name] = value

    def __delattr__(self, name):
        try:
            del self[name]
        except KeyError as e:
            raise AttributeError(name) from e

    def __or__(self, other):
        return Dotted({**self, **other})


class Curry:
    def __init__(self, f, n, *args):
        self.f, self.n, self.args = f, n, args

    def __call__(self, *more):
        args = self.args + more
        return self.f(*args) if len(args) >= self.n else Curry(self.f, self.n, *args)

    def __rshift__(self, other):
        return Curry(lambda *a: other(self.f(*a)), self.n)

    def __rmatmul__(self, value):
        return self(value)

    def __repr__(self):
        return f"<curry of {self.n - len(self.args)} more>"


class Maybe:
    def __init__(self, value):
        self.value = value

    def __getattr__(self, name):
        if self.value is None:
            return self
        return Maybe(getattr(self.value, name, None))

    def __call__(self, *a, **k):
        return Maybe(self.value(*a, **k)) if self.value is not None else self

    def __getitem__(self, key):
        try:
            return Maybe(self.value[key])
        except (KeyError, IndexError, TypeError):
            return Maybe(None)

    def __or__(self, default):
        return default if self.value is None else self.value

    def __iter__(self):
        if self.value is not None:
            yield self.value


class Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __contains__(self, x):
        return x in (self.low, self.high) or self.low < x < self.high

    def __and__(self, o):
        low, high = max(self.low, o.low), min(self.high, o.high)
        return Interval(low, high) if low <= high else None

    def __iter__(self):
        return iter(range(self.low, self.high + 1))

    def __reversed__(self):
        return reversed(range(self.low, self.high + 1))

    def __index__(self):
        return self.high - self.low

    def __format__(self, spec):
        return f"[{self.low:{spec}}; {self.high:{spec}}]"

    def __eq__(self, o):
        return isinstance(o, Interval) and [*self] == [*o]

    __hash__ = None


squares = Lazy(lambda n: n * n)
five = Lazy(str, 5)
print(squares[4], squares[:5], squares[3:10:3], (squares + 1)[:3], (squares + squares)[3], sorted(squares.cache), list(five), five[-1], len(five), "3" in five, squares[2:][1], bool(squares), len(five[1:]))
for bad in (lambda: len(squares), lambda: five[9], lambda: five["x"], lambda: five[-9]):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
d = Dotted(a=1, b={"c": {"d": 5}})
d.e = 6
del d.a
print(d, d.b.c.d, d.e, hasattr(d, "zz"), getattr(d, "zz", 0), d | {"f": 1}, d.keys(), vars(d), d.get("e"))
for bad in (lambda: d.zz, lambda: delattr(d, "zz"), lambda: d.b.q):
    try:
        bad()
    except AttributeError as e:
        print(e)
add = Curry(lambda a, b, c: a + b * c, 3)
print(add(1)(2)(3), add(1, 2)(3), add(1), 3 @ Curry(lambda a: a * 2, 1), (Curry(lambda a: a + 1, 1) >> str >> len)(99) if False else (Curry(lambda a: a + 1, 1) >> str)(99))
print(Maybe({"a": [1, 2]})["a"][1] | 0, Maybe({})["x"].y.z(1) | "none", Maybe("abc").upper() | "", [*Maybe(None)], [*Maybe(3)], Maybe(5).real.nope | "no")
i = Interval(1, 5)
print(3 in i, 9 in i, i & Interval(4, 9) == Interval(4, 5), i & Interval(8, 9), list(reversed(i)), [0, 1, 2, 3, 4][i], f"{i:03d}", "{:>4}".format(i), max(i), sum(i))
print([isinstance(x, (Callable,)) for x in (add, i, len, print)], isinstance(i, Iterable), isinstance(i, Hashable), isinstance(five, Sized), isinstance(d, Mapping), isinstance(Maybe, Hashable))
