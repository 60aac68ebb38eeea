"""Subclasses of the built-in types."""


class Money(int):
    def __new__(cls, value, currency="EUR"):
        self = super().__new__(cls, value)
        self.currency = currency
        return self

    def __add__(self, other):
        return Money(int(self) + int(other), self.currency)

    def __repr__(self):
        return f"Money({int(self)}, {self.currency!r})"


class Title(str):
    def __new__(cls, text):
        return super().__new__(cls, text.title())

    def __len__(self):
        return 1000 + super().__len__()

    def words(self):
        return self.split()


class Stack(list):
    push = list.append

    def peek(self):
        return self[-1] if self else None

    def __getitem__(self, index):
        result = super().__getitem__(index)
        return Stack(result) if isinstance(index, slice) else result

    def __repr__(self):
        return f"Stack{super().__repr__()}"


class Ci(dict):
    def __init__(self, *args, **kw):
        super().__init__()
        for k, v in dict(*args, **kw).items():
            self[k] = v

    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)

    def __getitem__(self, key):
        return super().__getitem__(key.lower())

    def __contains__(self, key):
        return super().__contains__(key.lower())


class Pair(tuple):
    __slots__ = ()

    def __new__(cls, a, b):
        return tuple.__new__(cls, (a, b))

    @property
    def first(self):
        return self[0]


class Degrees(float):
    def __new__(cls, value):
        return float.__new__(cls, value % 360)

    def __str__(self):
        return f"{float(self):.1f}°"


class Bag(set):
    def add(self, item):
        print("  adding", item)
        super().add(item)

    def __or__(self, other):
        return Bag(super().__or__(other))


class Packet(bytes):
    def checksum(self):
        return sum(self) % 256


class Chars(bytearray):
    pass


class Fz(frozenset):
    def __new__(cls, items):
        return super().__new__(cls, [i * 2 for i in items])


class Cx(complex):
    def arg(self):
        return (self.real, self.imag)


m = Money(5) + 3
print(m, m.currency, m * 2, type(m * 2).__name__, m == 8, Money(7, "USD").currency, isinstance(m, int), hash(m) == hash(8), vars(m))
t = Title("hello world")
print(t, len(t), t.words(), type(t.upper()).__name__, t == "Hello World", t + "!", f"{t:>15}", {t: 1}["Hello World"])
s = Stack([1, 2])
s.push(3)
print(s, s.peek(), s[0:2], type(s[0:2]).__name__, s + [4], type(s + [4]).__name__, sorted(s, reverse=True), list(s))
d = Ci(A=1, B=2)
d["C"] = 3
print(d, d["a"], "b" in d, d.get("A"), len(d), dict(d), {**d})
p = Pair(1, 2)
print(p, p.first, p == (1, 2), *p, hash(p) == hash((1, 2)), type(p[:]).__name__)
print(Degrees(370), repr(Degrees(370)), Degrees(10) + Degrees(355), type(-Degrees(1)).__name__)
b = Bag([1, 2])
b.add(3)
print(b, b | {9}, type(b | {9}).__name__, type(b & {1}).__name__, b >= {1})
print(Packet(b"abc").checksum(), Packet(b"ab") + b"c", Chars(b"xy"), Fz([1, 2]) == {2, 4}, Cx(1, 2).arg(), Cx(1, 2) + 1)
for attempt in (lambda: Title(5), lambda: d["zz"], lambda: Pair(1), lambda: Money("x"), lambda: p.x, lambda: setattr(p, "y", 1)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
try:
    class No(bool):
        pass
except TypeError as e:
    print(e)
print(dict.__getitem__(d, "a"), list.__len__(s), int.__add__(m, 1), str.__len__(t), super(Title, t).__len__(), tuple.__new__(Pair, "xy"))
