"""Every conversion protocol: numbers, text, bytes, index, format, hash, round."""
import math


class Celsius:
    def __init__(self, degrees):
        self.degrees = degrees

    def __int__(self):
        return int(self.degrees)

    def __float__(self):
        return float(self.degrees)

    def __complex__(self):
        return complex(self.degrees, 1)

    def __index__(self):
        return int(self.degrees)

    def __str__(self):
        return f"{self.degrees}°C"

    def __repr__(self):
        return f"Celsius({self.degrees!r})"

    def __bytes__(self):
        return str(self).encode()

    def __format__(self, spec):
        if spec.endswith("F"):
            return format(self.degrees * 9 / 5 + 32, spec[:-1]) + "°F"
        return format(str(self), spec)

    def __bool__(self):
        return self.degrees != 0

    def __round__(self, digits=None):
        return Celsius(round(self.degrees, digits))

    def __trunc__(self):
        return math.trunc(self.degrees)

    def __floor__(self):
        return math.floor(self.degrees)

    def __ceil__(self):
        return math.ceil(self.degrees)

    def __hash__(self):
        return 7

    def __dir__(self):
        return ["zeta", "alpha"]


t = Celsius(21.5)
print(int(t), float(t), complex(t), str(t), repr(t), bytes(t))
print(f"{t}|{t!r}|{t:>10}|{t:.1fF}|{t!s:*^12}|{t!a}")
print("{:.2fF} {!r:>20}".format(t, t), format(t, "<9") + "|", "%s %r %d" % (t, t, t))
print(bool(t), bool(Celsius(0)), hash(t), dir(t))
print(round(t), round(Celsius(3.14159), 2), math.trunc(t), math.floor(t), math.ceil(t))
print(list(range(30))[t], "abc" * Celsius(2), [1, 2, 3][: Celsius(2)], hex(Celsius(255)), bin(Celsius(5)))
print(range(Celsius(3)), chr(Celsius(65)), round(2.567, Celsius(1)), math.sqrt(Celsius(16)))


class Wrong:
    def __str__(self):
        return 5

    def __int__(self):
        return "five"

    def __index__(self):
        return 1.5

    def __bool__(self):
        return 2

    def __hash__(self):
        return "x"

    def __len__(self):
        return "long"

    def __format__(self, spec):
        return None


for what in (str, int, hex, bool, hash, len, format, float, bytes, complex, [1].__getitem__, repr):
    try:
        print(what(Wrong()) if what is not repr else "fine")
    except Exception as e:
        print(type(e).__name__, e)
