// @ts-check
/** Host packages: loading, naming, calling, and every way in which each fails. Modules come from `data:` URLs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createHosts, describe } from '../../web/page/hosts.js';

let serial = 0;
/** A new address each time, because modules are cached by address. @param {string} source */
const moduleUrl = (source) => `data:text/javascript,${encodeURIComponent(`// ${(serial += 1)}\n${source}`)}`;

test('a factory under its own name, called once, with its context', async () => {
  /** @type {string[]} */
  const events = [];
  const element = { tag: 'edge-python' };
  const hosts = createHosts({
    modules: {
      m: moduleUrl(`let calls = 0;
        export const m = ({ pushEvent, signal, element }) => { calls += 1; return {
          calls: () => calls, push: (t) => pushEvent(t), aborted: () => signal.aborted, tag: () => element.tag, constant: 3,
          self() { return this.constant; } }; };`),
    },
    pushEvent: (text) => void events.push(text),
    element,
  });
  const expected = { names: ['calls', 'push', 'aborted', 'tag', 'self'] };
  assert.deepEqual(await Promise.all([hosts.names('m'), hosts.names('m')]), [expected, expected]);
  assert.equal(await hosts.call('m', 'calls', []), 1);
  await hosts.call('m', 'push', ['hello']);
  assert.deepEqual(events, ['hello']);
  assert.equal(await hosts.call('m', 'aborted', []), false);
  assert.equal(await hosts.call('m', 'tag', []), 'edge-python');
  assert.equal(await hosts.call('m', 'self', []), 3);
});

test('other shapes: an object, a default export, an async factory, handlers in memory', async () => {
  const hosts = createHosts({
    modules: {
      object: moduleUrl('export const object = { one: () => 1 };'),
      fallback: moduleUrl('export default () => ({ two: async () => 2 });'),
      slow: moduleUrl('export const slow = async () => ({ three: () => 3 });'),
      memory: moduleUrl('export const memory = { wrong: () => 0 };'),
    },
    handlers: { memory: { four: () => 4 }, made: () => ({ five: (/** @type {number} */ a, /** @type {number} */ b) => a + b }) },
  });
  assert.deepEqual(await hosts.names('object'), { names: ['one'] });
  assert.deepEqual(await hosts.names('fallback'), { names: ['two'] });
  assert.deepEqual(await hosts.names('slow'), { names: ['three'] });
  assert.deepEqual(await hosts.names('memory'), { names: ['four'] });
  assert.deepEqual(await hosts.names('made'), { names: ['five'] });
  assert.equal(await hosts.call('fallback', 'two', []), 2);
  assert.equal(await hosts.call('made', 'five', [2, 3]), 5);
});

test('failures say what and where', async () => {
  const urls = {
    missing: 'data:text/plain,no',
    broken: moduleUrl('syntax error here'),
    throws: moduleUrl('export const throws = () => { throw new RangeError("no room"); };'),
    rejects: moduleUrl('export const rejects = async () => { throw "bare text"; };'),
    other: moduleUrl('export const something = {};'),
    number: moduleUrl('export const number = 3;'),
    nothing: moduleUrl('export const nothing = () => null;'),
  };
  const hosts = createHosts({ modules: urls });
  /** @type {Record<string, RegExp>} */
  const reasons = {
    missing: /did not load \(/,
    broken: /did not load \(SyntaxError: /,
    throws: /its factory in data:.* threw RangeError: no room$/,
    rejects: /threw Error: bare text$/,
    other: /exports neither 'other' nor a default \(it exports something\)$/,
    number: /gives a number where an object of functions was expected$/,
    nothing: /gives null where an object of functions was expected$/,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const answer = await hosts.names(name);
    assert.ok('failed' in answer, name);
    assert.match(answer.failed, reason);
    assert.ok(answer.failed.includes(urls[/** @type {keyof typeof urls} */ (name)]), name);
    await assert.rejects(hosts.call(name, 'x', []), { name: 'RuntimeError', message: `host package '${name}' is not loaded` });
  }
  for (const name of ['unknown', 'constructor', '__proto__']) {
    assert.deepEqual(await hosts.names(name), { failed: 'the page does not grant it' });
  }
});

test('only what was asked for, and only own functions', async () => {
  const inherited = Object.assign(Object.create({ secret: () => 1 }), { open: () => 2, plain: 3 });
  const hosts = createHosts({ handlers: { m: inherited } });
  await assert.rejects(hosts.call('m', 'open', []), { message: "host package 'm' is not loaded" });
  assert.deepEqual(await hosts.names('m'), { names: ['open'] });
  assert.equal(await hosts.call('m', 'open', []), 2);
  for (const name of ['secret', 'plain', 'toString', 'constructor', '__proto__']) {
    const message = `host package 'm' has no function '${name}'`;
    await assert.rejects(hosts.call('m', name, []), { name: 'AttributeError', message });
  }
});

test('a throw keeps its name and message, whatever was thrown', async () => {
  class QuotaError extends Error {}
  const thrown = [
    [new TypeError('bad'), { name: 'TypeError', message: 'bad' }],
    [Object.assign(new QuotaError('full'), { name: 'ValueError' }), { name: 'ValueError', message: 'full' }],
    ['text', { name: 'Error', message: 'text' }],
    [undefined, { name: 'Error', message: 'undefined' }],
    [{ name: 'KeyError', message: 'k' }, { name: 'KeyError', message: 'k' }],
    [{ name: 3, message: {} }, { name: 'Error', message: 'an object without a message was thrown' }],
    [{ get name() { throw new Error('trap'); } }, { name: 'Error', message: 'an object that cannot be read was thrown' }],
    [Object.create(null), { name: 'Error', message: 'an object without a message was thrown' }],
  ];
  for (const [value, expected] of thrown) {
    assert.deepEqual(describe(value), expected);
    const hosts = createHosts({ handlers: { m: { sync() { throw value; }, later: () => Promise.reject(value) } } });
    await hosts.names('m');
    await assert.rejects(hosts.call('m', 'sync', []), expected);
    await assert.rejects(hosts.call('m', 'later', []), expected);
  }
});

test('reset ends a world and begins another; dispose ends all', async () => {
  /** @type {string[]} */
  const events = [];
  /** @type {any[]} */
  const contexts = [];
  const hosts = createHosts({
    handlers: { m: (/** @type {any} */ context) => { contexts.push(context); return { f: () => contexts.length }; } },
    pushEvent: (text) => void events.push(text),
  });
  await hosts.names('m');
  hosts.reset();
  assert.equal(contexts[0].signal.aborted, true);
  contexts[0].pushEvent('late');
  assert.deepEqual(events, []);
  await assert.rejects(hosts.call('m', 'f', []), { message: "host package 'm' is not loaded" });
  await hosts.names('m');
  assert.equal(contexts.length, 2);
  assert.equal(contexts[1].signal.aborted, false);
  assert.equal(await hosts.call('m', 'f', []), 2);
  hosts.dispose();
  assert.equal(contexts[1].signal.aborted, true);
  assert.deepEqual(await hosts.names('m'), { failed: 'the worker was disposed' });
  await assert.rejects(hosts.call('m', 'f', []), { message: "host package 'm' is not loaded" });
});

test('waiting for a package can be stopped', async () => {
  const hosts = createHosts({ handlers: { never: () => new Promise(() => {}) } });
  const stopped = { failed: 'loading it was stopped' };
  assert.deepEqual(await hosts.names('never', AbortSignal.abort()), stopped);
  const controller = new AbortController();
  const waiting = hosts.names('never', controller.signal);
  controller.abort();
  assert.deepEqual(await waiting, stopped);
});

test('a factory that failed is tried again; a package may be declared later', async () => {
  let tries = 0;
  const flaky = () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return { ok: () => tries };
  };
  const hosts = createHosts({ handlers: { flaky } });
  assert.ok('failed' in (await hosts.names('flaky')));
  assert.deepEqual(await hosts.names('flaky'), { names: ['ok'] });
  hosts.declare('later', moduleUrl('export default { hello: () => "hi" };'));
  assert.deepEqual(await hosts.names('later'), { names: ['hello'] });
  assert.equal(await hosts.call('later', 'hello', []), 'hi');
});

test('callSignal() is of the call that begins, and of nothing else', async () => {
  /** @type {any} */
  let context;
  /** @type {Record<string, AbortSignal>} */
  const signals = {};
  let asked = 0;
  const hosts = createHosts({
    handlers: {
      m: (/** @type {any} */ given) => {
        context = given;
        return {
          quiet: () => 1,
          async keep(/** @type {string} */ name) {
            signals[name] = context.callSignal();
            await null;
            return context.callSignal();
          },
        };
      },
    },
  });
  await hosts.names('m');
  const ask = (/** @type {AbortController} */ control) => () => {
    asked += 1;
    return control.signal;
  };
  const [one, two] = [new AbortController(), new AbortController()];
  const late = { message: "callSignal() is of a call that begins: ask for it before the function's first 'await'" };
  assert.throws(() => context.callSignal(), late);
  await hosts.call('m', 'quiet', [], ask(one));
  assert.equal(asked, 0, 'a call that does not ask costs nothing');
  await Promise.all([
    assert.rejects(hosts.call('m', 'keep', ['one'], ask(one)), late),
    assert.rejects(hosts.call('m', 'keep', ['two'], ask(two)), late),
    assert.rejects(hosts.call('m', 'keep', ['world']), late),
  ]);
  one.abort();
  assert.deepEqual(Object.entries(signals).map(([name, { aborted }]) => [name, aborted]), [['one', true], ['two', false], ['world', false]]);
  hosts.reset();
  assert.deepEqual(Object.values(signals).map(({ aborted }) => aborted), [true, true, true], 'its world ends it too');
});
