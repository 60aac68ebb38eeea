"""Comparison, hashing and truth of own classes; total_ordering; eq without hash."""
from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.numbers = tuple(int(part) for part in text.split("."))

    def __eq__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.numbers == other.numbers

    def __lt__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.numbers < other.numbers

    def __hash__(self):
        return hash(self.numbers)

    def __str__(self):
        return ".".join(map(str, self.numbers))

    def __repr__(self):
        return f"<v{self}>"

    def __bool__(self):
        return any(self.numbers)


one, two, ten = Version("1.0"), Version("1.2.1"), Version("1.10")
print(sorted([ten, two, one]), max(one, two, ten), min([ten, two]))
print(one < two, one <= one, two > ten, ten >= two, one == Version("1.0"), one != two)
print(len({one, Version("1.0"), two}), {one: "first"}[Version("1.0")])
print(bool(Version("0.0")), bool(one), not Version("0"))
print(one == "1.0", one != "1.0", "1.0" == one)
for attempt in (lambda: one < "1.0", lambda: "1" >= one, lambda: sorted([one, 1])):
    try:
        print(attempt())
    except TypeError as e:
        print(type(e).__name__, e)


class Loose:
    def __eq__(self, other):
        return True


try:
    {Loose()}
except TypeError as e:
    print(e)
print(Loose() == 5, 5 == Loose(), Loose() != 5, Loose.__hash__)


class Partial:
    def __init__(self, letters):
        self.letters = set(letters)

    def __le__(self, other):
        return self.letters <= other.letters

    def __lt__(self, other):
        return self <= other and self.letters != other.letters

    def __ge__(self, other):
        return other <= self

    def __gt__(self, other):
        return other < self


x, y, z = Partial("ab"), Partial("abc"), Partial("bcd")
print(x < y, y > x, x <= x, y < z, z < y, y >= x, x > x)
print(1 < 2 < 3, [1, 2] < [1, 3], (1,) < (1, 0), "a" < "b" > "a")
