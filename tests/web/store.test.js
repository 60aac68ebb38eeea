// @ts-check
/** The store without IndexedDB: merging, and memory as the fallback. The database itself: tests/browser/test_store.py. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createMemoryStore, mergeRecord, openStore } from '../../web/page/store.js';

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);
const EMPTY = { modules: {}, locals: {} };
const A = { sha256: 'a'.repeat(64), bytes: 1 };
const B = { sha256: 'b'.repeat(64), bytes: 1 };
/** @type {{ absent: true }} */
const ABSENT = { absent: true };
const U = 'https://x.test/u.py';

test('merging adds, and keeps what is there', () => {
  const one = mergeRecord(EMPTY, { modules: { [U]: A }, locals: { '/a.py': A.sha256 } });
  assert.deepEqual(one.record, { modules: { [U]: A }, locals: { '/a.py': A.sha256 } });
  assert.equal(one.changed, true);
  const two = mergeRecord(one.record, { modules: { 'https://x.test/v.py': B, 'https://x.test/packages.json': ABSENT } });
  assert.deepEqual(Object.keys(two.record.modules), [U, 'https://x.test/v.py', 'https://x.test/packages.json']);
  assert.deepEqual(Object.keys(one.record.modules), [U], 'the record that was given stays as it is');
});

test('the same digest again changes nothing, whatever the redirect says', () => {
  const present = { modules: { [U]: A }, locals: {} };
  const merged = mergeRecord(present, { modules: { [U]: { ...A, url: 'https://y.test/u.py' } } });
  assert.deepEqual([merged.conflicts, merged.changed, merged.record], [[], false, present]);
});

test('another digest, and absent against present, are conflicts', () => {
  const present = { modules: { [U]: A, 'https://x.test/packages.json': ABSENT }, locals: {} };
  const { conflicts } = mergeRecord(present, { modules: { [U]: B, 'https://x.test/packages.json': A } });
  assert.deepEqual(conflicts, [
    { spec: U, present: A, incoming: B },
    { spec: 'https://x.test/packages.json', present: ABSENT, incoming: A },
  ]);
  assert.equal(mergeRecord(present, { modules: { [U]: ABSENT } }).conflicts.length, 1);
});

test('a replacement needs the entry that it saw', () => {
  const present = { modules: { [U]: A }, locals: {} };
  const replaced = mergeRecord(present, { modules: { [U]: B }, replaces: { [U]: A } });
  assert.deepEqual([replaced.conflicts, replaced.record.modules], [[], { [U]: B }]);
  assert.deepEqual([...replaced.dropped], [A.sha256]);
  assert.equal(mergeRecord(replaced.record, { modules: { [U]: ABSENT }, replaces: { [U]: A } }).conflicts.length, 1);
});

test('local copies follow the file, and what they leave is dropped', () => {
  const present = { modules: {}, locals: { '/a.py': A.sha256, '/packages.json': null } };
  const merged = mergeRecord(present, { locals: { '/a.py': null, '/packages.json': B.sha256 } });
  assert.deepEqual(merged.record.locals, { '/a.py': null, '/packages.json': B.sha256 });
  assert.deepEqual([merged.conflicts, [...merged.dropped]], [[], [A.sha256]]);
});

test('names of Object.prototype are no entries', () => {
  const merged = mergeRecord(EMPTY, { modules: { constructor: A }, locals: { toString: null } });
  assert.deepEqual([merged.conflicts, merged.changed], [[], true]);
});

test('memory keeps records and bytes, and a conflict writes nothing', async () => {
  const store = createMemoryStore();
  assert.equal(store.persistent, false);
  const digest = await store.digest(bytes('x = 1\n'));
  assert.equal(digest, '9e26bf369911c45c243c684147b23fc9e1dcfcf257d299a1c632016a6fcd33f4');
  const entry = { sha256: digest, bytes: 6 };
  assert.deepEqual(await store.commit('p', { modules: { [U]: entry }, blobs: new Map([[digest, bytes('x = 1\n')]]) }), []);
  const conflicts = await store.commit('p', {
    modules: { [U]: B, 'https://x.test/v.py': B }, blobs: new Map([[B.sha256, bytes('?')]]),
  });
  assert.deepEqual(conflicts, [{ spec: U, present: entry, incoming: B }]);
  assert.deepEqual((await store.readProgram('p')).modules, { [U]: entry });
  assert.deepEqual(await store.readBlobs([digest, B.sha256]), new Map([[digest, bytes('x = 1\n')]]));
  assert.deepEqual(await store.readProgram('q'), EMPTY);
  await store.clear('p');
  assert.deepEqual([await store.readProgram('p'), await store.readBlobs([digest])], [EMPTY, new Map()]);
});

test('where there is no IndexedDB the store says so once and works', async () => {
  /** @type {string[]} */
  const warnings = [];
  const store = await openStore({ onWarning: (text) => void warnings.push(text) });
  assert.deepEqual(warnings, [
    'modules are not kept: this browser does not let the page store anything; this page goes on from memory',
  ]);
  assert.equal(store.persistent, false);
  await store.commit('p', { modules: { [U]: A } });
  assert.deepEqual((await store.readProgram('p')).modules, { [U]: A });
  assert.equal(warnings.length, 1);
});
