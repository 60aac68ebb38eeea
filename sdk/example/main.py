"""What kit.c can do: `make`, then `edge run main.py`, or this file as the `entry` of a page."""

from "./build/kit.wasm" import Stats, crc32, golden, mean, slug, solve, version

print("kit", version)
print("the checksum of a text:", hex(crc32(b"123456789")))
print("in two parts:", crc32(b"6789", start=crc32(b"12345")) == crc32(b"123456789"))
print("a title for an address:", slug("Hello, World!"), slug("Edge Python 3", separator="_"))
print("means:", mean([1, 2.5, 4]), mean({1: "a", 2: "b"}), mean([1, None, 3], skip_none=True))
print("golden is a root of x² - x - 1:", abs(solve(lambda x: x * x - x - 1, 1, 2) - golden) < 1e-9)

stats = Stats()
for x in (2, 4, 4, 4, 5, 5, 7, 9):
    stats.add(x)
print(len(stats), "values, mean", stats.mean(), "deviation", round(stats.deviation(), 3))
stats.close()

for wrong in (lambda: crc32("text"), lambda: mean([]), lambda: solve(lambda x: 1, 0, 1), lambda: stats.add(1)):
    try:
        wrong()
    except Exception as error:
        print(type(error).__name__, "-", error)
