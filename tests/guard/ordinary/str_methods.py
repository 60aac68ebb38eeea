"""String methods and bytes methods, with their errors."""
s = "  Hello, World of strings!  "
t = s.strip()
print([t.lower(), t.upper(), t.title(), t.swapcase(), t.capitalize(), t.casefold()])
print(s.lstrip(), s.rstrip(), t.strip("H!"), t.removeprefix("Hello"), t.removesuffix("!"))
print(t.split(), t.split(","), t.split(" ", 1), t.rsplit(" ", 1), "a\nb\r\nc".splitlines(), "a\nb".splitlines(True))
print(t.partition(", "), t.rpartition(" "), t.find("o"), t.rfind("o"), t.index("W"), t.count("o"), t.find("zz"))
print(t.replace("o", "0"), t.replace("o", "0", 1), t.startswith("Hell"), t.endswith(("x", "!")), "-".join("abc"), ",".join([]))
print("ab".center(9, "*"), "ab".ljust(5) + "|", "ab".rjust(5), "42".zfill(5), "-42".zfill(5), "a\tb".expandtabs(4))
print("abc".isalpha(), "12".isdigit(), "a1".isalnum(), " ".isspace(), "Ab".isupper(), "Title Case".istitle(), "x_1".isidentifier(), "½".isnumeric(), "٣".isdecimal(), "\n".isprintable())
table = str.maketrans("abc", "xyz", "d")
print("abcd".translate(table), "abc".translate({97: None, "b": "B", 99: 67} and {97: None, 98: "B"}), str.maketrans({"a": "1"}))
print("é".encode(), "é".encode("latin-1"), b"\xc3\xa9".decode(), b"abc".hex(), bytes.fromhex("6162"), "ß".upper(), "İ".lower(), "ﬁ".casefold())
print("abc"[::-1], "abcdef"[1:5:2], "abc"[-1], "abc" * 3, "b" in "abc", "abc" < "abd", sorted("hello"), set("aab") == {"a", "b"})
print(ord("€"), chr(8364), "\u20ac", "\N{EURO SIGN}", r"\n", "a" "b", repr("it's"), repr('"q"'), ascii("é€"), len("👍"))
print(b"ab" + b"c", b"abc"[0], b"abc"[0:1], list(b"ab"), bytes(3), bytes([65, 66]), bytearray(b"x") + b"y", b"a,b".split(b","), b"%d" % 5)
ba = bytearray(b"hello")
ba[0] = 72
ba.extend(b"!!")
ba[1:3] = b"EL"
del ba[-1]
print(ba, ba.decode(), ba.find(b"l"), ba.upper(), memoryview(ba)[1:3].tobytes())
for attempt in (
    lambda: t.index("zz"), lambda: "abc"[9], lambda: "a" + 1, lambda: "abc".split(""), lambda: "a".join([1]), lambda: int("12x"), lambda: int("z", 36),
    lambda: "x".encode("nope"), lambda: "é".encode("ascii"), lambda: b"\xff".decode(), lambda: chr(-1), lambda: ord("ab"), lambda: float("abc"),
    lambda: "%d" % "x", lambda: "%s %s" % 1, lambda: "abc".center(), lambda: "a" * "b", lambda: "a" < 1, lambda: bytes([256]), lambda: bytes("x"), lambda: ba.append(300),
    lambda: "%z" % 1, lambda: "%(a)s" % {}, lambda: "x".nope, lambda: "a".ljust(3, "ab"), lambda: str(b"x", "nope"), lambda: "abc".startswith(1), lambda: setattr("a", "b", 1),
):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
words = "the quick brown fox jumps over the lazy dog the end".split()
print(max(words, key=len), sorted(words, key=lambda w: (-len(w), w))[:3], {w: words.count(w) for w in sorted(set(words)) if words.count(w) > 1})
print("".join(c for c in t if c.isalpha())[::-1], " ".join(w[::-1] for w in words[:3]), "".join(map(chr, range(97, 107))))
caesar = lambda text, k: "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in text)
print(caesar("attack at dawn", 3), caesar(caesar("xyz", 5), -5), all(w == w[::-1] for w in ("level", "noon")))
print("{:>5}".format("ab"), f"{'nested ' + str(len('x' * 3))!r:>14}", f"{3.14159:.3}", f"{1e6:,.2f}", f"{255:#06x}", f"{'=' * 5}", f"{t=}"[:9], f"{{}}")
width, value = 8, 3.14159
print(f"{value:{width}.2f}|{value:<{width}.3}|{'x':^{width}}|{value!s:.4}|{len(words):0>4}|{'a' if value > 3 else 'b'}")
