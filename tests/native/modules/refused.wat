;; Modules that a host refuses, each for one reason; tests/support/modules.py takes each by its name.
;; Takes: nothing. Gives: nothing. Refuses: nothing by itself: they are what is refused.

;; --- no_alloc: of the contract, without `__edge_alloc`

(module
 (import "env" "edge_encode" (func (param i32 i32 i32) (result i32)))
 (memory (export "memory") 1)
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- no_memory: of the contract, and keeps its memory to itself

(module
 (memory 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 16))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- alloc_of_other_type: `__edge_alloc` takes two numbers

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32 i32) (result i32) (i32.const 16))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- version_2: speaks another version of the contract

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 16))
 (func (export "__edge_abi_version") (result i32) (i32.const 2))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- version_traps: cannot say which version it speaks

(module
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 16))
 (func (export "__edge_abi_version") (result i32) unreachable)
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- foreign_import: of the contract, and wants a WASI function too

(module
 (import "env" "edge_encode" (func (param i32 i32 i32) (result i32)))
 (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 16))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- seventh_import: a function of `env` that the contract does not have

(module
 (import "env" "edge_eval" (func (param i32 i32) (result i32)))
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 16))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- import_of_other_type: `edge_release` with two numbers

(module
 (import "env" "edge_release" (func (param i32 i32)))
 (memory (export "memory") 1)
 (func (export "__edge_alloc") (param i32) (result i32) (i32.const 16))
 (func (export "f") (param i32 i32 i32) (result i32) (i32.const 0)))

;; --- plain_with_import: no contract, and wants a function

(module
 (import "env" "log" (func $log (param i32)))
 (func (export "f") (param i32) (call $log (local.get 0))))

;; --- plain_with_memory_import: no contract, and wants the host's memory

(module
 (import "env" "memory" (memory 1))
 (func (export "f") (param i32) (result i32) (i32.load (local.get 0))))

;; --- plain_with_global_import: no contract, and wants a number

(module
 (import "env" "base" (global $base i32))
 (func (export "f") (result i32) (global.get $base)))

;; --- huge_memory: asks for 4 GiB from the start

(module (memory (export "memory") 65536) (func (export "f") (result i32) (i32.const 1)))
