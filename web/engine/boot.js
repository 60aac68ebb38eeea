// @ts-check
/**
 * Starts Pyodide from Blobs.
 *
 * Takes: the runtime's files, which the page fetched.
 * Gives: a Pyodide with `edge_runtime` imported, and its `BrowserSession`.
 * Refuses: the network: nothing is requested, so that the engine can move to an origin that has none.
 *
 * A start from a snapshot (`restore.js`) and a plain one give the same.
 */
import { FROM_SNAPSHOT, PACKAGE, PLAINLY, SNAPSHOT } from '../files.js';
import { findPlace } from './hashes.js';
import { prepare } from './prepare.js';
import { restore } from './restore.js';
import { guardStack } from './stack.js';
import { createSwitch, takeSuspending } from './switch.js';

/** What Pyodide's lockfile says of itself; put in by the build. Its packages are never loaded. */
// @ts-expect-error: a name that esbuild replaces
const PYODIDE_LOCK_INFO = __PYODIDE_LOCK_INFO__;

/** A base that no server has: Pyodide asks for its files below it, and is given Blobs. */
const BASE = 'https://engine.invalid/';

/**
 * `session` is a `BrowserSession`, `pyodide` what it runs in, `hashes` where that keeps what `hashes.js` needs, `stacks` what parks them: null where the browser cannot.
 * @typedef {{ session: any, pyodide: any, hashes: import('./hashes.js').Place | null, stacks: ReturnType<typeof createSwitch> | null }} Started
 */

/**
 * @param {Record<string, Blob>} files
 * @param {Record<string, string>} digests  of a snapshot's files
 * @returns {Promise<Started>}
 * @throws {Error} where a file is missing or damaged, or the page forbids WebAssembly
 */
export async function boot(files, digests) {
  const fromSnapshot = SNAPSHOT in files;
  const missing = (fromSnapshot ? FROM_SNAPSHOT : PLAINLY).filter((name) => !(files[name] instanceof Blob));
  if (missing.length > 0) throw new Error(`the runtime lacks ${missing.join(', ')}`);
  const scope = /** @type {any} */ (globalThis);
  // Pyodide refuses classic workers by calling this; ours is classic because a module worker cannot start from a blob:
  // at an opaque origin. Dynamic import, which it needs, works here as well.
  scope.importScripts = () => {
    throw new Error('importScripts is not available');
  };
  scope.fetch = (/** @type {any} */ request) => answer(files, String(request?.url ?? request));
  const suspending = takeSuspending();
  const options = {
    indexURL: BASE,
    lockFileContents: { info: PYODIDE_LOCK_INFO, packages: {} },
    packageBaseUrl: BASE,
    // A run that is restored walks its sets as the saved one did (edge_runtime/hosts/travel.py).
    env: { PYTHONHASHSEED: '0' },
  };
  const { pyodide, hashes } = fromSnapshot ? await restore(files, digests, options) : await startPlainly(files, options);
  const { BrowserSession } = pyodide.pyimport('edge_runtime.hosts.browser');
  const { session, parked } = guardStack(pyodide, BrowserSession(pyodide.pyimport('pyodide.ffi')));
  return { session, pyodide, hashes, stacks: suspending.waits ? createSwitch(pyodide, session.enter, suspending, parked) : null };
}

/** @param {Record<string, Blob>} files @param {any} options */
async function startPlainly(files, options) {
  await mayCompile();
  const { loadPyodide } = await importBlob(files, 'pyodide.mjs');
  const { default: createPyodideModule } = await importBlob(files, 'pyodide.asm.mjs');
  const pyodide = await loadPyodide({ ...options, createPyodideModule });
  prepare(pyodide, new Uint8Array(await blobOf(files, PACKAGE).arrayBuffer()));
  return { pyodide, hashes: findPlace(pyodide) };
}

/** Pyodide only logs that it may not compile, and then waits for ever. */
async function mayCompile() {
  try {
    await WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  } catch {
    throw new Error("this page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src");
  }
}

/** @param {Record<string, Blob>} files @param {string} name */
function blobOf(files, name) {
  return /** @type {Blob} */ (files[name]);
}

/** @param {Record<string, Blob>} files @param {string} url */
async function answer(files, url) {
  // What a start from a snapshot brings by itself, and Pyodide asks for all the same.
  if (SNAPSHOT in files) return new Response();
  const name = url.startsWith(BASE) ? url.slice(BASE.length) : '';
  const blob = Object.hasOwn(files, name) ? blobOf(files, name) : undefined;
  if (blob === undefined) throw new TypeError(`the engine has no network (asked for ${url})`);
  return new Response(blob, { headers: { 'Content-Type': name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream' } });
}

/** @param {Record<string, Blob>} files @param {string} name */
export async function importBlob(files, name) {
  const url = URL.createObjectURL(new Blob([blobOf(files, name)], { type: 'text/javascript' }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
