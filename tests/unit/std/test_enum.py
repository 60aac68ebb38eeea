"""`enum`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: names of members that the language refuses; looks into modules.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import printed, refused, same_output

_NAMES = st.lists(st.sampled_from(["RED", "BLUE", "a", "b", "mro_", "x1"]), max_size=4)


@given(names=_NAMES, form=st.sampled_from(["text", "list", "pairs", "mapping", "generator"]), start=st.integers(0, 3))
def test_members_by_call_as_cpython(names: list[str], form: str, start: int) -> None:
    value = {
        "text": repr(" ".join(names)),
        "list": repr(names),
        "pairs": repr([(name, index) for index, name in enumerate(names)]),
        "mapping": repr({name: index for index, name in enumerate(names)}),
        "generator": f"((n, n) for n in {names!r})",
    }[form]
    for kind in ("Enum", "IntFlag"):
        same_output(f"""
            from enum import *
            try:
                Made = {kind}("Made", {value}, start={start})
                print(list(Made), Made.__module__, Made.__qualname__)
            except Exception as error:
                print(type(error).__name__, error)
            """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        from enum import *
        class Color(Enum):
            RED = auto()
            GREEN = "g"
            ROT = RED
            @classmethod
            def _missing_(cls, value): return cls.RED if value == "r" else None
            def lower(self): return self.name.lower()
            @property
            def double(self): return self.value * 2
        print(list(Color), Color("g"), Color("r"), Color["RED"], Color.ROT is Color.RED, Color.RED.lower(), Color.GREEN.double)
        print(Color.RED in Color, len(Color), Color.RED == 1, repr(Color), isinstance(Color.RED, Color), {Color.RED: 1})
        for use in (lambda: Color("x"), lambda: Color["x"], lambda: setattr(Color, "RED", 2), lambda: Color.NO):
            try: use()
            except Exception as error: print(type(error).__name__, error)
        class Perm(Flag):
            R = auto(); W = auto(); X = auto()
            RW = R | W
        print(Perm.R | Perm.X, ~Perm.R, Perm.RW & Perm.W, bool(Perm(0)), Perm(7), list(Perm.RW), Perm.R in Perm.RW)
        class Mode(IntFlag, boundary=KEEP): A = 1; B = 2
        print(Mode(9), Mode.A | 4, Mode.A + 1)
        class Level(IntEnum): LOW = 1; HIGH = 2
        class Word(StrEnum): HELLO = auto(); BYE = "bye!"
        print(Level.LOW < Level.HIGH, f"{Level.LOW}", Word.HELLO, Word.BYE.upper(), sorted(Level, reverse=True))
        try:
            @unique
            class Twice(Enum): A = 1; B = 1
        except ValueError as error: print(error)
        @verify(CONTINUOUS)
        class Run(IntEnum): A = 1; B = 2
        class Planet(Enum):
            EARTH = (5, 6)
            def __init__(self, mass, radius): self.mass = mass; self.radius = radius
            @member
            def five(): return 5
            other = nonmember(3)
        print(Planet.EARTH.mass, Planet.other, Planet.five.value())
        class Numbered(Enum):
            @staticmethod
            def _generate_next_value_(name, start, count, last): return name + str(count)
            A = auto(); B = auto()
        print([m.value for m in Numbered])
        match Color.RED:
            case Color.GREEN: print("no")
            case Color.RED: print("yes")
        """)


@pytest.mark.parametrize("name", ["__globals__", "gi_frame", "__slots__", "__reduce_ex__"])
def test_members_that_the_language_refuses(name: str) -> None:
    for names in (repr(f"a {name}"), repr(["a", name]), repr({"a": 1, name: "x"}), repr([("a", 1), (name, "x")])):
        assert repr(name) in refused(
            f"""
            from enum import Enum
            try:
                Enum("E", {names})
            except (TypeError, ValueError):
                if not {name!r}.startswith("__"): raise
            print("ESCAPED")
            """.replace("except (TypeError, ValueError)", "except TypeError")
        )


def test_a_name_is_exactly_text() -> None:
    assert "must be text, not Name" in refused("""
        from enum import Enum
        class Name(str): pass
        print("ESCAPED" if Enum("E", [Name("a")]) else None)
        """)


def test_no_members_from_modules() -> None:
    assert "_convert_" in refused("""
        from enum import Enum
        found = Enum._convert_("E", "enum", lambda name: name == "sys")
        print("ESCAPED" if list(found) else None)
        """)


def test_a_finaliser_is_no_member() -> None:
    assert (
        printed("""
        from enum import Enum
        try:
            Enum("E", {"__del__": lambda self: None})
        except ValueError as error:
            print(error)
        """)
        == "the name '__del__' is not available in Edge Python; choose another name\n"
    )
