// @ts-check
/**
 * `createWorker`: Edge Python for a page, without the element.
 *
 * Takes: the options of browser.md.
 * Gives: a `Worker` whose engine has started.
 * Refuses: options that it does not know or cannot honour, with a sentence; it never downgrades silently.
 *
 * It puts the parts together: the engine, the store, the lock (`page/lock.js`), what a program waits for (`page/queues.js`,
 * `page/input.js`), the runs (`page/runs.js`) and the page's hand on them (`page/control.js`).
 */
import { createAhead } from './page/ahead.js';
import { createAsks } from './page/asks.js';
import { createCodes } from './page/codes.js';
import { createControl } from './page/control.js';
import { startEngine } from './page/engine.js';
import { createEngines } from './page/engines.js';
import { createFetcher } from './page/fetch.js';
import { createHosts } from './page/hosts.js';
import { createInput } from './page/input.js';
import { createLoader } from './page/loader.js';
import { createLock } from './page/lock.js';
import { guarded, readOptions } from './page/options.js';
import { createProgress } from './page/progress.js';
import { createEvents } from './page/queues.js';
import { createRuns } from './page/runs.js';
import { frameOf, loadLoaders, loadRuntime } from './page/runtime.js';
import { bytesOf, jobOf, pack, unpack } from './page/state.js';
import { keyOf, spares } from './page/spares.js';
import { openStore } from './page/store.js';

/** @typedef {import('./protocol.js').DiagnosticData} DiagnosticData */
/** @typedef {import('./page/runs.js').Job} Job */
/** @typedef {import('./page/runs.js').Result} Result */
/** @typedef {import('./page/runs.js').RunOptions} RunOptions */

/** @typedef {Awaited<ReturnType<typeof createWorker>>} Worker */

const DISPOSED = 'the worker was disposed';
const UNANSWERED = 'input() waits for provideInput(): give lines to run(), or an onInput option, if that is not what you meant';

/**
 * @param {import('./page/options.js').WorkerOptions} [given]
 */
export async function createWorker(given = {}) {
  const options = readOptions(given);
  const began = performance.now();
  const warnings = /** @type {Set<string>} */ (new Set());
  const onWarning = (/** @type {string} */ text) => {
    if (warnings.has(text)) return;
    warnings.add(text);
    console.warn(`edge-python: ${text}`);
  };
  const progress = createProgress(options.onProgress);
  // What is awaited longest is asked for first: a browser answers its pages' databases one by one.
  const source = {
    frame: frameOf(options.runtime),
    runtime: loadRuntime(options.runtime, ({ phase, loaded, total }) => progress.say(phase, loaded, total)),
    loaders: loadLoaders(options.loaders),
  };
  const opening = openStore({ onWarning });
  const ahead = createAhead({
    fetcher: createFetcher({ origin: options.origin, importOrigins: options.importOrigins, onTraffic: progress.traffic }),
    store: opening,
    options,
  });
  const { fetcher } = ahead;
  // All of this goes on at once: the runtime, the program, what an earlier visit stored.
  if (options.lockfile !== null) ahead.ask(options.lockfile);
  const codes = createCodes();
  if (options.prefetch !== null) {
    void ahead.look(options.prefetch);
    if (options.lock.integrity) void codes.lookFor(options.prefetch, options);
  }
  if (options.lock.integrity) source.runtime.then(() => disposed || codes.prepare(), () => {}); // not sooner: a browser answers its pages' databases one by one
  const events = createEvents();
  const input = createInput(options.onInput, () => onWarning(UNANSWERED));
  const hosts = createHosts({
    modules: {},
    handlers: options.mainThreadModules,
    pushEvent: events.pushFromPackage,
    element: options.element,
  });
  /** @type {import('./page/runs.js').Listeners} */
  const listeners = { output: null, diagnostics: null };
  let disposed = false;

  const control = createControl({ onState: options.onState, endEngine: (run) => engines.abandon(run.id, runs.keeps) });
  const asks = createAsks((message) => engines.post(message));
  const kind = keyOf(options.runtime, options.isolation, options.loaders);
  /** @type {import('./page/spares.js').Launch} */
  const launch = (...hear) => startEngine(source, options.isolation, ...hear);
  const leave = spares.join();
  /** Where a program was stopped once, there will be another. */
  const keepSpare = () => {
    if (options.spare && !disposed) spares.keep(kind, launch);
  };
  const engines = createEngines((onFailure) => {
    source.runtime.then(() => progress.say('boot'), () => {});
    return spares.take(kind, launch, onMessage, (error) => {
      onFailure(error);
      control.run?.reject(error);
    });
  }, asks.forsake, keepSpare);
  const [runtime, store] = await Promise.all([source.runtime, opening.then(ahead.storeOf), source.loaders, ready()]).catch((error) => {
    dispose();
    throw error;
  });
  const loader = createLoader({ store, fetcher, onWarning, ...options.lock });
  const lock = createLock({ loader, fetcher, options, ask: async (...question) => {
    await ready();
    return asks.ask(...question);
  } });
  const runs = createRuns({ options, loader, lock, hosts, events, input, control, engines, ready, progress, ahead, codes, build: runtime.build, listeners });

  /** @param {import('./protocol.js').EngineMessage} message */
  function onMessage(message) {
    if (message.type === 'answer') {
      asks.receive(message);
    } else if ('run' in message) {
      const atHand = message.run === control.run?.id;
      if (atHand) control.run?.receive(message);
      // Another is started in the background: the next run finds it.
      if (message.type === 'done' && (engines.ended(message.run) || atHand) && message.spent) engines.replace();
    }
  }

  async function ready() {
    await engines.ready();
    if (disposed) throw new Error(DISPOSED);
  }

  const loadMs = runs.booted = performance.now() - began;
  try {
    await lock.ship();
  } catch (error) {
    dispose();
    throw error;
  }

  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();
  let queued = 0;

  /**
   * Runs follow one another. @template T @param {() => Promise<T>} work @returns {Promise<T>}
   */
  function enqueue(work) {
    const begin = async () => {
      if (disposed) throw new Error(DISPOSED);
      return work();
    };
    // At once where nothing is before it, so that a `stop()` right after a `run()` finds it.
    const turn = queued === 0 ? begin() : queue.then(begin);
    queued += 1;
    queue = turn.catch(() => {}).then(() => {
      queued -= 1;
    });
    return turn;
  }

  /** @param {Partial<Job> & Pick<Job, 'source' | 'how'>} what */
  const enqueueJob = (what) => enqueue(() => runs.perform({ mode: 'run', fetch: true, restore: null, ...what }));

  /** The engine's caches of earlier runs go, and the names of kept ones. */
  async function forget() {
    await ready();
    runs.forget();
    engines.post({ type: 'forget' });
  }

  /** What the engine says of the program that is parked. @param {'state' | 'stack' | 'globals'} what @returns {Promise<any>} */
  async function look(what) {
    if (control.unparked !== null) throw new Error(control.unparked);
    return JSON.parse(await asks.ask(what));
  }

  function dispose() {
    disposed = true;
    ahead.drop();
    engines.terminate();
    leave();
    opening.then((opened) => opened.close(), () => {});
    codes.close();
    const error = new Error(DISPOSED);
    control.close(error);
    asks.forsake(error);
    hosts.dispose();
    events.dispose();
  }

  return {
    /**
     * Run a program from its text.
     * @param {string} source
     * @param {RunOptions & { entry?: string }} [how]  `entry`: the absolute URL that the text stands for
     * @returns {Promise<Result>}
     */
    async run(source, how = {}) {
      if (typeof source !== 'string') throw new TypeError('run() takes the text of a program; runEntry() takes its URL');
      return (await enqueueJob({ source, how })).result;
    },

    /**
     * Run the program at a URL.
     * @param {string} url
     * @param {RunOptions} [how]
     * @returns {Promise<Result>}
     */
    async runEntry(url, how = {}) {
      return (await enqueueJob({ source: null, how: { ...how, entry: url } })).result;
    },

    /**
     * The compile-time problems of a program; nothing of it runs.
     * @param {string} source
     * @param {RunOptions & { entry?: string, fetch?: boolean }} [how]  `fetch` false: a module that is not at hand is no error
     * @returns {Promise<DiagnosticData[]>}
     */
    async check(source, how = {}) {
      if (typeof source !== 'string') throw new TypeError('check() takes the text of a program');
      return (await enqueueJob({ source, how, mode: 'check', fetch: how.fetch ?? false })).diagnostics;
    },

    /** @param {((text: string, stream: 'stdout' | 'stderr') => void) | null} callback each `print` once, as it comes */
    onOutput(callback) {
      listeners.output = callback === null ? null : guarded(callback);
    },

    /** @param {((diagnostics: DiagnosticData[]) => void) | null} callback */
    onDiagnostics(callback) {
      listeners.diagnostics = callback === null ? null : guarded(callback);
    },

    /** Feed `receive()`. @param {string} text */
    pushEvent(text) {
      events.push(text);
    },

    /** Answer the `input()` that waits longest, else the next one. @param {string | null} text  null: the end of the input */
    provideInput(text) {
      input.provide(text);
    },

    /** What it is doing. */
    get state() {
      return control.state;
    },

    /** Hold the program, wherever it is. @returns {Promise<boolean>} whether it is held: false where none runs, or it ended first */
    pause() {
      return control.pause();
    },

    /** Let it go on. @returns {boolean} whether there was anything to resume */
    resume() {
      return control.resume();
    },

    /** End the program that runs; its `run` resolves with `error.type` `Stopped`. */
    stop() {
      if (control.run !== null) keepSpare();
      control.stop();
    },

    /**
     * The program at hand, as bytes: `restoreState` goes on from there. It must be held or wait.
     * @returns {Promise<Uint8Array>}
     */
    async saveState() {
      const atHand = runs.atHand;
      if (control.unparked !== null || atHand === null) throw new Error(control.unparked ?? 'there is no program');
      const { job: { source, how }, left } = atHand;
      if (how.keep) throw new Error('a kept run cannot be saved: its names come from earlier runs; run it without keep');
      if (how.record === false) throw new Error('this run is not recorded, so its state cannot be saved: run it without record: false');
      const { entry = null, name, entryDir, baseUrl, args = [] } = how;
      const locks = control.run?.locks ?? {};
      const program = { source, entry, place: { name, entryDir, baseUrl }, args: args.map(String), input: left(), locks };
      return pack(program, bytesOf((await look('state')).state));
    },

    /**
     * Run a saved program again, up to where it was saved, and on from there.
     * @param {Uint8Array} blob  of `saveState`. It holds its program: treat one that others made like a program of theirs
     * @param {import('./page/program.js').Place & { source?: string }} [only]  refuses the state of another program than this: as it
     * was run, its text or its URL or both, and its place where one was given
     * @returns {Promise<Result>}
     */
    async restoreState(blob, only = {}) {
      const { program, state } = unpack(blob);
      return (await enqueueJob({ ...jobOf(program, only, options), restore: { state, locks: program.locks } })).result;
    },

    /** Where each task of the program at hand is. @returns {Promise<any>} */
    stateStack() {
      return look('stack');
    },

    /** The global names of the program at hand, by module. @returns {Promise<any>} */
    stateGlobals() {
      return look('globals');
    },

    /** Forget what was fetched and compiled, so that an author's edit shows, and what was kept; the store stays. */
    reset() {
      control.stop();
      return enqueue(async () => {
        ahead.drop();
        loader.reset();
        hosts.reset();
        events.reset();
        input.reset();
        lock.reset();
        await forget();
        control.reset();
      });
    },

    /** Remove this program's lock, every stored module and compiled code. */
    clearCache() {
      return enqueue(async () => {
        await Promise.all([lock.clear(), codes.clear()]);
        await forget();
      });
    },

    /** The lockfile of the program that ran last, as the text of packages.lock.json. @returns {Promise<string>} */
    lockfile() {
      return enqueue(lock.text);
    },

    /**
     * Add the entries of a packages.lock.json. Nothing changes where one contradicts; the contradictions are returned.
     * Before the first run they are for whichever program comes.
     * @param {string} text
     */
    importLockfile(text) {
      return enqueue(() => lock.add(text));
    },

    /** Fetch locked URLs again and lock what they are now. @param {string[] | null} [specs] null: all */
    updateLock(specs = null) {
      return enqueue(async () => {
        const updated = await lock.update(specs);
        await forget();
        return updated;
      });
    },

    dispose,

    /** Whether the lock and the store outlive this page. */
    get integrityActive() {
      return loader.integrityActive;
    },
    get isolation() {
      return options.isolation;
    },
    /** Milliseconds from the call of `createWorker` to a started engine. */
    loadMs,
  };
}
