// @ts-check
/** A browser without JSPI (its engine has no `WebAssembly.Suspending`): what never waits runs, the rest has one clear error. */
import { createWorker } from '/dist/edge-python.js?setElement=false';
import { equal, holds, isolation, test } from './suite.js';

const worker = await createWorker({
  isolation,
  runtime: `${location.origin}/nojspi/`,
  mainThreadModules: { page: { f: () => 1 } },
});

const RUNS = {
  'no waiting at all': ['print(1)', '1\n'],
  'coroutines that never wait': [
    'async def f(n): return n\nasync def main(): return gather(f(1), f(2)) + [await f(3), run(f(4))]\nprint(run(main()))',
    '[1, 2, 3, 4]\n',
  ],
  'sleep(0) with nobody else': ['async def f():\n  sleep(0)\n  return 1\nprint(run(f()))', null],
  'asynchronous syntax': [
    'async def g():\n  for n in range(3): yield n\nprint([n async for n in g()])\nasync for n in [1]: print(n)',
    '[0, 1, 2]\n1\n',
  ],
  'with_timeout around what does not wait': ['async def f(): return 1\nprint(with_timeout(1, f()))', '1\n'],
  'cancel of what never ran': ['async def f(): pass\nc = f()\ncancel(c)\nprint("ok")', 'ok\n'],
};
for (const [what, [source, expected]] of Object.entries(RUNS)) {
  test(`runs: ${what}`, async () => {
    const { out, error } = await worker.run(String(source));
    if (expected !== null) equal(out, expected);
    else holds(error === null || error.message.includes('JSPI') || error.message.includes('JavaScript Promise Integration'), out);
  });
}

const WAITS = {
  sleep: 'sleep(0.01)',
  'a sleeping task': 'def plain(): sleep(0.01)\nasync def f():\n  plain()\nrun(f())',
  gather: 'async def f(): sleep(0.01)\ngather(f(), f())',
  receive: 'receive()',
  input: 'input()',
  frame: 'frame()',
  'a host call': 'from page import f\nf()',
};
for (const [what, source] of Object.entries(WAITS)) {
  test(`has one clear error: ${what}`, async () => {
    const { ok, error, out } = await worker.run(`print("before")\n${source}\nprint("never")`, { input: ['line'] });
    equal(ok, false, `the run (${out})`);
    equal(error.type, 'RuntimeError');
    holds(/JSPI|JavaScript Promise Integration/.test(error.message), `the error names the browser's feature: ${error.message}`);
    holds(error.message.split('\n').length === 1, `it is one sentence: ${error.message}`);
    holds(out.startsWith('before\n') && !out.includes('never'), out);
    equal((await worker.run('print(2)')).out, '2\n', 'the next run');
  });
}
