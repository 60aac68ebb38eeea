// @ts-check
/**
 * Answers the linker's needs: from memory, from the lock and its store, from the network; and locks what a program used.
 *
 * Takes: needs of kind `module` and `manifest` from an engine, which is not trusted; a store and a fetcher.
 * Gives: one outcome for each need, in order; what changed and what contradicts, as data.
 * Refuses: bytes that differ from the lock (`drift`), URLs that are not in the lockfile (frozen), the network (offline).
 *
 * Nothing is written before the program has linked (`commit`): a program with a wrong digest or a missing module leaves
 * no trace. Memory holds good answers only, so that what failed is asked for again by the next run.
 *
 * A *program* is one lock record: the page's origin, the root that the linker found, and the author's `version`.
 */
import { digestOf } from './store.js';
import { STOPPED } from './fetch.js';
import { isLocal, looksLikeHtml, moduleBytes } from './locals.js';

/** @typedef {import('../protocol.js').Need} Need */
/** @typedef {import('../protocol.js').Outcome} Outcome */
/** @typedef {import('./store.js').LockEntry} LockEntry */
/** @typedef {import('./store.js').Conflict} Conflict */

/**
 * An answer as memory keeps it. `sha256` of a local file is found when it is committed, of a remote one on arrival.
 * `settled`: the store has it.
 * @typedef {{ kind: 'bytes', bytes: Uint8Array, url: string | null, sha256: string | null, settled: boolean }
 *   | { kind: 'absent', settled: boolean }} Kept
 */

/**
 * @typedef {Kept
 *   | { kind: 'failed', reason: string, hint: string | null, network?: boolean }
 *   | { kind: 'drift', locked: string, remote: string }} Answer
 */
/** @typedef {{ need: Need, files: Map<string, Kept> }} Asked */
/** @typedef {{ key: string, remote: Map<string, Kept>, asked: Map<string, Asked> }} Program */
/** @typedef {{ answer: Promise<Answer>, control: AbortController, waiting: number }} Shared */

/**
 * One digest for another; null: the file is absent there.
 * @typedef {{ spec: string, old: string | null, new: string | null }} LockChange
 */
/** @typedef {{ spec: string, reason: string, hint: string | null }} LockFailure */

const HEX = /^[0-9a-f]{64}$/;
/** @type {Answer} */
const NOT_STORED = Object.freeze({ kind: 'failed', reason: 'it is not stored, and this run is offline', hint: null });
/** @type {Answer} */
const NOT_LOCKED = Object.freeze({ kind: 'failed', reason: 'it is not in the lockfile (frozen)', hint: null });

/** @param {string} url A lock entry does not say what it was asked as; the name of a manifest is fixed. */
const isManifest = (url) => new URL(url).pathname.endsWith('/packages.json');

/** A program's key in the store. @param {string} origin @param {string | null} root @param {string | null} version */
export const programKey = (origin, root, version) => `${origin}${root ?? ''}${version ? ` ${version}` : ''}`;

/**
 * @param {Need} need
 * @param {Answer} answer
 * @returns {Outcome}
 */
function outcome(need, answer) {
  const { key } = need;
  switch (answer.kind) {
    case 'bytes':
      if (need.kind === 'manifest' && looksLikeHtml(answer.bytes)) return { key, kind: 'absent' };
      return told(need, answer.bytes, answer.url);
    case 'absent': return { key, kind: 'absent' };
    case 'failed': return { key, kind: 'failed', reason: answer.reason, hint: answer.hint };
    case 'drift': return { key, kind: 'drift', locked: answer.locked, remote: answer.remote };
  }
}

/** @param {Need} need @param {Uint8Array} bytes @param {string | null} url @returns {Outcome} */
function told({ key, kind, location, remote }, bytes, url) {
  const given = remote || kind === 'manifest' ? bytes : moduleBytes(location, bytes);
  return typeof given === 'string' ? { key, kind: 'failed', reason: given, hint: null } : { key, kind: 'bytes', bytes: given, url };
}

/** @param {string} key @param {Conflict} conflict @returns {Outcome} */
function contradiction(key, { present, incoming }) {
  const [locked, remote] = [digestOf(present), digestOf(incoming)];
  if (locked !== null && remote !== null) return { key, kind: 'drift', locked, remote };
  const reason = locked === null
    ? 'the lockfile says that it is absent, and the server has it now'
    : `the lockfile has it as sha256-${locked}, and the server says that it is absent`;
  return { key, kind: 'failed', reason, hint: null };
}

/**
 * @param {string} spec
 * @param {unknown} value  what an imported lockfile has for it
 * @returns {LockEntry}
 * @throws {TypeError} where it is no entry: the reader of lockfiles lets none through
 */
function asEntry(spec, value) {
  const { absent, sha256, bytes, url } = /** @type {any} */ (value ?? {});
  if (URL.canParse(spec)) {
    if (absent === true) return { absent };
    const sound = HEX.test(sha256) && Number.isSafeInteger(bytes) && bytes >= 0;
    if (sound && url === undefined) return { sha256, bytes };
    if (sound && typeof url === 'string' && URL.canParse(url)) return { sha256, bytes, url };
  }
  throw new TypeError(`the lockfile has a bad entry for '${spec}'`);
}

/**
 * @param {object} options
 * @param {import('./store.js').Store} options.store
 * @param {import('./fetch.js').Fetcher} options.fetcher
 * @param {string} options.origin       of the page
 * @param {string | null} [options.version]  another version starts a fresh lock
 * @param {boolean} [options.frozen]
 * @param {boolean} [options.offline]
 * @param {boolean} [options.integrity]  false: nothing is locked or stored
 * @param {(text: string) => void} [options.onWarning]
 */
export function createLoader({
  store, fetcher, origin, version = null, frozen = false, offline = false, integrity = true, onWarning = () => {},
}) {
  const locking = integrity && store.digests;
  /** @type {Map<string, Program>} by its key */
  const programs = new Map();
  /** @type {Map<string, Kept>} local files by their path, which is the same file for every program */
  const locals = new Map();
  /** @type {Map<string, Answer>} last copies of local files that stood in for them: the next run asks for the files again */
  const standIns = new Map();
  /** @type {Map<string, Shared>} */
  const underway = new Map();
  let age = 0; // counts resets: an answer that was asked for before one is not remembered after it
  let warnedOfCopies = false;

  /** @param {string | null} root */
  const keyOf = (root) => programKey(origin, root, version);

  /** @param {string | null} root @returns {Program} */
  function programOf(root) {
    const key = keyOf(root);
    let program = programs.get(key);
    if (program === undefined) programs.set(key, program = { key, remote: new Map(), asked: new Map() });
    return program;
  }

  /**
   * Needs for one file wait for one answer; the request is given up when nobody waits any more.
   * @param {string} key
   * @param {AbortSignal | undefined} signal
   * @param {(signal: AbortSignal) => Promise<Answer>} start
   * @returns {Promise<Answer>}
   */
  async function share(key, signal, start) {
    if (signal?.aborted) return STOPPED;
    let shared = underway.get(key);
    if (shared === undefined) {
      const control = new AbortController();
      const fresh = { answer: start(control.signal), control, waiting: 0 };
      shared = fresh;
      underway.set(key, fresh);
      void fresh.answer.finally(() => underway.get(key) === fresh && underway.delete(key));
    }
    const { answer, control } = shared;
    shared.waiting += 1;
    let stop = () => {};
    const stopped = new Promise((resolve) => {
      stop = () => resolve(STOPPED);
    });
    signal?.addEventListener('abort', stop);
    const first = await Promise.race([answer, /** @type {Promise<Answer>} */ (stopped)]);
    signal?.removeEventListener('abort', stop);
    shared.waiting -= 1;
    if (shared.waiting === 0 && first === STOPPED) {
      control.abort();
      if (underway.get(key) === shared) underway.delete(key);
    }
    return first;
  }

  /** @param {Need} need @param {AbortSignal} signal @returns {Promise<Answer>} */
  async function fetchLocal({ location, kind }, signal) {
    const asked = age;
    if (!isLocal(location, origin)) return { kind: 'failed', reason: 'this is not a local address', hint: null };
    const fetched = await fetcher.fetchBytes(`${origin}${location}`, { local: true, signal });
    /** @type {Kept} */
    let kept;
    if (fetched.kind === 'bytes' && !(kind === 'manifest' && looksLikeHtml(fetched.bytes))) {
      kept = { kind: 'bytes', bytes: fetched.bytes, url: fetched.url, sha256: null, settled: fetched.cut };
    } else if (fetched.kind === 'failed') {
      return fetched;
    } else {
      kept = { kind: 'absent', settled: false };
    }
    // A module that is missing is asked for again: its author is about to add it.
    if (age === asked && (kept.kind === 'bytes' || kind === 'manifest')) locals.set(location, kept);
    return kept;
  }

  /**
   * The last copies of local files. The root is found by asking for manifests, so while it is not known every program of
   * this origin is looked through.
   * @param {string[]} paths
   * @param {string | null} root
   * @returns {Promise<Map<string, Answer>>}
   */
  async function lastCopies(paths, root) {
    const records = root === null ? await store.readPrograms(`${origin}/`) : [await store.readProgram(keyOf(root))];
    /** @type {Map<string, string | null>} */
    const digests = new Map();
    for (const { locals: copies } of records) {
      for (const path of paths) if (Object.hasOwn(copies, path)) digests.set(path, copies[path] ?? digests.get(path) ?? null);
    }
    const blobs = await store.readBlobs([...digests.values()].filter((digest) => digest !== null));
    /** @type {Map<string, Answer>} */
    const found = new Map();
    for (const [path, sha256] of digests) {
      const bytes = sha256 === null ? undefined : blobs.get(sha256);
      if (bytes !== undefined) found.set(path, { kind: 'bytes', bytes, url: null, sha256, settled: true });
      else if (sha256 === null) found.set(path, { kind: 'absent', settled: true });
    }
    return found;
  }

  /**
   * @param {Need[]} needs
   * @param {string | null} root
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<Map<Need, Answer>>}
   */
  async function answerLocals(needs, root, signal) {
    /** @type {Map<Need, Answer>} */
    const answers = new Map();
    /** @type {Need[]} */
    const unanswered = [];
    await Promise.all(needs.map(async (need) => {
      /** @type {Answer | undefined} */
      let answer = locals.get(need.location);
      if (answer === undefined && offline) answer = NOT_STORED;
      answer ??= await share(`local ${need.location}`, signal, (stop) => fetchLocal(need, stop));
      answers.set(need, answer);
      if (answer === NOT_STORED || (answer.kind === 'failed' && answer.network)) unanswered.push(need);
    }));
    if (unanswered.length === 0 || !locking) return answers;
    const stored = await lastCopies(unanswered.map((need) => need.location), root);
    for (const need of unanswered) {
      const copy = stored.get(need.location);
      if (copy === undefined) continue;
      answers.set(need, copy);
      standIns.set(need.location, copy);
      if (offline || warnedOfCopies) continue;
      warnedOfCopies = true;
      onWarning('the server could not be reached: local files are used as they were when this program last ran');
    }
    return answers;
  }

  /**
   * @param {Program} program
   * @param {Need} need
   * @param {LockEntry | undefined} entry
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async function fetchRemote(program, need, entry, signal) {
    const asked = age;
    const locked = entry === undefined ? null : digestOf(entry);
    const fetched = await fetcher.fetchBytes(need.location, { signal });
    if (fetched.kind === 'failed') return fetched;
    /** @type {Kept} */
    let kept = { kind: 'absent', settled: false };
    if (fetched.kind === 'bytes') {
      const { bytes, cut } = fetched;
      const sha256 = store.digests ? await store.digest(bytes) : null;
      // The redirect that was trusted first stays the base for relative imports.
      const url = entry !== undefined && 'url' in entry ? entry.url ?? null : locked !== null ? null : fetched.url;
      kept = { kind: 'bytes', bytes, url, sha256, settled: false };
      // Too large, or not what its importer demands: the linker says so, and nothing of it is remembered.
      if (cut) return kept;
      if (locked !== null && sha256 !== null && sha256 !== locked) return { kind: 'drift', locked, remote: sha256 };
      if (need.integrity !== null && sha256 !== null && sha256 !== need.integrity) return kept;
      if (locked === null && need.kind === 'manifest' && looksLikeHtml(bytes)) kept = { kind: 'absent', settled: false };
    } else if (locked !== null) {
      return { kind: 'failed', reason: `it is locked as sha256-${locked}, and the server no longer has it`, hint: null };
    }
    if (age === asked && (kept.kind === 'bytes' || need.kind === 'manifest')) program.remote.set(need.location, kept);
    return kept;
  }

  /**
   * What the lock answers without the network.
   * @param {Need[]} needs
   * @param {Program} program
   * @returns {Promise<{ lock: Map<string, LockEntry>, stored: Map<string, Kept> }>} by location
   */
  async function fromLock(needs, program) {
    /** @type {Map<string, LockEntry>} */
    const lock = new Map();
    /** @type {Map<string, Kept>} */
    const stored = new Map();
    const unknown = needs.filter((need) => !program.remote.has(need.location));
    if (unknown.length === 0 || !locking) return { lock, stored };
    const { modules } = await store.readProgram(program.key);
    for (const { location } of unknown) {
      const entry = Object.hasOwn(modules, location) ? modules[location] : undefined;
      if (entry !== undefined) lock.set(location, entry);
    }
    const blobs = await store.readBlobs([...lock.values()].map(digestOf).filter((digest) => digest !== null));
    for (const [location, entry] of lock) {
      if ('absent' in entry) {
        stored.set(location, { kind: 'absent', settled: true });
        continue;
      }
      const { sha256, url = null } = entry;
      const bytes = blobs.get(sha256);
      if (bytes !== undefined) stored.set(location, { kind: 'bytes', bytes, url, sha256, settled: true });
    }
    return { lock, stored };
  }

  /**
   * @param {Need[]} needs
   * @param {Program} program
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<Map<Need, Answer>>}
   */
  async function answerRemotes(needs, program, signal) {
    /** @type {Map<Need, Answer>} */
    const answers = new Map();
    const asked = age;
    const { lock, stored } = await fromLock(needs, program);
    for (const [location, kept] of stored) {
      if (age === asked && !program.remote.has(location)) program.remote.set(location, kept);
    }
    await Promise.all(needs.map(async (need) => {
      const { location } = need;
      const entry = lock.get(location);
      /** @type {Answer | undefined} */
      let answer = program.remote.get(location) ?? stored.get(location);
      if (answer === undefined && entry === undefined && frozen) answer = NOT_LOCKED;
      if (answer === undefined && offline) answer = NOT_STORED;
      answer ??= await share(`${program.key} ${location}`, signal, (stop) => fetchRemote(program, need, entry, stop));
      answers.set(need, answer);
    }));
    return answers;
  }

  /**
   * @param {Need[]} needs
   * @param {string | null} root  null: not known yet; then only local files can be asked for
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome[]>}
   */
  async function supply(needs, root, signal) {
    const program = programOf(root);
    const files = needs.filter((need) => need.kind !== 'host');
    for (const need of files) program.asked.set(need.key, { need, files: need.remote ? program.remote : locals });
    const [near, far] = await Promise.all([
      answerLocals(files.filter((need) => !need.remote), root, signal),
      answerRemotes(files.filter((need) => need.remote), program, signal),
    ]);
    return files.map((need) => outcome(need, /** @type {Answer} */ (near.get(need) ?? far.get(need))));
  }

  /** What there is of these needs, each with where it is kept. @param {string} root @param {string[]} keys */
  function* keptOf(root, keys) {
    const program = programOf(root);
    const rootless = programs.get(keyOf(null));
    for (const key of keys) {
      const asked = program.asked.get(key) ?? rootless?.asked.get(key);
      const kept = asked?.files.get(asked.need.location);
      if (asked !== undefined && kept !== undefined) yield { key, need: asked.need, kept, files: asked.files };
    }
  }

  /**
   * What is locked of a program that was committed: of the URLs that it used, no more.
   * @param {string} root
   * @param {string[]} keys  of the needs that it consists of
   * @returns {import('./state.js').Locks}
   */
  function locked(root, keys) {
    /** @type {import('./state.js').Locks} */
    const digests = {};
    if (!locking) return digests;
    for (const { need, kept } of keptOf(root, keys)) {
      if (need.remote) digests[need.location] = kept.kind === 'bytes' ? kept.sha256 : null;
    }
    return digests;
  }

  /**
   * Locks and stores what the program used, before its first statement runs.
   * @param {string} root
   * @param {string[]} keys  of the needs that the program consists of
   * @returns {Promise<Outcome[]>} what contradicts the lock; then nothing was written and nothing may run
   */
  async function commit(root, keys) {
    if (!locking) return [];
    const program = programOf(root);
    /** @type {Record<string, LockEntry>} */
    const modules = {};
    /** @type {Record<string, string | null>} */
    const copies = {};
    /** @type {Map<string, Uint8Array>} */
    const blobs = new Map();
    const fresh = [...keptOf(root, keys)].filter(({ kept }) => !kept.settled);
    if (fresh.length === 0) return [];
    await Promise.all(fresh.map(async ({ need, kept }) => {
      if (kept.kind === 'bytes') {
        kept.sha256 ??= await store.digest(kept.bytes);
        blobs.set(kept.sha256, kept.bytes);
      }
      if (!need.remote) copies[need.location] = kept.kind === 'bytes' ? kept.sha256 : null;
      else if (kept.kind === 'absent') modules[need.location] = { absent: true };
      else {
        const entry = { sha256: /** @type {string} */ (kept.sha256), bytes: kept.bytes.length };
        modules[need.location] = kept.url === null ? entry : { ...entry, url: kept.url };
      }
    }));
    const conflicts = new Map((await store.commit(program.key, { modules, locals: copies, blobs })).map((c) => [c.spec, c]));
    /** @type {Outcome[]} */
    const refused = [];
    for (const { key, need, kept, files } of fresh) {
      const conflict = need.remote ? conflicts.get(need.location) : undefined;
      if (conflict !== undefined) {
        refused.push(contradiction(key, conflict));
        files.delete(need.location); // the next run takes what is locked
      } else if (conflicts.size === 0) kept.settled = true;
    }
    return refused;
  }

  /** Forgets what was fetched, not what was stored: local files are asked for again. */
  function reset() {
    age += 1;
    programs.clear();
    locals.clear();
    standIns.clear();
    underway.clear();
    warnedOfCopies = false;
  }

  /** @param {string} root @returns {Promise<Record<string, LockEntry>>} the lock, for export */
  async function entries(root) {
    return locking ? (await store.readProgram(keyOf(root))).modules : {};
  }

  /** Memory must not go on with what the lock no longer says. @param {string} root @param {Iterable<string>} specs */
  function forget(root, specs) {
    for (const spec of specs) programs.get(keyOf(root))?.remote.delete(spec);
  }

  /**
   * Adds the entries of a lockfile. Nothing is written when one contradicts, unless `replace` says that the lockfile wins.
   * @param {string} root
   * @param {Record<string, LockEntry>} imported
   * @param {{ replace?: boolean }} [options]
   * @returns {Promise<LockChange[]>} those that contradict the lock: `old` is what it has (or had), `new` what was imported
   */
  async function importEntries(root, imported, { replace = false } = {}) {
    const modules = Object.fromEntries(Object.entries(imported).map(([spec, entry]) => [spec, asEntry(spec, entry)]));
    if (!locking) return [];
    let conflicts = await store.commit(keyOf(root), { modules });
    const found = conflicts;
    // Another tab may change what we saw; it cannot do so for ever.
    for (let turn = 0; replace && conflicts.length > 0 && turn < 5; turn += 1) {
      const replaces = Object.fromEntries(conflicts.map(({ spec, present }) => [spec, present]));
      conflicts = await store.commit(keyOf(root), { modules, replaces });
      forget(root, Object.keys(replaces));
    }
    return found.map(({ spec, present, incoming }) => ({ spec, old: digestOf(present), new: digestOf(incoming) }));
  }

  /**
   * Fetches locked URLs again and locks what they are now; all of them or none.
   * @param {string} root
   * @param {string[] | null} [specs]  null: every locked URL
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ ok: true, changes: LockChange[] } | { ok: false, failures: LockFailure[] }>}
   */
  async function update(root, specs = null, signal) {
    const locked = await entries(root);
    /** @type {Record<string, LockEntry>} */
    const modules = {};
    /** @type {Record<string, LockEntry>} */
    const replaces = {};
    /** @type {Map<string, Uint8Array>} */
    const blobs = new Map();
    /** @type {LockFailure[]} */
    const failures = [];
    /** @type {LockChange[]} */
    const changes = [];
    await Promise.all((specs ?? Object.keys(locked)).map(async (spec) => {
      const old = Object.hasOwn(locked, spec) ? locked[spec] : undefined;
      if (old === undefined) return void failures.push({ spec, reason: 'it is not in the lockfile', hint: null });
      if (offline) return void failures.push({ spec, reason: 'this run is offline', hint: null });
      const fetched = await fetcher.fetchBytes(spec, { cache: 'no-store', signal });
      if (fetched.kind === 'failed') return void failures.push({ spec, reason: fetched.reason, hint: fetched.hint });
      const manifest = isManifest(spec);
      /** @type {LockEntry} */
      let entry = { absent: true };
      if (fetched.kind === 'bytes' && !(manifest && looksLikeHtml(fetched.bytes))) {
        const { bytes, url, cut } = fetched;
        if (cut) return void failures.push({ spec, reason: `it is larger than ${bytes.length - 1} bytes`, hint: null });
        const sha256 = await store.digest(bytes);
        entry = url === null ? { sha256, bytes: bytes.length } : { sha256, bytes: bytes.length, url };
        if (sha256 !== digestOf(old)) blobs.set(sha256, bytes);
      } else if (!manifest) return void failures.push({ spec, reason: 'the server no longer has it', hint: null });
      if (digestOf(entry) === digestOf(old)) return undefined;
      modules[spec] = entry;
      replaces[spec] = old;
      changes.push({ spec, old: digestOf(old), new: digestOf(entry) });
      return undefined;
    }));
    if (failures.length === 0 && changes.length > 0) {
      for (const { spec } of await store.commit(keyOf(root), { modules, replaces, blobs })) {
        failures.push({ spec, reason: 'another tab changed its lock meanwhile', hint: 'try again' });
      }
    }
    if (failures.length > 0) return { ok: false, failures };
    forget(root, Object.keys(modules));
    const order = (/** @type {LockChange} */ a, /** @type {LockChange} */ b) => (a.spec < b.spec ? -1 : 1);
    return { ok: true, changes: changes.sort(order) };
  }

  return {
    supply,
    commit,
    locked,
    reset,
    entries,
    importEntries,
    update,
    /** A local file that was supplied; null: there is none. @param {string} location */
    localBytes(location) {
      const kept = locals.get(location) ?? standIns.get(location);
      return kept?.kind === 'bytes' ? kept.bytes : null;
    },
    /** Removes this program's lock record and the whole CAS. @param {string} root */
    async clear(root) {
      reset();
      await store.clear(keyOf(root));
    },
    get integrityActive() {
      return integrity && store.persistent;
    },
  };
}

/** @typedef {ReturnType<typeof createLoader>} Loader */
