"""`dataclasses`: beside CPython, and names of fields that are code.

Takes: programs. Gives: CPython's output. Refuses: fields whose names the language refuses, however they come.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import printed, refused, same_output

_FIELDS = st.lists(
    st.tuples(st.sampled_from(list("abcdef")), st.sampled_from(["", " = 1", " = field(default_factory=list)"])),
    unique_by=lambda pair: pair[0],
    max_size=5,
)


@given(
    fields=_FIELDS,
    options=st.sets(st.sampled_from(["order", "frozen", "slots", "kw_only", "unsafe_hash", "match_args"])),
)
def test_as_cpython(fields: list[tuple[str, str]], options: set[str]) -> None:
    body = "\n".join(f"    {name}: int{default}" for name, default in fields) or "    pass"
    arguments = ", ".join(f"{name}=1" for name, default in fields if not default)
    same_output(f"""
from dataclasses import *
try:
    @dataclass({", ".join(f"{option}=True" for option in sorted(options))})
    class A:
        '''{"" if fields else "none"}'''
{chr(10).join("    " + line for line in body.splitlines())}
    one, two = A({arguments}), A({arguments})
    print(one, one == two, one != two, [f.name for f in fields(A)], asdict(one), astuple(one), A.__doc__)
    for use in (lambda: one < two, lambda: hash(one) == hash(two), lambda: setattr(one, "a", 5), lambda: replace(one)):
        try:
            print(use())
        except Exception as error:
            print(type(error).__name__, error)
except TypeError as error:
    print(error)
""")


def test_everything_else_as_cpython() -> None:
    same_output("""
from dataclasses import *
from typing import ClassVar, Any
import copy

@dataclass
class Base:
    x: int
    seen: ClassVar[list] = []
    later: InitVar[int] = 3
    _: KW_ONLY
    z: Any = field(default=0, repr=False, compare=False, metadata={"unit": "m"})
    def __post_init__(self, later):
        self.sum = self.x + later

@dataclass
class Child(Base):
    y: "str" = "y"
    c: "ClassVar[int]" = 1
    i: "InitVar[int]" = 2
    def __post_init__(self, later, i):
        super().__post_init__(later)

print(Base(1), Base(1, 2, z=5).sum, Child(1, 2, "b", z=3), [f.name for f in fields(Child)], fields(Base)[1].metadata)
print(Child.__match_args__, is_dataclass(Child), is_dataclass(Child(1)), is_dataclass(int))
match Child(1, y="q"):
    case Child(x=1, y=y): print(y)

@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0
p = Point(1)
for use in (lambda: setattr(p, "x", 2), lambda: setattr(p, "other", 2), lambda: delattr(p, "x")):
    try: use()
    except (AttributeError, TypeError) as error: print(type(error).__name__, error)
print(copy.copy(p), copy.deepcopy(p) == p, hash(p) == hash(Point(1)), replace(p, y=5), Point.__slots__)

Made = make_dataclass("Made", ["a", ("b", int), ("c", int, field(default=3))], bases=(Base,), kw_only=True)
Other = make_dataclass("Other", ["a"], namespace={"twice": lambda self: self.a * 2, "__len__": lambda self: 7})
print(Made(1, a=1, b=2), Other(4).twice(), len(Other(4)), Made.__module__, Made.__doc__)
for bad in (lambda: make_dataclass("A", ["1a"]), lambda: make_dataclass("A", ["a", "a"]), lambda: make_dataclass("A", ["if"])):
    try: bad()
    except TypeError as error: print(error)

@dataclass
class Node:
    value: int
    next: "Node | None" = None
print(Node(1, Node(2)), asdict(Node(1, Node(2))), Node(1) == Node(1, None))
try:
    @dataclass
    class Bad:
        x: list = []
except ValueError as error: print(error)
""")


CODE = "y.__class__.__base__.__subclasses__() and print('ESCAPED')"


def test_the_name_of_a_field_is_no_code() -> None:
    assert "is not available in Edge Python" in refused(f"""
        from dataclasses import dataclass
        class A:
            y: int = 0
        A.__annotations__[{CODE!r}] = int
        repr(dataclass(init=False, eq=False, match_args=False)(A)())
        """)


def test_a_field_that_is_renamed_later_is_no_code() -> None:
    assert "is not available in Edge Python" in refused(f"""
        from dataclasses import dataclass, fields
        @dataclass
        class A:
            y: int = 0
        fields(A)[0].name = {CODE!r}
        @dataclass(init=False, eq=False, match_args=False)
        class B(A):
            pass
        repr(B())
        """)


def test_a_field_of_another_class_is_no_code() -> None:
    assert "is not available in Edge Python" in refused(f"""
        import sys
        from dataclasses import dataclass, field
        class Odd(type(field())):
            __slots__ = ()
            name = property(lambda self: {CODE!r}, lambda self, value: None)
        missing = field().default
        odd = Odd(0, missing, True, True, None, True, None, False, *[None] * (sys.version_info >= (3, 14)))
        @dataclass(init=False, eq=False, match_args=False)
        class A:
            y: int = odd
        repr(A())
        """)


@pytest.mark.parametrize("name", ["gi_frame", "f_globals", "__class__", "__globals__", "__init__"])
def test_names_that_the_language_refuses(name: str) -> None:
    assert repr(name) in refused(f"""
        from dataclasses import make_dataclass, fields
        print("ESCAPED" if fields(make_dataclass("A", [{name!r}], init=False)) else None)
        """)
    assert repr(name) in refused(f"""
        from dataclasses import dataclass, fields
        class A:
            y: int
        A.__annotations__[{name!r}] = int
        print("ESCAPED" if len(fields(dataclass(init=False)(A))) == 2 else None)
        """)


@pytest.mark.parametrize("function", ["asdict", "astuple"])
def test_a_field_that_is_renamed_later_reads_nothing_more(function: str) -> None:
    assert "'__reduce_ex__' is not available" in refused(f"""
        from dataclasses import dataclass, fields, {function}
        @dataclass
        class A:
            x: int
        one = A(1)
        fields(A)[0].name = "__reduce_ex__"
        print("ESCAPED" if "built-in method __reduce_ex__" in str({function}(one)) else None)
        """)


def test_slots_obey_the_rules() -> None:
    assert "'__class__' is not available" in refused("""
        from dataclasses import dataclass, fields
        @dataclass
        class A:
            y: int = 0
        fields(A)[0].name = "__class__"
        B = dataclass(slots=True, init=False, repr=False, eq=False, match_args=False)(type("B", (A,), {}))
        print("ESCAPED" if "__class__" in B.__slots__ else None)
        """)


def test_the_state_of_a_copy_obeys_the_rules() -> None:
    assert "is not available" in refused("""
        import copy
        from dataclasses import dataclass, fields
        class Other:
            __slots__ = ("x",)
        @dataclass(frozen=True, slots=True)
        class A:
            x: object
        one = A(Other)
        one_field = fields(A)[0]
        class Renamed(str):
            pass
        one_field.name = "__class__"
        print("ESCAPED" if copy.copy(one) is not one else None)
        """)


def test_a_frozen_class_sets_only_fields() -> None:
    assert "'__class__' is not available" in refused("""
        from dataclasses import dataclass, fields
        @dataclass(frozen=True)
        class A:
            x: object
        fields(A)[0].name = "__class__"
        @dataclass(frozen=True, repr=False, eq=False, match_args=False)
        class B(A):
            pass
        class C(B):
            pass
        print("ESCAPED" if type(B(C)) is C else None)
        """)


def test_names_in_a_namespace() -> None:
    assert "'__del__' is not available" in refused("""
        from dataclasses import make_dataclass
        A = make_dataclass("A", ["x"], namespace={"__del__": lambda self: print("ESCAPED")})
        A(1)
        """)


def test_text_in_annotations_is_looked_up_in_the_script() -> None:
    same_output("""
        from __future__ import annotations
        from dataclasses import dataclass, fields, InitVar
        from typing import ClassVar
        import typing
        Own = ClassVar
        @dataclass
        class A:
            x: int
            y: ClassVar[int] = 1
            z: typing.ClassVar[int] = 2
            own: Own[int] = 3
            i: InitVar[int] = 4
        print([f.name for f in fields(A)], A.__doc__)
        """)


def test_the_message_names_the_field() -> None:
    assert (
        printed("""
        from dataclasses import make_dataclass
        try:
            make_dataclass("A", ["gi_code"])
        except ValueError as error:
            print(error)
        """)
        == "the name 'gi_code' is not available in Edge Python; choose another name\n"
    )
