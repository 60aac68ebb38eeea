/** The parts of the snapshot build: pages are packed and unpacked, code loses its data only, edits are made to the known glue alone. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { bare } from '../../tools/build/bare.mjs';
import { quicken } from '../../tools/build/glue.mjs';
import { prune } from '../../tools/build/prune.mjs';
import { reachable } from '../../tools/build/reach.mjs';
import { readModule } from '../../tools/build/wasm.mjs';
import { PAGE, pack } from '../../tools/build/sparse.mjs';
import { checked, digestOf, readChecked } from '../../web/engine/digest.js';
import { createUnpacker } from '../../web/engine/sparse.js';

const FOLDER = new URL('../../node_modules/pyodide/', import.meta.url);

/** What a file holds, as it comes in pieces of this length. @param {Uint8Array} file @param {number} length */
function unpack(file, length) {
  let memory = new Uint8Array();
  const { take, end } = createUnpacker((bytes) => (memory = new Uint8Array(bytes)));
  for (let at = 0; at < file.length; at += length) take(file.slice(at, at + length));
  return { config: end(), memory };
}

/** A memory of so many pages, of which these hold something. @param {number} pages @param {number[]} full */
function memoryOf(pages, full) {
  const memory = new Uint8Array(pages * PAGE);
  for (const page of full) memory[page * PAGE + (page % 2 === 0 ? 0 : PAGE - 1)] = page + 1;
  return memory;
}

for (const full of [[], [0], [15], [0, 1, 2, 7, 9, 10, 15]]) {
  test(`pages ${full.join(', ')} of 16 come back, and only they are carried`, () => {
    const memory = memoryOf(16, full);
    const file = pack(memory, { immortalKeys: ['a'] });
    for (const length of [1, 3, PAGE - 1, PAGE, 3 * PAGE + 1, file.length]) {
      assert.deepEqual(unpack(file, length), { config: { immortalKeys: ['a'] }, memory });
    }
    assert.ok(file.length < full.length * PAGE + 500);
  });
}

test('a file that was cut, or is longer, is refused', () => {
  const file = pack(memoryOf(4, [1, 2]), {});
  const refusal = { message: 'the memory snapshot is damaged: its pages are not those that it speaks of' };
  for (const end of [0, 3, 20, PAGE, file.length - 1]) assert.throws(() => unpack(file.subarray(0, end), 1000), refusal);
  assert.throws(() => unpack(Buffer.concat([file, Uint8Array.of(0)]), 1000), refusal);
  const text = Uint8Array.from(file);
  text[4] = 0x21;
  assert.throws(() => unpack(text, 1000), refusal);
});

test('a flipped bit of the head never keeps anybody busy for ever', () => {
  const file = pack(memoryOf(40, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 30]), {});
  for (let at = 4; at < file.length % PAGE; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const other = Uint8Array.from(file);
      other[at] = (other[at] ?? 0) ^ (1 << bit);
      try {
        unpack(other, PAGE); // its digest tells the rest
      } catch (error) {
        assert.ok(error instanceof Error);
      }
    }
  }
});

test('a digest is that of XXH64, and of all pieces', async () => {
  assert.equal(await digestOf(new Uint8Array()), 'ef46db3751d8e999');
  assert.equal(await digestOf(new TextEncoder().encode('Nobody inspects the spammish repetition')), 'fbcea83c8a378bf1');
  const large = Uint8Array.from({ length: 1_300_000 }, (_, at) => at % 251);
  const wanted = await digestOf(large);
  const without = { stream: () => new ReadableStream({ start: (queue) => [large.slice(0, 9), large.slice(9)].map((part) => queue.enqueue(part)) && queue.close() }) };
  for (const blob of [new Blob([large]), /** @type {any} */ (without)]) { // not every browser reads into a buffer of ours
    let found = Buffer.alloc(0);
    await readChecked('x', blob, wanted, (bytes) => (found = Buffer.concat([found, bytes])));
    assert.ok(found.equals(large));
  }
  for (const at of [0, 524_288, 1_299_999]) {
    const other = Uint8Array.from(large);
    other[at] = (other[at] ?? 0) ^ 1;
    const refusal = { message: 'x is damaged: it is not the one that was built' };
    await assert.rejects(readChecked('x', new Blob([other]), wanted, () => {}), refusal);
    await assert.rejects(readChecked('x', new Blob([other]), wanted, () => assert.fail('it cannot be used')), refusal);
    await assert.rejects(checked('x', other.buffer, wanted), refusal);
  }
  await assert.rejects(readChecked('x', new Blob([large]), wanted, () => assert.fail('it cannot be used')), /it cannot be used/);
  await assert.rejects(checked('x', large.buffer, undefined), /damaged/);
  assert.equal(await checked('x', large.buffer, wanted), large.buffer);
});

test('a memory that does not end with a page is a mistake', () => {
  assert.throws(() => pack(new Uint8Array(PAGE + 1), {}), /does not end with a page/);
});

// (module (memory (export "memory") 2 3) (func (export "f") (result i32) (i32.load8_u (i32.const 5))) (data (i32.const 5) "*"))
const MODULE = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 2, 1, 0, 3, 2, 1, 0, 5, 4, 1, 1, 2, 3,
  7, 14, 2, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 1, 0x66, 0, 0, 10, 9, 1, 7, 0, 0x41, 5, 0x2d, 0, 0, 0x0b, 11, 7, 1, 0, 0x41, 5, 0x0b, 1, 0x2a,
]);

test('bare code computes on the memory that it is given', () => {
  const whole = new WebAssembly.Instance(new WebAssembly.Module(MODULE));
  assert.equal(/** @type {any} */ (whole.exports['f'])(), 42);
  const made = bare(MODULE, 'f memory');
  const [bytes, initial, maximum] = [Uint8Array.from(made.bytes), made.initial, made.maximum];
  assert.deepEqual([initial, maximum], [2, 3]);
  const memory = new WebAssembly.Memory({ initial, maximum });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const compute = /** @type {any} */ (instance.exports['f']);
  assert.equal(compute(), 0);
  new Uint8Array(memory.buffer)[5] = 7;
  assert.equal(compute(), 7);
  assert.equal(instance.exports['memory'], memory);
});

test('a module without a memory of its own is refused', () => {
  assert.throws(() => bare(bare(MODULE, 'memory').bytes, ''), /0 sections of kind 5/);
});

test('what nobody names is no export any more, and what nothing comes to has no body', () => {
  const made = bare(MODULE, 'no names but memory');
  const module = new WebAssembly.Module(Uint8Array.from(made.bytes));
  assert.deepEqual(WebAssembly.Module.exports(module).map(({ name }) => name), ['memory']);
  assert.equal(readModule(made.bytes).bodies.map(({ start, end }) => end - start).join(), '3');
  assert.equal(WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(bare(MODULE, 'memory _f').bytes))).length, 2);
});

test('a function is reached by a call, by a reference, through the table and from outside', () => {
  const code = [[0x10, 1], [0xd2, 4, 0x1a], [0x10, 0], [], [], [0x10, 0]];
  const bodies = code.flatMap((instructions) => [instructions.length + 2, 0, ...instructions, 0x0b]);
  const section = (/** @type {number} */ id, /** @type {number[]} */ content) => [id, content.length, ...content];
  const module = (/** @type {number[]} */ elements, globals = [1, 0x7f, 0, 0x41, 7, 0x0b]) => readModule(Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x60, 0, 0]), ...section(3, [6, 0, 0, 0, 0, 0, 0]),
    ...section(4, [1, 0x70, 0, 1]), ...section(6, globals), ...section(9, elements), ...section(10, [6, ...bodies]),
  ]));
  assert.deepEqual([...reachable(module([1, 0, 0x41, 0, 0x0b, 1, 3]), [0])].sort(), [0, 1, 3, 4]);
  assert.deepEqual([...reachable(module([1, 0, 0x41, 0, 0x0b, 1, 3]), [5])].sort(), [0, 1, 3, 4, 5]);
  assert.throws(() => reachable(module([1, 1, 0, 1, 3]), [0]), /filled in a way that is not known/);
  assert.throws(() => reachable(module([0], [1, 0x70, 0, 0xd2, 2, 0x0b]), [0]), /begins with what is no number/);
});

test('the glue loses what the code does not import, and nothing that it does', async () => {
  const [text, wasm, loader] = await Promise.all(['pyodide.asm.mjs', 'pyodide.asm.wasm', 'pyodide.mjs'].map((name) => readFile(new URL(name, FOLDER))));
  const quick = quicken(String(text)) ?? '';
  const pruned = await prune(quick, wasm ?? Buffer.of(), [String(loader)]);
  assert.ok(pruned.length < 0.4 * quick.length, `${pruned.length} of ${quick.length}`);
  const found = new Set(pruned.match(/[\w$]+/g));
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(Uint8Array.from(wasm ?? [])))) {
    if (module === 'env' || module === 'wasi_snapshot_preview1') assert.ok(found.has(name) || name === 'memory', name);
  }
  await assert.rejects(prune(quick.replaceAll('Module["', 'Other["'), wasm ?? Buffer.of(), []), /the known glue has/);
});

test('Pyodide is the one that the edits know, and only that one is edited', async () => {
  const text = await readFile(new URL('pyodide.asm.mjs', FOLDER), 'utf8');
  const edited = quicken(text);
  assert.ok(edited !== null, 'tools/build/glue.mjs does not know this Pyodide: engines start plainly');
  assert.ok(edited.length < 0.7 * text.length);
  assert.doesNotMatch(edited, /[^.\w$]eval\(/);
  assert.equal(quicken(`${text}\n`), null);
});
