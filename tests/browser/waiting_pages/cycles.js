// @ts-check
/**
 * Start and stop at random moments, `count` times from `seed`: every run ends as it was told, nothing speaks for a run that is
 * over, and the worker works. Where the address has `samples`, the page stops at the two moments to measure memory at:
 * `window.wants` says which; setting `window.given` goes on.
 */
import { after, asked, equal, figure, holds, newWorker, test } from './suite.js';

const COUNT = Number(asked.count ?? 50);
let state = Number(asked.seed ?? 1);

/** mulberry32: the same moments for the same seed. */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
/** @template T @param {T[]} list @returns {T} */
const pick = (list) => /** @type {T} */ (list[Math.floor(random() * list.length)]);

/** Each says its number in all that it does. */
const PROGRAMS = [
  'while True: pass',
  'while True: print(TAG)',
  'while True:\n    try:\n        while True: sleep(0)\n    except BaseException: pass',
  'while True: page(TAG)',
  'async def f():\n    while True: page(TAG)\ngather(*(f() for _ in range(20)))',
  'async def f():\n    while True: never(TAG)\ngather(*(f() for _ in range(50)))',
  'async def f():\n    while True:\n        sleep(0.001)\n        print(TAG)\ngather(*(f() for _ in range(30)))',
  'input()',
  'def f(n): return f(n - 1) if n else receive()\nf(50)',
  'async def f():\n    try:\n        sleep(50)\n    finally:\n        print(TAG)\ngather(*(f() for _ in range(100)))',
  'async def f():\n    try:\n        with_timeout(0.005, g())\n    except TimeoutError: print(TAG)\nasync def g(): never(TAG)\nfor _ in range(50): run(f())',
  'x = [str(n) for n in range(100_000)]\nsleep(0.01)\nprint(TAG)',
  'print(TAG)',
  'x = 1 / 0',
  'syntax error',
];

async function sample(name) {
  const page = /** @type {any} */ (window);
  if (asked.samples === undefined) return;
  page.given = undefined;
  page.wants = name;
  while (page.given === undefined) await after(10);
  page.wants = null;
}

test(`${COUNT} cycles from seed ${state}`, async () => {
  /** @type {string[]} */
  const strays = [];
  let running = 0;
  /** @param {string} who @param {string} text */
  const heard = (who, text) => {
    const tag = Number(text);
    if (tag !== running) strays.push(`${who} of run ${text} in run ${running}`);
  };
  /** @type {Set<AbortSignal>} */
  let signals = new Set();
  const worker = await newWorker({
    onInput: () => new Promise(() => {}),
    mainThreadModules: {
      host: ({ callSignal }) => ({
        page: async (/** @type {number} */ tag) => heard('a call', String(tag)),
        never: (/** @type {number} */ tag) => {
          heard('a call', String(tag));
          signals.add(callSignal());
          return new Promise(() => {});
        },
      }),
    },
  });
  worker.onOutput((text, stream) => stream === 'stdout' && heard('a print', text.trim()));
  let stops = 0;
  let slowest = 0;
  const began = performance.now();
  for (let cycle = 1; cycle <= COUNT; cycle += 1) {
    if (cycle === Math.ceil(COUNT / 10)) await sample('early');
    running = cycle;
    signals = new Set();
    const program = pick(PROGRAMS);
    const going = worker.run(`from host import page, never\nTAG = ${cycle}\n${program}`);
    const at = random();
    if (at > 0.15) await after(random() * (at > 0.5 ? 60 : 8));
    const how = pick(['stop', 'stop', 'stop', 'pause', 'wait', 'push', 'twice']);
    if (how === 'pause') {
      const paused = Promise.resolve(worker.pause()).catch(() => {});
      if (random() < 0.5) await Promise.race([paused, going, after(100)]);
      if (random() < 0.5) worker.resume();
    } else if (how === 'push') {
      worker.pushEvent(String(cycle));
    } else if (how === 'wait') {
      await after(random() * 20);
    }
    const stopped = performance.now();
    worker.stop();
    if (how === 'twice') worker.stop();
    const result = await Promise.race([going, after(10_000)]);
    slowest = Math.max(slowest, performance.now() - stopped);
    holds(result !== undefined && result !== null, `run ${cycle} is stuck, ${how}: ${program}`);
    const type = result.error?.type ?? 'ok';
    if (type === 'Stopped') stops += 1;
    else holds(['ok', 'ZeroDivisionError', 'CompileError'].includes(type), `run ${cycle}, ${how}, ended with ${type}: ${program}\n${result.out}`);
    holds([...signals].every((signal) => signal.aborted), `run ${cycle} left calls whose signals were not aborted`);
    if (cycle % 10 === 0) {
      running = 0;
      const { ok, out, error } = await worker.run('async def f():\n    sleep(0.001)\n    return 1\nif gather(f(), f()) != [1, 1]: raise ValueError()');
      equal([ok, out, error], [true, '', null], `the run after cycle ${cycle}`);
    }
  }
  await after(100);
  running = 0;
  equal(strays, [], 'what spoke out of its turn');
  figure('stopped', stops);
  figure('ms from stop to the end, at most', slowest);
  figure('ms a cycle', (performance.now() - began) / COUNT);
  await sample('late');
  worker.dispose();
});
