// @ts-check
/**
 * The page's hand on the program of a worker: what it is doing, and stop, pause and resume.
 *
 * Takes: the steps of each run as they come (`prepare`, `enter`, `leave`), and what the page wants.
 * Gives: `state`; an end of whatever is under way.
 * Refuses: nothing. A pause or stop with nothing to act on does nothing and says so: a reader may press a button in the very
 * moment in which the program ends.
 */

/** @typedef {import('../protocol.js').ErrorData} ErrorData */
/** @typedef {import('./run.js').Run} Run */
/** @typedef {'idle' | 'loading' | 'ready' | 'running' | 'waiting' | 'paused' | 'done' | 'failed'} State */

/** @param {string} type @param {string} message @returns {ErrorData} */
export const endedBy = (type, message) => ({ type, message, frames: [], rendered: `error: ${type}: ${message}` });

/**
 * @param {object} parts
 * @param {(state: 'running' | 'waiting' | 'paused') => void} parts.onState  of the program
 * @param {(run: Run) => void} parts.endEngine  this run did not end: the engine goes, with the program in it
 */
export function createControl({ onState, endEngine }) {
  /** @type {State} */
  let state = 'ready';
  /** @type {Run | null} */
  let run = null;
  /** Ends what comes before a run: the fetching of its entry, the start of its engine. @type {((why: ErrorData | Error) => void) | null} */
  let interrupt = null;
  /** The worker was disposed of. @type {Error | null} */
  let closed = null;
  /** Whether the run at hand is one that the page sees: a check is not. */
  let shown = false;
  /** The page wants it held. @type {PromiseWithResolvers<boolean> | null} */
  let pausing = null;
  /** The program has begun, and can be held. */
  let begun = false;

  /** @param {boolean} held */
  function settle(held) {
    const wish = pausing;
    pausing = null;
    wish?.resolve(held);
  }

  /** Asks the engine, which holds the program at its next look. */
  function hold() {
    const wish = pausing;
    if (!begun || wish === null || run === null) return;
    run.pause().then(() => {
      if (pausing !== wish) return; // it was resumed or ended meanwhile
      become('paused');
      settle(true);
    }, () => {}); // a pause that never came ends with its run
  }

  /** @param {'running' | 'waiting' | 'paused'} next */
  function become(next) {
    if (!shown || state === next) return;
    state = next;
    onState(next);
  }

  return {
    get state() {
      return state;
    },
    get run() {
      return run;
    },

    /**
     * What comes before a run, which a stop ends.
     * @template T
     * @param {(signal: AbortSignal) => Promise<T>} work
     * @param {{ shows: boolean }} how
     * @returns {Promise<T | ErrorData>}
     */
    prepare(work, { shows }) {
      const ending = new AbortController();
      shown = shows;
      if (shown) state = 'loading';
      return new Promise((resolve, reject) => {
        interrupt = (why) => {
          ending.abort();
          if (why instanceof Error) reject(why);
          else resolve(why);
        };
        work(ending.signal).then(resolve, reject);
      }).finally(() => {
        interrupt = null;
      });
    },

    /** @param {Run} next */
    enter(next) {
      run = next;
      if (closed !== null) run.reject(closed);
    },

    /** What its run says of the program. @param {'running' | 'waiting' | 'paused'} next */
    said(next) {
      const first = !begun;
      begun = true;
      become(next);
      if (first) hold();
    },

    /** @param {boolean} ok */
    leave(ok) {
      run = null;
      begun = false;
      if (shown && closed === null) state = ok ? 'done' : 'failed';
      settle(false);
    },

    /** As if nothing had run. */
    reset() {
      state = 'ready';
    },

    /** Ends the program, which is told so; where it does not hear, its engine ends. */
    stop() {
      const error = endedBy('Stopped', 'the page stopped the program');
      const stopped = run;
      if (stopped === null) interrupt?.(error);
      else stopped.stop(error, () => this.end(stopped, error));
    },

    /** Ends a run with its engine. @param {Run} ended @param {ErrorData} error */
    end(ended, error) {
      if (run !== ended) return;
      ended.abort(error);
      endEngine(ended);
    },

    /** The worker is disposed of. @param {Error} error */
    close(error) {
      closed = error;
      interrupt?.(error);
      run?.reject(error);
      state = 'idle';
    },

    /** @returns {Promise<boolean>} whether it is held now: false where there is no program, or it ended or went on meanwhile */
    pause() {
      if (state === 'paused') return Promise.resolve(true);
      if (!shown || (run === null && interrupt === null)) return Promise.resolve(false);
      if (pausing === null) {
        pausing = Promise.withResolvers();
        const { promise } = pausing;
        hold();
        return promise;
      }
      return pausing.promise;
    },

    /** @returns {boolean} whether there was anything to resume */
    resume() {
      const wished = pausing !== null;
      if (!wished && state !== 'paused') return false;
      settle(false);
      if (begun) run?.resume();
      return true;
    },

    /** Why the program cannot be looked at; null: it can. */
    get unparked() {
      if (state === 'waiting' || state === 'paused') return null;
      if (state === 'running') return 'the program is running: first hold it, with await pause()';
      if (state === 'loading') return 'the program has not begun yet: first hold it, with await pause()';
      return 'there is no program: run one, and hold it with await pause()';
    },
  };
}
