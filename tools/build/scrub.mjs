/**
 * Wipes what a Pyodide's memory holds and nobody uses any more: what was freed keeps its old bytes, which would only be carried along.
 *
 * Takes: a Pyodide that is done. Gives: nothing; its free memory is zeros, but for the allocator's own words.
 * Refuses: nothing. What it does is allocate and free, as any program does.
 */

/** @param {any} pyodide */
export function scrub(pyodide) {
  const python = pyodide._module;
  // In a memory that is full and cannot grow, `malloc` gives only what was freed. Pyodide's Python has no allocator of its own above it.
  const limit = python._emscripten_get_sbrk_ptr() >> 2;
  const end = python.HEAPU32[limit];
  python.HEAPU32[limit] = python.HEAPU8.length;
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError('it stays as large as it is');
  };
  /** @type {number[]} */
  const held = [];
  for (let size = 2 ** 24; size >= 16; size /= 2) {
    for (let at = python._malloc(size); at !== 0; at = python._malloc(size)) {
      python.HEAPU8.fill(0, at, at + size);
      held.push(at);
    }
  }
  WebAssembly.Memory.prototype.grow = grow;
  if (python.HEAPU8.length !== python.HEAPU32[limit]) throw new Error('the memory grew as it was wiped'); // each engine would begin with as much
  python.HEAPU32[limit] = end;
  for (const at of held) python._free(at);
}
