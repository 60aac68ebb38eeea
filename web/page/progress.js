// @ts-check
/**
 * What a start and a run say of themselves while they go on.
 *
 * Takes: phases as they begin (`say`), and what the network does (`traffic`).
 * Gives: `Progress` for the page: the phase, how much of it is done, how much there is, and the bytes that came.
 * Refuses: to drown the page: what the network alone changes is told 20 times a second at most. A new phase is told at once, and
 * the one before it in full.
 *
 * | phase | `loaded` of `total` | `bytes` |
 * | --- | --- | --- |
 * | `download` | bytes of the runtime | the same |
 * | `boot` | | 0 |
 * | `fetch` | files of the program | of those files |
 * | `link` | modules that came to the linker; how many there will be it does not know yet | of the files |
 * | `run`, `restore` | | |
 */

/** `total` is 0 where it is not known. @typedef {{ phase: string, loaded: number, total: number, bytes: number }} Progress */

const QUIET_MS = 50;

/**
 * @param {(progress: Progress) => void} tell
 * @param {() => number} [now]
 */
export function createProgress(tell, now = () => performance.now()) {
  let phase = '';
  let told = -Infinity;
  /** What was not told yet of the network. */
  let more = false;
  let files = { asked: 0, came: 0, bytes: 0 };

  function tellFiles() {
    more = false;
    told = now();
    tell({ phase: 'fetch', loaded: files.came, total: files.asked, bytes: files.bytes });
  }

  return {
    /** @param {string} next @param {number} [loaded] @param {number} [total] */
    say(next, loaded = 0, total = 0) {
      if (phase === 'fetch' && next !== 'fetch' && more) tellFiles();
      phase = next;
      if (next === 'fetch') return tellFiles();
      tell({ phase, loaded, total, bytes: next === 'download' ? loaded : files.bytes });
      // The next program counts its own.
      if (next === 'run') files = { asked: 0, came: 0, bytes: 0 };
      return undefined;
    },

    /** @param {'asked' | 'came' | 'bytes'} what @param {number} count */
    traffic(what, count) {
      files[what] += count;
      more = true;
      if (phase === 'fetch' && now() - told >= QUIET_MS) tellFiles();
    },
  };
}
