"""What the compiler does for programs that wait: the top level, awaited calls, plain iterables, handlers, snippets."""

from __future__ import annotations

import builtins
from inspect import CO_COROUTINE
from types import CodeType
from typing import Any

import pytest

from edge_runtime.guard.names import AITER, CANCELLED, LATER, SHOW
from edge_runtime.guard.runtime import HELPERS
from edge_runtime.guard.visitor import check
from edge_runtime.lower.lowering import lower
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse
from tests.unit.kit import picture, problems


def compiled(text: str, *, keep: bool = False) -> CodeType:
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed)
    assert check(parsed, keep=keep) == ()
    code = lower(parsed, keep=keep)
    assert isinstance(code, CodeType), code
    return code


def names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(names, inner))


def play(text: str, *, keep: bool = False, **more: Any) -> dict[str, Any]:
    """Run a module to its end, with more built-in names (`LATER=…`: a helper's). What it prints is in `printed`."""
    printed: list[str] = []

    def show(*values: object) -> None:
        printed.append(" ".join(map(str, values)))

    table: dict[str, Any] = {**vars(builtins), **HELPERS, "print": show, "<call print>": show}
    table |= {_HELPERS.get(name, name): value for name, value in more.items()}
    space: dict[str, Any] = {"__name__": "m", "__builtins__": table}
    code = compiled(text, keep=keep)
    result = eval(code, space)  # noqa: S307 - compiled above
    if code.co_flags & CO_COROUTINE:
        with pytest.raises(StopIteration):
            result.send(None)
    return space | {"printed": printed}


_HELPERS = {"LATER": LATER, "CANCELLED": CANCELLED, "SHOW": SHOW}


# ---- the top level ----


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("x = await f()", True),
        ("if x:\n    await y", True),
        ("async for x in y: pass", True),
        ("async with x as y: pass", True),
        ("x = [y async for y in z]", True),
        ("x = {await y: 1 for y in z}", True),
        ("def f(a=await b): pass", True),
        ("class A(await b): pass", True),
        ("class A[T](B): pass\nawait b", True),
        ("x = 1", False),
        ("async def f(): await x", False),
        ("async def f(): return [y async for y in x]", False),
        ("x = (lambda: 1)\nclass A:\n    async def f(self): await x", False),
    ],
)
def test_a_module_that_waits_is_a_coroutine(text: str, waits: bool) -> None:
    if "[T]" in text and not hasattr(__import__("ast"), "TypeVar"):
        pytest.skip("type parameters are 3.12's")
    assert bool(compiled(text).co_flags & CO_COROUTINE) is waits


def test_what_waits_at_the_top_binds_and_exports() -> None:
    text = """
async def one(): return 1
class Room:
    async def __aenter__(self): return "in"
    async def __aexit__(self, *_): print("out")
a = await one()
async for b in [1, 2]: pass
async with Room() as c: print(c)
d = [x + await one() async for x in (1, 2)]
e = (last := await one()) + 1
"""
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed)
    assert parsed.names == {"one", "Room", "a", "b", "c", "d", "e", "last"}
    space = play(text)
    assert [space[name] for name in "abcde"] == [1, 2, "in", [2, 3], 2]
    assert space["printed"] == ["in", "out"]


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("def f(x): return await x", "'await' outside async function", "write 'async def f' in place of 'def f', and await"),
        ("def f(x):\n    async with x: pass", "'async with' outside async function", "write 'async def f' in place of"),
        ("def f(x):\n    async for y in x: pass", "'async for' outside async function", "write 'async def f' in place of"),
        ("def f(x):\n    return {await y for y in x}", "asynchronous comprehension outside", "write 'async def f'"),
        ("async def g():\n    def é(中=await x):\n        '中'; await x", "'await' outside async", "write 'async def é'"),
        ("def f():\n    def g(x=await y): pass", "'await' outside async function", "write 'async def f' in place of"),
        ("def f():\n    class A(await x): pass", "'await' outside async function", "write 'async def f' in place of"),
        ("def f():\n    def g() -> (await x): pass", "'await' outside async function", "write 'async def f' in place of"),
        ("x = lambda: await y", "'await' outside async function", "a lambda cannot wait; write an 'async def' function in its"),
        ("def f(x): return (lambda: 1)(await x)", "'await' outside async function", "write 'async def f'"),
        ("class A:\n    x = await y", "'await' outside function", "a class body cannot wait; do it before 'class A', and use"),
        ("async def f():\n    class A:\n        await x", "'await' outside function", "a class body cannot wait; do it before"),
        ("class A:\n    x = [y async for y in z]", "asynchronous comprehension outside", "a class body cannot wait; do it"),
        ("yield await x", "'yield' outside function", ""),
    ],
)  # fmt: skip
def test_where_nothing_can_wait(text: str, message: str, fix: str) -> None:
    (found,) = problems(text)
    assert found.message.startswith(message)
    assert (found.fix or "").startswith(fix)
    assert bool(found.fix) is bool(fix)


def test_the_picture_of_an_await_in_a_plain_function() -> None:
    assert picture("def load(x):\n    return await x\n") == (
        "error: 'await' outside async function\n   --> main.py:2:12\n    |\n  2 |     return await x\n"
        "    |            ^^^^^^^\n    = help: write 'async def load' in place of 'def load', and await its calls"
    )


# ---- awaited calls ----


def test_awaited_calls_ask_for_the_twin() -> None:
    text = """
class C:
    async def m(self, *a, **k): return (a, k)
    def plain(self): return self.m()
async def f(x): return x
def say(x):
    print("say", x if x == 1 else "f")
    return x
c = C()
print(await say(f)(say(1)), await c.m(2, *[3], k=4), await c.plain(), await (lambda: f(5))())
print(await (f if c else None)(await f(6)))
once = f(7)
print(await once)
"""
    asked: list[str] = []

    def later(function: Any) -> Any:
        asked.append(getattr(function, "__name__", "?"))
        return function

    printed = play(text, LATER=later)["printed"]
    assert printed == ["say f", "say 1", "1 ((2, 3), {'k': 4}) ((), {}) 5", "6", "7"]
    assert asked == ["f", "m", "plain", "<lambda>", "f", "f"], "a call directly below an await, and no other"


def test_a_twin_takes_the_place_of_the_function() -> None:
    async def twin(seconds: float) -> str:
        return f"waited {seconds}"

    def sleep(_: float) -> None:
        raise AssertionError("nobody asked for the twin")

    def later(found: Any) -> Any:
        return twin if found is sleep else found

    text = "print(await sleep(1))\nasync def f(): return await sleep(2)\nprint(await f())"
    assert play(text, LATER=later, sleep=sleep)["printed"] == ["waited 1", "waited 2"]


# ---- plain iterables ----


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("async for x in [1, 2]: print(x)", ["1", "2"]),
        ("async for x in (): pass\nelse: print('else')", ["else"]),
        ("async for x in 'ab':\n    if x == 'a': continue\n    print(x); break\nelse: print('else')", ["b"]),
        ("print([x async for x in range(3) if x])", ["[1, 2]"]),
        ("print({x: y async for x in 'ab' for y in x async for z in y})", ["{'a': 'a', 'b': 'b'}"]),
        ("async def g():\n    async for x in {1: 2}: yield x\nprint([x async for x in g()])", ["[1]"]),
        ("print([x async for x in (y async for y in 'ab')])", ["['a', 'b']"]),
        ("it = iter('abc')\nasync for x in it: break\nprint(x, list(it))", ["a ['b', 'c']"]),
        (
            "class S:\n    def __getitem__(self, i): return 'xy'[i]\nprint([x async for x in S()])",
            ["['x', 'y']"],
        ),
        (
            (
                "class Both:\n    def __iter__(self): return iter('no')\n    def __aiter__(self): return self\n"
                "    async def __anext__(self): raise StopAsyncIteration\nprint([x async for x in Both()])"
            ),
            ["[]"],
        ),
        (
            (
                "class Odd:\n    def __iter__(self): return self\n    def __next__(self): raise ValueError('odd')\n"
                "try:\n    async for x in Odd(): pass\nexcept ValueError as e: print(e, e.__context__)"
            ),
            ["odd None"],
        ),
        ("async for i in range(2):\n    async for j in range(2): print(i, j)", ["0 0", "0 1", "1 0", "1 1"]),
    ],
)
def test_async_for_takes_plain_iterables(text: str, printed: list[str]) -> None:
    assert play(text)["printed"] == printed


@pytest.mark.parametrize(
    "value",
    ["5", "None", "int", "type('A', (), {'__aiter__': None})()", "type('A', (), {'__aiter__': lambda s: 5})()"],
)
def test_what_is_neither_has_cpythons_words(value: str) -> None:
    text = (
        f"async def f():\n    async for x in {value}: pass\ntry: f().send(None)\nexcept TypeError as e: said = str(e)\n"
    )
    plain: dict[str, Any] = {}
    exec(text, plain)  # noqa: S102 - the text above
    assert play(text)["said"] == plain["said"]


def test_a_plain_iterator_shows_nothing_of_itself() -> None:
    space = play("it = (locals()['.0'] async for x in 'a')\nit = [x async for x in it][0]")
    wrapper = space["it"]
    assert repr(wrapper) == "<async_iterator object>"
    for name in ("iterator", "__anext__", "__aiter__", "__class__", "__dict__", "__init__"):
        with pytest.raises(AttributeError, match=rf"'async_iterator' object has no attribute '{name}'"):
            getattr(wrapper, name)
        with pytest.raises(AttributeError):
            setattr(wrapper, name, 1)
        with pytest.raises(AttributeError):
            delattr(wrapper, name)
    with pytest.raises(TypeError, match="immutable"):
        type(wrapper).other = 1


# ---- handlers ----


@pytest.mark.parametrize(
    ("handlers", "passes"),
    [
        ("except ValueError: 1", False),
        ("except (KeyError, OSError) as e: 1\nexcept Exception: 1", False),
        ("except ArithmeticError: 1\nelse: 1\nfinally: 1", False),
        ("except: 1", True),
        ("except BaseException: 1", True),
        ("except (A, BaseException): 1", True),
        ("except ValueError: 1\nexcept GeneratorExit: 1", True),
        ("except KeyboardInterrupt: 1", True),
        ("except CancelledError: 1", True),
        ("except A: 1", True),
        ("except m.E: 1", True),
        ("except kinds(): 1", True),
        ("except (): 1", False),
        ("except (ValueError, *more): 1", True),
        ("except ValueError if x else KeyError: 1", True),
        ("except [ValueError][0]: 1", True),
        ("except ValueError: ValueError = A", True),
        ("except KeyError as KeyError: 1", True),
    ],
)
def test_handlers_that_could_see_the_end_of_a_task(handlers: str, passes: bool) -> None:
    assert (CANCELLED in names(compiled(f"try: 1\n{handlers}"))) is passes
    inside = "\n".join(f"    {line}" for line in ["try: 1", *handlers.split("\n")])
    assert (CANCELLED in names(compiled(f"async def f():\n{inside}"))) is passes


def test_names_that_may_come_from_elsewhere_are_in_doubt() -> None:
    text = "try: 1\nexcept ValueError: 1"
    assert CANCELLED not in names(compiled(text))
    assert CANCELLED in names(compiled(f"{text}\ndef f():\n    global ValueError\n    ValueError = BaseException"))
    assert CANCELLED in names(compiled(f"from m import *\n{text}"))
    assert CANCELLED in names(compiled(text, keep=True)), "a snippet before may have bound it"
    assert CANCELLED not in names(compiled("try: 1\nfinally: 1"))
    assert CANCELLED in names(compiled("try: 1\nexcept (): 1", keep=True))


def test_a_handler_that_names_a_built_in_error_means_that() -> None:
    """Another module may have put something else under that name: it would see the end of the task."""
    text = """
def work():
    try: 1 / 0
    except (KeyError, OSError): return "wrong"
    except ZeroDivisionError: return "right"
"""
    space = play(text)
    space["work"].__globals__.update(KeyError=BaseException)
    assert space["work"]() == "right"


def test_the_end_of_a_task_passes_every_handler() -> None:
    class Ended(BaseException):
        """As the machine's."""

    def end() -> None:
        raise Ended

    text = """
def work():
    try:
        try:
            end()
        except ValueError: print("no")
        except BaseException as e: print("no", e)
        else: print("no")
        finally: print("finally")
    except: print("no")
"""
    space = play(text, CANCELLED=Ended)
    space["__builtins__"]["end"] = end
    with pytest.raises(Ended) as caught:
        space["work"]()
    assert space["printed"] == ["finally"]
    place = caught.value.__traceback__
    lines = []
    while place is not None:
        lines.append(place.tb_lineno)
        place = place.tb_next
    assert lines[1:2] == [5], "where it came from, and once"


def test_other_errors_are_handled_as_ever() -> None:
    text = """
def work(error):
    try: raise error
    except KeyError as e: return "key", e.__context__
    except (ValueError, m) as e: return "value"
    except: return "any"
print(work(KeyError()), work(KeyboardInterrupt()))
"""
    assert play("m = OSError" + text.replace("m) as", "m) as"))["printed"] == ["('key', None) any"]


# ---- snippets ----


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 + 1", [2]),
        ("x = 1\nx", [1]),
        ("None", [None]),
        ("x = 1", []),
        ("1; 2", [2]),
        ("1\nif True: 2", []),
        ("await f()", ["f"]),
        ("[x async for x in 'a']", [["a"]]),
        ("print('said')", [None]),
        ("", []),
        ("# nothing", []),
        ("'text'", ["text"]),
    ],
)
def test_a_snippet_shows_its_last_expression(text: str, shown: list[Any]) -> None:
    seen: list[Any] = []
    prelude = "async def f(): return 'f'\n"
    play((prelude if "await" in text else "") + text, keep=True, SHOW=seen.append)
    assert seen == shown
    assert SHOW not in names(compiled(text))


def test_an_unclosed_snippet_is_a_diagnostic() -> None:
    (found,) = problems("if x:")
    assert found.message.startswith("expected an indented block")


def test_the_names_cannot_be_spelled() -> None:
    assert not any(name.isidentifier() for name in (AITER, CANCELLED, LATER, SHOW))
