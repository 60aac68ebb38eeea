"""The Mandelbrot set as a picture of characters."""

WIDTH, HEIGHT, MOST = 240, 120, 200


def steps(cr, ci):
    r = i = 0.0
    for n in range(MOST):
        rr, ii = r * r, i * i
        if rr + ii > 4.0:
            return n
        r, i = rr - ii + cr, 2.0 * r * i + ci
    return MOST


inside = 0
rows = []
for y in range(HEIGHT):
    row = []
    for x in range(WIDTH):
        n = steps(3.0 * x / WIDTH - 2.25, 2.5 * y / HEIGHT - 1.25)
        inside += n == MOST
        row.append(" .:-=+*%#@"[n * 9 // MOST])
    rows.append("".join(row))
print("\n".join(rows))
print(inside)
