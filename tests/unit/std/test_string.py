"""`string`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: fields that the language refuses.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.std.kit import refused, same_output


@given(st.text("${}ab_ 0!:.<", max_size=14))
def test_templates_and_fields_as_cpython(text: str) -> None:
    same_output(f"""
        from string import *
        for use in (lambda t: Template(t).substitute(a=1, b="x", a_b=2), lambda t: Template(t).safe_substitute(a=1),
                    lambda t: Formatter().format(t, 5, "y", a=1, b="q"), lambda t: list(Formatter().parse(t)),
                    lambda t: Template(t).get_identifiers(), capwords):
            try:
                print(use({text!r}))
            except Exception as error:
                print(type(error).__name__, error)
        """)


def test_everything_else_as_cpython() -> None:
    same_output("""
        from string import *
        print(ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits, octdigits, punctuation, repr(printable))
        class Percent(Template): delimiter = "%"; idpattern = "[a-z]+"
        print(Percent("%who is %{what}").substitute(who="it", what="x"), Template("$x").template, capwords("a-b c", "-"))
        class Named(Formatter):
            def get_value(self, key, args, kwargs): return key if isinstance(key, str) else args[key]
            def convert_field(self, value, conversion):
                return value[::-1] if conversion == "v" else super().convert_field(value, conversion)
        print(Named().format("{who!v} {0:>5} {0!r:<6}|", 7), Formatter().vformat("{a[0]}{a[k]!s}", (), {"a": {0: 1, "k": 2}}))
        class Box: width = 4
        print(Formatter().format("{0.width} {1:{0.width}}", Box(), 3), Formatter().check_unused_args([], [], {}))
        """)


@pytest.mark.parametrize("field", ["0.__globals__", "f.__code__", "0.__globals__[os]", "f.__closure__"])
def test_fields_that_the_language_refuses(field: str) -> None:
    assert "is not available in Edge Python" in refused(f"""
        from string import Formatter
        def f(): pass
        try:
            Formatter().format("{{{field}}}", f, f=f)
        except KeyError:
            pass
        print("ESCAPED")
        """)
    assert "is not available in Edge Python" in refused(f"""
        from string import Formatter
        def f(): pass
        class Mine(Formatter):
            def get_field(self, name, args, kwargs): return super().get_field({field!r}, args, kwargs)
        try:
            Mine().format("{{0}}", f, f=f)
        except KeyError:
            pass
        print("ESCAPED")
        """)
