"""Coroutines of the old kind, pipelines by generators, schedulers, tree walks with yield from, infinite streams, context by generators."""
from collections import deque
from functools import wraps
from itertools import count, islice


def coroutine(f):
    @wraps(f)
    def start(*a, **k):
        g = f(*a, **k)
        next(g)
        return g

    return start


@coroutine
def printer(prefix):
    try:
        while True:
            print(prefix, (yield))
    except GeneratorExit:
        print(prefix, "closed")


@coroutine
def grep(word, target):
    while True:
        line = yield
        if word in line:
            target.send(line)


@coroutine
def broadcast(*targets):
    while True:
        item = yield
        for t in targets:
            t.send(item)


@coroutine
def totals():
    total, seen = 0, []
    while (item := (yield total)) is not None:
        total += item
        seen.append(item)
    return seen


class Scheduler:
    def __init__(self):
        self.ready, self.waiting, self.results, self.tick = deque(), [], {}, 0

    def spawn(self, name, task):
        self.ready.append((name, task, None))
        return self

    def run(self):
        while self.ready or self.waiting:
            self.tick += 1
            for entry in [w for w in self.waiting if w[0] <= self.tick]:
                self.waiting.remove(entry)
                self.ready.append(entry[1:])
            for _ in range(len(self.ready)):
                name, task, value = self.ready.popleft()
                try:
                    asked = task.send(value)
                except StopIteration as e:
                    self.results[name] = e.value
                except Exception as e:
                    self.results[name] = f"{type(e).__name__}: {e}"
                else:
                    match asked:
                        case ("sleep", n):
                            self.waiting.append((self.tick + n, name, task, self.tick))
                        case ("spawn", other, child):
                            self.spawn(other, child)
                            self.ready.append((name, task, other))
                        case None:
                            self.ready.append((name, task, None))
                        case _:
                            task.close()
                            self.results[name] = f"bad request {asked!r}"
        return self.results


def worker(n):
    for i in range(n):
        slept = yield "sleep", i + 1
    return f"worked {n}, last sleep ended after {slept}"


def parent():
    child = yield "spawn", "child", worker(1)
    yield
    return f"spawned {child}"


def failing():
    yield
    raise RuntimeError("task broke")


def odd():
    try:
        yield "what?"
    finally:
        print("odd closes")


def integers():
    return count(1)


def sift(stream, p):
    return (n for n in stream if n % p)


def primes():
    stream = count(2)
    while True:
        p = next(stream)
        yield p
        stream = sift(stream, p)


def interleave(*iterables):
    queue = deque(map(iter, iterables))
    while queue:
        it = queue.popleft()
        try:
            yield next(it)
        except StopIteration:
            continue
        queue.append(it)


def windows(items, n):
    window = deque(maxlen=n)
    for item in items:
        window.append(item)
        if len(window) == n:
            yield tuple(window)


def chunked(items, n):
    it = iter(items)
    while chunk := list(islice(it, n)):
        yield chunk


out = printer("out:")
other = printer("x:")
feed = broadcast(grep("py", out), grep("x", other))
for line in ("python", "ruby", "pyx"):
    feed.send(line)
out.close()
other.close()
try:
    out.send("more")
except StopIteration:
    print("nobody listens")
t = totals()
print(t.send(3), t.send(4))
try:
    t.send(None)
except StopIteration as e:
    print(e.value)
print(Scheduler().spawn("a", worker(2)).spawn("p", parent()).spawn("f", failing()).spawn("o", odd()).run())
print(list(islice(primes(), 10)), list(interleave("abc", [1], "xy")), list(windows(range(5), 3)), list(chunked("abcdefg", 3)), printer.__name__)


def delegate():
    try:
        got = yield from inner()
    except KeyError as e:
        got = f"error {e}"
    yield f"inner gave {got}"


def inner():
    try:
        yield 1
        yield 2
    except ValueError as e:
        yield f"inner caught {e}"
        raise KeyError("from inner")
    return "fine"


print(list(delegate()))
d = delegate()
print(next(d), d.throw(ValueError("v")), next(d))
e = delegate()
next(e)
try:
    e.throw(TypeError, "old style") if False else e.throw(TypeError("not caught"))
except TypeError as error:
    print(error, list(e))


def finalised(log):
    log.append("open")
    try:
        for i in count():
            yield i
    finally:
        log.append("closed")


log = []
for i in (g := finalised(log)):
    if i == 2:
        break
g.close()
print(log, sum(x * y for x, y in zip(range(4), count(10))), [*map(next, [iter("ab"), iter("cd")])], dict(enumerate(integers_ for integers_ in islice(integers(), 3))))
