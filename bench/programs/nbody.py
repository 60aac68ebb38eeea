"""N-body: five planets, moved step by step."""

BODIES = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.478417604357432],
    [4.84143144246472, -1.16032004402743, -0.10362204447112, 0.60632639299983, 2.81198684491626, -0.02521836165988, 0.03769367487038],
    [8.34336671824458, 4.12479856412430, -0.40352341711432, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.01128632613196],
    [12.8943695621391, -15.1111514016986, -0.22330757889266, 1.08279100644154, 0.86871301816961, -0.01083263740136, 0.00172372405705],
    [15.3796971148509, -25.9193146099880, 0.17925877295037, 0.97909073224390, 0.59469899864767, -0.03475595552650, 0.00203368686992],
]


def advance(pairs, dt, steps):
    for _ in range(steps):
        for one, other in pairs:
            dx, dy, dz = one[0] - other[0], one[1] - other[1], one[2] - other[2]
            pull = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            mine, its = other[6] * pull, one[6] * pull
            one[3] -= dx * mine
            one[4] -= dy * mine
            one[5] -= dz * mine
            other[3] += dx * its
            other[4] += dy * its
            other[5] += dz * its
        for body in BODIES:
            body[0] += dt * body[3]
            body[1] += dt * body[4]
            body[2] += dt * body[5]


def energy(pairs):
    total = 0.0
    for body in BODIES:
        total += body[6] * (body[3] ** 2 + body[4] ** 2 + body[5] ** 2) / 2
    for one, other in pairs:
        far = ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2) ** 0.5
        total -= one[6] * other[6] / far
    return total


pairs = [(BODIES[i], BODIES[j]) for i in range(5) for j in range(i + 1, 5)]
before = energy(pairs)
advance(pairs, 0.01, 25000)
print(int(before * 1e6), int(energy(pairs) * 1e6))
