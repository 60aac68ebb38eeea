// @ts-check
/** Fetching, against real servers on loopback: every answer, every failure, and the sentence that each becomes. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { createFetcher } from '../../web/page/fetch.js';

/** @type {import('node:http').IncomingMessage[]} */
const requests = [];

/** @type {Record<string, (response: import('node:http').ServerResponse) => void>} */
const answers = {
  '/u.py': (r) => r.end('x = 1\n'),
  '/empty.py': (r) => r.writeHead(204).end(),
  '/500.py': (r) => r.writeHead(500).end('oops'),
  '/403.py': (r) => r.writeHead(403).end(),
  '/gone.py': (r) => r.writeHead(410).end(),
  '/moved.py': (r) => r.writeHead(302, { location: '/sub/u.py#part' }).end(),
  '/sub/u.py': (r) => r.end('x = 2\n'),
  '/loop.py': (r) => r.writeHead(302, { location: '/loop.py' }).end(),
  '/away.py': (r) => r.writeHead(302, { location: `${other}/u.py` }).end(),
  '/data.py': (r) => r.writeHead(302, { location: 'data:text/plain,x' }).end(),
  '/silent.py': () => {},
  '/slow.py': (r) => void r.writeHead(200, { 'content-length': '10' }).write('abc'),
  '/broken.py': (r) => {
    r.writeHead(200, { 'content-length': '10' });
    r.write('abc', () => r.destroy());
  },
  '/large.py': (r) => {
    // Endless: only a reader that stops ever finishes.
    const more = () => {
      while (!r.destroyed && r.write(Buffer.alloc(10_000, 'x'))) { /* until the other side is full */ }
    };
    r.on('drain', more);
    r.on('close', () => void (cutOff += 1));
    more();
  },
};
let cutOff = 0;

const serve = () => new Promise((/** @type {(server: import('node:http').Server) => void} */ resolve) => {
  const server = createServer((request, response) => {
    requests.push(request);
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end('not here');
    else answer(response);
  });
  server.listen(0, '127.0.0.1', () => resolve(server));
});
const servers = [await serve(), await serve()];
const [origin = '', other = ''] = servers.map((server) => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}`;
});
after(() => servers.forEach((server) => {
  server.closeAllConnections();
  server.close();
}));

const { fetchBytes } = createFetcher({ origin });
/** @param {string} reason @param {string | null} [hint] @param {boolean} [network] */
const failed = (reason, hint = null, network = false) => ({ kind: 'failed', reason, hint, network });
/** @param {string} text */
const bytes = (text) => new Uint8Array(Buffer.from(text));

test('bytes, with the final address only where a redirect led elsewhere', async () => {
  const got = { kind: 'bytes', bytes: bytes('x = 1\n'), url: null, cut: false };
  assert.deepEqual(await fetchBytes(`${origin}/u.py`), got);
  assert.deepEqual(await fetchBytes(`${origin}/u.py#sha256-00`), got);
  assert.deepEqual(await fetchBytes(`${origin}/empty.py`), { ...got, bytes: bytes('') });
  assert.deepEqual(await fetchBytes(`${origin}/moved.py`), { ...got, bytes: bytes('x = 2\n'), url: `${origin}/sub/u.py` });
});

test('404 and 410 are absent, every other refusal names its status', async () => {
  assert.deepEqual(await fetchBytes(`${origin}/nothing.py`), { kind: 'absent' });
  assert.deepEqual(await fetchBytes(`${origin}/gone.py`), { kind: 'absent' });
  assert.deepEqual(await fetchBytes(`${origin}/500.py`), failed('the server answered 500'));
  assert.deepEqual(await fetchBytes(`${origin}/403.py`), failed('the server answered 403'));
});

test('time runs out, before the answer and inside the body', async () => {
  const quick = createFetcher({ origin, timeoutMs: 200 });
  const late = failed('no answer within 0.2 s', null, true);
  assert.deepEqual(await quick.fetchBytes(`${origin}/silent.py`), late);
  assert.deepEqual(await quick.fetchBytes(`${origin}/slow.py`), late);
});

test('a body that ends early', async () => {
  const broken = failed('the connection broke before the end of the file', null, true);
  assert.deepEqual(await fetchBytes(`${origin}/broken.py`), broken);
});

test('nobody there, a loop of redirects, a redirect to another scheme', async () => {
  const reason = 'the request was blocked or the server could not be reached';
  const [server, closed] = [await serve(), () => new Promise((resolve) => server.close(resolve))];
  const dead = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  await closed();
  const cors = `'${dead}' is another origin, so its server has to send the header 'Access-Control-Allow-Origin: *'`;
  assert.deepEqual(await fetchBytes(`${dead}/u.py`), failed(reason, cors, true));
  assert.deepEqual(await createFetcher({ origin: dead }).fetchBytes(`${dead}/u.py`), failed(reason, null, true));
  assert.deepEqual(await fetchBytes(`${origin}/loop.py`), failed(reason, null, true));
  assert.deepEqual(await fetchBytes(`${origin}/data.py`), failed(reason, null, true));
});

test('http: from a page on https: gets a hint, except to the page\'s own machine', async () => {
  const secure = createFetcher({ origin: 'https://x.test', request: () => Promise.reject(new TypeError()) });
  /** @param {string} url */
  const hint = async (url) => /** @type {{ hint: string }} */ (/** @type {unknown} */ (await secure.fetchBytes(url))).hint;
  const mixed = 'a page on https: cannot load from http:; try \'https://y.test/u.py?v=1\'';
  assert.equal(await hint('http://y.test/u.py?v=1'), mixed);
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'a.localhost']) {
    assert.match(await hint(`http://${host}/u.py`), /Access-Control-Allow-Origin/);
  }
  assert.equal(await hint('https://x.test/u.py'), null);
});

test('a file that is too large is read one byte beyond the limit and let go', async () => {
  const small = createFetcher({ origin, maxBytes: 25_000 });
  const got = /** @type {any} */ (await small.fetchBytes(`${origin}/large.py`));
  assert.deepEqual([got.kind, got.bytes.length, got.cut], ['bytes', 25_001, true]);
  const exact = createFetcher({ origin, maxBytes: 6 });
  assert.deepEqual(await exact.fetchBytes(`${origin}/u.py`), { kind: 'bytes', bytes: bytes('x = 1\n'), url: null, cut: false });
  const under = createFetcher({ origin, maxBytes: 5 });
  assert.deepEqual(await under.fetchBytes(`${origin}/u.py`), { kind: 'bytes', bytes: bytes('x = 1\n'), url: null, cut: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(cutOff, 1, 'the endless answer was cancelled');
});

test('what is never asked for', async () => {
  requests.length = 0;
  assert.deepEqual(await fetchBytes('no address'), failed('this is not a valid address'));
  for (const scheme of ['data:', 'blob:', 'file:', 'ftp:', 'javascript:']) {
    const expected = failed(`only http: and https: addresses are fetched, not '${scheme}'`);
    assert.deepEqual(await fetchBytes(`${scheme}//x/u.py`), expected);
  }
  const named = origin.replace('//', '//me:secret@');
  assert.deepEqual(await fetchBytes(`${named}/u.py`), failed('its address holds a user name or a password'));
  assert.equal(requests.length, 0);
});

test('import-origins hold before and after redirects; the page\'s own origin is always allowed', async () => {
  const open = createFetcher({ origin, importOrigins: [`${other}/`] });
  assert.equal((await open.fetchBytes(`${origin}/away.py`)).kind, 'bytes');
  const narrow = createFetcher({ origin, importOrigins: [] });
  assert.equal((await narrow.fetchBytes(`${origin}/moved.py`)).kind, 'bytes');
  const reason = `imports from '${other}' are not allowed here (import-origins)`;
  requests.length = 0;
  assert.deepEqual(await narrow.fetchBytes(`${other}/u.py`), failed(reason));
  assert.equal(requests.length, 0);
  const redirected = failed(reason, `'${origin}/away.py' redirects to '${other}/u.py'`);
  assert.deepEqual(await narrow.fetchBytes(`${origin}/away.py`), redirected);
  assert.deepEqual(await narrow.fetchBytes(`${origin}/away.py`, { local: true }), redirected);
  assert.throws(() => createFetcher({ origin, importOrigins: ['cdn.test'] }), /import-origins: 'cdn.test' is no origin/);
  assert.throws(() => createFetcher({ origin, importOrigins: ['data:x'] }), TypeError);
});

test('credentials, referrer and cache, for URL modules and for local files', async () => {
  /** @type {RequestInit[]} */
  const seen = [];
  const spy = createFetcher({ origin, request: async (_, init) => {
    seen.push(init ?? {});
    return new Response('x');
  } });
  await spy.fetchBytes(`${origin}/u.py`);
  await spy.fetchBytes(`${origin}/u.py`, { local: true });
  await spy.fetchBytes(`${origin}/u.py`, { cache: 'no-store' });
  assert.deepEqual(seen.map(({ credentials, referrerPolicy, cache }) => [credentials, referrerPolicy, cache]), [
    ['omit', 'no-referrer', 'default'], ['same-origin', 'no-referrer', 'no-cache'], ['omit', 'no-referrer', 'no-store'],
  ]);
});

test('stopping, while asking and while waiting for a place', async () => {
  const one = createFetcher({ origin, parallel: 1 });
  const control = new AbortController();
  const first = one.fetchBytes(`${origin}/silent.py`, { signal: control.signal });
  const second = one.fetchBytes(`${origin}/u.py`, { signal: control.signal });
  const third = one.fetchBytes(`${origin}/u.py`);
  setTimeout(() => control.abort(), 50);
  assert.deepEqual([await first, await second], [failed('the run was stopped'), failed('the run was stopped')]);
  assert.equal((await third).kind, 'bytes');
  assert.equal((await one.fetchBytes(`${origin}/u.py`)).kind, 'bytes', 'every place was given back');
});

test('at most so many requests at once, all of them answered', async () => {
  let [now, most] = [0, 0];
  const few = createFetcher({ origin, parallel: 3, request: async () => {
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setTimeout(resolve, 2));
    now -= 1;
    return new Response('x');
  } });
  const all = await Promise.all(Array.from({ length: 50 }, () => few.fetchBytes(`${origin}/u.py`)));
  assert.deepEqual([all.length, most], [50, 3]);
});
