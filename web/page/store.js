// @ts-check
/**
 * The store behind the lockfile: bytes by their digest (the CAS) and one record per program root, in IndexedDB.
 *
 * Takes: digests, bytes, lock entries.
 * Gives: bytes whose digest was verified on this read, records, and conflicts as data.
 * Refuses: an entry that contradicts the lock, and half a commit.
 *
 * No method throws and none hangs. Where IndexedDB is missing, blocked, full or taken away, the store goes on from
 * memory: `persistent` turns false and one warning says why. What was read before stays in force, so that losing the
 * database in the middle of a run does not lose the lock.
 *
 * Every write is one transaction over both object stores, and it reads the record again inside: tabs take turns there,
 * so none loses another's entry, and a page that is killed leaves all of a commit or nothing.
 */
import { openDB } from '../vendor/idb.js';

/**
 * One URL of a `packages.lock.json`. `url` is the final address where a redirect led elsewhere; `absent` is a manifest
 * that is not there.
 * @typedef {{ sha256: string, bytes: number, url?: string } | { absent: true }} LockEntry
 */

/**
 * What is kept of one program: its lock, and the last copies of its local files (null: it was not there), which serve
 * when the network does not and are never exported.
 * @typedef {{ modules: Record<string, LockEntry>, locals: Record<string, string | null> }} ProgramRecord
 */

/**
 * What one commit adds. `blobs` holds the bytes that the entries name; an entry of an imported lockfile comes without
 * its bytes, which follow with the first run. An entry in `replaces` is the one that this commit saw and may overwrite.
 * @typedef {{ modules?: Record<string, LockEntry>, locals?: Record<string, string | null>, blobs?: Map<string, Uint8Array>,
 *   replaces?: Record<string, LockEntry> }} Change
 */

/** @typedef {{ spec: string, present: LockEntry, incoming: LockEntry }} Conflict */
/** @typedef {import('idb').IDBPDatabase} Database */
/** @typedef {ReturnType<typeof build>} Store */

const VERSION = 1;
const OPEN_MS = 3_000;
/** No transaction of ours takes a tenth of this: one that does waits for a tab that will never answer. */
const WORK_MS = 15_000;

/** The database cannot be used, in words that complete "modules are not kept: …". */
class StoreFailure extends Error {}

/** @returns {ProgramRecord} */
const emptyRecord = () => ({ modules: {}, locals: {} });

/** @param {LockEntry} entry @returns {string | null} null: the entry says that the file is absent */
export const digestOf = (entry) => ('sha256' in entry ? entry.sha256 : null);

/**
 * Adds a change to a record, or finds what contradicts it. Pure: the database and the memory share it.
 * @param {ProgramRecord} present
 * @param {Change} change
 * @returns {{ record: ProgramRecord, conflicts: Conflict[], changed: boolean, dropped: Set<string> }} `dropped`: digests
 *   that an entry named and no longer names
 */
export function mergeRecord(present, { modules = {}, locals = {}, replaces = {} }) {
  const record = { modules: { ...present.modules }, locals: { ...present.locals } };
  /** @type {Conflict[]} */
  const conflicts = [];
  const dropped = new Set();
  let changed = false;
  for (const [spec, incoming] of Object.entries(modules)) {
    const old = Object.hasOwn(present.modules, spec) ? present.modules[spec] : undefined;
    if (old !== undefined && digestOf(old) === digestOf(incoming)) continue;
    if (old !== undefined) {
      const expected = Object.hasOwn(replaces, spec) ? replaces[spec] : undefined;
      if (expected === undefined || digestOf(expected) !== digestOf(old)) {
        conflicts.push({ spec, present: old, incoming });
        continue;
      }
      if ('sha256' in old) dropped.add(old.sha256);
    }
    record.modules[spec] = incoming;
    changed = true;
  }
  for (const [path, sha256] of Object.entries(locals)) {
    const old = Object.hasOwn(present.locals, path) ? present.locals[path] : undefined;
    if (old === sha256) continue;
    if (typeof old === 'string') dropped.add(old);
    record.locals[path] = sha256;
    changed = true;
  }
  return { record, conflicts, changed, dropped };
}

/** @param {ProgramRecord} record @returns {Set<string>} every digest that the record names */
function named(record) {
  const digests = new Set();
  for (const entry of Object.values(record.modules)) if ('sha256' in entry) digests.add(entry.sha256);
  for (const sha256 of Object.values(record.locals)) if (sha256 !== null) digests.add(sha256);
  return digests;
}

/**
 * @param {unknown} value what the database holds under a program's key
 * @returns {ProgramRecord}
 */
function asRecord(value) {
  if (value === undefined) return emptyRecord();
  const { modules, locals } = /** @type {any} */ (value ?? {});
  const isMap = (/** @type {unknown} */ part) => typeof part === 'object' && part !== null && !Array.isArray(part);
  // Never overwrite what we cannot read: the store goes on from memory instead.
  if (!isMap(modules) || !isMap(locals)) throw new StoreFailure('its database holds a record that this version cannot read');
  return { modules, locals };
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** @param {Uint8Array} bytes @returns {Promise<string>} hex SHA-256 */
export async function sha256Of(bytes) {
  const digest = await crypto.subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} work
 * @param {string} why
 * @returns {Promise<T>} rejects with a StoreFailure when the work takes longer
 */
function within(ms, work, why) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new StoreFailure(why)), ms);
  });
  return Promise.race([work, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer));
}

/** @param {any} error @returns {string} */
function reasonOf(error) {
  if (error instanceof StoreFailure) return error.message;
  switch (error?.name) {
    case 'QuotaExceededError': return 'the space that the browser gives this site is full';
    case 'VersionError': return 'the database in this browser was written by a newer version of Edge Python';
    case 'SecurityError':
    case 'ReferenceError': return 'this browser does not let the page store anything';
    default: return `the database in this browser failed (${error?.message || error?.name || String(error)})`;
  }
}

/**
 * @param {string} name
 * @param {number} openMs
 * @param {(why: string) => void} onLost the open connection was taken away
 * @returns {Promise<Database>}
 */
function openDatabase(name, openMs, onLost) {
  let over = false;
  const opened = new Promise((resolve, reject) => {
    // This may throw, too, and rejects then: a page may have made `indexedDB` itself a getter that throws.
    const request = openDB(name, VERSION, {
      upgrade(/** @type {Database} */ db) {
        for (const store of ['blobs', 'programs']) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
      },
      blocked: () => reject(new StoreFailure('another tab holds an older version of the database open')),
      blocking(_current, _wanted, /** @type {any} */ event) {
        event.target.close(); // or the other tab waits for this one
        onLost('another tab changed or deleted the database');
      },
      terminated: () => onLost('the browser closed the database'),
    });
    request.then((/** @type {Database} */ db) => {
      if (over) db.close(); // it came after we gave up, and nobody would use it
      else resolve(db);
    }, reject);
  });
  return within(openMs, opened, `the browser did not open its database within ${openMs / 1000} s`)
    .catch((error) => {
      over = true;
      throw error;
    });
}

/**
 * @param {Database} db
 * @param {string} program
 * @param {Change} change
 * @returns {Promise<{ record: ProgramRecord, conflicts: Conflict[] }>}
 */
async function commitTo(db, program, change) {
  const tx = db.transaction(['blobs', 'programs'], 'readwrite');
  /** @type {any[]} */
  const failures = [];
  const fail = (/** @type {any} */ error) => void failures.push(error);
  const done = tx.done.catch(fail);
  let merged;
  try {
    const blobs = tx.objectStore('blobs');
    const programs = tx.objectStore('programs');
    const present = asRecord(await programs.get(program));
    merged = mergeRecord(present, change);
    if (merged.conflicts.length === 0) {
      const known = named(present);
      await Promise.all(Array.from(change.blobs ?? [], async ([sha256, bytes]) => {
        // A blob that the record named before is there as a rule: local files are committed on every page load.
        if (known.has(sha256) && (await blobs.getKey(sha256)) !== undefined) return;
        // Cloning a view clones all of its buffer.
        await blobs.put(bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice(), sha256);
      }));
      if (merged.changed) await programs.put(merged.record, program);
      if (merged.dropped.size > 0) {
        // What no record names any more would stay for ever: an author's every edit of a local file.
        const kept = new Set((await programs.getAll()).flatMap((/** @type {any} */ record) => [...named(asRecord(record))]));
        await Promise.all([...merged.dropped].filter((digest) => !kept.has(digest)).map((digest) => blobs.delete(digest)));
      }
    }
  } catch (error) {
    fail(error);
    try {
      tx.abort();
    } catch {
      // It has ended already, by the same failure.
    }
  }
  await done;
  // The request's error may only say that the transaction was aborted; why it was comes from another of them.
  if (failures.length > 0) throw failures.find((error) => error?.name === 'QuotaExceededError') ?? failures[0];
  return /** @type {NonNullable<typeof merged>} */ (merged);
}

/**
 * @param {Database | null} database
 * @param {(text: string) => void} onWarning
 */
function build(database, onWarning) {
  let db = database;
  let full = false;
  let warned = database === null;
  /** @type {Map<string, Uint8Array>} */
  const memoryBlobs = new Map();
  /** @type {Map<string, ProgramRecord>} the records as last seen; the truth once the database is lost or full */
  const memoryPrograms = new Map();
  /** @type {Set<string>} */
  const reported = new Set();

  const persistent = () => db !== null && !full;

  /** @param {string} why */
  function warnOnce(why) {
    if (warned) return;
    warned = true;
    onWarning(`modules are not kept: ${why}; this page goes on from memory`);
  }

  /** @param {string} why */
  function lose(why) {
    db?.close();
    db = null;
    warnOnce(why);
  }

  /**
   * @template T
   * @param {(db: Database) => Promise<T>} work
   * @returns {Promise<T | undefined>} undefined: there is no database (any more), go on from memory
   */
  async function attempt(work) {
    if (db === null) return undefined;
    try {
      return await within(WORK_MS, work(db), `the database in this browser did not answer within ${WORK_MS / 1000} s`);
    } catch (error) {
      const why = reasonOf(error);
      if (/** @type {any} */ (error)?.name === 'QuotaExceededError') {
        full = true; // what is stored can still be read
        warnOnce(why);
      } else {
        lose(why);
      }
      return undefined;
    }
  }

  /** @param {string} program @returns {Promise<ProgramRecord>} an empty one where nothing is stored */
  async function readProgram(program) {
    if (persistent() || !memoryPrograms.has(program)) {
      const record = await attempt(async (open) => asRecord(await open.get('programs', program)));
      if (record !== undefined) memoryPrograms.set(program, record);
    }
    return memoryPrograms.get(program) ?? emptyRecord();
  }

  /** @param {string} prefix @returns {Promise<ProgramRecord[]>} every record whose key starts so */
  async function readPrograms(prefix) {
    const stored = await attempt((open) => open.getAll('programs', IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
    if (stored !== undefined && persistent()) return stored.map(asRecord);
    return [...memoryPrograms].filter(([key]) => key.startsWith(prefix)).map(([, record]) => record);
  }

  /** @param {Map<string, Uint8Array>} bad by the digest that they are stored under */
  async function discard(bad) {
    for (const digest of bad.keys()) {
      if (reported.has(digest)) continue;
      reported.add(digest);
      onWarning(`the stored copy of sha256-${digest} was damaged and has been deleted; it is fetched again`);
    }
    await attempt(async (open) => {
      const tx = open.transaction('blobs', 'readwrite');
      await Promise.all(Array.from(bad, async ([digest, bytes]) => {
        const now = await tx.store.get(digest);
        // Another tab may have put the right bytes there meanwhile.
        if (now !== undefined && (!(now instanceof Uint8Array) || sameBytes(now, bytes))) await tx.store.delete(digest);
      }).concat(tx.done));
    });
  }

  /**
   * @param {Iterable<string>} digests
   * @returns {Promise<Map<string, Uint8Array>>} those that are there and whose bytes have the digest
   */
  async function readBlobs(digests) {
    /** @type {Map<string, Uint8Array>} */
    const found = new Map();
    /** @type {string[]} */
    const wanted = [];
    for (const digest of new Set(digests)) {
      const bytes = memoryBlobs.get(digest);
      if (bytes === undefined) wanted.push(digest);
      else found.set(digest, bytes);
    }
    if (wanted.length === 0 || db === null) return found;
    const stored = await attempt((open) => {
      const { store, done } = open.transaction('blobs'); // one for all: a thousand of them would take seconds
      done.catch(() => {}); // the requests say it too
      return Promise.all(wanted.map((digest) => store.get(digest)));
    });
    /** @type {Map<string, Uint8Array>} */
    const bad = new Map();
    await Promise.all(wanted.map(async (digest, i) => {
      const bytes = stored?.[i];
      if (bytes === undefined) return;
      const whole = bytes instanceof Uint8Array ? bytes : new Uint8Array();
      const right = bytes === whole && (await sha256Of(whole)) === digest;
      (right ? found : bad).set(digest, whole);
    }));
    if (bad.size > 0) await discard(bad);
    return found;
  }

  /**
   * Writes all of a change in one transaction, or nothing of it where an entry contradicts the lock.
   * @param {string} program
   * @param {Change} change
   * @returns {Promise<Conflict[]>}
   */
  async function commit(program, change) {
    if (persistent()) {
      const merged = await attempt((open) => commitTo(open, program, change));
      if (merged !== undefined) {
        if (merged.conflicts.length === 0) memoryPrograms.set(program, merged.record);
        return merged.conflicts;
      }
    }
    const merged = mergeRecord(await readProgram(program), change);
    if (merged.conflicts.length > 0) return merged.conflicts;
    memoryPrograms.set(program, merged.record);
    for (const [digest, bytes] of change.blobs ?? []) memoryBlobs.set(digest, bytes);
    return [];
  }

  /** Removes the program's record and every blob. Other programs' locks stay and hold for what is fetched again. */
  async function clear(/** @type {string} */ program) {
    memoryBlobs.clear();
    memoryPrograms.delete(program);
    await attempt(async (open) => {
      const tx = open.transaction(['blobs', 'programs'], 'readwrite');
      await Promise.all([tx.objectStore('programs').delete(program), tx.objectStore('blobs').clear(), tx.done]);
    });
  }

  return {
    /** Is what is committed now there on the next visit? */
    get persistent() {
      return persistent();
    },
    /** False on an insecure origin, which has no WebCrypto: nothing can be locked there. */
    get digests() {
      return globalThis.crypto?.subtle !== undefined;
    },
    digest: sha256Of,
    readProgram,
    readPrograms,
    readBlobs,
    commit,
    clear,
    lose,
    /** Lets the database go: for tests and for a page that is done with its workers. */
    close() {
      db?.close();
      db = null;
    },
  };
}

/** A store that keeps nothing beyond this page and says nothing about it. */
export const createMemoryStore = () => build(null, () => {});

/**
 * @param {{ onWarning?: (text: string) => void, name?: string, openMs?: number }} [options]
 * @returns {Promise<Store>} within `openMs`, whatever the browser does
 */
export async function openStore({ onWarning = () => {}, name = 'edge-python', openMs = OPEN_MS } = {}) {
  /** @type {Store | undefined} */
  let store;
  try {
    if (globalThis.crypto?.subtle === undefined) {
      throw new StoreFailure('this page is not a secure context (https: or localhost), so digests cannot be checked');
    }
    store = build(await openDatabase(name, openMs, (why) => store?.lose(why)), onWarning);
    return store;
  } catch (error) {
    onWarning(`modules are not kept: ${reasonOf(error)}; this page goes on from memory`);
    return createMemoryStore();
  }
}
