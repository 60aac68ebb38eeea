"""Where errors of awaited calls stand: the same characters as in code that was not lowered. Plain code that runs in every
supported Python.

Takes: nothing. Gives: `differences`: the programs whose tracebacks, causes and contexts among them, name other places.
Refuses: nothing.
"""

from __future__ import annotations

import builtins
from types import CodeType
from typing import Any

from edge_runtime.guard.runtime import HELPERS
from edge_runtime.guard.visitor import check
from edge_runtime.lower.lowering import lower
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse

CALLS = r"""
obj.m(1, 2)
---
(obj
    .m(1,
       2))
---
(obj
    .m(1,
       *[2]))
---
(obj
    .m(1, a
       =2))
---
(obj
    .m(1, **{}
       ))
---
(obj.\
 m
 (1, 2
       ))
---
(obj.\
m(1, 2
       ))
---
(obj.o('中').m
 ('中'))
---
obj.m(
    1,
    2)
---
(obj.o(
    1).m(2))
---
(obj
   .o(1)
   .m(2))
---
f(1,
   2)
---
(f
 )(1, 2)
---
obj.nothing(1)
---
(obj
   .nothing
  (1))
---
missing(1)
---
five(1)
---
(five
  (f))
---
three(1)
---
(
   three
  )(1)
---
three
"""
BLOCKS = """
try:
    f(1)
except:
    await obj.m()
---
try:
    f(1)
except KeyError:
    await obj.m()
except f(2):
    pass
---
try:
    f(1)
except BaseException as e:
    raise ValueError(1) from e
finally:
    f(3)
---
try:
    f(1)
except five:
    pass
---
async for x in f(1): pass
---
async for x in (
   five): pass
---
return [x async for x in five]
---
async for x in broken: pass
---
return {await obj.m(x) async for x in broken}
---
class A:
    async def m(self, x): f()
class B(A):
    async def n(self):
        await (super()
          .m
          (1))
await B().n()
"""


def programs() -> list[str]:
    """A function `main` for each."""
    calls = [f"    await {one.strip()}" for one in CALLS.split("---\n")]
    blocks = ["\n".join(f"    {line}" for line in one.strip().split("\n")) for one in BLOCKS.split("---\n")]
    return [f"async def main():\n{body}\n" for body in (*calls, *blocks)]


class _Object:
    def m(self, *_given: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    def o(self, *_: Any) -> _Object:
        return self


class _Broken:
    def __aiter__(self) -> None:
        raise ZeroDivisionError


def _fail(*_: Any) -> None:
    raise ZeroDivisionError


def _places(code: CodeType, names: dict[str, Any]) -> list[object]:
    """The errors, and where in the program they came by."""
    space: dict[str, Any] = {
        "obj": _Object(), "f": _fail, "five": 5, "three": lambda _: 3, "broken": _Broken(), "__builtins__": names
    }  # fmt: skip
    exec(code, space)  # noqa: S102 - the programs above
    found: list[object] = []
    error: BaseException | None = None
    try:
        space["main"]().send(None)
    except BaseException as raised:  # noqa: BLE001 - whatever it is
        error = raised
    while error is not None:
        found.append(f"{type(error).__name__}: {error}")
        place = error.__traceback__
        while place is not None:
            inside = place.tb_frame.f_code
            if inside.co_filename == code.co_filename:
                found.append((inside.co_name, place.tb_lineno, list(inside.co_positions())[place.tb_lasti // 2]))
            place = place.tb_next
        error = error.__cause__ or error.__context__
    return found


def _lowered(text: str) -> CodeType:
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed), parsed
    assert check(parsed) == ()
    code = lower(parsed)
    assert isinstance(code, CodeType), code
    return code


def differences(_: object = None) -> list[str]:
    """What differs, and programs that raised nothing, so that nothing was compared."""
    found: list[str] = []
    for text in programs():
        plain = _places(compile(text, "main.py", "exec", dont_inherit=True), vars(builtins))
        mine = _places(_lowered(text), {**vars(builtins), **HELPERS})
        if plain != mine or len(plain) < 2:
            found.append(f"{text}plain: {plain}\nhere:  {mine}")
    return found
