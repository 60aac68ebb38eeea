// @ts-check
/**
 * The value rules: what crosses between page and program survives, and what cannot is refused with its place.
 * Random trees are drawn from a fixed seed, so that a failure can be repeated.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decode, encode } from '../../web/page/values.js';

/** @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LEAVES = [
  null, true, false, 0, 1, -1, 2 ** 53, -(2 ** 53), 2n ** 53n + 1n, -(2n ** 200n),
  0.5, -0, NaN, Infinity, -Infinity, 1e300, 5e-324,
  '', 'text', '\ud800', '\udfff\ud800', '🙂', '\0', new Uint8Array(), new Uint8Array([0, 255]), [], {},
];
const KEYS = ['a', 'b c', '', '__proto__', 'constructor', 'toString', '\ud800', '7', 'length'];

/**
 * @param {(below: number) => number} next
 * @param {number} depth
 * @returns {any}
 */
function tree(next, depth) {
  if (depth === 0 || next(3) === 0) return LEAVES[next(LEAVES.length)];
  if (next(2) === 0) return Array.from({ length: next(5) }, () => tree(next, depth - 1));
  /** @type {Record<string, any>} */
  const object = {};
  for (let i = next(5); i > 0; i -= 1) {
    const value = tree(next, depth - 1);
    Object.defineProperty(object, KEYS[next(KEYS.length)] ?? '', { value, writable: true, enumerable: true, configurable: true });
  }
  return object;
}

test('the example of the protocol', () => {
  assert.deepEqual(encode({ a: [1, 2.5] }), [5, 'a', 2, 1, 3, 2.5, 7, 2, 8, 1]);
});

test('random trees survive a round trip, also through a structured clone', () => {
  const next = random(20260101);
  for (let i = 0; i < 3000; i += 1) {
    const value = tree(next, 6);
    const tokens = encode(value);
    assert.equal(tokens.length % 2, 0);
    assert.deepEqual(decode(tokens), value);
    assert.deepEqual(decode(structuredClone(tokens)), value);
    assert.deepEqual(encode(decode(tokens)), tokens);
  }
});

test('each kind has its tag', () => {
  /** @type {[unknown, unknown[]][]} */
  const cases = [
    [undefined, [0, 0]], [null, [0, 0]], [true, [1, true]], [3, [2, 3]], [3.0, [2, 3]], [2 ** 53, [2, 2 ** 53]],
    [2 ** 53 + 2, [3, 2 ** 53 + 2]], [-(2 ** 53), [2, -(2 ** 53)]], [5n, [2, 5]], [2n ** 53n, [2, 2 ** 53]],
    [2n ** 53n + 1n, [2, 2n ** 53n + 1n]], [-0, [4, 0]], [0, [2, 0]], [NaN, [3, NaN]], [Infinity, [3, Infinity]],
    ['\ud800', [5, '\ud800']], [[], [7, 0]], [{}, [8, 0]], [[,], [0, 0, 7, 1]], // eslint-disable-line no-sparse-arrays
    [new Map([['k', 1]]), [5, 'k', 2, 1, 8, 1]], [Object.assign(Object.create(null), { z: null }), [5, 'z', 0, 0, 8, 1]],
  ];
  for (const [value, tokens] of cases) assert.deepEqual(encode(value), tokens);
});

test('bytes: views, buffers and other typed arrays, without what lies around them', () => {
  const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
  const view = new Uint8Array(buffer, 1, 2);
  const [, sent] = /** @type {[number, Uint8Array]} */ (encode(view));
  assert.deepEqual(sent, new Uint8Array([2, 3]));
  assert.equal(sent.buffer.byteLength, 2);
  assert.deepEqual(encode(buffer), [6, new Uint8Array([1, 2, 3, 4])]);
  assert.deepEqual(encode(new Uint16Array([0x0201])), [6, new Uint8Array([1, 2])]);
  assert.deepEqual(encode(new DataView(buffer, 3)), [6, new Uint8Array([4])]);
});

test('nesting 100,000 deep, lists and dicts', () => {
  const depth = 100_000;
  /** @type {any} */
  let list = 'end';
  /** @type {any} */
  let dict = 'end';
  for (let i = 0; i < depth; i += 1) {
    list = [list];
    dict = { k: dict };
  }
  let back = decode(encode(list));
  for (let i = 0; i < depth; i += 1) back = back[0];
  assert.equal(back, 'end');
  back = decode(encode(dict));
  for (let i = 0; i < depth; i += 1) back = back.k;
  assert.equal(back, 'end');
});

test('what cannot cross is named, with its place', () => {
  class Point {}
  /** @type {any} */
  const loop = { a: [] };
  loop.a.push(loop);
  /** @type {any} */
  let deep = () => {};
  for (let i = 0; i < 50_000; i += 1) deep = [deep];
  /** @type {[unknown, string | RegExp][]} */
  const cases = [
    [{ items: [1, 2, 3, () => {}] }, 'result.items[3] is a function, which cannot cross to the program'],
    [Symbol('s'), 'result is a symbol, which cannot cross to the program'],
    [{ 'a b': new Point() }, 'result["a b"] is an instance of Point, which cannot cross to the program'],
    [Point, 'result is a class, which cannot cross to the program'],
    [new Date(0), 'result is an instance of Date, which cannot cross to the program'],
    [[Promise.resolve(1)], 'result[0] is a promise, which cannot cross to the program; await it first'],
    [new Map([[1, 2]]), /^result is a Map with a key that is a number/],
    [loop, 'result.a[0] contains itself, so it has no end'],
    [deep, /^result(\[0\]){8}…(\[0\]){4} is a function/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => encode(value), { name: 'TypeError', message });
  }
  assert.throws(() => encode([Symbol('s')], 'argument 2'), { message: /^argument 2\[0\] is a symbol/ });
});

test('sharing is no cycle, and cannot grow without bound', () => {
  const shared = [1];
  assert.deepEqual(decode(encode([shared, shared])), [[1], [1]]);
  /** @type {any} */
  let doubling = [0];
  for (let i = 0; i < 40; i += 1) doubling = [doubling, doubling];
  assert.throws(() => encode(doubling), { name: 'TypeError', message: /holds more than 500,000 values/ });
});

test('__proto__ is a key like any other', () => {
  const back = decode([5, '__proto__', 5, 'mine', 8, 1]);
  assert.deepEqual(Object.keys(back), ['__proto__']);
  assert.equal(Object.getPrototypeOf(back), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(back, '__proto__')?.value, 'mine');
  assert.deepEqual(encode(back), [5, '__proto__', 5, 'mine', 8, 1]);
});

test('malformed tokens are refused', () => {
  const sparse = new Array(1_000_000);
  const cases = [
    null, 'x', {}, { length: 2, 0: 0, 1: 0 }, [], [0], [0, 1], [0, 0, 0, 0],
    [1, 1], [1, 'true'], [2, 1.5], [2, NaN], [2, 2 ** 53 + 2], [2, '1'],
    [3, 1n], [3, '1'], [4, 1], [4, -1], [5, 1], [5, null],
    [6, [1]], [6, new ArrayBuffer(1)], [7, 1], [7, -1], [7, 0.5], [7, '0'], [7, NaN],
    [0, 0, 7, 2], [0, 0, 8, 1], [2, 1, 0, 0, 8, 1], [5, 'k', 8, 1], [9, 0], ['0', 0], [-1, 0], [undefined, 0], [0, 0, 7, 1, 0, 0],
    [7, 2 ** 60], [8, 2 ** 60], [8, Infinity], new Array(4_000_002).fill(0), sparse,
  ];
  for (const tokens of cases) assert.throws(() => decode(tokens), { name: 'TypeError', message: /malformed value/ });
});

test('random tokens give a value or a TypeError, quickly', () => {
  const next = random(7);
  const payloads = [0, 1, 2, 3, 10, -1, true, 'k', 1n, null, undefined, new Uint8Array(1), [], {}, NaN];
  let good = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const tokens = [];
    for (let n = next(12); n > 0; n -= 1) tokens.push(next(10), payloads[next(payloads.length)]);
    try {
      decode(tokens);
      good += 1;
    } catch (error) {
      assert.ok(error instanceof TypeError);
    }
  }
  assert.ok(good > 100);
});

test('an integer is never minus zero', () => {
  assert.ok(Object.is(decode([2, -0]), 0));
  assert.ok(Object.is(decode([4, 0]), -0));
});
