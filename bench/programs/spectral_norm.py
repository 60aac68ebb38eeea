"""Spectral norm of an endless matrix, by the power method."""


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    size = range(len(vector))
    return [sum([element(i, j) * vector[j] for j in size]) for i in size]


def times_transposed(vector):
    size = range(len(vector))
    return [sum([element(j, i) * vector[j] for j in size]) for i in size]


u = [1.0] * 220
for _ in range(4):
    v = times_transposed(times(u))
    u = times_transposed(times(v))
top = bottom = 0.0
for a, b in zip(u, v):
    top += a * b
    bottom += b * b
print(int((top / bottom) ** 0.5 * 1e9))
