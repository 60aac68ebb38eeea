// @ts-check
/**
 * The service worker of pages that asked to work offline (`offline.js`).
 *
 * Takes: what the build says of its files, in the place of `__BUILD__`; in its own address `edge`, the folder with `edge-python.js`,
 * where that is not its own folder.
 * Gives: the build's files from a cache of their own, filled before it serves anything, each checked against its digest; the page's
 * files from the network, and without one as they were last.
 * Refuses: to be installed where a file is missing or not this build's. It keeps no error and no answer that it may not read,
 * and leaves all other requests alone.
 *
 * A page is never served files of two builds: they come from one cache, and the next build waits until the pages are gone.
 */

/** @typedef {{ id: string, page: Record<string, string>, snapshot: Record<string, string>, plain: Record<string, string>, demo: Record<string, string> }} Build */
/** @type {Build} */
// @ts-expect-error: the build's
const BUILD = __BUILD__;

const worker = /** @type {any} */ (globalThis);
const scope = /** @type {string} */ (worker.registration.scope);
const root = new URL(new URL(worker.location.href).searchParams.get('edge') ?? './', worker.location.href).href;
const PREFIX = `edge-python ${scope} `;
const OURS = `${PREFIX}${BUILD.id}`;
const THEIRS = `${PREFIX}page`;

/** So long a page waits for a newer build to take over. It is a matter of a second; once it was asked to, nothing calls it back. */
const PATIENCE_MS = 30_000;
/**
 * Takes a page's place until the newer build has taken over. It asks for nothing meanwhile, not even an icon: a request to this worker in
 * that moment would start it anew, and Chromium would then wait for long. Where another page is open, it is loaded from this build.
 */
const HANDOVER = `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title></title><p role="status"></p><script type="module">
const { serviceWorker } = navigator;
const again = () => location.reload();
const stay = () => serviceWorker.controller?.postMessage({ type: 'edge-python:stay' });
setTimeout(() => { document.querySelector('p').textContent = 'A newer version is put in place …'; }, 2_000);
setTimeout(stay, ${PATIENCE_MS});
serviceWorker.addEventListener('controllerchange', again);
serviceWorker.addEventListener('message', ({ data }) => {
  if (data?.type === 'edge-python:later') stay();
  if (data?.type === 'edge-python:stays') again();
});
serviceWorker.startMessages();
const { waiting } = await serviceWorker.getRegistration();
if (waiting) waiting.postMessage({ type: 'edge-python:renew' });
else again();
</script>`;
const HANDOVER_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  // Inside of a page that wants these of its frames.
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** What this browser starts from, by address; digests. */
const FILES = new Map(Object.entries({
  ...BUILD.page,
  ...('Suspending' in WebAssembly && Object.keys(BUILD.snapshot).length > 0 ? BUILD.snapshot : BUILD.plain),
  ...(scope === `${root}demo/` ? BUILD.demo : {}),
}).map(([path, digest]) => [root + path, digest]));

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || request.headers.has('Range')) return;
  const file = fileOf(url);
  if (FILES.has(file)) event.respondWith(own(request, file));
  else if (inScope(url)) event.respondWith(theirs(request));
});
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { type, files, seen } = event.data ?? {};
  if (type === 'edge-python:renew') event.waitUntil(renew(event.source));
  if (type === 'edge-python:stay') {
    stays = true;
    event.source.postMessage({ type: 'edge-python:stays' });
  }
  if (type !== 'edge-python:keep') return;
  const [port] = event.ports;
  event.waitUntil(keep(files, seen).then(() => port.postMessage({ error: null }), (error) => port.postMessage({ error: error.message })));
});

async function install() {
  const cache = await caches.open(OURS);
  // What an earlier try got is not asked for again.
  const there = new Set((await cache.keys()).map(({ url }) => url));
  try {
    await Promise.all([...FILES].filter(([url]) => !there.has(url)).map(async ([url, digest]) => {
      const cached = url.startsWith(`${root}${BUILD.id}/`) ? 'default' : 'no-cache';
      const response = await fetch(url, { integrity: `sha256-${digest}`, cache: cached, mode: 'cors', credentials: 'same-origin' });
      if (!response.ok) throw new Error(`the server answered ${response.status} for ${url}`);
      await cache.put(url, response);
    }));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    for (const client of await worker.clients.matchAll({ includeUncontrolled: true })) client.postMessage({ type: 'edge-python:failed', text });
    throw error;
  }
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== OURS && name !== THEIRS).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {Request} request @param {string} file */
async function own(request, file) {
  if (request.mode === 'navigate' && (await renews())) return handover();
  const kept = await (await caches.open(OURS)).match(file);
  return kept === undefined ? fetch(request) : anew(kept);
}

/** @param {Request} request */
async function theirs(request) {
  const pages = await caches.open(THEIRS);
  const navigates = request.mode === 'navigate';
  // What is not kept may be a file to save, in whose place no page belongs.
  if (navigates && (await pages.match(request.url, { ignoreSearch: true })) && (await renews())) return handover();
  try {
    const response = await fetch(request);
    if (isGood(response) && (await pages.match(request.url))) await pages.put(request.url, response.clone());
    return response;
  } catch (error) {
    const kept = (await pages.match(request.url)) ?? (navigates ? await pages.match(request.url, { ignoreSearch: true }) : undefined);
    if (kept !== undefined) return anew(kept);
    // All files of the demo are known, so this one is not there: a manifest that a program may have.
    if (request.url.startsWith(`${root}demo/`)) return new Response(null, { status: 404 });
    throw error;
  }
}

/** The next page is loaded from this build, whatever waits. */
let stays = false;

/** Whether a newer build may be to take over now: it has come, and there is no more than one page. It looks again itself. */
async function renews() {
  if (stays) return (stays = false);
  return worker.registration.waiting !== null && (await worker.clients.matchAll()).length <= 1;
}

const handover = () => new Response(HANDOVER, { headers: HANDOVER_HEADERS });

/**
 * The newer build takes over, where the page that asks is the only one. A page is no client while it is loaded, so the older worker could not
 * tell one that is loaded anew from a second one.
 * @param {any} asker
 */
async function renew(asker) {
  for (let tries = 3; ; tries -= 1) {
    const all = await worker.clients.matchAll({ includeUncontrolled: true });
    const others = all.filter((/** @type {any} */ { id, url }) => id !== asker.id && url.startsWith(scope));
    if (others.length === 0) return worker.skipWaiting();
    if (tries === 1) return asker.postMessage({ type: 'edge-python:later' });
    await new Promise((done) => setTimeout(done, 100)); // the page that was there may not have gone yet
  }
}

/** @param {string[]} files  that must be there @param {string[]} seen  what the page has loaded */
async function keep(files, seen) {
  const pages = await caches.open(THEIRS);
  const must = new Set(files);
  await Promise.all([...new Set([...files, ...seen])].map(async (url) => {
    if (FILES.has(fileOf(new URL(url)))) return;
    if (!inScope(new URL(url))) {
      if (must.has(url)) throw new Error(`${url} is not below ${scope}`);
      return;
    }
    const response = await fetch(url, { cache: 'no-cache' }).catch(() => null);
    if (response !== null && isGood(response)) await pages.put(url, response);
    else if (must.has(url)) throw new Error(`${url} could not be fetched`);
  }));
}

/** @param {Response} response */
const isGood = (response) => response.status === 200 && response.type === 'basic';

/** @param {URL} url */
const inScope = (url) => url.href.startsWith(scope);

/** The file that an address stands for. @param {URL} url */
const fileOf = (url) => `${url.origin}${url.pathname}`.replace(/\/$/, '/index.html');

/** With the address of the request: a module reads its own. @param {Response} kept */
const anew = (kept) => new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers: kept.headers });
