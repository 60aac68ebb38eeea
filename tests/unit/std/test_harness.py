"""`test`, the harness: programs that test themselves, and what they print."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from edge_runtime import MemoryHost, RunResult, run_program


def run(program: str, **modules: str) -> RunResult:
    """Run a program, with other modules of its own."""
    sources = {f"./{name}.py": dedent(text) for name, text in modules.items()}
    return run_program(dedent(program).lstrip("\n"), MemoryHost(sources=sources))


def lines(program: str, **modules: str) -> list[str]:
    """What it prints; it must end by itself."""
    result = run(program, **modules)
    assert result.error is None, result.error.rendered
    return result.output.splitlines()


def test_a_program_whose_tests_pass() -> None:
    result = run("""
        from test import test, run

        @test("one and one")
        def adds():
            assert 1 + 1 == 2

        @test("nothing")
        def nothing():
            pass

        run()
        print("never")
    """)
    assert result.output == "PASS one and one\nPASS nothing\n2 passed, 0 failed, 0 errors\n"
    assert result.ok
    assert result.exit_code == 0


def test_every_kind_of_ending() -> None:
    result = run("""
        from test import test, run

        @test("says what was wrong")
        def one():
            assert 1 == 2, "one is\\nnot two"

        @test("says where")
        def two():
            assert helper(3) == 2

        def helper(n):
            assert n < 3
            return n

        @test("is broken")
        def three():
            return {}["key"]

        @test("ends the program")
        def four():
            raise SystemExit(3)

        @test("is fine")
        def five():
            pass

        run()
    """)
    assert result.output.splitlines() == [
        "FAIL says what was wrong",
        "    one is",
        "    not two",
        "    at ./main.py, line 5",
        "FAIL says where",
        "    assertion failed",
        "    at ./main.py, line 12",
        "ERROR is broken",
        "    KeyError: 'key'",
        "    at ./main.py, line 17",
        "ERROR ends the program",
        "    SystemExit: 3",
        "    at ./main.py, line 21",
        "PASS is fine",
        "1 passed, 2 failed, 2 errors",
    ]
    assert not result.ok
    assert result.exit_code == 1


def test_fixtures() -> None:
    assert lines("""
        from test import fixture, test, run

        @fixture
        def path():
            print("path made")
            return "/data"

        @fixture
        def store(path):
            print("store opened at", path)
            yield [path]
            print("store closed")

        @fixture
        def both(store, path, times=2):
            return (store, path) * times

        @test("listed", store, path)
        def listed(opened, where):
            assert opened == [where]

        @test("by name")
        def named(both, store, extra=1):
            assert both[0] is store and len(both) == 4

        @test("listed by text, and one by name", "path")
        def mixed(where, store):
            assert store == [where]
            assert False

        run()
    """) == [
        "path made",
        "store opened at /data",
        "store closed",
        "PASS listed",
        "path made",
        "store opened at /data",
        "store closed",
        "PASS by name",
        "path made",
        "store opened at /data",
        "store closed",
        "FAIL listed by text, and one by name",
        "    assertion failed",
        "    at ./main.py, line 29",
        "2 passed, 1 failed, 0 errors",
    ]


def test_fixtures_that_are_wrong() -> None:
    printed = lines("""
        from test import fixture, test, run

        @fixture
        def first(second): return 1
        @fixture
        def second(first): return 2
        @fixture
        def broken(): raise OSError("no disk")
        @fixture
        def empty():
            if False:
                yield
        @fixture
        def twice():
            yield 1
            yield 2
        @fixture
        def unclean():
            yield 1
            raise ValueError("still open")
        @fixture
        async def stream():
            yield 1

        def none(*_): pass
        def fails(*_): assert False, "first"

        for name in ("first", "broken", "empty", "stream", "missing", "twice"):
            test(f"with {name}", name)(none)
        test("passes and is not clean", unclean)(none)
        test("fails and is not clean", unclean)(fails)
        @test("wants what is not there")
        def wants(nobody): pass
        run()
    """)
    known = "broken, empty, first, second, stream, twice, unclean"
    assert [line for line in printed if not line.startswith("    at ")] == [
        "ERROR with first",
        "    these fixtures need each other in a circle: first -> second -> first",
        "ERROR with broken",
        "    OSError: no disk",
        "ERROR with empty",
        "    the fixture 'empty' yields no value",
        "ERROR with stream",
        "    the fixture 'stream' is an asynchronous generator: write it with 'def', not 'async def'",
        "ERROR with missing",
        f"    there is no fixture 'missing'; the fixtures are: {known}",
        "ERROR with twice",
        "    the fixture 'twice' yields twice: it may yield one value",
        "ERROR passes and is not clean",
        "    ValueError: still open",
        "ERROR fails and is not clean",
        "    first",
        "    ValueError: still open",
        "ERROR wants what is not there",
        f"    there is no fixture 'nobody'; the fixtures are: {known}",
        "0 passed, 0 failed, 9 errors",
    ]


def test_raises() -> None:
    assert lines("""
        from test import raises, test, run

        class Mine(ValueError): pass

        @test("keeps the exception")
        def keeps():
            with raises(ValueError) as caught:
                raise Mine("of mine")
            assert type(caught.value) is Mine and str(caught.value) == "of mine"
            with raises((KeyError, IndexError), match="'k.y'"):
                {}["key"]
            with raises(SystemExit):
                raise SystemExit(1)

        @test("nothing comes")
        def nothing():
            with raises((KeyError, ValueError)):
                pass

        @test("another comes")
        def another():
            with raises(KeyError):
                [][1]

        @test("another message comes")
        def message():
            with raises(ValueError, match="^blue"):
                raise ValueError("red")

        @test("not a class")
        def no_class():
            raises("ValueError")

        run()
    """) == [
        "PASS keeps the exception",
        "FAIL nothing comes",
        "    nothing was raised; KeyError or ValueError was expected",
        "    at ./main.py, line 17",
        "ERROR another comes",
        "    IndexError: list index out of range",
        "    at ./main.py, line 23",
        "FAIL another message comes",
        "    ValueError was raised, but '^blue' is not in its message 'red'",
        "    at ./main.py, line 27",
        "ERROR not a class",
        "    TypeError: raises() takes a class of exceptions, or a tuple of them, as in raises(ValueError)",
        "    at ./main.py, line 32",
        "1 passed, 2 failed, 2 errors",
    ]


def test_coroutines() -> None:
    assert lines("""
        from test import fixture, test, run

        @fixture
        async def number():
            return 7

        async def double(n):
            return n * 2

        @test("awaits", number)
        async def awaits(n):
            assert await double(n) == 14

        @test("fails")
        async def fails():
            assert await double(1) == 3

        class Later:
            def __await__(self):
                yield 1

        @test("waits")
        async def waits():
            await Later()

        run()
    """) == [
        "PASS awaits",
        "FAIL fails",
        "    assertion failed",
        "    at ./main.py, line 16",
        "ERROR waits",
        "    it waits for other coroutines, which a test cannot do yet",
        "1 passed, 1 failed, 1 error",
    ]


@pytest.mark.parametrize(
    ("program", "kind", "message"),
    [
        (
            "@test('a')\ndef f(): pass\n@test('a')\ndef g(): pass",
            "ValueError",
            "two tests have the text 'a': give each its own",
        ),
        (
            "@test\ndef f(): pass",
            "TypeError",
            'a test begins with its text: write @test("what it shows") above the function',
        ),
        ("@fixture()\ndef f(): pass", "TypeError", None),
        ("fixture(1)", "TypeError", "write @fixture, without anything behind it, above a function"),
        (
            "@fixture\ndef f(): pass\n@fixture\ndef f(): pass",
            "ValueError",
            "two fixtures have the name 'f': give each its own",
        ),
        (
            "def db(): pass\n@test('a', db)\ndef f(x): pass",
            "TypeError",
            "'db' is not a fixture: put @fixture above its definition",
        ),
    ],
)
def test_mistakes_are_named_where_they_are_made(program: str, kind: str, message: str | None) -> None:
    result = run(f"from test import fixture, test\n{program}\n")
    assert result.error is not None
    assert result.error.type == kind
    assert message is None or result.error.message == message


def test_no_tests() -> None:
    result = run("from test import run\nrun()\n")
    assert result.output == (
        'there are no tests to run: put @test("what it shows") above a function, then call run()\n'
    )
    assert result.exit_code == 1


def test_modules_of_one_program_share_their_tests_and_runs_do_not() -> None:
    program = """
        from test import run, test
        import more
        @test("here")
        def here(): pass
        run()
    """
    more = """
        from test import test, fixture
        @test("there")
        def there(): pass
    """
    manifest: dict[str, Any] = {"": {"imports": {"more": "./more.py"}}}
    for _ in range(2):
        result = run_program(dedent(program), MemoryHost(sources={"./more.py": dedent(more)}, manifests=manifest))
        assert result.output == "PASS there\nPASS here\n2 passed, 0 failed, 0 errors\n"


def test_the_end_of_a_run_is_not_swallowed() -> None:
    from edge_runtime.machine.limits import RunEnded
    from tests.unit.std.differential import curated

    harness = curated("test")

    def ends() -> None:
        raise RunEnded("TimeoutError", "60 s are over")

    harness["test"]("ends")(ends)
    with pytest.raises(RunEnded):
        harness["run"]()
    with pytest.raises(RunEnded), harness["raises"](BaseException):
        ends()
