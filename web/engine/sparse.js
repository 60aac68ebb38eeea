// @ts-check
/**
 * Reads a memory that `tools/build/sparse.mjs` packed.
 *
 * Takes: the file's bytes. Gives: how many bytes the memory has, what Pyodide wants to know beside it, and `fill`, which puts the pages
 * into an empty memory.
 * Refuses: a file whose pages do not fill exactly what is said of them. Other damage its digest shows (`restore.js`).
 */

const PAGE = 4096;

/** @param {ArrayBuffer} file @returns {{ bytes: number, config: { hashes: import('./hashes.js').Place | null }, fill: (memory: Uint8Array) => void }} */
export function unpack(file) {
  const length = new DataView(file).getUint32(0, true);
  const { bytes, runs, config } = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, length)));
  const begin = 4 + length;
  const pages = runs.reduce((/** @type {number} */ sum, /** @type {[number, number]} */ [, count]) => sum + count, 0);
  if (begin + pages * PAGE !== file.byteLength) throw new Error('its pages are not all there');
  return {
    bytes,
    config,
    fill(memory) {
      let at = begin;
      for (const [first, count] of runs) {
        memory.set(new Uint8Array(file, at, count * PAGE), first * PAGE);
        at += count * PAGE;
      }
    },
  };
}
