"""`functools`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: names of attributes that the language refuses; text that is evaluated.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import printed, refused, same_output


@given(st.lists(st.integers(-9, 9), max_size=20), st.sampled_from([None, 0, 1, 3]))
def test_caches_and_sorting_as_cpython(numbers: list[int], size: int | None) -> None:
    same_output(f"""
        from functools import *
        @lru_cache(maxsize={size})
        def square(x): return x * x
        print([square(n) for n in {numbers}], square.cache_info(), square.cache_parameters())
        print(sorted({numbers}, key=cmp_to_key(lambda a, b: b - a)), reduce(lambda a, b: a * 2 + b, {numbers}, 1))
        """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        from functools import *
        def logged(function):
            @wraps(function)
            def inner(*given): return "logged", function(*given)
            return inner
        @logged
        def add(a: int, b: int) -> int:
            "Adds."
            return a + b
        print(add(1, 2), add.__name__, add.__doc__, add.__module__, add.__annotations__)
        add.extra = 5
        print(logged(add).extra, WRAPPER_UPDATES)
        print(partial(add, 1)(2), partial(int, base=2)("101"), partial(add, 1).args)

        @total_ordering
        class Size:
            def __init__(self, n): self.n = n
            def __eq__(self, other): return self.n == other.n
            def __lt__(self, other): return self.n < other.n
        print(Size(1) <= Size(2), Size(3) >= Size(4), Size(1) > Size(0))

        class Lazy:
            @cached_property
            def value(self):
                print("computed")
                return 5
            @partialmethod
            def broken(self): pass
            def power(self, a, b): return a ** b
            square = partialmethod(power, b=2)
        lazy = Lazy()
        print(lazy.value, lazy.value, lazy.square(5), lazy.__dict__)

        @singledispatch
        def name(x): return "other"
        @name.register
        def _(x: int): return "int"
        @name.register(list)
        def _(x): return "list"
        @name.register
        def _(x: str | bytes): return "text"
        print(name(1), name([]), name("a"), name(b""), name(1.0), name.dispatch(bool) is name.dispatch(int))
        class Printer:
            @singledispatchmethod
            def show(self, x): return "other"
            @show.register
            def _(self, x: int): return "int"
        print(Printer().show(1), Printer().show("a"))
        try:
            @name.register
            def _(x): pass
        except TypeError as error:
            print(str(error)[:40])
        @cache
        def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
        print(fib(80), fib.cache_info())
        """)


@pytest.mark.parametrize("name", ["__globals__", "__code__", "__closure__", "__builtins__", "func_globals"])
def test_wraps_copies_no_inner_attribute(name: str) -> None:
    message = refused(f"""
        from functools import wraps
        class Catch:
            def __setattr__(self, name, value):
                if name == {name!r}: print("ESCAPED")
        def f(): pass
        class Anything:
            def __getattr__(self, name): return 1
        wraps(Anything(), assigned=({name!r},), updated=())(Catch())
        """)
    assert repr(name) in message


def test_update_wrapper_takes_exact_text() -> None:
    assert "must be text, not Name" in refused("""
        from functools import update_wrapper
        class Name(str): pass
        class Catch:
            def __setattr__(self, name, value): print("ESCAPED")
        def f(): pass
        update_wrapper(Catch(), f, assigned=(Name("__globals__"),), updated=())
        """)


def test_update_wrapper_leaves_modules_alone() -> None:
    assert "not on modules" in refused("""
        import functools, math
        def f(): pass
        functools.update_wrapper(math, f, assigned=())
        print("ESCAPED")
        """)


def test_annotations_in_text_are_not_evaluated() -> None:
    assert "text is not evaluated" in refused("""
        from functools import singledispatch
        @singledispatch
        def f(x): pass
        def g(x: "print('ESCAPED') or int"): pass
        g.__annotations__
        f.register(g)
        """)


def test_the_wrapped_function_is_not_read() -> None:
    assert (
        printed("""
        from functools import wraps
        @wraps(len)
        def f(): pass
        print(hasattr(f, "__wrapped__"), "__wrapped__" in f.__dict__)
        """)
        == "False False\n"
    )
