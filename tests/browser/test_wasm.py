"""Native modules in a page: the lock and the store, limits, loaders, waiting.

Takes: modules in WAT, real programs, the site's log. Holds: wasm-abi.md, and browser.md where it speaks of `.wasm`.
What modules and programs say to each other: tests/native/test_programs.py, the same as in wasmtime.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import pytest
from wasmtime import wat2wasm

from tests.native.probe import PROBE
from tests.support.lab import Lab
from tests.support.site import CORS

pytestmark = pytest.mark.usefixtures("dist")

WASM: Final = "application/wasm"
ADD: Final = bytes(
    wat2wasm('(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))')
)
LOOP: Final = bytes(
    wat2wasm('(module (func (export "spin") (loop (br 0))) (func (export "one") (result i32) i32.const 1))')
)
GREEDY: Final = bytes(
    wat2wasm(
        """(module (memory (export "memory") 1) (func (export "grow") (result i32)
             (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (memory.size)))"""
    )
)
FOREIGN: Final = bytes(
    wat2wasm(
        """(module (import "kit" "twice" (func $twice (param i32) (result i32)))
             (func (export "four") (result i32) (call $twice (i32.const 2))))"""
    )
)

CAPABILITY = """
export default {
  match: (module) => WebAssembly.Module.imports(module).some(({ module: from }) => from === 'kit'),
  load(module, ctx) {
    const { exports } = new WebAssembly.Instance(module, { kit: { twice: (x) => x * 2 } });
    let count = 0;
    return {
      kind: 'capability',
      names: ['four', 'join', 'count', 'fail'],
      fns: {
        four: () => ctx.encode(exports.four()),
        join: (a, b) => ctx.encode(`${ctx.decode(a)}-${ctx.decode(b)}`),
        count: () => ctx.encode(count += 1),
        fail: () => { const error = new Error('no'); error.name = 'KeyError'; throw error; },
      },
    };
  },
};
"""
PDK = """
export default {
  match: async (module) => WebAssembly.Module.imports(module).some(({ module: from }) => from === 'log'),
  async load(module, ctx) {
    const log = { write: () => 7 };
    const { exports } = new WebAssembly.Instance(module, { env: ctx.env, log });
    return { kind: 'wasmpdk', names: ['give'], fns: exports };
  },
};
"""
WITH_LOG: Final = bytes(
    wat2wasm(
        """(module
  (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
  (import "log" "write" (func $write (result i32)))
  (memory (export "memory") 1)
  (func (export "__edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "give") (param i32 i32 i32) (result i32)
    (i64.store (i32.const 32) (i64.extend_i32_u (call $write))) (i64.store (i32.const 40) (i64.const 0))
    (i32.store (local.get 2) (call $encode (i32.const 2) (i32.const 32) (i32.const 16))) (i32.const 0)))"""
    )
)


def test_a_module_is_locked_and_stored_as_code_is(quick: Lab) -> None:
    url = quick.other.put("/kit/math.wasm", ADD, WASM, headers=CORS)
    program = f'from "{url}" import add\nprint(add(2, 3))'
    quick.start()
    assert quick.run(program)["out"] == "5\n"
    assert quick.run(program)["out"] == "5\n"
    assert quick.asked() == ([], ["/kit/math.wasm"])
    assert quick.lock() == {url: {"sha256": sha256(ADD).hexdigest(), "bytes": len(ADD)}}
    quick.again()
    quick.other.put("/kit/math.wasm", LOOP, WASM, headers=CORS)
    assert quick.run(program)["out"] == "5\n", "the second visit asks nobody"
    assert quick.asked() == ([], [])
    quick.evict()
    quick.again()
    assert f"integrity drift for '{url}'" in quick.run(program)["out"]


def test_a_digest_holds_for_modules(quick: Lab) -> None:
    quick.site.put("/m.wasm", ADD, WASM)
    quick.start()
    good = sha256(ADD).hexdigest()
    assert quick.run(f'from "./m.wasm#sha256-{good}" import add\nprint(add(1, 1))')["out"] == "2\n"
    found = quick.run(f'from "./m.wasm#sha256-{"0" * 64}" import add\nprint("ran")')
    assert "integrity check failed for './m.wasm'" in found["out"]
    assert "ran" not in found["out"]


def test_an_alias_and_one_instance_for_a_program(quick: Lab) -> None:
    quick.site.put("/packages.json", '{"imports": {"probe": "./vendor/probe.wasm"}}', "application/json")
    quick.site.put("/vendor/probe.wasm", bytes(wat2wasm(f"(module {PROBE})")), WASM)
    quick.site.put("/a.py", 'import probe\nfrom "./vendor/probe.wasm" import add\n', "text/x-python")
    quick.site.put(
        "/main.py", 'import probe\nimport "./a.py" as a\nprint(a.probe is probe, a.add is probe.add)\n', "text/x-python"
    )
    quick.start()
    assert quick.entry("/main.py")["out"] == "True True\n"
    assert quick.asked()[0].count("/vendor/probe.wasm") == 1


def test_an_endless_module_ends_at_the_time_limit(lab: Lab) -> None:
    lab.site.put("/loop.wasm", LOOP, WASM)
    lab.start("{ limits: { timeout: 1 } }")
    result = lab.run('from "./loop.wasm" import spin\ntry:\n    spin()\nexcept BaseException:\n    pass')
    assert (result["ok"], result["error"]["type"]) == (False, "TimeoutError")
    assert lab.run('from "./loop.wasm" import one\nprint(one())')["out"] == "1\n", "a fresh engine runs it"


def test_memory_is_bounded(lab: Lab) -> None:
    lab.site.put("/greedy.wasm", GREEDY, WASM)
    lab.start("{ limits: { memory: 8 } }")
    assert lab.run('from "./greedy.wasm" import grow\nprint(grow())')["out"] == "113\n", (
        "1 + 7 times 16 pages: 8 MiB are 128"
    )


GREEDY_TABLES: Final = bytes(wat2wasm(f'(module {"(table 10000000 funcref)" * 100} (func (export "f")))'))
COLLECTED: Final = bytes(
    wat2wasm(
        """(module (type $bytes (array (mut i8))) (table 100000 anyref) (func (export "f") (param i32)
             (loop (table.set (local.get 0) (array.new_default $bytes (i32.const 1000000)))
               (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 100000))))))"""
    )
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (GREEDY_TABLES, "its tables have 1,000,000,000 entries at the start, and 1,000,000 is the limit"),
        (COLLECTED, "it uses garbage-collected types, whose memory cannot be bounded"),
    ],
)
def test_memory_beside_the_memories_is_bounded(quick: Lab, data: bytes, reason: str) -> None:
    """Where nothing refused them, these end the page's tab."""
    quick.site.put("/greedy.wasm", data, WASM)
    quick.start("{ limits: { memory: 64 } }")
    assert reason in quick.run('from "./greedy.wasm" import f\nf(0)')["out"]
    assert quick.run("print(2)")["out"] == "2\n"


def test_a_module_that_is_too_large(quick: Lab) -> None:
    quick.site.put("/big.wasm", ADD[:8] + bytes(17 * 1024 * 1024), WASM)
    quick.start()
    assert "module './big.wasm' is too large: more than 16777216 bytes" in quick.run('import "./big.wasm" as m')["out"]


def test_a_script_cannot_wait_inside_a_native_call(quick: Lab) -> None:
    quick.site.put("/probe.wasm", bytes(wat2wasm(f"(module {PROBE})")), WASM)
    quick.start()
    result = quick.run(
        'from "./probe.wasm" import apply, add\nfor wait in (lambda: sleep(0.001), input):\n    try:\n        apply(wait)\n'
        "    except RuntimeError as error:\n        print(error)\nprint(input(), add(1, 2))",
        "{ input: 'line' }",
    )
    text = (
        "a function that a native module called cannot wait (input, receive, sleep, calls of the page): "
        "wait before the native call, or after it"
    )
    assert result["out"] == f"{text}\n{text}\nline 3\n"


def test_handles_and_memory_stay_flat(quick: Lab) -> None:
    quick.site.put("/probe.wasm", bytes(wat2wasm(f"(module {PROBE})")), WASM)
    quick.start()
    result = quick.run(
        'from "./probe.wasm" import add, echo, apply, keywords\n'
        "for i in range(1_200_000):\n    add(i, 1)\n"
        "for i in range(20000):\n    echo([i]); apply(lambda: (i,)); keywords(a=i)\n"
        "print(add(1, 1), len(echo([])))"
    )
    assert result["out"] == "2 0\n", "more handles than may be live at once came and went"


def test_a_library_is_for_the_command_line(quick: Lab) -> None:
    quick.site.put("/lib.so", b"\x7fELF\2\1\1\0" + bytes(64), "application/octet-stream")
    quick.start()
    assert (
        "cannot load module './lib.so': a native library runs on the command line only"
        in quick.run('import "./lib.so" as l')["out"]
    )


def test_loaders(lab: Lab) -> None:
    lab.site.put("/loaders/kit.js", CAPABILITY, "text/javascript")
    lab.site.put("/loaders/log.js", PDK, "text/javascript")
    lab.site.put("/foreign.wasm", FOREIGN, WASM)
    lab.site.put("/log.wasm", WITH_LOG, WASM)
    lab.site.put("/add.wasm", ADD, WASM)
    lab.start("{ loaders: ['/loaders/kit.js', '/loaders/log.js'] }")
    program = (
        'from "./foreign.wasm" import four, join, count, fail\nfrom "./log.wasm" import give\nfrom "./add.wasm" import add\n'
        'print(four(), join("a", 1), count(), count(), give(), add(1, 2))\n'
        "try:\n    fail()\nexcept KeyError as error:\n    print('KeyError', error)"
    )
    for _ in range(2):
        assert lab.run(program)["out"] == "4 a-1 1 2 7 3\nKeyError 'no'\n", "every run has state of its own"
    lab.site.put("/again.wasm", FOREIGN, WASM)
    two = 'import "./foreign.wasm" as a\nimport "./again.wasm" as b\nprint(a.count(), a.count(), b.count())'
    assert lab.run(two)["out"] == "1 2 1\n", "the same bytes under two names are two modules"
    kept = "{ keep: true }"
    assert (
        lab.run('from "./foreign.wasm" import join, count\nfrom "./log.wasm" import give\ncount()', kept)["out"]
        == "1\n"
    )
    assert lab.run(program)["ok"]
    shown = lab.run('count(), join("b", 2), give()', kept)["out"]
    assert shown == "(2, 'b-2', 7)\n", "those of kept runs are theirs again"
    assert "has no export 'five'" in lab.run('from "./foreign.wasm" import five')["out"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "the loader URL could not be fetched: the server answered 404"),
        ("export const x = 1;", "the loader URL has no default export with the functions 'match' and 'load'"),
        ("throw new Error('broken');", "the loader URL did not load: broken"),
    ],
)
def test_loaders_that_are_none(lab: Lab, source: str | None, message: str) -> None:
    url = lab.site.put("/loader.js", source, "text/javascript") if source else f"{lab.site.url}/loader.js"
    assert message.replace("URL", url) in lab.rejection(f"createWorker({{ loaders: ['{url}'] }})")


def test_a_loader_that_fails(lab: Lab) -> None:
    lab.site.put("/l.js", "export default { match: () => true, load: () => ({ kind: 'other' }) };", "text/javascript")
    lab.site.put("/add.wasm", ADD, WASM)
    lab.start("{ loaders: ['/l.js'] }")
    out = lab.run('from "./add.wasm" import add')["out"]
    assert "cannot load module './add.wasm': its loader " in out
    assert "load() gives { kind: 'wasmpdk' | 'capability', names, fns }" in out


def test_without_a_loader_a_foreign_import_is_refused(quick: Lab) -> None:
    quick.site.put("/foreign.wasm", FOREIGN, WASM)
    quick.start()
    out = quick.run('from "./foreign.wasm" import four')["out"]
    assert "cannot load module './foreign.wasm': it imports 'kit.twice'" in out
