// @ts-check
/** The loader over a memory store and a real server on loopback: what is asked, remembered, locked and refused. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, beforeEach, test } from 'node:test';

import { createFetcher } from '../../web/page/fetch.js';
import { createLoader } from '../../web/page/loader.js';
import { createMemoryStore } from '../../web/page/store.js';

/** @typedef {import('../../web/page/store.js').Store} Store */
/** @typedef {import('../../web/protocol.js').Need} Need */

/** @type {Map<string, { status: number, body: string | Uint8Array, location?: string }>} */
const files = new Map();
/** @type {string[]} */
let log = [];
let up = true;
const server = createServer((request, response) => {
  log.push(request.url ?? '');
  const file = files.get(request.url ?? '') ?? { status: 404, body: '' };
  if (!up) response.destroy();
  else response.writeHead(file.status, file.location ? { location: file.location } : {}).end(file.body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
after(() => {
  server.closeAllConnections();
  server.close();
});

/** @type {Store} */
let store;
/** @type {string[]} */
let warnings = [];
beforeEach(() => {
  files.clear();
  log = [];
  warnings = [];
  up = true;
  store = createMemoryStore();
});

/** @param {string} path @param {string | Uint8Array} body */
const put = (path, body, status = 200) => void files.set(path, { status, body });
/** A worker's loader; all share the store, as visits do. @param {Partial<Parameters<typeof createLoader>[0]>} [options] */
const visit = (options = {}) => createLoader({
  store,
  origin,
  fetcher: createFetcher({ origin, timeoutMs: 2_000, maxBytes: 1000 }),
  onWarning: (text) => void warnings.push(text),
  ...options,
});
/** @param {string} path @param {Partial<Need>} [rest] @returns {Need} */
const remote = (path, rest) => ({
  key: `url ${path}`, kind: 'module', spec: origin + path, location: origin + path, remote: true, integrity: null, ...rest,
});
/** @param {string} path @param {Partial<Need>} [rest] @returns {Need} */
const local = (path, rest) => ({
  key: path, kind: 'module', spec: `.${path}`, location: path, remote: false, integrity: null, ...rest,
});
/** @type {Partial<Need>} */
const manifest = { kind: 'manifest' };
/** @param {import('../../web/protocol.js').Outcome[]} outcomes what they say, keys and final addresses aside */
const said = (outcomes) => outcomes.map((o) => {
  switch (o.kind) {
    case 'bytes': return Buffer.from(o.bytes).toString();
    case 'failed': return `${o.kind}: ${o.reason}`;
    case 'drift': return `drift ${o.locked} ${o.remote}`;
    default: return o.kind;
  }
});
/** Supplies and commits, as a program that links does. @param {ReturnType<typeof visit>} loader @param {Need[]} needs */
async function run(loader, needs, root = '/app/') {
  const outcomes = said(await loader.supply(needs, root));
  const refused = await loader.commit(root, needs.map((need) => need.key));
  return refused.length > 0 ? said(refused) : outcomes;
}
/** @param {string} text */
const sha = (text) => store.digest(new TextEncoder().encode(text));

test('outcomes come in the order of the needs, with their keys and final addresses', async () => {
  put('/app/a.py', 'a');
  put('/u.py', 'u');
  files.set('/r.py', { status: 302, body: '', location: '/u.py' });
  const outcomes = await visit().supply([remote('/r.py'), local('/app/a.py'), remote('/u.py')], '/app/');
  assert.deepEqual(outcomes.map((o) => [o.key, o.kind === 'bytes' && o.url]), [
    ['url /r.py', `${origin}/u.py`], ['/app/a.py', null], ['url /u.py', null],
  ]);
});

test('a live worker asks once; the next visit asks for local files only', async () => {
  put('/app/a.py', 'a');
  put('/u.py', 'u');
  files.set('/r.py', { status: 302, body: '', location: '/u.py' });
  const needs = [
    local('/app/a.py'), remote('/u.py'), remote('/r.py'), local('/packages.json', manifest), remote('/packages.json', manifest),
  ];
  const first = visit();
  const expected = ['a', 'u', 'u', 'absent', 'absent'];
  assert.deepEqual(await run(first, needs), expected);
  assert.deepEqual(log.sort(), ['/app/a.py', '/packages.json', '/packages.json', '/r.py', '/u.py', '/u.py']);
  log = [];
  assert.deepEqual(await run(first, needs), expected);
  assert.deepEqual(log, []);
  const second = visit();
  assert.deepEqual(await run(second, needs), expected);
  assert.deepEqual(log.sort(), ['/app/a.py', '/packages.json'], 'one request each: both local');
  const [again] = await second.supply([remote('/r.py')], '/app/');
  assert.equal(again?.kind === 'bytes' && again.url, `${origin}/u.py`, 'the final address is locked, too');
  assert.deepEqual(await second.entries('/app/'), {
    [`${origin}/u.py`]: { sha256: await sha('u'), bytes: 1 },
    [`${origin}/r.py`]: { sha256: await sha('u'), bytes: 1, url: `${origin}/u.py` },
    [`${origin}/packages.json`]: { absent: true },
  });
  second.reset();
  log = [];
  await run(second, needs);
  assert.deepEqual(log.sort(), ['/app/a.py', '/packages.json'], 'reset asks for local files again');
});

test('needs for one URL share one request, and each gets its answer', async () => {
  put('/u.py', 'u');
  const loader = visit();
  const [one, two] = await Promise.all([
    loader.supply([remote('/u.py', { key: '1' }), remote('/u.py', { key: '2' })], '/app/'),
    loader.supply([remote('/u.py', { key: '3' })], '/app/'),
  ]);
  assert.deepEqual([said(one), said(two)], [['u', 'u'], ['u']]);
  assert.deepEqual(log, ['/u.py']);
});

test('one run that stops leaves another that waits for the same file its answer', async () => {
  put('/u.py', 'u');
  const loader = visit();
  const control = new AbortController();
  const stopped = loader.supply([remote('/u.py')], '/app/', control.signal);
  const other = loader.supply([remote('/u.py')], '/app/');
  control.abort();
  assert.deepEqual(said(await stopped), ['failed: the run was stopped']);
  assert.deepEqual(said(await other), ['u']);
  put('/v.py', 'v');
  assert.deepEqual(said(await loader.supply([remote('/v.py')], '/app/', control.signal)), ['failed: the run was stopped']);
  assert.deepEqual(said(await loader.supply([remote('/v.py')], '/app/')), ['v'], 'and nothing of it is remembered');
});

test('nothing is locked before the commit, and only what it names', async () => {
  put('/u.py', 'u');
  put('/v.py', 'v');
  const loader = visit();
  await loader.supply([remote('/u.py'), remote('/v.py')], '/app/');
  assert.deepEqual(await loader.entries('/app/'), {});
  assert.deepEqual(await loader.commit('/app/', ['url /u.py', 'unheard of']), []);
  assert.deepEqual(Object.keys(await loader.entries('/app/')), [`${origin}/u.py`]);
  assert.deepEqual(await loader.commit('/app/', ['url /v.py']), []);
  assert.equal(Object.keys(await loader.entries('/app/')).length, 2);
});

test('drift: an evicted blob and other bytes upstream', async () => {
  put('/u.py', 'old');
  await run(visit(), [remote('/u.py')]);
  const locked = await visit().entries('/app/');
  store = createMemoryStore();
  await store.commit(`${origin}/app/`, { modules: locked }); // the lock without its bytes
  const loader = visit();
  assert.deepEqual(await run(loader, [remote('/u.py')]), ['old'], 'the same bytes heal');
  assert.equal((await store.readBlobs([await sha('old')])).size, 1);
  store = createMemoryStore();
  await store.commit(`${origin}/app/`, { modules: locked });
  put('/u.py', 'new');
  const other = visit();
  const drift = [`drift ${await sha('old')} ${await sha('new')}`];
  assert.deepEqual(said(await other.supply([remote('/u.py')], '/app/')), drift);
  assert.deepEqual(await other.commit('/app/', ['url /u.py']), []);
  assert.deepEqual(await other.entries('/app/'), locked);
  assert.deepEqual(said(await other.supply([remote('/u.py')], '/app/')), drift, 'nor is it remembered');
  files.delete('/u.py');
  assert.deepEqual(said(await other.supply([remote('/u.py')], '/app/')), [
    `failed: it is locked as sha256-${await sha('old')}, and the server no longer has it`,
  ]);
});

test('what is locked of a program is told by what it used', async () => {
  put('/u.py', 'u = 1');
  put('/v.py', 'v = 1');
  put('/l.py', 'l = 1');
  const needs = [remote('/u.py'), remote('/packages.json', { kind: 'manifest' }), local('/l.py')];
  const keys = [...needs.map((need) => need.key), 'unheard of'];
  const sha256 = await store.digest(new TextEncoder().encode('u = 1'));
  for (const loader of [visit(), visit()]) { // the second has it from the lock
    await loader.supply([...needs, remote('/v.py')], '/app/');
    await loader.commit('/app/', keys);
    assert.deepEqual(loader.locked('/app/', keys), { [`${origin}/u.py`]: sha256, [`${origin}/packages.json`]: null });
  }
  const loose = visit({ integrity: false });
  await loose.supply(needs, '/app/');
  assert.deepEqual(loose.locked('/app/', keys), {}, 'where nothing is locked, nothing is compared');
});

test('a commit that another tab has overtaken is drift, and writes nothing', async () => {
  put('/u.py', 'one');
  put('/v.py', 'v');
  const [slow, quick] = [visit(), visit()];
  await slow.supply([remote('/u.py'), remote('/v.py')], '/app/');
  put('/u.py', 'two');
  assert.deepEqual(await run(quick, [remote('/u.py')]), ['two']);
  const refused = await slow.commit('/app/', ['url /u.py', 'url /v.py']);
  assert.deepEqual(refused, [{ key: 'url /u.py', kind: 'drift', locked: await sha('two'), remote: await sha('one') }]);
  assert.deepEqual(Object.keys(await slow.entries('/app/')), [`${origin}/u.py`]);
  assert.deepEqual(await run(slow, [remote('/u.py'), remote('/v.py')]), ['two', 'v'], 'the next run takes what is locked');
  assert.equal(Object.keys(await slow.entries('/app/')).length, 2);
});

test('frozen: only what is locked, and no request for the rest', async () => {
  put('/u.py', 'u');
  put('/v.py', 'v');
  await run(visit(), [remote('/u.py'), remote('/packages.json', manifest)]);
  log = [];
  const needs = [remote('/u.py'), remote('/v.py'), remote('/packages.json', manifest), remote('/w/packages.json', manifest)];
  const missing = 'failed: it is not in the lockfile (frozen)';
  assert.deepEqual(said(await visit({ frozen: true }).supply(needs, '/app/')), ['u', missing, 'absent', missing]);
  assert.deepEqual(log, []);
  assert.deepEqual(said(await visit({ frozen: true, version: '2' }).supply([remote('/u.py')], '/app/')), [missing]);
  assert.deepEqual(said(await visit({ frozen: true }).supply([remote('/u.py')], '/other/')), [missing], 'another program');
});

test('frozen with a lockfile that came along: fetched, compared, stored', async () => {
  put('/u.py', 'u');
  const loader = visit({ frozen: true });
  assert.deepEqual(await loader.importEntries('/app/', { [`${origin}/u.py`]: { sha256: await sha('u'), bytes: 1 } }), []);
  assert.deepEqual(await run(loader, [remote('/u.py')]), ['u']);
  assert.equal((await store.readBlobs([await sha('u')])).size, 1);
  put('/v.py', 'evil');
  await loader.importEntries('/app/', { [`${origin}/v.py`]: { sha256: await sha('v'), bytes: 1 } });
  assert.deepEqual(await run(loader, [remote('/v.py')]), [`drift ${await sha('v')} ${await sha('evil')}`]);
});

test('offline: what is stored, and the rest is named; the root need not be known', async () => {
  put('/app/a.py', 'a');
  put('/app/packages.json', '{}');
  put('/u.py', 'u');
  const probes = [local('/app/packages.json', manifest), local('/packages.json', manifest)];
  const first = visit();
  await first.supply(probes, null);
  await first.supply([local('/app/a.py'), remote('/u.py')], '/app/');
  await first.commit('/app/', ['/app/packages.json', '/packages.json', '/app/a.py', 'url /u.py']);
  log = [];
  const second = visit({ offline: true });
  assert.deepEqual(said(await second.supply(probes, null)), ['{}', 'absent']);
  const missing = 'failed: it is not stored, and this run is offline';
  const needs = [local('/app/a.py'), remote('/u.py'), local('/app/b.py'), remote('/v.py')];
  assert.deepEqual(said(await second.supply(needs, '/app/')), ['a', 'u', missing, missing]);
  assert.deepEqual(said(await second.supply([local('/app/a.py')], '/other/')), [missing]);
  assert.deepEqual(log, []);
  assert.deepEqual(warnings, []);
});

test('a server that is down: last copies serve, and one warning says so; a 404 or a 500 is believed', async () => {
  put('/app/a.py', 'a');
  put('/app/b.py', 'b');
  const needs = [local('/app/a.py'), local('/app/b.py'), local('/app/packages.json', manifest)];
  await run(visit(), needs);
  up = false;
  const second = visit();
  assert.deepEqual(await run(second, needs), ['a', 'b', 'absent']);
  assert.deepEqual(warnings, ['the server could not be reached: local files are used as they were when this program last ran']);
  assert.match(said(await second.supply([local('/app/c.py')], '/app/'))[0] ?? '', /the request was blocked or the server/);
  up = true;
  put('/app/a.py', 'edited');
  put('/app/b.py', '', 500);
  assert.deepEqual(await run(second, needs), ['edited', 'failed: the server answered 500', 'absent'], 'asked again');
  files.delete('/app/a.py');
  assert.deepEqual(said(await visit().supply([local('/app/a.py')], '/app/')), ['absent']);
});

test('an edit of a local file shows on the next visit and after a reset', async () => {
  put('/app/a.py', 'one');
  const loader = visit();
  await run(loader, [local('/app/a.py')]);
  put('/app/a.py', 'two');
  assert.deepEqual(await run(loader, [local('/app/a.py')]), ['one']);
  assert.deepEqual(await run(visit(), [local('/app/a.py')]), ['two']);
  loader.reset();
  assert.deepEqual(await run(loader, [local('/app/a.py')]), ['two']);
});

test('a missing module is asked for again by the next run, a missing manifest is not', async () => {
  const loader = visit();
  const needs = [local('/app/a.py'), local('/app/packages.json', manifest), remote('/u.py'), remote('/packages.json', manifest)];
  assert.deepEqual(said(await loader.supply(needs, '/app/')), ['absent', 'absent', 'absent', 'absent']);
  for (const path of ['/app/a.py', '/app/packages.json', '/u.py', '/packages.json']) put(path, 'here');
  assert.deepEqual(said(await loader.supply(needs, '/app/')), ['here', 'absent', 'here', 'absent']);
});

test('a start page instead of a manifest counts as absent, and is a module where one was asked for', async () => {
  for (const [path, body] of [['/1/', '<!doctype html>'], ['/2/', '\ufeff \n\t<html>']]) {
    put(`${path}packages.json`, body ?? '');
    assert.deepEqual(await run(visit(), [remote(`${path}packages.json`, manifest)]), ['absent']);
    assert.deepEqual(said(await visit().supply([local(`${path}packages.json`, manifest)], null)), ['absent']);
    assert.deepEqual((await visit().entries('/app/'))[`${origin}${path}packages.json`], { absent: true });
  }
  put('/page.py', '<!doctype html>');
  assert.deepEqual(await run(visit(), [remote('/page.py')]), ['<!doctype html>']);
  put('/3/packages.json', '{"<": 1}');
  assert.deepEqual(await run(visit(), [remote('/3/packages.json', manifest)]), ['{"<": 1}']);
});

test('bytes against the source\'s own digest are handed on and never locked', async () => {
  put('/u.py', 'bad');
  const needs = [remote('/u.py', { integrity: await sha('good') })];
  const loader = visit();
  assert.deepEqual(await run(loader, needs), ['bad']);
  assert.deepEqual(await loader.entries('/app/'), {});
  put('/u.py', 'good');
  assert.deepEqual(await run(loader, needs), ['good'], 'asked again');
  assert.equal(Object.keys(await loader.entries('/app/')).length, 1);
});

test('a file that was cut off is handed on and never locked', async () => {
  put('/u.py', 'x'.repeat(5000));
  put('/app/a.py', 'x'.repeat(5000));
  const loader = visit();
  const needs = [remote('/u.py'), local('/app/a.py')];
  const lengths = (await run(loader, needs)).map((text) => text.length);
  assert.deepEqual([lengths, await store.readProgram(`${origin}/app/`)], [[1001, 1001], { modules: {}, locals: {} }]);
});

test('integrity: false fetches once a worker, and locks and stores nothing', async () => {
  put('/u.py', 'u');
  put('/app/a.py', 'a');
  const loader = visit({ integrity: false });
  const needs = [remote('/u.py'), local('/app/a.py')];
  for (let i = 0; i < 2; i += 1) assert.deepEqual(await run(loader, needs), ['u', 'a']);
  assert.deepEqual(log.sort(), ['/app/a.py', '/u.py']);
  assert.deepEqual(await store.readProgram(`${origin}/app/`), { modules: {}, locals: {} });
  assert.equal(loader.integrityActive, false);
});

test('an engine that lies about local addresses reaches no other origin', async () => {
  /** @type {string[]} */
  const asked = [];
  const loader = visit({ fetcher: { fetchBytes: async (url) => {
    asked.push(url);
    return { kind: 'absent' };
  } } });
  for (const location of ['@evil.test/x', '.evil.test/x', ':1/x', 'https://evil.test/x', '']) {
    assert.deepEqual(said(await loader.supply([local(location)], '/app/')), ['failed: this is not a local address']);
  }
  assert.deepEqual(asked, []);
  await loader.supply([local('//evil.test/x'), local('/\\evil.test/x')], '/app/');
  assert.deepEqual(asked, [`${origin}//evil.test/x`, `${origin}/\\evil.test/x`]);
});

test('a host need is not the loader\'s', async () => {
  assert.deepEqual(await visit().supply([remote('/dom.js', { kind: 'host' })], '/app/'), []);
});

test('import merges; what contradicts is listed and replaced only on demand', async () => {
  put('/u.py', 'u');
  const loader = visit();
  await run(loader, [remote('/u.py')]);
  const entry = { sha256: await sha('new'), bytes: 3 };
  const imported = { [`${origin}/u.py`]: entry, [`${origin}/v.py`]: entry };
  const contradictions = [{ spec: `${origin}/u.py`, old: await sha('u'), new: await sha('new') }];
  assert.deepEqual(await loader.importEntries('/app/', imported), contradictions);
  assert.deepEqual(Object.keys(await loader.entries('/app/')), [`${origin}/u.py`]);
  put('/u.py', 'new');
  assert.deepEqual(await run(loader, [remote('/u.py')]), ['u']);
  assert.deepEqual(await loader.importEntries('/app/', imported, { replace: true }), contradictions);
  assert.deepEqual(await loader.entries('/app/'), imported);
  assert.deepEqual(await run(loader, [remote('/u.py')]), ['new'], 'memory follows the lock');
  for (const bad of [{ 'no url': entry }, { [`${origin}/w`]: { sha256: 'x', bytes: 1 } }, { [`${origin}/w`]: null }]) {
    await assert.rejects(loader.importEntries('/app/', /** @type {any} */ (bad)), /the lockfile has a bad entry for/);
  }
});

test('update locks what the URLs are now: all or none', async () => {
  for (const name of ['u', 'v', 'w']) put(`/${name}.py`, name);
  const loader = visit();
  const needs = [remote('/u.py'), remote('/v.py'), remote('/w.py'), remote('/packages.json', manifest)];
  await run(loader, needs);
  const before = await loader.entries('/app/');
  put('/u.py', 'u2');
  put('/packages.json', '{}');
  put('/w.py', 'w', 500);
  assert.deepEqual(await loader.update('/app/'), {
    ok: false, failures: [{ spec: `${origin}/w.py`, reason: 'the server answered 500', hint: null }],
  });
  assert.deepEqual(await loader.entries('/app/'), before);
  assert.deepEqual(await run(loader, needs), ['u', 'v', 'w', 'absent']);
  put('/w.py', 'w');
  assert.deepEqual(await loader.update('/app/'), { ok: true, changes: [
    { spec: `${origin}/packages.json`, old: null, new: await sha('{}') },
    { spec: `${origin}/u.py`, old: await sha('u'), new: await sha('u2') },
  ] });
  assert.deepEqual(await run(loader, needs), ['u2', 'v', 'w', '{}']);
  assert.deepEqual(await loader.update('/app/'), { ok: true, changes: [] });
  files.delete('/v.py');
  files.delete('/packages.json');
  const gone = await loader.update('/app/', [`${origin}/v.py`, `${origin}/x.py`]);
  assert.deepEqual(!gone.ok && gone.failures.map((failure) => failure.reason), [
    'it is not in the lockfile', 'the server no longer has it',
  ]);
  assert.deepEqual(await loader.update('/app/', [`${origin}/packages.json`]), {
    ok: true, changes: [{ spec: `${origin}/packages.json`, old: await sha('{}'), new: null }],
  });
  assert.equal((await visit({ offline: true }).update('/app/')).ok, false);
});

test('clear removes the program and its bytes, and asks for everything again', async () => {
  put('/u.py', 'u');
  const loader = visit();
  await run(loader, [remote('/u.py')]);
  await loader.clear('/app/');
  assert.deepEqual(await loader.entries('/app/'), {});
  put('/u.py', 'new');
  assert.deepEqual(await run(loader, [remote('/u.py')]), ['new']);
});

test('an answer that a reset overtakes is handed on and not remembered', async () => {
  put('/app/a.py', 'one');
  put('/u.py', 'one');
  const loader = visit();
  const needs = [local('/app/a.py'), remote('/u.py')];
  const first = loader.supply(needs, '/app/');
  loader.reset();
  assert.deepEqual(said(await first), ['one', 'one']);
  put('/app/a.py', 'two');
  put('/u.py', 'two');
  assert.deepEqual(said(await loader.supply(needs, '/app/')), ['two', 'two']);
});
