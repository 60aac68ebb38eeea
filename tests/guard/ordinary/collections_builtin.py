"""Lists, dicts, sets, tuples: every method, slices, sorting, errors."""
l = [5, 2, 9, 1]
l.append(7)
l.extend((3, 3))
l.insert(1, 8)
print(l, l.index(9), l.count(3), l.pop(), l.pop(0), l[::-1], l[-3:], l[1:4:2])
l.sort(reverse=True)
print(l, sorted(l, key=lambda n: n % 3), l.remove(8), l)
l[1:3] = [100, 200, 300]
l[::2] = [0] * len(l[::2])
del l[-1]
print(l, l * 2, l + [1], [1] in [[1]], [] == [], [1, 2] < [1, 2, 0], [3] > [2, 9], l.clear(), l)
m = [[3, "c"], [1, "a"], [2, "b"], [1, "0"]]
print(sorted(m), min(m), sorted(m, key=lambda p: (-p[0], p[1])), [list(t) for t in zip(*m)], sum((p[0] for p in m), 10))
d = {"a": 1, "b": 2}
d.update(c=3, **{"d": 4})
d.update([("e", 5)])
d |= {"f": 6}
print(d, d.get("x"), d.get("x", 0), d.pop("a"), d.pop("x", None), d.popitem(), d.setdefault("b", 9), d.setdefault("n", []).append(1), d)
print(list(d), list(d.values()), list(d.items())[:2], "b" in d, len(d), dict.fromkeys("ab", 0), {v: k for k, v in {"x": 1}.items()}, {1: "a"} == {1.0: "a"}, {True: 1, 1: 2, 1.0: 3})
print(sorted(d, reverse=True), max({"a": 3, "b": 1}.items(), key=lambda kv: kv[1]), d | {"z": 0}, d.copy() == d, dict(zip("ab", [1, 2]), c=3), {**{"a": 1}, "a": 2})
s = {3, 1, 2}
s.add(4)
s.discard(99)
s.remove(1)
print(sorted(s), sorted(s | {9}), s & {2, 3}, s - {2}, sorted(s ^ {2, 10}), s <= {2, 3, 4}, s < s, s.isdisjoint({7}), s == {4, 3, 2}, len({1, 1.0, True}), frozenset([1, 2]) | {3}, {frozenset({1}): "f"}[frozenset([1])])
s |= {5}
s &= {5, 2}
s.update([7], (8,))
print(sorted(s), s.issuperset({5}), sorted(s.symmetric_difference([5])), s.pop() in (2, 5, 7, 8), set("hello") == set("ohell"), set() or "empty")
t = (1, 2, 3, 2)
print(t.count(2), t.index(3), t[1:], t + (9,), t * 2, (5,), (), tuple("ab"), 1 in t, t < (1, 3), hash((1, 2)) == hash((1, 2)), len(t))
e = {}
FAIL = [
    lambda: l[0], lambda: l.pop(), lambda: l.remove(5), lambda: l.index(5), lambda: d["zz"], lambda: {}.popitem(), lambda: e[[1]], lambda: {[]}, lambda: {{}: 1}, lambda: s.remove(99), lambda: set().pop(), lambda: t.index(9), lambda: t[9],
    lambda: [1, 2]["a"], lambda: [1][1.0], lambda: [1, 2][1:"x"], lambda: (1,) + [2], lambda: [1] + (2,), lambda: [1] * "a", lambda: {} + {}, lambda: {1} | [2], lambda: [3, "a"].sort(), lambda: [1, 2].sort(5), lambda: {1: 2} < {1: 3},
    lambda: t.append(1), lambda: dict(5), lambda: dict(["ab", "c"]), lambda: list(5), lambda: set(5), lambda: [].x, lambda: {}.a, lambda: len(5), lambda: max([1, None]), lambda: 1 in 5, lambda: hash([]), lambda: hash(({},)), lambda: [1, 2, 3][::0], lambda: sum([1, "a"]),
    lambda: l.__setitem__(0, 1), lambda: [1] @ [2], lambda: -[1], lambda: not_there, lambda: 5 .real.imag.nope, lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: 0.0**-1, lambda: divmod(1, 0), lambda: int("a"), lambda: int(None), lambda: int("1.5"), lambda: round("a"), lambda: abs("a"), lambda: 1 << -1, lambda: 2.0**10000, lambda: int(float("inf")), lambda: int(float("nan")), lambda: complex("x"), lambda: 1 < 1j, lambda: pow(2, -1, 4), lambda: bin(1.5), lambda: "a" + b"b", lambda: 1 + "a", lambda: None + 1,
]
for n, attempt in enumerate(FAIL):
    try:
        print(n, attempt())
    except Exception as error:
        print(n, type(error).__name__, error)
x = [1, 2, 3]
try:
    x[0:2:1], x[::2] = [9], [1]
except ValueError as error:
    print(error, x)
try:
    del x[7]
except IndexError as error:
    print(error)
print(7 // 2, -7 // 2, 7 % -3, -7 % 3, divmod(-7, 2), 2**10, 2**-1, 0.1 + 0.2, round(2.5), round(3.5), round(2.675, 2), round(1234, -2), 1e16, 1e-5, 10**20, int("ff", 16), float("1e3"), 3 == 3.0, 1 < 2 < 3, ~5, 5 & 3, 5 | 3, 5 ^ 3, 1 << 4, True + True, 1_000, 0xFF, 0b11, 0o17, (5).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\1\0", "big"), (0.5).as_integer_ratio(), 3.7 .is_integer(), float.fromhex("0x1p3"), (1 + 2j) * 1j, abs(3 + 4j), (2).conjugate(), -0.0, 1e309, max(1, 2.0), min("b", "a"))
