// @ts-check
/**
 * The program that a run is about: its text, its place, the manifest that its page names.
 *
 * Takes: text or a URL, and the worker's options.
 * Gives: `Program`, or the error of an entry that cannot be had.
 * Refuses: to grant a host package that neither the page's options nor the page's own manifest name (formats.md).
 */

/** @typedef {import('../protocol.js').ErrorData} ErrorData */
/** @typedef {import('../protocol.js').Need} Need */
/** @typedef {import('./options.js').Options} Options */

/**
 * @typedef {object} Program
 * @property {Uint8Array} source
 * @property {string} location   `/path/main.py` on the program's origin, or an absolute URL of another origin
 * @property {boolean} probe     whether manifests above the entry are looked for
 * @property {{ location: string, text: string } | null} packages
 * @property {string[]} keys     of files that the page fetched itself: part of the program for the store
 */

/** The manifest that the page names is one file of the program, whatever its place. */
const PACKAGES_KEY = 'packages';

/** @param {string} message @returns {ErrorData} */
function entryError(message) {
  return { type: 'CompileError', message, diagnostics: [], rendered: `error: ${message}` };
}

/** @param {URL} url @param {Options} options */
const locationOf = (url, options) => (url.origin === options.origin ? decodePath(url.pathname) + url.search : url.href);

/** Paths are identities as people write them, not as addresses escape them. @param {string} path */
function decodePath(path) {
  return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      const text = decodeURIComponent(escapes);
      return /[\s/\\%#?\p{Cc}]/u.test(text) ? escapes : text;
    } catch {
      return escapes;
    }
  });
}

/**
 * @param {string | null} source  null: the text is at `how.entry`
 * @param {{ entry?: string, entryDir?: string, baseUrl?: string, name?: string }} how
 * @param {Options} options
 * @param {import('./loader.js').Loader} loader
 * @returns {Promise<Program | ErrorData>}
 */
export async function entryOf(source, how, options, loader) {
  const base = new URL(how.entryDir ?? './', new URL(how.baseUrl ?? options.base, options.base));
  const url = how.entry === undefined ? new URL(how.name ?? 'main.py', base) : new URL(how.entry, options.base);
  const location = locationOf(url, options);
  const named = await namedManifest(options, loader);
  if (named !== null && 'rendered' in named) return named;
  const keys = named === null ? [] : [PACKAGES_KEY];
  const probe = how.entry !== undefined && named === null;
  if (source !== null) return { source: new TextEncoder().encode(source), location, probe, packages: named, keys };
  const remote = url.origin !== options.origin;
  const key = `entry:${location}`;
  /** @type {Need} */
  const need = { key, kind: 'module', spec: location, location, remote, integrity: null };
  const [outcome] = await loader.supply([need], remote ? '/' : null);
  if (outcome?.kind === 'bytes') return { source: outcome.bytes, location, probe, packages: named, keys: [...keys, key] };
  const shown = how.entry ?? location;
  if (outcome?.kind === 'drift') {
    return entryError(`integrity drift for '${shown}'\n  locked: sha256-${outcome.locked}\n  remote: sha256-${outcome.remote}`);
  }
  const reason = outcome?.kind === 'failed' ? outcome.reason : 'it is not there (the server answered 404)';
  return entryError(`cannot load the program '${shown}': ${reason}`);
}

/**
 * @param {Options} options
 * @param {import('./loader.js').Loader} loader
 * @returns {Promise<{ location: string, text: string } | ErrorData | null>}
 */
async function namedManifest({ packages, origin }, loader) {
  if (packages === null) return null;
  const remote = packages.origin !== origin;
  const location = remote ? packages.href : decodePath(packages.pathname);
  const [outcome] = await loader.supply([
    { key: PACKAGES_KEY, kind: 'manifest', spec: location, location, remote, integrity: null },
  ], null);
  if (outcome?.kind === 'bytes') return { location, text: new TextDecoder().decode(outcome.bytes) };
  const reason = outcome?.kind === 'failed' ? outcome.reason : 'it is not there (the server answered 404)';
  return entryError(`cannot load the manifest '${packages.href}': ${reason}`);
}

/**
 * Where a host package is, by the page's own word: its options, the manifest that it names, or the root manifest of a
 * same-origin program. The engine only asks; a compromised one must not choose what the page imports.
 * @param {Need} need
 * @param {string} root
 * @param {Program} program
 * @param {Options} options
 * @param {import('./loader.js').Loader} loader
 * @returns {string | null} '' for handlers in memory; null: not granted
 */
export function hostUrlOf(need, root, program, options, loader) {
  const own = options.hosts[need.spec];
  if (Object.hasOwn(options.hosts, need.spec) && own !== undefined) return own;
  let manifest = program.packages;
  if (manifest === null && program.location.startsWith(root) && root.startsWith('/')) {
    const location = `${root}packages.json`;
    const text = loader.localText(location);
    manifest = text === null ? null : { location, text };
  }
  if (manifest === null) return null;
  try {
    const granted = JSON.parse(manifest.text).host ?? {};
    if (!Object.hasOwn(granted, need.spec)) return null;
    return String(new URL(granted[need.spec], new URL(manifest.location, options.base)));
  } catch {
    return null;
  }
}
