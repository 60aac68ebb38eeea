"""Formatting in layers: reports, tables, lazy templates as data, __format__ delegation, logging, i18n tables, attributes in templates."""


class Money:
    def __init__(self, cents, currency="EUR"):
        self.cents, self.currency = cents, currency

    @property
    def amount(self):
        return self.cents / 100

    def __format__(self, spec):
        style, _, rest = spec.partition("|")
        if style == "short":
            return f"{self.amount:{rest or '.0f'}}"
        return format(f"{self.amount:,.2f} {self.currency}", spec)


class Row:
    def __init__(self, **kw):
        self.__dict__.update(kw)
        self.parent = None

    def __getitem__(self, key):
        return f"item {key!r}"


class Template:
    def __init__(self, text):
        self.text = text

    def __mod__(self, names):
        return self.text.format(**names)

    def __call__(self, *args, **kw):
        return self.text.format(*args, **kw)

    format = __call__


MESSAGES = {
    "en": {"hello": "Hello {name}", "cart": "{n} items for {total:short|.2f}", "row": "{r.name:<8}{r.price:>6.2f}{r[3]:>12}"},
    "de": {"hello": "Hallo {name}", "cart": "{n} Dinge, {total}", "row": "{r.name:>8}|{r.price:<6}|{r[a b]}"},
}


def say(language, key, **kw):
    return MESSAGES[language][key].format(**kw)


for language in MESSAGES:
    print(say(language, "hello", name="Ann"), "|", say(language, "cart", n=2, total=Money(123456)), "|", say(language, "row", r=Row(name="tea", price=2.5)))
table = [("id", "name", "score"), (1, "Ann", 9.5), (22, "Bo", 10.25)]
widths = [max(len(str(row[i])) for row in table) for i in range(3)]
line = " | ".join("{:%s%d}" % ("<>"[i > 1], w) for i, w in enumerate(widths))
print(line)
for row in table:
    print(line.format(*map(str, row)))
print("+".join("-" * (w + 2) for w in widths), "{:=^{}}".format(" end ", sum(widths) + 6), sep="\n")
t = Template("{0}-{k}")
print(t(1, k=2), t.format(3, k=4), Template("{a}{b:>3}") % {"a": 1, "b": 2}, "{:>12}|{:<14}|{:short}".format(Money(5), Money(123), Money(990)))
r = Row(name="x", child=Row(name="y", tags=["p", "q"], data={"k": {"deep": 1}, "5": "five", 5: "int five"}))
print("{0.child.name} {0.child.tags[1]} {0.child.data[k][deep]} {0.child.data[5]} {0.parent}".format(r), "{r.child.tags}".format(r=r), "{0.real}/{0.imag} {1.numerator}".format(3, 7))
print("{0.__class__.__name__} {0.name}".format(r), "{.__class__.__name__:>6}".format(5), "{0.__doc__}".format(Row(z=1)), "{e.args[0]} {e}".format(e=ValueError("bad", 2)))


class Log:
    def __init__(self):
        self.lines = []

    def __getattr__(self, level):
        if level not in ("info", "warn"):
            raise AttributeError(level)

        def write(message, *args, **kw):
            text = message.format(*args, **kw) if args or kw else message
            self.lines.append("{:<5}{}".format(level.upper(), text))

        return write


log = Log()
log.info("started {} of {total}", 1, total=3)
log.warn("literal {braces} stay")
log.info("{0!r:>8} {0!s:<4}|", "q")
print(*log.lines, sep="\n")
formats = ["{:d}", "{:s}", "{:.3}", "{:>6}", "{!r}", "{:,}", "{:x}", "{0}{0}", "{:%}", "{:e}"]
for value in (7, "text", 2.5, None, [1], True):
    found = []
    for f in formats:
        try:
            found.append(f.format(value))
        except (ValueError, TypeError) as e:
            found.append(f"<{type(e).__name__}: {e}>")
    print(value, found)
for f in ("{name.first}", "{0.a.b}", "{0[k][j]}", "{a[0]}", "{}{1}", "{0:{1}}", "{0:>{w}}", "{0!x}", "{0.}", "{0[}", "{0[]}", "{0]}", "{ a }", "{a b}", "{-1}", "{0.0}"):
    try:
        print(f, "->", f.format(*([1],), **{" a ": "spaced", "a b": "two", "-1": "minus"}))
    except Exception as e:
        print(f, "->", type(e).__name__, e)
s = "{}"
for _ in range(3):
    s = s.format(s + "!")
print(s, ("{}" * 3).format(*"abc"), "{}".format("{}").format("{}").format(1), " ".join(["{}"] * 2).format(1, 2), f"{'{}'.format(1)}{{}}".format(2), "a{}".join("xy").format(0), "{}".format, sep="\n" if False else "|") if False else print(s, ("{}" * 3).format(*"abc"), "{}".format("{}").format("{}").format(1))
apply = lambda f, *a: f(*a)
print(apply("{} {}".format, 1, 2), apply(str.format, "{}!", 3), apply(format, 3.14159, ".2f"), list(map("{0[0]}{0[1]}".format, [("a", 1), ("b", 2)])), "{:>{w}}".format("r", w=4), "{0:{fill}{align}{width}}".format("c", fill="*", align="^", width=7), format("x", ">3"), format(5), "{:{}.{}f}".format(2.71828, 8, 2))
