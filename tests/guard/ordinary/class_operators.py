"""A vector with every arithmetic operator, reflected ones and in-place ones too."""


class Vec:
    def __init__(self, *parts):
        self.parts = list(parts)

    def __repr__(self):
        return f"Vec({', '.join(map(repr, self.parts))})"

    def _map(self, other, what, op):
        if isinstance(other, Vec):
            return Vec(*(op(a, b) for a, b in zip(self.parts, other.parts)))
        if isinstance(other, (int, float)):
            return Vec(*(op(a, other) for a in self.parts))
        print("   no", what, "with", type(other).__name__)
        return NotImplemented

    def __add__(self, other):
        return self._map(other, "add", lambda a, b: a + b)

    def __radd__(self, other):
        return Vec(*(other + a for a in self.parts)) if isinstance(other, int) else NotImplemented

    def __sub__(self, other):
        return self._map(other, "sub", lambda a, b: a - b)

    def __rsub__(self, other):
        return Vec(*(other - a for a in self.parts))

    def __mul__(self, other):
        return self._map(other, "mul", lambda a, b: a * b)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.parts, other.parts))

    def __truediv__(self, other):
        return self._map(other, "div", lambda a, b: a / b)

    def __floordiv__(self, other):
        return self._map(other, "floordiv", lambda a, b: a // b)

    def __mod__(self, other):
        return self._map(other, "mod", lambda a, b: a % b)

    def __divmod__(self, other):
        return self // other, self % other

    def __pow__(self, other, modulus=None):
        return Vec(*(pow(a, other, modulus) for a in self.parts))

    def __rpow__(self, other):
        return Vec(*(other**a for a in self.parts))

    def __lshift__(self, other):
        return self._map(other, "shift", lambda a, b: a << b)

    def __rshift__(self, other):
        return self._map(other, "shift", lambda a, b: a >> b)

    def __and__(self, other):
        return self._map(other, "and", lambda a, b: a & b)

    def __or__(self, other):
        return self._map(other, "or", lambda a, b: a | b)

    def __xor__(self, other):
        return self._map(other, "xor", lambda a, b: a ^ b)

    def __neg__(self):
        return self * -1

    def __pos__(self):
        return self

    def __abs__(self):
        return sum(a * a for a in self.parts) ** 0.5

    def __invert__(self):
        return Vec(*(~a for a in self.parts))

    def __iadd__(self, other):
        self.parts = [a + b for a, b in zip(self.parts, other.parts)]
        return self

    def __imul__(self, other):
        self.parts = [a * other for a in self.parts]
        return self


a, b = Vec(1, 2, 3), Vec(4, 5, 6)
print(a + b, a + 1, 1 + a, a - b, 10 - a)
print(a * b, 2 * a, a * 2, a @ b)
print(b / a, b // a, b % a, divmod(b, a))
print(a**2, 2**a, pow(a, 2, 3))
print(a << 1, b >> 1, a & b, a | b, a ^ b)
print(-a, +a is a, abs(Vec(3, 4)), ~a)
same = a
a += b
print(same is a, a)
a *= 3
print(a, same)
a -= b
print(a, same, same is a)
for what in (lambda: a + "x", lambda: "x" + a, lambda: a / None, lambda: [] * a, lambda: a < b, lambda: a @ 3):
    try:
        print(what())
    except Exception as e:
        print(type(e).__name__, e)
