;; WebAssembly that ends badly; tests/support/modules.py takes each module by its name.
;; Takes: calls by a host. Gives: traps, loops without end. Refuses: nothing. `(prelude)` stands for the fields below.

 (import "env" "edge_op" (func $op (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
 (import "env" "edge_encode" (func $encode (param i32 i32 i32) (result i32)))
 (memory (export "memory") 1)
 (data (i32.const 16) "__call__")
 (global $top (mut i32) (i32.const 4096))
 (func (export "__edge_alloc") (param $size i32) (result i32)
   (global.get $top) (global.set $top (i32.add (global.get $top) (local.get $size))))
 (func (export "__edge_free") (param i32 i32) (global.set $top (local.get 0)))
 (func $none (param $out i32) (result i32)
   (i32.store (local.get $out) (call $encode (i32.const 0) (i32.const 0) (i32.const 0))) (i32.const 0))

;; --- traps: each function traps in its way, and the module is dead from then on

(module (prelude)
 (type $other (func (result i64)))
 (table 4 funcref)
 (elem (i32.const 0) $none)
 (func (export "fine") (param i32 i32 i32) (result i32) (call $none (local.get 2)))
 (func (export "unreachable") (param i32 i32 i32) (result i32) unreachable)
 (func (export "out_of_bounds") (param i32 i32 i32) (result i32) (i32.load (i32.const 0x7fffffff)))
 (func (export "store_out_of_bounds") (param i32 i32 i32) (result i32) (i64.store (i32.const 65533) (i64.const 1)) (i32.const 0))
 (func (export "divide_by_zero") (param i32 i32 i32) (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
 (func (export "divide_overflow") (param i32 i32 i32) (result i32) (i32.div_s (i32.const 0x80000000) (i32.const -1)))
 (func (export "convert_nan") (param i32 i32 i32) (result i32) (i32.trunc_f64_s (f64.const nan)))
 (func (export "convert_huge") (param i32 i32 i32) (result i32) (i32.trunc_f64_s (f64.const 1e300)))
 (func (export "call_null") (param i32 i32 i32) (result i32) (call_indirect (param i32) (result i32) (i32.const 0) (i32.const 2)))
 (func (export "call_outside") (param i32 i32 i32) (result i32) (call_indirect (param i32) (result i32) (i32.const 0) (i32.const 99)))
 (func (export "call_other_type") (param i32 i32 i32) (result i32) (drop (call_indirect (type $other) (i32.const 0))) (i32.const 0))
 (func $deep (export "stack_overflow") (param i32 i32 i32) (result i32)
   (i32.add (i32.const 1) (call $deep (local.get 0) (local.get 1) (local.get 2))))
 ;; calls what it was given, and traps then: what a callback changed stays changed
 (func (export "trap_after_callback") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (drop (call $op (i32.const 0) (i32.load (local.get $argv)) (i32.const 16) (i32.const 8) (i32.const 0) (i32.const 0)
     (local.get $out)))
   unreachable)
 (func (export "apply") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (call $op (i32.const 0) (i32.load (local.get $argv)) (i32.const 16) (i32.const 8) (i32.const 0) (i32.const 0) (local.get $out))))

;; --- endless: work that only the run's limits end

(module (prelude)
 (func (export "forever") (param i32 i32 i32) (result i32) (loop (br 0)) (i32.const 0))
 (func (export "fine") (param i32 i32 i32) (result i32) (call $none (local.get 2)))
 ;; calls the program without end, whatever it says
 (func (export "forever_calling") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (loop (drop (call $op (i32.const 0) (i32.load (local.get $argv)) (i32.const 16) (i32.const 8) (i32.const 0) (i32.const 0)
     (local.get $out))) (br 0)) (i32.const 0))
 ;; grow(): takes memory while there is some; then the number of pages, as an int
 (func (export "grow") (param $argv i32) (param $argc i32) (param $out i32) (result i32)
   (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
   (i64.store (i32.const 64) (i64.extend_i32_u (memory.size))) (i64.store (i32.const 72) (i64.const 0))
   (i32.store (local.get $out) (call $encode (i32.const 2) (i32.const 64) (i32.const 16))) (i32.const 0)))

;; --- start_traps: the start function traps, so that the module never is

(module (prelude)
 (func $begin unreachable)
 (start $begin)
 (func (export "f") (param i32 i32 i32) (result i32) (call $none (local.get 2))))

;; --- start_forever: the start function does not end

(module (prelude)
 (func $begin (loop (br 0)))
 (start $begin)
 (func (export "f") (param i32 i32 i32) (result i32) (call $none (local.get 2))))

;; --- start_counts: a start function that is in order: it has run when the first call comes

(module (prelude)
 (global $began (mut i32) (i32.const 0))
 (func $begin (global.set $began (i32.const 1)))
 (start $begin)
 (func (export "began") (param i32 i32 i32) (result i32)
   (i32.store8 (i32.const 64) (global.get $began))
   (i32.store (local.get 2) (call $encode (i32.const 1) (i32.const 64) (i32.const 1))) (i32.const 0)))

;; --- plain_traps: the same without the contract

(module
 (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
 (func $deep (export "deep") (param i64) (result i64) (i64.add (i64.const 1) (call $deep (local.get 0))))
 (func (export "forever") (loop (br 0)))
 (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
