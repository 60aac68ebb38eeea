"""The state pattern by assigning to __class__: objects that become another class."""


class Caterpillar:
    def speak(self):
        return "munch"

    def grow(self):
        self.__class__ = Butterfly
        return self


class Butterfly(Caterpillar):
    def speak(self):
        return "flutter" + super().speak()

    def who(self):
        return __class__.__name__


c = Caterpillar()
print(c.speak(), c.grow().speak(), type(c).__name__, c.who())


class Fish:
    __slots__ = ("name",)


class Door:
    """Each state is a class of its own."""

    def __init__(self):
        self.__class__ = Closed
        self.log = []

    def note(self, text):
        self.log.append(f"{type(self).__name__}: {text}")
        return self


class Closed(Door):
    def open(self):
        self.note("opening").__class__ = Open
        return self

    def close(self):
        raise RuntimeError("already closed")


class Open(Door):
    def open(self):
        raise RuntimeError("already open")

    def close(self):
        self.note("closing").__class__ = Closed
        return self


d = Door()
print(type(d) is Closed, d.open().close().open().log, isinstance(d, Open), isinstance(d, Closed), d.__class__.__name__)
try:
    d.open()
except RuntimeError as e:
    print(e)
for bad in (int, 5, Fish, None, "Open"):
    try:
        d.__class__ = bad
        print("became", type(d).__name__)
    except TypeError as e:
        print(e)
for thing in (5, "text", [], len, object()):
    try:
        thing.__class__ = Door
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
