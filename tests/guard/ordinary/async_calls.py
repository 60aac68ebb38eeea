"""Awaited calls of every form: in which order things are evaluated, and what they may be."""


class Log(list):
    def __call__(self, name, value=None):
        self.append(name)
        return value


log = Log()


class Ready:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value
        yield


class Callable:
    async def __call__(self, *given, **named):
        return given, named


class Unhashable:
    __hash__ = None

    def __eq__(self, other):
        log("eq")
        return True

    def __call__(self, value):
        return Ready(value)


class Base:
    async def who(self, *more):
        return "base", *more

    @classmethod
    async def made(cls, name="?"):
        return cls.__name__, name

    @staticmethod
    async def plain():
        return "plain"

    @property
    def found(self):
        log("found")
        return self.who


class Child(Base):
    async def who(self, *more):
        return "child", await super().who(*more), await super(Child, self).who()

    def __getattr__(self, name):
        log(f"getattr {name}")

        async def answer(*given):
            return name, given

        return answer


async def echo(*given, **named):
    return given, named


async def main():
    print(await echo(), await echo(1, *[2, 3], k=4, **{"m": 5}))
    print(await log("function", echo)(log("first", 1), log("second", 2), k=log("third", 3)))
    print(await Ready(1), await Callable()(1, k=2), await Unhashable()(3))
    child = Child()
    print(await child.who(1), await Child.who(child), await child.found(2), await child.other(3))
    print(await Child.made(), await child.made("x"), await Child.plain())
    print(await (lambda x: echo(x))(1), await (echo if child else None)(2), await [echo][0](3))
    print((await echo(await echo(await echo(1)))), [await echo(i) for i in range(2)])
    print(f"{await echo('f')!r:>10}", await echo(await echo() and 1), {await Ready(1): await Ready(2)})
    print(
        await child
        .who(
            1,
            2,
        )
    )
    for wrong in (lambda: 5, lambda: None, lambda: iter(())):
        try:
            await wrong()
        except TypeError as error:
            print(error)
    for wrong in (5, None, "text"):
        try:
            await wrong(log("not reached"))
        except TypeError as error:
            print(error)
    try:
        await missing(1)
    except NameError as error:
        print(error)
    try:
        await child.who.nothing(1)
    except AttributeError as error:
        print(error)
    try:
        await echo.__name__(1)
    except TypeError as error:
        print(error)
    made = echo(7)
    print(await made)
    try:
        await made
    except RuntimeError as error:
        print(error)


try:
    main().send(None)
except StopIteration:
    print("done", log)
