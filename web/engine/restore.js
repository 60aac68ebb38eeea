// @ts-check
/**
 * Starts Pyodide from a memory in which it has started already; docs/snapshot.md says how, and why it is the same Pyodide afterwards.
 *
 * Takes: the snapshot and the bare WebAssembly, as Blobs that the page kept, and the digests that the build found; the standard library's
 * archive, where the page has it already (`library.js`). Of `edge_runtime` the memory holds all (tools/build/warm.py).
 * Gives: a Pyodide as `boot.js` makes it, in which `edge_runtime` is imported and warm.
 * Refuses: a snapshot or code that is not what the build made, before anything of it runs.
 */
import { CODE, SNAPSHOT, STDLIB } from '../files.js';
import { checked, readChecked } from './digest.js';
import { attach } from './library.js';
import { createUnpacker } from './sparse.js';

const PAGE = 65_536;
const MOST = 65_536;

/**
 * @param {Record<string, Blob>} files
 * @param {Record<string, string>} digests
 * @param {any} options  of `loadPyodide`
 * @returns {Promise<Pick<import('./boot.js').Started, 'pyodide' | 'hashes'>>}
 */
export async function restore(files, digests, options) {
  const ready = Promise.all([memoryOf(files, digests), codeOf(files, digests)]);
  // Pyodide would log what fails, and then wait for ever: it only waits.
  const { promise: broken, reject: fail } = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
  ready.catch(fail);
  broken.catch(() => {}); // it is waited for below
  // Its place in the memory is taken: a browser that lacks it must be told so, by a Pyodide that started without.
  if (!('Suspending' in WebAssembly)) throw new Error('this browser lacks JavaScript Promise Integration, with which the memory was made');
  // They look around as they are loaded: not before `boot.js` has prepared for that.
  const [{ default: createPyodideModule }, { loadPyodide }] = await Promise.all([import('pyodide-glue'), import('pyodide-loader')]);
  if (createPyodideModule === null) throw new Error('this engine was built for another Pyodide');

  const wasm = /** @type {any} */ (WebAssembly);
  const { instantiateStreaming } = wasm;
  wasm.instantiateStreaming = (/** @type {unknown} */ _, /** @type {any} */ imports) => new Promise((resolve) => {
    // The glue is read and run until here while the browser still reads the memory and checks the code.
    ready.then(async ([{ memory }, module]) => {
      imports.env.memory = memory;
      resolve({ module, instance: await WebAssembly.instantiate(module, imports) });
    }).catch(fail);
  });
  const starting = loadPyodide({
    ...options,
    _loadSnapshot: new Uint8Array(),
    async createPyodideModule(/** @type {any} */ settings) {
      const module = await createPyodideModule(settings);
      attach(module.FS, files[STDLIB] ?? new Blob());
      const [{ config }] = await ready;
      settings.API.restoreSnapshot = () => config;
      return module;
    },
  });
  const pyodide = await Promise.race([starting, broken]);
  wasm.instantiateStreaming = instantiateStreaming; // not where it failed: the glue may ask for it later
  renewZone(pyodide._module);
  pyodide.pyimport('edge_runtime.hosts.renew').renew();
  const [{ config }] = await ready;
  return { pyodide, hashes: config.hashes };
}

/** What the snapshot holds. Its pieces go into their places as they come, while the processor has them at hand. @param {Record<string, Blob>} files @param {Record<string, string>} digests */
async function memoryOf(files, digests) {
  /** @type {WebAssembly.Memory | undefined} */
  let memory;
  const { take, end } = createUnpacker((bytes) => {
    memory = new WebAssembly.Memory({ initial: bytes / PAGE, maximum: MOST });
    return new Uint8Array(memory.buffer);
  });
  await readChecked(SNAPSHOT, /** @type {Blob} */ (files[SNAPSHOT]), digests[SNAPSHOT], take);
  return { config: end(), memory };
}

/** @param {Record<string, Blob>} files @param {Record<string, string>} digests */
async function codeOf(files, digests) {
  const early = await takeEarly();
  const bytes = await checked(CODE, early?.bytes ?? await /** @type {Blob} */ (files[CODE]).arrayBuffer(), digests[CODE]);
  return early?.module ?? WebAssembly.compile(bytes);
}

/**
 * The cell's frame began before this script was here; null: the page had no code for it by then, or the frame could not compile it (web/cell/frame.js).
 * @returns {Promise<{ bytes: ArrayBuffer, module: WebAssembly.Module } | null> | undefined}
 */
function takeEarly() {
  const scope = /** @type {any} */ (globalThis);
  const { early } = scope;
  delete scope.early;
  return early;
}

/** C's own idea of the time zone, which Python's module `time` reads. @param {any} python */
function renewZone(python) {
  const [standard, summer] = python.HEAPU32.subarray(python._tzname >> 2, (python._tzname >> 2) + 2);
  python.tzset(python._timezone, python._daylight, standard, summer);
}
