// @ts-check
/** What is said of a start: each phase once it begins, all files that come, and no flood of words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createProgress } from '../../web/page/progress.js';

function setting() {
  /** @type {import('../../web/page/progress.js').Progress[]} */
  const told = [];
  const clock = { now: 0 };
  return { told, clock, progress: createProgress((each) => void told.push(each), () => clock.now) };
}

test('what comes while the engine still starts is counted when its turn comes', () => {
  const { told, progress } = setting();
  progress.say('download', 5, 10);
  progress.traffic('asked', 2);
  progress.traffic('bytes', 700);
  progress.traffic('came', 1);
  progress.say('boot');
  progress.say('fetch');
  assert.deepEqual(told, [
    { phase: 'download', loaded: 5, total: 10, bytes: 5 },
    { phase: 'boot', loaded: 0, total: 0, bytes: 700 },
    { phase: 'fetch', loaded: 1, total: 2, bytes: 700 },
  ]);
});

test('a thousand small pieces are a few words, and the last of them is said', () => {
  const { told, clock, progress } = setting();
  progress.say('fetch');
  progress.traffic('asked', 1);
  for (let at = 0; at < 1000; at += 1) {
    clock.now += 1;
    progress.traffic('bytes', 10);
  }
  progress.traffic('came', 1);
  progress.say('link', 1);
  assert.ok(told.length > 10 && told.length < 30, `${told.length}`);
  assert.deepEqual(told.at(-2), { phase: 'fetch', loaded: 1, total: 1, bytes: 10_000 });
});

test('each program counts its own files', () => {
  const { told, progress } = setting();
  progress.say('fetch');
  progress.traffic('asked', 1);
  progress.traffic('came', 1);
  progress.say('run');
  progress.say('fetch');
  assert.deepEqual(told.at(-1), { phase: 'fetch', loaded: 0, total: 0, bytes: 0 });
});
