"""Data work: CSV text in, grouping, joins, reports, histograms, percentiles, text wrapping, pretty printing."""
import textwrap
from collections import Counter, defaultdict
from itertools import groupby
from operator import itemgetter
from pprint import pformat, pprint
from string import ascii_lowercase, capwords, punctuation

RAW = """\
id,product,category,price,qty,when
1,Pen,office,1.20,30,2024-01-03
2,Desk,furniture,149.00,2,2024-01-15
3,Chair,furniture,89.50,4,2024-02-01
4,Paper,office,4.99,10,2024-02-11
5,Lamp,furniture,24.90,0,2024-03-05
6,Mouse,tech,19.99,7,2024-03-09
bad line
7,Cable,tech,x,3,2024-03-10
"""


class Row(dict):
    __slots__ = ()

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def value(self):
        return round(self["price"] * self["qty"], 2)


def load(text):
    head, *lines = text.strip().splitlines()
    names = head.split(",")
    for number, line in enumerate(lines, 2):
        cells = line.split(",")
        try:
            row = Row(zip(names, cells, strict=True))
            row.update(id=int(row["id"]), price=float(row["price"]), qty=int(row["qty"]))
        except ValueError as e:
            yield number, e
            continue
        yield number, row


rows, problems = [], []
for number, found in load(RAW):
    (problems if isinstance(found, Exception) else rows).append(found)
print(len(rows), [str(p) for p in problems], rows[0].product, rows[1].value, hasattr(rows[0], "nope"))
by_category = defaultdict(list)
for row in rows:
    by_category[row.category].append(row)
for category, members in sorted(by_category.items(), key=lambda kv: -sum(r.value for r in kv[1])):
    total = sum(r.value for r in members)
    best = max(members, key=lambda r: r.value)
    print(f"{category:<12}{len(members):>3}{total:>10,.2f}  best: {best['product']:<6} {'#' * round(total / 50)}")
months = {m: [r.product for r in g] for m, g in groupby(sorted(rows, key=itemgetter("when")), key=lambda r: r.when[:7])}
pprint(months)
print(pformat({"nested": {"list": list(range(30)), "text": "word " * 20}, "t": (1,)}, width=60))
discounts = {"office": 0.1, "tech": 0.2}
print({r.product: round(r.price * (1 - discounts.get(r.category, 0)), 2) for r in rows if r.qty}, [r.id for r in rows if not r.qty], {c: max(m, key=itemgetter("price"))["product"] for c, m in by_category.items()})
pivot = defaultdict(lambda: defaultdict(int))
for r in rows:
    pivot[r.category][r.when[5:7]] += r.qty
print({k: dict(v) for k, v in pivot.items()}, sorted({m for v in pivot.values() for m in v}))
text = "The quick brown fox. It jumps, over the lazy dog! Does it? Yes: it does; the fox jumps high above the sleepy dog and vanishes."
words = Counter(w.strip(punctuation).lower() for w in text.split())
print(words.most_common(3), sum(words.values()), len(words), [c for c in ascii_lowercase if c not in text.lower()], capwords("a b"))
print(textwrap.fill(text, 40, initial_indent="* ", subsequent_indent="  "))
print(textwrap.shorten(text, 30), repr(textwrap.dedent("  a\n   b\n")), textwrap.indent("x\ny", "> "), textwrap.wrap("aaa bbb ccc", 7))
lengths = Counter(map(len, words))
for n in sorted(lengths):
    print(f"{n:>2} {'*' * lengths[n]:<12} {lengths[n] / len(words):>6.1%}")
people = [("Ann", 1), ("Bob", 2), ("Cy", 9)]
orders = [(1, "Pen"), (2, "Desk"), (1, "Lamp")]
names = dict((i, n) for n, i in people)
print([(names[i], what) for i, what in orders], {n: [w for j, w in orders if j == i] for n, i in people}, set(names) - {i for i, _ in orders})


def percentile(values, p):
    values = sorted(values)
    k = (len(values) - 1) * p
    low = int(k)
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (k - low)


print([round(percentile([r.price for r in rows], p), 3) for p in (0, 0.25, 0.5, 0.9, 1)], sorted(rows, key=itemgetter("category", "price"))[0]["product"], list(map(itemgetter(0, 1), people)))
header = [*rows[0]]
print("|".join(header), *("|".join(str(r[h]) for h in header) for r in rows[:2]), sep="\n")
