// @ts-check
/** The engine of a worker: when the next one takes its place. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { createEngines } from '../../web/page/engines.js';

// Node 20 lacks it; browsers that can wait inside a program have it.
Promise.withResolvers ??= /** @type {any} */ (() => {
  const parts = /** @type {any} */ ({});
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
});

function setting() {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {((error: Error) => void)[]} */
  const deaths = [];
  /** @type {string[]} */
  const heard = [];
  const engines = createEngines((onFailure) => {
    const number = deaths.push(onFailure);
    return /** @type {any} */ ({ booted: Promise.resolve(), post() {}, terminate: () => heard.push(`end of ${number}`) });
  }, (error) => heard.push(error.message));
  return { engines, deaths, heard };
}

/** Whether somebody who asks for an engine has one. @param {ReturnType<typeof createEngines>} engines */
function asker(engines) {
  const found = { served: false };
  engines.ready().then(() => (found.served = true));
  return found;
}
const turns = async () => {
  for (let i = 0; i < 5; i += 1) await null;
};

test('an engine that did not end its run goes', async () => {
  const { engines, heard } = setting();
  engines.abandon(1, false);
  assert.deepEqual([engines.count, heard], [2, ['end of 1', 'the engine was ended']]);
  await engines.ready();
});

test('one that holds names has a while more, in which nobody is served', async () => {
  const { engines, heard } = setting();
  engines.abandon(7, true);
  const next = asker(engines);
  await turns();
  assert.equal(next.served, false);
  assert.equal(engines.ended(6), false);
  assert.equal(engines.ended(7), true);
  assert.equal(engines.ended(7), false, 'it is told once');
  await turns();
  mock.timers.tick(10_000);
  assert.deepEqual([next.served, engines.count, heard], [true, 1, []]);
});

test('where that was not enough it goes too', async () => {
  const { engines } = setting();
  engines.abandon(7, true);
  const next = asker(engines);
  mock.timers.tick(10_000);
  await turns();
  assert.deepEqual([next.served, engines.count, engines.ended(7)], [true, 2, false]);
});

test('one that dies in that while is replaced, and nobody waits for the dead', async () => {
  const { engines, deaths } = setting();
  engines.abandon(7, true);
  const next = asker(engines);
  deaths[0]?.(new Error('it broke'));
  await turns();
  assert.deepEqual([next.served, engines.count], [true, 2]);
  mock.timers.tick(10_000);
  assert.equal(engines.count, 2);
});

test('nothing comes after the end of all', async () => {
  const { engines, heard } = setting();
  engines.abandon(7, true);
  engines.terminate();
  mock.timers.tick(10_000);
  assert.deepEqual([engines.count, heard], [1, ['end of 1']]);
});
