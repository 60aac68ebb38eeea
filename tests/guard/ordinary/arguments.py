"""Calling: star-expressions, keyword-only, positional-only, unpacking, and CPython's error words."""


def f(a, b, /, c, d=4, *args, e, f=6, **kw):
    return a, b, c, d, args, e, f, kw


def pos(a, /, **kw):
    return a, kw


def kwonly(*, x, y=2):
    return x, y


class Point:
    def __init__(self, x, y=0, *rest, name="p"):
        self.x, self.y, self.rest, self.name = x, y, rest, name

    def move(self, dx, /, dy=0):
        self.x += dx
        self.y += dy
        return self

    def __iter__(self):
        yield self.x
        yield self.y

    def keys(self):
        return ["x", "y"]

    def __getitem__(self, key):
        return getattr(self, key)


print(f(1, 2, 3, e=5), f(1, 2, 3, 4, 5, 6, e=7, g=8), f(1, 2, c=3, e=5), pos(1, a=2), kwonly(x=1), kwonly(**{"x": 1, "y": 3}))
args, kw = [1, 2, 3], {"e": 5, "z": 26}
print(f(*args, **kw), f(*args[:2], *[9, 8], **{"e": 1}, **{"w": 2}), print(*args, sep="-"), max(*args), [*args, *"ab", *range(2)])
a, *b = args
*c, d = "xyz"
(e, [g, *h]), i = (1, [2, 3, 4]), 5
first, (second, third), *_ = 1, (2, 3), 4, 5
print(a, b, c, d, e, g, h, i, first, second, third, _)
p = Point(1, 2).move(3, dy=4)
x, y = p
print(x, y, [*p], {**p}, dict(p), (lambda x, y: x * y)(**p), {**{"x": 9}, **p, "z": 0})
print({*args, *"a"} == {1, 2, 3, "a"}, (*args,), *args, {"k": 1} | {"k": 2, "l": 3})
FAIL = [
    lambda: f(1, 2), lambda: f(1, 2, 3), lambda: f(1, b=2, c=3, e=4), lambda: f(), lambda: pos(a=1), lambda: pos(),
    lambda: kwonly(1), lambda: kwonly(), lambda: kwonly(x=1, z=2), lambda: kwonly(x=1, **{"x": 2}), lambda: kwonly(**{1: 2}),
    lambda: Point(), lambda: Point(1, colour=3), lambda: Point(1).move(dx=1), lambda: Point(1).move(), lambda: f(*5), lambda: f(**5),
    lambda: len(), lambda: len(1, 2), lambda: int("x", bass=2), lambda: "a".join(1), lambda: [].append(), lambda: {}.update(1, 2),
    lambda: sorted([1], 2), lambda: print(1, nope=2), lambda: range(), lambda: isinstance(1), lambda: max(), lambda: max(1), lambda: sum("ab"),
    lambda: getattr(1), lambda: getattr(1, 2), lambda: getattr(1, "a", 2, 3), lambda: hasattr(1), lambda: setattr(1, "a"), lambda: setattr(1, "a", 2),
    lambda: getattr(object=1, name="x"), lambda: delattr(1), lambda: delattr(p, "zz"), lambda: vars(1, 2), lambda: dir(1, 2), lambda: globals(1), lambda: locals(1), lambda: hasattr(1, 5),
    lambda: object(1), lambda: Point.__init__(), lambda: Point.move(1), lambda: 5(), lambda: None(), lambda: (1)(2), lambda: p.nope(), lambda: p["nope"],
]
for number, attempt in enumerate(FAIL):
    try:
        print(number, attempt())
    except Exception as e:
        print(number, type(e).__name__, e)
try:
    a, b, c = 1, 2
except ValueError as e:
    print(e)
try:
    a, b = 1, 2, 3
except ValueError as e:
    print(e)
try:
    a, *b, c = [1]
except ValueError as e:
    print(e)
try:
    a, b = 5
except TypeError as e:
    print(e)


def note(a: int, *args: str, k: "text" = None, **kw: float) -> bool:
    """Documented."""


print(note.__annotations__, note.__doc__, note.__name__, note.__qualname__, note.__module__, f.__defaults__, f.__kwdefaults__, Point.move.__qualname__)
note.version = 3
note.__name__ = "renamed"
note.__doc__ += " More."
print(note.version, note.__name__, note.__doc__, hasattr(note, "nope"), callable(note))
