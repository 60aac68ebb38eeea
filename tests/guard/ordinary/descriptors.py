"""Descriptors: data, non-data, property with setter and deleter, cached, validated fields, methods."""
from functools import cached_property


class Typed:
    def __init__(self, kind, default=None):
        self.kind, self.default = kind, default

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return getattr(instance, self.name, self.default)

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name[1:]} must be {self.kind.__name__}, not {type(value).__name__}")
        setattr(instance, self.name, value)

    def __delete__(self, instance):
        print("delete", self.name)
        delattr(instance, self.name)


class Lazy:
    """Non-data: the instance's own attribute wins afterwards."""

    def __init__(self, function):
        self.function = function

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        print("computing", self.name)
        value = instance.__dict__[self.name] = self.function(instance)
        return value


class Account:
    owner = Typed(str, "nobody")
    cents = Typed(int, 0)

    def __init__(self, cents):
        self.cents = cents

    @property
    def euros(self):
        """Money in euros."""
        return self.cents / 100

    @euros.setter
    def euros(self, value):
        if value < 0:
            raise ValueError("no debts")
        self.cents = round(value * 100)

    @euros.deleter
    def euros(self):
        print("all gone")
        self.cents = 0

    @Lazy
    def number(self):
        return self.cents * 7

    @cached_property
    def history(self):
        print("history made")
        return [self.cents]

    @property
    def fixed(self):
        return "fixed"


a = Account(250)
print(a.owner, a.cents, a.euros, Account.euros.__doc__, vars(a))
a.euros = 3.5
a.owner = "Ann"
print(a.cents, a.owner, sorted(vars(a)))
for change in (lambda: setattr(a, "cents", "x"), lambda: setattr(a, "euros", -1), lambda: setattr(a, "fixed", 1), lambda: delattr(a, "fixed"), lambda: Account("z")):
    try:
        change()
    except Exception as e:
        print(type(e).__name__, e)
del a.euros
del a.owner
print(a.cents, a.owner)
print(a.number, a.number, "number" in vars(a))
print(a.history, a.history, "history" in a.__dict__)
del a.history
print(a.history)
print(type(Account.owner).__name__, isinstance(Account.euros, property), Account.number.name)


class Sub(Account):
    @Account.euros.getter
    def euros(self):
        return f"{super().euros:.2f}"

    def __init__(self):
        super().__init__(199)


print(Sub().euros)


class Static:
    greet = staticmethod(lambda name: f"hi {name}")
    make = classmethod(lambda cls: cls())
    size = property(lambda self: 5, doc="The size.")
    upper = str.upper

    def __repr__(self):
        return "Static!"


print(Static.greet("x"), Static().greet("y"), Static.make(), Static().size, Static.size.__doc__)


class Bound:
    def method(self, n):
        return (self.tag, n)

    def __init__(self, tag):
        self.tag = tag


m = Bound("b").method
print(m(1), Bound.method(Bound("c"), 2), m.__name__, Bound.method.__qualname__, type(m).__name__, m == m)
fget = Account.euros.fget
print(fget(Account(500)), Account.euros.fset is not None, Account.fixed.fset)
print(Account.fixed.__get__(a), Bound.method.__get__(Bound("g"))(4), Account.__dict__["cents"].default)
