// @ts-check
/** A console of the page's: `run(src, { keep: true })` keeps globals, shows the last value, and goes on after errors. */
import { equal, holds, isolation, newWorker, test, until } from './suite.js';

/** @param {any} worker @param {[string, string | RegExp][]} lines */
async function talk(worker, lines) {
  for (const [source, expected] of lines) {
    const { out } = await worker.run(source, { keep: true });
    if (typeof expected === 'string') equal(out, expected, JSON.stringify(source));
    else holds(expected.test(out), `${source} gave ${out}`);
  }
}

/** @param {(worker: any) => Promise<void>} body @param {object} [options] */
const withWorker = (body, options) => async () => {
  const worker = await newWorker(options);
  try {
    await body(worker);
  } finally {
    worker.dispose();
  }
};

test('globals, functions and classes stay; the last value is shown', withWorker(async (worker) => {
  await talk(worker, [
    ['n = 20', ''],
    ['n + 1', '21\n'],
    ['def f(x):\n    return x * n\n', ''],
    ['f(2)', '40\n'],
    ['None', ''],
    ["'text'", "'text'\n"],
    ['class A:\n    pass\na = A()\nisinstance(a, A)', 'True\n'],
    ['isinstance(a, A)', 'True\n'],
    ['n = 3\nf(2)', '6\n'],
    ['for i in range(2): print(i)', '0\n1\n'],
    ['i', '1\n'],
    ['', ''],
    ['x = y = 5; x + y', '10\n'],
  ]);
}));

test('it goes on after errors, and their pictures show the right text', withWorker(async (worker) => {
  await talk(worker, [
    ['def bad():\n    return 1 / 0\n', ''],
    ['n = 1\nbad()', /ZeroDivisionError[\s\S]*bad\(\)[\s\S]*return 1 \/ 0/],
    ['n', '1\n'],
    ['if n:', /error/],
    ['undefined_name', /undefined_name/],
    ['n + 1', '2\n'],
    ['raise SystemExit(3)', ''],
    ['n + 2', '3\n'],
    ['exec("1")', /exec/],
    ['n + 3', '4\n'],
  ]);
}));

test('waiting, coroutines and modules across runs', withWorker(async (worker) => {
  await talk(worker, [
    ['async def f(n):\n    sleep(0.001)\n    return n\n', ''],
    ['await f(1)', '1\n'],
    ['run(f(2))', '2\n'],
    ['gather(f(3), f(4))', '[3, 4]\n'],
    ['task = f(5)', ''],
    ['run(task)', '5\n'],
    ['import math', ''],
    ['math.floor(2.5)', '2\n'],
    ['[n async for n in [1, 2]]', '[1, 2]\n'],
    ['def gen():\n    for n in range(3):\n        sleep(0)\n        yield n\ng = gen()', ''],
    ['next(g)', '0\n'],
    ['next(g)', '1\n'],
    ['list(g)', '[2]\n'],
  ]);
}));

test('stop keeps what there was', withWorker(async (worker) => {
  await talk(worker, [['kept = 7', '']]);
  const mark = Promise.withResolvers();
  worker.onOutput((text) => text.includes('mark') && mark.resolve(null));
  const going = worker.run('later = 8\nprint("mark")\nwhile True: pass', { keep: true });
  await mark.promise;
  worker.stop();
  equal((await going).error?.type, 'Stopped');
  worker.onOutput(null);
  await talk(worker, [['kept, later', '(7, 8)\n']]);
}));

test('a run without keep sees nothing of it, and leaves nothing; reset forgets', withWorker(async (worker) => {
  await talk(worker, [['n = 1', '']]);
  const { error } = await worker.run('print(n)');
  holds(error !== null, 'n is not known in a run without keep');
  await worker.run('n = 5');
  await talk(worker, [['n', '1\n']]);
  await worker.reset();
  const again = await worker.run('n', { keep: true });
  holds(again.error !== null, 'n is gone after reset()');
}));

test('names of earlier lines are not a door', withWorker(async (worker) => {
  await talk(worker, [
    ['_', /./],
    ['1 + 1', '2\n'],
    ['_', '2\n'],
    ['().__class__.__bases__', /error/],
    ['getattr((), "__class__").__subclasses__()', /error/],
    ['[f for f in [lambda: 1]][0].__globals__', /error/],
  ]);
  holds(isolation !== undefined, 'it runs in a cell or a worker');
}));

test('asynchronous generators, unfinished coroutines and contexts go on', withWorker(async (worker) => {
  await talk(worker, [
    ["async def count():\n    try:\n        for n in range(9):\n            await sleep(0)\n            yield n\n    finally: print('closed')\ng = count()", ''],
    ['await anext(g)', '0\n'],
    ['await anext(g)', '1\n'],
    ['async def main():\n    async for n in g: return n, input("? ")\ntask = main()', ''],
    ['1', '1\n'],
    ['from decimal import Decimal, getcontext\ngetcontext().prec = 3', ''],
    ['Decimal(1) / 3', "Decimal('0.333')\n"],
  ]);
  worker.provideInput('line');
  await talk(worker, [['run(task)', "? (2, 'line')\n"], ['g = None', 'closed\n']]);
}));

test('a warning shows the text of the input that made the coroutine', withWorker(async (worker) => {
  await talk(worker, [
    ['async def f(): pass\n\ndef make(): f()  # here', ''],
    ['make()  # not here', /never awaited[\s\S]*<input 1>:3:1[\s\S]*def make\(\): f\(\) {2}# here/],
  ]);
}));

test('limits end one input, and what it had bound stays', withWorker(async (worker) => {
  await talk(worker, [
    ['kept = 1', ''],
    ['late = 2\nwhile True: pass', /TimeoutError: the program computed longer than its limit of 0.5 s/],
    ['kept, late', '(1, 2)\n'],
    ['held = []\nwhile True: held.append(bytes(1_000_000))', /MemoryError/],
    ['kept, late', '(1, 2)\n'],
    ['del held', ''],
    ['len(bytes(20_000_000))', '20000000\n'],
  ]);
}, { limits: { timeout: 0.5, memory: 64 } }));

test('functions of the page serve later inputs, with the call of today', async () => {
  /** @type {any[]} */
  const calls = [];
  const worker = await newWorker({ mainThreadModules: { draw: { line: (/** @type {number} */ n) => calls.push(n) } } });
  await talk(worker, [
    ['from draw import line\ndef twice(n):\n    return gather(one(n), one(n + 1))\nasync def one(n): return line(n)', ''],
    ['twice(5)', '[1, 2]\n'],
    ['1', '1\n'],
    ['twice(7)', '[3, 4]\n'],
  ]);
  equal(calls, [5, 6, 7, 8]);
  worker.dispose();
});

test('one that is held can be looked at: its names, and the frames of earlier inputs', withWorker(async (worker) => {
  await talk(worker, [['n = 7\ndef outer(f): f()', '']]);
  const going = worker.run('def inner(): receive()\nouter(inner)', { keep: true });
  await until(() => worker.state === 'waiting');
  const [globals, stack] = [await worker.stateGlobals(), await worker.stateStack()];
  const texts = stack[0].frames.map((/** @type {any} */ frame) => [frame.file, frame.text]);
  equal(texts, [['./<input 2>', 'outer(inner)'], ['./<input 1>', 'def outer(f): f()'], ['./<input 2>', 'def inner(): receive()']]);
  equal(globals['./<input 2>'].n, '7');
  worker.stop();
  equal((await going).error?.type, 'Stopped');
}));
