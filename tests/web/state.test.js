// @ts-check
/** Saved programs as bytes: there and back, everything that is none, and what a forged one may not do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { bytesOf, jobOf, otherLock, pack, unpack } from '../../web/page/state.js';

const LOCKS = { 'https://a.example/a.py': '0a', 'https://a.example/packages.json': null };
const PROGRAM = { source: 'print("é")', entry: null, place: { name: 'a.py' }, args: ['x'], input: ['line'], locks: LOCKS };

test('there and back, wherever the bytes lie', () => {
  const state = Uint8Array.of(0, 255, 7);
  for (const program of [PROGRAM, { source: null, entry: '/app/main.py', place: {}, args: [], input: null, locks: {} }]) {
    const packed = pack(program, state);
    const inside = new Uint8Array(packed.length + 9);
    inside.set(packed, 5);
    for (const bytes of [packed, packed.buffer, inside.subarray(5, 5 + packed.length)]) {
      const { place: { name, entryDir, baseUrl } } = /** @type {import('../../web/page/state.js').Saved} */ (program);
      assert.deepEqual(unpack(bytes), { program: { ...program, place: { name, entryDir, baseUrl } }, state });
    }
  }
  assert.deepEqual(bytesOf(btoa('\x00\xff\x07')), state);
});

test('what is no state is refused with one sentence', () => {
  const packed = pack(PROGRAM, Uint8Array.of(1));
  /** @param {any} header */
  const withHeader = (header) => pack(header, new Uint8Array());
  const wrong = [
    new Uint8Array(), packed.subarray(0, 11), packed.subarray(0, 40), packed.subarray(1), withHeader(null), withHeader(3), withHeader([]),
    ...Object.keys(PROGRAM).map((key) => withHeader({ ...PROGRAM, [key]: 3 })),
    withHeader({ ...PROGRAM, source: null }), withHeader({ ...PROGRAM, place: { name: 1 } }), withHeader({ ...PROGRAM, args: [1] }),
    withHeader({ ...PROGRAM, locks: [] }), withHeader({ ...PROGRAM, locks: { a: 1 } }),
  ];
  const badText = packed.slice();
  badText[13] = 0xff;
  for (const bytes of [...wrong, badText]) {
    assert.throws(() => unpack(bytes), { name: 'TypeError', message: /^restoreState\(\) takes the bytes that saveState\(\) gave/ });
  }
  for (const format of [null, 1, 3]) {
    assert.throws(() => unpack(withHeader({ ...PROGRAM, format })), { message: 'this state was saved by another release of Edge Python; save a new one' });
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
    assert.deepEqual(unpack(bytes), unpack(packed));
  }
});

const HERE = { base: new URL('https://page.example/app/'), origin: 'https://page.example' };
const BARE = { source: null, entry: null, place: {}, args: [], input: null, locks: {} };

/** @param {any} program @param {any} [only] */
const job = (program, only = {}) => jobOf(unpack(pack({ ...BARE, ...program }, new Uint8Array())).program, only, HERE);

test('of a place three things are taken, and nothing else of a state', () => {
  const place = { name: 'a.py', entryDir: 'x/', baseUrl: '/b/', keep: true, record: false, input: ['mine'], entry: '/admin/main.py' };
  const { source, how } = job({ source: 'print()', place, keep: true, record: false, entryDir: '/other/' });
  assert.deepEqual({ source, how }, { source: 'print()', how: { name: 'a.py', entryDir: 'x/', baseUrl: '/b/', args: [] } });
  assert.deepEqual(job({ source: 'x', args: ['1'], input: ['l'] }).how, { name: undefined, entryDir: undefined, baseUrl: undefined, args: ['1'], input: ['l'] });
});

test('the program that the page names is the same in text, URL and place, or it is refused', () => {
  const text = { source: 'print()' };
  const entry = { entry: '/app/main.py' };
  const same = [
    [text, text], [entry, { entry: 'main.py' }], [{ ...text, ...entry }, { ...text, ...entry }],
    [{ ...text, place: { name: 'a.py' } }, { ...text, name: './a.py' }], [{ ...text, place: { entryDir: './' } }, text],
    [{ ...text, place: { baseUrl: '/b/' } }, { ...text, entryDir: '/b/' }],
  ];
  for (const [program, only] of same) assert.equal(job(program, only).source, /** @type {any} */ (program).source ?? null);
  const other = [
    [{ source: 'hostile()' }, text], [text, entry], [entry, text], [{ entry: '/app/other.py' }, entry],
    [{ source: 'hostile()', ...entry }, entry], // the page's URL, with a text of its own
    [{ ...text, ...entry }, text], [text, { ...text, ...entry }], [{ ...text, entry: '/admin/main.py' }, { ...text, ...entry }],
    [{ ...text, place: { baseUrl: 'https://other.example/' } }, text], [{ ...text, place: { entryDir: '/admin/' } }, text],
    [{ ...text, place: { name: 'sub/main.py' } }, text],
  ];
  for (const [program, only] of other) assert.throws(() => job(program, only), { message: 'this state is of another program' });
});

test('a text stands for a URL only where the page says so', () => {
  assert.throws(() => job({ source: 'hostile()', entry: '/admin/main.py' }), { message: /of a text that stands for a URL: name both/ });
  assert.deepEqual(job({ entry: '/app/main.py' }).how.entry, '/app/main.py');
  assert.throws(() => job({ entry: 'http://[' }), { message: /these are not, or a part is missing/ });
});

test('another lock is named by its first URL', () => {
  const hint = '; restore it with the lockfile that it was saved with, or save a new one';
  const [a, b] = ['https://x.example/a.py', 'https://x.example/b.py'];
  assert.equal(otherLock({}, {}), null);
  assert.equal(otherLock({ [b]: null, [a]: '0a' }, { [a]: '0a', [b]: null }), null);
  for (const [saved, here, why] of /** @type {[Record<string, string | null>, Record<string, string | null>, string][]} */ ([
    [{ [b]: '1', [a]: '0a' }, { [a]: '0b', [b]: '2' }, `this state was saved under another lock: '${a}' was sha256-0a, and is sha256-0b here`],
    [{ [a]: null }, { [a]: '0b' }, `this state was saved under another lock: '${a}' was absent, and is sha256-0b here`],
    [{ [a]: '0a' }, { [a]: null }, `this state was saved under another lock: '${a}' was sha256-0a, and is absent here`],
    [{ [a]: '0a', [b]: '1' }, { [a]: '0a' }, `this state was saved with '${b}', which this program does not use here`],
    [{}, { [b]: null }, `this state was saved without '${b}', which this program uses here`],
    [{ constructor: '0a' }, {}, "this state was saved with 'constructor', which this program does not use here"],
    [{ '\x1b[2J': '0a' }, {}, "this state was saved with '\ufffd[2J', which this program does not use here"],
  ])) assert.equal(otherLock(saved, here), why + hint);
});
