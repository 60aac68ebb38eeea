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
 * @property {{ location: string, bytes: Uint8Array } | null} packages
 * @property {string[]} keys     of files that the page fetched itself: part of the program for the store
 */

/** What the text of a kept run is called; the engine puts its number in. */
const SNIPPET = '<input>';

/** @param {string} what @param {string} shown @param {import('../protocol.js').Outcome | undefined} outcome @returns {ErrorData} */
function entryError(what, shown, outcome) {
  const page = what === 'manifest' ? ', or with a web page' : '';
  let message = `cannot load the ${what} '${shown}': it is not there (the server answered 404${page})`;
  if (outcome?.kind === 'failed') message = `cannot load the ${what} '${shown}': ${outcome.reason}`;
  if (outcome?.kind === 'drift') {
    message = `integrity drift for '${shown}'\n  locked: sha256-${outcome.locked}\n  remote: sha256-${outcome.remote}`;
  }
  const fix = outcome?.kind === 'failed' ? outcome.hint : null;
  const rendered = `error: ${message}${fix === null ? '' : `\n    = help: ${fix}`}`;
  const nowhere = { line: 0, column: 0, endLine: 0, endColumn: 0 };
  const diagnostic = { severity: /** @type {const} */ ('error'), message, spec: shown, ...nowhere, note: null, fix, rendered };
  return { type: 'CompileError', message, diagnostics: [diagnostic], rendered };
}

/** @param {URL} url @param {Pick<Options, 'origin'>} options */
export const locationOf = (url, options) => (url.origin === options.origin ? decodePath(url.pathname) + url.search : url.href);

/** Paths are identities as people write them, not as addresses escape them. @param {string} path */
export function decodePath(path) {
  return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      const text = decodeURIComponent(escapes);
      return /[\s/\\%#?\p{Cc}]/u.test(text) ? escapes : text;
    } catch {
      return escapes;
    }
  });
}

/** @typedef {{ entry?: string | undefined, entryDir?: string | undefined, baseUrl?: string | undefined, name?: string | undefined, keep?: boolean }} Place */

/** Where a program stands. @param {Place} how @param {Pick<Options, 'base' | 'origin'>} options @returns {URL} */
export function urlOf(how, { base, origin }) {
  if (how.entry !== undefined) return new URL(how.entry, base);
  const directory = new URL(how.entryDir ?? './', new URL(how.baseUrl ?? base, base));
  return new URL(how.name ?? (how.keep && directory.origin === origin ? SNIPPET : 'main.py'), directory);
}

/**
 * @param {string | null} source  null: the text is at `how.entry`
 * @param {Place} how
 * @param {Options} options
 * @param {Pick<import('./loader.js').Loader, 'supply'>} loader
 * @param {AbortSignal} signal
 * @returns {Promise<Program | ErrorData>}
 */
export async function entryOf(source, how, options, loader, signal) {
  const url = urlOf(how, options);
  const location = locationOf(url, options);
  const remote = url.origin !== options.origin;
  const named = await namedManifest(options, loader, remote ? '/' : url.pathname.replace(/[^/]*$/, ''), signal);
  if (named !== null && 'rendered' in named) return named;
  const keys = named === null ? [] : [named.location];
  const probe = how.entry !== undefined && named === null;
  if (source !== null) return { source: new TextEncoder().encode(source), location, probe, packages: named, keys };
  const need = fileNeed('module', location, remote);
  const [outcome] = await loader.supply([need], remote ? '/' : null, signal);
  if (outcome?.kind === 'bytes') return { source: outcome.bytes, location, probe, packages: named, keys: [...keys, location] };
  return entryError('program', how.entry ?? location, outcome);
}

/**
 * A file that the page asks for by itself. Its key is its place, as no key of the linker's is.
 * @param {'module' | 'manifest'} kind @param {string} location @param {boolean} remote @returns {Need}
 */
const fileNeed = (kind, location, remote) => ({ key: location, kind, spec: location, location, remote, integrity: null });

/**
 * @param {Options} options
 * @param {Pick<import('./loader.js').Loader, 'supply'>} loader
 * @param {string} root  of a program whose manifest is elsewhere: the entry's own directory
 * @param {AbortSignal} signal
 * @returns {Promise<{ location: string, bytes: Uint8Array } | ErrorData | null>}
 */
async function namedManifest({ packages, origin }, loader, root, signal) {
  if (packages === null) return null;
  const remote = packages.origin !== origin;
  const location = remote ? packages.href : decodePath(packages.pathname);
  const [outcome] = await loader.supply([fileNeed('manifest', location, remote)], remote ? root : null, signal);
  if (outcome?.kind === 'bytes') return { location, bytes: outcome.bytes };
  return entryError('manifest', packages.href, outcome);
}

/**
 * Where a host package is, by the page's own word: its options, the manifest that it names, or the root manifest of a
 * same-origin program. The engine only asks; a compromised one must not choose what the page imports.
 * @param {string} name
 * @param {string} root
 * @param {Program} program
 * @param {Options} options
 * @param {import('./loader.js').Loader} loader
 * @returns {string | null} '' for handlers in memory; null: not granted
 */
export function hostUrlOf(name, root, program, options, loader) {
  const own = options.hosts[name];
  if (Object.hasOwn(options.hosts, name) && own !== undefined) return own;
  let manifest = program.packages;
  if (manifest === null && program.location.startsWith(root) && root.startsWith('/')) {
    const location = `${root}packages.json`;
    const bytes = loader.localBytes(location);
    manifest = bytes === null ? null : { location, bytes };
  }
  if (manifest === null) return null;
  try {
    const granted = JSON.parse(new TextDecoder().decode(manifest.bytes)).host ?? {};
    if (!Object.hasOwn(granted, name)) return null;
    return String(new URL(granted[name], new URL(manifest.location, options.origin)));
  } catch {
    return null;
  }
}
