/**
 * Wipes what a Pyodide's memory holds and nobody uses any more: what was freed keeps its old bytes, which would only be carried along.
 *
 * Takes: a Pyodide that is done. Gives: nothing; its free memory is zeros, but for the allocator's own words.
 * Refuses: nothing. What it does is allocate and free, as any program does.
 */

/** An end of memory that cannot be moved any further. */
const ALL = 0xffff_0000;

/** @param {any} pyodide */
export function scrub(pyodide) {
  const python = pyodide._module;
  // Without room for more, `malloc` gives only what was freed. Pyodide's Python has no allocator of its own above it.
  const limit = python._emscripten_get_sbrk_ptr() >> 2;
  const end = python.HEAPU32[limit];
  python.HEAPU32[limit] = ALL;
  /** @type {number[]} */
  const held = [];
  for (let size = 2 ** 24; size >= 16; size /= 2) {
    for (let at = python._malloc(size); at !== 0; at = python._malloc(size)) {
      python.HEAPU8.fill(0, at, at + size);
      held.push(at);
    }
  }
  python.HEAPU32[limit] = end;
  for (const at of held) python._free(at);
}
