// @ts-check
/**
 * The standard library's archive: of an engine that goes on from a memory, which holds what programs are known to import.
 *
 * Takes: the file system of a Pyodide; the archive as a Blob, at the start or when the page has brought it.
 * Gives: `attach`: the archive in its place, read when something opens it. `createLibrary`: it is brought when something wants to read it
 * (`edge_runtime/hosts/archive.py`).
 * Refuses: to ask twice at a time. What did not come is asked for again by the next who wants it.
 */

/** Where Python looks for it. */
export const PLACE = '/lib/python314.zip';

/** @param {any} FS @param {Blob} blob */
export function attach(FS, blob) {
  FS.writeFile(PLACE, '');
  const { node } = FS.lookupPath(PLACE);
  const Reader = /** @type {any} */ (globalThis).FileReaderSync;
  node.usedBytes = blob.size;
  Object.defineProperty(node, 'contents', {
    configurable: true,
    get() {
      const value = new Uint8Array(new Reader().readAsArrayBuffer(blob));
      Object.defineProperty(node, 'contents', { value, writable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(node, 'contents', { value, writable: true });
    },
  });
}

/**
 * @param {any} FS
 * @param {any} archive  Python's side of it
 * @param {() => void} ask  the page is to bring it
 */
export function createLibrary(FS, archive, ask) {
  /** It is on its way. @type {PromiseWithResolvers<void> | null} */
  let coming = null;
  let here = false;
  /** @type {string | undefined} */
  let failed;

  /** Kept when it has come, or will not. @returns {Promise<void>} */
  function bring() {
    if (coming === null) {
      coming = Promise.withResolvers();
      ask();
    }
    return coming.promise;
  }

  archive.expect(PLACE, { ask: () => void bring(), here: () => here, why: () => failed });
  return {
    bring,
    /** @param {Blob | null} blob @param {string} why */
    arrive(blob, why) {
      failed = why;
      here = blob !== null;
      if (blob !== null) attach(FS, blob);
      coming?.resolve();
      coming = null;
    },
  };
}
