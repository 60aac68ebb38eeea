// @ts-check
/**
 * Puts a memory that `tools/build/sparse.mjs` packed into its place, as its pieces come.
 *
 * Takes: the pieces of the file, in their order and of any length; who makes an empty memory.
 * Gives: what Pyodide wants to know beside the memory, when all is in its place.
 * Refuses: a file whose pages do not fill exactly what is said of them. Other damage its digest shows (`digest.js`).
 */

const PAGE = 4096;
const LENGTH = 4;

/** @typedef {{ bytes: number, runs: [number, number][], config: { hashes: import('./hashes.js').Place | null } }} Head */

/** @param {(bytes: number) => Uint8Array} make  an empty memory of so many bytes */
export function createUnpacker(make) {
  /** What has come of the head. @type {Uint8Array} */
  let begun = new Uint8Array();
  /** @type {Head | null} */
  let head = null;
  /** @type {Uint8Array} */
  let memory = begun;
  /** The run of pages that comes next, and how many bytes of it there are. */
  let [run, filled] = [0, 0];

  /** The head, and what is behind it, once all of it is there. @param {Uint8Array} piece */
  function begin(piece) {
    const all = new Uint8Array(begun.length + piece.length);
    all.set(begun);
    all.set(piece, begun.length);
    begun = all;
    const end = LENGTH + (all.length < LENGTH ? 0 : new DataView(all.buffer).getUint32(0, true));
    if (all.length < end || end === LENGTH) return;
    head = headOf(new TextDecoder().decode(all.subarray(LENGTH, end)));
    memory = make(head.bytes);
    fill(head, all.subarray(end));
  }

  /** @param {Head} head @param {Uint8Array} bytes */
  function fill({ runs }, bytes) {
    while (bytes.length > 0) {
      const [first, count] = runs[run] ?? refuse();
      const part = bytes.subarray(0, count * PAGE - filled);
      if (part.length === 0) refuse(); // no number of pages: it would never be full
      memory.set(part, first * PAGE + filled);
      filled += part.length;
      if (filled === count * PAGE) [run, filled] = [run + 1, 0];
      bytes = bytes.subarray(part.length);
    }
  }

  return {
    /** @param {Uint8Array} piece */
    take(piece) {
      if (head === null) begin(piece);
      else fill(head, piece);
    },
    /** @returns {Head['config']} */
    end() {
      if (head === null || run !== head.runs.length) return refuse();
      return head.config;
    },
  };
}

/** @param {string} text @returns {Head} */
function headOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return refuse();
  }
}

/** @returns {never} */
function refuse() {
  throw new Error('the memory snapshot is damaged: its pages are not those that it speaks of');
}
