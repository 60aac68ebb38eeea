"""Numbers in depth: decimal, fractions, statistics, random with a seed, math, big integers, bases, rounding."""
import math
import random
import statistics
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, getcontext, localcontext
from fractions import Fraction

getcontext().prec = 10
print(Decimal("0.1") + Decimal("0.2"), Decimal(1) / 3, Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("1E+3"), f"{Decimal('1234.5'):,.2f}", Decimal(5).sqrt(), Decimal("1.10").normalize(), Decimal("-0"), max(Decimal(1), 2))
with localcontext() as c:
    c.prec = 4
    print(Decimal(2) / 3, Decimal("1.23456") + 0)
for bad in (lambda: Decimal("x"), lambda: Decimal(1) / 0, lambda: Decimal(1) + 0.5, lambda: Fraction(1, 0), lambda: Fraction("a"), lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: statistics.mean([]), lambda: random.choice([]), lambda: random.sample([1], 2), lambda: random.randint(5, 1), lambda: math.gcd(1.5, 2), lambda: math.exp(1000), lambda: math.comb(-1, 2), lambda: int("9" * 5000)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e)[:80], isinstance(e, (ArithmeticError, ValueError)))
print(Fraction(3, 4) + Fraction("1/4"), Fraction(1.5), Fraction("0.125"), Fraction(7, 3).limit_denominator(2), float(Fraction(1, 3)), round(Fraction(7, 2)), Fraction(1, 3) < 0.34, repr(Fraction(2, 4)), math.floor(Fraction(7, 2)))
data = [2, 4, 4, 4, 5, 5, 7, 9]
print(statistics.mean(data), statistics.median(data), statistics.mode(data), statistics.pstdev(data), statistics.quantiles(data), statistics.multimode("aabb"), round(statistics.correlation([1, 2, 3], [1, 2, 4]), 4), statistics.variance([1.5, 2.5]))
random.seed(42)
print([random.randint(1, 6) for _ in range(8)], round(random.random(), 6), random.choice("abc"), random.sample(range(10), 3), round(random.uniform(1, 2), 4), random.choices("ab", weights=[9, 1], k=5), random.getrandbits(8), round(random.gauss(0, 1), 4))
deck = list(range(6))
random.shuffle(deck)
print(deck, random.Random(1).random() == random.Random(1).random(), random.Random("text").randrange(100))


class Dice(random.Random):
    def roll(self, n=2):
        return [self.randint(1, 6) for _ in range(n)]


d = Dice(7)
print(d.roll(), sum(d.roll(10)), type(d).__name__)
print(math.pi, math.e, math.inf > 10**400, math.isnan(math.nan), math.nan == math.nan, math.hypot(3, 4), math.degrees(math.pi), round(math.sin(math.radians(30)), 10), math.isqrt(99), math.comb(5, 2), math.perm(5, 2), math.prod([1, 2, 3]), math.lcm(4, 6), math.fsum([0.1] * 10), math.copysign(1, -0.0), math.trunc(-2.7), math.ceil(2.1), math.log2(8), math.log(100, 10), math.dist((0, 0), (3, 4)), math.frexp(8.0), math.modf(2.5), math.isclose(0.1 + 0.2, 0.3), math.remainder(7, 4), math.cbrt(27))
big = 2**200
print(big, len(str(big)), big % 97, pow(3, 1000, 1009), big.bit_length(), big >> 190, -big // 10**50, hex(2**64), int("zz", 36), int("0b101", 0), f"{big:e}", f"{10**15:,}", str(10**30)[:5], math.factorial(30), divmod(10**20, 7), (10**20) ** 0.5, int(1e20), big == float(big), hash(2**61 - 1), ~big & 0xFF)


def base(n, b):
    digits = ""
    while n:
        n, r = divmod(n, b)
        digits = "0123456789abcdef"[r] + digits
    return digits or "0"


def newton(f, x, steps=30):
    for _ in range(steps):
        slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
        x -= f(x) / slope
    return round(x, 6)


def simpson(f, a, b, n=100):
    h = (b - a) / n
    return h / 3 * sum((1 if i in (0, n) else 4 if i % 2 else 2) * f(a + i * h) for i in range(n + 1))


print([base(n, 2) for n in (0, 5, 255)], base(48879, 16), newton(lambda x: x * x - 2, 1), round(simpson(math.sin, 0, math.pi), 6), sum(Fraction(1, n) for n in range(1, 8)), [round(x, n) for x, n in ((2.5, 0), (-1.5, 0), (1.005, 2), (12345, -2))])
print(0.1 + 0.2 == 0.3, 0.1 + 0.2, 1e22, 1e23, 123456789.123456789, 1 / 3, 2 / 3, 100.0, 1e100, 5e-324, float("nan"), -float("inf"), 3.0 == 3, 10 / 5, 7.5 // 2, -7.5 % 2, 1_000.5, float("  1.5 "), (1.5).hex(), complex("1+2j"), (1 + 2j).conjugate(), 1j**2, abs(-5), round(-0.5), int(-2.9), bool(0.0), True + 1.5, max(1, 1.0), 5 // 0.3)
