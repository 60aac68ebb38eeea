"""Fractions by hand, polynomials, matrices, complex roots, units of measure."""
from fractions import Fraction
from functools import reduce
from math import gcd


class Frac:
    __slots__ = ("n", "d")

    def __init__(self, n, d=1):
        if d == 0:
            raise ZeroDivisionError(f"Frac({n}, 0)")
        g = gcd(n, d) * (1 if d > 0 else -1)
        self.n, self.d = n // g, d // g

    @classmethod
    def parse(cls, text):
        n, _, d = text.partition("/")
        return cls(int(n), int(d or 1))

    def _other(f):
        def wrapper(self, other):
            if isinstance(other, int):
                other = Frac(other)
            return f(self, other) if isinstance(other, Frac) else NotImplemented

        return wrapper

    @_other
    def __add__(self, o):
        return Frac(self.n * o.d + o.n * self.d, self.d * o.d)

    @_other
    def __mul__(self, o):
        return Frac(self.n * o.n, self.d * o.d)

    @_other
    def __sub__(self, o):
        return self + Frac(-o.n, o.d)

    @_other
    def __truediv__(self, o):
        return Frac(self.n * o.d, self.d * o.n)

    @_other
    def __eq__(self, o):
        return (self.n, self.d) == (o.n, o.d)

    @_other
    def __lt__(self, o):
        return self.n * o.d < o.n * self.d

    __radd__, __rmul__ = __add__, __mul__
    del _other

    def __rsub__(self, o):
        return Frac(o) - self

    def __pow__(self, k):
        return Frac(self.n**k, self.d**k) if k >= 0 else Frac(self.d**-k, self.n**-k)

    def __hash__(self):
        return hash(Fraction(self.n, self.d))

    def __float__(self):
        return self.n / self.d

    def __str__(self):
        return str(self.n) if self.d == 1 else f"{self.n}/{self.d}"

    __repr__ = __str__

    def __format__(self, spec):
        return format(float(self), spec) if spec else str(self)


class Poly:
    def __init__(self, *coefficients):
        self.c = list(coefficients)
        while self.c and self.c[-1] == 0:
            self.c.pop()

    def __call__(self, x):
        return reduce(lambda acc, c: acc * x + c, reversed(self.c), 0)

    def __add__(self, o):
        size = max(len(self.c), len(o.c))
        pad = lambda c: c + [0] * (size - len(c))
        return Poly(*(a + b for a, b in zip(pad(self.c), pad(o.c))))

    def __mul__(self, o):
        if not isinstance(o, Poly):
            return Poly(*(a * o for a in self.c))
        out = [0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                out[i + j] += a * b
        return Poly(*out)

    def diff(self):
        return Poly(*(i * c for i, c in enumerate(self.c))[1:]) if False else Poly(*[i * c for i, c in enumerate(self.c)][1:])

    def __str__(self):
        parts = [f"{c}" + ("x" if i else "") + (f"^{i}" if i > 1 else "") for i, c in enumerate(self.c) if c]
        return " + ".join(reversed(parts)).replace("+ -", "- ") or "0"


class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]

    def __matmul__(self, o):
        return Matrix([[sum(a * b for a, b in zip(row, col)) for col in zip(*o.rows)] for row in self.rows])

    def __pow__(self, n):
        result = Matrix([[int(i == j) for j in range(len(self.rows))] for i in range(len(self.rows))])
        base = self
        while n:
            if n & 1:
                result = result @ base
            base, n = base @ base, n >> 1
        return result

    @property
    def T(self):
        return Matrix(zip(*self.rows))

    def det(self):
        if len(self.rows) == 1:
            return self.rows[0][0]
        return sum((-1) ** j * a * Matrix([r[:j] + r[j + 1 :] for r in self.rows[1:]]).det() for j, a in enumerate(self.rows[0]))

    def __repr__(self):
        return f"Matrix({self.rows})"


a, b = Frac(1, 2), Frac.parse("3/4")
print(a + b, a * b, a - b, a / b, 1 + a, 2 * b, 1 - a, b**2, b**-1, Frac(4, -6), float(b), f"{b:.3f} {a}", sorted([b, a, Frac(1, 3)]))
print(a == Frac(2, 4), a == 1, Frac(3) == 3, hash(a) == hash(Fraction(1, 2)), {a: 1}[Frac(2, 4)], sum([a, b, a]), Fraction(1, 3) + Fraction("0.5"), a != b)
p = Poly(1, -3, 2)
print(p, p(2), p(Frac(1, 2)), p * p, p + Poly(0, 0, -2), p.diff(), p.diff().diff(), Poly(), p * 3)
m = Matrix([[1, 1], [1, 0]])
print(m**30, m.T, Matrix([[2, 0, 1], [1, 3, 2], [1, 1, 1]]).det(), m @ m)
for bad in (lambda: Frac(1, 0), lambda: a + "x", lambda: a < None, lambda: Frac.parse("a/b"), lambda: a / 0, lambda: m @ 3, lambda: Frac(1.5), lambda: a.zz):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)


class Unit:
    SCALE = {"mm": 1, "cm": 10, "m": 1000, "km": 1_000_000}

    def __init__(self, value, unit):
        self.value, self.unit = value, unit

    def __getattr__(self, name):
        if name.startswith("in_") and name[3:] in self.SCALE:
            return Unit(self.value * self.SCALE[self.unit] / self.SCALE[name[3:]], name[3:])
        raise AttributeError(f"no unit in {name!r}")

    def __add__(self, o):
        return Unit(self.value + getattr(o, "in_" + self.unit).value, self.unit)

    def __str__(self):
        return f"{self.value:g} {self.unit}"


print(Unit(5, "m").in_cm, Unit(1, "km") + Unit(250, "m"), Unit(1, "m").in_km)
try:
    Unit(1, "m").in_miles
except AttributeError as e:
    print(e)
