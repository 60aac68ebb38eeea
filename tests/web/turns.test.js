// @ts-check
/** Engines that start at the same time: how many, in which order, and that none is waited for in vain. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { createTurns } from '../../web/page/turns.js';

/** @param {number} count @param {number} most */
function setting(count, most) {
  const turns = createTurns(most, 1000);
  /** @type {number[]} */
  const begun = [];
  const entries = Array.from({ length: count }, (_, at) => {
    const entry = turns.enter();
    void entry.turn.then(() => begun.push(at));
    return entry;
  });
  /** @param {number} at */
  const leave = (at) => entries[at]?.leave();
  return { begun, leave };
}
const soon = () => new Promise((resolve) => process.nextTick(resolve));

test('so many at once, the others in the order in which they came', async () => {
  const { begun, leave } = setting(5, 2);
  await soon();
  assert.deepEqual(begun, [0, 1]);
  leave(1);
  leave(1); // it has left already
  await soon();
  assert.deepEqual(begun, [0, 1, 2]);
  leave(3); // its turn never came
  leave(0);
  leave(2);
  await soon();
  assert.deepEqual(begun, [0, 1, 2, 4]);
});

test('one that never starts is not waited for', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { begun, leave } = setting(3, 1);
    mock.timers.tick(1000);
    await soon();
    assert.deepEqual(begun, [0, 1]);
    leave(0); // it is over, and does not count twice
    await soon();
    assert.deepEqual(begun, [0, 1]);
  } finally {
    mock.timers.reset();
  }
});
