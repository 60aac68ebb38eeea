"""Which functions the compiler takes for pure; and that their codes travel with the module's."""

from __future__ import annotations

import ast
import marshal
import re
from types import CodeType

import pytest

from edge_runtime.guard.visitor import check
from edge_runtime.lower import purity
from edge_runtime.lower.lowering import lower
from edge_runtime.lower.twins import Hooked, hook, hooked, unhooked
from edge_runtime.source import Source
from edge_runtime.syntax.parse import Parsed, parse

FIB = "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\n"


def compiled(text: str) -> CodeType:
    parsed = parse(Source("main.py", text))
    assert isinstance(parsed, Parsed)
    assert check(parsed) == ()
    code = lower(parsed)
    assert isinstance(code, CodeType), code
    return code


def found(text: str) -> list[Hooked]:
    return list(hooked(compiled(text)))


def body(*lines: str, before: str = "", head: str = "def f(n, a=1):") -> str:
    return f"{before}\n{head}\n" + "".join(f"    {line}\n" for line in lines)


TWICE = "return f(n - 1, a) + f(n - 2, a)"


@pytest.mark.parametrize(
    "text",
    [
        FIB,
        "def f(n: int) -> int:\n    'Words.'\n    return n if n < 2 else f(n - 1) + f(n - 2)",
        body("assert n > 0, n", "if n == 1: raise ValueError(f'{n}')", TWICE),
        body("t = 0", "for i in range(n): t += f(i, a)", "return t"),
        body("t, u = 0, 1", "while n > t: t += f(n - t, 0)", "return t"),
        body("x, y = f(n - 1, a), f(n - 2, a)", "return max(x, y) + 1"),
        body("return K and g(n) + f(n - 1, K) * f(n - 2, a)", before="K = 3\ndef g(x): return abs(x) + h(x)\ndef h(x): return 1"),
        body("return f(n - 1, f(n, a - 1))"),
        body("if a in (1, 2) or a in [3] or n is None: return len(a[1:n])", TWICE),
        body("for i, x in enumerate(a): n += f(x, i)", "return n"),
    ],
)  # fmt: skip
def test_pure(text: str) -> None:
    assert [one.name for one in found(text)] == ["f"]


@pytest.mark.parametrize(
    "text",
    [
        # it does more than compute
        body("print(n)", TWICE),
        body("global t", "t = n", TWICE),
        body("a[0] = n", TWICE),
        body("a.x = n", TWICE),
        body("a.append(n)", TWICE),
        body("del a", TWICE),
        body("f.calls = 1", TWICE),
        body("import sys", TWICE),
        body("try: return 1", "except ValueError: pass", TWICE),
        body("with a: pass", TWICE),
        body("[x for x in a]", TWICE),
        body("yield n", TWICE),
        body("raise ValueError((yield))", TWICE),
        body("raise ValueError(lambda: n)", TWICE),
        body("await f(n - 1, a)", TWICE, head="async def f(n, a):"),
        body("(a := n)", TWICE),
        body("if n == 7: raise ValueError(f)", TWICE),
        body("if n == 7: raise ValueError(f(n, 1))", TWICE),
        body("assert n, a.f", TWICE),
        # what it asks may be anything, or is not the same object each time
        body("return f(n - 1, a) + g(n) + f(n - 2, a)"),
        body("return f(n - 1, a) + a(n) + f(n - 2, a)"),
        body("return f(n - 1, a) + id(n) + f(n - 2, a)"),
        body("return f(n - 1, a) + f(n - 2, a) if n is a else 0"),
        body("return f(n - 1, a) + f(n - 2, a) if f(1, 1) is f(1, 1) else 0"),
        body("return ~f(n - 1, a) + f(n - 2, a)"),
        body("return f(n - 1, a), f(n - 2, a)"),
        body("return max(n, 1, key=abs) + f(n - 1, a) + f(n - 2, a)"),
        body(TWICE, "g(n)", before="def g(n): return print(n)"),
        body(TWICE, "g(n)", before="def g(n, x=[]): return 1"),
        body(TWICE, "g(n)", before="def g(n): return 1 if n else g(n)"),
        body(TWICE, "g(n)", before="def g(n): return h(n)\ndef h(n): return g(n)"),
        body(TWICE, "g(n)", before="def g(n): return f(n, 1)"),
        body("return g(f(n - 1, a)) + g(f(n - 2, a))", before="def g(n): return (n,)"),
        # calls that are not plain
        body("return f(n - 1, a=1) + f(n - 2, a=1)"),
        body("return f(n - 1) + f(n - 2)"),
        body("return f(*n) + f(*a)"),
        body("return a(f) + f(n, a) + f(n - 1, a)"),
        body(TWICE, head="def f(n, a, *b):"),
        body(TWICE, head="def f(n, a, *, b=1):"),
        body(TWICE, head="def f(n, a, **b):"),
        body("f = a", TWICE),
        body(TWICE, before="@d"),
        "def g():\n" + "".join(f"    {line}\n" for line in FIB.splitlines()),
        "class C:\n" + "".join(f"    {line}\n" for line in FIB.splitlines()),
        # nothing to gain
        body("return f(n - 1, a * 2) + f(n - 1, a * 2 + 1)"),
        body("return f(n - 1, a + 'x') + f(n - 1, a + 'y')"),
        body("return f(n - 1, a | 1 << n) + f(n - 1, a)"),
        body("return f(n - 1, a) + 1"),
        body("if a: return f(n - 1, a)", "return f(n - 2, a)"),
        body("return f(n - 1, a) if a else f(n - 2, a)"),
        # something else may have its name
        FIB + "f = print",
        FIB + "def g():\n    global a, f\n    f = 1",
        FIB + "for f in (): pass",
        FIB + "class f: pass",
        FIB + "try: pass\nexcept ValueError as f: pass",
        FIB + FIB,
        FIB + "if f(1):\n    def f(n): return 1",
        FIB + "async def f(n): return 1",
        FIB + "del f",
        FIB + "import f",
        FIB + "import g as f",
        FIB + "from g import f",
        FIB + "with f(1) as (a, *f): pass",
        FIB + "def g(a=(f := 1)): pass",
        FIB + "@(f := print)\ndef g(): pass",
        FIB + "class C:\n    def g(self):\n        global f\n        f = 1",
        FIB + "match 1:\n    case f: pass",
        FIB + "match 1:\n    case [*f]: pass",
        FIB + "match 1:\n    case {**f}: pass",
    ],
)
def test_not_known_to_be_pure(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("line", "leaks"),
    [
        (TWICE, False),
        ("return f(n - 1, a) / f(n - 2, a)", False),
        ("return -f(n - 1, a) - f(n - 2, a)", False),
        ("return (f(n - 1, a), 1)[0] + f(n, 1)", None),
        ("return f(n - 1, a) or f(n - 2, a)", True),
        ("return min(f(n - 1, a), f(n - 2, a))", True),
        ("return f(n - 1, a) % f(n - 2, a)", True),
        ("return +f(n - 1, f(n, 1))", True),
        ("x = y = f(n - 1, a); y += f(n, a); return y", True),
        ("x = f(n - 1, a) + f(n, a); return x", False),
        ("b = 0\n    for i in range(n):\n        if i: return c\n        c = b\n        b = max(c, f(i, a))", True),
        ("b = f(n - 1, a) + f(n, 1)\n    c = f(n, a)\n    if b: raise ValueError(c)\n    return b", True),
        ("c = f(n, a)\n    assert c + f(1, 1), c\n    return 1", True),
    ],
)  # fmt: skip
def test_the_very_object_of_a_recursive_call(line: str, leaks: bool | None) -> None:
    assert [one.leaks for one in found(body(line))] == ([] if leaks is None else [leaks])


def test_names_within_functions_and_classes_are_others() -> None:
    within = "def g(f):\n    f = 1\n    for f in (): pass\nclass C:\n    def f(self): pass\n# f = 1, as f, global f\n"
    assert [one.name for one in found(FIB + within)] == ["f"]


@pytest.mark.parametrize(
    "text",
    [
        body(f"return f(n - 1, a) + f(n - 2, a){' + 1' * 240}"),
        body(f"if a: raise ValueError(n{'[0]' * 150})", TWICE),
        body("if n < 0: return 0", *(f"elif n == {k}: return {k}" for k in range(150)), TWICE),
        body("return f(n - 1, h0(n)) + f(n - 2, h0(n))")
        + "".join(f"def h{k}(x): return h{k + 1}(x)\n" for k in range(165))
        + "def h165(x): return x\n",
        "def h0(x): return x\n"
        + "".join(f"def h{k + 1}(x): return h{k}(x)\n" for k in range(165))
        + body("return f(n - 1, h165(n)) + f(n - 2, h165(n))"),
    ],
    ids=["terms", "in an error", "branches", "helpers", "helpers first"],
)
def test_what_is_nested_deeply_stays_as_it_is(text: str) -> None:
    assert found(text) == []


def test_names_that_make_each_other_lent_end() -> None:
    """Each look at the function finds one more of them."""
    chain = (f"v{k + 1} = v{k}" for k in reversed(range(40)))
    assert (
        found(body("v0 = 0", "for i in range(n):", *(f"    {one}" for one in chain), "    v0 = f(i, a)", "return v40"))
        == []
    )


def test_each_helper_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []
    result = purity._Judgement.result

    def watched(self: purity._Judgement) -> purity.Pure:
        if not self.recursive:
            judged.append(self.node.name)
        return result(self)

    monkeypatch.setattr(purity._Judgement, "result", watched)
    helpers = "".join(f"def h{k}(x): return h{k + 2}(x) + h{k + 1}(x)\n" for k in range(8))
    ends = "def h8(x): return x\ndef h9(x): return 1\ndef h10(x): return print(x)\n"
    text = (
        helpers
        + ends
        + "".join(body(TWICE, f"h{k}(n)", head=f"def f{k}(n, a):").replace(" f(", f" f{k}(") for k in (0, 3, 10))
    )
    assert [(one.name, one.height) for one in found(text + "f10(1, 1)")] == [("f0", 9), ("f3", 6)]
    assert sorted(judged) == sorted(f"h{k}" for k in range(11))


def test_what_it_stands_on() -> None:
    text = "K = 1\ndef g(x): return abs(x) + h(x)\ndef h(x): return J\n" + FIB.replace("return n", "return g(n) + K")
    (one,) = found(text)
    assert (one.position, one.reads, one.builtins, one.height) == (0, ("J", "K"), ("abs",), 2)
    assert one.helpers == (("g", 2), ("h", 3))


def test_the_codes_travel_with_the_module() -> None:
    code = compiled("x = 1\n" + FIB)
    assert [one.twin.co_name for one in hooked(marshal.loads(marshal.dumps(code)))] == ["f"]  # noqa: S302 - ours


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        (["return f(n - 1) + f(n - 2)"], [1]),
        (["if n: return f(n - 1) + 1", "a = f(n - 2)", "return a + f(n - 3) + f(n - 4)"], [1, 2]),
        (["if n: a = f(n - 1)", "else: a = f(n - 2)", "return a + f(n - 3)"], [1, 2]),
        (["if n: a = f(n - 1)", "return f(n - 2) + 1"], [1]),
        (["t = 0", "for i in range(n): t += f(n - 1)", "return t"], []),
        (["t = 0", "for i in range(n): t += i", "return f(n - 1) + f(n - 2)"], [1]),
        (["while f(n - 1) > n: n += f(n - 2)", "return n"], []),
        (["return f(f(n - 1) - 2) + 3"], [1]),
        (["return f(n - 1) + 3 if n else f(n - 2) + f(n - 4)"], [1, 2]),
        (["assert f(n - 1), n", "return f(n - 2)"], []),
    ],
)
def test_the_first_calls_of_paths(lines: list[str], first: list[int]) -> None:
    parsed = parse(Source("main.py", body(*lines, head="def f(n):")))
    assert isinstance(parsed, Parsed)
    (one,) = hook(parsed.tree, parsed.source.text)
    asking = ast.unparse(one.carrier.body[0])
    assert sorted({int(found) for found in re.findall(r"<self 0>\(n - (\d)\)", asking)}) == first
    assert asking.count("<down 0>") >= len(first)


def test_without_tables_the_code_is_as_it_is_written() -> None:
    code = unhooked(compiled(FIB))
    assert list(hooked(code)) == []
    plain = compile(FIB, "main.py", "exec", dont_inherit=True)
    (of_ours,), (as_written,) = ([one for one in each.co_consts if isinstance(one, CodeType)] for each in (code, plain))
    assert of_ours == as_written


def test_a_script_cannot_pass_for_a_hooked_function() -> None:
    text = "def f(n):\n    (lambda: 1)\n    (lambda: 2)\n    return (0, ('n',), (), (), False, 0)\n"
    assert found(text) == []
