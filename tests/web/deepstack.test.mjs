/** The rewritten engine: what is read of a module, what is wrapped, and that a real Python runs on it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { deepen, UNCHECKED } from '../../tools/build/deepstack.mjs';
import { directCalls, leb, readModule, signedLeb, WasmError, wrapFunctions } from '../../tools/build/wasm.mjs';

const FOLDER = new URL('../../node_modules/pyodide/', import.meta.url);
const STOCK = await readFile(new URL('pyodide.asm.wasm', FOLDER));
const DEEP = deepen(STOCK);
assert.ok(DEEP);

/** A section. @param {number} id @param {number[]} content */
const section = (id, content) => [id, ...leb(content.length), ...content];
const text = (/** @type {string} */ value) => [value.length, ...new TextEncoder().encode(value)];

/**
 * `fact(n)` by recursion, called through an export and through a table, with a custom section before and one behind.
 * The global `depth` is what a wrapper counts in.
 */
const BODY = [0, 0x20, 0, 0x45, 0x04, 0x7f, 0x41, 1, 0x05, 0x20, 0, 0x20, 0, 0x41, 1, 0x6b, 0x10, 0, 0x6c, 0x0b, 0x0b];
const INDIRECT = [0, 0x20, 0, 0x41, 0, 0x11, 0, 0, 0x0b];
const SMALL = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(0, [...text('first'), 1, 2, 3]),
  ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]),
  ...section(3, [2, 0, 0]),
  ...section(4, [1, 0x70, 0, 1]),
  ...section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]),
  ...section(7, [3, ...text('fact'), 0, 0, ...text('through'), 0, 1, ...text('depth'), 3, 0]),
  ...section(9, [1, 0, 0x41, 0, 0x0b, 1, 0]),
  ...section(10, [2, BODY.length, ...BODY, INDIRECT.length, ...INDIRECT]),
  ...section(0, [...text('last'), 9]),
]);

test('a module is read', () => {
  const module = readModule(SMALL);
  assert.deepEqual([...module.exports.functions], [['fact', 0], ['through', 1]]);
  assert.deepEqual([...module.exports.globals], [['depth', 0]]);
  assert.deepEqual(module.bodies.map((body) => directCalls(module, body)), [[0], []]);
});

test('a wrapped function is reached by its export, by itself and through a table; the rest stays', () => {
  const counting = [0x23, 0, 0x41, 1, 0x6a, 0x24, 0];
  const made = wrapFunctions(readModule(SMALL), [0], (_, inner) => [...counting, 0x20, 0, 0x10, ...leb(inner)]);
  const { fact, through, depth } = /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(/** @type {any} */ (made))).exports);
  assert.equal(fact(5), 120);
  assert.equal(depth.value, 6);
  assert.equal(through(3), 6);
  assert.equal(depth.value, 10);
  const again = readModule(made);
  const kept = (/** @type {import('../../tools/build/wasm.mjs').Module} */ module) =>
    module.sections.filter(({ id }) => id !== 3 && id !== 10).map(({ id, start, end }) => [id, ...module.bytes.subarray(start, end)]);
  assert.deepEqual(kept(again), kept(readModule(SMALL)));
  assert.deepEqual(Buffer.from(wrapFunctions(readModule(SMALL), [], () => [])), Buffer.from(SMALL));
});

test('what is no module, is cut off or holds an unknown instruction is refused', () => {
  assert.throws(() => readModule(new TextEncoder().encode('not a module')), WasmError);
  assert.throws(() => readModule(SMALL.subarray(0, SMALL.length - 1)), WasmError);
  const at = SMALL.lastIndexOf(0x45);
  const odd = SMALL.slice();
  odd[at] = 0xfb;
  const module = readModule(odd);
  assert.throws(() => module.bodies.map((body) => directCalls(module, body)), /instruction 0xfb/);
});

test('numbers are written as they are read', () => {
  assert.deepEqual([0, 127, 128, 300_000].map(leb), [[0], [127], [128, 1], [0xe0, 0xa7, 0x12]]);
  assert.deepEqual([-1, 63, 64, 256, -65].map(signedLeb), [[0x7f], [63], [0xc0, 0], [0x80, 2], [0xbf, 0x7f]]);
});

test('any other engine stays as it is', () => {
  const other = STOCK.subarray();
  const copy = Buffer.from(other);
  copy[copy.length - 1] = /** @type {number} */ (copy.at(-1)) ^ 1;
  assert.equal(deepen(copy), null);
});

test('of the engine only functions and bodies change, and it stays small', () => {
  const [before, after] = [readModule(STOCK), readModule(DEEP.bytes)];
  assert.equal(after.bodies.length - before.bodies.length, 1);
  assert.ok(DEEP.changed > 250 && DEEP.bytes.length - STOCK.length < 20_000);
  const kept = (/** @type {import('../../tools/build/wasm.mjs').Module} */ module) =>
    Buffer.concat(module.sections.filter(({ id }) => id !== 3 && id !== 10).map(({ start, end }) => module.bytes.subarray(start, end)));
  assert.ok(kept(before).equals(kept(after)));
  assert.ok(WebAssembly.validate(/** @type {any} */ (DEEP.bytes)));
});

/** Where a type object keeps a slot, in bytes, with pointers of 32 bits. */
const SLOTS = { tp_hash: 60, tp_iternext: 112 };
const OWNERS = {
  tp_hash: ['types.MappingProxyType', 'type(list[int])', 'slice', 'tuple', 'type(int | str)'],
  tp_iternext: ['enumerate', 'filter', 'map', 'zip'],
};

test('the unchecked functions are those of a running Python, and the stack pointer comes back from errors', async () => {
  const { loadPyodide } = await import('pyodide');
  // Node reads the file by itself: it is given other bytes.
  const real = WebAssembly.instantiate;
  const { default: createPyodideModule } = await import(new URL('pyodide.asm.mjs', FOLDER).href);
  WebAssembly.instantiate = /** @type {any} */ ((/** @type {any} */ source, /** @type {any} */ imports) =>
    real(source.byteLength === STOCK.length ? DEEP.bytes : source, imports));
  const python = await loadPyodide(/** @type {any} */ ({ createPyodideModule })).finally(() => {
    WebAssembly.instantiate = real;
  });
  const inside = /** @type {any} */ (python)._module;
  const stock = readModule(STOCK);
  for (const slot of /** @type {(keyof typeof SLOTS)[]} */ (Object.keys(SLOTS))) {
    const found = OWNERS[slot].map((owner) => {
      const at = python.runPython(`import types; id(${owner})`) + SLOTS[slot];
      return Number(inside.wasmTable.get(inside.HEAPU32[at / 4]).name);
    });
    assert.deepEqual(found.sort((a, b) => a - b), UNCHECKED[slot], slot);
    assert.ok(found.every((index) => stock.bodies[index - stock.imported] !== undefined));
  }
  const pointer = () => inside._emscripten_stack_get_current();
  const before = pointer();
  inside._PyUnstable_ThreadState_SetStackProtection(inside._PyThreadState_Get(), before - 300 * 1024, 300 * 1024);
  const caught = python.runPython(`
count = 0
for work in (repr, hash, lambda x: isinstance(1, x)):
    deep = (str,)
    for _ in range(50_000):
        deep = (deep,)
    for _ in range(50):
        try:
            work(deep)
        except RecursionError:
            count += 1
count`);
  assert.equal(caught, 150);
  assert.equal(pointer(), before);
});
