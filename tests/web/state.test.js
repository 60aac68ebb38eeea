// @ts-check
/** Saved programs as bytes: there and back, and everything that is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { bytesOf, pack, unpack } from '../../web/page/state.js';

const PROGRAM = { source: 'print("é")', entry: null, place: { name: 'a.py' }, args: ['x'], input: ['line'] };

test('there and back, wherever the bytes lie', () => {
  const state = Uint8Array.of(0, 255, 7);
  for (const program of [PROGRAM, { source: null, entry: '/app/main.py', place: {}, args: [], input: null }]) {
    const packed = pack(program, state);
    const inside = new Uint8Array(packed.length + 9);
    inside.set(packed, 5);
    for (const bytes of [packed, packed.buffer, inside.subarray(5, 5 + packed.length)]) {
      assert.deepEqual(unpack(bytes), { program, state });
    }
  }
  assert.deepEqual(bytesOf(btoa('\x00\xff\x07')), state);
});

test('what is no state is refused with one sentence', () => {
  const packed = pack(PROGRAM, Uint8Array.of(1));
  /** @param {any} header */
  const withHeader = (header) => pack(header, new Uint8Array());
  const wrong = [
    new Uint8Array(), packed.subarray(0, 11), packed.subarray(0, 40), packed.subarray(1), withHeader(null), withHeader(3), withHeader({}),
    ...Object.keys(PROGRAM).map((key) => withHeader({ ...PROGRAM, [key]: 3 })),
    withHeader({ ...PROGRAM, source: null }), withHeader({ ...PROGRAM, place: { name: 1 } }), withHeader({ ...PROGRAM, args: [1] }),
  ];
  const badText = packed.slice();
  badText[13] = 0xff;
  for (const bytes of [...wrong, badText]) {
    assert.throws(() => unpack(bytes), { name: 'TypeError', message: /^restoreState\(\) takes the bytes that saveState\(\) gave/ });
  }
  for (const [value, shown] of /** @type {[unknown, string][]} */ ([[null, 'null'], ['text', 'a string'], [[1], 'an object'], [undefined, 'undefined']])) {
    assert.throws(() => unpack(value), { message: `restoreState() takes the Uint8Array of saveState(), not ${shown}` });
  }
});

test('bytes of another frame of the page are bytes', () => {
  const packed = pack(PROGRAM, Uint8Array.of(1, 2, 3));
  const elsewhere = runInNewContext('(bytes) => { const one = new Uint8Array(bytes.length + 2); one.set(bytes, 2); return one; }')(packed);
  assert.equal(elsewhere instanceof Uint8Array, false);
  for (const bytes of [elsewhere.subarray(2), elsewhere.buffer.slice(2), new DataView(elsewhere.buffer, 2)]) {
    assert.deepEqual(unpack(bytes), { program: PROGRAM, state: Uint8Array.of(1, 2, 3) });
  }
});
