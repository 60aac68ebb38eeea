// @ts-check
/** Looks at a program that computes: how they are counted, where one that is restored is looked for. The interpreter is played. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { createLimits } from '../../web/engine/limits.js';

const INTERVAL = 200;

// Time stands still: only what a test wishes for happens.
let time = 1000;
mock.method(performance, 'now', () => time);

/**
 * An eval loop: each check takes one from the countdown, and reads the buffer when that is over. `handle` is what Python does at a
 * signal, and may make checks of its own, as a handler's bytecode does.
 */
function interpreter() {
  const words = new Int32Array(4);
  const module = { HEAP32: words, HEAP8: new Int8Array(1024), __Py_emscripten_signal_clock: 4 };
  /** @type {any} */
  let buffer;
  const limits = createLimits({ _module: module, setInterruptBuffer: (/** @type {any} */ given) => (buffer = given) }, () => {});
  limits.prepare(60_000, 2 ** 30, true);
  limits.begin();
  const it = {
    limits,
    signals: /** @type {number[]} */ ([]),
    checks: 0,
    looked: 0,
    handle: () => limits.handled(false),
    /** The program makes checks. @param {number} [count] */
    compute(count = 1) {
      for (let check = 0; check < count; check += 1) {
        it.checks += 1;
        if (it.check() === 2) {
          it.signals.push(it.checks);
          it.handle();
          it.check(); // the one at the end of the handler's last call
        }
      }
    },
    /** One check, of whatever. @returns {number} */
    check() {
      const clock = /** @type {number} */ (words[1]) - 1;
      words[1] = clock;
      if (clock >= 0) return 0;
      it.looked += 1;
      return buffer[0];
    },
  };
  limits.mark();
  it.compute(); // where there was no look for a while, the first check is one
  limits.mark();
  return it;
}

test('every so many checks are a look, counted from the mark on', () => {
  const it = interpreter();
  it.compute(3 * (INTERVAL + 1));
  assert.equal(it.limits.looks, 3);
  it.limits.mark();
  assert.equal(it.limits.looks, 0);
  it.compute(INTERVAL);
  assert.equal(it.limits.looks, 0);
  assert.deepEqual(it.signals, []);
});

test('where they pass quickly looks are left out, and counted; where they do not, none is', () => {
  const it = interpreter();
  it.compute((1 + 2 + 4 + 8) * (INTERVAL + 1));
  let asked = it.looked;
  it.compute(8 * 9 * (INTERVAL + 1));
  assert.equal(it.looked - asked, 9);
  const counted = it.limits.looks;
  time += 0.5; // between two looks: neither few nor many
  it.compute(8 * (INTERVAL + 1));
  asked = it.looked;
  time += 1;
  it.compute(8 * (INTERVAL + 1));
  assert.equal(it.looked - asked, 1);
  assert.equal(it.limits.looks, counted + 16);
  asked = it.looked;
  it.compute(INTERVAL + 1);
  assert.equal(it.looked - asked, 1);
});

test('from the look that is sought on, each check is a signal', () => {
  const it = interpreter();
  it.limits.seek(2);
  it.compute(2 * (INTERVAL + 1) - 1);
  assert.deepEqual(it.signals, []);
  const before = it.checks;
  it.compute(5);
  assert.deepEqual(it.signals.map((at) => at - before), [1, 2, 3, 4, 5]);
});

test('seek(0) begins at the mark, seek(-1) ends it', () => {
  const it = interpreter();
  it.limits.seek(0);
  it.limits.mark();
  it.compute(3);
  assert.equal(it.signals.length, 3);
  it.limits.seek(-1);
  it.compute(INTERVAL * 3);
  assert.ok(it.signals.length <= 4);
});

test('the place is found: the count is as it was saved, and looks are as far apart as ever', () => {
  const saved = interpreter();
  saved.compute(7 * (INTERVAL + 1));
  assert.equal(saved.limits.looks, 7);

  const it = interpreter();
  it.limits.seek(4);
  it.handle = () => {
    if (it.checks >= saved.checks) it.limits.reached(7);
    it.limits.handled(false);
  };
  it.compute(saved.checks - it.checks);
  assert.equal(it.limits.looks, 7);
  const signals = it.signals.length;
  it.compute(INTERVAL + 1);
  assert.equal(it.limits.looks, 8);
  it.compute(INTERVAL);
  assert.deepEqual([it.limits.looks, it.signals.length], [8, signals]);
});

test('what a slice looks at is not the program\'s', () => {
  const it = interpreter();
  it.compute(INTERVAL);
  it.limits.wish();
  it.handle = () => {
    for (let check = 0; check < 1000; check += 1) assert.equal(it.check(), 0);
    it.limits.pause();
    for (let check = 0; check < 1000; check += 1) assert.equal(it.check(), 0);
    it.limits.breathed();
    it.limits.resume();
    it.limits.handled(false);
  };
  it.compute();
  assert.deepEqual([it.limits.looks, it.signals.length], [1, 1]);
  it.compute(2 * INTERVAL + 1); // the next stands for two
  assert.equal(it.limits.looks, 1);
  it.compute();
  assert.equal(it.limits.looks, 3);
});

test('a look that came at a bad moment comes again soon, each time after another number of checks; it is not counted', () => {
  const it = interpreter();
  it.limits.wish();
  let bad = 5;
  it.handle = () => {
    bad -= 1;
    if (bad < 0) it.limits.breathed();
    it.limits.handled(bad >= 0);
  };
  it.compute(INTERVAL + 1);
  assert.equal(it.signals.length, 1);
  it.compute(100);
  assert.equal(it.signals.length, 6);
  const apart = it.signals.slice(1).map((at, index) => at - /** @type {number} */ (it.signals[index]));
  assert.equal(new Set(apart).size, 5);
  assert.ok(apart.every((checks) => checks <= 15), String(apart));
  assert.equal(it.limits.looks, 1);
  it.compute(2 * INTERVAL + 1 - 100);
  assert.equal(it.limits.looks, 1);
  it.compute();
  assert.equal(it.limits.looks, 3);
});

test('a run that is over is told so again and again', () => {
  const it = interpreter();
  it.limits.end({ type: 'Stopped', message: 'stopped' });
  it.compute();
  assert.deepEqual(it.signals.length, 1);
  assert.deepEqual(it.limits.why, { type: 'Stopped', message: 'stopped' });
});
