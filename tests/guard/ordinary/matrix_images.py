"""Numbers in grids: matrix arithmetic with lists, ASCII plots, Mandelbrot, flood and rotation, Pascal, spirals, magic squares, Gauss."""
from fractions import Fraction


def matmul(a, b):
    if len(a[0]) != len(b):
        raise ValueError(f"cannot multiply {len(a)}x{len(a[0])} by {len(b)}x{len(b[0])}")
    return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]


def transpose(m):
    return [list(r) for r in zip(*m)]


def rotate(m):
    return [list(r) for r in zip(*m[::-1])]


def spiral(n):
    grid = [[0] * n for _ in range(n)]
    x = y = dx = 0
    dx, dy = 1, 0
    for k in range(1, n * n + 1):
        grid[y][x] = k
        nx, ny = x + dx, y + dy
        if not (0 <= nx < n and 0 <= ny < n) or grid[ny][nx]:
            dx, dy = -dy, dx
        x, y = x + dx, y + dy
    return grid


def gauss(a, b):
    rows = [[Fraction(x) for x in r] + [Fraction(v)] for r, v in zip(a, b)]
    n = len(rows)
    for i in range(n):
        pivot = next((r for r in range(i, n) if rows[r][i]), None)
        if pivot is None:
            raise ArithmeticError("singular")
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(n):
            if r != i:
                rows[r] = [x - rows[r][i] * y for x, y in zip(rows[r], rows[i])]
    return [r[-1] for r in rows]


def mandelbrot(width=48, height=11):
    for j in range(height):
        yield "".join(" .:-=+*#%@"[min(9, steps(complex(-2.2 + 3.2 * i / width, -1.2 + 2.4 * j / (height - 1))) // 3)] for i in range(width))


def steps(c, most=29):
    z = 0
    for n in range(most):
        if abs(z) > 2:
            return n
        z = z * z + c
    return most


class Canvas:
    def __init__(self, w, h, fill="."):
        self.w, self.h, self.px = w, h, {}
        self.fill = fill

    def __setitem__(self, at, c):
        x, y = at
        if not (0 <= x < self.w and 0 <= y < self.h):
            raise IndexError(f"{at} is outside {self.w}x{self.h}")
        self.px[at] = c

    def __getitem__(self, at):
        return self.px.get(at, self.fill)

    def line(self, x0, y0, x1, y1, c="#"):
        dx, dy = abs(x1 - x0), -abs(y1 - y0)
        sx, sy, error = (1 if x0 < x1 else -1), (1 if y0 < y1 else -1), dx + dy
        while True:
            self[x0, y0] = c
            if (x0, y0) == (x1, y1):
                return self
            e2 = 2 * error
            if e2 >= dy:
                error, x0 = error + dy, x0 + sx
            if e2 <= dx:
                error, y0 = error + dx, y0 + sy

    def plot(self, f, c="*"):
        for x in range(self.w):
            y = round(f(x))
            if 0 <= y < self.h:
                self[x, self.h - 1 - y] = c
        return self

    def __str__(self):
        return "\n".join("".join(self[x, y] for x in range(self.w)) for y in range(self.h))


def pascal(n):
    row = [1]
    for _ in range(n):
        yield row
        row = [a + b for a, b in zip([0, *row], [*row, 0])]


def magic(n):
    square, x, y = [[0] * n for _ in range(n)], n // 2, 0
    for k in range(1, n * n + 1):
        square[y][x] = k
        nx, ny = (x + 1) % n, (y - 1) % n
        x, y = (x, (y + 1) % n) if square[ny][nx] else (nx, ny)
    return square


a, b = [[1, 2], [3, 4]], [[5, 6], [7, 8]]
print(matmul(a, b), transpose([[1, 2, 3], [4, 5, 6]]), rotate(a), rotate(rotate(rotate(rotate(a)))) == a)
for row in spiral(4):
    print(" ".join(f"{v:>2}" for v in row))
print(*gauss([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]], [8, -11, -3]), gauss([[0, 2], [1, 1]], [1, 1]))
for bad in (lambda: matmul(a, [[1, 2]]), lambda: gauss([[1, 1], [2, 2]], [1, 2]), lambda: Canvas(2, 2).line(0, 0, 5, 5), lambda: Canvas(2, 2)["x"] + 1):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
print(*mandelbrot(), sep="\n")
print(Canvas(16, 6).line(0, 0, 15, 5).line(0, 5, 15, 0, "/").plot(lambda x: (x - 8) ** 2 / 8))
for row in pascal(6):
    print(" ".join(map(str, row)).center(20))
m = magic(3)
print(m, [sum(r) for r in m], [sum(c) for c in zip(*m)], sum(m[i][i] for i in range(3)), sum(m[i][~i] for i in range(3)))
