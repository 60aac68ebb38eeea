"""Coroutines, async iteration, async context managers, async generators, driven by hand."""


class Wait:
    def __init__(self, what):
        self.what = what

    def __await__(self):
        got = yield self.what
        return f"{self.what}:{got}"


class Count:
    def __init__(self, n):
        self.n, self.i = n, 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        return await Wait(self.i)


class Room:
    async def __aenter__(self):
        print("  enter", await Wait("door"))
        return self

    async def __aexit__(self, kind, error, trace):
        print("  exit", kind and kind.__name__, error)
        return isinstance(error, KeyError)


async def numbers(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                print("  sent", got)
    finally:
        print("  numbers done")


async def main():
    print("  await", await Wait("a"))
    async for x in Count(2):
        print("  for", x)
    else:
        print("  else")
    async with Room() as room, Room():
        print("  in", type(room).__name__)
    async with Room():
        raise KeyError("swallowed")
    print([x async for x in Count(2)], {x: i async for i, x in pairs()}, [await Wait(k) for k in "xy"])
    print([i async for i in numbers(4) if i % 2])
    agen = numbers(3)
    print(await agen.__anext__(), await anext(agen), await agen.asend("hi"), await anext(aiter(agen), "none left"))
    other = numbers(3)
    await anext(other)
    await other.aclose()
    try:
        await anext(other)
    except StopAsyncIteration as e:
        print("  over", repr(e))
    try:
        async with Room():
            raise ValueError("passes")
    except ValueError as e:
        print("  caught", e)
    return "result"


async def pairs():
    for pair in enumerate("pq"):
        yield pair


def run_all(coroutine):
    """A little scheduler."""
    value, asked = None, []
    try:
        while True:
            asked.append(coroutine.send(value))
            value = len(asked)
    except StopIteration as e:
        return e.value, asked


print(run_all(main()))


async def fails():
    await Wait(1)
    raise RuntimeError("from inside")


c = fails()
print(c.send(None), type(c).__name__, c.__name__)
try:
    c.send(None)
except RuntimeError as e:
    print(e)
try:
    c.send(None)
except RuntimeError as e:
    print(e)


async def thrown():
    try:
        await Wait("w")
    except ValueError as e:
        return f"got {e}"


t = thrown()
t.send(None)
try:
    t.throw(ValueError("in"))
except StopIteration as e:
    print(e.value)


async def bad():
    await 5


async def bad_for():
    async for x in 5:
        pass


async def bad_with():
    async with 5:
        pass


for f in (bad, bad_for, bad_with):
    try:
        f().send(None)
    except Exception as e:
        print(type(e).__name__, str(e)[:45])
queue, order = [], []


async def task(name, steps):
    for i in range(steps):
        order.append(f"{name}{i}")
        await Wait(name)
    return name


queue = [task("a", 2), task("b", 3), task("c", 1)]
while queue:
    job = queue.pop(0)
    try:
        job.send(None)
        queue.append(job)
    except StopIteration as e:
        order.append("end " + e.value)
print(order)
closing = task("z", 5)
closing.send(None)
closing.close()
print(order[-1])
