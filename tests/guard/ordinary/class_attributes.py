"""__getattr__, __setattr__, __delattr__, and what vars() and __dict__ say."""


class Record:
    def __init__(self, **fields):
        self.__dict__.update(fields)

    def __getattr__(self, name):
        if name.startswith("no_"):
            raise AttributeError(f"never: {name}")
        return f"<{name}?>"


r = Record(a=1, b=[2])
print(r.a, r.b, r.c, vars(r), r.__dict__)
r.b.append(3)
r.__dict__["d"] = 4
r.e = 5
print(r.d, vars(r)["e"], sorted(vars(r)), "d" in r.__dict__, len(r.__dict__))
del r.__dict__["a"]
print(r.a, r.__dict__.get("zz"), list(r.__dict__.items()))
print(hasattr(r, "no_way"), hasattr(r, "way"), getattr(r, "no_x", "default"))
try:
    r.no_such
except AttributeError as e:
    print(type(e).__name__, e)


class Guarded:
    def __init__(self):
        self.log = []
        self.size = 1

    def __setattr__(self, name, value):
        if name != "log":
            self.log.append(f"set {name}={value}")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        self.log.append(f"del {name}")
        object.__delattr__(self, name)


g = Guarded()
g.size = 2
g.colour = "red"
del g.colour
setattr(g, "late", 9)
delattr(g, "late")
print(g.log, vars(g))
try:
    del g.colour
except AttributeError as e:
    print(e)
try:
    g.missing
except AttributeError as e:
    print(e)


class Frozen:
    def __init__(self, x):
        object.__setattr__(self, "x", x)

    def __setattr__(self, name, value):
        raise AttributeError(f"{type(self).__name__} is frozen: {name}={value!r}")


f = Frozen(3)
for change in (lambda: setattr(f, "x", 4), lambda: setattr(f, "y", 1), lambda: delattr(f, "x")):
    try:
        change()
    except AttributeError as e:
        print(e)
print(getattr(f, "x", None))


class Proxy:
    def __init__(self, target):
        self._target = target

    def __getattr__(self, name):
        found = getattr(self._target, name)
        print("  proxied", name)
        return found


p = Proxy([3, 1, 2])
p.sort()
p.append(9)
print(p._target, p.index(9), p.__dict__, vars(Proxy({})) == {"_target": {}})
print({**vars(p)}, dict(vars(p)), vars(p) == p.__dict__, str(p.__dict__), type(vars(p)) is dict, isinstance(p.__dict__, dict))
