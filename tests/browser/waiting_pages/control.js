// @ts-check
/** Control from the page: `stop`, `pause`, `resume`, `pushEvent`, `provideInput`, `state`. */
import { after, equal, figure, handlers, holds, newWorker, printed, rejection, sharedWorker, stillWorks, test, until } from './suite.js';

handlers.never = () => new Promise(() => {});

const LOOP = 'n = 0\nwhile True:\n    n += 1\n';
/** Each is well under way when its mark was printed. */
const STOPPED = {
  'a busy loop': `print("mark")\n${LOOP}`,
  'a loop that catches everything': 'print("mark")\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass\n    finally: continue\n',
  'a busy loop in a task, with others parked': `
async def parked(): sleep(60)
async def busy():
    print("mark")
    while True: pass
gather(parked(), busy(), parked())
`,
  'a parked input()': 'print("mark")\ninput("?")\n',
  'a parked receive() below plain functions': 'def f(n): return f(n - 1) if n else receive()\nprint("mark")\nf(100)\n',
  'a hundred parked host calls': `
from page import call
def plain(): return call("never")
async def one(): plain()
async def mark():
    sleep(0)
    print("mark")
gather(*(one() for _ in range(100)), mark())
`,
  'a thousand sleeping tasks': `
def plain(): sleep(60)
async def one(): plain()
async def mark():
    sleep(0)
    print("mark")
gather(*(one() for _ in range(1000)), mark())
`,
  'tasks whose finally blocks never end': `
async def one():
    try:
        sleep(60)
    finally:
        while True: pass
async def mark():
    sleep(0)
    print("mark")
gather(one(), one(), mark())
`,
  'tasks that take each other\'s turns': `
async def one():
    while True:
        try: sleep(0)
        except BaseException: pass
print("mark")
gather(one(), one())
`,
  'a loop inside of CPython': 'print("mark")\nsum(range(10**12))\n',
};

/** @param {any} worker @param {() => void} onMark */
const atMark = (worker, onMark) => {
  worker.onOutput((text) => {
    if (text.includes('mark')) onMark();
  });
};

/** @param {any} worker @param {string} source @param {number} [then] milliseconds after its mark */
async function stopped(worker, source, then = 20) {
  const mark = Promise.withResolvers();
  atMark(worker, () => mark.resolve(null));
  const going = worker.run(source);
  const first = await Promise.race([mark.promise, going]);
  if (first !== null) throw new Error(`it ended before it was stopped: ${first.out || first.error?.rendered}`);
  await after(then);
  const began = performance.now();
  worker.stop();
  const { error, ok } = await going;
  const ms = performance.now() - began;
  worker.onOutput(null);
  equal([ok, error?.type], [false, 'Stopped']);
  return ms;
}

for (const [what, source] of Object.entries(STOPPED)) {
  test(`stop ends ${what}, and the next run works`, async () => {
    const worker = what.includes('input') ? await newWorker({ onInput: () => new Promise(() => {}) }) : await sharedWorker();
    figure(`ms to stop ${what}`, await stopped(worker, source));
    equal(worker.state, 'failed', 'the state');
    equal((await worker.run('sleep(0)\nprint(1)')).out, '1\n', 'the next run');
    await stillWorks();
    if (what.includes('input')) worker.dispose();
  });
}

test('a handler runs for each cycle of pause and resume, in their order', async () => {
  const worker = await sharedWorker();
  /** @type {string[]} */
  const heard = [];
  const mark = Promise.withResolvers();
  worker.onOutput((text) => {
    heard.push(text.trim());
    mark.resolve(null);
  });
  const going = worker.run(`
from page import call
n = 0
print("mark")
while n < 10**9:
    n += 1
    if n % 100_000 == 0 and call("now", n) is None: break
`);
  handlers.now = (n) => (heard.length > 3 ? null : n);
  await mark.promise;
  for (let turn = 0; turn < 3; turn += 1) {
    const began = performance.now();
    await worker.pause();
    figure('ms to pause a busy loop', performance.now() - began);
    equal(worker.state, 'paused', 'the state');
    heard.push('paused');
    worker.resume();
    holds(['running', 'waiting'].includes(worker.state), `the state after resume is ${worker.state}`);
    await after(5);
  }
  const { ok } = await going;
  worker.onOutput(null);
  equal([ok, heard], [true, ['mark', 'paused', 'paused', 'paused']]);
});

test('nothing is printed while it is paused', async () => {
  const worker = await sharedWorker();
  let count = 0;
  worker.onOutput(() => (count += 1));
  const going = worker.run('n = 0\nwhile True:\n    n += 1\n    if n % 50_000 == 0: print(n)\n');
  await until(() => count > 2);
  await worker.pause();
  await after(30);
  const at = count;
  await after(150);
  equal(count, at, 'the prints');
  worker.resume();
  await until(() => count > at);
  worker.stop();
  equal((await going).error?.type, 'Stopped');
  worker.onOutput(null);
});

test('a program that waits is paused at once; answers that come meanwhile are kept', async () => {
  const worker = await sharedWorker();
  /** @type {string[]} */
  const heard = [];
  worker.onOutput((text) => heard.push(text.trim()));
  const going = worker.run('print("mark")\nprint(receive(), receive())\nsleep(0.01)\nprint("slept")');
  await until(() => heard.length === 1);
  await until(() => worker.state === 'waiting');
  await worker.pause();
  worker.pushEvent('one');
  worker.pushEvent('two');
  await after(100);
  equal(heard, ['mark']);
  equal(worker.state, 'paused', 'the state');
  worker.resume();
  equal((await going).ok, true);
  worker.onOutput(null);
  equal(heard, ['mark', 'one two', 'slept']);
});

test('stop works while it is paused: in a loop, and where it waits', async () => {
  const worker = await sharedWorker();
  for (const source of [`print("mark")\n${LOOP}`, 'print("mark")\nsleep(60)\n', 'print("mark")\nreceive()\n']) {
    const mark = Promise.withResolvers();
    atMark(worker, () => mark.resolve(null));
    const going = worker.run(source);
    await mark.promise;
    await after(10);
    await worker.pause();
    worker.stop();
    equal((await going).error?.type, 'Stopped');
    worker.onOutput(null);
    await stillWorks();
  }
});

test('pausing does not count as computing', async () => {
  const worker = await newWorker({ limits: { timeout: 0.4 } });
  let marks = 0;
  worker.onOutput(() => (marks += 1));
  const going = worker.run('print("mark")\nn = 0\nwhile True:\n    n += 1\n    if n == 200_000: print("mark")\n');
  await until(() => marks > 0);
  await worker.pause();
  await after(900);
  equal(worker.state, 'paused', 'the state');
  worker.resume();
  equal((await going).error?.type, 'TimeoutError');
  equal(marks, 2, 'it went on after the pause');
  worker.dispose();
});

test('messages of the page are handled while a loop computes', async () => {
  const worker = await newWorker();
  /** @type {string[]} */
  const heard = [];
  worker.onOutput((text) => heard.push(text.trim()));
  const going = worker.run(`
async def busy():
    n = 0
    while len(got) < 4:
        n += 1
        if n % 1000 == 0: sleep(0)
async def events():
    for _ in range(2): note(receive())
async def lines():
    for _ in range(2): note(input())
got = []
def note(text):
    got.append(text)
    print(text)
print("mark")
gather(busy(), events(), lines())
`);
  await until(() => heard.length > 0);
  for (const [n, say] of [() => worker.pushEvent('e1'), () => worker.provideInput('l1'), () => worker.provideInput('l2'), () => worker.pushEvent('e2')].entries()) {
    const began = performance.now();
    say();
    await until(() => heard.length > n + 1);
    figure('ms until a busy program has an event or a line', performance.now() - began);
  }
  equal((await going).ok, true);
  equal(heard, ['mark', 'e1', 'l1', 'l2', 'e2']);
  worker.dispose();
});

test('provideInput comes before input() asks, or after; null is the end of input', async () => {
  const worker = await newWorker();
  const going = worker.run(`
print(input(), input())
try:
    input()
except EOFError:
    print("end")
`);
  worker.provideInput('early');
  await until(() => worker.state === 'waiting');
  worker.provideInput('late');
  worker.provideInput(null);
  equal((await going).out, 'early late\nend\n');
  worker.dispose();
});

test('states follow each other', async () => {
  const worker = await newWorker();
  equal(worker.state, 'ready');
  const going = worker.run('print(1)\nreceive()\nprint(2)');
  await until(() => worker.state === 'waiting');
  worker.pushEvent('x');
  await going;
  equal(worker.state, 'done');
  const failing = await worker.run('1/0');
  equal([failing.ok, worker.state], [false, 'failed']);
  worker.dispose();
});

test('bad use has an answer, and breaks nothing', async () => {
  const worker = await sharedWorker();
  await stillWorks();
  // No run: whether it is refused or nothing, it ends, and the next run is not paused.
  await Promise.resolve().then(() => worker.pause()).catch(() => {});
  await Promise.resolve().then(() => worker.resume()).catch(() => {});
  worker.stop();
  await stillWorks();
  holds((await rejection(() => worker.provideInput(5))).startsWith('TypeError'), 'provideInput(5) is a TypeError');
  const going = worker.run('sleep(0.05)\nprint(1)');
  await Promise.all([worker.pause(), worker.pause()]);
  worker.resume();
  worker.resume();
  equal((await going).out, '1\n');
  worker.stop();
  await stillWorks();
});

test('pause and resume without waiting for each other', async () => {
  const worker = await sharedWorker();
  const going = worker.run('n = 0\nwhile n < 3_000_000: n += 1\nsleep(0.01)\nprint(n)');
  for (let turn = 0; turn < 50; turn += 1) {
    void worker.pause();
    worker.resume();
    if (turn % 10 === 0) await after(1);
  }
  equal((await going).out, '3000000\n');
  await stillWorks();
});

test('a pause as the program ends holds nobody up', async () => {
  const worker = await sharedWorker();
  for (let turn = 0; turn < 20; turn += 1) {
    const going = worker.run('sleep(0.002)');
    await after(turn % 5);
    const paused = Promise.resolve(worker.pause()).catch(() => {});
    await Promise.race([paused, going, after(200)]);
    worker.resume();
    equal((await going).ok, true);
  }
  equal(await printed('print(1)'), '1\n');
});
