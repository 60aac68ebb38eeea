"""Uncaught exceptions: CPython's types, messages and places, the script's own frames, and nothing else."""

from __future__ import annotations

import time
import traceback

import pytest

from edge_runtime.machine import errors
from edge_runtime.machine.errors import RunError
from edge_runtime.machine.limits import RunEnded
from edge_runtime.source import Source, Span
from tests.unit.kit import run

PROGRAMS = {
    "statement": "x = 1\ny = x / 0\n",
    "function": "def f(a):\n    return a.missing\n\nf(1)\n",
    "nested functions": "def f():\n    def g(x):\n        return [x][5]\n    return g(2)\nprint(f())\n",
    "method": "class A:\n    def m(self):\n        return self.n\nA().m()\n",
    "init": "class A:\n    def __init__(self, n):\n        self.n = int(n)\nA('x')\n",
    "comprehension": "x = [1 // n for n in (1, 0)]\n",
    "nested comprehension": "x = [[1 // m for m in n] for n in [[0]]]\n",
    "generator": "def g():\n    yield 1\n    raise ValueError('end')\nlist(g())\n",
    "generator expression": "sum(1 / n for n in [0])\n",
    "class body": "class A:\n    x = 1\n    y = x + 'a'\n",
    "nested class": "class A:\n    class B:\n        z = undefined\n",
    "lambda": "f = lambda x: x['k']\nf({})\n",
    "decorator": "def d(f):\n    raise TypeError('no')\n@d\ndef g(): pass\n",
    "wrapped": "def d(f):\n    def w(*a):\n        return f(*a)\n    return w\n@d\ndef g(a): return a + 1\ng('x')\n",
    "several lines": "x = max(\n    1,\n    None,\n)\n",
    "call over lines": "def f(a,\n      b): pass\nf(\n  1\n)\n",
    "unicode": "é = '中文' + 1\n",
    "wide columns": "中 = {'🙂': 1}; x = 中['🙁']\n",
    "tab": "if 1:\n\tx = 1 + None\n",
    "assert": "assert 1 == 2, 'not equal'\n",
    "bare assert": "assert not 1\n",
    "raise class": "raise KeyError\n",
    "raise value": "raise KeyError('a')\n",
    "raise other": "raise 1\n",
    "from": "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError('b') from e\n",
    "from none": "try:\n    1/0\nexcept ZeroDivisionError:\n    raise ValueError('b') from None\n",
    "context": "try:\n    {}['a']\nexcept KeyError:\n    int('x')\n",
    "finally": "try:\n    1/0\nfinally:\n    [].pop()\n",
    "own class": "class E(Exception): pass\nraise E(1, 'two')\n",
    "own class with text": "class E(Exception):\n    def __str__(self): return 'mine'\nraise E\n",
    "group": "raise ExceptionGroup('several', [ValueError(1), KeyError('k')])\n",
    "note": "e = ValueError('a')\ne.add_note('think')\nraise e\n",
    "unpacking": "a, b = [1]\n",
    "attribute set": "(1).x = 2\n",
    "subscript set": "x = ()\nx[0] = 1\n",
    "deletion": "x = []\ndel x[0]\n",
    "with": "class C:\n    def __enter__(self): return 1\n    def __exit__(self, *a): raise OSError('x')\nwith C():\n  pass\n",
    "operator": "class A:\n    def __add__(self, o): return o + undefined\nA() + 1\n",
    "chained": "x = 1\ny = (x +\n     x.real / 0)\n",
    "unbound": "def f():\n    x\n    x = 1\nf()\n",
    "for": "for a, b in [1]: pass\n",
    "f-string": "x = f'a {1/0} b'\n",
    "sorted key": "sorted([1, 'a'], key=lambda v: v + 1)\n",
    "star call": "def f(a): pass\nf(*[1, 2])\n",
    "property": "class A:\n    @property\n    def p(self): return 1/0\nA().p\n",
    "getattr": "class A:\n    def __getattr__(self, n): raise AttributeError(n + '!')\ngetattr(A(), 'q')\n",
    "match": "match [1]:\n    case [x] if x.y: pass\n",
    "await": "async def f(): 1/0\nf().send(None)\n",
    "many lines of message": "raise ValueError('one\\ntwo')\n",
}


def expected_frames(text: str) -> tuple[str, str, list[tuple[int, int | None, int | None, int | None, str]]]:
    """CPython's type, message, and line, column, end line, end column, function of each frame."""
    try:
        exec(compile(text, "./main.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - the oracle
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is asked for
        lines = text.split("\n")
        shown = []
        for frame in traceback.extract_tb(error.__traceback__)[1:]:
            column = _characters(lines[(frame.lineno or 1) - 1], frame.colno)
            end = _characters(lines[(frame.end_lineno or 1) - 1], frame.end_colno)
            shown.append((frame.lineno or 0, column, frame.end_lineno, end, frame.name))
        return type(error).__name__, str(error), shown
    raise AssertionError("the program must fail")


def _characters(line: str, offset: int | None) -> int | None:
    return None if offset is None else len(line.encode()[:offset].decode()) + 1


def failed(text: str, **host: object) -> RunError:
    result = run(text, **host)
    assert result.error is not None
    assert not result.ok
    assert result.exit_code == 1
    return result.error


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_as_cpython(name: str) -> None:
    text = PROGRAMS[name]
    error = failed(text)
    kind, message, frames = expected_frames(text)
    assert (error.type, error.message) == (kind, message)
    ours = [
        (one.span.line, one.span.column, one.span.end_line, one.span.end_column, one.function.rpartition(".")[2])
        for one in error.frames
    ]
    assert ours == frames
    assert {one.file for one in error.frames} == {"./main.py"}
    assert error.rendered.startswith(f"error: {kind}" + (f": {message}" if message else ""))
    assert f"--> main.py:{frames[-1][0]}:" in error.rendered


def test_modules() -> None:
    error = failed(
        'from "./lib/a.py" import f\nf()\n',
        sources={"./lib/a.py": 'import "./b.py" as b\nf = lambda: b.g(1)\n', "./lib/b.py": "def g(x): return x()\n"},
    )
    assert [(one.file, one.function) for one in error.frames] == [
        ("./main.py", "<module>"),
        ("./lib/a.py", "<lambda>"),
        ("./lib/b.py", "g"),
    ]
    assert error.message == "'int' object is not callable"


def test_native_functions_have_no_frames() -> None:
    def broken(_value: object) -> None:
        raise LookupError("native trouble")

    error = failed("from m import f\nprint(f(\n  1))\n", natives={"m": {"f": broken}})
    assert [one.span.line for one in error.frames] == [2]
    assert "test_errors" not in error.rendered
    assert error.message == "native trouble"


def test_chain_in_the_picture() -> None:
    error = failed("try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError('b') from e\n")
    assert error.rendered == (
        "error: ValueError: b\n"
        "   --> main.py:4:5 in <module>\n"
        "    |\n"
        "  4 |     raise ValueError('b') from e\n"
        "    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "caused by: ZeroDivisionError: division by zero\n"
        "   --> main.py:2:5 in <module>\n"
        "    |\n"
        "  2 |     1/0\n"
        "    |     ^^^"
    )
    assert "\nwhile handling: KeyError: 'a'\n" in failed(PROGRAMS["context"]).rendered
    assert "while handling" not in failed(PROGRAMS["from none"]).rendered


def test_endless_chains_end() -> None:
    text = "a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a\n"
    assert failed(text).rendered.count("caused by") == 1
    many = "e = None\nfor i in range(50):\n    n = ValueError(i)\n    n.__cause__ = e\n    e = n\nraise e\n"
    assert failed(many).rendered.count("caused by") == 4


def test_groups_and_notes() -> None:
    text = "e = ExceptionGroup('g', [ValueError(n) for n in range(12)])\ne.add_note('one\\ntwo')\nraise e\n"
    shown = failed(text).rendered.split("\n")
    assert shown[0] == "error: ExceptionGroup: g (12 sub-exceptions)"
    assert shown[5:7] == ["    = ValueError: 0", "    = ValueError: 1"]
    assert shown[-3:] == ["    = ... 2 more ...", "    = note: one", "            two"]


def test_deep_recursion() -> None:
    error = failed("def f(n):\n    return f(n + 1)\nf(0)\n")
    assert error.type == "RecursionError"
    assert error.message.startswith("maximum recursion depth exceeded")
    assert 900 <= len(error.frames) <= 1_000
    assert error.frames[0].function == "<module>"
    assert error.rendered.count("in f") == 9
    assert f"   ... {len(error.frames) - 10} more frames ..." in error.rendered
    assert len(error.rendered) < 2_000


def test_of_very_many_frames_the_innermost_are_kept() -> None:
    from edge_runtime import Limits, MemoryHost, run_program

    text = "def f(n):\n    if n: return f(n - 1)\n    1/0\nf(2000)\n"
    error = run_program(text, MemoryHost(), limits=Limits(depth=3_000)).error
    assert error is not None
    assert len(error.frames) == 1_000
    assert (error.frames[0].span.line, error.frames[-1].span.line) == (4, 3)


FAILED = "<exception str() failed>"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise ValueError", FAILED),
        ("raise SystemExit(3)", FAILED),
        ("return 5", FAILED),
        ("\n        while True: pass", FAILED),
        ("return str(self)", FAILED),
        ("return T('sub')", "sub"),
        ("return 'a\\x1b[2Jb\\x07'", "a\x1b[2Jb\x07"),
        ("return 'x' * 10**6", "x" * 10_000),
        ("self.n = getattr(self, 'n', 0) + 1; return str(self.n)", "1"),
    ],
)
def test_texts_of_hostile_classes(body: str, message: str) -> None:
    text = (
        "class T(str):\n"
        "    def __getitem__(self, i): raise ValueError\n"
        "    def split(self, *a): raise ValueError\n"
        f"class E(Exception):\n    def __str__(self): {body}\nraise E\n"
    )
    started = time.process_time()
    error = failed(text)
    assert time.process_time() - started < 5, "a loop is ended"
    assert error.message == message
    assert type(error.message) is str
    assert "\x1b" not in error.rendered
    assert len(error.rendered) < 12_000


def test_names_of_hostile_classes() -> None:
    text = "class E(Exception): pass\nE.__qualname__ = 'a\\nerror: b\\x1b' + 'c' * 500\nraise E\n"
    error = failed(text)
    assert error.rendered.split("\n")[1].startswith("   --> main.py:3:1")
    assert len(error.type) == 200
    assert "\x1b" not in error.rendered


@pytest.mark.parametrize(
    ("code", "exit_code", "printed"),
    [
        ("", 0, ""),
        ("None", 0, ""),
        ("0", 0, ""),
        ("3", 3, ""),
        ("True", 1, ""),
        ("'text'", 1, "text\n"),
        ("(1, 2)", 1, "(1, 2)\n"),
        ("N(4)", 4, ""),
        ("Bad()", 1, f"{FAILED}\n"),
    ],
)
def test_system_exit(code: str, exit_code: int, printed: str) -> None:
    text = (
        "class N(int):\n    def __bool__(self): raise ValueError\n    def __int__(self): raise ValueError\n"
        f"class Bad:\n    def __str__(self): raise ValueError\nraise SystemExit({code})\n"
    )
    result = run(text)
    assert (result.exit_code, result.output, result.error) == (exit_code, printed, None)
    assert result.ok == (exit_code == 0)


def test_system_exit_of_a_hostile_class() -> None:
    result = run("class X(SystemExit):\n    code = property(lambda self: 1/0)\nraise X(7)\n")
    assert (result.exit_code, result.error) == (7, None)


HOSTILE = {
    "a key that ends": ("class K:\n    def __repr__(self): raise SystemExit(3)\nraise KeyError(K())", FAILED),
    "a cause that raises": ("class E(Exception): pass\nE.__cause__ = property(lambda self: 1/0)\nraise E(1)", "1"),
    "a cause of another kind": ("class E(Exception): pass\nE.__cause__ = property(lambda self: 5)\nraise E(1)", "1"),
    "a flag that raises": (
        (
            "class E(Exception): pass\nE.__suppress_context__ = property(lambda self: 1/0)\n"
            "try: 1/0\nexcept ZeroDivisionError: raise E(1)"
        ),
        "1",
    ),
    "notes of another kind": (
        (
            "class L(list):\n    def __iter__(self): 1/0\n    def __len__(self): 1/0\n"
            "e = ValueError(1)\ne.__dict__['__notes__'] = L(['a'])\nraise e"
        ),
        "1",
    ),
    "notes that are no strings": (
        (
            "class S(str):\n    def replace(self, *a): 1/0\n"
            "e = ValueError(1)\ne.add_note(S('n'))\ne.__notes__.append(3)\nraise e"
        ),
        "1",
    ),
    "a group that lies": (
        "class G(ExceptionGroup):\n    exceptions = property(lambda self: 1/0)\n    message = 5\nraise G('m', [OSError()])",
        "m (1 sub-exception)",
    ),
    "arguments that raise": ("class E(Exception):\n    args = property(lambda self: 1/0)\nraise E(1)", "1"),
    "a chain of a hundred thousand": (
        "e = None\nfor i in range(100_000):\n    n = ValueError(i)\n    n.__cause__ = e\n    e = n\nraise e",
        "99999",
    ),
    "groups in groups": (
        "e = ValueError(1)\nfor i in range(100_000): e = ExceptionGroup('g', [e])\nraise e",
        "g (1 sub-exception)",
    ),
    "errors in errors": ("e = ValueError(1)\nfor i in range(100_000): e = KeyError([e])\nraise e", FAILED),
    "raised very often": (
        "e = ValueError(1)\nfor i in range(20_000):\n    try: raise e\n    except ValueError: pass\nraise e",
        "1",
    ),
    "megabytes": ("raise ValueError('x' * 5_000_000)", "x" * 10_000),
    "megabytes of notes": ("e = ValueError(1)\nfor i in range(100): e.add_note('y' * 100_000)\nraise e", "1"),
    "half a character": ("raise ValueError('\\ud800\\x1b[2J\\u202e')", "\ud800\x1b[2J\u202e"),
    "a place that is none": (
        "e = SyntaxError('m', ('f', 1, 1, 'text'))\ne.filename = 5; e.lineno = 'x'; e.text = 5\nraise e",
        "m",
    ),
    "a name of another kind": (
        (
            "class S(str):\n    def __getitem__(self, i): 1/0\n    def __str__(self): 1/0\n"
            "class E(Exception): pass\nE.__qualname__ = E.__name__ = S('x')\nraise E('m')"
        ),
        "m",
    ),
    "it prints": ("class E(Exception):\n    def __str__(self): print('here'); return 'text'\nraise E", "text"),
    "it waits": ("class E(Exception):\n    def __str__(self): return input('name? ')\nraise E", FAILED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_an_exception_is_trusted(name: str) -> None:
    text, message = HOSTILE[name]
    error = failed(text)
    assert error.message == message
    assert error.rendered.startswith(f"error: {error.type}")
    assert "main.py" in error.rendered
    assert len(error.rendered) < 120_000
    error.rendered.encode()  # a host can write it
    assert "\x1b" not in error.rendered


def test_a_run_that_ends_while_its_error_is_read() -> None:
    def end() -> None:
        raise RunEnded("TimeoutError", "the time is up")

    text = "from m import end\nclass E(Exception):\n    def __str__(self):\n        end()\nraise {}\n"
    for raised in ("E", "ValueError(1) from E()", "ExceptionGroup('g', [E()])"):
        error = failed(text.format(raised), natives={"m": {"end": end}})
        assert (error.type, error.message) == ("TimeoutError", "the time is up")
    assert run(text.format("SystemExit(E())"), natives={"m": {"end": end}}).output == f"{FAILED}\n"


def test_an_instruction_without_a_line() -> None:
    code = compile("pass", "main.py", "exec")
    found = errors._frame(code, 10_000, None, Source("./main.py", "  x\n"))  # compilers make such rarely
    assert (found.span, found.text) == (Span(1, 3, 1, 4), "  x")


@pytest.mark.parametrize("name", PROGRAMS)
def test_never_a_frame_or_path_of_the_runtime(name: str) -> None:
    shown = failed(PROGRAMS[name]).rendered
    assert "edge_runtime" not in shown
    assert "/" not in shown.replace("1/0", "").replace("x / 0", "").replace("//", "").replace(" / ", "")


def test_circular_import_error_is_like_any_other() -> None:
    error = failed('import "./a.py" as a\n', sources={"./a.py": 'x = 1\ndef f():\n    import "./main.py" as m\n'})
    assert error.rendered == (
        "error: ImportError: circular import: main.py -> a.py -> main.py\n"
        "   --> a.py:3:12 in <module>\n"
        "    |\n"
        '  3 |     import "./main.py" as m\n'
        "    |            ^^^^^^^^^^^"
    )
