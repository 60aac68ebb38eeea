// @ts-check
/**
 * Hashes of a script's objects without Python: CPython's own functions, asked from WebAssembly, and a look into memory.
 *
 * Takes: a started Pyodide with `edge_runtime`.
 * Gives: `findPlace`: where everything lies. `hastenHashes`: an interpreter that finds the sequence number of an object
 * (`edge_runtime/machine/addresses.py`), which is its default hash, about as fast as CPython finds an address.
 * Refuses: a Python in which anything lies elsewhere than it is looked for. Everything works there, only slower.
 *
 * CPython asks a class with a `__hash__` in Python for it by one function, which it finds in WebAssembly's table. Ours goes in its
 * place. Where the method that the object's class gives is the default one of a run (known by its code), what that closes over is
 * the run's: the counter of numbers, and the callbacks by which the run's weak references are known. An object that has a number has
 * such a reference in its list. One that has none gets a plain reference, whose cached hash is the number, and which a set of the
 * run keeps until the object dies: its callback is the set's `discard`. Everything else is left to CPython's own function.
 *
 * What was found of a class is not asked again: the class itself gets a second function of ours as its `tp_hash`, and that callback in
 * `tp_cache`, a field that CPython counts, visits and frees and has no use for. CPython writes `tp_hash` anew in every class whose
 * `__hash__` or bases change, or those of a class above it: so the second function is only called where the method is still that of
 * the callback's run. It would not see a change above a class that a metaclass's `mro()` put there, nor all that `__bases__` can do:
 * the guard lets no script have metaclasses of its own or set bases (tests/guard). An object that has a number costs it a look at the class and one at the reference.
 */

/** Where things lie in 32-bit CPython: in any object, in a type, in an int, in a tuple. Each is compared with what Python says of itself. */
const AT = { type: 4, basicSize: 16, hash: 60, weakList: 104, size: 8, digit: 12 };
/** How far the size of an int, in digits, is shifted. */
const SHIFT = 3;
const WORD = 4;
/** Words of an object that are looked through. */
const MANY = 48;
/** Numbers of more digits are CPython's own business. */
const MOST = 2 ** 30 - 1;
/** What is asked of CPython. */
const ASKED = ['_PyType_Lookup', 'PyWeakref_NewRef', 'PySet_Add', 'Py_DecRef', 'Py_IncRef'];

/**
 * @param {any} pyodide
 * @param {Place | null} found  of this memory, by `findPlace`
 */
export function hastenHashes(pyodide, found) {
  if (found === null) return;
  const python = pyodide._module;
  const { memory, wasmTable: table } = python;
  const [lookup, refer, add, release, hold] = ASKED.map((name) => python[`_${name}`]);
  const own = table.get(found.slot);
  const slot = table.grow(1);
  const module = new WebAssembly.Module(assemble(found, slot));
  const { hash, again } = new WebAssembly.Instance(module, { python: { memory, lookup, own, refer, add, release, hold } }).exports;
  table.set(slot, again);
  table.set(found.slot, hash);
  // Emscripten keeps a copy of what it took from the table.
  if (python.wasmTableMirror?.[found.slot]) python.wasmTableMirror[found.slot] = hash;
}

/**
 * It takes 10 ms in a fresh engine: a snapshot brings its own (tools/build/heap.mjs).
 * @param {any} pyodide
 * @returns {Place | null}
 */
export function findPlace(pyodide) {
  const python = pyodide._module;
  const { memory, wasmTable: table } = python;
  if (!(memory instanceof WebAssembly.Memory && table instanceof WebAssembly.Table && ASKED.every((name) => python[`_${name}`] instanceof Function))) return null;
  const addresses = pyodide.pyimport('edge_runtime.machine.addresses');
  const sample = addresses.Sample();
  const words = sample.words;
  const found = place(new Int32Array(memory.buffer), words.toJs({ dict_converter: Object.fromEntries }));
  for (const proxy of [words, sample, addresses]) proxy.destroy();
  return found;
}

/**
 * Numbers and, in bytes, offsets within what the first word of their names says.
 * @typedef {{ slot: number, name: number, function: number, code: number, functionCode: number, functionClosure: number,
 *   closureGone: number, closureHashedGone: number, closureNumbers: number, cellValue: number, methodSelf: number, entryNumber: number,
 *   weakCallback: number, weakHash: number, weakNext: number, typeLines: number, typeCache: number, tupleItems: number, countNext: number }} Place
 */

/**
 * Where everything is; null where it is not as it should be.
 * @param {Int32Array} memory
 * @param {Record<string, number>} sample  the words of `addresses.Sample`
 * @returns {Place | null}
 */
function place(memory, sample) {
  const of = (/** @type {string} */ name) => sample[name] ?? 0;
  const word = (/** @type {string} */ name, /** @type {number} */ at) => memory[(of(name) + at) >> 2] ?? 0;
  /** Where in one thing of the sample another is said. @param {string} thing @param {string} said @param {number} most */
  const offset = (thing, said, most = MANY) =>
    memory.subarray(of(thing) >> 2, (of(thing) >> 2) + most).indexOf(of(said)) * WORD;
  const found = {
    slot: word('base', AT.hash), name: of('name'), function: of('function'), code: of('code'),
    functionCode: offset('hasher', 'code'), functionClosure: offset('hasher', 'closure'),
    closureGone: offset('closure', 'goneCell'), closureHashedGone: offset('closure', 'hashedGoneCell'), closureNumbers: offset('closure', 'numbersCell'),
    cellValue: offset('goneCell', 'gone', 4), methodSelf: offset('hashedGone', 'hashed', 8), entryNumber: offset('entry', 'number', 10),
    weakCallback: offset('plain', 'hashedGone', 8), weakHash: offset('plain', 'digits', 8), weakNext: offset('earlier', 'plain', 8),
    typeLines: offset('type', 'lines'), typeCache: of('typeWeakList') - 2 * WORD, tupleItems: offset('lines', 'type', 8), countNext: offset('counted', 'digits', 8),
  };
  const says = (/** @type {string} */ thing, /** @type {number} */ at, /** @type {string} */ what) => word(thing, at) === of(what);
  const known = Object.values(found).every((one) => one > AT.type)
    && says('type', AT.basicSize, 'size') && says('type', AT.weakList, 'weakList') && says('entry', AT.type, 'entryKind') && says('plain', AT.type, 'plainKind')
    && says('hasher', AT.type, 'function') && says('hashedGoneCell', found.cellValue, 'hashedGone') && says('numbersCell', found.cellValue, 'numbers')
    && says('entry', found.weakCallback, 'gone') && says('lines', AT.size, 'depth') && says('number', AT.digit, 'digits') && word('number', AT.size) >> SHIFT === 1
    && says('type', found.typeLines - WORD, 'bases') && found.typeCache === found.typeLines + WORD && word('type', found.typeCache) === 0
    && says('value', of('weakList'), 'earlier') && found.slot === word('type', AT.hash) && found.slot !== word('other', AT.hash);
  return known ? found : null;
}

const [BLOCK, LOOP, EMPTY, END, RETURN, CALL, BRANCH, BRANCH_IF, GET, SET, TEE, LOAD, STORE, CONST, IF] =
  [0x02, 0x03, 0x40, 0x0b, 0x0f, 0x10, 0x0c, 0x0d, 0x20, 0x21, 0x22, 0x28, 0x36, 0x41, 0x04];
const [IS_ZERO, EQUAL, NOT_EQUAL, GREATER, ADD, SUBTRACT, MULTIPLY, SHIFT_RIGHT] = [0x45, 0x46, 0x47, 0x4a, 0x6a, 0x6b, 0x6c, 0x76];
const [I32, FUNCTION] = [0x7f, 0x60];
const [LOOKUP, OWN, REFER, PUT, RELEASE, HOLD, HASH, AGAIN] = [0, 1, 2, 3, 4, 5, 6, 7];
const [OBJECT, TYPE, METHOD, CLOSURE, ENTRY, CALLBACK, NUMBERS, NUMBER] = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * A module of two functions: `hash(object)`, and `again(object)`, which stands in the classes that `hash` has seen.
 * @param {Place} place
 * @param {number} slot  of `again` in the table
 * @returns {Uint8Array<ArrayBuffer>}
 */
function assemble(place, slot) {
  const load = (/** @type {number} */ offset) => [LOAD, 2, ...unsigned(offset)];
  const store = (/** @type {number} */ offset) => [STORE, 2, ...unsigned(offset)];
  const constant = (/** @type {number} */ value) => [CONST, ...signed(value)];
  const leave = (/** @type {number} */ blocks) => [BRANCH_IF, blocks];
  const closed = (/** @type {number} */ cell) => [GET, CLOSURE, ...load(cell), ...load(place.cellValue)];
  const failed = [IF, EMPTY, ...constant(-1), RETURN, END];
  const look = [
    // entry = the first of the object's weak references, where its kind has such
    GET, OBJECT, ...load(AT.type), TEE, TYPE, ...load(AT.weakList), TEE, ENTRY, IS_ZERO, ...leave(0),
    // the class has the default method of a run: what is the run's is in its closure
    GET, TYPE, ...constant(place.name), CALL, LOOKUP, TEE, METHOD, IS_ZERO, ...leave(0),
    GET, METHOD, ...load(AT.type), ...constant(place.function), NOT_EQUAL, ...leave(0),
    GET, METHOD, ...load(place.functionCode), ...constant(place.code), NOT_EQUAL, ...leave(0),
    GET, METHOD, ...load(place.functionClosure), SET, CLOSURE,
    GET, OBJECT, GET, ENTRY, ADD, ...load(0), SET, ENTRY,
  ];
  const settle = [
    // what the class had of another run goes: it may have other bases now
    GET, TYPE, ...load(AT.hash), ...constant(place.slot), EQUAL, IF, EMPTY,
    ...closed(place.closureHashedGone), TEE, CALLBACK, CALL, HOLD,
    GET, TYPE, ...load(place.typeCache), GET, TYPE, GET, CALLBACK, ...store(place.typeCache), CALL, RELEASE,
    GET, TYPE, ...constant(slot), ...store(AT.hash), END,
  ];
  const find = [
    BLOCK, EMPTY, LOOP, EMPTY,
    GET, ENTRY, IS_ZERO, ...leave(1),
    // a reference of JavaScript's: its hash is the number
    GET, ENTRY, ...load(place.weakCallback), TEE, CALLBACK, ...closed(place.closureHashedGone), EQUAL,
    IF, EMPTY, GET, ENTRY, ...load(place.weakHash), RETURN, END,
    // one of Python's: it has the number as an int, of one digit; or it says nothing of the hash
    GET, CALLBACK, ...closed(place.closureGone), EQUAL, IF, EMPTY,
    GET, ENTRY, ...load(place.entryNumber), TEE, NUMBER, IS_ZERO, ...leave(3),
    GET, NUMBER, ...load(AT.size), ...constant(SHIFT), SHIFT_RIGHT, ...constant(1), NOT_EQUAL, ...leave(3),
    GET, NUMBER, ...load(AT.digit), RETURN, END,
    GET, ENTRY, ...load(place.weakNext), SET, ENTRY, BRANCH, 0,
    END, END,
  ];
  const enroll = [
    // the last class but `object` has the same method: so nothing stands behind it
    GET, TYPE, ...load(place.typeLines), TEE, TYPE, GET, TYPE, ...load(AT.size), ...constant(2), SUBTRACT, ...constant(WORD), MULTIPLY, ADD,
    ...load(place.tupleItems), ...constant(place.name), CALL, LOOKUP, GET, METHOD, NOT_EQUAL, ...leave(0),
    ...closed(place.closureNumbers), TEE, NUMBERS, ...load(place.countNext), TEE, NUMBER, ...constant(MOST), GREATER, ...leave(0),
    GET, OBJECT, ...closed(place.closureHashedGone), TEE, CALLBACK, CALL, REFER, TEE, ENTRY, IS_ZERO, ...failed,
    GET, ENTRY, GET, NUMBER, ...store(place.weakHash),
    GET, NUMBERS, GET, NUMBER, ...constant(1), ADD, ...store(place.countNext),
    GET, CALLBACK, ...load(place.methodSelf), GET, ENTRY, CALL, PUT, GET, ENTRY, CALL, RELEASE, ...failed,
    GET, NUMBER, RETURN,
  ];
  const hash = [1, 7, I32, BLOCK, EMPTY, ...look, ...settle, ...find, ...enroll, END, GET, OBJECT, CALL, OWN, END];
  const again = [
    1, 5, I32, BLOCK, EMPTY,
    // a class that C code derived from a settled one has its function, but no callback
    GET, OBJECT, ...load(AT.type), TEE, TYPE, ...load(place.typeCache), TEE, CALLBACK, IS_ZERO, ...leave(0),
    GET, OBJECT, GET, TYPE, ...load(AT.weakList), ADD, ...load(0), TEE, ENTRY, IS_ZERO, ...leave(0),
    LOOP, EMPTY,
    GET, ENTRY, ...load(place.weakCallback), GET, CALLBACK, EQUAL, IF, EMPTY, GET, ENTRY, ...load(place.weakHash), RETURN, END,
    GET, ENTRY, ...load(place.weakNext), TEE, ENTRY, BRANCH_IF, 0,
    END, END, GET, OBJECT, CALL, HASH, END,
  ];
  const [ONE, TWO, NONE] = [0, 1, 2];
  const taken = /** @type {[string, number][]} */ ([['lookup', TWO], ['own', ONE], ['refer', TWO], ['add', TWO], ['release', NONE], ['hold', NONE]]);
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [3, FUNCTION, 1, I32, 1, I32, FUNCTION, 2, I32, I32, 1, I32, FUNCTION, 1, I32, 0]),
    ...section(2, [taken.length + 1, ...text('python'), ...text('memory'), 2, 0, 0, ...taken.flatMap(([name, type]) => [...text('python'), ...text(name), 0, type])]),
    ...section(3, [2, ONE, ONE]),
    ...section(7, [2, ...text('hash'), 0, HASH, ...text('again'), 0, AGAIN]),
    ...section(10, [2, ...[hash, again].flatMap((body) => [...unsigned(body.length), ...body])]),
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
