// @ts-check
/**
 * Host packages: what a program may call on the page.
 *
 * Takes: the page's grants (bare name -> URL of an ES module, or handlers in memory).
 * Gives: the function names of one package, loading it the first time it is asked for; and the answer of one call.
 * Refuses: packages that the page did not grant, packages whose names were not asked for first (so that nothing is
 * called that the linker did not see), and names that are not the package's own functions. Never throws out of `names`:
 * a package that does not load is a reason for a diagnostic.
 *
 * The protocol of a package: `export const dom = ({ pushEvent, signal, element }) => ({ query(selector) {…} })`, under
 * its own name or as default, or the object itself. `signal` is aborted when the program's world ends, and what `callSignal()`
 * gives when the call at hand is no longer wanted.
 */
import { hintOf } from './root.js';

/**
 * @typedef {Record<string, unknown>} Handlers
 * @typedef {(context: HostContext) => Handlers | Promise<Handlers>} Factory
 */

/**
 * What a factory is given.
 * @typedef {object} HostContext
 * @property {(text: string) => void} pushEvent  queues an event for `receive()`
 * @property {AbortSignal} signal                aborted on reset and dispose: remove listeners, stop timers
 * @property {() => AbortSignal} callSignal      of the call that is just beginning: aborted where nobody waits for it any more
 * @property {any} element                       the `<edge-python>` element, or null without one
 */

/** @typedef {{ names: string[] } | { failed: string }} Names */

/**
 * @typedef {object} Package
 * @property {Map<string, Function>} functions
 * @property {object} self  the handler object, so that handlers may use `this`
 */

/**
 * @typedef {object} Hosts
 * @property {(name: string, signal?: AbortSignal) => Promise<Names>} names
 * @property {(module: string, name: string, args: any[], signalOf?: () => AbortSignal) => Promise<any>} call
 *   rejects with an Error of plain texts; `signalOf` is asked only where the package asks `callSignal()`
 * @property {(name: string, url: string) => void} declare  grants one more ES module (a manifest's `host`, read after the start)
 * @property {() => void} reset    ends all packages; they load afresh when next asked for
 * @property {() => void} dispose  ends all packages for good
 */

/**
 * @param {object} options
 * @param {Record<string, string>} [options.modules]                    bare name -> URL of an ES module
 * @param {Record<string, Handlers | Factory>} [options.handlers]       bare name -> handlers or factory; wins over `modules`
 * @param {(text: string) => void} [options.pushEvent]
 * @param {any} [options.element]
 * @returns {Hosts}
 */
export function createHosts({ modules = {}, handlers = {}, pushEvent = () => {}, element = null }) {
  // Maps, because a bare name may be `constructor` or `__proto__`.
  const urls = new Map(Object.entries(modules));
  const inMemory = new Map(Object.entries(handlers));
  /** @type {Map<string, Promise<Package>>} */
  let loading = new Map();
  /** @type {Map<string, Package>} */
  let loaded = new Map();
  let world = new AbortController();
  let disposed = false;
  /** Of the call that is just beginning. @type {(() => AbortSignal) | null} */
  let beginning = null;

  /**
   * @param {string} name
   * @returns {Promise<Package>}
   */
  async function load(name) {
    const { signal } = world;
    const url = urls.get(name);
    let found;
    let from = 'the page option mainThreadModules';
    if (inMemory.has(name)) {
      found = inMemory.get(name);
    } else if (url !== undefined) {
      from = url;
      found = exported(await importModule(url), name, url);
    } else {
      throw new Error('the page does not grant it');
    }
    if (typeof found === 'function') found = await callFactory(/** @type {Factory} */ (found), signal, from);
    if (typeof found !== 'object' || found === null) {
      throw new Error(`${from} gives ${found === null ? 'null' : `a ${typeof found}`} where an object of functions was expected`);
    }
    const own = Object.entries(found).filter(([, value]) => typeof value === 'function');
    return { functions: new Map(/** @type {[string, Function][]} */ (own)), self: found };
  }

  /**
   * @param {Factory} factory
   * @param {AbortSignal} signal
   * @param {string} from
   */
  async function callFactory(factory, signal, from) {
    /** @type {HostContext} */
    const context = {
      // An old package that still holds its `pushEvent` must not speak into a later program.
      pushEvent: (text) => {
        if (!signal.aborted) pushEvent(String(text));
      },
      signal,
      callSignal: () => {
        if (beginning === null) throw new Error("callSignal() is of a call that begins: ask for it before the function's first 'await'");
        return AbortSignal.any([signal, beginning()]);
      },
      element,
    };
    try {
      return await factory(context);
    } catch (error) {
      const { name, message } = describe(error);
      throw new Error(`its factory in ${from} threw ${name}: ${message}`);
    }
  }

  /**
   * Calls a function up to its first `await`.
   * @param {() => AbortSignal} signalOf
   * @param {() => unknown} call
   */
  function begun(signalOf, call) {
    const around = beginning; // a package may call another one's function
    /** @type {AbortSignal | undefined} */
    let signal;
    beginning = () => (signal ??= signalOf());
    try {
      return call();
    } finally {
      beginning = around;
    }
  }

  /** @param {string} name */
  function loadOnce(name) {
    const under = loading.get(name);
    if (under !== undefined) return under;
    const [tableOfLoading, tableOfLoaded] = [loading, loaded];
    const promise = load(name).then(
      (found) => {
        tableOfLoaded.set(name, found);
        return found;
      },
      (error) => {
        tableOfLoading.delete(name); // a later run may try again
        throw error;
      },
    );
    tableOfLoading.set(name, promise);
    return promise;
  }

  return {
    async names(name, signal) {
      if (disposed) return { failed: 'the worker was disposed' };
      try {
        const found = await abortable(loadOnce(name), signal);
        return { names: [...found.functions.keys()] };
      } catch (error) {
        return { failed: describe(error).message };
      }
    },

    async call(module, name, args, signalOf = () => world.signal) {
      const found = loaded.get(module);
      if (disposed || found === undefined) throw errorOf('RuntimeError', `host package '${module}' is not loaded`);
      const handler = found.functions.get(name);
      if (handler === undefined) throw errorOf('AttributeError', `host package '${module}' has no function '${name}'`);
      try {
        return await begun(signalOf, () => handler.apply(found.self, args));
      } catch (error) {
        const { name: kind, message } = describe(error);
        throw errorOf(kind, message);
      }
    },

    declare(name, url) {
      if (urls.get(name) === url) return;
      urls.set(name, url);
      if (!inMemory.has(name)) {
        loading.delete(name);
        loaded.delete(name);
      }
    },

    reset() {
      world.abort();
      world = new AbortController();
      loading = new Map();
      loaded = new Map();
    },

    dispose() {
      disposed = true;
      world.abort();
      loading = new Map();
      loaded = new Map();
    },
  };
}

/** @param {string} url */
async function importModule(url) {
  try {
    return await import(url);
  } catch (error) {
    const { name, message } = describe(error);
    throw new Error(`${url} did not load (${name}: ${message})${hintOf(url)}`);
  }
}

/**
 * @param {any} namespace
 * @param {string} name
 * @param {string} url
 */
function exported(namespace, name, url) {
  for (const key of [name, 'default']) {
    if (Object.hasOwn(namespace, key)) return namespace[key];
  }
  const has = Object.keys(namespace);
  const instead = has.length === 0 ? '' : ` (it exports ${has.slice(0, 8).join(', ')})`;
  throw new Error(`${url} exports neither '${name}' nor a default${instead}`);
}

/**
 * A module's import cannot be cancelled, but waiting for it can.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
function abortable(promise, signal) {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('loading it was stopped'));
    if (signal.aborted) {
      promise.catch(() => {}); // its failure has no other reader
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * Whatever was thrown, as two texts. The name is the Python class that the program sees where there is one of that name.
 * @param {unknown} error
 * @returns {{ name: string, message: string }}
 */
export function describe(error) {
  try {
    if (typeof error === 'object' && error !== null) {
      const { name, message } = /** @type {any} */ (error);
      return {
        name: typeof name === 'string' && name !== '' ? name : 'Error',
        message: typeof message === 'string' ? message : 'an object without a message was thrown',
      };
    }
    return { name: 'Error', message: String(error) };
  } catch {
    return { name: 'Error', message: 'an object that cannot be read was thrown' };
  }
}

/**
 * @param {string} name
 * @param {string} message
 */
function errorOf(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}
