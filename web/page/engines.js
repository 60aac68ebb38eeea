// @ts-check
/**
 * The engine of a worker, and the next one where it ended.
 *
 * Takes: a way to start one; who hears its messages and its death.
 * Gives: an engine that has started, whenever one is asked for.
 * Refuses: to use a dead interpreter again; to end one at once that holds the names of kept runs.
 */

/** @typedef {ReturnType<typeof import('./engine.js').startEngine>} Engine */
/** @typedef {import('../protocol.js').PageMessage} PageMessage */

/**
 * Milliseconds that an engine has in which to end a run that the page has given up, where names would go with it: a machine may be
 * so busy that it could not end it sooner.
 */
const GRACE_FOR_NAMES = 1000;

/**
 * @param {(onFailure: (error: Error) => void) => Engine} start
 * @param {(error: Error) => void} onEnd  whoever waits for this engine's answers hears that none will come
 * @param {() => void} [onReplaced]  another has started in the place of one that was ended
 */
export function createEngines(start, onEnd, onReplaced = () => {}) {
  let count = 0;
  let dead = false;
  /** No program has come to it. */
  let fresh = true;
  /** The engine has yet to end a run that the page has given up. @type {{ run: number, settled: Promise<void>, settle: () => void } | null} */
  let leaving = null;
  let engine = begin();

  function begin() {
    count += 1;
    [dead, fresh] = [false, true];
    return start((error) => {
      dead = true; // the next run starts a fresh one
      leaving?.settle();
      onEnd(error);
    });
  }

  /** A stopped or endless program never answers: the engine goes with it, and a fresh one starts at once. */
  function replace() {
    leaving?.settle();
    engine.terminate();
    onEnd(new Error('the engine was ended'));
    engine = begin();
    engine.booted.then(onReplaced, () => {}); // not before it has started: they would be in each other's way
  }

  return {
    /** The engine, started. */
    async ready() {
      await leaving?.settled;
      if (dead) replace();
      await engine.booted;
    },
    replace,

    /** It did not end a run in time. @param {number} run @param {boolean} keeps  whether it holds the names of kept runs */
    abandon(run, keeps) {
      if (!keeps) return replace();
      const timer = setTimeout(replace, GRACE_FOR_NAMES);
      const { promise, resolve } = Promise.withResolvers();
      leaving = {
        run,
        settled: promise,
        settle() {
          clearTimeout(timer);
          leaving = null;
          resolve(undefined);
        },
      };
    },

    /** It has ended a run. @param {number} run @returns {boolean} whether that was given up, and waited for */
    ended(run) {
      const waited = leaving?.run === run;
      if (waited) leaving?.settle();
      return waited;
    },

    /** @param {PageMessage} message @param {Transferable[]} [transfer] */
    post(message, transfer) {
      if (message.type === 'run') fresh = false;
      engine.post(message, transfer);
    },
    terminate() {
      leaving?.settle();
      engine.terminate();
    },
    /** Whether no program has come to it: what it says of the first one, before that begins, no script has had a hand in. */
    get fresh() {
      return fresh;
    },
    /** Milliseconds that it took to start plainly, where its snapshot was refused. */
    get refused() {
      return engine.refused();
    },
    /** Which one it is: another number is another interpreter. */
    get count() {
      return count;
    },
  };
}
