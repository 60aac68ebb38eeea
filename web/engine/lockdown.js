// @ts-check
/**
 * What the engine needed to start and does not need to run is taken away.
 *
 * Takes: nothing. Gives: nothing. Refuses: from now on, in this worker: requests, code from Blobs or strings, Blob addresses.
 *
 * A second wall behind the cell's policy, in either kind of isolation; the cell's `prelude.js` took the rest before.
 */
const POWERS = ['fetch', 'XMLHttpRequest', 'Request', 'importScripts', 'eval', 'Worker', 'SharedWorker', 'close'];

export function lockDown() {
  for (let at = /** @type {any} */ (globalThis); at !== null; at = Object.getPrototypeOf(at)) {
    for (const name of POWERS) delete at[name];
  }
  const [url, wasm] = [/** @type {any} */ (URL), /** @type {any} */ (WebAssembly)];
  for (const name of ['createObjectURL', 'revokeObjectURL']) delete url[name];
  for (const name of ['compileStreaming', 'instantiateStreaming']) delete wasm[name];
}
