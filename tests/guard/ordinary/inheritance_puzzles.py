"""Puzzles of inheritance: attribute lookup order, class attributes that are shared, overriding by instances, super in odd places, name lookup."""


class A:
    shared = []
    value = 1

    def __init__(self):
        self.own = []

    def set(self, v):
        self.value = v
        return self

    def method(self):
        return "A.method"

    def template(self):
        return f"<{self.method()}|{self.hook()}>"

    def hook(self):
        return "default"


class B(A):
    def hook(self):
        return "B+" + super().hook()

    method = lambda self: "B.lambda"


class C(A):
    hook = "not a method"

    def __getattr__(self, name):
        return f"C made {name}"


class Prop(A):
    @property
    def value(self):
        return 100

    @value.setter
    def value(self, v):
        print("  setting", v)


class Counter:
    instances = 0

    def __init__(self):
        self.instances += 1
        type(self).instances += 1

    @classmethod
    def how_many(cls):
        return cls.instances


class SubCounter(Counter):
    instances = 100


a, b = A(), A()
a.shared.append(1)
a.own.append(2)
A.value = 2
print(b.shared, b.own, a.set(5).value, b.value, A.value, a.template(), B().template())
del a.value
print(a.value, "value" in vars(a))
c = C()
print(c.anything, c.hook, c.value, hasattr(c, "zz"))
try:
    c.template()
except TypeError as e:
    print(e)
p = Prop()
p.value = 5
print(p.value, vars(p), p.set(6).value)
x, y, z = Counter(), Counter(), SubCounter()
print(x.instances, y.instances, z.instances, Counter.how_many(), SubCounter.how_many())
a.method = lambda: "instance"
print(a.method(), A.method(a), b.method(), type(a).method(a))


class Init:
    def __init__(self, *args):
        print("  Init", args)

    def __init_subclass__(cls, tag="none", **kw):
        print("  subclass", cls.__name__, tag)
        super().__init_subclass__(**kw)


class NoInit(Init, tag="t"):
    pass


class NewOnly(Init):
    def __new__(cls, *args):
        print("  New", args)
        return super().__new__(cls) if len(args) < 2 else "not an instance"


class Returning:
    def __init__(self):
        return 5


NoInit(1), NewOnly(1), print(NewOnly(1, 2))
for bad in (Returning, lambda: A(1), lambda: A.method(), lambda: object().x, lambda: A.nope, lambda: super(A).x, lambda: B.hook.x):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


class Outer:
    x = "outer"

    class Inner:
        x = "inner"

        def get(self):
            return self.x, Outer.x

        class Deep:
            def __repr__(self):
                return type(self).__qualname__

    def make(self):
        return self.Inner()

    def local(self):
        class Local(Outer.Inner):
            y = self.x

        return Local


print(Outer().make().get(), Outer.Inner.Deep(), Outer().local().__qualname__, Outer().local().y, Outer().local()().get())


class Str(str):
    def __eq__(self, other):
        return str(self).lower() == str(other).lower()

    def __hash__(self):
        return hash(str(self).lower())


print(Str("A") == "a", "a" == Str("A"), {Str("K"): 1}.get(Str("k")), Str("A") in ["a"], [Str("B")].index("b"), Str("A") != "a")


class Meta1:
    order = []

    @property
    def first(self):
        self.order.append("first")
        return 1

    @property
    def second(self):
        self.order.append("second")
        return self.first + 1

    third = property(lambda self: self.second + 1)


print(Meta1().third, Meta1.order, [k for k, v in vars(Meta1).items() if isinstance(v, property)])


def factory(base, **attrs):
    class Made(base):
        def __init__(self):
            super().__init__()
            for k, v in attrs.items():
                setattr(self, k, v)

    Made.__name__ = Made.__qualname__ = "Made" + base.__name__
    return Made


M = factory(A, colour="red")
print(M, M().colour, M().own, factory(M, size=3)().__class__.__name__, vars(factory(M, size=3)()))
print([cls.__name__ for cls in (A, B, C) if "hook" in vars(cls)], getattr(B, "hook") is B.hook, B().hook == B().hook, (b.method == b.method), b.method is b.method)
if isinstance(b, A) and not isinstance(b, B):
    b.__init__()
    print(b.own, A.__init__(b), B.__init__ is A.__init__, b.__class__ is A)
