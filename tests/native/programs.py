"""Programs that use native modules: each says the same in wasmtime and in a browser.

Takes: nothing.
Gives: `PROGRAMS`: name -> (program, what it prints; None: whatever wasmtime says); `FAILING`: name -> (program, a part of its
picture);
`MODULES`: the bytes that `./probe.wasm` and its kin stand for.
Refuses: nothing.
"""

from __future__ import annotations

from typing import Final

from wasmtime import wat2wasm

from tests.native.probe import HEAD, IMPORTS, MEMORY_AND_ALLOC, PROBE

PLAIN: Final = """
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3)))
  (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
  (func (export "single") (param f32) (result f32) (local.get 0))
  (func (export "both") (param i32 f64) (result i32 f64) (local.get 0) (local.get 1))
  (func (export "three") (result i64 i32 f32) (i64.const -5) (i32.const 6) (f32.const -0))
  (func (export "nothing"))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $deep (export "deep") (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))
  (func (export "vector") (param v128))
  (global (export "answer") i32 (i32.const 42))
  (global (export "big") i64 (i64.const -9007199254740993))
  (global (export "tau") f64 (f64.const 6.283185307179586))
  (global (export "counter") (mut i32) (i32.const 1))
  (memory (export "memory") 1)
"""

WAITS: Final = (
    "a function that a native module called cannot wait (input, receive, sleep, calls of the page): "
    "wait before the native call, or after it"
)

_LIARS: Final = (
    HEAD
    + """
 (func (export "none_left") (param i32 i32 i32) (result i32) (i32.const 0))
 (func (export "bad_handle") (param i32 i32 i32) (result i32) (i32.store (local.get 2) (i32.const 12345)) (i32.const 0))
 (func (export "no_error") (param i32 i32 i32) (result i32) (i32.const 1))
 (func (export "two") (param i32 i32 i32) (result i32) (i32.const 2))
 (func (export "thrown") (param i32 i32 i32) (result i32)
   (i32.store8 (i32.const 0) (i32.const 120)) (call $throw (i32.const 1) (i32.const 0) (i32.const 1)) (i32.const 0))
 (func (export "far") (param i32 i32 i32) (result i32)
   (i32.store (local.get 2) (call $encode (i32.const 5) (i32.const -16) (i32.const 64))) (i32.const 0))
 (func (export "op") (param i32 i32 i32) (result i32)
   (call $op (i32.const 99) (i32.load (local.get 0)) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (local.get 2)))
 (func (export "receiver") (param i32 i32 i32) (result i32)
   (call $op (i32.const 5) (i32.const 77) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (local.get 2)))
 (func (export "count") (param i32 i32 i32) (result i32)
   (call $op (i32.const 9) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2000000) (local.get 2)))
"""
)

MODULES: Final[dict[str, bytes]] = {
    f"/{name}.wasm": bytes(wat2wasm(f"(module {body})"))
    for name, body in {
        "probe": PROBE,
        "other": PROBE,
        "plain": PLAIN,
        "liar": _LIARS,
        "unfreed": IMPORTS
        + MEMORY_AND_ALLOC
        + """
          (func (export "size") (param i32 i32 i32) (result i32)
            (i64.store (i32.const 32) (i64.extend_i32_u (global.get $top))) (i64.store (i32.const 40) (i64.const 0))
            (i32.store (local.get 2) (call $encode (i32.const 2) (i32.const 32) (i32.const 16))) (i32.const 0))""",
        "stubborn": HEAD
        + """ (func (export "survive") (param i32 i32 i32) (result i32)
              (block $b (try_table (catch_all $b)
                (drop (call $encode (i32.const 5) (i32.const -16) (i32.const 64)))))
              (i32.store (local.get 2) (call $encode (i32.const 0) (i32.const 0) (i32.const 0))) (i32.const 0))""",
        "second": HEAD + '(func (export "__edge_abi_version") (result i32) (i32.const 2))',
        "starts": HEAD + "(func $start unreachable) (start $start)",
        "too_early": HEAD + "(func $s (call $throw (i32.const 0) (i32.const 0) (i32.const 4))) (start $s)",
        "two_memories": '(memory 1) (memory 2) (func (export "pages") (result i32) (memory.size 1))',
        "broken_constant": HEAD + '(func (export "__const_x") (param i32 i32 i32) (result i32) unreachable)',
        "no_alloc": IMPORTS
        + '(memory (export "memory") 1) (func (export "f") (param i32 i32 i32) (result i32) unreachable)',
        "bad_alloc": IMPORTS
        + """(memory (export "memory") 1)
          (func (export "__edge_alloc") (param i32) (result i32) (i32.const -4))
          (func (export "f") (param i32 i32 i32) (result i32) unreachable)""",
        "wasi": '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))'
        '(func (export "f"))',
        "tables": "(table 10000000 funcref) " * 100 + '(func (export "f"))',
        "growing": """(table 1 funcref) (func (export "grow") (result i32)
            (loop (br_if 0 (i32.ne (table.grow (ref.null func) (i32.const 100000)) (i32.const -1)))) (table.size))""",
        "collected": """(type $bytes (array (mut i8))) (table 100000 anyref) (func (export "f") (param i32)
            (loop (table.set (local.get 0) (array.new_default $bytes (i32.const 1000000)))
              (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 100000)))))""",
        "grouped": '(rec (type (func)) (type (func (param i32)))) (func (export "f"))',
        "exceptions": '(table 1 exnref) (func (export "f"))',
        "imports_memory": '(import "env" "memory" (memory 1)) (func (export "f"))',
    }.items()
}

PROGRAMS: Final[dict[str, tuple[str, str | None]]] = {
    "a table's bound": ('from "./growing.wasm" import grow\nprint(grow())', "900001\n"),
    "primitives": (
        """
from "./probe.wasm" import echo, encode, decode
for value in (None, True, False, 0, -1, 7, 2 ** 31, -2 ** 31, 2 ** 53, 2 ** 53 + 1, 2 ** 63, 2 ** 127 - 1, -2 ** 127,
              0.5, 2.0, -0.0, 1e300, float("inf"), float("nan"), "", "ä€😀\\0", b"", b"\\0\\xff"):
    data = decode(value, 100)
    back = encode(data[0], data[8:])
    print([repr(got) == repr(value) and type(got) is type(value) for got in (echo(value), back)])
class Size(int):
    pass
for value in (2 ** 127, -2 ** 127 - 1, "\\ud800", [], (1,), {}, print, Size):
    print(decode(value, 100)[:8].hex(), echo(value) is value or isinstance(value, (int, str)) and echo(value) == value)
print(decode(Size(3), 100).hex(), type(echo(Size(3))).__name__)
print([encode(tag, data) for tag, data in ((1, b"\\2"), (2, b"1"), (3, b"1"), (4, b"\\xff"), (6, b""), (0, b"1"))])
print(decode("12345", 4)[:8].hex())
data = bytes(range(256)) * 4096
print(encode(5, data) == data, encode(4, b"x" * 1000000) == "x" * 1000000)
""",
        "[True, True]\n" * 23
        + "ffffffff00000000 True\n" * 8
        + "020000001000000003000000000000000000000000000000 Size\n[-1, -1, -1, -1, -1, -1]\n04000000fbffffff\nTrue True\n",
    ),
    "many bytes": (
        """
from "./probe.wasm" import apply, decode, echo, encode
import "./other.wasm" as other
big = [bytes([i]) * (70_000 + 1_000 * i) for i in range(8)]
back = []
for item in big:
    back.append(encode(5, item))
    back.append(echo(item))
    back.append(other.encode(5, item))
print(back == [item for item in big for _ in range(3)])
print(apply(lambda: (encode(5, big[1]), echo(big[2]), decode(big[3], 200_000)[8:])) == (big[1], big[2], big[3]))
def inner(a):
    b = encode(5, big[5])
    return a + encode(5, big[6]) + b
print(apply(lambda: inner(echo(big[4]))) == big[4] + big[6] + big[5], back[0] == big[0], back[-1] == big[7])
""",
        "True\nTrue\nTrue True True\n",
    ),
    "calls": (
        """
from "./probe.wasm" import add, argc, keywords, answer, abs, apply, swallow, take, release_twice, leak
print(add(2, 3), add(-5, 2), argc(), argc(1, 2), argc(x=1), keywords(), keywords(a=1, b="x"), answer, abs())
print(apply(lambda: 7), swallow(lambda: 1 / 0), take(), release_twice("x"), leak())
for function in (add, abs):
    print(repr(function), callable(function))
try:
    apply(lambda: {}["k"])
except KeyError as error:
    print("KeyError", error, hasattr(error, "__traceback__"))
total = 0
for i in range(3000):
    total = add(total, i)
print(total)
""",
        (
            "5 -3 1 3 1 None {'a': 1, 'b': 'x'} 42 5\n7 None -1 7 0\n"
            "<built-in function add> True\n<built-in function abs> True\nKeyError 'k' False\n4498500\n"
        ),
    ),
    "operations": (
        """
from "./probe.wasm" import do
class Point:
    def __init__(self, x):
        self.x = x
    def move(self, by, *rest):
        return self.x + by, rest
p = Point(1)
print(do(0, "move", p, 4), do(0, "move", p, 1, 2, 3), do(0, "__call__", max, 3, 9), do(0, "upper", "abc"))
print(do(1, "x", p), do(2, "x", p, 5), p.x, do(3, "", {"a": 1}, "a"), do(3, "", b"abc", 1), do(4, "", [1, 2], 0, 9))
print(do(5, "", "äöü"), do(6, "", (1, 2)), do(8, "", None), do(9, "", None, 1, 2), do(10, "", p), do(10, "", 2.0))
print(do(11, "", None, 1, 2), do(12, "", None, 1, 1), do(13, "", None, "a"))
for op, name, receiver, *args in (
        (0, "no", p), (0, "__globals__", print), (1, "__class__", p), (1, "__globals__", p.move), (2, "__class__", p, 1),
        (3, "", {}, "k"), (3, "", [], 5), (5, "", 5), (7, "", p), (14, "", p), (1, "__dict__", Point), (1, "__rust_id", p)):
    try:
        print(type(do(op, name, receiver, *args)).__name__)
    except Exception as error:
        print(type(error).__name__, error)
""",
        (
            "(5, ()) (2, (2, 3)) 9 ABC\n1 None 5 1 98 None\n3 [1, 2] {} [1, 2] Point float\n(1, 2) {1} frozenset({'a'})\n"
            "AttributeError 'Point' object has no attribute 'no'\n"
            "AttributeError the attribute '__globals__' is not available in Edge Python; "
            "pass the values that a function needs as its parameters\ntype\n"
            "AttributeError the attribute '__globals__' is not available in Edge Python; "
            "pass the values that a function needs as its parameters\n"
            "AttributeError the attribute '__class__' is not available in Edge Python; "
            "make a new object of the other class\n"
            "KeyError 'k'\nIndexError list index out of range\nTypeError object of type 'int' has no len()\n"
            "TypeError 'Point' object is not an iterator\nRuntimeError there is no operation 14 in ABI version 1\nmappingproxy\n"
            "AttributeError '__rust_id' is kept for instances of the module's own classes, not 'Point'\n"
        ),
    ),
    "errors": (
        """
from "./probe.wasm" import throw, caught, again, apply
for kind, text in ((0, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e"), (5, "f"), (6, "ZeroDivisionError: zero"), (6, "Unknown: u"),
                   (6, "SystemExit: 3"), (6, "plain words"), (7, "seven"), (6, "StopIteration")):
    try:
        throw(kind, text)
    except Exception as error:
        print(type(error).__name__, error)
class Mine(Exception):
    pass
mine = Mine("own")
def fail():
    raise mine
print(caught(fail, 100).hex(), caught(fail, 2)[:8].hex(), caught(lambda: next(iter([])), 100)[8:])
for function in (apply, again):
    try:
        function(fail)
    except Mine as error:
        print(error is mine)
""",
        (
            "TypeError a\nValueError b\nRuntimeError c\nAttributeError d\nIndexError e\nKeyError 'f'\nZeroDivisionError zero\n"
            "RuntimeError Unknown: u\nRuntimeError SystemExit: 3\nRuntimeError plain words\nRuntimeError seven\nStopIteration \n"
            "06000000090000004d696e653a206f776e 06000000f7ffffff b'StopIteration'\nTrue\nTrue\n"
        ),
    ),
    "classes": (
        """
from "./probe.wasm" import Counter, id_of
import "./other.wasm" as other
a, b = Counter(3), Counter(4)
print(a.get(), b.get(), len(a), isinstance(a, Counter), Counter.__name__, id_of(a))
class Loud(Counter):
    def get(self):
        return super().get() * 10
print(Loud(5).get(), len(Loud(6)))
a.name = "x"
print(a.name, vars(a), hasattr(a, "__rust_id"), isinstance(other.Counter(1), Counter))
for work in (lambda: Counter(), lambda: Counter.get(5), lambda: other.id_of(a),
             lambda: Counter.get(other.Counter(1)), lambda: id_of(5)):
    try:
        print(work())
    except Exception as error:
        print(type(error).__name__, error)
""",
        None,
    ),
    "reentrance": (
        """
from "./probe.wasm" import apply, add
import "./other.wasm" as other
print(apply(lambda: other.apply(lambda: apply(lambda: other.add(add(1, 2), 3)))))
def down(n):
    return apply(lambda: down(n - 1)) if n else "bottom"
print(down(20))
try:
    down(100000)
except RecursionError as error:
    print("RecursionError")
print(add(1, 1))
""",
        "6\nbottom\nRecursionError\n2\n",
    ),
    "traps": (
        """
import "./probe.wasm" as probe
import "./other.wasm" as other
import "./plain.wasm" as plain
for name in ("unreachable", "add"):
    try:
        print(getattr(probe, name)(1, 2))
    except RuntimeError as error:
        print(error)
print(other.add(1, 2))
try:
    other.apply(lambda: other.divide())
except RuntimeError as error:
    print(error)
for work in (lambda: plain.divide(1, 0), lambda: plain.add(1, 2)):
    try:
        work()
    except RuntimeError as error:
        print(error)
""",
        (
            "native module './probe.wasm' trapped: unreachable\nnative module './probe.wasm' trapped earlier: unreachable\n3\n"
            "native module './other.wasm' trapped: divide by zero\nnative module './plain.wasm' trapped: divide by zero\n"
            "native module './plain.wasm' trapped earlier: divide by zero\n"
        ),
    ),
    "traps in a callback": (
        """
import "./probe.wasm" as probe
def work():
    try:
        probe.unreachable()
    except RuntimeError as error:
        print("inside:", error)
try:
    print(probe.apply(work))
except RuntimeError as error:
    print("outside:", error)
""",
        (
            "inside: native module './probe.wasm' trapped: unreachable\n"
            "outside: native module './probe.wasm' trapped earlier: unreachable\n"
        ),
    ),
    "waits in a callback": (
        """
import "./probe.wasm" as probe
async def other(n):
    return n
async def task(n):
    print(probe.apply(lambda: run(other(n))))
    for work in (lambda: sleep(0.001), input, lambda: gather(other(n), slow())):
        try:
            print(probe.apply(work))
        except RuntimeError as error:
            print(n, error)
    sleep(0.001)
    print("after", n)
async def slow():
    sleep(0.001)
try:
    probe.apply(lambda: sleep(0.001))
except RuntimeError as error:
    print("main", error)
gather(task(1), task(2))
""",
        (f"main {WAITS}\n1\n1 {WAITS}\n1 {WAITS}\n1 {WAITS}\n2\n2 {WAITS}\n2 {WAITS}\n2 {WAITS}\nafter 1\nafter 2\n"),
    ),
    "deep": (
        """
import "./probe.wasm" as probe
import "./plain.wasm" as plain
for module, work in (("probe", lambda: probe.deep()), ("plain", lambda: plain.deep(1)), ("grow", None)):
    try:
        work and work()
    except RuntimeError as error:
        print(error)
""",
        "native module './probe.wasm' trapped: stack overflow\nnative module './plain.wasm' trapped: stack overflow\n",
    ),
    "bounds": (
        """
import "./probe.wasm" as probe
import "./other.wasm" as other
print(probe.grow())
for function in (probe.outside, other.convert):
    try:
        function()
    except RuntimeError as error:
        print(error)
""",
        None,
    ),
    "liars": (
        """
import "./liar.wasm" as liar
for name in ("none_left", "bad_handle", "no_error", "two", "thrown", "op", "receiver", "count", "far", "two"):
    try:
        print(getattr(liar, name)(1))
    except Exception as error:
        print(type(error).__name__, error)
""",
        (
            "RuntimeError native module './liar.wasm': none_left() returned 0 but left no handle in *out\n"
            "RuntimeError native module './liar.wasm': bad_handle() left 12345, which is no handle, in *out\n"
            "RuntimeError native module './liar.wasm': no_error() returned 1, an error, but set none\n"
            "RuntimeError native module './liar.wasm': two() returned 2; only 0 and 1 have a meaning\n"
            "ValueError x\n"
            "RuntimeError there is no operation 99 in ABI version 1\nRuntimeError edge_op: 77 is not a valid handle\n"
            "RuntimeError edge_op: 2000000 arguments are too many, the most are 1000000\n"
            "RuntimeError native module './liar.wasm' trapped: memory access out of bounds\n"
            "RuntimeError native module './liar.wasm' trapped earlier: memory access out of bounds\n"
        ),
    ),
    "after a trap": (
        """
import "./probe.wasm" as probe
import "./plain.wasm" as plain
import "./stubborn.wasm" as stubborn
for work in (probe.unreachable, stubborn.survive, stubborn.survive):
    try:
        print(work())
    except RuntimeError as error:
        print(error)
    print(plain.add(1, 2), plain.nothing())
""",
        None,
    ),
    "endings that are caught": (
        """
from "./probe.wasm" import add, apply, swallow
def leave():
    raise GeneratorExit
for function in (apply, swallow):
    try:
        function(leave)
    except GeneratorExit:
        print("caught", add(1, 2))
def inner():
    try:
        apply(leave)
    except GeneratorExit:
        print("inner", add(2, 3))
    return add(1, 1)
print(apply(inner), swallow(lambda: 1 / 0), add(3, 4))
""",
        "caught 3\ncaught 3\ninner 5\n2 None 7\n",
    ),
    "what a module swallows is let go": (
        """
from "./probe.wasm" import swallow
failed = []
def work():
    try:
        data = bytes(8_000_000)
    except MemoryError:
        failed.append(1)
        raise
    raise ValueError(data[0])
for i in range(400):
    swallow(work)
print(len(failed))
""",
        "0\n",
    ),
    "surrogates": (
        """
from "./probe.wasm" import again, apply, caught, decode, echo
pair = "\\ud83d" + "\\ude00"
print(len(echo(pair)), echo(pair) == pair, decode(pair, 100)[:4].hex(), len(apply(lambda: pair)))
print(decode("\\U0001f600", 100).hex())
def bad():
    raise ValueError("\\ud800")
print(caught(bad, 100)[8:])
try:
    again(bad)
except ValueError as error:
    print(ascii(str(error)))
""",
        None,
    ),
    "staging": (
        """
from "./unfreed.wasm" import size
first = size()
for i in range(1000):
    size(i, i)
print(size() - first <= 64)
""",
        "True\n",
    ),
    "plain": (
        """
import "./plain.wasm" as plain
from "./plain.wasm" import add, answer, big, tau
print(add(2, 3), add(-1, True), add(2147483647, 1), plain.wide(3), plain.wide(-2 ** 62), plain.half(3), plain.half(-0.0))
print(plain.single(0.1), plain.both(1, 2), plain.three(), plain.nothing(), answer, big, tau, plain.half(float("inf")))
for work in (lambda: add(1), lambda: add(1, 2, 3), lambda: add(1, "2"), lambda: add(1.0, 2), lambda: add(a=1, b=2),
             lambda: add(2 ** 40, 1), lambda: plain.wide(2 ** 64), lambda: plain.half("x"), lambda: plain.half(10 ** 400)):
    try:
        print(work())
    except Exception as error:
        print(type(error).__name__, error)
""",
        None,
    ),
    "two memories": ('from "./two_memories.wasm" import pages\nprint(pages())', "2\n"),
    "runs do not share": (
        """
import "./probe.wasm" as probe
try:
    probe.unreachable()
except RuntimeError as error:
    print(error)
""",
        "native module './probe.wasm' trapped: unreachable\n",
    ),
    "the end of a program": (
        """
from "./probe.wasm" import swallow
def leave():
    raise SystemExit
swallow(leave)
print("not reached")
""",
        "",
    ),
}

FAILING: Final[dict[str, tuple[str, str]]] = {
    "no such name": ('from "./probe.wasm" import ad', "module './probe.wasm' has no export 'ad'"),
    "did you mean": ('from "./probe.wasm" import ad', "did you mean 'add'?"),
    "why it is missing": ('from "./plain.wasm" import vector', "v128"),
    "another abi": ('import "./second.wasm" as m', "native module './second.wasm' targets ABI 2, this host speaks 1"),
    "a start that traps": (
        'import "./starts.wasm" as m',
        "native module './starts.wasm' did not start: trapped: unreachable",
    ),
    "a start that calls the host": (
        'import "./too_early.wasm" as m',
        "did not start: its start function calls the host, which does not know its memory yet",
    ),
    "a constant that traps": ('import "./broken_constant.wasm" as m', "its constant 'x' failed"),
    "no alloc": ('import "./no_alloc.wasm" as m', "__edge_alloc"),
    "an alloc that lies": ('from "./bad_alloc.wasm" import f\nf()', "__edge_alloc(64) gave no memory of the module's"),
    "wasi": ('import "./wasi.wasm" as m', "it imports 'wasi_snapshot_preview1.fd_write'"),
    "tables": (
        'import "./tables.wasm" as m',
        "its tables have 1,000,000,000 entries at the start, and 1,000,000 is the limit",
    ),
    "garbage collection": (
        'import "./collected.wasm" as m',
        "it uses garbage-collected types, whose memory cannot be bounded",
    ),
    "a group of types": (
        'import "./grouped.wasm" as m',
        "it uses garbage-collected types, whose memory cannot be bounded",
    ),
    "kept exceptions": ('import "./exceptions.wasm" as m', "it has a table of objects, whose memory cannot be bounded"),
    "imported memory": ('import "./imports_memory.wasm" as m', "it imports its memory ('env.memory')"),
    "not wasm": ('import "./text.wasm" as m', "module './text.wasm' is not WebAssembly"),
    "a web page": ('import "./page.wasm" as m', "module './page.wasm' is an HTML page, not WebAssembly"),
    "not there": ('import "./gone.wasm" as m', "module './gone.wasm' not found"),
    "a wrong digest": (f'import "./probe.wasm#sha256-{"0" * 64}" as m', "integrity check failed for './probe.wasm'"),
    "cut off": ('import "./cut.wasm" as m', "cannot load module './cut.wasm'"),
    "bad code": ('import "./bad.wasm" as m', "cannot load module './bad.wasm': it is not a sound module"),
}

MODULES["/text.wasm"] = b"f = 1\n"
MODULES["/page.wasm"] = b"<!doctype html><title>x</title>"
MODULES["/cut.wasm"] = MODULES["/probe.wasm"][:-3]
_BAD = bytearray(MODULES["/plain.wasm"])
_BAD[_BAD.rindex(b"\x6a")] = 0xFE  # i32.add becomes no instruction
MODULES["/bad.wasm"] = bytes(_BAD)
