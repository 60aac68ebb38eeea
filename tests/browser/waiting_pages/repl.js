// @ts-check
/** A console of the page's: `run(src, { keep: true })` keeps globals, shows the last value, and goes on after errors. */
import { equal, holds, isolation, newWorker, test } from './suite.js';

/** @param {any} worker @param {[string, string | RegExp][]} lines */
async function talk(worker, lines) {
  for (const [source, expected] of lines) {
    const { out } = await worker.run(source, { keep: true });
    if (typeof expected === 'string') equal(out, expected, JSON.stringify(source));
    else holds(expected.test(out), `${source} gave ${out}`);
  }
}

/** @param {(worker: any) => Promise<void>} body */
const withWorker = (body) => async () => {
  const worker = await newWorker();
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
