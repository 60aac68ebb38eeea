// @ts-check
/**
 * The runtime's files, kept by the page: one record of Blobs in IndexedDB, which a visit reads in a few milliseconds, and hands on
 * without reading them.
 *
 * Takes: where the runtime lies, its build. Gives: the files of that build, or null; keeps others in their place, and one that came later
 * beside them.
 * Refuses: nothing. Where the browser keeps nothing (private windows, a full disk, a page without storage), each visit asks the network.
 */
import { openDB } from '../vendor/idb.js';

/** @typedef {{ build: string, files: Record<string, Blob> }} Kept */

const NAME = 'edge-python-runtime';
const STORE = 'runtimes';

/**
 * What the database gives; null where the browser keeps nothing.
 * @template T @param {(db: import('../vendor/idb.js').IDBPDatabase) => Promise<T>} work @returns {Promise<T | null>}
 */
async function within(work) {
  try {
    const db = await openDB(NAME, 1, { upgrade: (fresh) => void fresh.createObjectStore(STORE) });
    try {
      return await work(db);
    } finally {
      db.close();
    }
  } catch {
    return null; // the next visit asks the network again
  }
}

/** @param {string} base @param {string} build @returns {Promise<Record<string, Blob> | null>} */
export async function recall(base, build) {
  const kept = /** @type {Kept | null | undefined} */ (await within((db) => db.get(STORE, base)));
  return kept?.build === build ? kept.files : null;
}

/** @param {string} base @param {string} build @param {Record<string, Blob>} files */
export async function keep(base, build, files) {
  await within((db) => db.put(STORE, { build, files }, base));
}

/** To the files of that build, where it is still the one that is kept. @param {string} base @param {string} build @param {Record<string, Blob>} files */
export async function add(base, build, files) {
  await within(async (db) => {
    const tx = db.transaction(STORE, 'readwrite');
    const kept = /** @type {Kept | undefined} */ (await tx.store.get(base));
    if (kept?.build === build) await tx.store.put({ build, files: { ...kept.files, ...files } }, base);
    await tx.done;
  });
}

/** What is kept turned out to be damaged. @param {string} base */
export async function discard(base) {
  await within((db) => db.delete(STORE, base));
}
