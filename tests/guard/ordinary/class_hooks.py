"""__init_subclass__, __set_name__, __class_getitem__, __new__, __call__, three-argument type()."""


class Plugin:
    registry = {}

    def __init_subclass__(cls, /, name=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry[name or cls.__name__.lower()] = cls
        print("registered", cls.__name__, name)

    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{getattr(item, '__name__', item)}]"


class Csv(Plugin):
    pass


class Json(Plugin, name="js"):
    pass


class Deep(Json, name="deep"):
    pass


print(Plugin.registry, Plugin[int], Csv["x"], Deep[1, 2])
try:
    class Wrong(Plugin, colour="red"):
        pass
except TypeError as e:
    print(type(e).__name__, e)


class Named:
    def __set_name__(self, owner, name):
        self.name = name
        print("named", name, "in", owner.__name__)

    def __get__(self, instance, owner=None):
        return f"{self.name} of {'class' if instance is None else 'instance'}"


class Form:
    title = Named()
    body = Named()


print(Form.title, Form().body)


class Single:
    _made = None

    def __new__(cls, *args):
        print("new", cls.__name__, args)
        if cls._made is None:
            cls._made = super().__new__(cls)
        return cls._made

    def __init__(self, *args):
        self.args = args

    def __call__(self, *args, **kw):
        return args, kw, self.args


s, t = Single(1), Single(2)
print(s is t, s.args, s(3, k=4), callable(s), callable(Form()))
Point = type("Point", (), {"x": 0, "__repr__": lambda self: f"P{self.x}", "move": lambda self, n: setattr(self, "x", self.x + n)})
p = Point()
p.move(5)
print(p, Point.__name__, type(p).__name__, Point.x, type(p) is Point)
Sub = type("Sub", (Point, dict), dict(kind="sub"))
print(Sub(), Sub.kind, issubclass(Sub, dict), isinstance(Sub(), Point))
Made = type("Made", (Plugin,), {}, name="made")
print(sorted(Plugin.registry), Made.__name__)
for args in (("A",), ("A", ()), ("A", int, {}), (5, (), {}), ("A", (), []), ("A", (bool,), {}), ("A", (int, str), {})):
    try:
        print(type(*args) is type)
    except TypeError as e:
        print(e)
