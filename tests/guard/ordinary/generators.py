"""Generators: send, throw, close, yield from, return values, delegation, state."""


def averager():
    total = count = 0
    average = None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count


def guarded(name):
    print("start", name)
    try:
        while True:
            try:
                got = yield name
                print(name, "got", got)
            except ValueError as e:
                print(name, "handled", e)
                yield "after error"
    except GeneratorExit:
        print(name, "closing")
        raise
    finally:
        print(name, "done")


def inner():
    x = yield 1
    print("inner x", x)
    y = yield 2
    return (x, y)


def outer():
    result = yield from inner()
    print("outer result", result)
    yield from "ab"
    return "end"


a = averager()
next(a)
print([a.send(n) for n in (10, 20, 60)])
g = guarded("g")
print(next(g), g.send("hello"), g.throw(ValueError("oops")), next(g))
g.close()
g.close()
print(list(g))
h = guarded("h")
next(h)
try:
    h.throw(KeyError("unhandled"))
except KeyError as e:
    print("out came", e)
o = outer()
print(next(o), o.send("X"), o.send("Y"), next(o))
try:
    next(o)
except StopIteration as e:
    print("stop", e.value, repr(e))
fresh = averager()
try:
    fresh.send(1)
except TypeError as e:
    print(e)


def stubborn():
    for turn in range(2):
        try:
            yield
        except GeneratorExit:
            print("no, not on turn", turn)


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e, list(s))


def leaks():
    yield 1
    raise StopIteration("inside")


try:
    list(leaks())
except RuntimeError as e:
    print(e, "|", repr(e.__cause__))


def running():
    try:
        next(me)
    except ValueError as e:
        yield str(e)


me = running()
print(next(me))


def flatten(items):
    for item in items:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1


print(list(flatten([1, [2, [3, [4]], 5], []])), [p for p, _ in zip(primes(), range(10))])
lazy = (print("step", n) or n * n for n in range(3))
print(type(lazy).__name__, next(lazy), iter(lazy) is lazy, sum(lazy))
print(averager.__name__, a.__name__, type(a), max(n for n in range(5)), any(n > 3 for n in primes()))
pipeline = (n * 2 for n in (m + 1 for m in range(4)) if n % 2)
print(list(pipeline), list(pipeline), dict((k, v) for k, v in zip("ab", (1, 2))))
