// @ts-check
/** Time travel: pause, save, load the page again, restore. The page that is loaded again is a frame of this one. */
import { after, equal, figure, holds, isolation, rejection, test, until } from './suite.js';

/** @type {HTMLIFrameElement | null} */
let frame = null;

/** The page, loaded afresh: nothing of the one before is left but what was handed out. */
async function load() {
  frame?.remove();
  frame = document.createElement('iframe');
  frame.src = 'frame.html';
  document.body.append(frame);
  await until(() => /** @type {any} */ (frame?.contentWindow)?.createWorker !== undefined);
  return /** @type {any} */ (frame.contentWindow).createWorker;
}

/** What the page's package was asked; its answers differ from time to time. @type {number[]} */
let calls = [];
let serial = 0;
const packages = () => ({
  page: {
    tell: (/** @type {number} */ n) => {
      calls.push(n);
      return (serial += 1);
    },
    later: async (/** @type {number} */ ms, /** @type {number} */ n) => {
      calls.push(n);
      await after(ms);
      return n;
    },
  },
});

/** A worker in a fresh page, and what it printed. @param {object} [options] */
async function fresh(options = {}) {
  const create = await load();
  const worker = await create({ isolation, mainThreadModules: packages(), ...options });
  /** @type {string[]} */
  const out = [];
  worker.onOutput((/** @type {string} */ text) => out.push(text));
  return { worker, out };
}

/** The bytes as the page that was loaded again has them. @param {Uint8Array} blob */
const ofThePage = (blob) => new (/** @type {any} */ (frame?.contentWindow).Uint8Array)(blob);

/** @param {any} globals @param {string} name */
function globalOf(globals, name) {
  const text = JSON.stringify(globals);
  const found = new RegExp(`"${name}":\\s*"?([^",}]*)`).exec(text);
  if (found === null) throw new Error(`no ${name} in ${text}`);
  return found[1];
}

/** Source; `n` counts. Each is paused somewhere in its loop. */
const LOOPS = {
  'a plain loop': 'n = 0\nwhile True: n += 1\n',
  'a function': 'n = 0\ndef count():\n    global n\n    while True:\n        n += 1\ncount()\n',
  'a task, with others parked': `
n = 0
async def parked(): sleep(1000)
async def busy():
    global n
    sleep(0.001)
    while True: n += 1
gather(parked(), busy(), parked())
`,
  'print, getattr, json': `
import json
n = 0
class A: x = 1
while True:
    n += 1
    if n % 1000 == 0: print(n)
    getattr(A, "x")
    json.dumps([n])
`,
  'a comprehension': 'n = 0\ndef up():\n    global n\n    n += 1\n    return n\nwhile True:\n    [up() for _ in range(100)]\n',
  'answers of the page, time and chance': `
import time, random
from page import tell
n = 0
seen = [tell(1), time.time(), random.random(), id(object()), repr(object())]
while True: n += 1
`,
};

for (const [what, source] of Object.entries(LOOPS)) {
  test(`in the middle of ${what}: n is what it was, and goes on`, async () => {
    calls = [];
    const first = await fresh();
    const going = first.worker.run(source);
    going.catch(() => {});
    let saved = 0;
    while (saved === 0) { // a busy machine may not have come to the loop
      first.worker.resume();
      await until(() => first.worker.state === 'running');
      await after(400);
      await first.worker.pause();
      saved = Number(globalOf(await first.worker.stateGlobals(), 'n'));
    }
    const blob = await first.worker.saveState();
    equal(blob.constructor.name, 'Uint8Array');
    equal(Number(globalOf(await first.worker.stateGlobals(), 'n')), saved, 'n after saving');
    const [called, printed] = [calls.length, first.out.join('')];

    const second = await fresh();
    const began = performance.now();
    const again = second.worker.restoreState(ofThePage(blob));
    again.catch(() => {});
    // Whether it comes back paused or running: paused as soon as it may be, it is never before the saved n.
    await Promise.race([until(() => ['paused', 'running', 'waiting'].includes(second.worker.state)), again]);
    if (second.worker.state !== 'paused') await second.worker.pause();
    figure(`ms to restore ${what}`, performance.now() - began);
    const early = await Promise.race([again, after(1)]);
    if (early) throw new Error(`the restored program ended: ${early.error?.rendered}`);
    const restored = Number(globalOf(await second.worker.stateGlobals(), 'n'));
    equal(restored, saved, 'the restored n');
    equal(calls.length, called, 'the calls of the page');
    equal(second.out.join(''), '', 'what was printed again');
    second.worker.resume();
    await after(60);
    await second.worker.pause();
    const later = Number(globalOf(await second.worker.stateGlobals(), 'n'));
    holds(later > saved, `it does not go on: ${later} after ${saved}`);
    holds(printed.length >= 0, printed);
    second.worker.stop();
    equal((await again).error?.type, 'Stopped');
    second.worker.dispose();
  });
}

test('a program that waits: all that follows is as if nothing had happened', async () => {
  calls = [];
  const source = `
import random, time
from page import tell, later
print("chance", random.random(), time.time(), tell(1))
print("event", receive())
async def ask(n): return later(5, n)
print(gather(ask(2), ask(3)))
name = input("Who? ")
print("Hello", name, tell(4) > 0, receive())
`;
  const first = await fresh();
  const going = first.worker.run(source);
  going.catch(() => {});
  first.worker.pushEvent('one');
  first.worker.provideInput('Ada');
  await until(() => first.worker.state === 'waiting' && first.out.join('').includes('Hello') === false && first.out.join('').includes('Who'));
  await after(100);
  await until(() => calls.length === 4);
  await first.worker.pause();
  const blob = await first.worker.saveState();
  const before = first.out.join('');
  const stack = JSON.stringify(await first.worker.stateStack());
  holds(stack.includes('main.py'), stack);
  const second = await fresh();
  const again = second.worker.restoreState(ofThePage(blob));
  again.catch(() => {});
  await until(() => ['waiting', 'paused'].includes(second.worker.state));
  if (second.worker.state === 'paused') second.worker.resume();
  second.worker.pushEvent('two');
  const { ok, error } = await again;
  equal([ok, error], [true, null]);
  equal(calls, [1, 2, 3, 4], 'the calls of the page');
  holds(/^chance [\s\S]*event one\n\[2, 3\]\n/.test(before), before);
  equal(second.out.join(''), 'Hello Ada True two\n');
  second.worker.dispose();
});

test('calls that are open when it is saved are asked again', async () => {
  calls = [];
  const source = 'from page import later\nasync def ask(n):\n    return later(400, n)\nprint(gather(ask(1), ask(2)))\n';
  const first = await fresh();
  const going = first.worker.run(source);
  going.catch(() => {});
  await until(() => calls.length === 2);
  await first.worker.pause();
  const blob = await first.worker.saveState();
  const second = await fresh();
  const { ok, out } = await second.worker.restoreState(ofThePage(blob)).then((result) => ({ ...result, out: second.out.join('') }));
  equal([ok, out, calls], [true, '[1, 2]\n', [1, 2, 1, 2]]);
  second.worker.dispose();
});

test('what is no state, or another\'s, is refused in one sentence', async () => {
  const { worker } = await fresh();
  const going = worker.run('n = 0\nwhile True: n += 1');
  going.catch(() => {});
  await after(50);
  await worker.pause();
  const blob = new Uint8Array(await worker.saveState());
  worker.stop();
  await going;
  const damaged = blob.slice();
  damaged[damaged.length - 5] ^= 1;
  for (const bad of [new Uint8Array(), new Uint8Array(100), blob.slice(0, blob.length / 2), damaged, 'text', null]) {
    const words = await rejection(async () => {
      const result = await worker.restoreState(bad instanceof Uint8Array ? ofThePage(bad) : bad);
      if (result.ok === false) throw Object.assign(new Error(result.error.message), { name: result.error.type });
    });
    holds(words.length < 300 && !words.includes('Traceback'), words);
  }
  equal((await worker.run('sleep(0.001)')).ok, true, 'the next run');
  worker.dispose();
});

test('what cannot be saved says why', async () => {
  const { worker } = await fresh();
  holds((await rejection(() => worker.saveState())).length > 10, 'without a run');
  const going = worker.run('while True: pass');
  going.catch(() => {});
  await after(50);
  holds((await rejection(() => worker.saveState())).includes('pause'), 'while it runs');
  worker.stop();
  await going;
  worker.dispose();
});
