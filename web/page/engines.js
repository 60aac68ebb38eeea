// @ts-check
/**
 * The engine of a worker, and the next one where it ended.
 *
 * Takes: a way to start one; who hears its messages and its death.
 * Gives: an engine that has started, whenever one is asked for.
 * Refuses: to use a dead interpreter again.
 */

/** @typedef {ReturnType<typeof import('./engine.js').startEngine>} Engine */
/** @typedef {import('../protocol.js').PageMessage} PageMessage */

/**
 * @param {(onFailure: (error: Error) => void) => Engine} start
 * @param {(error: Error) => void} onEnd  whoever waits for this engine's answers hears that none will come
 */
export function createEngines(start, onEnd) {
  let count = 0;
  let dead = false;
  let engine = begin();

  function begin() {
    count += 1;
    dead = false;
    return start((error) => {
      dead = true; // the next run starts a fresh one
      onEnd(error);
    });
  }

  /** A stopped or endless program never answers: the engine goes with it, and a fresh one starts at once. */
  function replace() {
    engine.terminate();
    onEnd(new Error('the engine was ended'));
    engine = begin();
  }

  return {
    /** The engine, started. */
    async ready() {
      if (dead) replace();
      await engine.booted;
    },
    replace,
    /** @param {PageMessage} message @param {Transferable[]} [transfer] */
    post: (message, transfer) => engine.post(message, transfer),
    terminate: () => engine.terminate(),
    /** Which one it is: another number is another interpreter. */
    get count() {
      return count;
    },
  };
}
