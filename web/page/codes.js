// @ts-check
/**
 * Compiled code of programs, kept from visit to visit, so that a warm one compiles nothing.
 *
 * Takes: which program (its place; the text too, where it has no file of its own), the build of the runtime, and bytes that an
 * engine made before its first program began.
 * Gives: those bytes, where this build made them and none of them changed since.
 * Refuses: more than `MOST_BYTES`, of one program and of all: those that were used least lately leave. It never fails and never
 * keeps anybody waiting for long: a program that is not there is compiled.
 *
 * The bytes are code that no guard judges again. Whoever could write here could run anything in an engine; that is only the
 * page's own origin. What an engine says once a script runs in it never comes here (`runs.js`, docs/security.md).
 */
import { openDB } from '../vendor/idb.js';
import { locationOf, urlOf } from './program.js';
import { sha256Of } from './store.js';

/** @typedef {{ build: string, sha256: string, bytes: Uint8Array }} Kept */
/** @typedef {{ size: number, used: number }} Note */

const NAME = 'edge-python-code';
const VERSION = 1;
/** Of one program; a thousand modules take two. */
export const MOST_BYTES = 8 * 1024 * 1024;
const MOST_OF_ALL = 4 * MOST_BYTES;
/** To compile takes no longer. */
const PATIENCE_MS = 1_000;

/**
 * @template T @param {Promise<T>} work @param {number} ms
 * @returns {Promise<T | null>} null: it failed, or took longer
 */
const orNull = (work, ms = PATIENCE_MS) => Promise.race([
  work.catch(() => null),
  new Promise((/** @type {(late: null) => void} */ resolve) => setTimeout(() => resolve(null), ms)),
]);

/**
 * Which of them leave, so that the rest is no larger than it may be: those that were used least lately.
 * @param {[string, Note][]} notes
 * @param {number} most
 */
export function leaving(notes, most = MOST_OF_ALL) {
  let size = notes.reduce((sum, [, note]) => sum + note.size, 0);
  /** @type {string[]} */
  const keys = [];
  for (const [key, note] of [...notes].sort(([, a], [, b]) => a.used - b.used)) {
    if (size <= most) break;
    size -= note.size;
    keys.push(key);
  }
  return keys;
}

/** @param {string} [name] of the database */
export function createCodes(name = NAME) {
  /** @type {Promise<any> | null} */
  let opened = null;
  const open = () => {
    opened ??= Promise.resolve().then(() => openDB(name, VERSION, {
      upgrade(/** @type {any} */ db) {
        for (const store of ['codes', 'notes']) db.createObjectStore(store);
      },
      blocking(/** @type {unknown} */ _current, /** @type {unknown} */ _wanted, /** @type {any} */ event) {
        event.target.close();
        opened = null;
      },
      terminated: () => (opened = null),
    }));
    opened.catch(() => (opened = null));
    return /** @type {Promise<any>} */ (opened);
  };

  /** @param {string} key @returns {Promise<Kept | null>} */
  async function find(key) {
    const db = await open();
    const kept = /** @type {Kept | undefined} */ (await db.get('codes', key));
    if (!(kept?.bytes instanceof Uint8Array)) return null;
    void orNull(db.put('notes', { size: kept.bytes.length, used: Date.now() }, key)); // nobody waits for the disk
    return await sha256Of(kept.bytes) === kept.sha256 ? kept : null;
  }

  /** @param {string} key @param {string} build @param {Uint8Array} bytes */
  async function put(key, build, bytes) {
    const sha256 = await sha256Of(bytes);
    const db = await open();
    const tx = db.transaction(['codes', 'notes'], 'readwrite');
    const [codes, notes] = [tx.objectStore('codes'), tx.objectStore('notes')];
    await codes.put({ build, sha256, bytes }, key);
    await notes.put({ size: bytes.length, used: Date.now() }, key);
    const [keys, values] = await Promise.all([notes.getAllKeys(), notes.getAll()]);
    const gone = leaving(keys.map((/** @type {string} */ each, /** @type {number} */ at) => [each, values[at]]));
    await Promise.all([...gone.flatMap((each) => [codes.delete(each), notes.delete(each)]), tx.done]);
  }

  /** What was read before its program came. @type {Map<string, Promise<Kept | null>>} */
  const early = new Map();

  return {
    /** Opens the database, which takes as long as reading from it, before a program waits for it. */
    prepare: () => void open().catch(() => {}),
    /**
     * Reads the code of the program that will come.
     * @param {import('./program.js').Place & { source?: string | null }} program
     * @param {Pick<import('./options.js').Options, 'base' | 'origin'>} options
     */
    async lookFor({ source = null, ...how }, options) {
      try {
        const key = await keyOf(options.origin, locationOf(urlOf(how, options), options), source === null ? null : new TextEncoder().encode(source));
        early.set(key, find(key).catch(() => null));
      } catch {
        // Where there is no such place, or no digest, nothing is kept.
      }
    },
    /** @param {string} key @param {string} build @returns {Promise<Uint8Array | null>} null: there is none */
    async read(key, build) {
      const kept = await orNull(early.get(key) ?? find(key));
      early.clear();
      return kept?.build === build ? kept.bytes : null;
    },
    /** @param {string} key @param {string} build @param {Uint8Array} bytes */
    async keep(key, build, bytes) {
      if (bytes.length <= MOST_BYTES) await orNull(put(key, build, bytes), 10 * PATIENCE_MS);
    },
    /** Lets the database go. */
    close() {
      void opened?.then((db) => db.close(), () => {});
      opened = null;
    },
    /** Removes all of it. */
    async clear() {
      await orNull(open().then((db) => Promise.all([db.clear('codes'), db.clear('notes')])));
    },
  };
}

/**
 * What a program's code goes by. Text without a file goes by itself too: a page may have many such programs in one place.
 * @param {string} origin
 * @param {string} location  of the program
 * @param {Uint8Array | null} text  null: it is that of the file there
 */
export const keyOf = async (origin, location, text) => `${origin} ${location}${text === null ? '' : ` ${await sha256Of(text)}`}`;
