"""Idioms that a guard may stumble over: underscore names, name mangling, __all__, __version__, main guard, conditional imports, star imports."""
__version__ = "1.2"
__author__ = "Ann"
__all__ = ["Public", "helper"]

import json as _json
from collections import *
from math import *
from typing import TYPE_CHECKING, Any, Optional, Union

if TYPE_CHECKING:
    from typing import NoReturn

try:
    from functools import cache
except ImportError:
    cache = None


class Public:
    __count = 0
    _protected = "p"
    __private_list: list = []
    __slots__ = ()

    def __helper(self):
        return "mangled"

    def call(self):
        Public.__count += 1
        return self.__helper() + str(Public.__count) + str(self.__count)

    @classmethod
    def __make(cls):
        return cls()

    @classmethod
    def make(cls):
        return cls.__make()


class Child(Public):
    def __helper(self):
        return "child's own"

    def both(self):
        return self.__helper(), self.call(), self._Public__helper(), self._protected


def helper(a: Optional[int] = None, b: "Union[int, str]" = 1, *_, **__) -> Any:
    return a, b, _, __


def main(argv=()):
    print("main", *argv)
    return 0


print(Public().call(), Child().both(), Public._Public__count, Public.make().call(), hasattr(Public, "__count"), hasattr(Public, "_Public__count"))
try:
    Public().__helper()
except AttributeError as e:
    print(e)
print(helper(1, 2, 3, x=4), __name__, __version__, __author__, __all__, __doc__[:6], round(pi, 3), Counter("aab")["a"], floor(2.7), _json.dumps([1]), cache is not None)
_, second, *_ = range(5)
print(_, second, [_ for _ in range(3)], (lambda _: _)(1))
for __ in range(2):
    pass
print(__, [n for n in dir() if n.startswith("__v")], "Public" in globals(), globals()["__name__"])
l = type = 5
print(l, type, isinstance(3, int))
del type
print(type(3).__name__, list is not None)
str_, id_, class_, match, case, type_ = "a", 1, "c", "m", "k", "t"
match match:
    case "m":
        print("soft keywords", match, case)
x: int
y: int = 3
z: "not evaluated at all!" = 4
print(y, z, "x" in globals())


class Config:
    debug: bool = False
    names: dict[str, list[int]] = {}
    later: "Config | None" = None

    class Meta:
        ordering = ["name"]
        verbose = True

    if debug:
        mode = "debug"
    else:
        mode = "normal"
    for _i in range(3):
        locals_of_loop = _i
    with_list = [n * 2 for n in range(3)]

    def __init_subclass__(cls):
        cls.mode = cls.mode.upper()


class Prod(Config):
    mode = "prod"

    class Meta(Config.Meta):
        verbose = False


print(Config.mode, Prod.mode, Prod.Meta.ordering, Prod.Meta.verbose, Config.locals_of_loop, Config.with_list, Prod.Meta.__qualname__, sorted(Config.__annotations__), Config.__annotations__["debug"])
π, ñandú, 变量 = 3.14, "bird", "variable"
ﬁne = "ligature"
print(π, ñandú, 变量, fine, globals()["fine"])
assert True, "never"
print(*(c for c in "semi"), sep=";"); print("same line"); x = 1; y = 2; print(x, y)
if x: print("one-liner")
while x: x -= 1
class Empty: pass
def stub(): ...
print(Empty.__name__, stub(), ..., Ellipsis is ..., NotImplemented, None, __debug__)
print(1 if x else 2, not x, x and y, x or y, x is not None, y not in [1], -y ** 2, 2 ** -1, (y), (y,), 0x_ff, 1e3, 1j * 1j, .5, 5., "a" "b" 'c', r"\d", b"\x00", rb"\n", u"u")
print("long " \
      "line", (1 +
      2), [1,
      2,
      ], {"a": 1, }, """multi
line""")
if __name__ == "__main__":
    main(["a"])
