"""LRU caches by hand, memoising decorators with keys, lazy values, weak-free registries, a TTL cache with a fake clock."""
from collections import OrderedDict
from functools import wraps


class Lru:
    def __init__(self, size):
        self.size, self.data, self.hits, self.misses = size, OrderedDict(), 0, 0

    def get(self, key, default=None):
        if key in self.data:
            self.hits += 1
            self.data.move_to_end(key)
            return self.data[key]
        self.misses += 1
        return default

    def put(self, key, value):
        self.data[key] = value
        self.data.move_to_end(key)
        while len(self.data) > self.size:
            old, _ = self.data.popitem(last=False)
            print("  dropped", old)

    __setitem__ = put

    def __getitem__(self, key):
        missing = object()
        if (value := self.get(key, missing)) is missing:
            raise KeyError(key)
        return value

    def __contains__(self, key):
        return key in self.data

    def __repr__(self):
        return f"Lru({self.size}, {dict(self.data)}, {self.hits}/{self.hits + self.misses})"


class ListNodeLru:
    """The same with a ring of nodes."""

    class Node:
        __slots__ = "key", "value", "before", "after"

    def __init__(self, size):
        self.size, self.table = size, {}
        self.root = root = self.Node()
        root.before = root.after = root

    def _unlink(self, n):
        n.before.after, n.after.before = n.after, n.before

    def _front(self, n):
        r = self.root
        n.before, n.after = r, r.after
        r.after.before = n
        r.after = n

    def __setitem__(self, key, value):
        n = self.table.get(key)
        if n is None:
            n = self.table[key] = self.Node()
            n.key = key
        else:
            self._unlink(n)
        n.value = value
        self._front(n)
        if len(self.table) > self.size:
            last = self.root.before
            self._unlink(last)
            del self.table[last.key]

    def __getitem__(self, key):
        n = self.table[key]
        self._unlink(n)
        self._front(n)
        return n.value

    def __iter__(self):
        n = self.root.after
        while n is not self.root:
            yield n.key
            n = n.after


def memoise(key=lambda *a, **k: (a, tuple(sorted(k.items())))):
    def decorate(f):
        @wraps(f)
        def wrapper(*args, **kw):
            k = key(*args, **kw)
            if k not in wrapper.cache:
                wrapper.cache[k] = f(*args, **kw)
            return wrapper.cache[k]

        wrapper.cache = {}
        wrapper.clear = wrapper.cache.clear
        return wrapper

    return decorate


class Clock:
    now = 0


class Ttl(dict):
    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds

    def __setitem__(self, key, value):
        super().__setitem__(key, (Clock.now + self.seconds, value))

    def __missing__(self, key):
        raise KeyError(f"{key} was never here")

    def __getitem__(self, key):
        until, value = super().__getitem__(key)
        if until <= Clock.now:
            del self[key]
            raise KeyError(f"{key} is too old")
        return value


c = Lru(2)
c.put("a", 1)
c["b"] = 2
print(c.get("a"), c.get("z", "none"), c)
c["c"] = 3
print(c, "b" in c, "a" in c)
try:
    c["b"]
except KeyError as e:
    print("KeyError", e)
ring = ListNodeLru(3)
for k in "abc":
    ring[k] = k.upper()
print(ring["a"], list(ring))
ring["d"] = "D"
ring["c"] = "C!"
print(list(ring), ring["c"], "b" in ring.table)
calls = []


@memoise()
def grid(x, y=0):
    """Paths in a grid."""
    calls.append((x, y))
    return 1 if x == 0 or y == 0 else grid(x - 1, y=y) + grid(x, y=y - 1)


@memoise(key=lambda s: s.lower())
def hello(s):
    return f"Hello {s}"


print(grid(6, y=6), len(calls), len(grid.cache), grid.__name__, grid.__doc__, hello("A"), hello("a"), hello.cache)
hello.clear()
print(hello.cache, hello("a"))
try:
    grid([1])
except TypeError as e:
    print(e)
t = Ttl(10)
t["k"] = "v"
print(t["k"], len(t))
Clock.now += 11
for key in ("k", "k", "q"):
    try:
        t[key]
    except KeyError as e:
        print(e)


class Lazy:
    def __init__(self, make):
        self._make = make

    def __getattr__(self, name):
        if name == "value":
            print("  making")
            self.value = self._make()
            return self.value
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


z = Lazy(lambda: 42)
print(z.value, z.value, vars(z).get("value"), hasattr(z, "other"))
