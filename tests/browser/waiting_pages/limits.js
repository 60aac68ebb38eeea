// @ts-check
/** Limits with many tasks: of time, of memory, of depth; a native module that calls back what waits. */
import { equal, figure, holds, newWorker, test, until } from './suite.js';

/** @param {object} limits @param {(worker: any) => Promise<void>} body @param {object} [options] */
const within = (limits, body, options = {}) => async () => {
  const worker = await newWorker({ limits, ...options });
  try {
    await body(worker);
    equal((await worker.run('async def f():\n  sleep(0.001)\n  return 1\nprint(gather(f(), f()))')).out, '[1, 1]\n', 'the next run');
  } finally {
    worker.dispose();
  }
};

test('time: a task that computes for ever ends all, and nobody can catch it', within({ timeout: 0.5 }, async (worker) => {
  const { error, out } = await worker.run(`
async def busy():
    try:
        while True: pass
    except BaseException: print("ne" + "ver")
async def parked(n):
    try:
        sleep(60)
    except BaseException: print("ne" + "ver")
try:
    gather(parked(1), busy(), parked(2))
except BaseException: print("ne" + "ver")
`);
  equal(error?.type, 'TimeoutError');
  holds(!out.includes('never'), out);
}));

test('time: many tasks that each compute a little use it up together', within({ timeout: 0.5 }, async (worker) => {
  const { error } = await worker.run(`
async def little():
    while True:
        for _ in range(1000): pass
        sleep(0)
gather(*(little() for _ in range(20)))
`);
  equal(error?.type, 'TimeoutError');
}));

test('time: waiting does not count, in one task or in all', within({ timeout: 0.4 }, async (worker) => {
  equal((await worker.run(`
def nap(): sleep(0.3)
async def f(n):
    nap()
    nap()
    return n
print(gather(*(f(n) for n in range(50))))
`)).out, `[${[...Array(50).keys()].join(', ')}]\n`);
}));

test('time: a program that mostly waits while one task computes is ended by what it computed', within({ timeout: 0.4 }, async (worker) => {
  const { error } = await worker.run(`
async def waits():
    while True: sleep(0.001)
async def computes():
    while True:
        sum(range(10_000))
        sleep(0.0005)
gather(waits(), computes())
`);
  equal(error?.type, 'TimeoutError');
}));

test('memory: a task that takes it all gets MemoryError, or its run ends; the next one works', within({ memory: 192, timeout: 20 }, async (worker) => {
  const { error } = await worker.run(`
kept = []
async def takes():
    while True:
        kept.append(bytes(1_000_000))
        sleep(0)
async def parked(): sleep(0.3)
gather(parked(), takes(), parked())
`);
  equal(error?.type, 'MemoryError');
}));

test('memory: one task may catch its MemoryError, others go on', within({ memory: 192 }, async (worker) => {
  equal((await worker.run(`
async def takes():
    sleep(0)
    try:
        return len(bytearray(10**9))
    except MemoryError:
        return "refused"
async def other():
    sleep(0.01)
    return "other"
print(gather(takes(), other()))
`)).out, "['refused', 'other']\n");
}));

test('depth: in the task, below parked ones, and on the way back', within({}, async (worker) => {
  equal((await worker.run(`
def down(n):
    if n == 0:
        sleep(0.001)
        return 0
    return 1 + down(n - 1)
def key(n): return down(50)
def nested(n): return sorted([2], key=lambda _: nested(n - 1)) and n if n else down(1)
async def deep(n): return down(n)
async def mixed(): return nested(40)
async def endless():
    try:
        return endless_plain()
    except RecursionError:
        return down(500)
def endless_plain(): return endless_plain() + 1
print(gather(deep(900), mixed(), endless(), deep(900), endless()))
`)).out, '[900, 40, 500, 900, 500]\n');
}));

test('many: 1,000 tasks that sleep in a plain helper', within({}, async (worker) => {
  const began = performance.now();
  equal((await worker.run(`
def plain(n):
    sleep(0.01)
    return n
async def one(n): return plain(n)
print(sum(gather(*(one(n) for n in range(1000)))))
`)).out, '499500\n');
  figure('ms for 1,000 tasks that sleep', performance.now() - began);
}));

test('many: 3,000 parked at once end, or one clear error says how many may', within({}, async (worker) => {
  const { ok, error, out } = await worker.run(`
def plain(n):
    sleep(0.01)
    return n
async def one(n): return plain(n)
print(sum(gather(*(one(n) for n in range(3000)))))
`);
  if (ok) equal(out, '4498500\n');
  else holds(['RuntimeError', 'MemoryError', 'RecursionError'].includes(error.type), `${error.type}: ${error.message}`);
}));

test('many: 100,000 coroutines that await', within({ timeout: 120 }, async (worker) => {
  const began = performance.now();
  equal((await worker.run(`
async def one(n):
    await sleep(0)
    return n
print(sum(gather(*(one(n) for n in range(100_000)))))
`)).out, '4999950000\n');
  figure('ms for 100,000 tasks that await', performance.now() - began);
}));

test('output: a flood out of tasks is cut, and its time runs', within({ maxOutput: 10_000, timeout: 0.5 }, async (worker) => {
  const { error, out } = await worker.run(`
async def floods(n):
    while True:
        print(n)
        sleep(0)
gather(*(floods(n) for n in range(10)))
`);
  equal(error?.type, 'TimeoutError');
  holds(out.length < 12_000, `it printed ${out.length} characters`);
  await until(() => worker.state === 'failed');
}));
