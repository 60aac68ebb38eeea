// @ts-check
/**
 * Hashes of a script's objects without Python: a look into an object's memory, where that is enough.
 *
 * Takes: a started Pyodide with `edge_runtime`.
 * Gives: an interpreter that finds the sequence number of an object (`edge_runtime/machine/addresses.py`), which is its default
 * hash, eleven times as fast as the method in Python does; whether that was done.
 * Refuses: a Python in which anything lies elsewhere than it is looked for. Everything works there, only slower.
 *
 * CPython asks a class with a `__hash__` in Python for it by one function, which it finds in WebAssembly's table. Ours goes in its
 * place. An object that has a number has a weak reference of ours first in its list, and that keeps the number, beside the method
 * that gave it. Where this method is still what the object's class gives for `__hash__`, the number is the answer. Everything
 * else is left to CPython's own function. Nothing is written, so there is nothing that could grow old.
 */

/** Where things lie in 32-bit CPython: in any object, in a type, in an int. Each is compared with what Python says of itself. */
const AT = { type: 4, basicSize: 16, hash: 60, weakList: 104, size: 8, digit: 12 };
/** How far the size of an int, in digits, is shifted. */
const SHIFT = 3;
const WORD = 4;

/**
 * @param {any} pyodide
 * @returns {boolean}
 */
export function hastenHashes(pyodide) {
  const python = pyodide._module;
  const { memory, wasmTable: table, __PyType_Lookup: lookup } = python;
  if (!(memory instanceof WebAssembly.Memory && table instanceof WebAssembly.Table && lookup instanceof Function)) return false;
  const addresses = pyodide.pyimport('edge_runtime.machine.addresses');
  const sample = addresses.Sample();
  const words = sample.words;
  const found = place(new Int32Array(memory.buffer), words.toJs());
  if (found !== null) {
    const own = table.get(found.slot);
    const module = new WebAssembly.Module(assemble(found));
    const { hash } = new WebAssembly.Instance(module, { python: { memory, lookup, own } }).exports;
    table.set(found.slot, hash);
    // Emscripten keeps a copy of what it took from the table.
    if (python.wasmTableMirror?.[found.slot]) python.wasmTableMirror[found.slot] = hash;
  }
  words.destroy();
  sample.destroy();
  addresses.destroy();
  return found !== null;
}

/** @typedef {{ slot: number, kind: number, name: number, method: number, number: number }} Place */

/**
 * Where everything is; null where it is not as it should be.
 * @param {Int32Array} memory
 * @param {number[]} sample  the words of `addresses.Sample`
 * @returns {Place | null}
 */
function place(memory, sample) {
  const [type = 0, basicSize, weakList, other = 0, entry = 0, kind = 0, entrySize = 0, number = 0, value, method, name = 0] = sample;
  const word = (/** @type {number} */ at) => memory[at >> 2];
  const slot = word(type + AT.hash) ?? 0;
  const words = [...memory.subarray(entry >> 2, (entry + entrySize) >> 2)];
  const found = { slot, kind, name, method: words.indexOf(method ?? 0) * WORD, number: words.indexOf(number) * WORD };
  const known = word(type + AT.basicSize) === basicSize && word(type + AT.weakList) === weakList
    && word(entry + AT.type) === kind && found.method > AT.type && found.number > AT.type
    && word(number + AT.digit) === value && (word(number + AT.size) ?? 0) >> SHIFT === 1
    && slot > 0 && slot !== word(other + AT.hash);
  return known ? found : null;
}

const [BLOCK, EMPTY, END, RETURN, CALL, BRANCH_IF, GET, TEE, LOAD, CONST, IS_ZERO, NOT_EQUAL, ADD, SHIFT_RIGHT] =
  [0x02, 0x40, 0x0b, 0x0f, 0x10, 0x0d, 0x20, 0x22, 0x28, 0x41, 0x45, 0x47, 0x6a, 0x76];
const [I32, FUNCTION] = [0x7f, 0x60];
const [LOOKUP, OWN, HASH] = [0, 1, 2];
const [OBJECT, TYPE, ENTRY, METHOD] = [0, 1, 2, 3];

/**
 * A module of one function, `hash(object)`.
 * @param {Place} place
 * @returns {Uint8Array<ArrayBuffer>}
 */
function assemble({ kind, name, method, number }) {
  const load = (/** @type {number} */ offset) => [LOAD, 2, ...unsigned(offset)];
  const constant = (/** @type {number} */ value) => [CONST, ...signed(value)];
  const unless = [BRANCH_IF, 0];
  const missing = [IS_ZERO, ...unless];
  const body = [
    1, 3, I32, // three locals besides the object
    BLOCK, EMPTY,
    // type = object's; entry = the first of its weak references, where its kind has such
    GET, OBJECT, ...load(AT.type), TEE, TYPE, ...load(AT.weakList), TEE, ENTRY, ...missing,
    GET, OBJECT, GET, ENTRY, ADD, ...load(0), TEE, ENTRY, ...missing,
    GET, ENTRY, ...load(AT.type), ...constant(kind), NOT_EQUAL, ...unless,
    // the method that gave the number is what the type has
    GET, ENTRY, ...load(method), TEE, METHOD, ...missing,
    GET, TYPE, ...constant(name), CALL, LOOKUP, GET, METHOD, NOT_EQUAL, ...unless,
    // the number has one digit
    GET, ENTRY, ...load(number), TEE, ENTRY, ...load(AT.size), ...constant(SHIFT), SHIFT_RIGHT, ...constant(1), NOT_EQUAL, ...unless,
    GET, ENTRY, ...load(AT.digit), RETURN,
    END,
    GET, OBJECT, CALL, OWN,
    END,
  ];
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [2, FUNCTION, 2, I32, I32, 1, I32, FUNCTION, 1, I32, 1, I32]),
    ...section(2, [3, ...text('python'), ...text('memory'), 2, 0, 0, ...text('python'), ...text('lookup'), 0, 0, ...text('python'), ...text('own'), 0, 1]),
    ...section(3, [1, 1]),
    ...section(7, [1, ...text('hash'), 0, HASH]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** @param {number} id @param {number[]} content */
const section = (id, content) => [id, ...unsigned(content.length), ...content];

/** @param {string} word */
const text = (word) => [word.length, ...new TextEncoder().encode(word)];

/** LEB128. @param {number} value @returns {number[]} */
const unsigned = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]);

/** @param {number} value @returns {number[]} */
const signed = (value) => (value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]);
