// @ts-check
/** Host calls: many in flight, answers out of order, errors, `AbortSignal`, a page that never answers. */
import { after, equal, figure, handlers, holds, printed, run, stillWorks, test, until } from './suite.js';

/** Answers that the page owes, by what was asked. @type {Map<string, PromiseWithResolvers<any>>} */
const owed = new Map();
/** @type {string[]} */
let aborted = [];

/** Nothing is answered until the case says so. @param {string} what @param {{ signal?: AbortSignal }} context */
handlers.owe = (what, { signal }) => {
  const answer = Promise.withResolvers();
  owed.set(what, answer);
  signal?.addEventListener('abort', () => aborted.push(what));
  return answer.promise;
};
handlers.later = async (ms, value) => (await after(ms), value);
handlers.now = (value) => value;
handlers.throws = (name, message) => {
  throw Object.assign(new Error(message), { name });
};
handlers.rejects = async (name, message) => handlers.throws(name, message);
handlers.signals = (_, { signal }) => [signal instanceof AbortSignal, signal?.aborted ?? null];

const HEAD = 'from page import call\n';
const ASK = `${HEAD}
def plain(what):
    return call("owe", what)

async def ask(what):
    try:
        answer = plain(what)
    finally:
        print(what, "over")
    return answer
`;

function fresh() {
  owed.clear();
  aborted = [];
}

test('answers out of order go to the tasks that asked', async () => {
  fresh();
  const going = printed(`${ASK}print(gather(ask("a"), ask("b"), ask("c"), ask("d")))`);
  await until(() => owed.size === 4);
  equal([...owed.keys()], ['a', 'b', 'c', 'd'], 'the order of the questions');
  for (const what of ['c', 'a', 'd', 'b']) {
    owed.get(what)?.resolve(what.toUpperCase());
    await after(10);
  }
  equal(await going, "c over\na over\nd over\nb over\n['A', 'B', 'C', 'D']\n");
});

test('all answers of one turn of the page arrive in its order', async () => {
  fresh();
  const going = printed(`${ASK}print(gather(ask("a"), ask("b"), ask("c")))`);
  await until(() => owed.size === 3);
  for (const what of ['b', 'c', 'a']) owed.get(what)?.resolve(1);
  equal(await going, 'b over\nc over\na over\n[1, 1, 1]\n');
});

test('an error raises in its own task only, with the class that its name says', async () => {
  equal(await printed(`${HEAD}
async def one(how, name):
    try:
        return call(how, name, "from the page")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
async def fine():
    return call("later", 20, "fine")
for line in gather(one("throws", "ValueError"), fine(), one("rejects", "KeyError"), one("rejects", "Odd"), fine()):
    print(line)
`), "ValueError: from the page\nfine\nKeyError: 'from the page'\nRuntimeError: from the page\nfine\n");
});

test('an error that nobody catches is shown with the line that called', async () => {
  const { error } = await run(`${HEAD}
async def one():
    return call("rejects", "ValueError", "from the page")

async def fine():
    call("later", 20, 1)
    print("fine")

gather(fine(), one())
`);
  equal([error.type, error.message], ['ValueError', 'from the page']);
  equal(error.frames.map((frame) => [frame.function, frame.line]), [['<module>', 10], ['one', 4]], 'the frames');
});

test('cancelling a task tells the page, at once and once', async () => {
  fresh();
  const going = printed(`${ASK}
async def main():
    task = ask("lost")
    async def end():
        while not call("now", True): pass
        call("later", 30, 0)
        cancel(task)
        call("owe", "mark")
    async def wait():
        try:
            run(task)
        except CancelledError:
            print("cancelled")
    gather(wait(), end())
run(main())
`);
  await until(() => owed.has('mark'));
  await until(() => aborted.length > 0);
  equal(aborted, ['lost']);
  owed.get('lost')?.resolve('too late');
  owed.get('mark')?.resolve(0);
  equal(await going, 'lost over\ncancelled\n');
  equal(aborted, ['lost']);
});

test('a page that never answers is subject to with_timeout; its signal is aborted, its late answer is lost', async () => {
  fresh();
  const going = printed(`${ASK}
try:
    with_timeout(0.03, ask("never"))
except TimeoutError:
    print("timed out")
print(run(ask("next")))
`);
  await until(() => owed.has('next'));
  equal(aborted, ['never']);
  owed.get('never')?.resolve('late');
  await after(20);
  owed.get('next')?.resolve('mine');
  equal(await going, 'never over\ntimed out\nnext over\nmine\n');
});

test('signals live while their call does', async () => {
  fresh();
  equal(await printed(`${HEAD}print(call("signals", 0))`), '[True, False]\n');
  const going = printed(`${ASK}ask\nprint(call("owe", "x"))`);
  await until(() => owed.has('x'));
  equal(aborted, []);
  owed.get('x')?.resolve(5);
  equal(await going, '5\n');
  await after(20);
  equal(aborted, [], 'what was aborted of an answered call');
});

test('the end of a run aborts what it left open', async () => {
  fresh();
  const { out } = await run(`${ASK}
async def fail():
    call("later", 30, 0)
    raise SystemExit(3)
gather(ask("a"), ask("b"), fail())
`);
  await until(() => aborted.length === 2);
  equal(aborted.toSorted(), ['a', 'b']);
  equal(out.split('\n').filter(Boolean).toSorted(), ['a over', 'b over'], 'the finally blocks');
  await stillWorks();
});

test('await before a host call, and host calls below plain functions, at once', async () => {
  equal(await printed(`${HEAD}
def plain(n):
    return call("later", 20 - n, n)
async def one(n):
    return await call("later", 20 - n, n) if n % 2 else plain(n)
print(gather(*(one(n) for n in range(10))))
print(await call("now", "top"))
`), '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\ntop\n');
});

test('a thousand calls at once; the one after is an error in its own task', async () => {
  equal(await printed(`${HEAD}
async def one(n):
    try:
        return call("later", 300, n)
    except RuntimeError as error:
        return str(error)
got = gather(*(one(n) for n in range(1001)))
print(got[:1000] == list(range(1000)), got[1000] == 1000 or got[1000])
`), 'True more than 1,000 calls of the page wait for their answers\n');
  await stillWorks();
});

test('ten thousand calls in batches, every one with its own answer', async () => {
  const began = performance.now();
  equal(await printed(`${HEAD}
async def one(n):
    return await call("now", n)
for batch in range(10):
    assert gather(*(one(n) for n in range(1000))) == list(range(1000))
print("done")
`), 'done\n');
  figure('microseconds a batched call', (performance.now() - began) / 10);
});

test('a value that cannot cross is an error of the caller only, and its task goes on', async () => {
  handlers.odd = async () => new Date();
  equal(await printed(`${HEAD}
async def odd():
    try:
        call("odd")
    except TypeError:
        return "refused"
async def odder():
    try:
        call("now", {1, 2})
    except TypeError:
        return call("later", 5, "refused as well")
print(gather(odd(), odder()))
`), "['refused', 'refused as well']\n");
});

test('events that a package pushes while calls are open come in their order', async () => {
  handlers.push = async (text, { pushEvent }) => {
    pushEvent(`${text}1`);
    await after(10);
    pushEvent(`${text}2`);
    return text;
  };
  equal(await printed(`${HEAD}
async def events():
    return [receive(), receive()]
async def pushes():
    return call("push", "e")
print(gather(events(), pushes()))
`), "[['e1', 'e2'], 'e']\n");
});

test('a call of a handler that is slow leaves the others and the clock alone', async () => {
  const out = await printed(`${HEAD}
ticks = []
async def clock():
    for n in range(5):
        sleep(0.005)
        ticks.append(n)
async def ask():
    call("later", 200, 0)
    return list(ticks)
print(gather(clock(), ask())[1])
`);
  holds(out === '[0, 1, 2, 3, 4]\n', out);
});
