"""Regular expressions: callbacks, groups, verbose patterns, a template engine, a tokenizer."""
import re

text = "On 2024-02-29 Ann (ann@x.org) paid $3.50; on 2023-12-01 Bob (bob@y.net) paid $12."
DATE = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)")
print(DATE.findall(text), [m.groupdict() for m in DATE.finditer(text)], DATE.sub(r"\g<d>.\g<m>.\g<y>", text))
print(re.sub(r"\$(\d+(?:\.\d+)?)", lambda m: f"{float(m[1]) * 2:.2f} EUR", text), re.subn("a", "A", text, count=2)[1])
m = re.search(r"(?P<who>\w+) \((?P<mail>[^)]*)\)", text)
print(m, m.group(), m.group(1, "mail"), m.groups(), m.span("mail"), m.start(), m.end(1), m["who"], m.lastgroup, m.lastindex, m.string is text, m.expand(r"\1!"), m.pos)
print(re.match("b", "abc"), re.fullmatch(r"\d+", "123"), bool(re.match("a", "abc")), re.split(r"[;,]\s*", "a, b;c"), re.split(r"(-)", "a-b"), re.escape("a.b*c"))
print(re.findall(r"(?i)ON", text), re.compile("^a.*z$", re.M | re.S).findall("a1z\nb\na2z"), re.compile("x", re.I).flags & re.I, re.sub("(?<=a)b", "X", "abcb"), re.sub(r"\bcat\b", "dog", "cat concat cat"))
PHONE = re.compile(
    r"""
    (\+\d{1,3})?   # country
    [\s-]*
    (?P<area>\d{3})  # area
    [\s-]*(?P<rest>\d+)
    """,
    re.VERBOSE,
)
for number in ("+49 731 12345", "731-99", "none", "12"):
    found = PHONE.fullmatch(number)
    print(number, found and (found["area"], found["rest"], found.group(1)))


class Template:
    TAG = re.compile(r"\{\{\s*(\w+)((?:\|\w+)*)\s*\}\}")
    FILTERS = {"upper": str.upper, "title": str.title, "len": lambda s: str(len(s)), "rev": lambda s: s[::-1]}

    def __init__(self, source):
        self.source = source

    def render(self, **names):
        def fill(match):
            value = str(names.get(match[1], f"?{match[1]}?"))
            for name in match[2].split("|")[1:]:
                value = self.FILTERS[name](value)
            return value

        return self.TAG.sub(fill, self.source)


page = Template("Hello {{ name|title }}, {{ name|rev|upper }} has {{name|len}} letters and {{ missing }}.")
print(page.render(name="ann lee"))
try:
    Template("{{a|nope}}").render(a=1)
except KeyError as e:
    print("KeyError", e)
for bad in ("(", "[a", "*a", "a{2,1}", "(?P<1>a)", "\\", "(?P=x)", "(?<=a+)b"):
    try:
        re.compile(bad)
    except re.error as e:
        print(repr(bad), "|", e, "|", e.msg, e.pos)
for bad in (lambda: re.sub("a", r"\2", "a"), lambda: re.match(1, "a"), lambda: re.match("a", b"a"), lambda: m.group(9), lambda: m["nope"], lambda: re.sub("a", lambda m: 5, "a")):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
camel = lambda s: re.sub(r"_(\w)", lambda m: m[1].upper(), s)
snake = lambda s: re.sub(r"(?<!^)(?=[A-Z])", "_", s).lower()
print(camel("some_long_name"), snake("someLongName"), re.sub(r"(\d)(?=(\d{3})+$)", r"\1,", "1234567"), [t.lastgroup for t in re.finditer(r"(?P<n>\d+)|(?P<w>\w+)|(?P<o>[^\s])", "x1 = 42 + y")])
counts = {}
re.sub(r"\w+", lambda m: counts.__setitem__(m[0], counts.get(m[0], 0) + 1) or "", "a b a c a")
print(counts, re.compile("a") == re.compile("a"), re.compile("(?P<k>a)(b)?").groupindex["k"], re.compile("a(b)").groups, type(m).__name__, type(DATE).__name__, DATE.pattern)
