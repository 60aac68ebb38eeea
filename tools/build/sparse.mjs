/**
 * Packs a memory: pages of 4 KiB that hold only zeros are left out.
 *
 * Takes: a memory; what Pyodide wants to know beside it. Gives: one file: the length of its head in four bytes, the head as JSON, the
 * pages that are not empty one after the other. `web/engine/sparse.js` reads it.
 * Refuses: a memory that does not end with a page.
 */
export const PAGE = 4096;

/**
 * @param {Uint8Array<ArrayBuffer>} memory
 * @param {object} config
 * @returns {Uint8Array}
 */
export function pack(memory, config) {
  if (memory.length % PAGE !== 0) throw new Error(`a memory of ${memory.length} bytes does not end with a page`);
  /** Runs of pages that are not empty, as [first, how many]. @type {[number, number][]} */
  const runs = [];
  for (let page = 0; page < memory.length / PAGE; page += 1) {
    const words = new BigUint64Array(memory.buffer, memory.byteOffset + page * PAGE, PAGE / 8);
    if (words.every((word) => word === 0n)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === page) last[1] += 1;
    else runs.push([page, 1]);
  }
  const head = new TextEncoder().encode(JSON.stringify({ bytes: memory.length, runs, config }));
  const length = new Uint8Array(new Uint32Array([head.length]).buffer);
  return Buffer.concat([length, head, ...runs.map(([first, count]) => memory.subarray(first * PAGE, (first + count) * PAGE))]);
}
