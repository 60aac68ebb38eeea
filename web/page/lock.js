// @ts-check
/**
 * The lockfile of a worker's programs, as the page sees it: what it ships, shows, adds and renews.
 *
 * Takes: the loader, which keeps the locks; the engine's reader and writer of packages.lock.json.
 * Gives: the loader's answers behind the page's lockfile; the lock of the program that ran last, as a text.
 * Refuses: URL modules of a program whose lock contradicts the lockfile that the page ships.
 */

/** @typedef {Record<string, import('./store.js').LockEntry>} LockEntries */
/** @typedef {{ reason: string, hint: string | null }} Unseeded */

const LOCKFILE = 'packages.lock.json';

/**
 * @param {object} parts
 * @param {import('./loader.js').Loader} parts.loader
 * @param {ReturnType<typeof import('./fetch.js').createFetcher>} parts.fetcher
 * @param {import('./options.js').Options} parts.options
 * @param {(what: 'readLock' | 'writeLock', text: string, name: string) => Promise<string>} parts.ask  asks the engine
 */
export function createLock({ loader, fetcher, options, ask }) {
  /** The root of the program that ran last: whose lock `text()` and its kin mean. @type {string | null} */
  let lastRoot = null;
  /** What the page ships: every program's lock is seeded with it before its first URL is asked for. @type {LockEntries} */
  let shipped = {};
  /** By the program's root: why its lock cannot be seeded, or null. @type {Map<string, Promise<Unseeded | null>>} */
  const seeded = new Map();

  const root = () => lastRoot ?? options.root;

  /** @param {string} text @returns {Promise<LockEntries>} */
  const read = async (text) => JSON.parse(await ask('readLock', text, LOCKFILE));

  /** @param {string} url @param {{ optional?: boolean }} [how] @returns {Promise<LockEntries>} */
  async function fetchEntries(url, { optional = false } = {}) {
    const fetched = await fetcher.fetchBytes(url, { local: true });
    if (fetched.kind === 'bytes') return read(new TextDecoder().decode(fetched.bytes));
    if (fetched.kind === 'absent' && optional) return {};
    throw new Error(`cannot load the lockfile ${url}: ${fetched.kind === 'absent' ? 'it is not there' : fetched.reason}`);
  }

  /** @param {string} of  the program's root @returns {Promise<Unseeded | null>} */
  async function seed(of) {
    const beside = options.packages === null ? `${options.origin}${of}${LOCKFILE}` : String(new URL(LOCKFILE, options.packages));
    const byDefault = options.lockfile === null && options.lock.frozen && !options.lock.offline;
    try {
      const entries = byDefault ? { ...await fetchEntries(beside, { optional: true }), ...shipped } : shipped;
      if (Object.keys(entries).length === 0) return null;
      const changes = await loader.importEntries(of, entries);
      if (changes.length === 0) return null;
      const specs = changes.map(({ spec }) => `'${spec}'`).join(', ');
      const hint = "clearCache() forgets what is locked; another 'version' starts a fresh lock";
      return { reason: `the page's lockfile contradicts what this browser has locked for ${specs}`, hint };
    } catch (error) {
      return { reason: `the lockfile cannot be used\n${/** @type {Error} */ (error).message}`, hint: null };
    }
  }

  return {
    /** Fetches what the page ships; rejects where it cannot be had. */
    async ship() {
      if (options.lockfile !== null && !options.lock.offline) shipped = await fetchEntries(options.lockfile);
    },

    /** As the loader's, behind the page's lockfile. @type {import('./loader.js').Loader['supply']} */
    async supply(needs, of, signal) {
      if (of !== null && needs.some((need) => need.remote)) {
        const seeding = seeded.get(of) ?? seed(of);
        seeded.set(of, seeding);
        const problem = await seeding;
        if (problem !== null) {
          seeded.delete(of); // the next run tries again
          const near = await loader.supply(needs.filter((need) => !need.remote), of, signal);
          const far = needs.filter((need) => need.remote).map(({ key }) => ({ key, kind: /** @type {const} */ ('failed'), ...problem }));
          return [...near, ...far];
        }
      }
      return loader.supply(needs, of, signal);
    },

    /** A program has run. @param {string | null} of  its root, where it linked */
    ran(of) {
      lastRoot = of ?? lastRoot;
    },

    /** Lockfiles are looked at again. */
    reset() {
      seeded.clear();
    },

    async clear() {
      await loader.clear(root());
      seeded.clear();
    },

    text: async () => ask('writeLock', JSON.stringify(await loader.entries(root())), LOCKFILE),

    /** @param {string} text */
    async add(text) {
      const entries = await read(text);
      const changes = await loader.importEntries(root(), entries);
      if (lastRoot === null && changes.length === 0) shipped = { ...shipped, ...entries };
      return changes;
    },

    /** @param {string[] | null} specs */
    update: (specs) => loader.update(root(), specs),
  };
}
