// @ts-check
/** The page's hand on a program: each state, and each wish in each state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createControl } from '../../web/page/control.js';

// Node 20 lacks it; browsers that can wait inside a program have it.
Promise.withResolvers ??= /** @type {any} */ (() => {
  const parts = /** @type {any} */ ({});
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
});

/** A run as `page/run.js` gives it, whose program the test plays. */
function pretend() {
  /** @type {string[]} */
  const told = [];
  const paused = /** @type {PromiseWithResolvers<void>[]} */ ([]);
  const run = /** @type {any} */ ({
    told,
    paused,
    pause() {
      told.push('pause');
      paused.push(Promise.withResolvers());
      return paused.at(-1)?.promise;
    },
    resume: () => told.push('resume'),
    stop: (/** @type {any} */ error, /** @type {() => void} */ onDeaf) => {
      told.push(`stop ${error.type}`);
      run.deaf = onDeaf;
    },
    abort: (/** @type {any} */ error) => told.push(`abort ${error.type}`),
    reject: (/** @type {Error} */ error) => told.push(`reject ${error.message}`),
  });
  return run;
}

function setting() {
  /** @type {string[]} */
  const heard = [];
  const control = createControl({ onState: (state) => heard.push(state), endEngine: () => heard.push('new engine') });
  return { control, heard };
}

/** A control whose program runs. */
async function running() {
  const { control, heard } = setting();
  const run = pretend();
  await control.prepare(async () => {}, { shows: true });
  control.enter(run);
  control.said('running');
  return { control, heard, run };
}

test('the states of a run, and of the next', async () => {
  const { control, heard } = setting();
  assert.equal(control.state, 'ready');
  for (const ok of [true, false]) {
    const prepared = control.prepare(async () => 'program', { shows: true });
    assert.equal(control.state, 'loading');
    assert.equal(await prepared, 'program');
    control.enter(pretend());
    assert.equal(control.state, 'loading', 'it is being linked');
    for (const state of /** @type {const} */ (['running', 'waiting', 'waiting', 'running'])) control.said(state);
    assert.equal(control.state, 'running');
    control.leave(ok);
    assert.equal(control.state, ok ? 'done' : 'failed');
  }
  assert.deepEqual(heard, ['running', 'waiting', 'running', 'running', 'waiting', 'running']);
  control.reset();
  assert.equal(control.state, 'ready');
});

test('a check is no run that the page sees', async () => {
  const { control } = setting();
  const checked = control.prepare(async () => {}, { shows: false });
  assert.equal(control.state, 'ready');
  assert.equal(await control.pause(), false);
  await checked;
  control.enter(pretend());
  assert.equal(await control.pause(), false);
  control.leave(true);
  assert.equal(control.state, 'ready');
});

test('with no program, wishes do nothing and say so', async () => {
  const { control, run } = await running();
  control.leave(true);
  assert.equal(await control.pause(), false);
  assert.equal(control.resume(), false);
  control.stop();
  assert.deepEqual(run.told, []);
  assert.match(String(control.unparked), /^there is no program: /);
});

test('pause holds, resume lets go, twice is once', async () => {
  const { control, run } = await running();
  assert.match(String(control.unparked), /^the program is running: /);
  const pauses = [control.pause(), control.pause()];
  assert.deepEqual(run.told, ['pause']);
  assert.equal(control.state, 'running', 'until the engine says so');
  run.paused[0].resolve();
  assert.deepEqual(await Promise.all(pauses), [true, true]);
  assert.equal(control.state, 'paused');
  assert.equal(control.unparked, null);
  assert.equal(await control.pause(), true);
  assert.equal(control.resume(), true);
  assert.deepEqual(run.told, ['pause', 'resume']);
  control.said('running');
  assert.equal(control.resume(), false);
});

test('a pause that is taken back before it took effect', async () => {
  const { control, run } = await running();
  const first = control.pause();
  assert.equal(control.resume(), true);
  assert.equal(await first, false);
  const second = control.pause();
  run.paused[0].resolve(); // late, of the first
  await Promise.resolve();
  assert.equal(control.state, 'running');
  run.paused[1].resolve();
  assert.equal(await second, true);
});

test('a pause before the program begins holds it at its beginning', async () => {
  const { control } = setting();
  const run = pretend();
  const prepared = control.prepare(async () => {}, { shows: true });
  const pause = control.pause();
  assert.match(String(control.unparked), /^the program has not begun yet: /);
  await prepared;
  control.enter(run);
  assert.deepEqual(run.told, []);
  control.said('running');
  assert.deepEqual(run.told, ['pause']);
  run.paused[0].resolve();
  assert.equal(await pause, true);
});

test('a pause of a program that ends meanwhile', async () => {
  const { control } = await running();
  const pause = control.pause();
  control.leave(true);
  assert.equal(await pause, false);
  assert.equal(control.state, 'done');
});

test('stop: while it is prepared, while it runs, and where it is deaf', async () => {
  const { control, heard } = setting();
  const prepared = control.prepare((signal) => new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(resolve, 5, 'too late'));
  }), { shows: true });
  control.stop();
  assert.equal(/** @type {any} */ (await prepared).type, 'Stopped');
  control.leave(false);
  const { control: second, heard: words, run } = await running();
  second.stop();
  run.deaf();
  assert.deepEqual(run.told, ['stop Stopped', 'abort Stopped']);
  second.leave(false);
  run.deaf();
  assert.deepEqual(words, ['running', 'new engine'], 'one that has ended is nobody to replace an engine for');
  assert.deepEqual(heard, []);
});

test('a worker that is disposed of is idle for good', async () => {
  const gone = new Error('gone');
  const { control, run } = await running();
  control.close(gone);
  control.leave(false);
  assert.deepEqual([run.told, control.state], [['reject gone'], 'idle']);
  const { control: early } = setting();
  const prepared = early.prepare(() => new Promise(() => {}), { shows: true });
  early.close(gone);
  await assert.rejects(prepared, gone);
  const late = pretend();
  early.enter(late);
  assert.deepEqual(late.told, ['reject gone']);
});
