;; WebAssembly that breaks the contract on purpose; tests/support/modules.py takes each module by its name.
;; Takes: calls by a host. Gives: lies. Refuses: nothing. `(prelude)` stands for the fields below, up to the first module.

 (import "env" "edge_op" (func $op (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
 (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
 (import "env" "edge_decode" (func $decode (param i32 i32 i32 i32) (result i32)))
 (import "env" "edge_release" (func $release (param i32)))
 (import "env" "edge_take_error" (func $take (param i32 i32 i32) (result i32)))
 (import "env" "edge_throw" (func $throw (param i32 i32 i32)))
 (memory (export "memory") 2)
 (data (i32.const 16) "__call__")
 (data (i32.const 32) "the host must hold")
 (global $top (mut i32) (i32.const 4096))
 (func $alloc (export "__edge_alloc") (param $size i32) (result i32)
   (global.get $top)
   (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get $size)) (i32.const 15)) (i32.const 0xfff0))))
 (func (export "__edge_free") (param i32 i32) (global.set $top (local.get 0)))
 (func $none (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 0) (i32.const 0) (i32.const 0))) (i32.const 0))

;; --- liars: each function lies in one way; the host answers with an error, or ends the module, and goes on

(module (prelude)
 ;; pointers and lengths outside the memory
 (func (export "encode_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 4) (i32.const 0x00fffff0) (i32.const 64))) (i32.const 0))
 (func (export "encode_across_the_end") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const 131070) (i32.const 4))) (i32.const 0))
 (func (export "encode_huge") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const 16) (i32.const 0x7fffffff))) (i32.const 0))
 (func (export "encode_negative") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const -16) (i32.const -1))) (i32.const 0))
 (func (export "encode_wraps") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 5) (i32.const -8) (i32.const 16))) (i32.const 0))
 (func (export "decode_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $decode (i32.load (local.get $argv)) (i32.const 8) (i32.const 0x7ffffff0) (i32.const 1024)))
   (call $none (local.get $out)))
 (func (export "decode_huge_room") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $decode (i32.load (local.get $argv)) (i32.const 8) (i32.const 131070) (i32.const -1)))
   (call $none (local.get $out)))
 (func (export "decode_tag_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $decode (i32.load (local.get $argv)) (i32.const -2) (i32.const 64) (i32.const 64)))
   (call $none (local.get $out)))
 (func (export "op_name_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 0) (i32.load (local.get $argv)) (i32.const 131072) (i32.const 8) (i32.const 0) (i32.const 0)
     (local.get $out)))
 (func (export "op_argv_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 11) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 131064) (i32.const 8) (local.get $out)))
 (func (export "op_argc_huge") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 11) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x40000001) (local.get $out)))
 (func (export "op_argc_negative") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 11) (i32.const 0) (i32.const 0) (i32.const 0) (local.get $argv) (i32.const -1) (local.get $out)))
 (func (export "op_out_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $op (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 131070)))
   (call $none (local.get $out)))
 (func (export "throw_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $throw (i32.const 1) (i32.const 131000) (i32.const 0x10000)) (i32.const 1))
 (func (export "take_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $throw (i32.const 1) (i32.const 32) (i32.const 18))
   (drop (call $take (i32.const 8) (i32.const 131070) (i32.const 1000))) (i32.const 1))
 (func (export "take_kind_outside") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $throw (i32.const 1) (i32.const 32) (i32.const 18))
   (drop (call $take (i32.const -1) (i32.const 64) (i32.const 1000))) (i32.const 1))
 (func (export "misaligned") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   ;; no lie: the contract asks for no alignment
   (drop (call $decode (i32.load (local.get $argv)) (i32.const 65) (i32.const 71) (i32.const 16)))
   (i32.store (local.get $out) (call $encode (i32.load (i32.const 65)) (i32.const 71) (i32.const 16))) (i32.const 0))

 ;; handles, tags, operations and kinds that do not exist
 (func (export "bad_receiver") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 5) (i32.const 0x00abcdef) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (local.get $out)))
 (func (export "zero_receiver") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (local.get $out)))
 (func (export "bad_argument") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (i32.const 64) (i32.const -3))
   (call $op (i32.const 11) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 1) (local.get $out)))
 (func (export "bad_decode") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   ;; 0 and the tag 0xFFFFFFFF: True where the host says so
   (i32.store (i32.const 64) (i32.const 7))
   (i32.store8 (i32.const 80) (i32.and
     (i32.eqz (call $decode (i32.const 0x00abcdef) (i32.const 64) (i32.const 96) (i32.const 16)))
     (i32.eq (i32.load (i32.const 64)) (i32.const -1))))
   (i32.store (local.get $out) (call $encode (i32.const 1) (i32.const 80) (i32.const 1))) (i32.const 0))
 (func (export "bad_tag") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 6) (i32.const 16) (i32.const 1))) (i32.const 0))
 (func (export "bad_op") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 14) (i32.load (local.get $argv)) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (local.get $out)))
 (func (export "negative_op") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const -1) (i32.load (local.get $argv)) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (local.get $out)))
 (func (export "bad_kind") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $throw (i32.const 99) (i32.const 32) (i32.const 18)) (i32.const 1))
 (func (export "bad_name") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (i32.const 64) (i32.const 0xfffefdfc))
   (call $op (i32.const 1) (i32.load (local.get $argv)) (i32.const 64) (i32.const 4) (i32.const 0) (i32.const 0) (local.get $out)))

 ;; results that are none
 (func (export "nothing_written") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (i32.const 0))
 (func (export "garbage_written") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (i32.store (local.get $out) (i32.const 0xdeadbeef)) (i32.const 0))
 (func (export "released_result") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $none (local.get $out))) (call $release (i32.load (local.get $out))) (i32.const 0))
 (func (export "one_without_error") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (i32.const 1))
 (func (export "two") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (i32.const 2))
 (func (export "minus_one") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (i32.const -1))
 (func (export "error_and_result") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $throw (i32.const 1) (i32.const 32) (i32.const 18)) (call $none (local.get $out)))
 ;; argv and the staged words are the module's memory: it may overwrite them
 (func (export "overwrites_argv") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (memory.fill (i32.const 4096) (i32.const 255) (i32.const 60000)) (call $none (local.get $out)))
 ;; a well-behaved one, to show that the host and the module go on
 (func (export "fine") (param $argv i32) (param $argc i32) (param $out i32) (result i32) (call $none (local.get $out))))

;; --- hoarder: makes handles until the host has no more, then says what the host said

(module (prelude)
 (func (export "hoard") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (loop $more (br_if $more (call $encode (i32.const 0) (i32.const 0) (i32.const 0)))) (i32.const 1)))

;; --- alloc_zero: `__edge_alloc` never has memory

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 0))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- alloc_garbage: `__edge_alloc` names memory that is not there

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 0xfffffff0))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- alloc_across_the_end: `__edge_alloc` names a block whose end is outside

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 65532))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- alloc_traps: `__edge_alloc` traps

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) unreachable)
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- free_traps: `__edge_free` traps, after the call had its result

(module
 (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 1024))
 (func (export "__edge_free") (param i32 i32) unreachable)
 (func (export "f") (param i32 i32 i32) (result i32)
   (i32.store (local.get 2) (call $encode (i32.const 0) (i32.const 0) (i32.const 0))) (i32.const 0)))

;; --- bad_constant: a constant that fails at import

(module (prelude)
 (func (export "__const_broken") (param i32 i32 i32) (result i32)
   (call $throw (i32.const 1) (i32.const 32) (i32.const 18)) (i32.const 1))
 (func (export "f") (param i32 i32 i32) (result i32) (call $none (local.get 2))))
