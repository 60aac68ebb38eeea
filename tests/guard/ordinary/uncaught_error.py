"""A program whose last words are an exception of its own class."""
# ends with an error, on purpose


class ConfigError(Exception):
    def __init__(self, key, *, line):
        super().__init__(key, line)
        self.key, self.line = key, line

    def __str__(self):
        return f"line {self.line}: unknown key {self.key!r}"


def parse(text):
    known = {"name": str, "size": int, "ratio": float, "on": lambda v: {"yes": True, "no": False}[v]}
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        key, sep, value = (part.strip() for part in line.partition("="))
        if not sep:
            raise SyntaxError(f"no '=' in line {number}")
        if key not in known:
            raise ConfigError(key, line=number)
        try:
            found[key] = known[key](value)
        except (ValueError, KeyError) as e:
            raise ValueError(f"line {number}: bad value {value!r} for {key}") from e
    return found


for text in ("name = box\nsize = 3 # cm\n\nratio=0.5\non = yes", "size = big", "on = maybe", "nothing here", "# only a comment"):
    try:
        print(parse(text))
    except (ValueError, SyntaxError) as e:
        print(type(e).__name__, e, "|", repr(e.__cause__))
print("and now the one that nobody catches" + "." * 40)
print("it has attributes:", vars(ConfigError("k", line=1)), ConfigError("k", line=2).args, repr(ConfigError("k", line=3)))
try:
    parse("colour = red")
finally:
    print("finally runs")
