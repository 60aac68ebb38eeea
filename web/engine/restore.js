// @ts-check
/**
 * Starts Pyodide from a memory in which it has started already; docs/snapshot.md says how, and why it is the same Pyodide afterwards.
 *
 * Takes: the snapshot and the bare WebAssembly, as Blobs that the page kept; the standard library's archive, where the page has it already
 * (`library.js`). Of `edge_runtime` the memory holds all (tools/build/warm.py).
 * Gives: a Pyodide as `boot.js` makes it, in which `edge_runtime` is imported and warm.
 * Refuses: a snapshot that is no memory. Whether it is the one that the build made the page finds out at the same time, and no program
 * runs before (web/page/engine.js): a cell has no digests.
 */
import { attach } from './library.js';
import { unpack } from './sparse.js';

/** What is done anew in each engine: nothing may show of the machine that made the memory, and no two may draw the same numbers. */
const RENEW = `
def renew():
    import importlib.util, random, sys, time
    random.seed()
    here = importlib.util.module_from_spec(time.__spec__)
    time.__spec__.loader.exec_module(here)
    for name in ("timezone", "altzone", "daylight", "tzname"):
        setattr(time, name, getattr(here, name))
    del sys.path[0]  # Pyodide puts '' there at each start

renew()
del renew
`;

const PAGE = 65_536;
const MOST = 65_536;

/**
 * @param {Record<string, Blob>} files
 * @param {any} options  of `loadPyodide`
 * @returns {Promise<any>}
 */
export async function restore(files, options) {
  const compiled = WebAssembly.compileStreaming(new Response(files['bare.wasm'], { headers: { 'Content-Type': 'application/wasm' } }));
  /** Pyodide would only log it, and wait for ever. @type {Promise<never>} */
  const broken = new Promise((_, reject) => void compiled.catch(reject));
  broken.catch(() => {});
  // Its place in the memory is taken: a browser that lacks it must be told so, by a Pyodide that started without.
  if (!('Suspending' in WebAssembly)) throw new Error('this browser lacks JavaScript Promise Integration, with which the memory was made');
  // They look around as they are loaded: not before `boot.js` has prepared for that.
  const [{ default: createPyodideModule }, { loadPyodide }] = await Promise.all([import('pyodide-glue'), import('pyodide-loader')]);
  const packed = await /** @type {Blob} */ (files['snapshot.bin']).arrayBuffer();
  const { bytes, config, fill } = unpack(packed);
  const memory = new WebAssembly.Memory({ initial: bytes / PAGE, maximum: MOST });
  fill(new Uint8Array(memory.buffer));

  const wasm = /** @type {any} */ (WebAssembly);
  const { instantiateStreaming } = wasm;
  wasm.instantiateStreaming = async (/** @type {unknown} */ _, /** @type {any} */ imports) => {
    imports.env.memory = memory;
    const module = await compiled;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  try {
    if (createPyodideModule === null) throw new Error('this engine was built for another Pyodide');
    const starting = loadPyodide({
      ...options,
      _loadSnapshot: new Uint8Array(),
      async createPyodideModule(/** @type {any} */ settings) {
        const module = await createPyodideModule(settings);
        attach(module.FS, files['python_stdlib.zip'] ?? new Blob());
        settings.API.restoreSnapshot = () => config;
        return module;
      },
    });
    const pyodide = await Promise.race([starting, broken]);
    renewZone(pyodide._module);
    pyodide.runPython(RENEW);
    return pyodide;
  } finally {
    wasm.instantiateStreaming = instantiateStreaming;
  }
}

/** C's own idea of the time zone, which Python's module `time` reads. @param {any} python */
function renewZone(python) {
  const [standard, summer] = python.HEAPU32.subarray(python._tzname >> 2, (python._tzname >> 2) + 2);
  python.tzset(python._timezone, python._daylight, standard, summer);
}
