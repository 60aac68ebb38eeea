"""type(x) in all its uses."""


class Animal:
    sound = "..."

    def clone(self):
        return type(self)()

    def __repr__(self):
        return f"{type(self).__name__}()"

    def __eq__(self, other):
        return type(self) is type(other)

    def speak(self):
        return f"{self.__class__.__name__} says {type(self).sound}"


class Dog(Animal):
    sound = "woof"


class Puppy(Dog):
    pass


p = Puppy()
print(p, p.clone(), p == Puppy(), p == Dog(), p.speak(), type(p).__name__, type(p), p.__class__)
print(type(1) is int, type(True) is bool, type(1) == type(2), type("") != type(b""), type([]) in (list, tuple), type(None), type(...))
print(type(None) is type(None), isinstance(None, type(None)), type(int), type(type), type(p.speak).__name__, type(len).__name__)
print(isinstance(int, type), isinstance(p, type), isinstance(Dog, type), isinstance(type, type), issubclass(type, object), isinstance(type, object))
print(type(Dog) is type, type(type(p)) is type, type(type) is type, Dog.__class__ is type, type == type(int), type.__name__)
SHOW = {int: "whole", float: "real", str: "text", list: lambda v: f"list of {len(v)}", type(None): "nothing", type: "a class", Dog: "dog", type(len): "builtin", type(lambda: 0): "function"}
for value in (1, 2.5, "x", [1, 2], None, int, Dog(), len, print, lambda: 0, Puppy(), ()):
    found = SHOW.get(type(value), "unknown")
    print(found(value) if callable(found) else found, end="; ")
print()


def kind(value):
    if isinstance(value, type):
        return "class " + value.__name__
    for cls in (bool, int, str):
        if isinstance(value, cls):
            return cls.__name__
    return type(value).__name__.lower()


print([kind(v) for v in (True, 1, "s", 1.5, Dog, type, Puppy(), None, kind)])
print(sorted({type(v).__name__ for v in (1, 2, "a", None, 3.0)}), list(map(type, (1, "a"))), [t.__name__ for t in map(type, "a")])
print(type(p)(), type([1])((1, 2)), type("")(5), type(5)("7"), type({})(a=1), type((1,))("ab"), type(3.5)("1e3"))
by_type = {}
for v in (1, "a", 2, "b", None):
    by_type.setdefault(type(v), []).append(v)
print({k.__name__: v for k, v in by_type.items()}, by_type)
print(str(type(p)), f"{type(p)}", repr(type), f"{type}", f"{type(5)!r:>20}", "%s" % type("x"))
print(type(p).sound, getattr(type(p), "sound"), type(p).speak(p), vars(type(p)).get("sound"), hasattr(type(p), "clone"))
print(callable(type), type(Exception()) is Exception, type(ValueError("x")).__name__, type(range(3)), type(iter([])), type({}.keys()))
print(max((1, 2.5, 3), key=lambda v: (type(v) is float, v)), sorted([2, 1.5], key=lambda v: type(v).__name__))
for args in ((), (1, 2), (1, 2, 3, 4), ("A", (), {}, 5)):
    try:
        print(type(*args))
    except TypeError as e:
        print(e)
match p:
    case Dog() if type(p) is not Dog:
        print("kind of a dog")
match int:
    case type():
        print("is a class")


def make(kind: type, *args) -> type:
    """Annotations may name type."""
    return kind(*args)


print(make(complex, 1, 2), make.__annotations__["return"] is type, type[int], type | None, list[type])
kinds: list[type[Animal]] = [Dog, Puppy]
print([k().speak() for k in kinds], [k is type(k()) for k in kinds])
try:
    class Meta(dict, Animal):
        pass
    print(type(Meta()).__name__, Meta() == {})
except TypeError as e:
    print(e)
