"""Module objects: shared, bare of the runtime, and found by name."""

from __future__ import annotations

import pytest

from tests.unit.kit import output, run

SOURCES = {"./lib/a.py": "x = 1\nname = __name__", "https://x.test/u.py": "x = 2\nname = __name__"}
TEXT = """
from "./lib/a.py" import x
import u as alias
import "./lib/../lib/a.py" as again
"""
HOST = {"sources": SOURCES, "manifests": {"": {"imports": {"u": "https://x.test/u.py"}}}}


@pytest.mark.parametrize(
    ("argument", "printed"),
    [
        ("'./lib/a.py'", "1"),
        ("'./lib/../lib/a.py'", "1"),
        ("'again'", "1"),
        ("'u'", "2"),
        ("'alias'", "2"),
        ("'https://x.test/u.py'", "2"),
        ("'./main.py'", "1"),
        ("'x'", "TypeError"),
        ("'print'", "TypeError"),
        ("'lib/a.py'", "NameError"),
        ("'./gone.py'", "NameError"),
        ("''", "NameError"),
        ("5", "TypeError"),
        ("None", "TypeError"),
        ("S('u')", "TypeError"),
    ],
)
def test_import_module(argument: str, printed: str) -> None:
    text = f"{TEXT}\nclass S(str): pass\ntry: print(import_module({argument}).x)\nexcept Exception as e: print(type(e).__name__)"
    assert output(text, **HOST) == f"{printed}\n"


def test_import_module_knows_what_the_calling_module_wrote() -> None:
    sources = {"./a.py": 'import "./b.py" as c\ndef f(n): return import_module(n).y', "./b.py": "y = 'b'"}
    text = 'import "./a.py" as a\nprint(a.f("c"), a.f("./b.py"), import_module("a").f("./b.py"))\nimport_module("c")'
    result = run(text, sources=sources)
    assert result.output == "b b b\n"
    assert result.error
    assert (result.error.type, result.error.message) == ("NameError", "module 'c' is not imported by this program")


def test_import_module_does_not_take_objects_that_look_like_modules() -> None:
    assert run("fake = type(import_module)\nimport_module('fake')").error is not None


def test_names() -> None:
    text = f"{TEXT}\nprint(__name__, again.name, alias.name, type(alias), type(alias) is type(again), alias)"
    assert output(text, **HOST) == (
        "__main__ ./lib/a.py https://x.test/u.py <class 'module'> True <module 'https://x.test/u.py'>\n"
    )


def test_attributes_that_lead_out_are_not_there() -> None:
    names = ("__loader__", "__spec__", "__builtins__", "__file__", "__package__")
    text = f'import "./lib/a.py" as a\nprint([n for n in {names} if hasattr(a, n)])'
    assert output(text, **HOST) == "[]\n"


def test_assignments_are_seen_by_all() -> None:
    sources = {"./s.py": "n = 0\ndef get(): return n", "./w.py": 'import "./s.py" as s\ns.n = 5\ns.new = 1'}
    assert (
        output('import "./w.py" as w\nimport "./s.py" as s\nprint(s.n, s.get(), s.new)', sources=sources) == "5 5 1\n"
    )


def test_names_of_the_importer_are_not_seen_by_the_imported() -> None:
    result = run('y = 1\nimport "./a.py" as a\na.f()', sources={"./a.py": "def f(): return y"})
    assert result.error
    assert result.error.message == "name 'y' is not defined"


def test_a_module_may_be_imported_in_a_function_that_runs_often() -> None:
    sources = {"./a.py": "print('once')\nx = 1"}
    assert (
        output('def f():\n    from "./a.py" import x\n    return x\nprint(f() + f())', sources=sources) == "once\n2\n"
    )


def test_native_modules() -> None:
    host = {"natives": {"m": {"f": lambda: "f"}}, "constants": {"m": {"k": [1]}}}
    assert output("from m import *\nimport m\nprint(f(), k, m.f(), m)", **host) == "f [1] f <module 'm'>\n"
