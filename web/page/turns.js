// @ts-check
/**
 * How many engines of a page start at the same time. Each start keeps more than one processor busy: where twenty elements
 * start theirs at once, all would be ready together, late; in turns the first is ready as soon as ever, and the last no later.
 *
 * Takes: how many at once, how long one counts. Gives: `enter`: a promise for the turn, and `leave`, for when it has started or has gone.
 * Refuses: nothing. One that takes longer than `patience` does not count any more: it keeps nobody waiting for good.
 */

const PATIENCE_MS = 10_000;

/** As many as there are processors; browsers that do not tell have two. */
const MOST = Math.max(2, globalThis.navigator?.hardwareConcurrency ?? 2);

/** @param {number} [most] @param {number} [patience] */
export function createTurns(most = MOST, patience = PATIENCE_MS) {
  let starting = 0;
  /** In the order in which they came. @type {Set<() => void>} */
  const waiting = new Set();

  function next() {
    for (const begin of waiting) {
      if (starting >= most) return;
      waiting.delete(begin);
      begin();
    }
  }

  return {
    /** @returns {{ turn: Promise<void>, leave: () => void }} */
    enter() {
      /** @type {() => void} */
      let resolve = () => {};
      const turn = /** @type {Promise<void>} */ (new Promise((done) => (resolve = done)));
      /** @type {ReturnType<typeof setTimeout> | null} */
      let timer = null;
      const begin = () => {
        starting += 1;
        timer = setTimeout(leave, patience);
        resolve();
      };
      const leave = () => {
        waiting.delete(begin);
        if (timer === null) return;
        clearTimeout(timer);
        timer = null;
        starting -= 1;
        next();
      };
      waiting.add(begin);
      next();
      return { turn, leave };
    },
  };
}

/** Those of this page. */
export const starts = createTurns();
