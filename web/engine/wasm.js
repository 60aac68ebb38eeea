// @ts-check
/**
 * Native modules in the browser: compiled once for an engine, instantiated once for each run that imports them.
 *
 * Takes: the bytes of modules; loaders, which the page's author names, asked before the built-in ways.
 * Gives: what a loader says of a module; for a run, instances whose functions Python calls.
 * Refuses: bytes that are no module, modules that do not start; the reason is data.
 */
import { createAbi, messageOf, reasonOf } from './abi.js';
import { createStaging } from './memory.js';

/** @typedef {import('./abi.js').Script} Script */
/** @typedef {import('./abi.js').GuestFunction} GuestFunction */

/**
 * What `load` of a loader gives. `fns` of kind `wasmpdk` are `(argv, argc, out) => 0 | 1` over handles in the guest's memory,
 * and come with `memory` and `__edge_alloc`, perhaps `__edge_free`; those of kind `capability` take and give handles.
 * @typedef {object} Loaded
 * @property {'wasmpdk' | 'capability'} kind
 * @property {string[]} names
 * @property {Record<string, any>} fns
 */

/**
 * @typedef {object} Loader
 * @property {string} url
 * @property {(module: WebAssembly.Module) => boolean | Promise<boolean>} match
 * @property {(module: WebAssembly.Module, context: ReturnType<typeof contextOf>) => Loaded | Promise<Loaded>} load
 */

const ARRAYS = new Set(['f32', 'f64']);

/** @param {Loader[]} loaders */
export function createNatives(loaders) {
  /** @type {Map<string, WebAssembly.Module>} by digest */
  const compiled = new Map();
  /** Which loader takes a module. @type {Map<string, Loader>} by digest */
  const takers = new Map();
  /** What loaders loaded and no run has used yet. @type {Map<string, { loaded: Loaded, context: ReturnType<typeof contextOf> }>} by digest and spec */
  const ready = new Map();

  /** What a loader throws is said in its name. @template T @param {Loader} loader @param {() => Promise<T>} work */
  async function blaming(loader, work) {
    try {
      return await work();
    } catch (error) {
      throw new Error(`its loader ${loader.url} failed: ${messageOf(error)}`);
    }
  }

  /** @param {Loader} loader @param {string} spec @param {string} digest */
  function load(loader, spec, digest) {
    return blaming(loader, async () => {
      const context = contextOf(spec);
      const loaded = checked(await loader.load(/** @type {WebAssembly.Module} */ (compiled.get(digest)), context));
      ready.set(`${digest} ${spec}`, { loaded, context });
      return loaded;
    });
  }

  /** @param {string} spec @param {string} digest  of a module that a loader took; what it loaded is this run's */
  function taken(spec, digest) {
    const found = ready.get(`${digest} ${spec}`);
    ready.delete(`${digest} ${spec}`);
    return found;
  }

  return {
    /**
     * Compile a module, and ask the loaders for it.
     * @param {string} spec
     * @param {string} digest
     * @param {Uint8Array<ArrayBuffer>} bytes
     * @returns {Promise<{ failed: string } | { names: string[] | null, capability: boolean }>}  names null: no loader takes it
     */
    async inspect(spec, digest, bytes) {
      let module = compiled.get(digest);
      if (module === undefined) {
        try {
          module = await WebAssembly.compile(bytes);
        } catch (error) {
          return { failed: `it is not a sound module (${String(/** @type {Error} */ (error).message).replace(/^WebAssembly\.\w+\(\): /, '')})` };
        }
        compiled.set(digest, module);
      }
      for (const loader of loaders) {
        try {
          if (!await blaming(loader, async () => loader.match(module))) continue;
          takers.set(digest, loader);
          const loaded = await load(loader, spec, digest);
          return { names: [...loaded.names], capability: loaded.kind === 'capability' };
        } catch (error) {
          return { failed: /** @type {Error} */ (error).message };
        }
      }
      return { names: null, capability: false };
    },

    /**
     * Loaders may wait, a run may not: what they load is loaded before.
     * @param {{ spec: string, digest: string }[]} modules
     * @returns {Promise<string | null>} what failed
     */
    async prepare(modules) {
      for (const { spec, digest } of modules) {
        const loader = takers.get(digest);
        if (loader === undefined || ready.has(`${digest} ${spec}`)) continue;
        try {
          await load(loader, spec, digest);
        } catch (error) {
          return `native module '${spec}': ${/** @type {Error} */ (error).message}`;
        }
      }
      return null;
    },

    /**
     * The instances of one run, for `native/browser.py`.
     * @param {any} shared  Python's array of one number: the status
     * @param {Script['dispatch']} dispatch
     * @param {Script['keep']} keep
     * @param {Script['underneath']} underneath
     * @param {Script['drop']} drop
     */
    begin(shared, dispatch, keep, underneath, drop) {
      let buffer = shared.getBuffer('i32');
      const status = () => {
        if (buffer.data.length === 0) buffer = shared.getBuffer('i32'); // memory that grew has moved
        return buffer.data;
      };
      const abi = createAbi({ dispatch, keep, underneath, drop }, status);

      /** @param {string} digest @param {WebAssembly.Imports} imports */
      function instantiate(digest, imports) {
        const module = compiled.get(digest);
        if (module === undefined) throw new Error('it was not compiled');
        return new WebAssembly.Instance(module, imports).exports;
      }

      return {
        end: () => buffer.release(),

        /**
         * A module of the ABI.
         * @param {string} spec
         * @param {string} digest
         * @param {number} number  what its operations go by
         * @returns {{ failed: string } | { version: number, call: (name: string) => any }}
         */
        abi(spec, digest, number) {
          try {
            const guest = abi.guest(number);
            /** @type {Record<string, any>} */
            let fns = {};
            const found = taken(spec, digest);
            if (found !== undefined) {
              fns = found.loaded.fns;
              found.context.attach(guest, () => fns.memory);
            } else {
              fns = instantiate(digest, { env: guest.imports(() => /** @type {any} */ (fns).memory) });
            }
            return functionsOf(guest, fns);
          } catch (error) {
            return { failed: startReason(error) };
          }
        },

        /**
         * The functions of a capability, which take and give handles.
         * @param {string} spec
         * @param {string} digest
         * @param {number} number
         */
        capability(spec, digest, number) {
          const guest = abi.guest(number);
          const { loaded, context } = /** @type {NonNullable<ReturnType<typeof taken>>} */ (taken(spec, digest));
          context.attach(guest, null);
          return {
            version: 1,
            call: (/** @type {string} */ name) =>
              guest.callable((given) => loaded.fns[name](...given.slice(0, -1)) ?? guest.fromJs(null), () => null),
          };
        },

        /**
         * A plain module: its functions take and give numbers. `status` tells whether it trapped.
         * @param {string} digest
         */
        plain(digest) {
          try {
            const exports = /** @type {Record<string, any>} */ (instantiate(digest, {}));
            let dead = '';
            return {
              /** @param {string} name @param {string} params @param {string} results types, with spaces between */
              call: (name, params, results) => {
                const target = /** @type {(...given: any[]) => any} */ (exports[name]);
                const kinds = params.split(' ');
                const wide = kinds.includes('i64');
                const floats = results.split(' ').some((type) => ARRAYS.has(type));
                const several = results.includes(' ');
                return (/** @type {any[]} */ ...given) => {
                  try {
                    if (dead !== '') return trapped(dead);
                    if (wide) for (let at = 0; at < given.length; at += 1) if (kinds[at] === 'i64') given[at] = BigInt(given[at]);
                    const result = target(...given);
                    if (!floats) return result;
                    return several ? result.map(signed) : signed(result);
                  } catch (error) {
                    dead = reasonOf(error);
                    return trapped(dead);
                  }
                };
              },
              /** @param {string} name */
              value: (name) => signed(exports[name].value),
            };
          } catch (error) {
            return { failed: startReason(error) };
          }

          /** @param {string} reason */
          function trapped(reason) {
            status()[0] = 9;
            return reason;
          }
        },
      };
    },
  };
}

/** Minus zero would arrive as the int 0: it crosses as a text. @param {number | bigint} value */
const signed = (value) => (Object.is(value, -0) ? '-0.0' : value);

/** @param {import('./abi.js').Guest} guest @param {Record<string, any>} fns */
function functionsOf(guest, fns) {
  const staging = createStaging(fns.memory, fns.__edge_alloc, fns.__edge_free ?? null);
  return {
    version: fns.__edge_abi_version === undefined ? 1 : Number(fns.__edge_abi_version()),
    /** @param {string} name */
    call: (name) => guest.callable(guest.throughMemory(fns.memory, staging, fns[name]), reasonOf),
  };
}

/** @param {unknown} error */
function startReason(error) {
  if (error instanceof WebAssembly.LinkError) return error.message.replace(/^WebAssembly\.Instance\(\): /, '');
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError ? `trapped: ${reasonOf(error)}` : reasonOf(error);
}

/** @param {any} loaded @returns {Loaded} */
function checked(loaded) {
  const sound = typeof loaded === 'object' && loaded !== null && ['wasmpdk', 'capability'].includes(loaded.kind)
    && Array.isArray(loaded.names) && typeof loaded.fns === 'object' && loaded.fns !== null;
  if (!sound) throw new Error("load() gives { kind: 'wasmpdk' | 'capability', names, fns }");
  for (const name of loaded.names) {
    if (typeof loaded.fns[name] !== 'function') throw new Error(`its names list '${name}', which is not among its fns`);
  }
  for (const name of loaded.kind === 'wasmpdk' ? ['memory', '__edge_alloc'] : []) {
    if (loaded.fns[name] === undefined) throw new Error(`fns of kind 'wasmpdk' come with '${name}'`);
  }
  return loaded;
}

/**
 * What a loader is given besides the module: the six imports, and the values behind handles.
 * @param {string} spec
 */
function contextOf(spec) {
  /** @type {import('./abi.js').Guest | null} */
  let guest = null;
  /** @type {Record<string, any> | null} */
  let env = null;
  /** @type {(() => WebAssembly.Memory) | null} */
  let memoryOf = null;
  const now = () => {
    if (guest === null) throw new Error('handles exist only while a program runs');
    return guest;
  };
  const later = (/** @type {string} */ name) => (/** @type {any[]} */ ...given) => {
    env ??= now().imports(() => /** @type {() => WebAssembly.Memory} */ (memoryOf)());
    return env[name](...given);
  };
  const names = ['edge_op', 'edge_encode', 'edge_decode', 'edge_release', 'edge_take_error', 'edge_throw'];
  return {
    spec,
    /** The six imports of the ABI, for the guest's `env`. */
    env: Object.fromEntries(names.map((name) => [name, later(name)])),
    /** A handle for a primitive: undefined, a boolean, a bigint or whole number (int), another number (float), a string, bytes. @param {any} value */
    encode: (value) => now().fromJs(value),
    /** The primitive behind a handle, or undefined. @param {number} handle */
    decode: (handle) => now().toJs(handle),
    /** @param {number} handle */
    release: (handle) => now().drop(handle),
    /** @param {import('./abi.js').Guest} found @param {(() => WebAssembly.Memory) | null} memory */
    attach(found, memory) {
      [guest, memoryOf, env] = [found, memory, null];
    },
  };
}
