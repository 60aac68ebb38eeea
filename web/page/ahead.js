// @ts-check
/**
 * What a program will probably ask for, fetched while its engine still starts.
 *
 * Takes: the worker's fetcher and store, and the text or address of the program that comes first.
 * Gives: `fetcher` and `store` for the loader: they answer with what came ahead, and else as the ones that were given.
 * Refuses: to decide anything. It reads imports with a quick look, resolves them as the linker probably will, and is silent
 * where it cannot tell. The linker asks for all that it needs, and the loader judges every answer (lock, integrity, content)
 * whether it came ahead or not. What nobody asks for is dropped: never locked, stored or shown.
 *
 * Every request goes through the same fetcher, so the same origins, sizes and credentials hold. With a frozen lockfile only
 * local files come ahead, offline nothing does.
 */
import { STOPPED } from './fetch.js';
import { isLocal, looksLikeHtml } from './locals.js';
import { programKey } from './loader.js';
import { locationOf, urlOf } from './program.js';
import { digestOf } from './store.js';

/** @typedef {import('./fetch.js').Fetched} Fetched */
/** @typedef {import('./fetch.js').Fetcher} Fetcher */
/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('./program.js').Place} Place */
/** @typedef {{ imports: Record<string, string>, host: Record<string, unknown>, extends: string | null, base: string }} Manifest */

const MANIFEST = 'packages.json';
/** A program that has more files than this waits for its linker with the rest. */
const MOST_FILES = 2_000;
const MOST_BYTES = 16 * 1024 * 1024;
/** As many steps as the linker takes from a name to its file. */
const MOST_HOPS = 32;

/** Long strings may hold lines that look like imports. */
const LONG_STRINGS = /("""|''')[\s\S]*?\1/g;
const IMPORTS = /(?:^|;)[ \t]*(?:from[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|[ \t]([A-Za-z_][\w.]*))[ \t]*import\b|import[ \t]+(?:"([^"\n]+)"|'([^'\n]+)'|([A-Za-z_][\w., \t]*)))/gm;

/**
 * The specs that a text seems to import, without what they demand of the bytes.
 * @param {string} text
 * @returns {string[]}
 */
export function quickImports(text) {
  /** @type {Set<string>} */
  const specs = new Set();
  for (const [, from1, from2, name, import1, import2, names] of text.replace(LONG_STRINGS, '').matchAll(IMPORTS)) {
    const quoted = from1 ?? from2 ?? name ?? import1 ?? import2;
    if (quoted !== undefined) specs.add(quoted);
    for (const each of names?.split(',') ?? []) specs.add(each.trim().split(/[ \t]/)[0] ?? '');
  }
  return [...specs].map((spec) => spec.split('#')[0] ?? '').filter((spec) => spec !== '');
}

/** The directory of a location. @param {string} location */
const directoryOf = (location) => location.replace(/[?#].*$/s, '').replace(/[^/]*$/, '');

/** The directory above; null: there is none. @param {string} directory */
function above(directory) {
  const parent = directory.replace(/[^/]+\/$/, '');
  return parent === directory || /^[a-z]+:\/\/$/.test(parent) ? null : parent;
}

/** @param {string} directory @param {string} home @returns {string[]} it and those above, up to the program's home */
function upTo(directory, home) {
  /** @type {string[]} */
  const found = [];
  for (let here = /** @type {string | null} */ (directory); here !== null && found.length < MOST_HOPS; here = here === home ? null : above(here)) {
    found.push(here);
  }
  return found;
}

/**
 * @param {object} parts
 * @param {Fetcher} parts.fetcher
 * @param {Promise<Store>} parts.store  may still be opening
 * @param {Pick<import('./options.js').Options, 'base' | 'origin' | 'packages' | 'imports' | 'hosts' | 'lock'>} parts.options
 */
export function createAhead({ fetcher, store, options }) {
  const { origin, lock } = options;
  /** Every answer since the beginning, to look into. @type {Map<string, Promise<Fetched>>} */
  const answers = new Map();
  /** Those that nobody has taken yet. @type {Map<string, AbortController>} */
  const untaken = new Map();
  /** Stored bytes of the locked URLs. @type {Promise<Map<string, Uint8Array>> | null} */
  let blobs = null;
  /** It ends with the first program that linked. */
  let over = false;
  let bytes = 0;

  /** @param {string} url @param {boolean} local */
  const keyOf = (url, local) => `${local ? 'local' : 'remote'} ${URL.canParse(url) ? new URL(url).href : url}`;

  /** @type {Fetcher['fetchBytes']} */
  function fetchBytes(url, how = {}) {
    if (over || how.cache !== undefined) return fetcher.fetchBytes(url, how);
    const key = keyOf(url, how.local ?? false);
    const control = untaken.get(key);
    const answer = control === undefined ? undefined : answers.get(key);
    if (control === undefined || answer === undefined) {
      const asked = fetcher.fetchBytes(url, how);
      answers.set(key, asked);
      return asked;
    }
    untaken.delete(key);
    if (how.signal?.aborted) control.abort();
    how.signal?.addEventListener('abort', () => control.abort(), { once: true });
    if (how.signal?.aborted) return Promise.resolve(STOPPED);
    // What failed ahead may go well by now: the page may have been offline for a moment.
    return answer.then((fetched) => (fetched.kind === 'failed' && fetched.network && !how.signal?.aborted ? fetcher.fetchBytes(url, how) : fetched));
  }

  /** @param {string} location @returns {Promise<Fetched>} */
  function ask(location) {
    const local = !location.includes('://');
    const url = local ? `${origin}${location}` : location;
    const key = keyOf(url, local);
    let answer = answers.get(key);
    if (answer === undefined) {
      if (over || answers.size >= MOST_FILES || bytes > MOST_BYTES || (local && !isLocal(location, origin))) return Promise.resolve(STOPPED);
      const control = new AbortController();
      answer = fetcher.fetchBytes(url, { local, signal: control.signal });
      answers.set(key, answer);
      untaken.set(key, control);
      void answer.then((fetched) => (bytes += fetched.kind === 'bytes' ? fetched.bytes.length : 0));
    }
    return answer;
  }

  /** @param {string} directory @returns {Promise<Manifest | null>} */
  async function manifestIn(directory) {
    const fetched = await askLocked(directory + MANIFEST);
    return fetched === null ? null : asManifest(fetched, directory);
  }

  /** What is locked of the program, by URL, once its root is known. @type {Promise<Record<string, import('./store.js').LockEntry>>} */
  let locked = Promise.resolve({});

  /** @param {string} root */
  async function readLock(root) {
    if (!lock.integrity) return {};
    const open = await store;
    const { modules } = await open.readProgram(programKey(origin, root, lock.version));
    const digests = Object.values(modules).map(digestOf).filter((digest) => digest !== null);
    if (!over && digests.length <= MOST_FILES) blobs = open.readBlobs(digests).catch(() => new Map());
    return modules;
  }

  /** The bytes of a file, from the store where the lock has it. @param {string} location @returns {Promise<Uint8Array | null>} */
  async function askLocked(location) {
    if (location.includes('://')) {
      const modules = await locked;
      const entry = Object.hasOwn(modules, location) ? modules[location] : undefined;
      const digest = entry === undefined ? null : digestOf(entry);
      if (entry !== undefined && digest === null) return null;
      const stored = digest === null ? undefined : (await blobs)?.get(digest);
      if (stored !== undefined) return stored;
      if (lock.frozen || lock.offline) return null;
    } else if (lock.offline) return null;
    const fetched = await ask(location);
    return fetched.kind === 'bytes' && !fetched.cut && !looksLikeHtml(fetched.bytes) ? fetched.bytes : null;
  }

  /** @param {Place & { source?: string | null }} program */
  async function look({ source = null, ...how }) {
    const url = urlOf(how, options);
    const entry = locationOf(url, options);
    const far = entry.includes('://');
    const own = directoryOf(entry);
    /** @type {Map<string, Promise<Manifest | null>>} */
    const manifests = new Map();
    const manifest = (/** @type {string} */ directory) => {
      const found = manifests.get(directory) ?? manifestIn(directory);
      manifests.set(directory, found);
      return found;
    };

    // The files that are asked for first, at once.
    if (far) locked = readLock('/').catch(() => ({}));
    const text = source === null ? askLocked(entry) : new TextEncoder().encode(source);
    const named = options.packages === null ? null : locationOf(new URL(options.packages), options);
    const page = named === null ? null : askLocked(named);
    const probes = how.entry !== undefined && named === null && !far ? upTo(own, '/') : [];
    const probed = await Promise.all(probes.map(manifest));
    let root = probes.findLast((_, at) => probed[at] !== null) ?? own;
    if (named !== null && !named.includes('://')) root = common(own, directoryOf(named));
    const home = far ? `${url.origin}/` : root;
    if (!far) locked = readLock(root).catch(() => ({}));
    const top = page === null ? probed[probes.indexOf(home)] ?? null : asManifest(await page, directoryOf(/** @type {string} */ (named)));
    if (!far) manifests.set(home, Promise.resolve({ ...(top ?? none(home)), imports: { ...top?.imports, ...options.imports }, host: { ...top?.host, ...options.hosts } }));

    /** @type {Set<string>} */
    const seen = new Set([entry]);

    /** Looks into a module, and into what it imports. @param {string} location @param {Uint8Array | null} code */
    async function follow(location, code) {
      if (code === null || over) return;
      if (code[0] === 0) return; // WebAssembly imports nothing that has an address
      await Promise.all(quickImports(new TextDecoder().decode(code)).map(async (spec) => {
        const target = await resolve(spec, location);
        if (target === null || seen.has(target) || seen.size > MOST_FILES) return;
        seen.add(target);
        await follow(target, await askLocked(target));
      }));
    }

    /** @param {string} spec @param {string} importer @returns {Promise<string | null>} */
    async function resolve(spec, importer) {
      if (isPlaced(spec)) return placed(spec, importer, root);
      let name = spec;
      let here = /** @type {string | null} */ (directoryOf(importer));
      for (const directory of upTo(here ?? '', home)) manifest(directory).catch(() => {}); // whoever awaits it hears of it
      for (let hops = 0; here !== null && hops <= MOST_HOPS; hops += 1) {
        const found = await manifest(here);
        if (found === null) here = here === home ? null : above(here);
        else if (Object.hasOwn(found.imports, name)) {
          const target = String(found.imports[name]).split('#')[0] ?? '';
          if (isPlaced(target)) return placed(target, found.base + MANIFEST, root);
          if (target === name) return null;
          name = target;
        } else if (Object.hasOwn(found.host, name) || found.extends === null) return null;
        else here = placed(found.extends.replace(/\/*$/, '/'), found.base + MANIFEST, root);
      }
      return null;
    }

    await follow(entry, await text);
  }

  return {
    /** @type {Fetcher} */
    fetcher: { fetchBytes },

    /** The store, behind what was read ahead of it. @param {Store} open @returns {Store} */
    storeOf: (open) => Object.create(open, {
      readBlobs: {
        async value(/** @type {Iterable<string>} */ digests) {
          const wanted = [...digests];
          const early = wanted.length === 0 ? null : await blobs;
          const found = new Map(wanted.flatMap((digest) => {
            const there = early?.get(digest);
            return there === undefined ? [] : [/** @type {[string, Uint8Array]} */ ([digest, there])];
          }));
          const rest = wanted.filter((digest) => !found.has(digest));
          return rest.length === 0 ? found : new Map([...found, ...await open.readBlobs(rest)]);
        },
      },
    }),

    /** Asks ahead for what this program seems to need. What goes wrong will be said by whoever asks in earnest. @param {Place & { source?: string | null }} program */
    look: (program) => look(program).catch(() => {}),

    /** Asks ahead for a local file. @param {string} url */
    ask(url) {
      const location = locationOf(new URL(url), options);
      if (!lock.offline && !location.includes('://')) void ask(location);
    },

    /** A program has linked, or the author's edits shall show: what nobody took is dropped. */
    drop() {
      over = true;
      for (const control of untaken.values()) control.abort();
      untaken.clear();
      answers.clear();
      blobs = null;
    },
  };
}

/** @param {string} spec */
const isPlaced = (spec) => /^(?:https?:\/\/|\.{0,2}\/)/.test(spec);

/** @param {string} spec @param {string} importer @param {string} root @returns {string | null} where it is; null: it cannot be told */
function placed(spec, importer, root) {
  if (/^https?:\/\//.test(spec)) return URL.canParse(spec) ? new URL(spec).href : null;
  if (importer.includes('://')) return URL.canParse(spec, importer) ? new URL(spec, importer).href : null;
  const url = new URL(spec, new URL(importer, 'http://local.invalid'));
  const location = locationOf(url, { origin: 'http://local.invalid' });
  // From below the root no step leads above it.
  return !spec.startsWith('/') && importer.startsWith(root) && !location.startsWith(root) ? null : location;
}

/** @param {string} directory @returns {Manifest} */
const none = (directory) => ({ imports: {}, host: {}, extends: null, base: directory });

/** @param {Uint8Array | null} bytes @param {string} directory @returns {Manifest | null} */
function asManifest(bytes, directory) {
  if (bytes === null) return null;
  try {
    const { imports = {}, host = {}, extends: further = null } = JSON.parse(new TextDecoder().decode(bytes));
    return { imports, host, extends: typeof further === 'string' ? further : null, base: directory };
  } catch {
    return none(directory); // it is there, and its mistake is the linker's to say
  }
}

/** The deepest directory above both. @param {string} one @param {string} other */
function common(one, other) {
  const parts = one.split('/');
  const others = other.split('/');
  const differs = parts.findIndex((part, at) => part !== others[at]);
  return differs === -1 ? one : `${parts.slice(0, differs).join('/')}/`;
}
