// @ts-check
/**
 * `workOffline`: a page that starts without a network from its next visit on.
 *
 * Takes: nothing; or the page's own service worker, its scope, and files that the page will want and has not loaded.
 * Gives: a promise, kept when all that an offline start needs is stored.
 * Refuses: a browser that keeps nothing (private windows, plain http), files that do not come; with a sentence that says what to do.
 */
import { ROOT } from './page/root.js';

const NO_WORKERS = 'this browser keeps nothing for offline use here: open the page by https, in a window that is not private';

/**
 * @param {object} [options]
 * @param {string} [options.worker]  a script of the page's own origin that imports our `sw.js`
 * @param {string} [options.scope]   the folder whose pages it serves; the page's own
 * @param {string[]} [options.files] what the page will ask for later
 */
export async function workOffline({ worker, scope = './', files = [] } = {}) {
  const serviceWorker = globalThis.navigator?.serviceWorker;
  if (serviceWorker === undefined) throw new Error(NO_WORKERS);
  const base = document.baseURI;
  const within = new URL(scope, base).href;
  const given = worker ?? (within.startsWith(ROOT) ? `${ROOT}sw.js` : './sw.js');
  const script = new URL(given, base);
  if (new URL('./', script).href !== ROOT) script.searchParams.set('edge', ROOT);

  /** What the worker says of a file that does not come. @type {PromiseWithResolvers<string>} */
  const why = Promise.withResolvers();
  const onMessage = (/** @type {MessageEvent} */ { data }) => {
    if (data?.type === 'edge-python:failed') why.resolve(` (${data.text})`);
  };
  serviceWorker.addEventListener('message', onMessage);
  serviceWorker.startMessages();
  try {
    const registration = await serviceWorker.register(script, { scope: within, updateViaCache: 'none' }).catch((/** @type {Error} */ error) => {
      if (error.name === 'SecurityError' && !globalThis.isSecureContext) throw new Error(NO_WORKERS);
      throw new Error(`the service worker ${script.href} did not start (${error.message}): it is a file beside the page, with the line importScripts('${ROOT}sw.js')`);
    });
    const active = await activated(registration);
    if (active === null) {
      // That it failed may be known before what it said comes.
      setTimeout(() => why.resolve(''), 1_000);
      throw new Error(`not all files could be stored${await why.promise}: see to the network and to space on the disk, and load the page again`);
    }
    await loaded();
    const address = (/** @type {string} */ url) => new URL(url, base).href.replace(/#.*/, '');
    const seen = [location.href, ...performance.getEntriesByType('resource').map(({ name }) => name)];
    await ask(active, { type: 'edge-python:keep', files: files.map(address), seen: seen.filter((url) => url.startsWith('http')).map(address) });
  } finally {
    serviceWorker.removeEventListener('message', onMessage);
  }
}

/** The worker that serves; null: it could not be installed. @param {ServiceWorkerRegistration} registration @returns {Promise<ServiceWorker | null>} */
function activated(registration) {
  if (registration.active?.state === 'activated') return Promise.resolve(registration.active);
  const coming = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((resolve) => {
    const look = () => {
      if (coming === null || coming.state === 'redundant') resolve(null);
      else if (coming.state === 'activated') resolve(coming);
    };
    coming?.addEventListener('statechange', look);
    look();
  });
}

/** @returns {Promise<void>} */
function loaded() {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => addEventListener('load', () => resolve(), { once: true }));
}

/** @param {ServiceWorker} worker @param {object} message @returns {Promise<void>} */
function ask(worker, message) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => {
      port1.close();
      if (data.error === null) resolve();
      else reject(new Error(`the page's files are not all stored: ${data.error}`));
    };
    worker.postMessage(message, [port2]);
  });
}
