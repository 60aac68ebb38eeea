"""`contextlib`: beside CPython, and what the facade refuses.

Takes: programs. Gives: CPython's output. Refuses: nothing of its own.
"""

from __future__ import annotations

import pytest

from edge_runtime.std import exports
from tests.unit.std.kit import same_output


def test_as_cpython() -> None:
    same_output("""
        from contextlib import *
        @contextmanager
        def tag(name):
            print("<", name)
            try: yield name.upper()
            except ValueError as error: print("caught", error)
            finally: print(">", name)
        with tag("a") as value: print(value)
        with tag("b"): raise ValueError("v")
        try:
            with tag("c"): raise KeyError("k")
        except KeyError as error: print("out", error)
        @tag("d")
        def decorated(): return 5
        print(decorated(), decorated(), tag.__name__)
        with suppress(ZeroDivisionError, KeyError): 1 / 0
        class Thing:
            def close(self): print("closed")
        with closing(Thing()) as thing: print(type(thing).__name__)
        with nullcontext(7) as seven: print(seven)
        with ExitStack() as stack:
            stack.enter_context(tag("e")); stack.callback(print, "called", end="!"); stack.push(lambda *e: True)
            stack.enter_context(suppress(ValueError)); raise TypeError("t")
        print(stack.pop_all() is not stack)
        @contextmanager
        def never():
            if False: yield
        @contextmanager
        def twice(): yield 1; yield 2
        for bad in (never, twice):
            try:
                with bad(): pass
            except RuntimeError as error: print(error)
        class Deco(ContextDecorator):
            def __enter__(self): print("in"); return self
            def __exit__(self, *exc): print("out"); return False
        @Deco()
        def g(): print("body")
        g()
        print(issubclass(Deco, AbstractContextManager), isinstance(Deco(), AbstractContextManager))
        @asynccontextmanager
        async def later():
            print("enter"); yield 3; print("leave")
        async def main():
            async with later() as value, aclosing(numbers()) as n, AsyncExitStack() as stack:
                await stack.enter_async_context(later())
                stack.push_async_callback(nothing)
                print(value, [x async for x in n])
        async def numbers():
            yield 1
        async def nothing(): print("nothing")
        coroutine = main()
        try: coroutine.send(None)
        except StopIteration: print("done")
        """)


@pytest.mark.parametrize("name", ["chdir", "redirect_stdout", "redirect_stderr"])
def test_what_is_left_out(name: str) -> None:
    assert name not in exports("contextlib")
