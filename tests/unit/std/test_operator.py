"""`operator`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: names of attributes that the language refuses.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import refused, same_output

_VALUES = st.sampled_from(["1", "-2", "0", "2.5", "'ab'", "[1, 2]", "(1,)", "{'a': 1}", "None", "True", "{1, 2}"])
_BINARY = (
    "add sub mul truediv floordiv mod eq ne lt le gt ge and_ or_ xor concat contains countOf indexOf is_ is_not getitem"
)


@given(st.sampled_from(_BINARY.split()), _VALUES, _VALUES)
def test_functions_as_cpython(name: str, left: str, right: str) -> None:
    same_output(f"""
        import operator
        try:
            print(operator.{name}({left}, {right}))
        except Exception as error:
            print(type(error).__name__, error)
        """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        from operator import *
        class Inner: value = 3
        class Outer:
            inner = Inner()
            def scale(self, by, *, plus=0): return by * 10 + plus
        o = Outer()
        print(attrgetter("inner.value")(o), attrgetter("inner.value", "inner.value")(o), methodcaller("scale", 2, plus=1)(o))
        print(attrgetter("a.b", "c"), methodcaller("m", 1, k=2), itemgetter(1, 0)("ab"), itemgetter(slice(2))("abc"))
        print(sorted([(1, "b"), (0, "c")], key=itemgetter(1)), sorted("bA", key=methodcaller("lower")))
        print(isinstance(attrgetter("a"), attrgetter), index(True), length_hint([1, 2]), truth([]), not_(1), call(len, "abc"))
        items = [1, 2, 3]; setitem(items, 0, 9); delitem(items, 1); print(items, iadd(items, [4]), inv(5), neg(3), pos(-2))
        for bad in (lambda: attrgetter(), lambda: attrgetter(1), lambda: attrgetter("no")(o), lambda: methodcaller(),
                    lambda: methodcaller("no")(o), lambda: itemgetter("a")([])):
            try: bad()
            except Exception as error: print(type(error).__name__)
        """)


@pytest.mark.parametrize("name", ["__globals__", "real.__globals__", "__code__.co_names", "__closure__", "func_code"])
def test_names_that_the_language_refuses(name: str) -> None:
    last = name.split(".")[0 if name.startswith("__") else -1]
    assert repr(last) in refused(f"""
        from operator import attrgetter
        class F:
            func_code = 1
        def f(): pass
        F.real = staticmethod(f)
        print("ESCAPED" if attrgetter({name!r})(F if {name!r}.startswith(("real", "func")) else f) or True else None)
        """)


def test_methods_that_the_language_refuses() -> None:
    assert "'__reduce_ex__'" in refused("""
        from operator import methodcaller
        print("ESCAPED" if methodcaller("__reduce_ex__", 4)([]) else None)
        """)
    assert "'__subclasses__'" in refused("""
        from operator import methodcaller
        class Name(str): pass
        caller = methodcaller("lower")
        try:
            caller._name = "__subclasses__"
            print("ESCAPED" if caller(int) else None)
        except AttributeError as error:
            if "_name" not in str(error): raise
            methodcaller("__subclasses__")(int)
            print("ESCAPED")
        """)


def test_names_are_exactly_text() -> None:
    assert "must be exactly a string" in refused("""
        from operator import methodcaller
        class Name(str): pass
        print("ESCAPED" if methodcaller(Name("lower"))("A") else None)
        """)
