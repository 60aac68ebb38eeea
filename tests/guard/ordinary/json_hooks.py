"""JSON with encoders, hooks, subclasses, and its errors."""
import json
from collections import OrderedDict
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


class Colour(Enum):
    RED = "r"


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, Point):
            return {"__point__": [o.x, o.y]}
        if isinstance(o, (date, datetime)):
            return o.isoformat()
        if isinstance(o, set):
            return sorted(o)
        if isinstance(o, Enum):
            return o.value
        return super().default(o)


def hook(d):
    return Point(*d["__point__"]) if "__point__" in d else d


data = {"p": Point(1, 2), "d": date(2024, 2, 29), "s": {3, 1}, "c": Colour.RED, "n": [None, True, 1.5, "é\n"], "t": (1, 2)}
text = json.dumps(data, cls=Encoder)
print(text)
print(json.loads(text, object_hook=hook))
print(json.dumps(data, cls=Encoder, indent=2, sort_keys=True, ensure_ascii=False))
print(json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps({1: 2, None: 3, True: 4, 2.5: 6}), json.dumps("</script>\u2028"), json.dumps(float("inf")))
print(json.dumps({(1, 2): 3, "a": 1}, skipkeys=True), json.dumps(Point(1, 2), default=vars), json.dumps([Decimal("1.10")], default=str), json.dumps(10**25))
print(json.loads('{"b": 1, "a": 2.50}', object_pairs_hook=OrderedDict), json.loads("[1.10, 2]", parse_float=Decimal, parse_int=str), json.loads(" [NaN, -Infinity] ", parse_constant=lambda c: c), json.loads(b'"bytes"'), json.loads('"\\u00e9\\ud83d\\udc4d"'))
for bad in ("", "{", "[1,]", "{'a': 1}", '{"a" 1}', '"abc', "nul", "[1] 2", '{"a": 1, }', '"\t"', "01"):
    try:
        print(bad, json.loads(bad))
    except json.JSONDecodeError as e:
        print(repr(bad), "|", e, "|", e.msg, e.pos, e.lineno, e.colno, isinstance(e, ValueError))
loop = []
loop.append(loop)
for bad in (object, {1, 2}, loop, {(1,): 2}, 1j):
    try:
        print(json.dumps(bad))
    except Exception as e:
        print(type(e).__name__, str(e).split("\n")[0])
try:
    json.dumps(float("nan"), allow_nan=False)
except ValueError as e:
    print(str(e)[:40])


class Str(str):
    pass


class Dict(dict):
    def items(self):
        return [("changed", 1)]


print(json.dumps([Str("x"), Dict(a=1), Colour.RED.value]), list(json.JSONEncoder().iterencode([1, [2]])), json.JSONDecoder().raw_decode("[1] tail"))
users = json.loads('[{"name": "Ann", "tags": ["a", "b"], "address": {"city": "Ulm"}}, {"name": "Bob", "tags": []}]')
for user in users:
    print("{name:<5}{tags} {}".format(user.get("address", {}).get("city", "-"), **user))
