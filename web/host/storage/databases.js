// @ts-check
/**
 * IndexedDB: databases of named stores, each a table of keys and values.
 *
 * Takes: names, keys (str or int), values (str or bytes). Gives: an integer for each open database; what was stored.
 * Refuses: the runtime's own database, because what is in it runs in later programs; stores that are not there; numbers of
 * databases that are closed. A write is done when it returns.
 *
 * Another tab, or another program, that wants to change or delete a database is not kept waiting: the connection here is
 * closed, and the next call says so.
 */
import { deleteDB, openDB } from '../../vendor/idb.js';
import { PythonError } from '../registry.js';

/** Whose databases these are: see `page/store.js`. */
const RUNTIME = 'edge-python';
/** A database opens at once, or waits for others. */
const PATIENCE_MS = 3_000;
/** Versions are 64-bit for IndexedDB; a Number holds this many exactly. */
const MOST = Number.MAX_SAFE_INTEGER;

/** @typedef {import('../../vendor/idb.js').IDBPDatabase<any>} Database */

/** @param {AbortSignal} signal */
export function createDatabases(signal) {
  /** @type {Map<number, Database>} */
  const open = new Map();
  /** Why a database was closed that the program did not close. @type {Map<number, string>} */
  const lost = new Map();
  let last = 0;

  signal.addEventListener('abort', () => {
    for (const db of open.values()) db.close();
    open.clear();
  }, { once: true });

  /** @param {number} id @param {string} store */
  const databaseWith = (id, store) => {
    const db = open.get(id);
    if (db === undefined) {
      if (id < 1 || id > last) throw new PythonError('ValueError', `there is no database ${id}; idb_open() gives the number of one`);
      throw new PythonError('OSError', `database ${id} is closed${lost.get(id) ?? ''}; open it again with idb_open()`);
    }
    if (!db.objectStoreNames.contains(store)) {
      const stores = [...db.objectStoreNames].map((name) => `'${name}'`).join(', ') || 'none';
      throw new PythonError('LookupError', `database '${db.name}' has no store '${store}' (it has: ${stores}); to add it, name it in `
        + `idb_open() with a version above ${db.version}`);
    }
    return db;
  };

  /**
   * @template T
   * @param {number} id
   * @param {string} store
   * @param {IDBTransactionMode} mode
   * @param {(store: any) => Promise<T>} work
   * @returns {Promise<T>} once it is on its way to the disk
   */
  async function within(id, store, mode, work) {
    const db = databaseWith(id, store);
    try {
      const transaction = db.transaction(store, mode);
      const [result] = await Promise.all([work(transaction.store), transaction.done]);
      return result;
    } catch (error) {
      throw explained(error, `database '${db.name}'`);
    }
  }

  return {
    /** @param {string} name @param {number} version @param {string} options @returns {Promise<number>} */
    async open(name, version, options) {
      allow(name);
      if (version < 1 || version > MOST) throw new PythonError('ValueError', `the version of a database is an int from 1, not ${version}`);
      const stores = storesOf(options);
      const what = `database '${name}'`;
      const id = ++last;
      /** @param {string} why */
      const lose = (why) => {
        lost.set(id, `: ${why}`);
        open.delete(id);
      };
      const db = await patiently(what, (signs) => {
        const opening = openDB(name, version, {
          upgrade(fresh, _old, _new, transaction) {
            if (signs.over) {
              transaction.done.catch(() => {});
              transaction.abort(); // who asked was told that it failed
              return;
            }
            for (const store of stores) if (!fresh.objectStoreNames.contains(store)) fresh.createObjectStore(store);
          },
          blocked: signs.blocked,
          blocking(_current, _wanted, /** @type {any} */ event) {
            event.target.close();
            lose('another tab or program changes or deletes it');
          },
          terminated: () => lose('the browser took it away'),
        });
        return opening.then((found) => {
          if (signs.over || signal.aborted) found.close(); // nobody waits for it any more
          return found;
        });
      }).catch((error) => {
        throw explained(error, what, version);
      });
      const missing = stores.find((store) => !db.objectStoreNames.contains(store));
      if (missing !== undefined) {
        db.close();
        throw new PythonError('ValueError', `${what} has version ${version} already, without a store '${missing}'; open it with version `
          + `${version + 1} to add it`);
      }
      open.set(id, db);
      return id;
    },
    /** @param {number} id @param {string} store @param {string | number} key @param {string | Uint8Array} value */
    put: (id, store, key, value) => within(id, store, 'readwrite', (table) => table.put(value, key)).then(() => null),
    /** @param {number} id @param {string} store @param {string | number} key */
    get: (id, store, key) => within(id, store, 'readonly', (table) => table.get(key)),
    /** @param {number} id @param {string} store @param {string | number} key */
    delete: (id, store, key) => within(id, store, 'readwrite', (table) => table.delete(key)),
    /** @param {number} id @param {string} store */
    keys: async (id, store) => JSON.stringify(await within(id, store, 'readonly', (table) => table.getAllKeys())),
    /** @param {number} id */
    close(id) {
      if (id < 1 || id > last) throw new PythonError('ValueError', `there is no database ${id}; idb_open() gives the number of one`);
      open.get(id)?.close();
      open.delete(id);
      lost.delete(id);
    },
    /** @param {string} name */
    async drop(name) {
      allow(name);
      const what = `database '${name}'`;
      await patiently(what, ({ blocked }) => deleteDB(name, { blocked })).catch((error) => {
        throw explained(error, what);
      });
    },
  };
}

/**
 * Opens or deletes a database, unless others hold it. A browser then says so to the first who asks, lets that one wait for
 * ever, and everybody after it too, in silence.
 * @template T
 * @param {string} what
 * @param {(signs: { over: boolean, blocked: () => void }) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function patiently(what, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const signs = { over: false, blocked: () => {} };
  try {
    return await new Promise((resolve, reject) => {
      signs.blocked = () => reject(new PythonError('OSError', `${what} is open elsewhere and is not let go; close it there, then try again`));
      timer = setTimeout(signs.blocked, PATIENCE_MS);
      work(signs).then(resolve, reject);
    });
  } finally {
    signs.over = true;
    clearTimeout(timer);
  }
}

/** @param {string} name */
function allow(name) {
  if (!name.startsWith(RUNTIME)) return;
  throw new PythonError('PermissionError', `names that begin with '${RUNTIME}' are kept for the runtime, which stores there what later `
    + 'programs run; choose another name');
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function storesOf(text) {
  const wrong = (/** @type {string} */ why) => new PythonError('ValueError', `idb_open() argument 3 (options) ${why}; it is a text of JSON, like '{"stores": ["notes"]}'`);
  let options;
  try {
    options = JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw wrong('is no JSON object');
  const { stores = [], ...others } = options;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(`has an entry '${other}' that nobody knows`);
  if (!Array.isArray(stores) || stores.some((each) => typeof each !== 'string')) throw wrong('has "stores" that are no list of names');
  return stores;
}

/**
 * A browser's error, for a program.
 * @param {any} error
 * @param {string} what
 * @param {number} [version]
 */
export function explained(error, what, version) {
  switch (error?.name) {
    case 'QuotaExceededError':
      return new PythonError('OSError', `${what} is full: the browser gives this site no more space; remove something first`);
    case 'VersionError':
      return new PythonError('ValueError', `${what} has a version above ${version} already; open it with that one`);
    case 'DataError':
      return new PythonError('ValueError', `${what} takes no such key; a key is a str or an int`);
    case 'SecurityError':
    case 'ReferenceError':
      return new PythonError('OSError', 'this browser does not let the page store anything (its settings, or a private window)');
    case 'InvalidStateError':
      return new PythonError('OSError', `${what} was closed meanwhile; open it again with idb_open()`);
    default:
      return error instanceof DOMException ? new PythonError('OSError', `${what} failed: ${error.message || error.name}`) : error;
  }
}
