// @ts-check
/**
 * The options of `createWorker`, read once.
 *
 * Takes: what a page author wrote. Gives: frozen settings with every URL absolute. Refuses: what cannot be honoured.
 */

/**
 * @typedef {object} WorkerOptions
 * @property {Record<string, string>} [imports]      bare name -> URL of a module, perhaps with `#sha256-…`
 * @property {Record<string, string>} [hostModules]  bare name -> URL of an ES module on the page
 * @property {Record<string, any>} [mainThreadModules]  bare name -> handlers or factory, in memory
 * @property {string[]} [grant]                      official host packages that the program may import
 * @property {boolean} [defaults]                   false: standard packages do not resolve by their bare names
 * @property {boolean} [memo]                       false: every call is made, also of pure functions whose result is known
 * @property {string[]} [loaders]                    URLs of ES modules that load native modules of other kinds
 * @property {string | URL} [packages]               URL of the manifest that decides where no nearer one does
 * @property {boolean} [integrity]
 * @property {string} [version]
 * @property {'strict' | 'worker'} [isolation]        'strict' where it is not said; 'worker' is for programs that you trust
 * @property {boolean} [frozen]
 * @property {boolean} [offline]
 * @property {string | URL} [lockfile]
 * @property {string[]} [importOrigins]
 * @property {{ timeout?: number, memory?: number, maxOutput?: number }} [limits]
 * @property {string | URL} [runtime]
 * @property {string} [baseUrl]
 * @property {any} [element]
 * @property {import('./program.js').Place & { source?: string | null }} [prefetch]  the program that will come first: what it seems to
 *   need is fetched while the engine starts
 * @property {boolean} [spare]                       false: no second engine is kept ready for a stop (about 45 MB)
 * @property {(progress: import('./progress.js').Progress) => void} [onProgress]
 * @property {import('./input.js').AskPage} [onInput]  its `signal` is aborted where no answer is wanted any more
 * @property {(state: 'running' | 'waiting' | 'paused') => void} [onState]
 * @property {unknown} [wasmUrl]                     accepted and ignored: pages written for other hosts of this API load
 */

/** @typedef {ReturnType<typeof readOptions>} Options */

const KNOWN = new Set([
  'imports', 'hostModules', 'mainThreadModules', 'grant', 'defaults', 'packages', 'integrity', 'version', 'isolation', 'frozen',
  'offline', 'lockfile', 'importOrigins', 'limits', 'loaders', 'runtime', 'baseUrl', 'element', 'onProgress', 'onInput', 'onState', 'prefetch', 'spare',
  'memo', 'wasmUrl',
]);
const OFFICIAL = ['dom', 'network', 'storage'];
const TIMEOUT_SECONDS = 60;
const MAX_OUTPUT = 10 * 1024 * 1024;
const MEMORY_MIB = 512;
/** No WebAssembly memory of 32 bits is larger. */
const MOST_MEMORY_MIB = 4096;

/** The base of the runtime's own files. @param {string | URL | undefined} given @param {URL | string} base */
export const runtimeOf = (given, base) => String(new URL(given ?? new URL('../', import.meta.url), base)).replace(/\/?$/, '/');

/** @param {WorkerOptions} given */
export function readOptions(given) {
  for (const name of Object.keys(given)) {
    if (!KNOWN.has(name)) throw new TypeError(`createWorker has no option '${name}'; it has ${[...KNOWN].sort().join(', ')}`);
  }
  const base = new URL(given.baseUrl ?? '', globalThis.document?.baseURI ?? globalThis.location?.href);
  // A `<base>` may lie elsewhere: what is there is another origin's, whatever the page's addresses are read against.
  const origin = globalThis.origin ?? base.origin;
  const runtime = runtimeOf(given.runtime, base);
  const isolation = given.isolation ?? 'strict';
  if (isolation !== 'strict' && isolation !== 'worker') {
    throw new TypeError(`isolation '${isolation}' is not known; there is 'strict', and 'worker' for programs that you trust`);
  }
  const memo = given.memo ?? true;
  if (typeof memo !== 'boolean') throw new TypeError(`memo must be true or false, not ${String(memo)}`);
  const spare = given.spare ?? true;
  if (typeof spare !== 'boolean') throw new TypeError(`spare must be true or false, not ${String(spare)}`);
  const { timeout = TIMEOUT_SECONDS, memory = MEMORY_MIB, maxOutput = MAX_OUTPUT } = given.limits ?? {};
  for (const [name, value] of Object.entries({ timeout, memory, maxOutput })) {
    if (typeof value !== 'number' || !(value > 0)) {
      const shown = typeof value === 'string' ? `'${value}'` : String(value);
      throw new TypeError(`limits.${name} must be a number above 0, not ${shown}`);
    }
  }
  return Object.freeze({
    base,
    origin,
    runtime,
    isolation,
    root: new URL('./', base).pathname,
    packages: given.packages === undefined ? null : new URL(given.packages, base),
    lockfile: given.lockfile === undefined ? null : String(new URL(given.lockfile, base)),
    imports: mapped(given.imports ?? {}, (target) => moduleTarget(target, base, origin)),
    hosts: {
      ...granted(given.grant ?? [], runtime),
      ...mapped(given.hostModules ?? {}, (url) => String(new URL(url, base))),
      ...mapped(given.mainThreadModules ?? {}, () => ''),
    },
    mainThreadModules: given.mainThreadModules ?? {},
    lock: {
      origin,
      version: given.version ?? null,
      frozen: given.frozen ?? false,
      offline: given.offline ?? false,
      integrity: given.integrity ?? true,
    },
    importOrigins: given.importOrigins ?? null,
    limits: { timeout, memory: Math.min(memory, MOST_MEMORY_MIB), maxOutput },
    defaults: given.defaults ?? true,
    memo,
    loaders: (given.loaders ?? []).map((url) => String(new URL(url, base))),
    element: given.element ?? null,
    prefetch: given.prefetch ?? null,
    spare,
    onProgress: guarded(given.onProgress),
    onInput: given.onInput ?? null,
    onState: guarded(given.onState),
  });
}

/**
 * A callback of the page's: what it throws is reported as the page's own error, and disturbs nothing here.
 * @template {any[]} A
 * @param {((...args: A) => void) | undefined} callback
 */
export function guarded(callback) {
  return (/** @type {A} */ ...args) => {
    try {
      callback?.(...args);
    } catch (error) {
      reportError(error);
    }
  };
}

/**
 * @template T
 * @param {Record<string, T>} table
 * @param {(value: T) => string} change
 * @returns {Record<string, string>}
 */
function mapped(table, change) {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}

/** A page's import target: an address stays one (locked and stored), a path is a local file. @param {string} target @param {URL} base @param {string} origin */
function moduleTarget(target, base, origin) {
  if (target.includes('://')) return target;
  const url = new URL(target, base);
  return url.origin === origin ? url.pathname + url.search + url.hash : url.href;
}

/** @param {string[]} names @param {string} runtime */
function granted(names, runtime) {
  for (const name of names) {
    if (!OFFICIAL.includes(name)) throw new Error(`there is no official host package '${name}'; there is ${OFFICIAL.join(', ')}`);
  }
  return Object.fromEntries(names.map((name) => [name, `${runtime}host/${name}.js`]));
}
