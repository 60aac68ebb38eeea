"""Addresses are out of sight: `id`, default `repr` and default hash are sequence numbers, the same in every run."""

from __future__ import annotations

import gc
import re
import weakref
from textwrap import dedent

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.machine.addresses import Addresses
from tests.unit.std.kit import same_output


def output(source: str) -> str:
    result = run_program(dedent(source), MemoryHost())
    assert result.ok, result.error and result.error.rendered
    return result.output


def test_numbers_in_the_order_of_asking() -> None:
    assert output("""
        class A: pass
        class S:
            __slots__ = ()
        a, s, l = A(), S(), []
        print(id(s), id(a), id(l), id(a), a, s, hash(a), repr(a), f"{a} {[a]}")
        print(id(A()), id(A()), id([]), id([]))
    """) == (
        "1 2 3 2 <__main__.A object at 0x000000000002> <__main__.S object at 0x000000000001> 2 "
        "<__main__.A object at 0x000000000002> <__main__.A object at 0x000000000002> "
        "[<__main__.A object at 0x000000000002>]\n4 5 6 7\n"
    )


CLASSES = {
    "plain": "class C: pass",
    "object": "class C(object): pass",
    "slots": "class C:\n    __slots__ = ('x',)",
    "derived": "class B: pass\nclass C(B): pass",
    "by type": "C = type('C', (), {})",
    "by type with a base": "class B: pass\nC = type('C', (B,), {})",
    "abc": "from abc import ABC\nclass C(ABC): pass",
    "generic": "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass C(Generic[T]): pass",
    "dataclass": "from dataclasses import dataclass\n@dataclass(eq=False, repr=False)\nclass C: pass",
    "slots of a dataclass": "from dataclasses import dataclass\n"
    "@dataclass(eq=False, repr=False, slots=True)\nclass C: pass",
    "called over super": """
class C:
    def __repr__(self): return super().__repr__()
    def __hash__(self): return super().__hash__()
""",
}


@pytest.mark.parametrize("name", CLASSES)
def test_every_kind_of_class(name: str) -> None:
    """Sets of such objects have the order in which they were made, and nothing says where they lie."""
    found = output(
        CLASSES[name] + "\nmade = [C() for _ in range(200)]\nprint([list(set(made)) == made], made[0], hash(made[1]))\n"
    )
    assert re.fullmatch(r"\[True\] <__main__\.C object at 0x0000000000\w\w> 2\n", found)


@pytest.mark.parametrize(
    "source",
    [
        # What another base defines goes before ours, as it would before `object`'s.
        (
            "class A: pass\nclass D(A, dict): pass\nd = D(x=1)\nprint(d)\nid(d)\ntry: hash(d)\n"
            "except TypeError as e: print(e)\n"
        ),
        "class A: pass\nclass I(A, int): pass\nprint(I(5), hash(I(5)), {I(5), 5})\n",
        "from collections import OrderedDict\nclass A: pass\nclass D(A, OrderedDict): pass\nprint(D(x=1))\n",
        "class A: pass\nclass E(A, Exception): pass\nprint(repr(E(1)))\n",
        "class A: pass\nclass B:\n    def __repr__(self): return 'B'\nclass C(A, B): pass\nprint(C())\n",
        # What a class asks for by name it has, whatever stands behind.
        *(
            f"class A: pass\nclass C({bases}):\n    __hash__, __repr__ = A.__hash__, A.__repr__\n"
            "c = C()\nprint(hash(c) == hash(c), {c: 1}[c], repr(c)[:21])\n"
            for bases in ("Exception", "dict", "set", "A, list", "A, set")
        ),
        (
            "class A: pass\nclass L(list): pass\nclass C(A, L): pass\nprint(C([1]))\ntry: {C()}\n"
            "except TypeError as e: print(e)\n"
        ),
        "from enum import Enum\nclass M: pass\nclass E(M, Enum):\n    A = 1\nprint(repr(E.A), E.A, {E.A: 2}[E.A])\n",
        (
            "from enum import IntEnum, Flag\nclass M: pass\nclass E(M, IntEnum):\n    A = 1\n"
            "print(repr(E.A), hash(E.A) == hash(1))\n"
        ),
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nprint(P(1), P.__hash__)\n",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int\nprint({P(1): 2}[P(1)])\n",
        (
            "from typing import NamedTuple, Protocol, TypedDict\nclass N(NamedTuple):\n    x: int\n"
            "class P(Protocol):\n    x: int\nclass D(TypedDict):\n    x: int\nprint(N(1), D(x=1))\n"
        ),
        "class C:\n    def __eq__(self, o): return True\ntry: hash(C())\nexcept TypeError as e: print(e)\n",
        (
            "class C: pass\n"
            "print(hasattr(C, '__slots__'), {'__repr__', '__hash__', '__slots__'} & set(vars(C)), C.__doc__, C().__dict__)\n"
        ),
        "class C: pass\nc = C()\nc.__class__ is C and print(c == c, c != C(), c in {c}, isinstance(c, object))\n",
        (
            "import copy\nclass C: pass\nc = C(); c.x = [1]\nd = copy.deepcopy(c)\n"
            "print(d.x, d is c, copy.copy(c).x is c.x)\n"
        ),
        "try: object.__init__(type('C', (), {})(), 1)\nexcept TypeError as e: print(e)\n",
        "class C: pass\ntry: C(1)\nexcept TypeError as e: print(e)\n",
        "class A: pass\nclass B(A): pass\ntry:\n    class C(A, B): pass\nexcept TypeError as e: print(e.__class__)\n",
        "def f(*a):\n    try: id(*a)\n    except TypeError: print('TypeError')\nf(); f(1, 2)\n",
    ],
)
def test_as_on_cpython(source: str) -> None:
    same_output(source)


def test_nothing_is_kept_for_good() -> None:
    """Objects that can be watched leave the table when they die; others when nobody else has them."""
    addresses = Addresses()

    class A:
        pass

    for _ in range(1_000):
        addresses.identity(A())
        addresses.identity([bytearray(100)])
    gc.collect()
    assert len(addresses) <= 4
    held = [[n] for n in range(100)]
    numbers = [addresses.identity(one) for one in held]
    for _ in range(1_000):
        addresses.identity([])
    assert [addresses.identity(one) for one in held] == numbers
    assert len(addresses) <= 2 * len(held) + 4


def test_numbers_are_not_used_again() -> None:
    found = output("print(len({id([]) for _ in range(1000)}), len({id(object()) for _ in range(1000)}))\n")
    assert found == "1000 1000\n"


def test_runs_count_for_themselves() -> None:
    assert output("print(id([]))") == output("print(id([]))") == "1\n"


def test_plain_objects_do_not_show_where_they_lie() -> None:
    """Every other thing that a program may ask of an `object()` is as on CPython."""
    source = """
        a, many = object(), [object() for _ in range(100)]
        print(list(set(many)) == many, len({a: 1, object(): 2}), a == a, a == object())
        print(type(a), type(a) is object, a.__class__ is object, isinstance(1, type(a)), type(a)() is a)
        print([kind for kind in (type(a), a.__class__) if kind != object], type(a) in (object,))
        try: a.x = 1
        except AttributeError as error: print(str(error)[:37])
        try: a + 1
        except TypeError as error: print(error)
        match a:
            case object(): print("matched")
    """
    assert output("a = object()\nprint(a, f'{a} {[a]}', str(a), hash(a), id(a))\n") == (
        "<object object at 0x000000000001> <object object at 0x000000000001> [<object object at 0x000000000001>] "
        "<object object at 0x000000000001> 1 1\n"
    )
    assert output(source) == (
        "True 2 True False\n<class 'object'> True True True False\n[] True\n"
        "'object' object has no attribute 'x'\nunsupported operand type(s) for +: 'object' and 'int'\nmatched\n"
    )


def test_a_name_of_the_scripts_own() -> None:
    same_output("def object(): return 5\nprint(object())\n")
    same_output("def f(object=lambda: 6): return object()\nprint(f())\n")
    same_output(
        "class now:\n    now = 5\n    def today(self): return self.now\nprint(now.now, now().today(), now().now)\n"
    )
    same_output(
        "class now:\n    now = 5\n    class today:\n        x = 6\n"
        "for v in (5, 6, 7):\n    match v:\n        case now.now: print('now')\n        case now.today.x: print('today')\n"
        "        case {now.now: _}: print('key')\n        case _: print('none')\n"
    )


def test_texts_made_in_c() -> None:
    """`repr`, `ascii`, `format` and `print` find the object whose address they say."""
    assert output("""
        def f(): yield 1
        class C:
            def __repr__(self): return f"C({self.held!r})"
        c = C()
        c.held = f
        print(f, [f, {1: (f,)}], c)
        print(repr(f()), ascii(zip()), format(f), format(1.5, ".2f"), repr("a at 0x1234"))
    """) == (
        "<function f at 0x000000000001> [<function f at 0x000000000001>, {1: (<function f at 0x000000000001>,)}] "
        "C(<function f at 0x000000000001>)\n"
        "<generator object f at 0x000000000002> <zip object at 0x000000000003> <function f at 0x000000000001> 1.50 "
        "'a at 0x1234'\n"
    )
    assert (
        output("""
        class Evil:
            def __getattr__(self, name): print("asked", name)
            def __repr__(self): return " at 0x1234"
        print(Evil())
    """)
        == " at 0x1234\n"
    ), "nothing of a script's runs for it"
    same_output("try: repr()\nexcept TypeError as error: print(error)\nprint(repr, ascii([1]), format(5, '>3'))\n")


def test_references_of_others_say_nothing() -> None:
    """A proxy would answer for its object, and a script's class would hear of it."""

    class Told(Addresses().base):  # type: ignore[misc]
        def __getattr__(self, name: str) -> None:
            raise AssertionError(name)

    addresses, told = Addresses(), Told()
    watched = [weakref.proxy(told), weakref.ref(told), weakref.ref(told, print)]
    assert [addresses.identity(told), addresses.identity(told), hash(told), hash(told), len(watched)] == [1, 1, 1, 1, 3]


def test_what_the_collector_runs_meanwhile_hears_the_same_numbers() -> None:
    program = """
class C: pass
def late(obj, box, ask):
    try: yield
    finally: seen.append((obj, ask(obj)))
def leave(obj, ask):
    box = []
    box.append(late(obj, box, ask))
    next(box[0])
def by_hash(obj): return hash(obj)
def by_id(obj): return id(obj)
seen = []
for make in C, list, lambda: object():
    for ask in by_id, by_hash:
        for rest in range(200 if make is not list or ask is by_id else 0):
            obj = make()
            leave(obj, ask)
            rest = [[] for _ in range(rest % 19)]
            number = ask(obj)
            rest.append([[] for _ in range(20)])
            for other, said in seen:
                if other is obj and said != number: print("two numbers:", number, said)
            if ask(obj) != number: print("another number")
            seen.clear()
print("done")
"""
    was = gc.get_threshold()
    for young in (1, 2, 3, 5, 7, 11, 20):
        gc.set_threshold(young, 1_000, 1_000)
        try:
            assert output(program) == "done\n"
        finally:
            gc.set_threshold(*was)
