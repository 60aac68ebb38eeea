"""The built-in functions of the host differ from CPython's in nothing that a script can see."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

import pytest

from edge_runtime import MemoryHost, run_program
from edge_runtime.machine import kept
from edge_runtime.machine.builtins import make_builtins
from tests.unit.kit import output, run

PRELUDE = """
class A:
    x = 1
    def __init__(self): self.y = 2
class S(str): pass
class Bad:
    def __str__(self): raise ValueError("no text")
class Slots:
    __slots__ = ("z",)
a = A()
def show(f):
    try: print("->", f())
    except BaseException as e: print(type(e).__name__, e)
"""

CALLS = """
getattr() getattr(a) getattr(a,"x",1,2) getattr(a,"x",default=1) getattr(a,1) getattr(a,"no") getattr(a,"no",5) getattr(a,"y")
getattr(a,b"x") getattr(a,None,1) getattr(5,"real") getattr(A,"x")
hasattr() hasattr(a) hasattr(1,2,3) hasattr(a,1) hasattr(a,"x") hasattr(a,"no") hasattr(a,name="x") hasattr(Slots(),"z")
setattr() setattr(a,"x") setattr(1,2,3,4) setattr(a,1,2) setattr(a,"n",3) setattr(5,"n",3) setattr(Slots(),"w",1)
setattr(a,"x",value=1) setattr(1,2,name=3)
delattr() delattr(a) delattr(1,2,3) delattr(a,1) delattr(a,"no") delattr(5,"real") delattr(a,"y",x=1)
globals(1) globals(a=1) locals(1) locals(x=2,y=3)
vars(1) vars(1,2) vars(a=1) vars(Slots()) vars(a)
dir(1,2) dir(a=1) dir(a)[-1] dir(Slots())[-1]
print(1,foo=2) print(1,sep=3) print(1,end=4) print(1,file=5) print(1,sep=None,end=None) print(1,2,sep="-",end="!\\n") print()
print(1,flush=True) print(sep="a")
print(1,file=None) print("a",1,None,sep="") print("x",end="") print(b"x") print(*"abc",sep="\\n")
input(1,2) input(prompt=1)
callable(print) isinstance(print,type(print)) type(len).__name__==type(print).__name__ print.__name__ len.__name__ type(print)
sorted([3,1],reverse=1) len() len(1) int("x") abs("x") max() min([]) sum(["a"]) range() ord("ab") chr(-1) zip(1) iter(1)
next(1) divmod(1,0) round("x") pow(0,-1) isinstance(1,1) open_ undefined
""".split()


@pytest.mark.parametrize("call", CALLS)
def test_same_as_cpython(call: str) -> None:
    text = f"{PRELUDE}\nshow(lambda: {call})\n"
    expected = io.StringIO()
    with contextlib.redirect_stdout(expected):
        exec(compile(text, "main.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - the oracle
    assert output(text, input=[]) == expected.getvalue()


def test_values_before_one_that_cannot_be_printed_are_printed() -> None:
    result = run(f"{PRELUDE}\nprint(1, 2, Bad(), 3)")
    assert result.output == "1 2 "
    assert result.error
    assert result.error.message == "no text"


REFUSED = "is not available in Edge Python"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("sleep()", "TypeError sleep() missing 1 required positional argument: 'seconds'"),
        ("sleep('1')", "TypeError sleep() takes a number of seconds, not str"),
        ("sleep(-1)", "ValueError sleep length must be non-negative"),
        ("sleep(float('nan'))", "ValueError sleep length must be non-negative"),
        ("sleep(0)", "-> None"),
        ("receive(1)", "TypeError receive() takes 0 positional arguments but 1 was given"),
        ("receive()", "RuntimeError no event source"),
        ("input()", "RuntimeError input() has no source here"),
        ("import_module()", "TypeError import_module() missing 1 required positional argument: 'name'"),
        ("import_module(1)", "TypeError import_module() argument must be str, not int"),
        ("import_module(S('m'))", "TypeError import_module() argument must be str, not S"),
        ("import_module('no')", "NameError module 'no' is not imported by this program"),
        ("import_module('print')", "TypeError 'print' is not a module"),
        ("import_module('a')", "TypeError 'a' is not a module"),
        ("import_module('<module 0>')", "NameError module '<module 0>' is not imported by this program"),
        ("import_module('<from>')", "NameError module '<from>' is not imported by this program"),
        ("getattr(a, S('x'))", "TypeError attribute name must be exactly a string, not 'S'"),
        (
            "getattr(show, '__globals__')",
            f"AttributeError the attribute '__globals__' {REFUSED}; pass the values that a function needs as its parameters",
        ),
        (
            "getattr(show, '__globals__', 1)",
            f"AttributeError the attribute '__globals__' {REFUSED}; pass the values that a function needs as its parameters",
        ),
        ("hasattr(show, '__globals__')", "-> False"),
        (
            "setattr(A, '__class__', 1)",
            f"AttributeError the attribute '__class__' {REFUSED}; make a new object of the other class",
        ),
        (
            "delattr(A, '__dict__')",
            f"AttributeError the attribute '__dict__' {REFUSED}; empty it: x.__dict__.clear()",
        ),
        ("getattr(a, '__dict__')", "-> {'y': 2}"),
        ("m.add(1)", "TypeError add() missing 1 required positional argument: 'b'"),
        ("m.add(1, c=2)", "TypeError add() got an unexpected keyword argument 'c'"),
        ("m.add", "-> <built-in function add>"),
        ("print", "-> <built-in function print>"),
        ("m.nothing", "AttributeError module 'm' has no attribute 'nothing'"),
        ("repr(print.__call__).split(' at ')[0]", "-> <method-wrapper '__call__' of function object"),
        ("__import__", None),
    ],
)
def test_words_of_our_own(call: str, message: str | None) -> None:
    result = run(f"import m\n{PRELUDE}\nshow(lambda: {call})\n", natives={"m": {"add": lambda a, b: a + b}})
    assert result.output == (f"{message}\n" if message else "")


def test_copies_of_namespaces() -> None:
    text = """
x = 1
globals()["x"] = 2
vars()["x"] = 3
locals()["x"] = 4
def f(a):
    locals()["a"] = 2
    return a, sorted(locals()), dir()
class A:
    y = 1
try: A.__dict__["y"] = 2
except TypeError as error: print(error)
a = A()
vars(a)["v"] = a.__dict__["d"] = getattr(a, "__dict__")["g"] = 5
print(x, f(1), A.y, a.v, a.d, a.g)
print([name for name in globals() if name.startswith("_")], "x" in dir(), "__builtins__" in vars())
"""
    assert output(text) == (
        "'mappingproxy' object does not support item assignment\n"
        "1 (1, ['a'], ['a']) 1 5 5 5\n['__name__', '__doc__'] True False\n"
    )


def test_module_objects_hide_what_the_runtime_keeps() -> None:
    text = 'import "./m.py" as m\nprint(dir(m), vars(m).keys() == m.__dict__.keys(), sorted(vars(m)), type(m), m)'
    assert output(text, sources={"./m.py": "x = 1\n__all__ = ['x']"}) == (
        "['__all__', '__doc__', '__name__', 'x'] True ['__all__', '__doc__', '__name__', 'x'] <class 'module'>"
        " <module './m.py'>\n"
    )


def test_input_and_its_prompt() -> None:
    assert output("print([input('a? '), input(), input(5)])", input=["1", "", "2"]) == "a? 5['1', '', '2']\n"
    result = run("input()", input=[])
    assert result.error
    assert (result.error.type, result.error.message) == ("EOFError", "EOF when reading a line")


def test_events_come_in_order() -> None:
    assert output("print(receive(), receive())", events=["a", "b"]) == "a b\n"


def test_runs_share_nothing_that_a_script_can_write() -> None:
    host = MemoryHost(natives={"m": {"f": lambda: 1}})
    spoil = "import m\nfor f in (print, getattr, m.f):\n    try: f.__call__.x = 1\n    except AttributeError: pass\n"
    assert run_program(spoil, host).ok
    look = "import m\nprint([hasattr(f.__call__, 'x') for f in (print, getattr, m.f)])"
    assert run_program(look, host).output == "[False, False, False]\n"


INSIDES = ["print.__call__", "type(print)", "dir(print)", "print.__doc__", "getattr.__call__"]


@pytest.mark.parametrize("call", [*CALLS, *INSIDES])
def test_nothing_of_the_runtime_is_named(call: str) -> None:
    text = f"{PRELUDE}\nshow(lambda: repr({call}))\n{call}\n"
    result = run(text, input=[])
    shown = result.output + (result.error.rendered if result.error else "")
    for word in (
        "guarded",
        "edge_runtime",
        "<locals>.print",
        "_print_to",
        "_checked",
        "/work",
        "site-packages",
        "<from>",
    ):
        assert word not in shown.replace("show.<locals>", ""), shown


def test_names_are_found_by_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code of a module looks built-ins up each time: a loop there was 6 to 13 % slower where their names were other objects."""
    tables: list[dict[str, Any]] = []

    def remember(*parts: Any) -> dict[str, Any]:
        tables.append(make_builtins(*parts))
        return tables[-1]

    monkeypatch.setattr(kept, "make_builtins", remember)
    assert run_program("print(len('a'))").output == "1\n"
    assert [name for name in tables[0] if sys.intern(name) is not name] == []
