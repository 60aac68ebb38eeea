"""Sudoku, n-queens, knapsack, permutations, subsets, coins, Hanoi, edit distance, sieve, binary search."""
from functools import lru_cache
from itertools import permutations

GRID = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"


class Sudoku:
    def __init__(self, text):
        self.cells = [int(c) for c in text]
        self.tries = 0

    def options(self, i):
        r, c = divmod(i, 9)
        used = set(self.cells[r * 9 : r * 9 + 9]) | set(self.cells[c::9])
        top = r // 3 * 27 + c // 3 * 3
        for k in range(3):
            used |= set(self.cells[top + k * 9 : top + k * 9 + 3])
        return set(range(1, 10)) - used

    def solve(self):
        empty = [(len(o := self.options(i)), i, sorted(o)) for i, v in enumerate(self.cells) if v == 0]
        if not empty:
            return True
        _, i, options = min(empty)
        for value in options:
            self.tries += 1
            self.cells[i] = value
            if self.solve():
                return True
        self.cells[i] = 0
        return False

    def __str__(self):
        rows = ("".join(map(str, self.cells[i : i + 9])) for i in range(0, 81, 9))
        return "\n".join(" ".join(row[k : k + 3] for k in (0, 3, 6)) for row in rows)


s = Sudoku(GRID)
print(s.solve(), s.tries)
print(s)


def queens(n):
    def place(row, columns):
        if row == n:
            yield columns
        for c in range(n):
            if all(c != k and abs(c - k) != row - r for r, k in enumerate(columns)):
                yield from place(row + 1, columns + (c,))

    return place(0, ())


first = next(queens(8))
print(first, sum(1 for _ in queens(6)), *("." * c + "Q" + "." * (7 - c) for c in first), sep="\n")


def knapsack(items, room):
    best = {0: (0, ())}
    for name, weight, value in items:
        for w, (v, names) in list(best.items()):
            if w + weight <= room and best.get(w + weight, (-1,))[0] < v + value:
                best[w + weight] = (v + value, (*names, name))
    return max(best.values())


@lru_cache(None)
def coins(amount, kinds):
    if amount == 0:
        return 1
    if amount < 0 or not kinds:
        return 0
    return coins(amount - kinds[0], kinds) + coins(amount, kinds[1:])


def hanoi(n, a="A", b="B", c="C"):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield f"{a}{c}"
        yield from hanoi(n - 1, b, a, c)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, cb in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (ca != cb))
    return row[-1]


def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[:2] = b"\0\0"
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, f in enumerate(flags) if f]


def bisect(items, want):
    low, high = 0, len(items)
    while low < high:
        mid = (low + high) // 2
        low, high = (mid + 1, high) if items[mid] < want else (low, mid)
    return low if low < len(items) and items[low] == want else -1


def subsets(items):
    return [[]] if not items else [s + t for s in subsets(items[1:]) for t in ([], [items[0]])]


def quick(items):
    if len(items) < 2:
        return items
    p, *rest = items
    return quick([i for i in rest if i < p]) + [p] + quick([i for i in rest if i >= p])


print(knapsack([("gold", 5, 60), ("lamp", 3, 30), ("book", 4, 40), ("pen", 1, 5)], 9), coins(100, (50, 25, 10, 5, 1)), coins.cache_info().currsize)
print(" ".join(hanoi(3)), distance("kitten", "sitting"), sieve(50), bisect(sieve(100), 53), bisect([1, 3], 2), subsets([1, 2, 3]))
print(quick([3, 6, 1, 8, 2, 9, 2]), [p for p in permutations("abc") if p[0] < p[2]], sum(d * 10**i for i, d in enumerate([1, 2, 3])))
send = next(p for p in permutations(range(6), 4) if p[0] and (p[0] * 10 + p[1]) * p[2] == p[3] * 10 + p[1] and p[2] > 1)
print(send, max(range(1, 30), key=lambda n: (steps := lambda m: 0 if m == 1 else 1 + steps(3 * m + 1 if m % 2 else m // 2))(n)))
