// @ts-check
/**
 * An engine that has started and has no program yet, for whoever needs one next.
 *
 * Takes: what engines there are (`key`: the runtime, the isolation, the loaders) and how one is started.
 * Gives: the spare where one of that kind is ready or on its way, else a new engine.
 * Refuses: a second spare on one page (each costs about 45 MB), and to keep one on a device of little memory. The spare goes
 * with the page's last worker.
 *
 * A spare has run nothing, so any worker of the page may have it. One that dies is dropped without a word: whoever needs an
 * engine then starts one, and hears why that fails.
 */
import { startEngine } from './engine.js';
import { frameOf, loadRuntime } from './runtime.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {(message: import('../protocol.js').EngineMessage) => void} OnMessage */
/** @typedef {(error: Error) => void} OnFailure */
/** @typedef {(onMessage: OnMessage, onFailure: OnFailure) => Engine} Launch */

/** GiB below which a page is better off with one engine. */
const ROOMY = 4;

/** Browsers that do not tell have enough as a rule. */
const isRoomy = () => (/** @type {any} */ (globalThis.navigator)?.deviceMemory ?? ROOMY) >= ROOMY;

/** @param {() => boolean} [roomy] */
export function createSpares(roomy = isRoomy) {
  /** @type {{ key: string, engine: Engine, owner: { onMessage: OnMessage, onFailure: OnFailure } } | null} */
  let spare = null;
  let workers = 0;

  /** Starts one ahead, unless there is one. @param {string} key @param {Launch} launch @returns {() => void} ends it, where nobody took it */
  function start(key, launch) {
    if (spare !== null) return () => {};
    const mine = {
      key,
      /** @type {{ onMessage: OnMessage, onFailure: OnFailure }} */
      owner: {
        onMessage: () => {},
        onFailure: () => {
          if (spare === mine) spare = null;
        },
      },
      engine: launch((message) => mine.owner.onMessage(message), (error) => mine.owner.onFailure(error)),
    };
    spare = mine;
    return () => {
      if (spare === mine) end();
    };
  }

  function end() {
    spare?.engine.terminate();
    spare = null;
  }

  return {
    start,

    /** An engine, of which this caller hears from now on. @param {string} key @param {Launch} launch @param {OnMessage} onMessage @param {OnFailure} onFailure */
    take(key, launch, onMessage, onFailure) {
      if (spare?.key !== key) return launch(onMessage, onFailure);
      const { engine, owner } = spare;
      spare = null;
      Object.assign(owner, { onMessage, onFailure });
      return engine;
    },

    /** One is kept ready from now on, for as long as the page has a worker. @param {string} key @param {Launch} launch */
    keep(key, launch) {
      if (workers > 0 && roomy()) start(key, launch);
    },

    /** The page has a worker more. @returns {() => void} it has gone */
    join() {
      workers += 1;
      let here = true;
      return () => {
        if (here) workers -= 1;
        here = false;
        if (workers === 0) end();
      };
    },
  };
}

/** Those of this page. */
export const spares = createSpares();

/** @param {string} runtime @param {string} isolation @param {string[]} loaders */
export const keyOf = (runtime, isolation, loaders) => JSON.stringify([runtime, isolation, loaders]);

/**
 * Starts an engine for a worker that is about to be made, and loads the runtime for it.
 * @param {string} runtime  its base URL
 * @param {'strict' | 'worker'} isolation
 * @returns {() => void} nobody will need it any more
 */
export function preload(runtime, isolation) {
  return spares.start(keyOf(runtime, isolation, []), (onMessage, onFailure) => {
    const source = { frame: frameOf(runtime), runtime: loadRuntime(runtime, () => {}), loaders: Promise.resolve({}) };
    return startEngine(source, isolation, onMessage, onFailure); // why it fails the worker will say
  });
}
