"""All ways to put ten queens on a board."""


def queens(n, row=0, columns=(), solutions=None):
    if solutions is None:
        solutions = []
    if row == n:
        solutions.append(columns)
        return solutions
    for column in range(n):
        if safe(columns, row, column):
            queens(n, row + 1, columns + (column,), solutions)
    return solutions


def safe(columns, row, column):
    for other, at in enumerate(columns):
        if at == column or at - column == row - other or column - at == row - other:
            return False
    return True


found = queens(10)
print(len(found), found[0], found[-1])
