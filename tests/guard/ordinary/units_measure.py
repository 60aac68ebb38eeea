"""Units of measure with dimensions, currency conversion, time intervals, angles, colours: small value classes."""
from functools import total_ordering


@total_ordering
class Quantity:
    __slots__ = ("value", "dims")
    PREFIX = {"k": 1e3, "m": 1e-3, "c": 1e-2}
    BASE = {"m": {"L": 1}, "s": {"T": 1}, "g": {"M": 1}}

    def __init__(self, value, dims=None):
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "dims", {k: v for k, v in sorted((dims or {}).items()) if v})

    def __setattr__(self, name, value):
        raise AttributeError(f"Quantity is immutable: cannot set {name}")

    def __delattr__(self, name):
        raise AttributeError(f"Quantity is immutable: cannot delete {name}")

    @classmethod
    def parse(cls, text):
        number, _, unit = text.partition(" ")
        if unit in cls.BASE:
            return cls(float(number), cls.BASE[unit])
        prefix, base = unit[:1], unit[1:]
        try:
            return cls(float(number) * cls.PREFIX[prefix], cls.BASE[base])
        except KeyError:
            raise ValueError(f"unknown unit {unit!r}") from None

    def _same(self, other):
        if not isinstance(other, Quantity):
            other = Quantity(other)
        if self.dims != other.dims:
            raise TypeError(f"cannot mix {self.unit or 'a number'} and {other.unit or 'a number'}")
        return other

    @property
    def unit(self):
        return "·".join(k if v == 1 else f"{k}^{v}" for k, v in self.dims.items())

    def __add__(self, o):
        return Quantity(self.value + self._same(o).value, self.dims)

    def __sub__(self, o):
        return self + -1 * o

    def __mul__(self, o):
        o = o if isinstance(o, Quantity) else Quantity(o)
        return Quantity(self.value * o.value, {k: self.dims.get(k, 0) + o.dims.get(k, 0) for k in self.dims | o.dims})

    __rmul__ = __mul__

    def __truediv__(self, o):
        return self * (o if isinstance(o, Quantity) else Quantity(o)) ** -1

    def __pow__(self, n):
        return Quantity(self.value**n, {k: v * n for k, v in self.dims.items()})

    def __eq__(self, o):
        return isinstance(o, Quantity) and (self.value, self.dims) == (o.value, o.dims)

    def __lt__(self, o):
        return self.value < self._same(o).value

    def __hash__(self):
        return hash((self.value, tuple(self.dims.items())))

    def __float__(self):
        if self.dims:
            raise TypeError(f"{self} is not a plain number")
        return float(self.value)

    def __str__(self):
        return f"{self.value:g} {self.unit}".rstrip()

    def __format__(self, spec):
        return f"{self.value:{spec}} {self.unit}"

    def __repr__(self):
        return f"Quantity({self.value!r}, {self.dims})"


class Colour:
    __slots__ = ("_rgb",)
    NAMES = {"red": 0xFF0000, "lime": 0x00FF00}

    def __new__(cls, value):
        self = super().__new__(cls)
        if isinstance(value, str):
            value = cls.NAMES.get(value) if value in cls.NAMES else int(value.lstrip("#"), 16)
        self._rgb = tuple(value >> s & 255 for s in (16, 8, 0)) if isinstance(value, int) else tuple(value)
        return self

    def __getattr__(self, name):
        if name in ("r", "g", "b"):
            return self._rgb["rgb".index(name)]
        raise AttributeError(f"colours have no {name}")

    def __add__(self, o):
        return Colour(min(255, a + b) for a, b in zip(self._rgb, o._rgb))

    def __invert__(self):
        return Colour(255 - c for c in self._rgb)

    def __str__(self):
        return "#" + "".join(f"{c:02x}" for c in self._rgb)

    def __iter__(self):
        return iter(self._rgb)

    def __eq__(self, o):
        return tuple(self) == tuple(o)


km, t, m = Quantity.parse("3 km"), Quantity.parse("60 s"), Quantity.parse("50 cm")
print(km, t, m, km + m, km - m, km / t, (km / t) ** 2, 2 * m, m * m, m < km, sorted([km, m]), max(m, km), km == Quantity(3000.0, {"L": 1}), m != t, {m: "half"}[Quantity(0.5, {"L": 1})])
print(repr(km / t), f"{km / t:.3f}", "{:>10.1f}|{}".format(m, t), float(km / m), hash(m) == hash(Quantity(0.5, {"L": 1})), m <= m, sum([m, m], Quantity(0, {"L": 1})))
for bad in (lambda: km + t, lambda: km < 5, lambda: float(km), lambda: Quantity.parse("3 parsec"), lambda: Quantity.parse("x m"), lambda: setattr(km, "value", 1), lambda: delattr(km, "value"), lambda: km + "a", lambda: setattr(km, "new", 1), lambda: 5 - km, lambda: km.nope):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
red = Colour("red")
print(red, ~red, red + Colour("lime"), red.r, red.g, [*Colour("#102030")], red == (255, 0, 0), Colour(0x0000FF))
for bad in (lambda: red.x, lambda: Colour("#zz"), lambda: setattr(red, "q", 1), lambda: hash(red)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
