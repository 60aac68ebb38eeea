// @ts-check
/** What waits for a program, and the measure of an engine's messages. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { createEvents, createMeter, weigh } from '../../web/page/queues.js';

test('a large message weighs as much as many small ones', () => {
  const heavy = {
    text: { type: 'output', text: 'x'.repeat(1_638_400) },
    values: { type: 'call', args: new Array(25_600).fill(0) },
    'texts in values': { type: 'call', args: ['x'.repeat(819_200), 'x'.repeat(819_200)] },
    bytes: { type: 'call', args: [new Uint8Array(1_638_400)] },
    objects: { type: 'needs', needs: Array.from({ length: 1_600 }, () => ({})) },
    'questions for input': { type: 'asks', questions: Array.from({ length: 400 }, () => ({ call: 1, what: 'input', text: '' })) },
    'an error': { type: 'done', ending: { error: { rendered: 'x'.repeat(1_638_400) } } },
  };
  assert.ok(weigh({ type: 'call', args: [7, 0] }) < 1.1);
  for (const [what, message] of Object.entries(heavy)) assert.ok(weigh(message) > 100, what);
});

test('an engine is refused by weight, not by number', () => {
  const many = createMeter();
  for (let i = 0; i < 20_000; i += 1) many(1);
  const heavy = createMeter();
  assert.throws(() => {
    for (let i = 0; i < 40; i += 1) heavy(5_000);
  }, { name: 'ProtocolError', message: 'the engine flooded the page with messages' });
});

test('who waits for events leaves nothing behind', async () => {
  const [events, run] = [createEvents(), new AbortController()];
  for (let i = 0; i < 100; i += 1) {
    const next = events.next(run.signal);
    events.push(`${i}`);
    assert.equal(await next, `${i}`);
  }
  assert.equal(getEventListeners(run.signal, 'abort').length, 0);
  void events.next(run.signal);
  run.abort();
  events.push('for the next run');
  assert.equal(await events.next(new AbortController().signal), 'for the next run');
  events.dispose();
});

test('events come in their order, and those of packages go with their run', async () => {
  const [events, { signal }] = [createEvents(), new AbortController()];
  events.push('a');
  events.pushFromPackage('b');
  events.push('c');
  assert.deepEqual([await events.next(signal), await events.next(signal), await events.next(signal)], ['a', 'b', 'c']);
  for (let i = 0; i < 10_002; i += 1) events.pushFromPackage('left');
  events.push('the page');
  events.begin();
  assert.equal(await events.next(signal), 'the page', 'neither they nor word of them');
  events.dispose();
});
