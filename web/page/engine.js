// @ts-check
/**
 * The page's end of an engine.
 *
 * Takes: the runtime's Blobs, which may still be on their way, the kind of isolation. A cell whose frame is known is made meanwhile.
 * Gives: `Engine`: post, the promise of its boot, terminate. Messages that arrive are checked before anyone sees them.
 * Refuses: a message that is not of the protocol: the engine is ended with one clear error. So is one whose cell cannot
 * be had: nothing less takes its place.
 *
 * Either way the worker starts from a `blob:` URL, so that the runtime may be served from another origin.
 */
import { CODE } from '../files.js';
import { PROTOCOL, ProtocolError, fromEngine } from '../protocol.js';
import { openCell } from './cell.js';
import { createMeter, weigh } from './queues.js';
import { starts } from './turns.js';

/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').PageMessage} PageMessage */

/**
 * @typedef {object} Engine
 * @property {Promise<{ ms: number, waits: boolean }>} booted
 * @property {() => number | null} refused  milliseconds that it took to start plainly, where its snapshot was refused
 * @property {(message: PageMessage, transfer?: Transferable[]) => void} post
 * @property {() => void} terminate
 */

const MANIFEST = /\/packages\.json$/;

/** What messages come from and go to, once it is there. @typedef {Pick<MessagePort, 'postMessage' | 'onmessage' | 'onmessageerror'>} Line */

/**
 * What an engine is made of, as far as it is there.
 * @typedef {object} Source
 * @property {import('./cell.js').FrameFile | null} frame  null: it comes with the runtime
 * @property {Promise<Runtime>} runtime
 * @property {Promise<Record<string, Blob>>} loaders  of native modules, by their addresses
 */
/** @typedef {import('./runtime.js').Runtime} Runtime */

/**
 * @param {Source} source
 * @param {'strict' | 'worker'} isolation
 * @param {(message: EngineMessage) => void} onMessage  everything but the boot
 * @param {(error: Error) => void} onFailure            the engine died; it is terminated already
 * @returns {Engine}
 */
export function startEngine(source, isolation, onMessage, onFailure) {
  /** @type {PromiseWithResolvers<{ ms: number, waits: boolean }>} */
  const boot = Promise.withResolvers();
  boot.promise.catch(() => {}); // who waits for it hears of it; nobody has to
  const measure = createMeter();
  /** @type {Line | null} */
  let line = null;
  let run = 0;
  /** Its program is known: nothing more may be asked for, or a program that runs could send data away in addresses. */
  let linked = false;
  let ended = false;
  let booted = false;
  /** The standard library's archive is on its way to it. */
  let brings = false;
  /** Its snapshot was not used. */
  let refused = false;
  /** @type {number | null} */
  let plainly = null;
  /** What it starts from, once that is there. @type {Runtime | null} */
  let from = null;

  /** @param {Error} error */
  function fail(error) {
    if (ended) return;
    boot.reject(error);
    terminate();
    onFailure(error);
  }

  function terminate() {
    ended = true;
    close();
    boot.reject(new Error('the engine was ended'));
  }

  /** What no honest engine asks for, or not any more. What is left of an earlier run is nobody's fault. @param {EngineMessage} message */
  function checkTurn(message) {
    if ('run' in message && message.run > run) throw new ProtocolError(`the engine sent a '${message.type}' message of a run that never was`);
    if ((message.type !== 'needs' && message.type !== 'linked') || message.run !== run) return;
    if (linked) throw new ProtocolError(`the engine sent a '${message.type}' message after its program was linked`);
    linked = message.type === 'linked';
    const odd = message.type === 'needs' && message.needs.some(({ kind, location }) => kind === 'manifest' && !MANIFEST.test(location));
    if (odd) throw new ProtocolError('the engine asked for a manifest that is not called packages.json');
  }

  /** @param {unknown} data */
  function receive(data) {
    if (ended) return;
    try {
      const message = fromEngine(data);
      measure(weigh(message));
      checkTurn(message);
      if (message.type === 'booted') start(message);
      else if (message.type === 'library') void bring();
      else if (message.type === 'failed' && !booted && from?.snapshot) void startPlainly(from, message.message);
      else if (message.type === 'failed') fail(new Error(`the Python engine failed: ${message.message}`));
      else onMessage(message);
    } catch (error) {
      fail(/** @type {Error} */ (error));
    }
  }

  /** @param {Runtime} runtime @param {Line} found */
  function connect(runtime, found) {
    from = runtime;
    line = found;
    line.onmessage = (event) => line === found && receive(event.data); // one that was given up may still say something
    line.onmessageerror = () => fail(new Error('the Python engine sent a message that cannot be read'));
  }

  /** @param {{ ms: number, waits: boolean }} started */
  function start({ ms, waits }) {
    booted = true;
    if (refused) plainly = ms;
    boot.resolve({ ms, waits });
  }

  /** Something in it wants to read the archive. Its first answer is also that of later questions. */
  async function bring() {
    if (brings || from === null) return;
    brings = true;
    /** @type {{ blob: Blob | null, why: string }} */
    const brought = await from.library().then((blob) => ({ blob, why: '' }), (error) => ({ blob: null, why: error.message }));
    brings = false;
    if (!ended) line?.postMessage({ type: 'library', ...brought });
  }

  /** The engine could not start from the snapshot: it starts without. @param {Runtime} runtime @param {string} why */
  async function startPlainly(runtime, why) {
    close();
    line = null;
    booted = false;
    refused = true;
    await open({ ...source, runtime: runtime.plain(why) });
  }

  /** Where the engine shall be, its files or both come first. @param {Source} what */
  async function open({ frame, runtime, loaders }) {
    if (ended) return;
    try {
      const chosen = runtime.then(usable);
      const ready = Promise.all([chosen, loaders]);
      ready.catch(() => {}); // it is waited for below
      if (isolation === 'strict') {
        /** @type {PromiseWithResolvers<Line>} */
        const up = Promise.withResolvers();
        const shown = frame ?? (await chosen).frame;
        /** @type {Blob | undefined} */
        let code;
        chosen.then(({ files }) => (code = files[CODE]), () => {});
        const first = ready.then(([found, sources]) => [{ engine: found.engine }, bootOf(found, sources)]);
        first.catch(() => {}); // so is this
        if (!ended) close = openCell(shown, { code: () => code, first }, up.resolve, fail);
        const [[found], port] = await Promise.all([ready, up.promise]);
        if (!ended) connect(found, port);
      } else {
        const [found, sources] = await ready;
        if (!ended) close = openWorker(found.engine, onDeath, (worker) => {
          connect(found, worker);
          worker.postMessage(bootOf(found, sources));
        });
      }
    } catch (error) {
      fail(/** @type {Error} */ (error));
    }
  }

  /** The runtime, or what took its place when an earlier engine could not start from it. @param {Runtime} runtime */
  function usable(runtime) {
    const other = runtime.instead();
    refused ||= other !== null;
    return other ?? runtime;
  }

  /** Its script did not load, or it broke down: what a browser kept may not be readable any more. @param {Error} error */
  function onDeath(error) {
    if (!booted && !refused && from?.snapshot) void startPlainly(from, error.message);
    else fail(error);
  }

  let close = () => {};
  const { turn, leave } = starts.enter();
  boot.promise.then(leave, leave);
  void turn.then(() => open(source));
  return {
    booted: boot.promise,
    refused: () => plainly,
    post: (message, transfer = []) => {
      if (message.type === 'run') [run, linked] = [message.run, false];
      if (!ended) line?.postMessage(message, transfer);
    },
    terminate,
  };
}

/** @param {Runtime} runtime @param {Record<string, Blob>} loaders */
const bootOf = ({ files, digests }, loaders) => ({ type: 'boot', protocol: PROTOCOL, files, digests, loaders });

/**
 * A worker of the page's own origin: for trusted code.
 * @param {Blob} engine
 * @param {(error: Error) => void} onFailure
 * @param {(line: Line) => void} onLine
 */
function openWorker(engine, onFailure, onLine) {
  const url = URL.createObjectURL(engine);
  const worker = new Worker(url, { name: 'edge-python' });
  worker.onerror = (event) => {
    event.preventDefault();
    const why = event.message || 'its script could not be loaded; a Content-Security-Policy needs blob: in worker-src';
    onFailure(new Error(`the Python engine failed: ${why}`));
  };
  onLine(/** @type {Line} */ (/** @type {unknown} */ (worker)));
  return () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
}
