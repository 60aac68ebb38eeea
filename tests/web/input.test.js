// @ts-check
/** The lines that `input()` reads: whose turn it is, and who answers. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { createInput } from '../../web/page/input.js';

const nothing = () => {};
/** What a promise has come to, once all that is ready has run. @param {Promise<unknown>} promise */
async function settled(promise) {
  const open = Symbol('open');
  const result = await Promise.race([promise, new Promise((resolve) => setImmediate(() => resolve(open)))]);
  return result === open ? 'open' : result;
}

test("the run's own lines come first, then provided ones, then the page is asked", async () => {
  /** @type {string[]} */
  const asked = [];
  const input = createInput(async (prompt) => {
    asked.push(prompt);
    return `from ${prompt}`;
  }, nothing);
  input.provide('p');
  const run = input.begin('a\nb\n');
  assert.deepEqual(run.left(), ['a', 'b']);
  assert.deepEqual([await run.readLine('1'), await run.readLine('2'), await run.readLine('3'), await run.readLine('4')], ['a', 'b', 'p', 'from 4']);
  assert.deepEqual(asked, ['4']);
  assert.deepEqual(run.left(), []);
});

test('without a page to ask, given lines have an end, and none given wait for provideInput', async () => {
  let unanswered = 0;
  const input = createInput(null, () => (unanswered += 1));
  for (const [given, first] of /** @type {const} */ ([['', null], ['x', 'x'], [['y'], 'y']])) {
    const run = input.begin(/** @type {any} */ (given));
    assert.equal(await run.readLine('?'), first);
    assert.equal(await run.readLine('?'), null);
  }
  assert.equal(unanswered, 0);
  const run = input.begin(undefined);
  assert.equal(run.left(), null);
  const waiting = run.readLine('?');
  assert.equal(await settled(waiting), 'open');
  assert.equal(unanswered, 1);
  input.provide('at last');
  assert.equal(await waiting, 'at last');
});

test('what is provided: lines, the end of the input, nothing else', async () => {
  const input = createInput(null, nothing);
  const run = input.begin(undefined);
  input.provide('one\r\ntwo\n');
  input.provide('');
  input.provide(null);
  input.provide('after');
  const read = () => run.readLine('?');
  assert.deepEqual([await read(), await read(), await read(), await read(), await read()], ['one', 'two', '', null, 'after']);
  for (const [wrong, shown] of /** @type {[any, string][]} */ ([[3, 'number'], [undefined, 'undefined'], [['a'], 'object']])) {
    assert.throws(() => input.provide(wrong), { name: 'TypeError', message: `provideInput() takes a line (a string), or null for the end of the input, not a ${shown}` });
  }
  input.provide('old');
  input.reset();
  assert.equal(await settled(read()), 'open');
});

test('questions are put to the page one at a time, and answered oldest first', async () => {
  /** @type {{ prompt: string, signal: AbortSignal, answer: (text: any) => void }[]} */
  const asked = [];
  const input = createInput((prompt, { signal }) => new Promise((answer) => asked.push({ prompt, signal, answer })), nothing);
  const run = input.begin(undefined);
  const { signal } = new AbortController();
  const [first, second, third] = ['1', '2', '3'].map((prompt) => run.readLine(prompt, prompt === '3' ? undefined : signal));
  await null; // the page is asked once all that came with a message has been heard
  assert.deepEqual(asked.map(({ prompt }) => prompt), ['1']);
  asked[0]?.answer('a');
  assert.equal(await first, 'a');
  assert.deepEqual(asked.map(({ prompt }) => prompt), ['1', '2']);
  input.provide('b');
  assert.equal(await second, 'b', 'the oldest that waits');
  assert.equal(asked[1]?.signal.aborted, true, 'the page hears that its answer is no longer wanted');
  asked[1]?.answer('too late');
  assert.deepEqual(asked.map(({ prompt }) => prompt), ['1', '2', '3']);
  assert.equal(await settled(/** @type {any} */ (third)), 'open');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  asked[2]?.answer(undefined);
  assert.equal(await third, null, 'nothing is the end of the input');
});

test('a question that is forgotten leaves nothing behind, and the next one is asked', async () => {
  /** @type {{ prompt: string, signal: AbortSignal }[]} */
  const asked = [];
  const input = createInput((prompt, { signal }) => {
    asked.push({ prompt, signal });
    return new Promise(() => {});
  }, nothing);
  const run = input.begin(undefined);
  const [first, second] = [new AbortController(), new AbortController()];
  const one = run.readLine('1', first.signal);
  const two = run.readLine('2', second.signal);
  const three = run.readLine('3');
  second.abort();
  assert.equal(await two, null);
  assert.deepEqual(asked.map(({ prompt }) => prompt), ['1'], 'it was not its turn yet');
  first.abort();
  assert.equal(await one, null);
  assert.deepEqual(asked.map(({ prompt, signal }) => [prompt, signal.aborted]), [['1', true], ['3', false]]);
  assert.equal(getEventListeners(first.signal, 'abort').length, 0);
  const gone = new AbortController();
  gone.abort();
  assert.equal(await run.readLine('4', gone.signal), null, 'forgotten before it was asked');
  run.end();
  assert.equal(await three, null);
  assert.equal(asked[1]?.signal.aborted, true);
  input.provide('for the next run');
  assert.equal(await input.begin(undefined).readLine('?'), 'for the next run');
});

test('a page that fails, or answers with no text, is an error of that question only', async () => {
  const answers = [() => { throw new RangeError('no'); }, () => 3, () => Promise.reject(new Error('later')), () => 'fine'];
  const input = createInput(/** @type {any} */ (() => answers.shift()?.()), nothing);
  const run = input.begin(undefined);
  await assert.rejects(run.readLine('?'), { name: 'RangeError', message: 'no' });
  await assert.rejects(run.readLine('?'), { name: 'TypeError', message: 'onInput must give a line (a string), or null for the end of the input, not a number' });
  await assert.rejects(run.readLine('?'), { message: 'later' });
  assert.equal(await run.readLine('?'), 'fine');
});

test('a thousand questions that come and go are one prompt', async () => {
  /** @type {string[]} */
  const asked = [];
  const input = createInput((prompt) => {
    asked.push(prompt);
    return new Promise(() => {});
  }, nothing);
  const run = input.begin(undefined);
  const gone = new AbortController();
  for (let n = 0; n < 1_000; n += 1) void run.readLine(String(n), gone.signal);
  gone.abort();
  void run.readLine('last');
  await settled(Promise.resolve());
  assert.deepEqual(asked, ['last']);
  run.end();
});
