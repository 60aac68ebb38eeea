"""Iterators by hand: iter with a sentinel, exhaustion, zip and map details, changes during iteration, unpacking."""


class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        return CountdownIterator(self.start)


class CountdownIterator:
    def __init__(self, now):
        self.now = now

    def __iter__(self):
        return self

    def __next__(self):
        if self.now <= 0:
            raise StopIteration
        self.now -= 1
        return self.now + 1


class Peek:
    NONE = object()

    def __init__(self, items):
        self._it = iter(items)
        self._next = next(self._it, self.NONE)

    def __bool__(self):
        return self._next is not self.NONE

    def peek(self):
        return self._next if self else None

    def __iter__(self):
        return self

    def __next__(self):
        if not self:
            raise StopIteration("nothing left")
        value, self._next = self._next, next(self._it, self.NONE)
        return value


c = Countdown(3)
print(list(c), list(c), [a * b for a in c for b in c], max(c), sorted(c), 2 in c, dict(zip("abc", c)), sum(c), tuple(c), set(c), any(c), all(c))
it = iter(c)
print(next(it), list(it), next(it, "empty"), list(it))
try:
    next(it)
except StopIteration as e:
    print("StopIteration", repr(e.value))
p = Peek("xyz")
while p:
    print(p.peek(), next(p), end="; ")
print(p.peek(), bool(p))
try:
    next(p)
except StopIteration as e:
    print(e)
values = iter([3, 1, 4, 0, 5])
print(list(iter(lambda: next(values), 0)), list(values), [*map(lambda a, b: a + b, [1, 2, 3], [10, 20])], list(zip()), list(zip([1], [])), list(enumerate("ab", 5)), list(reversed([1, 2])), list(filter(None, [0, 1, "", "a"])))
shared = iter(range(6))
print(list(zip(shared, shared)), [tuple(g) for g in zip(*[iter("abcdef")] * 3)])
for attempt in (lambda: iter(5), lambda: next([]), lambda: list(zip([1], [1, 2], strict=True)), lambda: iter(5, 5), lambda: reversed({1}), lambda: list(map(5, [1])), lambda: enumerate(5), lambda: sum([[1], [2]]), lambda: min([]), lambda: sorted([1, "a"]), lambda: [*5], lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: tuple(5), lambda: range(1.5), lambda: range(1, 2, 0), lambda: next(CountdownIterator)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
d = {"a": 1, "b": 2}
try:
    for k in d:
        d[k + "x"] = 0
except RuntimeError as e:
    print(e, len(d))
s = {1, 2}
try:
    for v in s:
        s.add(v + 10)
except RuntimeError as e:
    print(e)
l = [1, 2, 3, 4]
for v in l:
    if v % 2:
        l.remove(v)
print(l, [x for x in range(3) for x in "ab"], {**d, "a": 0}["a"])


class NotIter:
    def __iter__(self):
        return 5


class HalfIter:
    __iter__ = None


class Raises:
    def __iter__(self):
        yield 1
        raise OSError("broken pipe")


for bad in (NotIter(), HalfIter(), Raises(), object()):
    try:
        print([*bad])
    except Exception as e:
        print(type(e).__name__, str(e).split(" object ")[0][:50])
for i in range(3):
    if i == 5:
        break
else:
    print("no break", i)
while i:
    i -= 1
    if i == 1:
        continue
else:
    print("while else", i)
r = range(10, 0, -3)
print(list(r), r[1], r[-1], len(r), 7 in r, 8 in r, r.index(4), r[1:], r == range(10, -2, -3), r.start, r.step, hash(range(3)) == hash(range(3)))
(a, b), *rest = {"xy": 1, "z": 2}, 3, 4
print(a, b, rest, [first for first, *_ in ("abc", "de")], (lambda *a: a)(*c, *"q"))
views = {"k": 1, "l": 2}
keys = views.keys()
views["m"] = 3
print(keys, len(views.values()), ("k", 1) in views.items(), keys & {"k", "z"}, list(reversed(views)), views.items() ^ {("k", 1)} == {("l", 2), ("m", 3)})
