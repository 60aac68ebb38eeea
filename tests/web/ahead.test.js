// @ts-check
/** What is fetched ahead of the linker, over a real server: what is found by a quick look, that nothing is asked twice, that nothing is decided. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, beforeEach, test } from 'node:test';

import { createAhead, quickImports } from '../../web/page/ahead.js';
import { createFetcher } from '../../web/page/fetch.js';
import { createLoader } from '../../web/page/loader.js';
import { createMemoryStore } from '../../web/page/store.js';

/** @typedef {import('../../web/page/store.js').Store} Store */

/** A file whose connection breaks. */
const BROKEN = 'broken';
/** @type {Map<string, string | null>} null: no answer comes */
const files = new Map();
/** @type {string[]} */
let log = [];
const server = createServer((request, response) => {
  const path = request.url ?? '';
  log.push(path);
  const body = files.get(path);
  if (body === null) return;
  if (body === BROKEN) return void request.socket.destroy();
  response.writeHead(body === undefined ? 404 : 200).end(body ?? '');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
/** Another origin by its name, the same server. */
const far = origin.replace('127.0.0.1', 'localhost');
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  files.clear();
  log = [];
});

/** @param {Record<string, string | null>} given */
const put = (given) => Object.entries(given).forEach(([path, body]) => files.set(path, body));

/** A worker's beginning. @param {{ store?: Store, lock?: object, importOrigins?: string[], packages?: string, imports?: Record<string, string> }} [how] */
function worker({ store = createMemoryStore(), lock = {}, importOrigins, packages, imports = {} } = {}) {
  const options = /** @type {any} */ ({
    base: new URL(`${origin}/app/`), origin, imports, hosts: {}, packages: packages === undefined ? null : new URL(packages, origin),
    lock: { origin, version: null, frozen: false, offline: false, integrity: true, ...lock },
  });
  const fetcher = createFetcher({ origin, timeoutMs: 2_000, maxBytes: 1000, importOrigins: importOrigins ?? null });
  const ahead = createAhead({ fetcher, store: Promise.resolve(store), options });
  const loader = createLoader({ store: ahead.storeOf(store), fetcher: ahead.fetcher, ...options.lock });
  return { ahead, loader };
}

/** @param {string} location @param {'module' | 'manifest'} [kind] */
const need = (location, kind = 'module') => ({ key: location, kind, spec: location, location, remote: location.includes('://'), integrity: null });

test('a quick look finds the imports of ordinary programs', () => {
  const text = `
from "./a.py" import x
import './b.py' as b; from "https://x.test/c.py#sha256-00" import (
    y)
if True:
    from units import two
import math, lib.deep as d
"""
from "./no.py" import example
"""
s = 'import this is text'
# from "./comment.py" import z
from nowhere we go
`;
  assert.deepEqual(quickImports(text), ['./a.py', './b.py', 'https://x.test/c.py', 'units', 'math', 'lib.deep']);
});

test('the whole program comes ahead, and the linker asks for nothing again', async () => {
  put({
    '/app/main.py': 'from "./lib/a.py" import x\nimport kit',
    '/app/packages.json': '{"imports": {"kit": "./kit/k.py"}}',
    '/app/lib/a.py': `from "../b.py" import y\nfrom "${far}/far/u.py" import z\nimport units`,
    '/app/lib/packages.json': '{"imports": {"units": "./units.py"}}',
    '/app/lib/units.py': '', '/app/b.py': '', '/app/kit/k.py': '', '/far/u.py': 'from "./v.py" import w', '/far/v.py': '',
  });
  const { ahead, loader } = worker();
  await ahead.look({ entry: `${origin}/app/main.py` });
  const all = ['/app/b.py', '/app/kit/k.py', '/app/lib/a.py', '/app/lib/packages.json', '/app/lib/units.py', '/app/main.py',
    '/app/packages.json', '/far/u.py', '/far/v.py', '/packages.json'];
  assert.deepEqual([...log].sort(), all);
  const local = all.filter((path) => !path.startsWith('/far/'));
  const needs = [...local.map((path) => need(path, path.endsWith('.json') ? 'manifest' : 'module')), need(`${far}/far/u.py`), need(`${far}/far/v.py`)];
  const outcomes = await loader.supply(needs, '/app/');
  assert.deepEqual(outcomes.map(({ kind }) => kind), needs.map(({ location }) => (location === '/packages.json' ? 'absent' : 'bytes')));
  assert.equal(log.length, all.length, 'no address is asked twice');
});

test('what nobody asks for leaves no trace, and what is asked later is fetched', async () => {
  put({ '/app/main.py': `from "${far}/u.py" import x`, '/u.py': '1' });
  const store = createMemoryStore();
  const { ahead, loader } = worker({ store });
  await ahead.look({ entry: `${origin}/app/main.py` });
  assert.ok(log.includes('/u.py'));
  ahead.drop();
  assert.deepEqual(await loader.commit('/app/', [`${far}/u.py`]), []);
  assert.deepEqual(await store.readProgram(`${origin}/app/`), { modules: {}, locals: {} });
  files.set('/u.py', '2');
  const [outcome] = await loader.supply([need(`${far}/u.py`)], '/app/');
  assert.equal(new TextDecoder().decode(/** @type {any} */ (outcome).bytes), '2');
});

test('a lock holds for what came ahead: other bytes are drift', async () => {
  put({ '/app/main.py': `from "${far}/u.py" import x`, '/u.py': 'changed' });
  const store = createMemoryStore();
  const sha256 = await store.digest(new TextEncoder().encode('as locked'));
  await store.commit(`${origin}/app/`, { modules: { [`${far}/u.py`]: { sha256, bytes: 9 } } });
  const { ahead, loader } = worker({ store });
  await ahead.look({ entry: `${origin}/app/main.py` });
  const [outcome] = await loader.supply([need(`${far}/u.py`)], '/app/');
  assert.equal(outcome?.kind, 'drift');
  assert.equal(log.filter((path) => path === '/u.py').length, 1);
});

test('a locked address whose bytes are stored is read from there, once', async () => {
  put({ '/app/main.py': `from "${far}/u.py" import x`, '/u.py': 'never asked' });
  const store = createMemoryStore();
  const bytes = new TextEncoder().encode('as locked');
  const sha256 = await store.digest(bytes);
  await store.commit(`${origin}/app/`, { modules: { [`${far}/u.py`]: { sha256, bytes: 9 } }, blobs: new Map([[sha256, bytes]]) });
  let reads = 0;
  const counting = Object.create(store, { readBlobs: { value: (/** @type {any} */ digests) => ((reads += 1), store.readBlobs(digests)) } });
  const { ahead, loader } = worker({ store: counting });
  await ahead.look({ entry: `${origin}/app/main.py` });
  const [outcome] = await loader.supply([need(`${far}/u.py`)], '/app/');
  assert.deepEqual([outcome?.kind, reads, log.includes('/u.py')], ['bytes', 1, false]);
});

test('the same rules hold as for the linker: origins, frozen, offline, the root', async () => {
  put({ '/app/main.py': `from "${far}/u.py" import x\nfrom "../../secret.py" import y\nfrom "./a.py" import z`, '/app/a.py': '', '/app/packages.json': '{}' });
  const entry = `${origin}/app/main.py`;
  const asked = ['/app/a.py', '/app/main.py', '/app/packages.json', '/packages.json'];
  for (const how of [{ importOrigins: ['https://else.test'] }, { lock: { frozen: true } }]) {
    log = [];
    await worker(how).ahead.look({ entry });
    assert.deepEqual([...log].sort(), asked);
  }
  log = [];
  await worker({ lock: { offline: true } }).ahead.look({ entry });
  assert.deepEqual(log, []);
});

test('text without a place of its own has no manifest; the page may name one, and name modules', async () => {
  put({ '/app/a.py': '', '/p/packages.json': '{"imports": {"kit": "./k.py"}}', '/p/k.py': '', '/n.py': '' });
  const source = 'from "./a.py" import x\nimport kit, named';
  await worker().ahead.look({ source });
  assert.deepEqual(log, ['/app/a.py']);
  log = [];
  await worker({ packages: '/p/packages.json', imports: { named: '/n.py' } }).ahead.look({ source });
  assert.deepEqual([...log].sort(), ['/app/a.py', '/app/packages.json', '/n.py', '/p/k.py', '/p/packages.json']);
});

test('a program that does not fit a quick look harms nothing', async () => {
  put({ '/app/main.py': 'import a\nfrom "./main.py" import x\nfrom "::" import y', '/app/packages.json': '{"imports": {"a": "b", "b": "a"}, "extends": 7}' });
  await worker().ahead.look({ entry: `${origin}/app/main.py` });
  put({ '/app/packages.json': 'not json' });
  await worker().ahead.look({ entry: `${origin}/app/main.py` });
  await worker().ahead.look({ entry: 'http://[' });
});

test('a stop ends what came ahead and is waited for', async () => {
  put({ '/app/main.py': null });
  const { ahead, loader } = worker();
  void ahead.look({ entry: `${origin}/app/main.py` });
  const stop = new AbortController();
  const answer = loader.supply([need('/app/main.py')], null, stop.signal);
  stop.abort();
  const [outcome] = await answer;
  assert.deepEqual([outcome?.kind, /** @type {any} */ (outcome).reason], ['failed', 'the run was stopped']);
});

test('what failed ahead is asked for again in earnest: the network may be back', async () => {
  put({ '/app/main.py': BROKEN });
  const { ahead, loader } = worker();
  await ahead.look({ entry: `${origin}/app/main.py` });
  put({ '/app/main.py': 'print(1)' });
  const [outcome] = await loader.supply([need('/app/main.py')], null);
  assert.equal(outcome?.kind, 'bytes');
});
