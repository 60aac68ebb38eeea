/**
 * Packs the Python package for the browser.
 *
 * Takes: the folder edge_runtime/; the digest of what it runs in. Gives: the bytes of a zip, the same for the same sources on every
 * machine: entries sorted, timestamps fixed, one compression level. `unpressed`: another archive, stored.
 * Refuses: an empty package. Leaves out what only the command line needs.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { BuildError } from './engine.mjs';

/** Paths inside the package that never run in a browser. */
const NATIVE_ONLY = [
  /^cli\//, /^__main__\.py$/, /^hosts\/(terminal|memory|natives|deadline|console|watchdog|greenlets|interrupts|memory_bound|meter|lines|saving)\.py$/,
  /^native\/(wasmtime|capi|callbacks|dynlib|symbols|guest)\.py$/,
];

/** The earliest time a zip can say. fflate reads the local fields, so a local date is the same everywhere. */
const EPOCH = new Date(1980, 0, 1, 0, 0, 0);

/** What the package finds the digest in (edge_runtime/hosts/buildid.py). */
const ENGINE = 'engine.sha256';

/**
 * @param {string} folder
 * @param {string} [engine]  of the engine's script and of Pyodide: a state that another one saved is refused
 * @returns {Promise<Uint8Array>}
 */
export async function packRuntime(folder, engine) {
  if (!existsSync(join(folder, '__init__.py'))) throw new BuildError('edge_runtime/, the Python package, is not there');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !NATIVE_ONLY.some((pattern) => pattern.test(path)))
    .sort();
  /** @type {import('fflate').Zippable} */
  const files = {};
  const how = /** @type {const} */ ({ mtime: EPOCH, os: 3, attrs: 0o100644 << 16 });
  for (const path of paths) files[`${basename(folder)}/${path}`] = [await readFile(join(folder, path)), how];
  if (engine !== undefined) files[`${basename(folder)}/${ENGINE}`] = [new TextEncoder().encode(engine), how];
  return zipSync(files, { level: 9 });
}

/**
 * The same archive with its files as they are: Brotli then sees all of them at once, and sends a third less than of files that were
 * pressed one by one.
 * @param {Uint8Array} zip
 * @returns {Uint8Array}
 */
export function unpressed(zip) {
  return zipSync(unzipSync(zip), { level: 0, mtime: EPOCH, os: 3, attrs: 0o100644 << 16 });
}
