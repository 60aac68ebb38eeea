// @ts-check
/** Both halves of a question's way: the engine's `waiting.js` and the page's `answers.js`, one message at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createSwitch, takeSuspending } from '../../web/engine/switch.js';
import { createWaiting } from '../../web/engine/waiting.js';
import { Answers } from '../../web/page/answers.js';
import { createHosts } from '../../web/page/hosts.js';
import { fromEngine } from '../../web/protocol.js';

/** @typedef {import('../../web/protocol.js').EngineMessage} EngineMessage */

// An engine lives as long as its worker. Here its channel must not keep the process alive.
const { MessageChannel } = globalThis;
globalThis.MessageChannel = /** @type {any} */ (class extends MessageChannel {
  constructor() {
    super();
    queueMicrotask(() => /** @type {any} */ (this.port1).unref());
  }
});

/** All that is ready has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** What the engine's half needs of `limits.js`, of a program that is never over its limits. */
const limits = /** @type {any} */ ({ why: null, used: 0, due: false, pause() {}, resume() {}, breathed() {}, wish() {} });

/** An engine's half, and what it said. The stack that is parked goes on by itself: `given` is what it got. */
function engine() {
  /** @type {any[]} */
  const said = [];
  /** @type {any[]} */
  const given = [];
  const stacks = /** @type {any} */ ({ park: (/** @type {Promise<unknown>} */ promise) => void promise.then((value) => given.push(value)) });
  const waiting = createWaiting(limits, stacks, (message) => said.push(structuredClone(message)));
  waiting.begin(1, false);
  for (const [number, [module, name]] of [['page', 'same'], ['page', 'slow'], ['other', 'slow']].entries()) waiting.bridge.name(number, module ?? '', name ?? '');
  return { ...waiting, said, given, last: () => said.at(-1) };
}

/** A page's half with these functions; `sent` is what it answered. @param {Record<string, Function>} functions */
async function page(functions) {
  /** @type {import('../../web/protocol.js').Answer[][]} */
  const sent = [];
  /** @type {((text: string) => void)[]} */
  const events = [];
  const hosts = createHosts({ handlers: { page: () => functions } });
  await hosts.names('page');
  const powers = /** @type {any} */ ({ hosts, readLine: async () => null, nextEvent: () => new Promise((resolve) => events.push(resolve)) });
  const answers = new Answers(powers, (module) => module === 'page', (list) => sent.push(structuredClone(list)));
  return { answers, sent, events, take: (/** @type {EngineMessage} */ message) => answers.take(/** @type {any} */ (fromEngine(message))) };
}

const asks = (/** @type {object} */ more) => /** @type {any} */ ({ type: 'asks', run: 1, heard: 0, used: 0, idle: true, questions: [], forgotten: [], ...more });
const same = (/** @type {number} */ call) => ({ call, what: 'call', module: 'page', name: 'same', args: [2, call, 7, 1] });

test('questions are gathered into one message, and what the page answers at once comes in one', async () => {
  const [there, here] = [engine(), await page({ same: (/** @type {number} */ value) => value })];
  there.bridge.ask([1, 0, 4, 2, 10, 7, 1, 2, 0, 4, 2, 20, 7, 1]);
  assert.deepEqual(there.said, []);
  assert.equal(there.bridge.wait(-1), true);
  assert.equal(there.said.length, 1);
  here.take(there.last());
  await settled();
  assert.deepEqual(here.sent, [[{ call: 1, ok: true, value: [2, 10] }, { call: 2, ok: true, value: [2, 20] }]]);
  there.settle(here.sent[0] ?? []);
  await settled();
  assert.deepEqual(there.given, [[1, true, 2, 2, 10, 2, true, 2, 2, 20]]);
});

test('answers come out of order, and an error is its own question’s', async () => {
  /** @type {Function[]} */
  const ends = [];
  const [there, here] = [engine(), await page({ slow: () => new Promise((resolve, reject) => ends.push(resolve, reject)) })];
  there.bridge.ask([1, 1, 2, 7, 0, 2, 1, 2, 7, 0, 3, 2, 2, 7, 0]);
  there.bridge.wait(-1);
  here.take(there.last());
  ends[3]?.(new RangeError('no'));
  await settled();
  ends[0]?.('yes');
  await settled();
  there.settle(here.sent.flat());
  await settled();
  assert.deepEqual(there.given, [
    [3, false, 2, 'Error', "the program does not import 'other'", 2, false, 2, 'RangeError', 'no', 1, true, 2, 5, 'yes'],
  ]);
});

test('a message holds no more tokens than the page takes', () => {
  const there = engine();
  const many = (/** @type {number} */ call) => [call, 0, 60_000, ...new Array(60_000).fill(0)];
  there.bridge.ask([...many(1), ...many(2)]);
  there.bridge.wait(-1);
  assert.deepEqual(there.said.map(({ questions }) => questions.length), [1, 1]);
});

test('many questions that share one array are refused before the page has looked at all of them', () => {
  const shared = new Array(600_000).fill(0);
  const untouched = new Proxy(/** @type {unknown[]} */ ([]), {
    get: (_, name) => (name === 'length' ? 600_000 : assert.fail('it was looked into')),
  });
  const question = (/** @type {unknown[]} */ args) => ({ call: 1, what: 'call', module: 'page', name: 'same', args });
  assert.throws(() => fromEngine(asks({ questions: [question(shared), question(untouched)] })), { name: 'ProtocolError', message: "the engine sent a 'asks' message with a bad 'questions'" });
});

test('the page hears of each answer, of one that came for nobody too', async () => {
  const [there, here] = [engine(), await page({ same: (/** @type {number} */ value) => value })];
  there.bridge.ask([1, 0, 4, 2, 10, 7, 1]);
  there.bridge.wait(-1);
  here.take(there.last());
  there.end(); // as where its task took too long
  there.bridge.forget(1);
  there.bridge.ask([2, 'receive', '']);
  there.bridge.wait(-1);
  await settled(); // the answer is on its way
  here.take(there.last());
  assert.equal(here.answers.areHeard(there.last().heard), false);
  there.settle(here.sent[0] ?? []);
  assert.equal(there.last().idle, true);
  here.take(there.last());
  assert.equal(here.answers.areHeard(there.last().heard), true);
});

test('an event for a question that nobody waits for goes to the next one', async () => {
  const [there, here] = [engine(), await page({})];
  there.bridge.ask([1, 'receive', '']);
  there.bridge.wait(-1);
  here.take(there.last());
  here.events[0]?.('first');
  await settled();
  there.end();
  there.bridge.forget(1);
  there.settle(here.sent[0] ?? []);
  there.bridge.ask([2, 'receive', '']);
  assert.deepEqual(there.bridge.wait(0), [2, true, 2, 5, 'first']);
});

test('two lines that come at once, the first for a question that was forgotten, are both kept', async () => {
  const there = engine();
  there.bridge.ask([1, 'input', '']);
  there.bridge.wait(-1);
  there.end();
  await settled();
  there.bridge.forget(1);
  there.bridge.ask([2, 'input', '']);
  there.settle([{ call: 1, ok: true, value: [5, 'first'] }, { call: 2, ok: true, value: [5, 'second'] }]);
  assert.deepEqual(there.bridge.wait(0), [2, true, 2, 5, 'first']);
  there.bridge.ask([3, 'input', '']);
  assert.deepEqual(there.bridge.wait(0), [3, true, 2, 5, 'second']);
});

test('a call that nobody waits for is told so, and one whose package does not ask costs no signal', async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  /** @type {Record<string, Function>} */
  const functions = {};
  const hosts = createHosts({
    handlers: {
      page: ({ callSignal }) => Object.assign(functions, {
        never: () => {
          signals.push(callSignal());
          return new Promise(() => {});
        },
      }),
    },
  });
  await hosts.names('page');
  const answers = new Answers(/** @type {any} */ ({ hosts }), () => true, () => {});
  const never = (/** @type {number} */ call) => ({ call, what: 'call', module: 'page', name: 'never', args: [7, 0] });
  answers.take(asks({ questions: [never(1), never(2)] }));
  answers.take(asks({ forgotten: [1] }));
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, false]);
  answers.close();
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true]);
});

test('numbers that do not grow, answers that never were and floods are no honest engine’s', async () => {
  const here = await page({ same: () => new Promise(() => {}) });
  here.take(asks({ questions: [same(5)] }));
  const refused = (/** @type {object} */ more, /** @type {RegExp} */ message) =>
    assert.throws(() => here.take(asks(more)), { name: 'ProtocolError', message });
  refused({ questions: [same(5)] }, /with the number of another question/);
  refused({ heard: 1 }, /more answers than there were/);
  refused({ forgotten: [6] }, /forgets a question that never was/);
  const thousand = (/** @type {number} */ from) => Array.from({ length: 1_000 }, (_, at) => same(from + at));
  for (const from of [6, 1_006, 2_006]) here.take(asks({ questions: thousand(from) }));
  refused({ questions: thousand(3_006) }, /flooded/);
});

test('a pause is confirmed where the program waits, and holds what comes until it is let go', async () => {
  const there = engine();
  there.bridge.ask([1, 'receive', '']);
  there.bridge.wait(-1);
  there.pause(1);
  assert.deepEqual(there.last(), { type: 'paused', run: 1, pause: 1, used: 0 });
  there.settle([{ call: 1, ok: true, value: [5, 'come'] }]);
  await settled();
  assert.deepEqual(there.given, []);
  there.resume();
  await settled();
  assert.deepEqual(there.given, [[1, true, 2, 5, 'come']]);
});

/** Of the library. */
function arrival() {
  let comes = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((resolve) => (comes = resolve)));
  return { promise, comes };
}

test('a program in the middle of an import waits for the library alone; answers, a pause and a look come after it', async () => {
  const there = engine();
  let wishes = 0;
  limits.wish = () => (wishes += 1);
  const library = arrival();
  there.bridge.ask([1, 0, 4, 2, 10, 7, 1]);
  there.bridge.library(library.promise);
  assert.deepEqual([there.last().type, there.last().idle, there.last().questions.length], ['asks', true, 1]);
  there.settle([{ call: 1, ok: true, value: [2, 10] }]);
  there.pause(1);
  const look = there.look('stack');
  await settled();
  assert.deepEqual(there.given, []);
  assert.equal(there.said.length, 1);
  wishes = 0;
  library.comes();
  await settled();
  assert.deepEqual(there.given, [undefined]);
  assert.equal(there.last().type, 'awake');
  assert.equal(wishes, 1);
  assert.deepEqual(there.bridge.wait(0), [1, true, 2, 2, 10]);
  there.bridge.breathe();
  await settled();
  assert.equal(there.given[1], 'stack');
  there.bridge.shown(true, '[]');
  assert.deepEqual(await look, [true, '[]']);
  await new Promise((resolve) => setTimeout(resolve, 5)); // the breath is a message
  assert.equal(there.last().type, 'paused');
  there.finish();
});

test('a program that waits for the library is ended at once, and what comes later wakes nothing', async () => {
  const there = engine();
  const library = arrival();
  there.bridge.library(library.promise);
  there.end();
  await settled();
  assert.deepEqual(there.given, [undefined]);
  there.begin(2, false);
  const other = arrival();
  there.bridge.library(other.promise);
  library.comes();
  await settled();
  assert.deepEqual(there.given, [undefined]);
  assert.equal(there.last().type, 'asks');
  other.comes();
  await settled();
  assert.deepEqual(there.given, [undefined, undefined]);
});

test('a Pyodide that suspends in another way is refused', () => {
  const suspending = takeSuspending();
  assert.equal(suspending.found(), false);
  assert.throws(() => createSwitch({}, null, suspending, () => {}), /suspends in a way that web\/engine\/switch.js does not know/);
});

test('a thousand questions at once go in batches of 256', () => {
  const there = engine();
  there.bridge.ask(Array.from({ length: 1000 }, (_, number) => [number + 1, 0, 0]).flat());
  there.bridge.wait(-1);
  assert.deepEqual(there.said.map(({ questions }) => questions.length), [256, 256, 256, 232]);
});
