"""Objects that a script may not have, and classes that it may not make, by every way that there is."""

from __future__ import annotations

import pytest

from edge_runtime import MemoryHost, run_program
from tests.unit.kit import output, run

REFUSED_TEMPLATES = [
    "T.format(f)",
    "str.format(T, f)",
    "list(map(str.format, [T], [f]))",
    'getattr(T, "format")(f)',
    'T.replace("0", "g").format_map({"g": f})',
    'vars(str)["format"](T, f)',
    'str.__dict__["format"].__get__(T)(f)',
    "S(T).format(f)",
    "S(T).up(f)",
    "captured(T)(f)",
    "UserString(T).format(f)",
    'methodcaller("format", f)(T)',
]  # fmt: skip
PRELUDE = """
from collections import UserString
from operator import methodcaller
T = "{0" + ".__globals__}"
def f(): pass
class S(str):
    def up(self, x): return super().format(x)
def captured(t):
    match t:
        case str(format=found): return found
"""


@pytest.mark.parametrize("call", REFUSED_TEMPLATES)
def test_templates_are_judged_however_format_is_come_by(call: str) -> None:
    result = run(f"{PRELUDE}\nprint({call})")
    assert result.error
    assert result.error.message.startswith("the attribute '__globals__' is not available in Edge Python")
    assert "function" not in result.output


@pytest.mark.parametrize("call", REFUSED_TEMPLATES)
def test_harmless_templates_do_as_cpython(call: str) -> None:
    text = PRELUDE.replace(".__globals__", ".__name__") + f"\nx = {call}\nprint(x if isinstance(x, str) else x[0])"
    assert output(text) == "f\n"


CLASSES = [
    ('type("X", (), {"__del__": f})', "a class cannot define '__del__'"),
    ('type(int)("X", (), {"__getattribute__": f})', "a class cannot define '__getattribute__'"),
    ('int.__class__("X", (), {"__slots__": ("__class__",)})', "'__slots__' cannot have '__class__'"),
    ('type("X", (), {"__match_args__": ("gi_frame",)})', "'__match_args__' cannot have 'gi_frame'"),
    ('ABCMeta("X", (), {"__del__": f})', "a class cannot define '__del__'"),
    ('type(ABC)("X", (), {"__del__": f})', "a class cannot define '__del__'"),
    ('super(ABCMeta, ABCMeta).__new__(ABCMeta, "X", (), {"__del__": f})', "a class cannot define '__del__'"),
    ('type("X", (type,), {})', "metaclasses are not part"),
    ('type("X", (ABCMeta,), {})', "metaclasses are not part"),
    ("made(metaclass=ABCMeta)", "metaclasses are not part"),
    ('type("X", (str,), {"__match_args__": ("format",)})', "cannot have 'format' in '__match_args__'"),
    ('ABCMeta("X", (ABC,), {"__match_args__": ("format",)})', "cannot have 'format' in '__match_args__'"),
    ('runs(Type[int])("X", (), {"__del__": f})', "cannot define '__del__'"),
    ('ChainMap.new_child(C, "X")', "a class cannot define '__del__'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), CLASSES)
def test_classes_are_judged_before_they_exist(call: str, message: str) -> None:
    result = run(f"""
from abc import ABC, ABCMeta
from collections import ChainMap
from typing import Type
def f(*given): pass
def runs(alias):
    alias._inst = True
    return alias
class M: __match_args__ = ("format",)
class C: maps = [(object,), {{"__del__": f}}]
def made(**named):
    class Made(**named): pass
print({call})""")
    assert result.error
    assert result.error.type == "TypeError"
    assert message in result.error.message
    assert result.output == ""


def test_class_methods_know_no_class_of_classes() -> None:
    text = """
class Own(classmethod): pass
for made in (classmethod(lambda kind: kind), Own(lambda kind: kind)):
    ways = made.__get__(int), made.__get__(int, None), classmethod.__get__(made, int)
    for bound in (*ways, vars(classmethod)["__get__"](made, int)):
        print(bound() is type, end=" ")
    print(made.__get__(3)(), made.__get__(None, int)(), made.__get__(3, bool)())
try: classmethod(print).__get__()
except TypeError as error: print("TypeError")
"""
    assert output(text) == "True True True True <class 'int'> <class 'int'> <class 'bool'>\n" * 2 + "TypeError\n"


def test_what_hangs_on_an_object_is_judged_with_it() -> None:
    text = """
def f(): pass
try:
    match "{0.__code__}":
        case object(format=render): print(render.__call__(f))
except AttributeError as error: print(error.name)
print(getattr(f, "__get__").__call__(3).__call__ is not None, "{}".format.__call__(1))
"""
    assert output(text) == "__code__\nTrue 1\n"


def test_type_is_what_it_is_on_cpython() -> None:
    text = """
class A: pass
class B(A): x = 1
Made = type("Made", (B,), {"y": 2, "__init__": lambda self: None})
print(type, type(1), type(A) is type, type(type) is type, A.__class__ is type, isinstance(A, type), isinstance(1, type))
print(issubclass(type, object), type[int], Made.__module__, Made().x, Made.y)
match A:
    case type(): print("a class")
print({type: 1}[type(A)], type(print) is type(len), type(A()) is A, type(B()) in (A, B), type(3).__name__)
"""
    assert output(text) == (
        "<class 'type'> <class 'int'> True True True True False\nTrue type[int] __main__ 1 2\na class\n"
        "1 True True True int\n"
    )


def test_names_are_judged_where_a_built_in_sets_them() -> None:
    text = """
class A: pass
a = A()
object.__setattr__(a, "x", 1)
print(a.x)
for call in (lambda: object.__setattr__(a, "__class__", A), lambda: object.__delattr__(a, "__dict__"),
             lambda: a.__setattr__("__class__", A)):
    try: call()
    except AttributeError as error: print(str(error).partition(";")[0])
"""
    assert output(text) == (
        "1\nthe attribute '__class__' is not available in Edge Python\n"
        "the attribute '__dict__' is not available in Edge Python\n"
        "the attribute '__class__' is not available in Edge Python\n"
    )


def test_instances_keep_their_dictionary() -> None:
    text = """
class Borg:
    shared = {}
    def __init__(self, **named): self.__dict__ = self.shared; self.__dict__.update(named)
a, b = Borg(x=1), Borg(y=2)
a.__dict__ |= {"z": 3}
print(b.x, b.z, a.__dict__ is b.__dict__, vars(a))
"""
    assert output(text) == "1 3 True {'x': 1, 'y': 2, 'z': 3}\n"


@pytest.mark.parametrize(
    "write",
    ["getattr.x = 1", "print.__call__.x = 1", "type(print).x = 1", "type.x = 1", "str.format.x = 1", "str.x = 1"],
)
def test_host_objects_cannot_be_written_to(write: str) -> None:
    result = run(write)
    assert result.error
    assert result.error.type in ("AttributeError", "TypeError")


def test_what_is_written_on_exception_groups_is_gone() -> None:
    host = MemoryHost()
    assert run_program("ExceptionGroup.x = 1", host).ok
    assert run_program("print(hasattr(ExceptionGroup, 'x'))", host).output == "False\n"


def test_errors_of_the_host_carry_nothing_of_its() -> None:
    class Inside:
        secret = 1

    def call() -> None:
        Inside().missing  # type: ignore[attr-defined] # noqa: B018 - it raises

    result = run("import m\ntry: m.f()\nexcept AttributeError as error: print(error.obj)", natives={"m": {"f": call}})
    assert result.output == "None\n"


def test_namespaces_are_the_scripts_own() -> None:
    def call(function: object) -> object:
        token = "host"  # noqa: F841, S105 - it must not be seen
        return function()  # type: ignore[operator]

    text = "import m\ndef f():\n    mine = 1\n    print(sorted(m.f(locals)))\nf()"
    assert output(text, natives={"m": {"f": call}}) == "['mine']\n"


def test_slots_are_what_they_were_when_they_were_judged() -> None:
    """A proxy of a dictionary of the script's shows what that becomes."""
    source = """
proxy = type(int.__dict__)
names = {"a": 1}
class A:
    __slots__ = proxy(names)
    names["__del__"] = ""
print(list(A.__slots__))
"""
    assert run_program(source).output == "['a']\n"
