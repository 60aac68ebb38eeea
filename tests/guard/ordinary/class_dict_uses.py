"""Everyday uses of an instance's __dict__: reprs, copies, comparison, JSON, updates."""
import json


class Base:
    def __init__(self, **kw):
        for key, value in kw.items():
            setattr(self, key, value)

    def __repr__(self):
        inside = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())
        return f"{self.__class__.__name__}({inside})"

    def __eq__(self, other):
        return self.__class__ is other.__class__ and self.__dict__ == other.__dict__

    def copy(self, **changes):
        made = self.__class__()
        made.__dict__ = {**self.__dict__, **changes}
        return made


class Point(Base):
    kind = "flat"


class Borg:
    shared = {}

    def __init__(self):
        self.__dict__ = self.shared


p = Point(x=1, y=2)
q = p.copy(y=3)
print(p, q, p == q, p == Point(x=1, y=2), p == Base(x=1, y=2))
print(json.dumps(p.__dict__), json.dumps(vars(q), sort_keys=True), json.dumps(p, default=lambda o: o.__dict__))
p.__dict__.update(z=9, x=0)
print(p, p.z)
p.__dict__.setdefault("w", []).append(1)
p.__dict__.pop("z")
print(p, hasattr(p, "z"), p.w)
for key in list(p.__dict__):
    if key != "x":
        del p.__dict__[key]
print(p, len(vars(p)), "kind" in p.__dict__, p.kind)
p.__dict__["odd name"] = 1
print(p, getattr(p, "odd name"))
p.__dict__ |= {"k": 2}
print(p.k)
p.__dict__.clear()
print(p, vars(p), bool(p.__dict__))
for bad in (5, None, [("a", 1)]):
    try:
        p.__dict__ = bad
    except TypeError as e:
        print(e)
print(sorted(k for k in Point.__dict__ if not k.startswith("_")), sorted(k for k in vars(Base) if not k.startswith("_")))
print(Point.__dict__["kind"], "copy" in Base.__dict__, "copy" in vars(Point), Point.__dict__.get("none"))
try:
    Point.__dict__["kind"] = "round"
except TypeError as e:
    print(e)
try:
    vars(5)
except TypeError as e:
    print(e)
d = q.__dict__
d["y"] = 10
q.t = "seen"
print(q.y, d, sorted(d), d == q.__dict__)


def counter():
    counter.calls += 1
    return counter.calls


counter.calls = 0
counter(), counter()
print(counter.calls, counter.__dict__, vars(counter), counter.__name__)
a, b = Borg(), Borg()
a.x = "shared"
print(b.x, a.__dict__ == b.__dict__)
