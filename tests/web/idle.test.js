/** Work for idle time: a part at a time, none while messages come. The clock is the test's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdle } from '../../web/engine/idle.js';

/** @param {import('node:test').TestContext} context @param {number} parts */
function idleWith(context, parts) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const work = { done: 0 };
  const idle = createIdle(() => {
    work.done += 1;
    return work.done < parts;
  });
  return { idle, work, pass: (/** @type {number} */ ms) => context.mock.timers.tick(ms) };
}

test('nothing is done before there may be something, and none of it at once', (context) => {
  const { idle, work, pass } = idleWith(context, 3);
  idle.wait();
  pass(1_000);
  assert.equal(work.done, 0);
  idle.begin();
  pass(49);
  assert.equal(work.done, 0);
  pass(1);
  assert.equal(work.done, 1);
  for (let turn = 0; turn < 10; turn += 1) pass(1);
  assert.equal(work.done, 3, 'and then it is over');
  idle.wait();
  pass(1_000);
  assert.equal(work.done, 3);
});

test('a message stops it, and quiet lets it go on', (context) => {
  const { idle, work, pass } = idleWith(context, 3);
  idle.begin();
  pass(50);
  idle.rest();
  pass(1_000);
  assert.equal(work.done, 1);
  idle.wait();
  pass(40);
  idle.rest();
  idle.wait();
  pass(40);
  assert.equal(work.done, 1, 'each message is a new beginning');
  pass(10);
  pass(1);
  assert.equal(work.done, 3);
});

test('what is at its end does nothing more', (context) => {
  const { idle, work, pass } = idleWith(context, 3);
  idle.begin();
  pass(50);
  idle.end();
  idle.wait();
  pass(1_000);
  assert.equal(work.done, 1);
});
