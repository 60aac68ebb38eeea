// @ts-check
/**
 * The page's end of an engine.
 *
 * Takes: the runtime's Blobs.
 * Gives: `Engine`: post, the promise of its boot, terminate. Messages that arrive are checked before anyone sees them.
 * Refuses: a message that is not of the protocol: the engine is ended with one clear error.
 *
 * The worker starts from a `blob:` URL, so that the runtime may be served from another origin.
 */
import { PROTOCOL, fromEngine } from '../protocol.js';

/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').PageMessage} PageMessage */

/**
 * @typedef {object} Engine
 * @property {Promise<{ ms: number, waits: boolean }>} booted
 * @property {(message: PageMessage, transfer?: Transferable[]) => void} post
 * @property {() => void} terminate
 */

/**
 * @param {import('./runtime.js').Runtime} runtime
 * @param {Record<string, Blob>} loaders  of native modules, by their addresses
 * @param {(message: EngineMessage) => void} onMessage  everything but the boot
 * @param {(error: Error) => void} onFailure            the engine died; it is terminated already
 * @returns {Engine}
 */
export function startEngine(runtime, loaders, onMessage, onFailure) {
  const url = URL.createObjectURL(runtime.engine);
  const worker = new Worker(url, { name: 'edge-python' });
  /** @type {PromiseWithResolvers<{ ms: number, waits: boolean }>} */
  const boot = Promise.withResolvers();
  boot.promise.catch(() => {}); // who waits for it hears of it; nobody has to
  let ended = false;

  /** @param {Error} error */
  function fail(error) {
    if (ended) return;
    boot.reject(error);
    terminate();
    onFailure(error);
  }

  function terminate() {
    ended = true;
    worker.terminate();
    boot.reject(new Error('the engine was ended'));
    URL.revokeObjectURL(url);
  }

  worker.onmessage = (event) => {
    if (ended) return;
    try {
      const message = fromEngine(event.data);
      if (message.type === 'booted') boot.resolve({ ms: message.ms, waits: message.waits });
      else if (message.type === 'failed') fail(new Error(`the Python engine failed: ${message.message}`));
      else onMessage(message);
    } catch (error) {
      fail(/** @type {Error} */ (error));
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(new Error(`the Python engine did not start: ${event.message || 'its script could not be loaded'}`));
  };
  worker.onmessageerror = () => fail(new Error('the Python engine sent a message that cannot be read'));
  worker.postMessage({ type: 'boot', protocol: PROTOCOL, files: runtime.files, loaders });

  return {
    booted: boot.promise,
    post: (message, transfer = []) => {
      if (!ended) worker.postMessage(message, transfer);
    },
    terminate,
  };
}
