"""The program from whose names the walk starts: ordinary source, through the guard like any other.

Takes: the names of standard modules; lists of names.
Gives: `program`, which hands its namespace to `walk`, a native function; `fetchers`, `readers`: functions of a script that
fetch one attribute, or read one name.
Refuses: nothing; what the guard refuses is left out by whoever compiles it.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import Final

_BODY: Final = '''
class Plain:
    """Text."""
    kind = "plain"
    __match_args__ = ("x", "y")

    def __init__(self, x=1, y="b"):
        self.x = x
        self.y = y

    def method(self, *args, key=None, **named):
        return args

    @classmethod
    def made(cls):
        return cls()

    @staticmethod
    def loose(value=None):
        return value

    @property
    def both(self):
        return self.x, self.y

    def __repr__(self):
        return "Plain"

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return 1

    def __lt__(self, other):
        return False

    def __getattr__(self, name):
        raise AttributeError("no " + name)

    def __call__(self, *args):
        return args


class Child(Plain):
    def __init__(self, *args):
        super().__init__(*args)

    def up(self):
        return super()

    def __init_subclass__(cls, **named):
        super().__init_subclass__()


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = [1]


class Holder:
    def __set_name__(self, owner, name):
        self.owner = owner

    def __get__(self, instance, owner=None):
        return self if instance is None else (instance, owner)

    def __set__(self, instance, value):
        SEEN.append((instance, value))


SEEN = []


class Described:
    field = Holder()


class Box:
    def __init__(self):
        self.inside = []

    def __getitem__(self, key):
        if key == 3:
            raise IndexError(key)
        return key

    def __len__(self):
        return 3

    def __contains__(self, value):
        return True

    def __iter__(self):
        return iter([1, 2])

    def __enter__(self):
        return self

    def __exit__(self, *found):
        SEEN.append(found)
        return True

    def __index__(self):
        return 1

    def __format__(self, spec):
        return spec

    async def __aenter__(self):
        return self

    async def __aexit__(self, *found):
        SEEN.append(found)
        return True

    def __aiter__(self):
        return self

    async def __anext__(self):
        raise StopAsyncIteration

    def __await__(self):
        yield self

    def __class_getitem__(cls, item):
        return [cls, item]

    def __missing__(self, key):
        return key


class Text(str):
    pass


class Number(int):
    pass


class Table(dict):
    def __missing__(self, key):
        return key


class Items(list):
    pass


class Failure(Exception):
    def __init__(self, *args):
        super().__init__(*args)
        self.extra = args


def function(first, *rest, key=(1, 2), **named):
    """Text."""
    local = first

    def inner():
        return local

    return inner


def generator():
    got = yield 1
    try:
        yield got
    finally:
        SEEN.append("closed")


async def coroutine():
    return 1


async def agenerator():
    yield 1


async def plain_iterator():
    async for found in (locals() async for _ in "a"):
        return found[".0"]


async def cancelled():
    async with Box():
        with Box():
            await sleep(1000)


async def over(values):
    async for _ in values:
        pass


def driven(made):
    try:
        made.send(None)
    except StopIteration as end:
        return end.value


async def looked():
    result = await Ready()
    return result, [found async for found in (1, 2)]


class Ready:
    def __await__(self):
        return self
        yield


def recurse():
    return recurse()


def caught(action, *args):
    try:
        return action(*args)
    except BaseException as error:
        return error


def chain():
    try:
        try:
            1 / 0
        except ZeroDivisionError as first:
            first.add_note("a note")
            raise Failure("second", Plain()) from first
    except Failure as error:
        return error


def group():
    return ExceptionGroup("some", [ValueError(1), chain()])


def with_all():
    with Box():
        1 / 0
    with Box():
        getattr(Plain(), "missing")
    return SEEN


def unpack():
    a, b = 1, 2, 3


def unbound():
    return later
    later = 1


def match_all(value):
    match value:
        case Plain(x, y):
            return x, y
        case {"a": a, **rest}:
            return a, rest
        case [first, *rest]:
            return first, rest
        case str() as text:
            return text
        case other:
            return other


def finished():
    running = generator()
    next(running)
    running.send(2)
    return caught(running.throw, Failure("thrown")), running


def returned():
    def short():
        return Plain()
        yield
    return caught(next, short())


ERRORS = [
    caught(lambda: 1 / 0), caught(lambda: {}["a"]), caught(lambda: [][1]), caught(lambda: Plain().missing),
    caught(lambda: function.missing), caught(lambda: Plain.missing), caught(lambda: undefined), caught(unbound),
    caught(unpack), caught(recurse), caught(int, "a"), caught(lambda: b"\\xff".decode()), caught(lambda:
    "\\ud800".encode()),
    caught(lambda: f"{1:z}"), caught(iter, 1), caught(next, iter([])), caught(float, "x"), caught(chr, -1), chain(),
    group(),
    caught(lambda: print(missing=1)), caught(lambda: getattr(1)), caught(lambda: getattr("a", "gi_frame")),
    caught(lambda: input()),
    caught(lambda: setattr(1, "a", 2)), caught(lambda: range(1).start_), caught(lambda: sum(["a"])), caught(lambda:
    "a" + 1),
    caught(lambda: {[]: 1}), caught(lambda: Slotted().b), caught(lambda: Slotted().c), caught(returned),
    caught(lambda: sleep("a")),
    caught(lambda: import_module("nothing")), caught(lambda: import_module(1)), caught(lambda: failing(1)),
    caught(lambda: raising()),
    caught(lambda: hash([])), caught(lambda: int("1" * 5000)), caught(lambda: bytes(-1)), caught(lambda: type("A", (),
    {"__del__": 1})),
    caught(lambda: ("{0.gi" + "_frame}").format(1)), caught(lambda: "{".format(1)), caught(lambda: object.__new__(int)),
    caught(driven, over(1)), caught(driven, over(Plain())), caught(lambda: with_timeout(0.001, cancelled())),
    caught(lambda: run()),
    caught(lambda: gather(1)), caught(lambda: cancel(1)), caught(lambda: frame()), caught(lambda: run(coroutine)),
    caught(lambda: super()), caught(lambda: isinstance(1, 1)), caught(lambda: receive()), caught(lambda:
    Child().up().nothing),
]
PLACES = [
    globals(), locals(), vars(), dir(), vars(Plain()), vars(Plain), vars(str), Plain().__dict__, Plain.__dict__,
    str.__dict__
]
LIVE = [
    Plain(), Child(), Child().up(), Slotted(), Described(), Described().field, Box(), Text("t"), Number(2),
    Table(a=1), Items("ab"),
    generator(), coroutine(), agenerator(), agenerator().asend(None), agenerator().aclose(), finished(), with_all(),
    match_all(Plain()), match_all({"a": 1, "b": 2}),
    Plain().method, Plain.method, Plain.made, Plain.loose, Plain.both, Child().up, "text".join, [].append, {}.get,
    len, print,
    iter([1]), iter((1,)), iter({}), iter({1}), iter(""), iter(b"a"), iter(range(3)), iter(Box()), iter({}.items()),
    reversed([1]),
    reversed({}), zip([1], [2]), map(str, [1]), filter(None, [1]), enumerate("a"), (n for n in range(3)), iter(int, 0),
    {}.keys(), {}.values(), {}.items(), slice(1), range(2), memoryview(b"ab"), bytearray(b"a"), frozenset({1}), {1},
    1.5, 2j, True,
    None, ..., NotImplemented, b"a", "a", 7, int | str, list[int], dict[str, list[int]], tuple[int, ...], type[int],
    lambda x: x,
    property(len), classmethod(len), staticmethod(len), super(Child, Child()), super(Child, Child), Box[int],
    int.__add__, (1).__add__,
    caught(driven, plain_iterator()), caught(driven, looked()), anext(agenerator(), 1), agenerator().athrow(ValueError),
    coroutine().__await__(), Described.__annotations__, function.__annotations__, object(), type(print), type(len),
    type(function),
    f"{Box():a}", Holder.__get__, str.maketrans, dict.fromkeys, int.from_bytes,
]
TYPES = [type(value) for value in LIVE] + [type(error) for error in ERRORS]


def call(function, given, named):
    return function(*given, **named)


def derive(base):
    class Derived(base):
        extra = 1

        def up(self):
            return super()

    return Derived


def above(cls, instance):
    return super(cls, instance)


def evil():
    return {"edge_walk_evil": 1, "__getattribute__": lambda self, name: name}


def hostile():
    class Hostile:
        maps = [(object,), evil()]
        data = "Made"
        args = ("Made", (object,), evil())
        real = imag = numerator = denominator = (object,)

    return Hostile


SAMPLES = {
    "int": lambda: 1, "text": lambda: "a", "bytes": lambda: b"a", "list": lambda: ["a", "b"], "function": lambda:
    lambda *a, **b: [*a],
    "class": lambda: Plain, "instance": lambda: Plain(), "dict": lambda: {"a": 1}, "generator": lambda: (n for n in
    [1, 2]),
    "base": lambda: Child, "error": lambda: Failure("f"), "template": lambda: Text("{0.__class__}"), "tuple": lambda:
    (),
    "space": lambda: {"a": 1, "method": lambda self: self},
    "evil": evil, "hostile": hostile,
}


walk(call, derive, above, SAMPLES, {**globals()}, [MODULES])
'''


def program(modules: Iterable[str]) -> str:
    """The program that imports all these modules and hands everything over."""
    lines, names = [], []
    for module in modules:
        name = "module_" + module.replace(".", "_")
        names.append(name)
        lines.append(f"import {module} as {name}")
    lines.append("from hands import walk, failing, raising")
    return "\n".join(lines) + "\n" + _BODY.replace("MODULES]", ", ".join(names) + "]")


def is_fetchable(name: str) -> bool:
    """Whether source can say `value.name`."""
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name)


def fetchers(names: Iterable[str]) -> str:
    """One line for each name: a function that fetches the attribute."""
    return "".join(f"def fetch_{name}(value): return value.{name}\n" for name in names)


def readers(names: Iterable[str]) -> str:
    """One line for each name: a function that reads the name."""
    return "".join(f"def read_{name}(): return {name}\n" for name in names)
