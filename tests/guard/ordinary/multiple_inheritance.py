"""Multiple inheritance with cooperative super(), mixins, super() in class and static methods."""


class Root:
    def __init__(self, **kw):
        print("  Root", sorted(kw))
        assert not kw, kw

    def draw(self):
        return ["root"]


class Coloured(Root):
    def __init__(self, *, colour="none", **kw):
        print("  Coloured", colour)
        super().__init__(**kw)
        self.colour = colour

    def draw(self):
        return ["colour " + self.colour] + super().draw()


class Sized(Root):
    def __init__(self, *, size=0, **kw):
        print("  Sized", size)
        super().__init__(**kw)
        self.size = size

    def draw(self):
        return [f"size {self.size}"] + super().draw()


class Shape(Coloured, Sized):
    def draw(self):
        return ["shape", *super().draw()]


class JsonMixin:
    def to_json(self):
        return {k: v for k, v in sorted(vars(self).items()) if not k.startswith("_")}


class ReprMixin:
    def __repr__(self):
        return f"{type(self).__qualname__}{self.to_json()}"


class Fancy(JsonMixin, ReprMixin, Shape):
    made = 0

    def __new__(cls, *args, **kw):
        self = super().__new__(cls)
        self._serial = cls.count()
        return self

    @classmethod
    def count(cls):
        cls.made += 1
        return cls.made

    @classmethod
    def default(cls):
        return cls(colour="red", size=1)

    @staticmethod
    def helper():
        return super(Fancy, Fancy(colour="h")).draw()[0]


class Fancier(Fancy):
    @classmethod
    def default(cls):
        made = super().default()
        made.size *= 10
        return made

    @property
    def area(self):
        return self.size**2

    def draw(self):
        draw = super().draw
        return [part.upper() for part in draw()]

    def skip(self):
        return super(Coloured, self).draw()


class Deepest(Fancier):
    @property
    def area(self):
        return super().area + 1

    def nested(self):
        def inner():
            return super(Deepest, self).area

        return inner(), (lambda: super(Deepest, self).draw())()[0]


f = Fancy(colour="blue", size=3)
print(f, f.draw(), isinstance(f, Root), issubclass(Fancy, Sized))
g = Fancier.default()
print(g, g.area, g.draw(), g.skip(), Fancy.made, Fancier.made)
d = Deepest(size=4)
print(d.area, d.nested(), d._serial, Deepest.made, Fancy.helper())
try:
    Fancy(weight=3)
except AssertionError as e:
    print("AssertionError", e)


class A:
    def who(self):
        return "A"

    def call(self):
        return self.who() + super().__repr__()[:3]


class B(A):
    def who(self):
        return "B" + super().who()


class C(A):
    def who(self):
        return "C" + super().who()


class D(B, C):
    def who(self):
        return "D" + super().who()


print(D().who(), D().call()[:5], [c.__name__ for c in (D, B, C, A) if issubclass(D, c)], B.who(D()), super(B, D()).who())
try:
    class E(A, D):
        pass
except TypeError as e:
    print(str(e).replace("\n", " "))
for attempt in (lambda: super(D, 5).who(), lambda: super(int, D()), lambda: super(D, D()).nope, lambda: super().x, lambda: super(A, A()).__init__(3)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
print(super(B, D).who(D()), isinstance(super(D, D()), super))
