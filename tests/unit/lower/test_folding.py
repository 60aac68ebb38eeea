"""Names of imported modules under names of their own: only where no program can tell, and then every function's."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from edge_runtime import MemoryHost, RunResult, Session, pipeline, run_program
from edge_runtime.lower.program import Chunk, Program
from edge_runtime.machine.machine import Machine

LIBRARY = (
    "SIZE = 3\nCOUNTS: int = 4\ndef grow(x):\n    return x * SIZE\nclass Box:\n    def __init__(self, x): self.x = x\n"
)


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that the last program folded, as `spec: module.name`."""
    found: list[str] = []
    make = Machine.__init__

    def noting(self: Machine, program: Program, *given: object, **named: object) -> None:
        found.clear()
        for chunk in program.modules:
            if isinstance(chunk, Chunk):
                found.extend(f"{program.modules[chunk.links[at].target].spec}.{name}" for at, name in chunk.slots)
        make(self, program, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Machine, "__init__", noting)
    return found


def both(main: str, sources: Mapping[str, str], session: Session | None = None) -> RunResult:
    """A program's result, which must be the same when nothing is folded."""
    folded = run_program(main, MemoryHost(sources=sources), session=session)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "settle", lambda *_: frozenset())
        plain = run_program(main, MemoryHost(sources=sources), session=session)
    assert (folded.output, folded.error, folded.exit_code) == (plain.output, plain.error, plain.exit_code)
    return folded


def printed(main: str, m: str = LIBRARY, **others: str) -> str:
    """What a program prints that imports `m.py`; it must succeed."""
    result = both(main, {"./m.py": m, "./n.py": "SIZE = 1"} | {f"./{name}.py": text for name, text in others.items()})
    assert result.error is None, result.error.rendered
    return result.output


USE = "def f(x):\n    return m.grow(x) + m.SIZE\n"
IMPORT = 'import "./m.py" as m\n'


@pytest.mark.parametrize(
    ("main", "output", "names"),
    [
        (IMPORT + USE + "print(f(2))", "9", "./m.py.SIZE ./m.py.grow"),
        ('"""Text."""\nfrom __future__ import annotations\n' + IMPORT + USE + "print(f(2))", "9", "./m.py.SIZE ./m.py.grow"),
        (IMPORT + "print((lambda x: m.grow(x))(2))", "6", "./m.py.grow"),
        (IMPORT + "def f(): return [m.grow(i) for i in range(m.SIZE)]\nprint(f())", "[0, 3, 6]", "./m.py.SIZE ./m.py.grow"),
        (IMPORT + "class C:\n    def f(self): return m.Box(m.COUNTS).x\nprint(C().f())", "4", "./m.py.Box ./m.py.COUNTS"),
        (IMPORT + "def f():\n    def g(): return m.SIZE\n    return g\nprint(f()())", "3", "./m.py.SIZE"),
        (IMPORT + "async def f(): return m.SIZE\nprint(await f())", "3", "./m.py.SIZE"),
        (IMPORT + "def f(): return f'{m.SIZE:>{m.SIZE}}{m.COUNTS=}'\nprint(f())", "  3m.COUNTS=4", "./m.py.COUNTS ./m.py.SIZE"),
        ("import math\ndef f(x): return math.sqrt(x) * math.pi\nprint(f(0.0))", "0.0", "math.pi math.sqrt"),
        (IMPORT + "class B:\n    SIZE = 1\nb = B()\nb.SIZE = 2\nsetattr(b, 'SIZE', 9)\n" + USE + "print(f(2), b.SIZE)", "9 9",
         "./m.py.SIZE ./m.py.grow"),
    ],
)  # fmt: skip
def test_functions_read_folded_names(main: str, output: str, names: str, slots: list[str]) -> None:
    session = Session()
    result = run_program(main, MemoryHost(sources={"./m.py": LIBRARY}), session=session)
    assert result.output == output + "\n"
    assert " ".join(sorted(slots)) == names
    assert not session.plainer
    assert printed(main) == output + "\n"


@pytest.mark.parametrize(
    ("main", "output"),
    [
        # Another value from outside, however it is set.
        (IMPORT + USE + "m.SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "m.SIZE += 5\nprint(f(2))", "24"),
        (IMPORT + USE + "m.grow, x = abs, 1\nprint(f(-2))", "5"),
        (IMPORT + USE + "for m.SIZE in (7, 8): pass\nprint(f(2))", "24"),
        (IMPORT + USE + "setattr(m, 'SIZE', 5)\nprint(f(2))", "15"),
        (IMPORT + USE + "s = setattr\ns(m, 'SIZE', 5)\nprint(f(2))", "15"),
        (IMPORT + USE + "object.__setattr__(m, 'SIZE', 5)\nprint(f(2))", "15"),
        (IMPORT + USE + "for one in [m]: one.SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "def put(to): to.SIZE = 5\nput(m)\nprint(f(2))", "15"),
        (IMPORT + USE + "n = m\nn.SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "globals()['m'].SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "vars()['m'].SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "import_module('./m.py').SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + 'import "./m.py" as n\nn.SIZE = 5\nprint(f(2))', "15"),
        (IMPORT + USE + 'def g():\n    import "./m.py" as n\n    n.SIZE = 5\ng()\nprint(f(2))', "15"),
        (IMPORT + USE + 'class C:\n    import "./m.py" as n\nC.n.SIZE = 5\nprint(f(2))', "15"),
        (IMPORT + USE + "try: m.absent\nexcept AttributeError as e: e.obj.SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "match m:\n    case n: n.SIZE = 5\nprint(f(2))", "15"),
        (IMPORT + USE + "def g(x=m): x.SIZE = 5\ng()\nprint(f(2))", "15"),
        # Another meaning of the name.
        (IMPORT + "class N: SIZE = 1\ndef f(): return m.SIZE\nm = N\nprint(f())", "1"),
        ('import "./m.py" as m, "./n.py" as m\ndef f(): return m.SIZE\nprint(f())', "1"),
        (IMPORT + "def f(m): return m.real\nprint(f(2))", "2"),
        (IMPORT + "def f(): return [m.real for m in (1, 2)], m.SIZE\nprint(f())", "([1, 2], 3)"),
        (IMPORT + "def f():\n    class m: SIZE = 9\n    return m.SIZE\nprint(f())", "9"),
        (IMPORT + USE + "class m:\n    SIZE, grow = 1, abs\nprint(f(2))", "3"),
        (IMPORT + "class N: SIZE = 1\ndef f(): return m.SIZE\ndef g():\n    global m\n    m = N\ng()\nprint(f())", "1"),
        (IMPORT + "def f(): return m.SIZE\ndel m\ntry: f()\nexcept NameError as e: print(e)", "name 'm' is not defined"),
        (IMPORT + "def f():\n    try: 1 / 0\n    except ZeroDivisionError as m: return m.args\nprint(f())",
         "('division by zero',)"),
        (IMPORT + "def f(x):\n    match x:\n        case [*m]: return m.copy()\nprint(f([1]))", "[1]"),
        # A private name, which is another one in a class.
        ('import "./m.py" as __m\nclass C:\n    def f(self): return __m.SIZE\ntry: C().f()\nexcept NameError as e: print(e)',
         "name '_C__m' is not defined"),
        ('import "./m.py" as _C__m\ndef f(): return _C__m.SIZE\nclass C:\n    def g(self): __m.SIZE = 5\nC().g()\nprint(f())',
         "5"),
        ("def f(): return m.SIZE\ntry: f()\nexcept NameError as e: print(e)\n" + IMPORT, "name 'm' is not defined"),
        ("try: print(1)\nfinally:\n    " + IMPORT + "def f(): return m.SIZE\nprint(f())", "1\n3"),
    ],
)  # fmt: skip
def test_what_may_change_is_read_as_it_is_written(main: str, output: str, slots: list[str]) -> None:
    assert printed(main) == output + "\n"
    run_program(main, MemoryHost(sources={"./m.py": LIBRARY, "./n.py": "SIZE = 1"}))
    assert not [name for name in slots if name.startswith("./m.py")]


@pytest.mark.parametrize(
    ("m", "output"),
    [
        ("SIZE = 3\ndef grow(x):\n    global SIZE\n    SIZE += 1\n    return x\n", "9"),
        ("SIZE = 3\ndef grow(x): return x\ndef again():\n    global grow\n    grow = abs\n", "8"),
        ("SIZE = 3\nif SIZE:\n    grow = abs\n", "8"),
        ("for SIZE in (1, 3): pass\ngrow = abs\n", "8"),
        ("SIZE = grow = 1\ndel SIZE, grow\nSIZE, grow = 3, abs\n", "8"),
        ("def __getattr__(name): return 3 if name == 'SIZE' else abs\n", "8"),
    ],
)
def test_what_a_module_may_bind_again_is_read_as_it_is_written(m: str, output: str, slots: list[str]) -> None:
    main = IMPORT + "def f(x): return m.grow(x) + m.SIZE\nprint(f(5))"
    run_program(main, MemoryHost(sources={"./m.py": m}))
    assert slots == []
    result = both(main, {"./m.py": m})
    assert result.error is not None or result.output == output + "\n"


@pytest.mark.parametrize(
    ("m", "change"),
    [
        ("X = 7\ng = ((X := i) for i in range(3))\n", "next(a.g)"),
        ("X = 7\ng = ((X # behind\n   := i) for i in range(3))\ns = f'{9:=^3}'\n", "next(a.g)"),
        ("col·legi = 7\nlegi = 8\ng = ((col·legi := i) for i in range(3))\n", "next(a.g)"),
        ("fi = 7\ng = ((ﬁ := i) for i in range(3))\n", "next(a.g)"),  # one character, the same name to Python
        ("_C__X = 7\nclass C:\n    def put(self):\n        global __X\n        __X = 0\n", "a.C().put()"),
    ],
)
def test_what_is_bound_again_later_is_read_anew(m: str, change: str) -> None:
    name = m.partition(" ")[0]
    assert printed(f'import "./a.py" as a\ndef f(): return a.{name}\nprint(f())\n{change}\nprint(f())', a=m) == "7\n0\n"


def test_a_star_import_may_bind_the_name_of_a_module() -> None:
    main = IMPORT + 'from "./b.py" import *\ndef f(): return m.SIZE\nprint(f())'
    assert printed(main, b="class C: SIZE = 2\nm = C()\n") == "2\n"


def test_a_name_that_is_not_there_is_the_plain_error() -> None:
    result = both(IMPORT + "def f(): return m.absent\nf()", {"./m.py": LIBRARY})
    assert result.error is not None
    assert "module './m.py' has no attribute 'absent'" in result.error.rendered
    gone = both(IMPORT + "def f(): return m.E\nf()", {"./m.py": "E = 1\ntry: 1 / 0\nexcept Exception as E: pass\n"})
    assert gone.error is not None
    assert "has no attribute 'E'" in gone.error.rendered


@pytest.mark.parametrize(
    "body",
    [
        "m.grow(None, None)",
        "(m\n  .grow(None))",
        "m.grow(\n  None)",
        "m.SIZE()",
        "m.SIZE.absent",
        "m.grow(absent)",
        "gro(1)",
    ],
)
def test_tracebacks_are_the_same(body: str) -> None:
    result = both(IMPORT + f"def f():\n    return [\n      0, {body}\n    ]\nf()", {"./m.py": LIBRARY})
    assert result.error is not None


@pytest.mark.parametrize(
    "text",
    [
        "from __future__ import annotations\n" + IMPORT + "def f(a: m.Box) -> m.Box: pass\nprint(f.__annotations__)",
        IMPORT + "def f():\n    def g(a: m.Box) -> m.Box: x: m.Box\n    return g.__annotations__\nprint(len(f()))",
        "from __future__ import annotations\n" + IMPORT
        + "def f():\n    class C: x: m.Box\n    return C.__annotations__\nprint(f())",
        IMPORT + "def f(x):\n    match x:\n        case m.SIZE: return 1\n        case m.Box(x=y): return y\n"
        "print(f(3), f(m.Box(4)))",
        IMPORT + "def f(x=m.SIZE, *, y=m.COUNTS): return x, y, m.SIZE\nprint(f(), f.__defaults__)",
        IMPORT + "def twice(g): return lambda x: g(g(x))\n@twice\ndef f(x): return m.grow(x)\nprint(f(1))",
        IMPORT + "class C:\n    SIZE = m.SIZE\n    def f(self): return self.SIZE, m.SIZE\nprint(C().f())",
        IMPORT + "class C:\n    def f(self): return m.__x\nprint(C().f())",
        IMPORT + "def f(): return 'm', dict(m=m.SIZE)\nprint(f())",
        IMPORT + "def f(n): return n if n < 2 else f(n - 1) + f(n - 2) + m.SIZE\nprint(f(12))",
    ],
)  # fmt: skip
def test_what_stands_elsewhere_is_the_same(text: str) -> None:
    assert printed(text, LIBRARY + "_C__x = 1\n__x = 2\n")


def test_modules_that_hand_on_modules(slots: list[str]) -> None:
    facade = 'import "./deep.py" as deep\nfrom "./deep.py" import K as LIMIT\nfrom "./deep.py" import *\n'
    deep = "K = 1\ndef g(): return K\n"
    reads = 'import "./facade.py" as p\ndef f(): return p.LIMIT\nprint(f())\n'
    assert printed(reads, facade=facade, deep=deep) == "1\n"
    run_program(reads, MemoryHost(sources={"./facade.py": facade, "./deep.py": deep}))
    assert slots == ["./facade.py.LIMIT"]
    # Whoever reaches a module through another may set its names.
    other = 'import "./deep.py" as d\ndef f(): return d.K\n'
    for main in (
        'from "./facade.py" import deep as x\nimport "./other.py" as o\nx.K = 5\nprint(o.f())',
        'from "./facade.py" import *\nimport "./other.py" as o\ndeep.K = 5\nprint(o.f())',
        'import "./facade.py" as p, "./other.py" as o\np.deep.K = 5\nprint(o.f())',
        'import "./facade.py" as p, "./other.py" as o\ngetattr(p, "deep").K = 5\nprint(o.f())',
        'import "./third.py" as t, "./other.py" as o\ngetattr(t, "p").deep.K = 5\nprint(o.f())',
        'from "./second.py" import deep\nimport "./other.py" as o\ndeep.K = 5\nprint(o.f())',
        'import "./other.py" as o\nfrom "./setter.py" import put\nput(5)\nprint(o.f())',
    ):
        setter = 'import "./facade.py" as p\ndef put(x): p.deep.K = x\n'
        second, third = 'from "./facade.py" import *\n', 'import "./facade.py" as p\n'
        assert (
            printed(main, facade=facade, deep=deep, other=other, setter=setter, second=second, third=third) == "5\n"
        ), main


def test_a_circular_import_ends_as_ever() -> None:
    sources = {"./a.py": 'import "./b.py" as b\nx = 1', "./b.py": 'import "./a.py" as a\nx = 1'}
    result = both('import "./a.py" as a\ndef f(): return a.x\nprint(f())', sources)
    assert result.error is not None
    assert "circular import" in result.error.rendered


def test_one_module_serves_programs_that_fold_and_that_do_not(slots: list[str]) -> None:
    session, sources = Session(), {"./m.py": "K = 1\n", "./u.py": 'import "./m.py" as m\ndef f(): return m.K\n'}
    texts = ('import "./u.py" as u\nprint(u.f())', 'import "./u.py" as u, "./m.py" as m\nm.K = 2\nprint(u.f())')
    for _ in range(2):
        for text, output, names in zip(texts, "12", (["./m.py.K"], []), strict=True):
            assert run_program(text, MemoryHost(sources=sources), session=session).output == output + "\n"
            assert slots == names
    assert len(session.plainer) == 1
    session.forget(next(digest for _, digest, _ in session.plainer))
    assert not session.plainer
