"""Matrices of lists: products, and a system of equations."""


def product(a, b):
    columns = list(zip(*b))
    return [[sum([x * y for x, y in zip(row, column)]) for column in columns] for row in a]


def power(matrix, exponent):
    size = len(matrix)
    result = [[int(i == j) for j in range(size)] for i in range(size)]
    while exponent:
        if exponent % 2:
            result = modulo(product(result, matrix))
        matrix = modulo(product(matrix, matrix))
        exponent //= 2
    return result


def modulo(matrix):
    return [[one % 10007 for one in row] for row in matrix]


def solve(matrix, right):
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            for column in range(at, size + 1):
                rows[below][column] -= factor * rows[at][column]
    solution = [0.0] * size
    for at in range(size - 1, -1, -1):
        rest = rows[at][size]
        for column in range(at + 1, size):
            rest -= rows[at][column] * solution[column]
        solution[at] = rest / rows[at][at]
    return solution


a = [[(i * 7 + j * 3) % 11 + (i == j) for j in range(44)] for i in range(44)]
print(sum([sum(row) for row in power(a, 1000)]))
b = [[(i * j) % 13 + 20.0 * (i == j) for j in range(88)] for i in range(88)]
print([round(one, 4) for one in solve(b, list(range(88)))[:4]])
