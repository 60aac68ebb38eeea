"""Fannkuch: the most flips that turn a permutation until its first number is 1."""


def fannkuch(n):
    permutation = list(range(n))
    counts = [0] * n
    most, checksum, sign = 0, 0, 1
    while True:
        first = permutation[0]
        if first:
            flipped = permutation[:]
            flips = 0
            while first:
                flipped[: first + 1] = flipped[first::-1]
                flips += 1
                first = flipped[0]
            most = max(most, flips)
            checksum += sign * flips
        if sign == 1:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
        else:
            permutation[1], permutation[2] = permutation[2], permutation[1]
            sign = 1
            for at in range(2, n):
                if counts[at] < at:
                    counts[at] += 1
                    break
                counts[at] = 0
                if at == n - 1:
                    return checksum, most
                permutation.insert(at + 1, permutation.pop(0))


for _ in range(3):
    checksum, most = fannkuch(8)
print(checksum, most)
