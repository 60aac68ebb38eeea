// @ts-check
/** The registry of host packages: signatures, the checks that they make, and the errors that a program sees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asPython, definePackage, PythonError } from '../../web/host/registry.js';
import { readParameter, readSignature, readType } from '../../web/host/signature.js';

const context = () => ({ pushEvent: () => {}, signal: new AbortController().signal });

/**
 * A package of functions that give back what they got.
 * @param {...string} signatures
 */
function echoes(...signatures) {
  const { factory } = definePackage({
    name: 'echo',
    doc: '',
    setup: () => new Map([[7, 'seven']]),
    types: {
      Thing: {
        is: 'int',
        called: "a thing's id (int)",
        doc: '',
        hints: { str: 'names are no ids' },
        take: (things, id) => {
          const found = things.get(id);
          if (found === undefined) throw new PythonError('ValueError', `there is no thing ${id}`);
          return found;
        },
      },
      Options: { is: 'dict', doc: '', fields: { 'once: bool = False': 'a', 'wait: float | None = None': 'b', "kind: str = 'x'": 'c' } },
      Needy: { is: 'dict', doc: '', fields: { 'name: str': 'a' } },
    },
    groups: [{ title: '', functions: signatures.map((signature) => ({ signature, doc: 'd', run: (_, ...args) => args })) }],
  });
  return factory(context());
}

/** @param {() => unknown} call @returns {Promise<string>} */
async function failure(call) {
  try {
    await call();
  } catch (error) {
    return `${/** @type {Error} */ (error).name}: ${/** @type {Error} */ (error).message}`;
  }
  return 'nothing';
}

test('signatures are read', () => {
  const { name, parameters, result } = readSignature(
    "f(a: str, b: list[dict[str, int | None]] | None = None, c: str = 'x, y', d: int = -1, e: float = 0.5, g: dict = {}, h: bool = True) -> list[str] | None",
  );
  assert.equal(name, 'f');
  assert.equal(result, 'list[str] | None');
  assert.deepEqual(parameters.map((each) => [each.name, each.optional, each.fallback]), [
    ['a', false, undefined], ['b', true, null], ['c', true, 'x, y'], ['d', true, -1], ['e', true, 0.5], ['g', true, {}], ['h', true, true],
  ]);
  assert.deepEqual(parameters[1]?.type.atoms.map((atom) => [atom.name, atom.of?.text]), [['list', 'dict[str, int | None]'], ['None', undefined]]);
  assert.deepEqual(readSignature('f() -> None').parameters, []);
  assert.deepEqual([readParameter('a: int').optional, readParameter('a: int = 3').fallback], [false, 3]);
});

test('signatures that cannot be read are their author\'s error', () => {
  for (const text of ['f', 'f()', 'f(a) -> None', 'f(a: ) -> None', 'f(a: set[int]) -> None', 'f(a: dict[int, str]) -> None',
    'f(a: int = x) -> None', 'f(a: int = 1, b: int) -> None', 'f(a: int,) -> None', 'f() -> list[', 'f() -> ']) {
    assert.throws(() => readSignature(text), SyntaxError, text);
  }
  assert.throws(() => readType(''), SyntaxError);
});

test('a table with a hole is not a package', () => {
  assert.throws(() => echoes('f(a: Thin) -> None'), { message: "echo: f(): there is no type 'Thin'" });
  assert.throws(() => echoes('f(a: list[Thin]) -> None'), { message: "echo: f(): there is no type 'Thin'" });
  assert.throws(() => echoes('f() -> None', 'f(a: int) -> None'), { message: 'echo: f() is there twice' });
});

test('arguments are counted', async () => {
  const { none, one, some } = /** @type {any} */ (echoes('none() -> None', 'one(a: str) -> None', 'some(a: str, b: int = 1) -> None'));
  assert.deepEqual(await some('x'), ['x', 1]);
  assert.deepEqual(await some('x', 2), ['x', 2]);
  assert.equal(await failure(() => none(1)), 'TypeError: none() takes no arguments, 1 given');
  assert.equal(await failure(() => one(1, 2)), 'TypeError: one() takes 1 argument, 2 given');
  assert.equal(await failure(() => some('x', 1, 2)), 'TypeError: some() takes at most 2 arguments, 3 given');
  assert.equal(await failure(() => one()), 'TypeError: one() needs argument 1 (a: str)');
});

/** What each type takes, of all kinds of values; what it does not, it calls by Python's name. */
const KINDS = {
  None: null, bool: true, int: 3, float: 0.5, str: 'x', bytes: new Uint8Array(1), list: [1], dict: { a: 1 }, 'an int beyond 2**53': 2n ** 60n,
};
const TAKES = { bool: ['bool'], int: ['int'], float: ['int', 'float'], str: ['str'], bytes: ['bytes'], list: ['list'], dict: ['dict'], Any: Object.keys(KINDS) };

for (const [type, taken] of Object.entries(TAKES)) {
  test(`what ${type} takes`, async () => {
    const { f } = /** @type {any} */ (echoes(`f(a: ${type}) -> None`));
    for (const [kind, value] of Object.entries(KINDS)) {
      if (taken.includes(kind)) assert.deepEqual(await f(value), [value]);
      else assert.equal(await failure(() => f(value)), `TypeError: f() argument 1 (a) must be ${type}, not ${kind}`);
    }
  });
}

test('unions, lists and dicts', async () => {
  const { f, g, h } = /** @type {any} */ (echoes('f(a: str | bytes | None) -> None', 'g(a: list[str]) -> None', 'h(a: dict[str, int | list[bool]]) -> None'));
  assert.deepEqual(await f(undefined), [null]);
  assert.equal(await failure(() => f(1)), 'TypeError: f() argument 1 (a) must be str, bytes or None, not int');
  assert.deepEqual(await g([]), [[]]);
  assert.equal(await failure(() => g('x')), 'TypeError: g() argument 1 (a) must be list[str], not str');
  assert.equal(await failure(() => g(['x', 1])), 'TypeError: g() argument 1 (a) item 1 must be str, not int');
  assert.deepEqual(await h({ a: 1, b: [true] }), [{ a: 1, b: [true] }]);
  assert.equal(await failure(() => h({ a: [2] })), "TypeError: h() argument 1 (a) ['a'] item 0 must be bool, not int");
  const proto = JSON.parse('{"__proto__": 1}');
  assert.deepEqual(Object.keys((await h(proto))[0]), ['__proto__'], 'a key like any other');
  assert.equal(await failure(() => g([-0])), 'TypeError: g() argument 1 (a) item 0 must be str, not float');
});

test("a package's own types", async () => {
  const { f, g } = /** @type {any} */ (echoes('f(a: Thing | None, b: list[Thing] = []) -> None', 'g(a: Options = {}) -> None'));
  assert.deepEqual(await f(7, [7]), ['seven', ['seven']]);
  assert.deepEqual(await f(null), [null, []]);
  assert.equal(await failure(() => f('7')), "TypeError: f() argument 1 (a) must be a thing's id (int) or None, not str (names are no ids)");
  assert.equal(await failure(() => f(8)), 'ValueError: there is no thing 8');
  assert.deepEqual(await g(), [{ once: false, wait: null, kind: 'x' }]);
  assert.deepEqual(await g({ wait: 2 }), [{ once: false, wait: 2, kind: 'x' }]);
  assert.equal(await failure(() => g({ onse: true })), "ValueError: g() argument 1 (a) has no option 'onse'; it has once, wait, kind");
  assert.equal(await failure(() => g({ once: 1 })), "TypeError: g() argument 1 (a) ['once'] must be bool, not int");
  assert.equal(await failure(() => g({ toString: 1 })), "ValueError: g() argument 1 (a) has no option 'toString'; it has once, wait, kind");
  const needy = /** @type {any} */ (echoes('f(a: Needy) -> None'));
  assert.equal(await failure(() => needy.f({})), "ValueError: f() argument 1 (a) needs 'name' (str)");
});

test('a default dict is nobody\'s to change', async () => {
  const { f } = /** @type {any} */ (echoes('f(a: Any = {}) -> None'));
  const [first] = await f();
  first.x = 1;
  assert.deepEqual(await f(), [{}]);
});

test('errors have Python\'s names', async () => {
  const browser = new DOMException("Failed to execute 'append' on 'Element': The new child contains the parent.", 'HierarchyRequestError');
  const { factory } = definePackage({
    name: 'p',
    doc: '',
    setup: () => null,
    groups: [{ title: '', functions: [
      { signature: 'append() -> None', doc: 'd', run: () => { throw browser; } },
      { signature: 'later() -> None', doc: 'd', run: async () => { throw new DOMException('it is full', 'QuotaExceededError'); } },
      { signature: 'ours() -> None', doc: 'd', run: () => { throw new PythonError('KeyError', 'no such key'); } },
    ] }],
  });
  const { append, later, ours } = /** @type {any} */ (factory(context()));
  assert.equal(await failure(append), 'ValueError: append(): The new child contains the parent.');
  assert.equal(await failure(later), 'OSError: later(): it is full');
  assert.equal(await failure(ours), 'KeyError: no such key');
  assert.equal(asPython(new DOMException('no', 'SyntaxError')).name, 'ValueError', "not Python's SyntaxError");
  assert.equal(asPython('a text', 'f').message, 'f(): a text');
  assert.equal(asPython(new Error('odd')).name, 'RuntimeError');
});
