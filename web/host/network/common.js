// @ts-check
/**
 * What HTTP, WebSockets and server-sent events share: addresses, timeouts, and why a connection failed.
 *
 * Takes: what a program wrote; a browser's failure, which says nothing on purpose. Gives: absolute addresses,
 * and an error with the likely reason and the next step.
 * Refuses: addresses of other schemes, addresses with a user name or a password.
 */
import { PythonError } from '../registry.js';

/** A timer holds 24 days at most; nobody waits for longer than a day. */
const LONGEST_SECONDS = 86_400;
/** Browsers let a secure page talk to its own machine without TLS. */
const LOOPBACK = /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/;

/**
 * @param {string} url
 * @param {'http' | 'ws'} scheme  `http:` addresses are read as `ws:` where that is wanted, so that relative ones work
 * @returns {URL} without its fragment
 */
export function addressOf(url, scheme = 'http') {
  const base = globalThis.document?.baseURI;
  if (!URL.canParse(url, base)) throw new PythonError('ValueError', `'${url}' is not an address; write it like 'https://example.com/data.json'`);
  const address = new URL(url, base);
  if (scheme === 'ws') address.protocol = address.protocol.replace(/^http/, 'ws');
  const plain = address.protocol.slice(0, -1);
  if (plain !== scheme && plain !== `${scheme}s`) {
    throw new PythonError('ValueError', `'${url}' is no ${scheme}: or ${scheme}s: address, and network asks for no others`);
  }
  if (address.username !== '' || address.password !== '') {
    throw new PythonError('ValueError', `the address of '${address.host}' holds a user name or a password; send the header 'Authorization' instead`);
  }
  address.hash = '';
  return address;
}

/**
 * @param {string} option
 * @param {string} value
 * @param {readonly string[]} words
 */
export function oneOf(option, value, words) {
  if (words.includes(value)) return;
  const last = words.at(-1);
  const wanted = `${words.slice(0, -1).map((word) => `'${word}'`).join(', ')} or '${last}'`;
  throw new PythonError('ValueError', `the option '${option}' must be ${wanted}, not '${value.slice(0, 80)}'`);
}

/** @param {number | null} seconds */
export function checkTimeout(seconds) {
  if (seconds === null || (seconds > 0 && seconds <= LONGEST_SECONDS)) return;
  throw new PythonError('ValueError', `the option 'timeout' must be a number of seconds above 0, at most ${LONGEST_SECONDS} (a day), not ${seconds}`);
}

/**
 * What the page's own policy forbids is told to the document, not to who asked.
 * @param {AbortSignal} signal
 */
export function watchPolicy(signal) {
  /** @type {Set<string>} */
  const blocked = new Set();
  globalThis.document?.addEventListener('securitypolicyviolation', (event) => {
    if (event.effectiveDirective === 'connect-src') blocked.add(event.blockedURI);
  }, { signal });
  return {
    /** @param {URL} address */
    async forbids(address) {
      await new Promise((resolve) => setTimeout(resolve)); // the document is told a task later
      return blocked.has(address.href) || blocked.has(address.origin);
    },
  };
}

/**
 * Why an address did not answer. A browser says no more to a page than that it failed: a refused cross-origin request
 * must look like a dead server.
 * @param {URL} address
 * @param {{ forbids: (address: URL) => Promise<boolean> }} policy
 * @param {boolean} cors  whether the answer of another origin needs its word to be read
 */
export async function unreachable(address, policy, cors = true) {
  const page = globalThis.origin ?? '';
  let why = `'${address.href}' could not be reached`;
  if (await policy.forbids(address)) {
    why += `: this page's Content-Security-Policy forbids it; add '${address.origin}' to its connect-src`;
  } else if (globalThis.navigator?.onLine === false) {
    why += ': this browser is offline';
  } else if (/^(http|ws):$/.test(address.protocol) && page.startsWith('https:') && !LOOPBACK.test(address.hostname)) {
    why += `: a page on https: cannot use ${address.protocol}; try '${address.protocol.slice(0, -1)}s:${address.href.slice(address.protocol.length)}'`;
  } else if (cors && address.origin !== page) {
    why += `, or its answer may not be read here: '${address.origin}' is another origin, so its server has to send the `
      + `header 'Access-Control-Allow-Origin: ${page}'`;
  } else {
    why += ': its server does not answer, or refuses the connection';
  }
  return new PythonError('OSError', why);
}
