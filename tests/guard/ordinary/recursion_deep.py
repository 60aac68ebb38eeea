"""Recursion: mutual, deep but allowed, endless and caught; trampolines, flattening, permutations, mazes."""


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def endless(n):
    return endless(n + 1)


def depth(x):
    return 1 + max(map(depth, x), default=0) if isinstance(x, list) else 0


def trampoline(f, *args):
    while callable(f):
        f = f(*args)
        args = ()
    return f


def countdown(n):
    return n if n == 0 else lambda: countdown(n - 1)


def permutations(items):
    if not items:
        yield []
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            yield [item, *rest]


def ackermann(m, n):
    return n + 1 if m == 0 else ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))


MAZE = """
#########
#S..#...#
#.#.#.#.#
#.#...#E#
#########
""".strip().splitlines()


def solve(x, y, seen):
    cell = MAZE[y][x]
    if cell == "E":
        return [(x, y)]
    if cell == "#" or (x, y) in seen:
        return None
    for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        if path := solve(x + dx, y + dy, seen | {(x, y)}):
            return [(x, y)] + path
    return None


def fill(grid, x, y, colour):
    if 0 <= y < len(grid) and 0 <= x < len(grid[0]) and grid[y][x] == ".":
        grid[y][x] = colour
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            fill(grid, x + dx, y + dy, colour)


print(even(100), odd(101), depth([1, [2, [3, []]], []]), trampoline(countdown, 5000), ackermann(2, 3))
print(list(permutations([1, 2, 3])), len(list(permutations("abcde"))) if False else sum(1 for _ in permutations([1, 2, 3, 4])))
for attempt in (lambda: endless(0), lambda: even(10**6)):
    try:
        attempt()
        print("no error")
    except RecursionError as e:
        print(type(e).__name__, str(e).split(" while")[0].split(" in ")[0])
print(solve(1, 1, frozenset()))
grid = [list(row) for row in ("..#..", ".##..", "#...#")]
fill(grid, 0, 0, "a")
fill(grid, 4, 0, "b")
print(["".join(row) for row in grid])
deep = []
for _ in range(50):
    deep = [deep]
print(depth(deep), str(deep)[:10], len(str(deep)))
fact = (lambda f: lambda n: f(f, n))(lambda f, n: 1 if n < 2 else n * f(f, n - 1))
print(fact(20), (lambda n: (lambda s: s(s, n))(lambda s, n: n and n % 10 + s(s, n // 10)))(98765))


def gray(n):
    return [""] if n == 0 else ["0" + c for c in gray(n - 1)] + ["1" + c for c in reversed(gray(n - 1))]


def sierpinski(n):
    if n == 0:
        return ["*"]
    inner = sierpinski(n - 1)
    pad = " " * 2 ** (n - 1)
    return [pad + line + pad for line in inner] + [line + " " + line for line in inner]


print(gray(3))
print(*sierpinski(2), sep="\n")


def power_set(s):
    if not s:
        return [frozenset()]
    *rest, last = sorted(s)
    smaller = power_set(rest)
    return smaller + [p | {last} for p in smaller]


print([sorted(p) for p in power_set({1, 2, 3})])
