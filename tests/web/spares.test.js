// @ts-check
/** The engine that is kept ready: how many there are, who gets it, when it goes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createSpares } from '../../web/page/spares.js';

/** @param {boolean} [roomy] */
function setting(roomy = true) {
  /** @type {{ hear: any[], ended: boolean }[]} */
  const engines = [];
  /** @type {any} */
  const launch = (/** @type {any[]} */ ...hear) => {
    const engine = { hear, ended: false, terminate: () => (engine.ended = true) };
    engines.push(engine);
    return engine;
  };
  return { spares: createSpares(() => roomy), engines, launch };
}
const nobody = () => {};

test('the spare goes to whoever needs an engine of its kind, with all that it says from then on', () => {
  const { spares, engines, launch } = setting();
  spares.join();
  spares.keep('a', launch);
  spares.keep('a', launch);
  assert.equal(engines.length, 1, 'one a page');
  spares.take('b', launch, nobody, nobody);
  assert.equal(engines.length, 2, 'of another kind');
  /** @type {any[]} */
  const heard = [];
  const taken = spares.take('a', launch, (message) => heard.push(message), (error) => heard.push(error));
  assert.equal(taken, /** @type {any} */ (engines[0]));
  engines[0]?.hear[0]('said');
  engines[0]?.hear[1]('died');
  assert.deepEqual(heard, ['said', 'died']);
  spares.take('a', launch, nobody, nobody);
  assert.equal(engines.length, 3, 'it is given once');
});

test('it goes with the last worker, and a page without workers keeps none', () => {
  const { spares, engines, launch } = setting();
  spares.keep('a', launch);
  assert.equal(engines.length, 0);
  const [one, two] = [spares.join(), spares.join()];
  spares.keep('a', launch);
  one();
  one();
  assert.equal(engines[0]?.ended, false);
  two();
  assert.equal(engines[0]?.ended, true);
});

test('a device of little memory has none', () => {
  const { spares, engines, launch } = setting(false);
  spares.join();
  spares.keep('a', launch);
  assert.equal(engines.length, 0);
});

test('one that dies is no longer there', () => {
  const { spares, engines, launch } = setting();
  spares.join();
  spares.keep('a', launch);
  engines[0]?.hear[1](new Error('lost'));
  spares.take('a', launch, nobody, nobody);
  assert.equal(engines.length, 2);
});

test('what was started for a worker that never came is ended, and only that', () => {
  const { spares, engines, launch } = setting();
  spares.join();
  const unneeded = spares.start('a', launch);
  unneeded();
  assert.equal(engines[0]?.ended, true);
  const needed = spares.start('a', launch);
  spares.take('a', launch, nobody, nobody);
  needed();
  assert.equal(engines[1]?.ended, false);
});
