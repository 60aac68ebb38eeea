// @ts-check
/**
 * The runtime's files, kept by the page: one record of Blobs in IndexedDB, which a visit reads in a few milliseconds, and hands on
 * without reading them.
 *
 * Takes: where the runtime lies, its build. Gives: the files of that build, or null; keeps others in their place.
 * Refuses: nothing. Where the browser keeps nothing (private windows, a full disk, a page without storage), each visit asks the network.
 */
import { openDB } from '../vendor/idb.js';

/** @typedef {{ build: string, files: Record<string, Blob> }} Kept */

const NAME = 'edge-python-runtime';
const STORE = 'runtimes';

const open = () => openDB(NAME, 1, { upgrade: (db) => void db.createObjectStore(STORE) });

/** @param {string} base @param {string} build @returns {Promise<Record<string, Blob> | null>} */
export async function recall(base, build) {
  try {
    const db = await open();
    const kept = /** @type {Kept | undefined} */ (await db.get(STORE, base));
    db.close();
    return kept?.build === build ? kept.files : null;
  } catch {
    return null;
  }
}

/** @param {string} base @param {string} build @param {Record<string, Blob>} files */
export async function keep(base, build, files) {
  try {
    const db = await open();
    await db.put(STORE, { build, files }, base);
    db.close();
  } catch {
    // The next visit downloads it again.
  }
}

/** What is kept turned out to be damaged. @param {string} base */
export async function discard(base) {
  try {
    const db = await open();
    await db.delete(STORE, base);
    db.close();
  } catch {
    // So it will at the next visit.
  }
}
