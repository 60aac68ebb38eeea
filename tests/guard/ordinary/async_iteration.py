"""Asynchronous loops, comprehensions and generators over what is asynchronous, as CPython has them."""


class Count:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        print("  aiter", self.n)
        return Steps(self.n)


class Steps:
    def __init__(self, n):
        self.left = list(range(n))

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)


class Both(Count):
    def __iter__(self):
        print("  never")
        return iter(())


class Given:
    """`__aiter__` in the instance does not count."""

    def __init__(self):
        self.__aiter__ = lambda: None


class Fails:
    def __aiter__(self):
        raise ValueError("no aiter")


class NotAsync:
    def __aiter__(self):
        return 5


class NotAwaitable:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 5


async def numbers(n):
    for i in range(n):
        yield i
    print("  numbers end")


async def pairs():
    return [(x, y) async for x in Count(2) if x is not None async for y in numbers(x + 1)]


async def main():
    async for x in Count(2):
        print(x)
    else:
        print("else")
    async for x in Both(3):
        if x == 0:
            continue
        print("both", x)
        break
    else:
        print("not here")
    async for a, *b in pack():
        print(a, b)
    print([x async for x in numbers(3)], {x async for x in Count(1)}, {x: x async for x in numbers(2)})
    print(await pairs(), [y for x in [1, 2] for y in [x async for x in numbers(x)]])
    lazy = (x * 2 async for x in numbers(2) if x)
    print([x async for x in lazy], [x async for x in lazy])
    print([z async for z in aiter(numbers(2))], await anext(aiter(numbers(1))), await anext(numbers(0), "default"))
    for wrong in (5, None, Given(), Fails(), NotAsync(), NotAwaitable()):
        try:
            async for x in wrong:
                print("never")
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)
        try:
            print([x async for x in wrong])
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)


async def pack():
    yield 1, 2, 3
    yield "ab"


try:
    main().send(None)
except StopIteration:
    print("done")
