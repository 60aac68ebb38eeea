"""A native module, in WAT, through whose functions a test reaches each part of the contract, and small ones that lie.

Takes: the text of a module's body. Gives: its attributes as a script would see them, in wasmtime.
Refuses: nothing of its own.
"""

from __future__ import annotations

import atexit
import hashlib
from typing import Any

from wasmtime import wat2wasm

from edge_runtime.native.wasmfile import Examined, examine
from edge_runtime.native.wasmtime import Compiled, Engine, Natives

ENGINE = Engine()
atexit.register(ENGINE.close)
MEMORY = 64 * 1024 * 1024

IMPORTS = """
 (import "env" "edge_op" (func $op (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
 (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
 (import "env" "edge_decode" (func $decode (param i32 i32 i32 i32) (result i32)))
 (import "env" "edge_release" (func $release (param i32)))
 (import "env" "edge_take_error" (func $take (param i32 i32 i32) (result i32)))
 (import "env" "edge_throw" (func $throw (param i32 i32 i32)))
"""
MEMORY_AND_ALLOC = """
 (memory (export "memory") 64)
 (global $top (mut i32) (i32.const 2097152))
 (func $alloc (export "__edge_alloc") (param $size i32) (result i32)
   (global.get $top) (global.set $top (i32.add (global.get $top) (local.get $size))))
"""
FREE = """
 (func (export "__edge_free") (param $block i32) (param $size i32) (global.set $top (local.get $block)))
"""
HEAD = IMPORTS + MEMORY_AND_ALLOC + FREE

PROBE = (
    HEAD
    + """
 (data (i32.const 256) "__call__")
 (data (i32.const 272) "__rust_id")
 (func $arg (param $argv i32) (param $place i32) (result i32)
   (i32.load (i32.add (local.get $argv) (i32.shl (local.get $place) (i32.const 2)))))
 (func $int (param $handle i32) (result i32)
   (drop (call $decode (local.get $handle) (i32.const 16) (i32.const 32) (i32.const 16)))
   (i32.load (i32.const 32)))
 (func $give_int (param $number i32) (param $out i32) (result i32)
   (i64.store (i32.const 32) (i64.extend_i32_s (local.get $number)))
   (i64.store (i32.const 40) (i64.shr_s (i64.load (i32.const 32)) (i64.const 63)))
   (i32.store (local.get $out) (call $encode (i32.const 2) (i32.const 32) (i32.const 16)))
   (i32.const 0))
 (func $run (param $argv i32) (param $out i32) (result i32)
   (call $op (i32.const 0) (call $arg (local.get $argv) (i32.const 0)) (i32.const 256) (i32.const 8)
     (i32.const 0) (i32.const 0) (local.get $out)))

 ;; do(op, name, receiver, *args)
 (func (export "do") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (call $int (call $arg (local.get $argv) (i32.const 0)))
     (call $arg (local.get $argv) (i32.const 2))
     (i32.const 512) (call $decode (call $arg (local.get $argv) (i32.const 1)) (i32.const 16) (i32.const 512) (i32.const 64))
     (i32.add (local.get $argv) (i32.const 12)) (i32.sub (local.get $argc) (i32.const 4)) (local.get $out)))

 ;; add(a, b)
 (func (export "add") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $give_int (i32.add (call $int (call $arg (local.get $argv) (i32.const 0)))
     (call $int (call $arg (local.get $argv) (i32.const 1)))) (local.get $out)))
 ;; argc(...)
 (func (export "argc") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $give_int (local.get $argc) (local.get $out)))
 ;; echo(value): the very handle of the argument
 (func (export "echo") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (i32.load (local.get $argv))) (i32.const 0))
 ;; keywords(**named)
 (func (export "keywords") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (local $slot i32)
   (local.set $slot (call $arg (local.get $argv) (i32.sub (local.get $argc) (i32.const 1))))
   (i32.store (local.get $out)
     (select (local.get $slot) (call $encode (i32.const 0) (i32.const 0) (i32.const 0)) (local.get $slot)))
   (i32.const 0))

 ;; encode(tag, bytes): -1 where it is refused
 (func (export "encode") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (local $size i32)
   (local.set $size (call $decode (call $arg (local.get $argv) (i32.const 1))
     (i32.const 16) (i32.const 65536) (i32.const 1900000)))
   (i32.store (local.get $out)
     (call $encode (call $int (call $arg (local.get $argv) (i32.const 0))) (i32.const 65536) (local.get $size)))
   (if (result i32) (i32.load (local.get $out)) (then (i32.const 0))
     (else (call $give_int (i32.const -1) (local.get $out)))))
 ;; decode(value, room): tag and result, four bytes each, then the bytes
 (func (export "decode") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (local $result i32)
   (local.set $result (call $decode (i32.load (local.get $argv)) (i32.const 65536) (i32.const 65544)
     (call $int (call $arg (local.get $argv) (i32.const 1)))))
   (i32.store (i32.const 65540) (local.get $result))
   (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const 65536)
     (i32.add (i32.const 8) (select (local.get $result) (i32.const 0) (i32.gt_s (local.get $result) (i32.const 0))))))
   (i32.const 0))

 ;; throw(kind, message)
 (func (export "throw") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $throw (call $int (call $arg (local.get $argv) (i32.const 0))) (i32.const 1024)
     (call $decode (call $arg (local.get $argv) (i32.const 1)) (i32.const 16) (i32.const 1024) (i32.const 4096)))
   (i32.const 1))
 ;; apply(function): its result, or its error as it is
 (func $apply (export "apply") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $run (local.get $argv) (local.get $out)))
 ;; swallow(function): whatever it does, None
 (func (export "swallow") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (if (i32.eqz (call $run (local.get $argv) (i32.const 8))) (then (call $release (i32.load (i32.const 8)))))
   (i32.store (local.get $out) (call $encode (i32.const 0) (i32.const 0) (i32.const 0)))
   (i32.const 0))
 ;; caught(function, room): kind and what edge_take_error gave, four bytes each, then the message
 (func (export "caught") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (local $result i32)
   (drop (call $run (local.get $argv) (i32.const 8)))
   (local.set $result (call $take (i32.const 65536) (i32.const 65544) (call $int (call $arg (local.get $argv) (i32.const 1)))))
   (i32.store (i32.const 65540) (local.get $result))
   (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const 65536)
     (i32.add (i32.const 8) (select (local.get $result) (i32.const 0) (i32.gt_s (local.get $result) (i32.const 0))))))
   (i32.const 0))
 ;; again(function): takes its error and throws it again
 (func (export "again") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $run (local.get $argv) (local.get $out)))
   (local.set $argc (call $take (i32.const 8) (i32.const 1024) (i32.const 4096)))
   (call $throw (i32.load (i32.const 8)) (i32.const 1024) (local.get $argc))
   (i32.const 1))
 ;; take(): what edge_take_error says where nothing is pending
 (func (export "take") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $give_int (call $take (i32.const 8) (i32.const 1024) (i32.const 4096)) (local.get $out)))
 ;; leak(): keeps a handle
 (func (export "leak") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $encode (i32.const 0) (i32.const 0) (i32.const 0)))
   (call $give_int (i32.const 0) (local.get $out)))
 ;; release_twice(): also what it did not make
 (func (export "release_twice") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $release (i32.load (local.get $argv))) (call $release (i32.load (local.get $argv)))
   (call $release (i32.const 0)) (call $release (i32.const -1)) (call $release (i32.const 123456789))
   (call $give_int (i32.const 7) (local.get $out)))

 ;; constants and a class
 (func (export "__const_answer") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $give_int (i32.const 42) (local.get $out)))
 (func (export "__fn_abs") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $give_int (i32.const 5) (local.get $out)))
 (func (export "__class_Counter___init__") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 2) (i32.load (local.get $argv)) (i32.const 272) (i32.const 9)
     (i32.add (local.get $argv) (i32.const 4)) (i32.const 1) (local.get $out)))
 (func $state (export "__class_Counter_get") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 1) (i32.load (local.get $argv)) (i32.const 272) (i32.const 9)
     (i32.const 0) (i32.const 0) (local.get $out)))
 (func (export "__class_Counter___len__") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $state (local.get $argv) (local.get $argc) (local.get $out)))
 ;; id_of(value): GetAttr of __rust_id on anything
 (func (export "id_of") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $state (local.get $argv) (local.get $argc) (local.get $out)))

 ;; ways to end
 (func (export "unreachable") (param i32 i32 i32) (result i32) unreachable)
 (func (export "outside") (param i32 i32 i32) (result i32) (i32.load (i32.const -8)))
 (func (export "divide") (param i32 i32 i32) (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
 (func (export "convert") (param i32 i32 i32) (result i32) (i32.trunc_f64_s (f64.const nan)))
 (func $deep (export "deep") (param i32 i32 i32) (result i32)
   (i32.add (i32.const 1) (call $deep (local.get 0) (local.get 1) (local.get 2))))
 (func (export "forever") (param i32 i32 i32) (result i32) (loop (br 0)) (i32.const 0))
 ;; grow(): as long as there is memory, then how many pages there are
 (func (export "grow") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
   (call $give_int (memory.size) (local.get $out)))
"""
)


def compiled(body: str, spec: str = "./probe.wasm") -> Compiled:
    """A module from its text, compiled once for all tests."""
    data = bytes(wat2wasm(f"(module {body})"))
    found = examine(spec, data, MEMORY // 65536)
    assert isinstance(found, Examined), found
    return ENGINE.prepare(hashlib.sha256(data).hexdigest(), found.data, found.surface)


def natives() -> Natives:
    """The modules of a fresh run."""
    return Natives(ENGINE, memory_bytes=MEMORY)


def load(body: str, spec: str = "./probe.wasm", run: Natives | None = None) -> dict[str, Any]:
    """A module's attributes, in a run of its own unless one is given."""
    return (run or natives()).bind(spec, compiled(body, spec))
