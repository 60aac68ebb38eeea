// @ts-check
/**
 * Requests: one question, one answer.
 *
 * Takes: an address, and options that are checked here. Gives: the whole answer, read as text or bytes.
 * Refuses: what `fetch` would drop in silence (a header that browsers keep for themselves, a body of GET), and answers
 * that did not arrive whole. A failure is an OSError; after its time it is a TimeoutError, which is one.
 *
 * Credentials are left out unless the program asks for them: cookies are the reader's, not the program's.
 */
import { PythonError } from '../registry.js';
import { addressOf, checkTimeout, oneOf, unreachable } from './common.js';

const CREDENTIALS = ['omit', 'same-origin', 'include'];
const REDIRECT = ['follow', 'error'];
const CACHE = ['default', 'no-store', 'reload', 'no-cache', 'force-cache'];
const READ = ['text', 'bytes'];

/** @param {Response} response @returns {Promise<string>} */
const text = (response) => response.text();
/** @param {Response} response */
const bytes = async (response) => new Uint8Array(await response.arrayBuffer());

/**
 * @typedef {object} Options  as the registry has checked them
 * @property {string} method
 * @property {Record<string, string>} headers
 * @property {string | Uint8Array<ArrayBuffer> | null} body
 * @property {number | null} timeout
 * @property {any} credentials
 * @property {any} redirect
 * @property {any} cache
 * @property {number | null} id
 */

/**
 * @param {() => AbortSignal} signalOf  of the call that is just beginning: aborted when nobody waits for its answer any more
 * @param {ReturnType<typeof import('./common.js').watchPolicy>} policy
 */
export function createRequests(signalOf, policy) {
  /** @type {Map<number, AbortController>} by the id that the program chose */
  const flying = new Map();

  /**
   * @template T
   * @param {string} url
   * @param {Options} options
   * @param {(response: Response) => Promise<T>} read
   * @returns {Promise<{ response: Response, body: T, address: URL }>}
   */
  async function exchange(url, options, read) {
    const { id, timeout } = options;
    const address = addressOf(url);
    checkTimeout(timeout);
    const request = requestOf(address, options);
    if (id !== null && flying.has(id)) {
      throw new PythonError('ValueError', `a request with the id ${id} is under way; give each its own, or abort_request(${id}) first`);
    }
    const control = new AbortController();
    if (id !== null) flying.set(id, control);
    const late = timeout === null ? null : AbortSignal.timeout(Math.ceil(timeout * 1000));
    const end = AbortSignal.any([signalOf(), control.signal, ...(late === null ? [] : [late])]);
    let answered = false;
    try {
      const response = await fetch(request, { signal: end });
      answered = true;
      return { response, body: await read(response), address };
    } catch {
      if (end.aborted) {
        if (end.reason === late?.reason && late?.aborted) {
          throw new PythonError('TimeoutError', `${request.method} '${address.href}' took longer than ${timeout} s`);
        }
        throw new PythonError('ConnectionAbortedError', `${request.method} '${address.href}' was aborted`);
      }
      if (answered) {
        throw new PythonError('OSError', `the connection to '${address.href}' broke before the end of its answer; ask again`);
      }
      if (options.redirect === 'error') {
        throw new PythonError('OSError', `${(await unreachable(address, policy)).message}, or it redirects, which 'redirect': 'error' refuses`);
      }
      throw await unreachable(address, policy);
    } finally {
      if (id !== null) flying.delete(id);
    }
  }

  /**
   * @template T
   * @param {string} url
   * @param {Options} options
   * @param {(response: Response) => Promise<T>} read
   */
  async function good(url, options, read) {
    const { response, body, address } = await exchange(url, options, async (answer) => {
      if (answer.ok) return read(answer);
      await answer.body?.cancel(); // nobody reads it
      return null;
    });
    if (response.ok) return { body: /** @type {T} */ (body), address };
    const said = `${response.status} ${response.statusText}`.trim();
    throw new PythonError('OSError', `${options.method.toUpperCase()} '${address.href}' was answered with ${said}; use fetch() to read such an answer`);
  }

  return {
    /** @param {string} url @param {Options & { read: string }} options */
    async fetch(url, { read, ...options }) {
      oneOf('read', read, READ);
      const { response, body } = await exchange(url, options, /** @type {(response: Response) => Promise<string | Uint8Array>} */ (
        read === 'text' ? text : bytes));
      const { status, ok, headers } = response;
      return { status, ok, url: response.url, headers: Object.fromEntries(headers), [read]: body };
    },
    /** @param {string} url @param {Options} options */
    text: async (url, options) => (await good(url, options, text)).body,
    /** @param {string} url @param {Options} options */
    bytes: async (url, options) => (await good(url, options, bytes)).body,
    /** @param {string} url @param {Options} options */
    async json(url, options) {
      const { body, address } = await good(url, options, text);
      return parseJson(body, address);
    },
    /** @param {number} id */
    abort(id) {
      const control = flying.get(id);
      control?.abort();
      return control !== undefined;
    },
  };
}

/**
 * @param {URL} address
 * @param {Options} options
 */
function requestOf(address, { method, headers, body, credentials, redirect, cache }) {
  oneOf('credentials', credentials, CREDENTIALS);
  oneOf('redirect', redirect, REDIRECT);
  oneOf('cache', cache, CACHE);
  const verb = method.toUpperCase(); // browsers do so for some verbs, and not for PATCH
  if (body !== null && (verb === 'GET' || verb === 'HEAD')) {
    throw new PythonError('ValueError', `a ${verb} request has no body; choose another 'method', such as 'POST'`);
  }
  let request;
  try {
    request = new Request(address, { method: verb, headers, body, credentials, redirect, cache });
  } catch (error) {
    throw new PythonError('ValueError', `the browser refuses this request: ${/** @type {Error} */ (error).message}`);
  }
  for (const name of Object.keys(headers)) {
    if (!request.headers.has(name)) throw new PythonError('ValueError', `browsers set the header '${name}' themselves; leave it out`);
  }
  return request;
}

/**
 * @param {string} source
 * @param {URL} address
 */
function parseJson(source, address) {
  try {
    // Only integers beyond 2^53 need their digits: a Number has lost some of them.
    if (!/\d{16}/.test(source)) return JSON.parse(source);
    return JSON.parse(source, /** @type {any} */ (exactly));
  } catch (error) {
    if (error instanceof RangeError) throw new PythonError('ValueError', `the JSON of '${address.href}' is nested too deeply`);
    const begins = JSON.stringify(source.slice(0, 40));
    throw new PythonError('ValueError', `the answer of '${address.href}' is not JSON; it begins with ${begins}`);
  }
}

/**
 * @param {string} _key
 * @param {unknown} value
 * @param {{ source?: string }} [context]  not in every browser
 */
function exactly(_key, value, context) {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(context?.source ?? '')) return value;
  return BigInt(/** @type {string} */ (context?.source));
}
