// @ts-check
/** Compiled code that is kept: which of it leaves. How it is stored and found, tests/browser/test_start.py shows in a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createCodes, keyOf, leaving } from '../../web/page/codes.js';

test('those that were used least lately leave, as many as need to', () => {
  /** @type {[string, { size: number, used: number }][]} */
  const notes = [['old', { size: 4, used: 1 }], ['new', { size: 4, used: 3 }], ['middle', { size: 4, used: 2 }]];
  assert.deepEqual(leaving(notes, 12), []);
  assert.deepEqual(leaving(notes, 11), ['old']);
  assert.deepEqual(leaving(notes, 4), ['old', 'middle']);
  assert.deepEqual(leaving(notes, 0), ['old', 'middle', 'new']);
  assert.deepEqual(leaving([], 0), []);
});

test('a program goes by its place, and text without a file by itself too', async () => {
  const [one, other] = [new TextEncoder().encode('1'), new TextEncoder().encode('2')];
  const keys = [await keyOf('o', '/a.py', null), await keyOf('o', '/a.py', one), await keyOf('o', '/a.py', other), await keyOf('p', '/a.py', null)];
  assert.equal(new Set(keys).size, 4);
});

test('where nothing can be stored, there is nothing, and nobody hears of it', async () => {
  const codes = createCodes(); // Node has no IndexedDB
  await codes.keep('k', 'b', new Uint8Array(1));
  assert.equal(await codes.read('k', 'b'), null);
  await codes.clear();
});
