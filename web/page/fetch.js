// @ts-check
/**
 * Fetching one file of a program.
 *
 * Takes: an http: or https: address, and whether it is a local file of the program or a URL module.
 * Gives: the bytes with the final address, or that the file is not there, or why it cannot be had, as data. A `reason`
 * completes the sentence "cannot load module '<spec>': …"; a `hint` is a next step.
 * Refuses: other schemes, names and passwords in addresses, origins outside `importOrigins` (before and after
 * redirects), and more than `maxBytes` (`maxNativeBytes` of what begins as WebAssembly does): reading stops one byte later,
 * so that the linker can say how large it is.
 *
 * A URL module is asked for with neither credentials nor referrer. A local file is revalidated, so that its author's
 * edit shows at once.
 *
 * The specification allows 5 redirects. A browser follows up to 20 by itself and cannot tell how many there were
 * (`redirect: 'manual'` hides where they lead), so here the limit is the browser's.
 */

/**
 * `network`: no answer came at all or not all of it, so that a stored copy may serve. `cut`: there was more.
 * @typedef {{ kind: 'bytes', bytes: Uint8Array, url: string | null, cut: boolean }
 *   | { kind: 'absent' }
 *   | { kind: 'failed', reason: string, hint: string | null, network: boolean }} Fetched
 */

/** @typedef {{ local?: boolean, signal?: AbortSignal | undefined, cache?: RequestCache }} FetchOptions */
/** @typedef {{ fetchBytes: (url: string, options?: FetchOptions) => Promise<Fetched> }} Fetcher */

/**
 * More requests than this at once gain nothing, and a browser fails beyond some thousands; nor may the wait in the
 * browser's own queue eat up a file's 30 s.
 */
const PARALLEL = 256;

/**
 * @param {string} reason
 * @param {string | null} [hint]
 * @param {boolean} [network]
 * @returns {Fetched & { kind: 'failed' }}
 */
const failed = (reason, hint = null, network = false) => ({ kind: 'failed', reason, hint, network });

export const STOPPED = Object.freeze(failed('the run was stopped'));

/**
 * @param {string} entry one of the page author's `import-origins`
 * @returns {string}
 * @throws {TypeError} where it is no origin: the page's author has to know
 */
function originOf(entry) {
  const url = URL.canParse(entry) ? new URL(entry) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`import-origins: '${entry}' is no origin; write it like 'https://cdn.example.com'`);
  }
  return url.origin;
}

/** @param {string} url @returns {URL | null} */
function parsed(url) {
  if (!URL.canParse(url)) return null;
  const address = new URL(url);
  address.hash = '';
  return address;
}

/** @param {URL} url Browsers let a secure page load from its own machine without TLS. */
const isLoopback = (url) => /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);

/** @param {Uint8Array | undefined} chunk the first one */
const isWasm = (chunk) => chunk !== undefined && chunk[0] === 0 && chunk[1] === 0x61 && chunk[2] === 0x73 && chunk[3] === 0x6d;

/**
 * @param {ReadableStream<Uint8Array> | null} body
 * @param {number} maxBytes
 * @param {number} maxNativeBytes
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<{ bytes: Uint8Array, cut: boolean }>}
 */
async function read(body, maxBytes, maxNativeBytes, onBytes) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  let limit = maxBytes;
  const reader = body?.getReader();
  while (reader !== undefined && length <= limit) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    onBytes(value.length);
    if (isWasm(chunks[0])) limit = maxNativeBytes;
  }
  const cut = length > limit;
  if (cut) reader?.cancel().catch(() => {}); // the rest of it is of no interest, and neither is how that ends
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined && !cut) return { bytes: first, cut };
  const bytes = new Uint8Array(cut ? limit + 1 : length);
  let at = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(0, bytes.length - at);
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, cut };
}

/**
 * @param {object} options
 * @param {string} options.origin  of the page
 * @param {string[] | null} [options.importOrigins]  where a program may import from besides its own origin; null: anywhere
 * @param {number} [options.timeoutMs]  for one file, its last byte included
 * @param {number} [options.maxBytes]
 * @param {number} [options.maxNativeBytes]
 * @param {number} [options.parallel]
 * @param {(what: 'asked' | 'came' | 'bytes', count: number) => void} [options.onTraffic]  files asked for, those that came (or did
 *   not, for good), and bytes, as they come
 * @param {typeof globalThis.fetch} [options.request]  stands in for `fetch` in tests
 * @returns {Fetcher}
 */
export function createFetcher({
  origin,
  importOrigins = null,
  timeoutMs = 30_000,
  maxBytes = 1024 * 1024,
  maxNativeBytes = 16 * 1024 * 1024,
  parallel = PARALLEL,
  onTraffic = () => {},
  request = (input, init) => globalThis.fetch(input, init),
}) {
  const allowed = importOrigins === null ? null : new Set([origin, ...importOrigins.map(originOf)]);
  let running = 0;
  /** @type {(() => void)[]} */
  const queue = [];

  /** @param {URL} url @returns {string | null} why nothing is fetched from there */
  function refusal(url) {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return `only http: and https: addresses are fetched, not '${url.protocol}'`;
    }
    if (url.username !== '' || url.password !== '') return 'its address holds a user name or a password';
    if (allowed !== null && !allowed.has(url.origin)) {
      return `imports from '${url.origin}' are not allowed here (import-origins)`;
    }
    return null;
  }

  /** @param {URL} url @returns {string | null} */
  function blockedHint(url) {
    if (url.protocol === 'http:' && origin.startsWith('https:') && !isLoopback(url)) {
      return `a page on https: cannot load from http:; try 'https:${url.href.slice('http:'.length)}'`;
    }
    if (url.origin !== origin) {
      return `'${url.origin}' is another origin, so its server has to send the header 'Access-Control-Allow-Origin: *'`;
    }
    return null;
  }

  /**
   * @param {URL} address
   * @param {boolean} local
   * @param {RequestCache} cache
   * @param {AbortSignal} signal
   * @returns {Promise<Fetched>}
   */
  async function exchange(address, local, cache, signal) {
    /** @type {Response} */
    let response;
    try {
      response = await request(address.href, {
        cache, signal, referrerPolicy: 'no-referrer', credentials: local ? 'same-origin' : 'omit',
      });
    } catch {
      // A browser says no more than this to a page, on purpose: a refused CORS request looks like a dead server.
      return failed('the request was blocked or the server could not be reached', blockedHint(address), true);
    }
    const discard = () => void response.body?.cancel().catch(() => {});
    const final = response.redirected ? parsed(response.url) : address;
    const refused = final === null ? 'it was redirected to an address that cannot be read' : refusal(final);
    if (refused !== null) {
      discard();
      return failed(refused, `'${address.href}' redirects to '${response.url}'`);
    }
    if (!response.ok) {
      discard();
      if (response.status === 404 || response.status === 410) return { kind: 'absent' };
      return failed(`the server answered ${response.status}`);
    }
    try {
      const { bytes, cut } = await read(response.body, maxBytes, maxNativeBytes, (count) => onTraffic('bytes', count));
      return { kind: 'bytes', bytes, cut, url: final === null || final.href === address.href ? null : final.href };
    } catch {
      return failed('the connection broke before the end of the file', null, true);
    }
  }

  /** @type {Fetcher['fetchBytes']} */
  async function fetchBytes(url, { local = false, signal, cache = local ? 'no-cache' : 'default' } = {}) {
    const address = parsed(url);
    const refused = address === null ? 'this is not a valid address' : refusal(address);
    if (address === null || refused !== null) return failed(/** @type {string} */ (refused));
    onTraffic('asked', 1);
    // Whoever leaves hands its place to the next one in the queue, so `running` counts places, not requests.
    if (running >= parallel) await new Promise((resolve) => queue.push(() => resolve(undefined)));
    else running += 1;
    const control = new AbortController();
    const stop = () => control.abort();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, timeoutMs);
    signal?.addEventListener('abort', stop);
    try {
      if (signal?.aborted) return STOPPED;
      const result = await exchange(address, local, cache, control.signal);
      // An answer that was whole before the time ran out is an answer.
      if (result.kind === 'bytes' || !control.signal.aborted) return result;
      return late ? failed(`no answer within ${timeoutMs / 1000} s`, null, true) : STOPPED;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      onTraffic('came', 1);
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return { fetchBytes };
}
