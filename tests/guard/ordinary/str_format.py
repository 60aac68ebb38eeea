"""str.format in all its uses."""
import string


class Person:
    def __init__(self, name, born, pets=()):
        self.name, self.born, self.pets = name, born, list(pets)
        self.address = {"city": "Ulm", "zip": 89073}

    def __format__(self, spec):
        return f"{self.name}/{spec or 'plain'}"

    def __str__(self):
        return self.name


ann = Person("Ann", 1990, ["cat", "dog"])
print("{} {} {}".format(1, "two", 3.0), "{1} {0} {1}".format("a", "b"), "{x}-{y}".format(x=1, y=2), "{{}} {{{}}}".format(5))
print("{0.name} {0.born} {0.pets[1]} {0.address[city]} {p.address[zip]}".format(ann, p=ann), "{.name}".format(ann), "{[0]}{[k]}".format([1], {"k": 2}))
print("{!r} {!s} {!a}".format("é", "é", "é"), "{0!r:>6}|{0:<6}|{0:^6}|{0:*>6}|{0:.1}".format("ab"))
print("{:5d}|{:05d}|{:+d}|{:,}|{:_}|{:x}|{:#X}|{:b}|{:o}|{:c}|{:e}|{:%}|{:g}".format(42, 42, 42, 1234567, 1234567, 255, 255, 5, 8, 65, 12345.678, 0.25, 1e10))
print("{:.2f}|{:8.3f}|{:<8.1f}|{:=+8d}|{:n}".format(3.14159, 2.71828, 1.05, 42, 1000), "{:{w}.{p}f}".format(3.14159, w=10, p=2), "{:{}}|{:{}{}}".format("x", 4, "y", ">", 3))
print("{} {:long}".format(ann, ann), format(ann, "q"), f"{ann:z}")
template = "{greeting}, {who.name}! {n:>{width}}"
print(template.format(greeting="Hi", who=ann, n=7, width=4), template.format(**{"greeting": "Yo", "who": ann, "n": 1, "width": 1}))


class Default(dict):
    def __missing__(self, key):
        return "{" + key + "}"


print("{a} {b}".format_map(Default(a=1)), "{name} {born}".format_map(vars(ann)), "{x[0]}".format_map({"x": "yz"}))
rows = [("apple", 3, 0.5), ("fig", 12, 0.25)]
line = "{:<8}{:>4}{:>8.2f}"
for row in rows:
    print(line.format(*row))
print(*map("{:>3}".format, [1, 22, 333]), list(map("<{}>".format, "ab")), [f(1, 2) for f in ("{0}".format, "{1}".format)])
print(str.format("{}-{}", 1, 2), list(map(str.format, ["{}a", "{}b"], [1, 2])), str.format_map("{k}", {"k": 9}))
show = "[{0}|{1}]".format
print(show(1, 2), show("x", ann), sorted([3, 1], key="{:>5}".format), callable(show), show.__name__)


class Loud(str):
    def format(self, *args, **kw):
        return super().format(*args, **kw).upper() + "!"

    def shout(self):
        return self.format("x")


print(Loud("hi {}").format("you"), Loud("{}").shout(), Loud("{a}").format(a=1), str.format(Loud("{}"), 5), Loud("{k}").format_map({"k": 1}))
s = "a"
s += "{}".format(1)
s += "-{0}".format(2)
print(s, getattr("{}!", "format")(3), "{}".__class__("z{}").format(4))
for attempt in ("{} {}", "{0} {}", "{a}", "{", "}", "{0.nope}", "{0[9]}", "{:d}", "{!z}", "{0!r", "{5}", "{:>{}}"):
    try:
        print(attempt.format("v"))
    except Exception as e:
        print(repr(attempt), type(e).__name__, e)
f = string.Formatter()
print(f.format("{0} {x:>4} {1.name}", 1, ann, x="r"), f.vformat("{a}{0}", (1,), {"a": 2}), list(f.parse("a{b!r:c}d")))
print(string.Template("$who likes ${what}s, $$5").substitute(who="Al", what="bike"), string.Template("$a $b").safe_substitute(a=1))
try:
    string.Template("$a").substitute({})
except KeyError as e:
    print("KeyError", e)


class Fancy(string.Formatter):
    def get_value(self, key, args, kw):
        return kw.get(key, f"<{key}>") if isinstance(key, str) else args[key]

    def format_field(self, value, spec):
        return super().format_field(value.upper(), "") if spec == "up" else super().format_field(value, spec)


print(Fancy().format("{x:up} {missing} {0:>3}", "q", x="abc"))
print("%s is %d years and %.1f%% %r %5s|%-5s|%05d" % ("Al", 30, 99.5, "q", "r", "l", 42), "%(a)s %(b)x" % {"a": 1, "b": 255})
