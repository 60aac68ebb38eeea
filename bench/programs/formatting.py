"""Texts with values in them: f-strings, format, percent."""

rows = []
for n in range(40000):
    price = n * 1.25
    name = f"item {n}"
    rows.append(f"{name:<12}|{n:>6}|{price:10.2f}|{n:x}|{name!r}")
    rows.append("{:>8} {:.3f} {}".format(n, price / 3, name))
    rows.append("%s %5d %.1f" % (name, n, price))
template = "{0}-{1}"
for n in range(40000):
    rows.append(template.format(n, n + 1))
text = "\n".join(rows)
print(len(text), rows[-1], rows[300], rows[301], rows[302])
