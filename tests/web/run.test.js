// @ts-check
/** The page's side of one run: how long an engine has to hear a stop. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { Run } from '../../web/page/run.js';

// Node 20 lacks it; browsers that can wait inside a program have it.
Promise.withResolvers ??= /** @type {any} */ (() => {
  const parts = /** @type {any} */ ({});
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
});

const STOPPED = { type: 'Stopped', message: 'the page stopped the program', frames: [], rendered: '' };
const PHASES = { link: 0, compile: 0, run: 0 };

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);
afterEach(() => {
  Object.assign(globalThis, { setTimeout, clearTimeout });
  performance.now = now;
});

/** A run that was told to stop, what it did, and `turn`, in which all timers end that are set. */
function stopping() {
  /** @type {Map<number, () => void>} */
  const timers = new Map();
  let count = 0;
  let clock = 0;
  performance.now = () => clock;
  Object.assign(globalThis, {
    setTimeout: (/** @type {() => void} */ end) => {
      timers.set((count += 1), end);
      return count;
    },
    clearTimeout: (/** @type {number} */ timer) => timers.delete(timer),
  });
  const turn = () => {
    clock += 1000;
    const ends = [...timers.values()];
    timers.clear();
    for (const end of ends) end();
  };
  /** @type {string[]} */
  const heard = [];
  const options = { timeoutMs: 1000, maxOutput: 1000, check: false, goesOn: null, extraKeys: [], onTimeout: () => heard.push('late') };
  const run = new Run(1, /** @type {any} */ ({}), (message) => heard.push(message.type), options);
  run.stop(STOPPED, () => heard.push('deaf'));
  assert.deepEqual(heard, ['stop']);
  return { run, heard, turn };
}

test('an engine that does not hear a stop is given up', () => {
  const { heard, turn } = stopping();
  for (let i = 0; i < 5; i += 1) turn();
  assert.deepEqual(heard, ['stop', 'deaf'], 'once');
});

test('its answer may lie here when the time is over: the page was busy', async () => {
  const { run, heard, turn } = stopping();
  turn(); // a busy page may take it before the message's
  run.receive(/** @type {any} */ ({ type: 'done', run: 1, ending: { ok: true, error: null, exitCode: 0, phases: PHASES }, spent: false }));
  for (let i = 0; i < 5; i += 1) turn();
  assert.deepEqual(heard, ['stop']);
  assert.deepEqual((await run.ended).ending.error, STOPPED);
});
