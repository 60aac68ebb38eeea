;; Modules without the contract; tests/support/modules.py takes each by its name.
;; Takes: numbers. Gives: numbers. Refuses: nothing by itself.

;; --- plain: every type in and out, several results, globals, names, and exports that no script can use

(module
 (memory (export "memory") 1)
 (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
 (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
 (func (export "mulf") (param f32 f32) (result f32) (f32.mul (local.get 0) (local.get 1)))
 (func (export "mul") (param f64 f64) (result f64) (f64.mul (local.get 0) (local.get 1)))
 (func (export "id_i32") (param i32) (result i32) (local.get 0))
 (func (export "id_i64") (param i64) (result i64) (local.get 0))
 (func (export "id_f32") (param f32) (result f32) (local.get 0))
 (func (export "id_f64") (param f64) (result f64) (local.get 0))
 (func (export "divmod") (param i32 i32) (result i32 i32)
   (i32.div_s (local.get 0) (local.get 1)) (i32.rem_s (local.get 0) (local.get 1)))
 (func (export "one_of_each") (result i32 i64 f32 f64) (i32.const -1) (i64.const -2) (f32.const 1.5) (f64.const -0))
 (func (export "mixed") (param i32 i64 f32 f64) (result f64)
   (f64.add (f64.add (f64.convert_i32_s (local.get 0)) (f64.convert_i64_s (local.get 1)))
     (f64.add (f64.promote_f32 (local.get 2)) (local.get 3))))
 (func (export "nothing"))
 (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
 (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
 ;; globals: the immutable ones are constants
 (global (export "answer") i32 (i32.const 42))
 (global (export "big") i64 (i64.const -9223372036854775808))
 (global (export "third") f32 (f32.const 0.333333343))
 (global (export "pi") f64 (f64.const 3.141592653589793))
 (global $count (export "count") (mut i32) (i32.const 0))
 (func (export "next") (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
 ;; types that no script has
 (func (export "vector") (param i32) (result v128) (i32x4.splat (local.get 0)))
 (func (export "reference") (param funcref))
 (table (export "table") 1 funcref)
 ;; names that no import statement can spell, or that need care
 (func (export "not-a-name") (result i32) (i32.const 1))
 (func (export "") (result i32) (i32.const 2))
 (func (export "class") (result i32) (i32.const 3))
 (func (export "2nd") (result i32) (i32.const 4))
 (func (export "größe") (result i32) (i32.const 5))
 (func (export "_private") (result i32) (i32.const 6))
 (func (export "print") (result i32) (i32.const 7)))

;; --- plain_add: the smallest

(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))

;; --- plain_numbers: constants alone

(module (global (export "answer") i32 (i32.const 42)))

;; --- plain_vectors: nothing that a script can use

(module (func (export "vector") (result v128) (v128.const i64x2 0 0)))

;; --- plain_empty: no exports at all

(module)
