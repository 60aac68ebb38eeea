"""Inputs for the fuzzers: the project's own texts, changed here and there, and bytes out of nowhere.

Takes: the repository's files. Gives: `SEEDS` for each target, `WORDS` to put into them, and a hypothesis strategy for each.
Refuses: nothing.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Final

from hypothesis import strategies as st

from tests.support.site import ROOT

_NAMES: Final = """
    __class__ __globals__ __builtins__ gi_frame f_back tb_frame __del__ metaclass= __slots__ mro __init__ __match_args__
    import from as * lambda async await yield match case except* with def class type [T] : ( ) [ ] { } := ** -> . , ; #
    {0.__class__} .format( .format_map( b'' r'' t'{ f'{ 𝓰 ﬁ é 0x 1e400 ./a.py https:// #sha256- ../ %2e%2e/ %2F imports host
    extends null true 1e999 https://x.test/ sha256 version
""".split()
_ODD: Final = [
    "\\",
    "'",
    '"',
    '"""',
    'f"""{',
    "...\n",
    "\n\t",
    "\n    if x:\n",
    "\f",
    "\r\n",
    "\ufeff",
    "# coding: latin-1\n",
]
WORDS: Final = [word.encode() for word in (*_NAMES, *_ODD, "\\u0000", "\\ud800", " ")]
"""What is put into sound inputs."""


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Sound inputs of a target."""
    if target in ("scanner", "guard"):
        return _programs()
    if target == "linker":
        return tuple(
            b"\0".join((program, b"x = 1", b"from './c.py' import x", b"y = 2", b"", b"\0asm\1\0\0\0", _MANIFEST))
            for program in _programs()[::7]
        )
    if target == "specs":
        texts = [
            *re.findall(r"[\"']([./a-z:]+\.py)[\"']", _all_texts()),
            "https://x.test/a%20b.py?q#sha256-" + "0" * 64,
        ]
        return tuple(sorted({text.encode() for text in texts}))
    if target == "wasm":
        return _modules()
    entry = {"sha256": "0" * 64, "bytes": 3, "url": "https://x.test/b.py"}
    lock = {"version": 1, "modules": {"https://x.test/a.py": entry, "https://x.test/m.json": {"absent": True}}}
    return (_MANIFEST, json.dumps(lock, indent=2).encode(), b'[1, -2.5e3, "\\u00e9\\n", true, null, {"a": [[]]}]')


_MANIFEST: Final = json.dumps(
    {"imports": {"util": "./lib/util.py", "far": "https://x.test/k.py#sha256-" + "a" * 64}, "host": {"dom": "./dom.js"},
     "extends": "../packages.json"}
).encode()  # fmt: skip


def changed(target: str) -> st.SearchStrategy[bytes]:
    """A sound input with some changes, or any bytes."""
    return st.one_of(_edited(target), _edited(target), _edited(target), st.binary(max_size=400), _pasted())


@st.composite
def _edited(draw: st.DrawFn, target: str) -> bytes:
    data = bytearray(draw(st.sampled_from(seeds(target))))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from((0, 0, 1, 2, 8, 40))))
        data[at:end] = draw(st.one_of(st.sampled_from(WORDS), st.binary(max_size=3)))
    return bytes(data)


def _pasted() -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(WORDS), max_size=40).map(b" ".join)


@cache
def _programs() -> tuple[bytes, ...]:
    texts = [path.read_bytes() for path in sorted((ROOT / "tests/programs").glob("*.txt"))]
    texts += [path.read_bytes() for path in sorted((ROOT / "tests/guard").rglob("*.py"))]
    texts += [
        block.encode()
        for path in sorted((ROOT / "docs").glob("*.md"))
        for block in re.findall(r"```python[^\n]*\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    return tuple(text[:8_000] for text in texts)


@cache
def _all_texts() -> str:
    return "\n".join(text.decode("utf-8", "replace") for text in _programs())


@cache
def _modules() -> tuple[bytes, ...]:
    import wasmtime  # half a second that most targets do not need

    text = """(module (import "env" "edge_release" (func (param i32))) (memory (export "memory") 1)
      (func (export "add") (param i32 i64) (result f64) f64.const 1) (global (export "g") i32 (i32.const 7)))"""
    return (bytes(wasmtime.wat2wasm(text))[8:],)
